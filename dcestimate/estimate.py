"""Request, profiles and model together: an Estimate, with every result of every line and over all of them."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from . import units
from .errors import InfeasibleError, ModelError, UnknownNameError
from .profiles import GRAPH
from .request import Figures, figures, to_arrays

CHUNK = 32  # deployments computed at once: their arrays stay in the processor's cache
RESULTS = {name: item for name, item in (*GRAPH.givens.items(), *GRAPH.quantities.items())
           if item.total is not None or getattr(item, "choices", ())}


class Value(float):
    """A result: a float in its report unit, that knows the unit and converts through pint."""

    unit: str
    name: str

    def __new__(cls, value, unit, name=""):
        self = super().__new__(cls, value)
        self.unit, self.name = unit, name
        return self

    @property
    def value(self):
        return float(self)

    def to(self, unit):
        """The result as a pint quantity in another unit.

        :raises QuantityError: when the unit is unknown; pint's DimensionalityError when it is of another dimension.
        """
        own = units.quantity(float(self), self.unit)
        return own.to(units.parse_unit(unit) if unit not in ("degC", "degF") else unit)

    def as_dict(self):
        return {"value": float(self), "unit": self.unit}

    def __repr__(self):
        return f"{float(self)!r} {self.unit}".rstrip(" 1") if self.unit == "1" else f"{float(self)!r} {self.unit}"


@dataclass(frozen=True)
class Missing:
    """A result that cannot be had, and why."""

    unit: str
    name: str
    reason: str
    value: None = None

    def as_dict(self):
        return {"value": None, "unit": self.unit, "reason": self.reason}

    def __repr__(self):
        return f"None ({self.reason})"


class Text(str):
    """A result that is a choice, such as what bound the systems per rack."""

    unit = "text"

    @property
    def value(self):
        return str(self)

    def as_dict(self):
        return {"text": str(self)}


class _Results:
    """Results by name, as items and as attributes."""

    results: dict

    def __getitem__(self, name):
        if name not in self.results:
            raise UnknownNameError("result", name, _near(name), "'dcestimate schema estimate' lists all results.")
        return self.results[name]

    def __getattr__(self, name):
        if name.startswith("_") or name not in RESULTS:
            raise AttributeError(name)
        return self.results[name]

    def __dir__(self):
        return [*super().__dir__(), *RESULTS]

    def to_dict(self):
        """Every result as a plain number or text in its report unit."""
        return {name: result.value for name, result in self.results.items()}


def _near(name):
    import difflib

    return tuple(difflib.get_close_matches(name[:80], RESULTS, 3))


@dataclass
class Deployment(_Results):
    """One line of work with its inputs and results."""

    line: object
    figures: Figures = field(repr=False)
    results: dict = field(repr=False)
    warnings: list

    @property
    def inputs(self):
        return self.figures.inputs

    @property
    def overrides(self):
        return {name: i for name, i in self.inputs.items() if i.status == "given" and not name.endswith("_share")
                or name in dict(self.line.settings)}

    def values(self):
        """Every array of the model for this line, in SI."""
        return evaluate([self.figures], [0], [self.line.count])


@dataclass
class Totals(_Results):
    """Results over several deployments, each totalled as it declares."""

    results: dict = field(repr=False)


@dataclass
class Estimate(_Results):
    """The answer to a request: its deployments, their totals, and totals by region."""

    deployments: list
    totals: Totals
    by_region: dict
    warnings: list

    @property
    def results(self):
        return self.totals.results

    @property
    def inputs(self):
        """Every figure that any deployment was given, by name; differing ones once for each."""
        found = {}
        for deployment in self.deployments:
            for name, given in deployment.inputs.items():
                found.setdefault((name, given.value, given.place), given)
        return list(found.values())

    @property
    def assumptions(self):
        return [i for i in self.inputs if i.status == "assumption"]

    @property
    def sources(self):
        return list(dict.fromkeys((i.source, i.url) for i in self.inputs if i.source not in ("the user",)))


def evaluate(found, which, counts):
    """Every array of the model for some deployments of one region."""
    return GRAPH.evaluate(to_arrays(found, which, counts), found[0].missing)


def estimate(library, lines):
    """An Estimate for the lines of a request.

    :raises InfeasibleError: when a line cannot be built as asked.
    :raises ProfileError: when a profile is faulty.
    """
    known = {}
    for line in lines:
        if line.designs not in known:
            known[line.designs] = figures(library, line)
    chunks = _chunks(lines, known)
    if len(chunks) > 1:
        with ThreadPoolExecutor(2) as pool:
            parts = list(pool.map(lambda chunk: _chunk(lines, known, chunk), chunks))
    else:
        parts = [_chunk(lines, known, chunk) for chunk in chunks]
    deployments = [None] * len(lines)
    for chunk, part in zip(chunks, parts, strict=True):
        for i, deployment in zip(chunk, part, strict=True):
            deployments[i] = deployment
    regions = dict.fromkeys(line.region for line in lines)
    by_region = {r: total([d for d in deployments if d.line.region == r]) for r in regions}
    warnings = list(dict.fromkeys(w for d in deployments for w in d.warnings))
    return Estimate(deployments, total(deployments), by_region, warnings)


def _chunks(lines, known):
    """Indices of lines that are computed together: one region, one set of missing figures, one cooling design."""
    together = {}
    for i, line in enumerate(lines):
        key = line.region, tuple(known[line.designs].missing), line.cooling
        together.setdefault(key, []).append(i)
    return [group[k:k + CHUNK] for group in together.values() for k in range(0, len(group), CHUNK)]


def _chunk(lines, known, chunk):
    designs = list(dict.fromkeys(lines[i].designs for i in chunk))
    found = [known[d] for d in designs]
    index = {d: n for n, d in enumerate(designs)}
    values = evaluate(found, [index[lines[i].designs] for i in chunk], [lines[i].count for i in chunk])
    columns, bad = {}, []
    for name in RESULTS:
        if name in values:
            columns[name] = np.broadcast_to(values[name], (1, len(chunk), 1, 1)).reshape(-1).tolist()
            bad += [name] if not all(map(math.isfinite, columns[name])) else []
    messages = _checked(values, chunk, lines)
    if bad:
        raise ModelError(f"{bad[0]} has no finite value for {lines[chunk[0]].system} in {lines[chunk[0]].region}")
    return [Deployment(lines[i], known[lines[i].designs], _results(columns, n, known[lines[i].designs].missing),
                       _region_notes(known[lines[i].designs]) + messages[n]) for n, i in enumerate(chunk)]


def _region_notes(found):
    shifted = found.inputs["extreme_dry_bulb"]
    if shifted.grade == "C":
        return [f"note: the design weather is grade C: {shifted.note or 'see the region profile'}"]
    return []


def _results(columns, n, missing):
    results = {}
    for name, item in RESULTS.items():
        if name not in columns:
            results[name] = Missing(item.unit, name, _reason(name, missing))
        elif getattr(item, "choices", ()):
            results[name] = Text(item.choices[round(columns[name][n])])
        else:
            results[name] = Value(units.from_si(columns[name][n], item.unit), item.unit, name)
    return results


def _reason(name, missing):
    needed = GRAPH.needed(name) | {name}
    return "; ".join(reason for given, reason in missing.items() if given in needed)


def _checked(values, chunk, lines):
    """Messages of the model's checks, by deployment."""
    messages = [[] for _ in chunk]
    for check in GRAPH.checks.values():
        if any(name not in values for name in check.parameters):
            continue
        breached = np.broadcast_to(check(*[values[name] for name in check.parameters]), (1, len(chunk), 1, 1)).reshape(-1)
        for n in np.flatnonzero(breached):
            text = check.message.format(**{name: _shown(values[name], name, n) for name in check.parameters})
            if check.level == "error":
                line = lines[chunk[n]]
                raise InfeasibleError(f"{line.system} in {line.region}: {text}.")
            messages[n].append(f"{check.level}: {text}")
    return messages


def _shown(array, name, n):
    unit = GRAPH[name].unit
    flat = np.broadcast_to(array, (1, max(array.shape[1], n + 1), *array.shape[2:]))[0, n].reshape(-1)
    value = units.from_si(float(flat[0]), unit)
    return f"{value:,.4g} {unit}".removesuffix(" 1")


def total(deployments):
    """Results over deployments: summed, averaged by weight or the largest, as each declares."""
    if len(deployments) == 1:
        return Totals(dict(deployments[0].results))
    results = {}
    for name, item in RESULTS.items():
        parts = [d.results[name] for d in deployments]
        missing = [p for p in parts if isinstance(p, Missing)]
        if missing:
            results[name] = Missing(item.unit, name, "; ".join(dict.fromkeys(m.reason for m in missing)))
        elif getattr(item, "choices", ()):
            same = len(set(parts)) == 1
            results[name] = parts[0] if same else Missing("text", name, "differs between deployments")
        elif item.total == "sum":
            results[name] = Value(math.fsum(parts), item.unit, name)
        elif item.total == "largest":
            results[name] = Value(max(parts), item.unit, name)
        else:
            weights = [d.results[item.total[1]] for d in deployments]
            whole = math.fsum(weights)
            mean = math.fsum(p * w for p, w in zip(parts, weights, strict=True)) / whole if whole else parts[0]
            results[name] = Value(mean, item.unit, name)
    return Totals(results)
