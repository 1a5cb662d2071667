"""The results in which two sides differ, each with its causes."""

import math
from dataclasses import dataclass, replace

import numpy as np

from ..results import NUMBERS
from . import causes as reasons

ANOTHER, TOGETHER = "model of another version", "several together"
NOTHING = 1e-6  # share of a change below which a cause is not told


@dataclass(frozen=True)
class Change:
    """A result that differs, with (cause, its part of the change in the result's unit), the largest first."""

    name: str
    before: object
    after: object
    because: tuple = ()

    @property
    def change(self):
        """After less before [the result's unit]; None where either cannot be had or is a text."""
        numbers = [x.value for x in (self.before, self.after)]
        return numbers[1] - numbers[0] if all(isinstance(x, float) for x in numbers) else None

    @property
    def relative(self):
        """The change over what was before; None where nothing was."""
        return self.change / abs(self.before.value) if self.change is not None and self.before.value else None


@dataclass(frozen=True)
class Differences:
    """``causes`` are {cause: what changed, as text}; ``changes`` the results that differ, by name."""

    before: object
    after: object
    causes: dict
    changes: dict


def _pairs(before, after):
    """{label: (deployment before, after)}, None where there is none; a single one on both sides is the same place."""
    if len(before.placed) == len(after.placed) == 1:
        return {next(iter(after.placed)): (*before.placed.values(), *after.placed.values())}
    return {key: (before.placed.get(key), after.placed.get(key)) for key in (*before.placed, *after.placed)}


def differences(before, after, names=NUMBERS):
    """What differs between two sides, with its causes.

    ``names`` are the results whose change is shared out among the causes.
    """
    pairs = _pairs(before, after)
    parts = {key: reasons.differing(*pair) for key, pair in pairs.items()}
    causes = list(dict.fromkeys(cause for part in parts.values() for cause in part.values()))
    changes = {name: Change(name, before.results[name], after.results[name]) for name in before.results
               if name in after.results and _differs(before.results[name], after.results[name])}
    wanted = [name for name in names if name in changes and changes[name].change is not None]
    game = reasons.Game(pairs, parts, wanted)
    shares = reasons.shapley(game, causes) if wanted and causes else {}
    explained = game.value(causes) - game.value(()) if wanted else ()
    for n, name in enumerate(wanted):
        found = {cause: float(share[n]) for cause, share in shares.items() if np.isfinite(share[n])}
        found[ANOTHER] = changes[name].change - float(explained[n])
        found[TOGETHER] = float(explained[n]) - sum(x for cause, x in found.items() if cause != ANOTHER)
        told = [(cause, x) for cause, x in found.items() if abs(x) > NOTHING * abs(changes[name].change)]
        changes[name] = replace(changes[name], because=tuple(sorted(told, key=lambda pair: -abs(pair[1]))))
    return Differences(before, after, {cause: reasons.text(cause, pairs, parts) for cause in causes}, changes)


def _differs(a, b):
    if a.value is None or b.value is None or isinstance(a.value, str):
        return a.value != b.value
    return not math.isclose(a.value, b.value, rel_tol=1e-9)
