"""What a plan needs at each site and quarter, beside what it has: the verdict, and what decides it."""

from dataclasses import dataclass

import numpy as np

from ..arrays import FORGIVEN
from ..estimation import estimate
from ..limits import ADDITIVE
from ..request import lines, split
from .readiness import faster_than_observed, ready_quarter

BEYOND = ("white_space", "power", "annual_water")  # shown by quarter even where no limit is stated


@dataclass(frozen=True)
class Row:
    """One comparison: what is needed and what there is, in SI; ``kind`` is limit, supply, ramp, ready or target."""

    kind: str
    site: str
    quarter: object
    key: str
    needed: float
    available: float

    @property
    def unit(self):
        return ADDITIVE[self.key].result_unit if self.kind == "limit" else "chip"

    @property
    def label(self):
        words = {"supply": f"supply of {self.key}", "ramp": "chips added in a quarter", "ready": "the site's readiness",
                 "target": "the fleet's total"}
        return ADDITIVE[self.key].words if self.kind == "limit" else words[self.kind]

    @property
    def short(self):
        return max(self.needed - self.available, 0.0) if self.broken else 0.0

    @property
    def broken(self):
        return self.needed > self.available * (1 + FORGIVEN) + FORGIVEN

    @property
    def margin(self):
        """Room above what is needed, over it; below 0 where it falls short."""
        return np.inf if self.needed <= 0 else self.available / self.needed - 1


@dataclass(frozen=True)
class Cell:
    """A site at the end of a quarter: accelerators online by chip, and what they need [SI by kind of limit]."""

    chips: dict
    needs: dict

    @property
    def online(self):
        return sum(self.chips.values())


@dataclass(frozen=True)
class Checked:
    """A plan checked: its cells by (site, quarter), every comparison, and notes."""

    plan: object
    cells: dict
    rows: tuple
    notes: tuple = ()

    @property
    def broken(self):
        return tuple(row for row in self.rows if row.broken)

    @property
    def feasible(self):
        return not self.broken

    @property
    def binding(self):
        """The row that decides: of the first quarter that falls short the worst, or else that with the least margin."""
        if self.broken:
            first = min(row.quarter for row in self.broken)
            return min((row for row in self.broken if row.quarter == first), key=lambda row: row.margin)
        return min((row for row in self.rows if row.kind != "target"), key=lambda row: row.margin, default=None)

    @property
    def margin(self):
        """Least room of any row above what is needed, over it; the fleet's total is met or not, and has none."""
        return min((row.margin for row in self.rows if row.kind != "target" or row.broken), default=np.inf)

    def online(self, quarter, site=None):
        return sum(self.cells[s.name, quarter].online for s in self.plan.sites if site in (None, s.name))


def planned_counts(plan):
    """{(site, quarter): {chip or system: accelerators}} as the plan has them, mixes split into whole accelerators."""
    found = {}
    for site in plan.sites:
        for quarter in plan.quarters:
            parts = split(int(site.planned(quarter)), [share for _, share in site.mix])
            found[site.name, quarter] = {name: part for (name, _), part in zip(site.mix, parts, strict=True)}
    return found


def check(library, plan, counts=None, known=None):
    """Check a plan as it stands, or with other ``counts`` {(site, quarter): {chip: accelerators}}.

    ``known`` is a dict that keeps what sites need, for checks of plans that differ in limits, dates, counts and designs.

    :raises InfeasibleError: when a system cannot be built as its site asks.
    """
    counts = planned_counts(plan) if counts is None else counts
    needs = _needs(library, plan, counts, {} if known is None else known)
    cells = {at: Cell(counts[at], needs[at]) for at in counts}
    rows = [*_limit_rows(plan, cells), *_supply_rows(plan, cells), *_ramp_rows(plan, cells), *_ready_rows(plan, cells)]
    if plan.total is not None:
        online = sum(cells[site.name, plan.deadline].online for site in plan.sites)
        rows.append(Row("target", "", plan.deadline, "total", float(plan.total), float(online)))
    return Checked(plan, cells, tuple(rows), (*plan.notes, *faster_than_observed(plan, cells), *_given(plan)))


def _given(plan):
    """Which sites state themselves what an accelerator needs."""
    for site in plan.sites:
        if site.per_accelerator:
            kinds = ", ".join(ADDITIVE[key].words for key in site.per_accelerator)
            yield f"{site.name} states itself what an accelerator needs in {kinds}; the model is not asked"


def site_lines(library, plan, site, chips):
    """The lines of work of a site with so many accelerators of each chip or system."""
    found = []
    for name, count in chips.items():
        if count:
            found += lines(library, int(count), name, site.region, workload=plan.workload, settings=plan.settings,
                           **dict(site.designs))
    return found


def _needs(library, plan, counts, known):
    """{(site, quarter): {key: SI}}; what stays from quarter to quarter, or is known, is not computed again."""
    asked, places = {}, {}
    for site in plan.sites:
        for quarter in plan.quarters:
            chips = {name: count for name, count in counts[site.name, quarter].items() if count}
            key = site.name, site.designs, tuple(sorted(chips.items()))
            places[site.name, quarter] = key
            if key not in known and key not in asked:
                asked[key] = site_lines(library, plan, site, chips)
    flat = [line for found in asked.values() for line in found]
    done = iter(estimate(library, flat).deployments if flat else ())
    sites = {site.name: site for site in plan.sites}
    for key, found in asked.items():
        deployments = [next(done) for _ in found]
        own = sites[key[0]].per_accelerator
        online = sum(count for _, count in key[-1])
        known[key] = {name: online * own[name] if name in own else sum(d.amount(limit.result) for d in deployments)
                      for name, limit in ADDITIVE.items()}
    return {at: known[key] for at, key in places.items()}


def _limit_rows(plan, cells):
    for site in plan.sites:
        for key in site.limits:
            for quarter in plan.quarters:
                yield Row("limit", site.name, quarter, key, cells[site.name, quarter].needs[key],
                          max(site.available(key, quarter), 0.0))


def _supply_rows(plan, cells):
    for chip in plan.supply:
        for quarter in plan.quarters:
            online = sum(cells[site.name, quarter].chips.get(chip, 0) for site in plan.sites)
            yield Row("supply", "", quarter, chip, float(online), float(plan.supplied(chip, quarter)))


def _ramp_rows(plan, cells):
    for site in plan.sites:
        if site.ramp is not None:
            before = 0
            for quarter in plan.quarters:
                online = cells[site.name, quarter].online
                yield Row("ramp", site.name, quarter, "ramp", float(online - before), float(site.ramp))
                before = online


def _ready_rows(plan, cells):
    for site in plan.sites:
        ready = ready_quarter(site)
        if ready is not None:
            for quarter in plan.quarters:
                online = cells[site.name, quarter].online
                yield Row("ready", site.name, quarter, "ready", float(online), float("inf") if quarter >= ready else 0.0)
