"""How sure an estimate is: Latin hypercube samples of every figure that has a range, run through the model at once.

A figure's low and high are its 10th and 90th percentile and its value the median; between and beyond them it is split
normal, or split lognormal where it cannot be negative. What the user states has no range, and what a design decides
(spares, sizes, set points) holds still, but for a cap on power, which many sites have and few state. One figure is
one draw: the deployments that share it move together, and its draws do not depend on which other figures are drawn.
"""

import math
import zlib
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from . import units
from .arrays import STREAMS
from .errors import InfeasibleError
from .estimation import together
from .parts import evaluate
from .profile_kinds import GRAPH
from .results import RESULTS

SAMPLES = 1000
LOW, HIGH = 0.1, 0.9  # percentiles that a figure's low and high stand for, and that results are given at
FURTHEST = 0.99  # quantile beyond which a figure is not drawn
CHUNK = 128  # samples computed at once: their arrays stay in the processor's cache
FEWEST = 0.25  # share of samples that must be feasible for a percentile to mean anything
DRIVEN = "facility_peak_power"
NAMED = 3  # drivers that are named

_GRID = [q / 10_000 for q in range(100, 9901)]
_SCORES = _GRID, [NormalDist().inv_cdf(q) for q in _GRID]
_UNIT = NormalDist().inv_cdf(HIGH)


@dataclass(frozen=True)
class Spread:
    """What stands behind the ranges of an estimate: how many samples, and which figures moved them.

    ``left_out`` counts samples that cannot be built, such as a system above its rack's limit. ``drivers`` are the
    figures that explain most of the variance of the facility's peak power: names that move together, and their share.
    """

    samples: int
    left_out: int
    figures: int
    drivers: tuple


def add_ranges(estimate, samples=SAMPLES, seed=0):
    """Give every result of an estimate, of its totals and of its regions its 10th and 90th percentile.

    :raises InfeasibleError: when most samples cannot be built.
    """
    columns, kept, drawn = [], np.ones(samples, dtype=bool), {}
    for deployment in estimate.deployments:
        scores = _scores(deployment.inputs, samples, seed, drawn)
        found, feasible = _run(deployment, scores, samples, None)
        _enough(feasible, deployment)
        columns.append(found)
        kept &= feasible
    _enough(kept, estimate.deployments[0])
    columns = [{name: column[kept] for name, column in found.items()} for found in columns]
    for deployment, found in zip(estimate.deployments, columns, strict=True):
        deployment.ranges = _ends_of(found)
    totals = _totals(columns)
    estimate.totals.ranges = _ends_of(totals)
    for region, of in estimate.by_region.items():
        own = [found for d, found in zip(estimate.deployments, columns, strict=True) if d.line.region == region]
        of.ranges = _ends_of(_totals(own))
    figures = {_key(d.inputs[name]) for d in estimate.deployments for name in varied(d.inputs)}
    estimate.spread = Spread(samples, int((~kept).sum()), len(figures), _drivers(drawn, totals[DRIVEN], kept))
    return estimate


def percentiles(deployment, names, samples=200, seed=0):
    """(10th, 90th percentile) of some results of a deployment, by name, in their report units.

    :raises InfeasibleError: when most samples cannot be built.
    """
    columns, kept = _run(deployment, _scores(deployment.inputs, samples, seed, {}), samples, names)
    _enough(kept, deployment)
    return {name: tuple(_reported(x, name) for x in _ends(columns[name][kept])) for name in names}


def moved_alone(deployment, name):
    """What moves a result: (names of figures that move together, the result at their 10th, at their 90th percentile) [SI].

    The rest of the figures stay as they are; the furthest move first. An end that cannot be built leaves the result as
    it is.
    """
    drawn = {}
    _scores(deployment.inputs, 1, 0, drawn)
    groups = [tuple(names) for names, _ in drawn.values()]
    scores = {}
    for n, group in enumerate(groups):
        ends = np.zeros(2 * len(groups))
        ends[2 * n:2 * n + 2] = -_UNIT, _UNIT
        scores |= dict.fromkeys(group, ends)
    if not groups:
        return []
    columns, feasible = _run(deployment, scores, 2 * len(groups), [name])
    found = np.where(feasible, columns[name], deployment.amount(name)).reshape(-1, 2)
    moved = [(group, float(low), float(high)) for group, (low, high) in zip(groups, found, strict=True)]
    return sorted(moved, key=lambda one: -abs(one[2] - one[1]))


def varied(inputs):
    """The inputs that are drawn, by name: those with a range that are no decision of the design."""
    return {name: i for name, i in inputs.items()
            if i.low is not None and i.low < i.high and not GRAPH.givens[name.rpartition(".")[2]].chosen}


def draws(figure, scores):
    """Values of a figure [SI] at standard normal scores: split normal, or lognormal where it cannot be negative.

    >>> from types import SimpleNamespace
    >>> figure = SimpleNamespace(name="tdp", value=700.0, low=630.0, high=700.0)
    >>> draws(figure, np.array([-_UNIT, 0.0, _UNIT])).round(6)
    array([630., 700., 700.])
    """
    given = GRAPH.givens[figure.name.rpartition(".")[2]]
    low, value, high = figure.low, figure.value, figure.high
    steps = scores / _UNIT
    if low > 0 and (given.above == 0 or given.low == 0) and given.unit != "degC":
        x = value * np.exp(steps * np.where(steps < 0, math.log(value / low), math.log(high / value)))
    else:
        x = value + steps * np.where(steps < 0, value - low, high - value)
    x = np.clip(x, given.low, given.high)
    return np.round(x) if given.whole else x


def _key(figure):
    """What a figure is, wherever it is used: its profile and its name."""
    profile = figure.origin.profile
    return f"{profile.kind}/{profile.name}/{figure.name}"


def _scores(inputs, samples, seed, drawn):
    """Standard normal scores of each input's draws, by name.

    ``drawn`` keeps them from one deployment to the next: key of the draw -> (names of the figures it moves, scores).
    """
    found = {}
    for name, figure in varied(inputs).items():
        leader = inputs.get(GRAPH.givens[name.rpartition(".")[2]].moves_with, figure)
        leader = leader if leader.origin is not None else figure
        key = _key(leader)
        if key not in drawn:
            drawn[key] = {}, _hypercube(key, samples, seed)
        names, found[name] = drawn[key]
        names[name] = True
    return found


def _hypercube(key, samples, seed):
    """Standard normal scores, one in each of so many slices of equal chance, in an order that the key gives."""
    generator = np.random.default_rng([seed, zlib.crc32(key.encode())])
    quantiles = (generator.permutation(samples) + generator.random(samples)) / samples
    return np.interp(np.clip(quantiles, 1 - FURTHEST, FURTHEST), *_SCORES)


def _run(deployment, scores, samples, names):
    """({result: one value a sample [SI]}, which samples are feasible) of a deployment."""
    found = deployment.figures
    moved = {name: draws(found.inputs[name], z) for name, z in scores.items()}
    errors = [check for check in GRAPH.checks.values() if check.level == "error"]
    only = None if names is None else {*names, *(p for check in errors for p in check.parameters)}
    names = RESULTS if names is None else names
    columns, feasible = {}, []
    for start in range(0, samples, CHUNK):
        part = slice(start, min(start + CHUNK, samples))
        size = part.stop - part.start
        arrays = {}
        for key in moved:
            plain = key.rpartition(".")[2]
            if plain not in arrays:
                arrays[plain] = _array(plain, found, moved, part, size)
        values = evaluate([found], [0], [deployment.line.count], arrays, only)
        for name in names:
            if name in values:
                columns.setdefault(name, []).append(np.broadcast_to(values[name][..., 0, 0], (size, 1))[:, 0])
        breached = [np.broadcast_to(np.any(check(*[values[p] for p in check.parameters]), axis=(-2, -1)), (size, 1))[:, 0]
                    for check in errors if all(p in values for p in check.parameters)]
        feasible.append(~np.any(breached, axis=0))
    columns = {name: np.concatenate(parts) for name, parts in columns.items()}
    finite = np.all([np.isfinite(column) for column in columns.values()], axis=0)
    return columns, np.concatenate(feasible) & finite


def _array(name, found, moved, part, size):
    """The model's array of a figure for some samples, over the streams where these differ."""
    if name in moved:
        return moved[name][part].reshape(size, 1, 1, 1)
    streams = [moved[key][part] if (key := f"{stream}.{name}") in moved else np.full(size, found.inputs[key].value)
               for stream in STREAMS]
    return np.stack(streams, axis=-1).reshape(size, 1, 2, 1)


def _enough(kept, deployment):
    if kept.mean() < FEWEST:
        line = deployment.line
        raise InfeasibleError(f"only {kept.sum():,} of {kept.size:,} samples of {line.system} in {line.region} can be "
                              "built; narrow the ranges of its figures.")


def _ends(column):
    return tuple(float(x) for x in np.quantile(column, (LOW, HIGH), method="inverted_cdf"))


def _ends_of(columns):
    return {name: _ends(column) for name, column in columns.items()}


def _reported(value, name):
    return units.from_si(value, RESULTS[name].unit)


def _totals(columns):
    """Results over deployments, one value a sample, for those results that every deployment has."""
    shared = [name for name, item in RESULTS.items() if item.total is not None and all(name in c for c in columns)]
    stacked = {name: np.stack([c[name] for c in columns]) for name in shared}
    return {name: together(stacked, name) for name in shared}


def _drivers(drawn, driven, kept):
    """(names, share of the variance) of the draws that move a result most, by squared correlation with their scores."""
    output = driven - driven.mean()
    whole = float(output @ output)
    shares = []
    for names, scores in drawn.values():
        own = scores[kept] - scores[kept].mean()
        shares.append((float(own @ output) ** 2 / (float(own @ own) * whole) if whole else 0.0, tuple(names)))
    first = sorted(shares, reverse=True)[:NAMED]
    return tuple((names, share) for share, names in first if share > 4 / kept.sum())  # above what chance gives
