"""Request, profiles and model together: an Estimate, with every result of every line and over all of them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import units
from .figures import figures
from .parts import Part, chunks, evaluate, needed_for, reason
from .results import RESULTS, Missing, Results, Text, Value


class Deployment(Results):
    """One line of work with its inputs and results."""

    def __init__(self, line, figures, part, place):
        self.line, self.figures = line, figures
        self._part, self._place = part, place
        self.ranges = {}

    @cached_property
    def results(self):
        return with_ends(self._part.results(self._place), self.ranges)

    @property
    def inputs(self):
        return self.figures.inputs

    @cached_property
    def warnings(self):
        return self.said()

    def said(self, unit_for=str):
        """Warnings and notes; ``unit_for`` gives the unit that one of the model is shown in."""
        return _profile_notes(self.figures) + self._part.messages(self._place, unit_for)

    def amount(self, name):
        """A result that is a number, in SI; 0 where it cannot be had."""
        column = self._part.columns.get(name)
        return 0.0 if column is None or np.isnan(column[self._place]) else float(column[self._place])

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
        return self.said()

    def said(self, unit_for=str):
        """Warnings and notes of all deployments, each once, as of one deployment."""
        return list(dict.fromkeys(text for d in self.deployments for text in d.said(unit_for)))

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


def estimate(library, lines, only=None):
    """An Estimate for the lines of a request, of all results or of those in ``only``.

    :raises InfeasibleError: when a line cannot be built as asked.
    :raises ProfileError: when a profile is faulty.
    """
    keys = [line.designs for line in lines]
    known = {key: figures(library, key) for key in dict.fromkeys(keys)}
    wanted = None if only is None else needed_for(only)
    groups = chunks(keys, known)
    parts = [Part([keys[i] for i in chunk], [lines[i].count for i in chunk], known, wanted) for chunk in groups]
    deployments = [None] * len(lines)
    for chunk, part in zip(groups, parts, strict=True):
        if part.errors:
            raise part.errors[min(part.errors)]
        for place, i in enumerate(chunk):
            deployments[i] = Deployment(lines[i], known[keys[i]], part, place)
    return Estimate(deployments)


def _profile_notes(found):
    """What the profiles themselves warn of: roadmap chips, uncertain design weather, prices that no one pays."""
    notes, shifted = [], found.inputs["extreme_dry_bulb"]
    if found.chip.header.availability == "roadmap":
        notes.append(f"warning: {found.chip.name} is on the roadmap and not sold yet; its figures are announcements")
    if shifted.grade == "C":
        notes.append(f"note: the design weather is grade C: {shifted.note or 'see the region profile'}")
    water = found.inputs["source_water_temperature"]
    if found.inputs["source_water_share"].value and getattr(water.origin, "profile", found.region).kind == "cooling":
        notes.append(f"note: the source water of {water.text} is assumed by the cooling design, not known of "
                     f"{found.region.name}; set source_water_temperature to the warmest there")
    header = found.region.header
    if "wholesale" in header.price_basis and found.inputs["energy_price"].status != "given":
        notes.append(f"note: the energy price of {found.region.name} is {header.price_basis}, below what a site pays; set "
                     "energy_price")
    return notes


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
        column = np.concatenate(parts) if len(parts) == len(places) else np.array([np.nan])
        if not np.isnan(column).any():
            columns[name] = column
    missings = list({id(d.figures): d.figures.missing for d in deployments}.values())
    results = {}
    for name, item in RESULTS.items():
        if name not in columns:
            reasons = dict.fromkeys(reason(name, missing) for missing in missings)
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
