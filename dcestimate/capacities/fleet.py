"""The largest fleet that is within limits, with what stops it and what could be had instead."""

from dataclasses import dataclass, field, replace

from .. import units
from ..errors import ModelError, UsageError
from ..estimation import estimate
from ..figures import figures
from .needs import Unbuildable
from .search import solve

MANY = 1_000_000  # chips of a request, of which every part of a mix gets some
SEVERAL = "capacity is asked for one chip in one region, and these are several.", "Ask for them one by one."


@dataclass
class Capacity:
    """What fits: ``systems`` and all smaller counts do, one more does not; spare systems are bought beside them.

    ``larger`` counts above it fit again, up to ``largest``; ``searched`` is the range of counts of which every one was
    tried. ``worth_over`` is the range of counts over which the worth of a unit was measured. ``estimate`` is that of the
    answer, or of one system when none fits.
    """

    line: object
    chips_per_system: int
    systems: int
    larger: int
    largest: int
    searched: tuple
    bounds: list
    worth_over: tuple
    estimate: object
    alternatives: list = field(default_factory=list)

    @property
    def deployment(self):
        return self.estimate.deployments[0]

    @property
    def chips(self):
        return self.systems * self.chips_per_system

    @property
    def binding(self):
        """The bounds that one system more would breach."""
        return [bound for bound in self.bounds if bound.binds]

    @property
    def following(self):
        """The bound that would stop the fleet next, were the binding ones lifted; None when nothing would."""
        later = [bound for bound in self.bounds if not bound.binds and bound.systems is not None]
        return min(later, key=lambda bound: bound.systems, default=None)

    @property
    def room(self):
        """Share of chips to be gained up to the next bound."""
        return self.following.systems / self.systems - 1 if self.following and self.systems else None


def capacity(library, line, limits, alternatives=False, chips=()):
    """What fits of a line's system and designs within limits; the line's own count does not matter.

    ``alternatives`` adds the answers for other cooling designs, power designs and chips; ``chips`` names these instead of
    the maker's nearest.

    :raises InfeasibleError: when the design cannot be built.
    :raises UsageError: when no limit stops the fleet.
    """
    found = figures(library, line)
    each = round(found.values["accelerators_per_system"])
    try:
        answer = solve(found, limits)
    except Unbuildable:
        estimate(library, [replace(line, count=each)])  # says why
        raise ModelError(f"{line.system} in {line.region} can be built, but not in numbers") from None
    if answer.systems is None:
        free = ", ".join(f"{b.limit.kind.label.lower()} ({b.limit.kind.result})" for b in answer.bounds)
        raise UsageError(f"nothing here limits {line.system} in {line.region}: {free}.", "Add a limit that grows with the "
                                                                                     'fleet, such as "250 MW".')
    shown = max(answer.systems, 1)
    answer.bind()
    worth_over = answer.measure(shown)
    fleet = replace(line, count=shown * each)
    result = Capacity(fleet, each, answer.systems, answer.larger, answer.largest, answer.searched, answer.bounds,
                      worth_over, estimate(library, [fleet]))
    if alternatives or chips:
        from .alternatives import alternatives as others

        result.alternatives = list(others(library, line, limits, chips, alternatives))
    return result


def not_several(*texts):
    """Refuse what asks for several chips or regions, a text or some, before shares of them are asked for.

    :raises UsageError: as ``single`` does.
    """
    for text in texts:
        parts = [text] if isinstance(text, str) else text or ()
        if len(parts) > 1 or any("," in part for part in parts):
            raise UsageError(*SEVERAL)


def single(lines):
    """The one line of a request.

    :raises UsageError: when it mixes chips or regions.
    """
    if len(lines) > 1:
        raise UsageError(*SEVERAL)
    return lines[0]


def in_report_unit(bound, value):
    """A value of a bound's result [SI] in the unit that limits of its kind are stated in."""
    kind = bound.limit.kind
    if kind.key == "annual_water":
        return units.from_si(value / units.factor("yr"), kind.unit)
    return units.from_si(value, kind.unit)
