"""How far a result may change, for a gate in scripts."""

from dataclasses import dataclass

from .. import amounts, units
from ..errors import UsageError
from ..results import NUMBERS, RESULTS

ROUNDING = 1e-9


@dataclass(frozen=True)
class Bound:
    """How far a result may rise (``way`` 1), fall (-1) or move (0): a share of what it was, or an amount in SI."""

    name: str
    limit: float
    relative: bool
    way: int
    text: str

    def breached(self, found):
        """Whether its result moved further, or cannot be told to have stayed."""
        change = found.changes.get(self.name)
        if change is None:
            return False
        moved = change.relative if self.relative else change.change
        if moved is None:
            return True
        moved *= 1 if self.relative else units.factor(RESULTS[self.name].unit)
        return (moved * self.way if self.way else abs(moved)) > self.limit * (1 + ROUNDING)


def bound(text):
    """A bound from text such as "facility_peak_power=+5 %" or "annual_water=10 ML".

    :raises UsageError: when it is not understood.
    """
    name, equals, limit = (part.strip() for part in text.partition("="))
    if not equals or name not in NUMBERS:
        raise UsageError(f"'{text[:60]}' bounds no result.", 'Write e.g. --max "facility_peak_power=+5 %".')
    relative, size = limit.endswith("%"), limit.lstrip("+-")
    value = amounts.parse(size, "1" if relative else RESULTS[name].unit)
    return Bound(name, value, relative, {"+": 1, "-": -1}.get(limit[:1], 0), text)
