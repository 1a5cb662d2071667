"""Request, profiles and model together: an Estimate, with every result of every line and over all of them.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Context
from functools import cache, cached_property

import numpy as np

from . import units
from .errors import InfeasibleError, ModelError
from .figures import figures, to_arrays
from .profile_kinds import GRAPH
from .results import RESULTS, Missing, Results, Text, Value

OUTDOORS = ("dry_bulb", "wet_bulb")
SHOWN = frozenset((*RESULTS, *OUTDOORS, *(name for check in GRAPH.checks.values() for name in check.parameters)))
CHUNK = 50_000  # weather bins of all deployments that are computed at once: their arrays stay in the processor's cache
LONGER = 1.5  # number of bins over the smallest in a chunk, up to which shorter years are filled up


class Deployment(Results):
    """One line of work with its inputs and results."""

    def __init__(self, line, figures, part, place):
        self.line, self.figures = line, figures
        self._part, self._place = part, place
        self.ranges = {}

    @cached_property
    def results(self):
        return with_ends(self._part.results(self._place, self.figures.missing), self.ranges)

    @property
    def inputs(self):
        return self.figures.inputs

    @cached_property
    def warnings(self):
        return _profile_notes(self.figures) + self._part.messages(self._place)

    def amount(self, name):
        """A result that is a number, in SI; 0 where it cannot be had."""
        column = self._part.columns.get(name)
        return 0.0 if column is None else float(column[self._place])

    @property
    def overrides(self):
        """The settings the user made, by name."""
        return {name: i for name, i in self.inputs.items() if i.status == "given" and i.stated_at and (
            name in dict(self.line.settings) or name.partition(".")[2] in dict(self.line.settings))}

    def values(self):
        """Every array of the model for this line, in SI."""
        return evaluate([self.figures], [0], [self.line.count])


class Totals(Results):
    """Results over several deployments, each totalled as it declares."""

    def __init__(self, deployments):
        self.deployments = deployments
        self.ranges = {}

    @cached_property
    def results(self):
        return with_ends(total(self.deployments), self.ranges)


@dataclass(repr=False)
class Estimate(Results):
    """The answer to a request: its deployments, their totals, and totals by region.

    ``spread`` says what stands behind the ranges of its results, None unless they were asked for.
    """

    deployments: list
    spread: object = None

    def __repr__(self):
        of = ", ".join(f"{d.line.count:,} x {d.line.chip} in {d.line.region}" for d in self.deployments[:2])
        more = f" and {len(self.deployments) - 2:,} more" if len(self.deployments) > 2 else ""
        return f"<Estimate of {of}{more}: {self['facility_peak_power']:,.4g} MW at peak, PUE {self['pue']:.3f}>"

    @cached_property
    def totals(self):
        return Totals(self.deployments)

    @cached_property
    def by_region(self):
        regions = dict.fromkeys(d.line.region for d in self.deployments)
        return {r: Totals([d for d in self.deployments if d.line.region == r]) for r in regions}

    @cached_property
    def warnings(self):
        return list(dict.fromkeys(w for d in self.deployments for w in d.warnings))

    @property
    def results(self):
        return self.totals.results

    @cached_property
    def inputs(self):
        """Every figure that any deployment was given; one that differs between them, once for each."""
        found = {}
        for figures_ in {id(d.figures): d.figures for d in self.deployments}.values():
            for name, given in figures_.inputs.items():
                found.setdefault((name, given.value, id(given.origin)), given)
        return list(found.values())

    @property
    def assumptions(self):
        """Figures that rest on judgement: assumptions, and whatever else is grade C, but for conventions."""
        return [i for i in self.inputs if i.status == "assumption" or (
            i.grade == "C" and i.status != "given" and getattr(i.origin, "kind", None) != "convention")]

    @property
    def sources(self):
        return list(dict.fromkeys((i.source, i.url) for i in self.inputs if i.source != "the user"))

    def to_records(self):
        """One flat dict a deployment: what was asked and every result, for a table of any kind."""
        asked = ("chip", "system", "count", "region", "cooling", "power", "space", "fabric")
        return [{**{name: getattr(d.line, name) for name in asked}, **d.to_dict()} for d in self.deployments]


def evaluate(found, which, counts, changes=(), only=None):
    """Every array of the model for some deployments, or those that lead to the names in ``only``.

    ``changes`` are arrays [SI] by name that replace figures.
    """
    return GRAPH.evaluate({**to_arrays(found, which, counts), **dict(changes)}, found[0].missing, only)


def needed_for(names):
    """The names of what must be computed for some results: they, the weights they total by, and what errors look at."""
    weights = {RESULTS[name].total[1] for name in names if isinstance(RESULTS[name].total, tuple)}
    watched = {name for check in GRAPH.checks.values() if check.level == "error" for name in check.parameters}
    return {*names, *weights, *watched, *OUTDOORS}


def estimate(library, lines, only=None):
    """An Estimate for the lines of a request, of all results or of those in ``only``.

    :raises InfeasibleError: when a line cannot be built as asked.
    :raises ProfileError: when a profile is faulty.
    """
    keys = [line.designs for line in lines]
    known = {key: figures(library, key) for key in dict.fromkeys(keys)}
    chunks = _chunks(keys, known)

    wanted = None if only is None else needed_for(only)
    parts = [Part([keys[i] for i in chunk], [lines[i].count for i in chunk], known, wanted) for chunk in chunks]
    deployments = [None] * len(lines)
    for chunk, part in zip(chunks, parts, strict=True):
        if part.errors:
            raise part.errors[min(part.errors)]
        for place, i in enumerate(chunk):
            deployments[i] = Deployment(lines[i], known[keys[i]], part, place)
    return Estimate(deployments)


def _chunks(keys, known):
    """Indices of lines that are computed together: one set of missing figures, much the same number of bins."""
    bins = {i: len(known[key].climate[0]) for i, key in enumerate(keys)}
    together = {}
    for i, key in enumerate(keys):
        together.setdefault(tuple(known[key].missing), []).append(i)
    chunks = []
    for group in together.values():
        chunks.append([])
        for i in sorted(group, key=lambda i: (bins[i], keys[i].region)):
            chunk = chunks[-1]
            if chunk and ((len(chunk) + 1) * bins[i] > CHUNK or bins[i] > LONGER * bins[chunk[0]]):
                chunks.append([])
            chunks[-1].append(i)
    return chunks


class Part:
    """The columns of some deployments that were computed together, and which checks they breach.

    ``errors`` are of those that cannot be had, by place; ``only`` names the results that are wanted.
    """

    def __init__(self, keys, counts, known, only=None):
        designs = list(dict.fromkeys(keys))
        index = {key: n for n, key in enumerate(designs)}
        found = [known[key] for key in designs]
        values = evaluate(found, [index[key] for key in keys], counts, only=SHOWN if only is None else only)
        self._size = len(keys)
        self.columns = {name: self._column(values[name]) for name in RESULTS
                        if name in values and (only is None or name in only)}
        self.errors = {}
        self._breached = list(self._check(values, keys))
        for name, column in self.columns.items():
            for n in np.flatnonzero(~np.isfinite(column)):
                self.errors.setdefault(int(n), ModelError(
                    f"{name} has no finite value for {keys[n].system} in {keys[n].region}"))

    def _column(self, array):
        return np.broadcast_to(array[:1, :, :1, :1], (1, self._size, 1, 1)).reshape(-1)

    def _at(self, array, stream, state):
        """The value of each deployment in its stream and state."""
        places = [index if size > 1 else 0 * index
                  for index, size in zip((np.arange(self._size), stream, state), array.shape[1:], strict=True)]
        return array[0][tuple(places)]

    def _check(self, values, keys):
        """(check, where it is breached, what its message shows, of the worst stream and state) of those that are."""
        for check in GRAPH.checks.values():
            if any(name not in values for name in check.parameters):
                continue
            breach = np.asarray(check(*[values[name] for name in check.parameters]))[0]
            breach = np.broadcast_to(breach, (self._size, *breach.shape[1:]))
            where = breach.any((1, 2))
            if where.any():
                stream, state = np.divmod(breach.reshape(self._size, -1).argmax(1), breach.shape[2])
                shown = {name: self._at(values[name], stream, state) for name in (*check.parameters, *OUTDOORS)}
                shown["state"] = [_state(s, breach.shape[2], dry, wet) for s, dry, wet in
                                  zip(state, *(shown[name] for name in OUTDOORS), strict=True)]
                if check.level != "error":
                    yield check, where, shown
                    continue
                for n in np.flatnonzero(where):
                    self.errors.setdefault(int(n), InfeasibleError(
                        f"{keys[n].system} in {keys[n].region}: {_message(check, shown, n)}."))

    def breaches(self):
        """(name, level, places, message of the first) of every check that some deployment breaches, errors apart."""
        for check, where, shown in self._breached:
            places = np.flatnonzero(where)
            yield check.name, check.level, places, _message(check, shown, places[0])

    def messages(self, n):
        """Warnings and notes of one deployment."""
        return [f"{check.level}: {_message(check, shown, n)}" for check, where, shown in self._breached if where[n]]

    def results(self, n, missing):
        """Results of one deployment, by name."""
        found = {}
        for name, item in RESULTS.items():
            if name not in self.columns:
                found[name] = Missing(item.unit, name, _reason(name, missing))
            elif getattr(item, "choices", ()):
                found[name] = Text(item.choices[round(float(self.columns[name][n]))])
            else:
                found[name] = Value(units.from_si(float(self.columns[name][n]), item.unit), item.unit, name)
        return found


def _state(state, states, dry_bulb, wet_bulb):
    """An operating state in words: which it is, and its weather."""
    dry, wet = (units.from_si(float(bulb), "degC") for bulb in (dry_bulb, wet_bulb))
    weather = f"{dry:.1f} degC dry and {wet:.1f} degC wet bulb"
    extreme = {0: "dry", 1: "wet", states - 2: "dry", states - 1: "wet"}.get(int(state))
    return f"the {extreme} design state ({weather})" if extreme else f"the weather bin of {weather}"


class _Shown:
    """A number in a message; as "up" it is rounded up, for advice that must suffice when it is taken by the letter."""

    UP = Context(prec=3, rounding=ROUND_CEILING)

    def __init__(self, value, unit):
        self.value, self.unit = value, unit

    def __format__(self, how):
        number = f"{self.UP.create_decimal(self.value):f}" if how == "up" else f"{self.value:,.4g}"
        return f"{number} {self.unit}".removesuffix(" 1")


def _message(check, shown, n):
    texts = {"state": shown["state"][n]}
    for name, column in shown.items():
        if name == "state":
            continue
        choices, unit = getattr(GRAPH[name], "choices", ()), GRAPH[name].unit
        if choices:
            texts[name] = choices[round(float(column[n]))]
            continue
        texts[name] = _Shown(units.from_si(float(column[n]), unit), unit)
    return check.message.format(**texts)


def _profile_notes(found):
    """What the profiles themselves warn of: roadmap chips, uncertain design weather, prices that no one pays."""
    notes, shifted = [], found.inputs["extreme_dry_bulb"]
    if found.chip.header.availability == "roadmap":
        notes.append(f"warning: {found.chip.name} is on the roadmap and not sold yet; its figures are announcements")
    if shifted.grade == "C":
        notes.append(f"note: the design weather is grade C: {shifted.note or 'see the region profile'}")
    header = found.region.header
    if "wholesale" in header.price_basis and found.inputs["energy_price"].status != "given":
        notes.append(f"note: the energy price of {found.region.name} is {header.price_basis}, below what a site pays; set "
                     "energy_price")
    return notes


def _reason(name, missing):
    needed = _behind(name)
    return "; ".join(reason for given, reason in missing.items() if given in needed)


@cache
def _behind(name):
    """The name and those of all that it depends on."""
    return {name, *GRAPH.needed(name)}


def total(deployments):
    """Results over deployments: summed, averaged by weight or the largest, as each declares."""
    if len(deployments) == 1:
        return deployments[0].results
    places = {}
    for d in deployments:
        places.setdefault(id(d._part), (d._part, []))[1].append(d._place)
    columns = {}
    for name in RESULTS:
        parts = [part.columns[name][at] for part, at in places.values() if name in part.columns]
        if len(parts) == len(places):
            columns[name] = np.concatenate(parts)
    missings = list({id(d.figures): d.figures.missing for d in deployments}.values())
    results = {}
    for name, item in RESULTS.items():
        if name not in columns:
            reasons = dict.fromkeys(_reason(name, missing) for missing in missings)
            results[name] = Missing(item.unit, name, "; ".join(r for r in reasons if r))
        elif getattr(item, "choices", ()):
            same = (columns[name] == columns[name][0]).all()
            results[name] = (Text(item.choices[round(float(columns[name][0]))]) if same
                             else Missing("text", name, "differs between deployments"))
        else:
            results[name] = Value(units.from_si(float(together(columns, name)), item.unit), item.unit, name)
    return results


def together(columns, name):
    """A result over deployments, which are the first axis of the columns: totalled as it declares."""
    how, column = RESULTS[name].total, columns[name]
    if how == "sum":
        return column.sum(0)
    if how == "largest":
        return column.max(0)
    weight = columns[how[1]]
    whole = weight.sum(0)
    return np.where(whole != 0, (column * weight).sum(0) / np.where(whole != 0, whole, 1), column.mean(0))


def with_ends(results, ranges):
    """Results with the 10th and 90th percentile that ``ranges`` [SI] holds for some of them."""
    for name, (low, high) in ranges.items():
        result = results[name]
        if isinstance(result, Value):
            low, high = (units.from_si(end, result.unit) for end in (low, high))
            results[name] = Value(result, result.unit, name, low, high)
    return results
