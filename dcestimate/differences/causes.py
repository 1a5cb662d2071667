"""Which inputs made two sides differ, and how much of each result's change is due to each of them.

Shapley's value: a cause gets the mean of what it changes over the orders in which the causes can come (Shapley 1953, *A
value for n-person games*), so that the parts add up to the change.
"""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np

from .. import units
from ..arrays import STREAMS
from ..estimation import together
from ..figures import DESIGNS, PLACED
from ..parts import evaluate
from ..profile_kinds import GRAPH
from ..request import WORKLOADS
from ..results import RESULTS
from .sides import same

ADDED, REMOVED = "added", "removed"
EXACT = 6  # causes up to which every order is counted; with more, the order found and its reverse


def differing(a, b):
    """{name of a figure: the cause that it changes with} of a deployment on both sides."""
    if a is None or b is None:
        return {"accelerator_count": ADDED if a is None else REMOVED}
    found = {"accelerator_count": "count"} if a.line.count != b.line.count else {}
    changed = chosen(a.line, b.line)
    for name in {**a.figures.values, **b.figures.values}:
        now, then = a.figures.values.get(name), b.figures.values.get(name)
        if now is None or then is None or not same(now, then):
            keys = (name, *(f"{stream}.{name}" for stream in STREAMS))
            kinds = {one.kinds[key] for one in (a, b) for key in keys if key in one.kinds}
            found[name] = next((cause for kind, cause in changed.items() if kind in kinds), name)
            if name.removesuffix("_share") in WORKLOADS:
                found[name] = "workload"
    if not all(np.array_equal(x, y) for x, y in zip(a.figures.climate, b.figures.climate, strict=True)):
        found["climate"] = "region"
    return found


def chosen(a, b):
    """{kind of profile: the choice that it changed with} of two lines.

    A system changes with its chip, and so does a design that nobody stated: it is the system's own.
    """
    changed = {kind: kind for kind in (*PLACED, *DESIGNS) if getattr(a, kind) != getattr(b, kind)}
    if "chip" in changed or "system" in changed:
        own = [kind for kind in DESIGNS if kind not in a.stated | b.stated]
        changed |= dict.fromkeys(("chip", "system", *(kind for kind in own if kind in changed)), "chip")
    return changed


class Game:
    """What the results would be were only some of the causes there."""

    def __init__(self, pairs, parts, names):
        self.pairs, self.parts, self.names, self.known = pairs, parts, names, {}
        self.weights = [RESULTS[name].total[1] for name in names if isinstance(RESULTS[name].total, tuple)]

    def value(self, causes):
        """The results with these causes [report units], NaN where they cannot be had."""
        rows = []
        for key, (a, b) in self.pairs.items():
            on = frozenset(causes).intersection(self.parts[key].values())
            if (a is None and not on) or (b is None and on):
                continue
            if (key, on) not in self.known:
                self.known[key, on] = self._evaluate(self.parts[key], a or b, b or a, on)
            rows.append(self.known[key, on])
        if not rows:
            return np.zeros(len(self.names))
        columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        with np.errstate(invalid="ignore"):  # of what cannot be had
            found = np.array([units.from_si(float(together(columns, name)), RESULTS[name].unit) for name in self.names])
        return np.where(np.isfinite(found), found, np.nan)

    def _evaluate(self, part, a, b, on):
        taken = {name: b if cause in on else a for name, cause in part.items()}
        values = {name: taken.get(name, a).figures.values.get(name) for name in {**a.figures.values, **b.figures.values}}
        missing = {name: "" for name, value in values.items() if value is None}
        missing |= {name: reason for name, reason in a.figures.missing.items() if name not in values}
        found = replace(a.figures, climate=taken.get("climate", a).figures.climate, missing=missing,
                        values={name: value for name, value in values.items() if value is not None})
        arrays = evaluate([found], [0], [taken.get("accelerator_count", a).line.count], only=(*self.names, *self.weights))
        return {name: float(arrays[name].reshape(-1)[0]) if name in arrays else np.nan
                for name in (*self.names, *self.weights)}


def shapley(game, causes):
    """{cause: its part of the change of each result}."""
    if len(causes) > EXACT:
        return _chained(game, causes)
    shares, count = {}, len(causes)
    for cause in causes:
        others, share = [c for c in causes if c != cause], 0.0
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for some in combinations(others, size):
                share = share + weight * (game.value((*some, cause)) - game.value(some))
        shares[cause] = share
    return shares


def _chained(game, causes):
    """The same from two orders only."""
    shares = dict.fromkeys(causes, 0.0)
    for order in (causes, causes[::-1]):
        for n, cause in enumerate(order):
            shares[cause] = shares[cause] + (game.value(order[:n + 1]) - game.value(order[:n])) / 2
    return shares


def text(cause, pairs, parts):
    """What changed, such as "cooling dlc-dry -> dlc-tower"."""
    touched = {key: pair for key, pair in pairs.items() if cause in parts[key].values()}
    if cause in (ADDED, REMOVED):
        return f"{cause}: {', '.join(touched)}"
    said = dict.fromkeys(f"{_of(cause, a)} -> {_of(cause, b)}" for a, b in touched.values())
    shown = list(said)[:3]
    where = f" at {len(touched)} places" if len(touched) > 1 and len(said) > 1 else ""
    return f"{cause} {', '.join(shown)}{' and more' if len(said) > 3 else ''}{where}"


def _of(cause, one):
    line = one.line
    if cause == "count":
        return f"{line.count:,}"
    if cause == "chip":
        return f"{line.system} ({line.cooling}, {line.space}, {line.fabric})"
    if cause in (*PLACED, *DESIGNS):
        return getattr(line, cause)
    if cause == "workload":
        return line.workload_text
    value, unit = one.figures.values.get(cause), GRAPH.givens[cause].unit
    if value is None:
        return "none"
    said = "/".join(f"{units.from_si(x, unit):.6g}" for x in (value if isinstance(value, tuple) else (value,)))
    return f"{said} {unit}".removesuffix(" 1")
