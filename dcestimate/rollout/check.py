"""What a plan needs at each site and quarter, beside what it has: the verdict, and what decides it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import FORGIVEN
from ..limits import ADDITIVE
from .needs import Needs
from .readiness import faster_than_observed, ready_quarter, says_ready

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

    @cached_property
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
    def nearest(self):
        """The limit of a site, or of sites together, with the least margin; None where none is stated."""
        return min((row for row in self.rows if row.kind == "limit"), key=lambda row: row.margin, default=None)

    @property
    def margin(self):
        """Least room of any limit above what is needed, over it; below 0 where one is breached. Supply, ramps, orders and
        the fleet's total are no limits of sites: they are met or not.
        """
        return self.nearest.margin if self.nearest else np.inf

    def online(self, quarter, site=None):
        return sum(self.cells[s.name, quarter].online for s in self.plan.sites if site in (None, s.name))


def planned_counts(plan):
    """{(site, quarter): {chip or system: accelerators}} as the plan has them."""
    return {(site.name, quarter): site.planned(quarter) for site in plan.sites for quarter in plan.quarters}


def check(library, plan, counts=None, needs=None):
    """Check a plan as it stands, or with other ``counts`` {(site, quarter): {chip: accelerators}}.

    ``needs`` are the :class:`~dcestimate.rollout.needs.Needs` of earlier checks.

    :raises InfeasibleError: when a system cannot be built as its site asks.
    """
    counts = planned_counts(plan) if counts is None else counts
    found = (needs or Needs(library)).cells(plan, counts)
    cells = {at: Cell(counts[at], found[at]) for at in counts}
    rows = [*_limit_rows(plan, cells), *_supply_rows(plan, cells), *_ramp_rows(plan, cells), *_ready_rows(plan, cells)]
    if plan.total is not None:
        online = sum(cells[site.name, plan.deadline].online for site in plan.sites)
        rows.append(Row("target", "", plan.deadline, "total", float(plan.total), float(online)))
    return Checked(plan, cells, tuple(rows), (
        *plan.notes, *(says for site in plan.sites for says in says_ready(site)), *faster_than_observed(plan, cells)))


def _limit_rows(plan, cells):
    for one in plan.bounded:
        for key in one.limits:
            for quarter in plan.quarters:
                yield limit_row(one, key, quarter, [cells[name, quarter].needs for name in one.members])


def limit_row(one, key, quarter, needs):
    """The Row of a limit of a site, or of sites together, from what its members need {key: SI}."""
    return Row("limit", one.name, quarter, key, sum(each[key] for each in needs), max(one.available(key, quarter), 0.0))


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
