"""The best allocation of a plan's fleet over its sites: a linear programme, then whole systems under the full model."""

from dataclasses import dataclass

import numpy as np

from ..errors import InfeasibleError
from ..estimation import estimate, evaluate
from ..figures import figures
from ..limits import ADDITIVE
from .check import check, site_lines
from .programme import Programme, solve
from .readiness import ready_quarter

ROUNDS = 12  # of making room where rounding took too much


@dataclass(frozen=True)
class Allocation:
    """The allocation, checked by the full model, beside what the linear programme promised.

    ``objective`` is the programme's without wholeness; ``worths`` say what a unit of each limiting row is worth in
    accelerators online at the deadline, or in accelerator-quarters where the plan counts these; ``tight`` names rows that
    are full without limiting.
    """

    checked: object
    objective: float
    worths: tuple
    tight: tuple

    @property
    def rounding(self):
        """What whole systems and whole plant cost of the objective, against the linear programme."""
        plan = self.checked.plan
        counted = plan.quarters if plan.objective == "chip-quarters" else (plan.deadline,)
        return self.objective - sum(self.checked.online(quarter) for quarter in counted)


def chips_of(plan):
    """Every chip or system of the fleet or of a site, in order."""
    return tuple(dict.fromkeys([*(name for name, _ in plan.mix), *(n for site in plan.sites for n, _ in site.mix)]))


def coefficients(library, plan, counts):
    """{(site, chip): {key: SI per accelerator}} from the model at ``counts`` {(site, chip)}; overrides as given."""
    asked = [(site, chip, counts[site.name, chip], site_lines(library, plan, site, {chip: counts[site.name, chip]}))
             for site in plan.sites for chip in chips_of(plan)]
    done = iter(estimate(library, [line for *_, found in asked for line in found]).deployments)
    found = {}
    for site, chip, count, lines in asked:
        deployments = [next(done) for _ in lines]
        per = {key: sum(d.amount(limit.result) for d in deployments) / count for key, limit in ADDITIVE.items()}
        found[site.name, chip] = {**per, **site.per_accelerator}
    return found


def allocate(library, plan, floor=None, ceiling=None, known=None):
    """The allocation with the most accelerators online at the deadline, then the earliest.

    ``floor`` and ``ceiling`` {(site, quarter): {chip: accelerators}} bound it from below and above;
    ``known`` is what :func:`~dcestimate.rollout.check.check` keeps.

    :raises InfeasibleError: naming the rows that conflict, when nothing satisfies all.
    """
    units = _units(library, plan)
    bounds, column = (floor or {}, ceiling or {}), _Columns(plan)
    share = max((plan.total or 100_000) // len(plan.sites), 10_000)
    per = coefficients(library, plan, dict.fromkeys(units, share))
    rough = _solved(_programme(plan, per, units, bounds), whole=False).x
    sizes = {(name, chip): max(round(rough[column[name, plan.deadline, chip]]), 0) * unit or share
             for (name, chip), unit in units.items()}
    per = coefficients(library, plan, sizes)  # plant is rounded: what an accelerator needs hangs on how many there are
    best = _solved(_programme(plan, per, units, bounds))
    if plan.objective == "deadline":
        second = _programme(plan, per, units, bounds, early=True)
        at_deadline = [(column[site.name, plan.deadline, chip], units[site.name, chip])
                       for site in plan.sites for chip in column.chips]
        second.row(("online", plan.deadline), at_deadline, low=best.objective * (1 - 1e-9))
        x = _solved(second).x
    else:
        x = best.x
    counts = {(site.name, quarter): {chip: round(x[column[site.name, quarter, chip]]) * units[site.name, chip]
                                     for chip in column.chips} for site in plan.sites for quarter in plan.quarters}
    known = {} if known is None else known
    checked = _with_room(library, plan, counts, units, known)
    if plan.total is not None:
        checked = _topped(library, checked, units, known)
    return Allocation(checked, best.relaxed, best.worths, best.tight)


class _Columns:
    """Column numbers by (site, quarter, chip)."""

    def __init__(self, plan):
        self.chips = chips_of(plan)
        self.sites = {site.name: n for n, site in enumerate(plan.sites)}
        self.quarters = {quarter: n for n, quarter in enumerate(plan.quarters)}
        self.count = len(self.sites) * len(self.quarters) * len(self.chips)

    def __getitem__(self, at):
        site, quarter, chip = at
        return (self.sites[site] * len(self.quarters) + self.quarters[quarter]) * len(self.chips) + self.chips.index(chip)


def _programme(plan, per, units, bounds, early=False):
    """The rows of a plan; ``early`` counts accelerator-quarters, as a plan's own objective may."""
    column = _Columns(plan)
    objective, lower, upper = np.zeros(column.count), np.zeros(column.count), np.full(column.count, np.inf)
    whole = np.zeros(column.count, dtype=bool)
    quarters = plan.quarters if early or plan.objective == "chip-quarters" else (plan.deadline,)
    for site in plan.sites:
        ready = ready_quarter(site)
        for quarter in plan.quarters:
            for chip in column.chips:
                at = column[site.name, quarter, chip]
                objective[at] = units[site.name, chip] * (quarter in quarters)
                whole[at] = True
                if (ready is not None and quarter < ready) or (site.mix and chip not in dict(site.mix)):
                    upper[at] = 0.0
                for bound, ends, nearer in zip(bounds, (lower, upper), (max, min), strict=True):
                    if (site.name, quarter) in bound:
                        ends[at] = nearer(ends[at], bound[site.name, quarter].get(chip, 0) / units[site.name, chip])
    found = Programme(column.count, objective, lower, upper, whole)
    for site in plan.sites:
        _site_rows(found, plan, site, column, per, units)
    for chip in plan.supply:
        for quarter in plan.quarters:
            found.row(("supply", "", quarter, chip), [(column[site.name, quarter, chip], units[site.name, chip])
                                                      for site in plan.sites], high=plan.supplied(chip, quarter))
    every = [(column[site.name, plan.deadline, chip], units[site.name, chip]) for site in plan.sites
             for chip in column.chips]
    if plan.total is not None:
        found.row(("target", "", plan.deadline, "total"), every, high=plan.total)
    for chip, share in plan.mix if all(site.mix == plan.mix for site in plan.sites) and len(plan.mix) > 1 else ():
        found.row(("mix", "", plan.deadline, chip),
                  [(at, unit * ((at % len(column.chips) == column.chips.index(chip)) - share)) for at, unit in every],
                  low=0.0, high=0.0)
    return found


def _site_rows(found, plan, site, column, per, units):
    for n, quarter in enumerate(plan.quarters):
        now = [(chip, column[site.name, quarter, chip], units[site.name, chip]) for chip in column.chips]
        for key in site.limits:
            needs = [(at, per[site.name, chip][key] * unit) for chip, at, unit in now]
            found.row(("limit", site.name, quarter, key), needs, high=max(site.available(key, quarter), 0.0))
        before = {chip: column[site.name, plan.quarters[n - 1], chip] for chip in column.chips} if n else {}
        for chip, at, _ in now if n else ():
            found.row(("order", site.name, quarter, chip), [(at, 1.0), (before[chip], -1.0)], low=0.0)
        if site.ramp is not None:
            found.row(("ramp", site.name, quarter, "ramp"), [(at, unit) for _, at, unit in now] + [
                (before[chip], -unit) for chip, _, unit in now if n], high=site.ramp)
        if site.mix != plan.mix:
            for chip, share in site.mix:
                found.row(("mix", site.name, quarter, chip),
                          [(at, unit * ((name == chip) - share)) for name, at, unit in now], low=0.0, high=0.0)


def _units(library, plan):
    """{(site, chip): accelerators of a whole system}, or of a whole rack of systems where a site is built in racks."""
    found = {}
    for site in plan.sites:
        for chip in chips_of(plan):
            lines = site_lines(library, plan, site, {chip: 1})
            each = evaluate([figures(library, lines[0])], [0], [1], only=["systems_per_rack"])
            racked = float(each["systems_per_rack"].item()) if site.whole == "rack" else 1.0
            found[site.name, chip] = int(each["accelerators_per_system"].item() * max(racked, 1.0))
    return found


def _solved(programme, whole=True):
    try:
        return solve(programme, whole)
    except ValueError as error:
        rows = ", ".join(" ".join(str(part) for part in name if part) for name in error.args[0][:5])
        raise InfeasibleError(f"the plan's own rows conflict: {rows}.", "Mend one of them.") from None


def _with_room(library, plan, counts, units, known):
    """The allocation checked, with less where the full model has no room for what the programme promised."""
    for _ in range(ROUNDS):
        checked = check(library, plan, counts, known)
        over = {}
        for row in checked.broken:
            if row.kind in ("limit", "ramp") and row.needed > 0:
                at = row.site, row.quarter
                over[at] = min(over.get(at, 1.0), max(row.available / row.needed, 0.0))
        if not over:
            break
        for (name, quarter), share in over.items():
            unit = {chip: units[name, chip] for chip in chips_of(plan)}
            counts[name, quarter] = _less(counts[name, quarter], share, unit)
        for site in plan.sites:
            for before, now in zip(plan.quarters[-2::-1], plan.quarters[:0:-1], strict=True):
                counts[site.name, before] = {chip: min(count, counts[site.name, now][chip])
                                             for chip, count in counts[site.name, before].items()}
    return checked


def _topped(library, checked, units, known):
    """The allocation with the parts of systems that whole ones leave over, at sites with most room, up to the total."""
    plan = checked.plan
    for chip in chips_of(plan):
        online = sum(checked.cells[site.name, plan.deadline].chips.get(chip, 0) for site in plan.sites)
        supplied = plan.supplied(chip, plan.deadline)
        left = int(min(plan.total - checked.online(plan.deadline), np.inf if supplied is None else supplied - online))
        if not 0 < left <= sum(units.values()):
            continue
        for site in sorted(plan.sites, key=lambda site: -_margin(checked, site.name)):
            if chip in dict(site.mix):
                counts = {at: dict(cell.chips) for at, cell in checked.cells.items()}
                counts[site.name, plan.deadline][chip] = counts[site.name, plan.deadline].get(chip, 0) + left
                found = check(library, plan, counts, known)
                if all(row.kind == "target" for row in found.broken):
                    checked = found
                    break
    return checked


def _margin(checked, name):
    """The least room of a site at the deadline."""
    rows = [row for row in checked.rows if row.site == name and row.quarter == checked.plan.deadline]
    return min((row.margin for row in rows), default=np.inf)


def _less(chips, share, unit):
    """Fewer whole units of each chip: the share of them that fits, and one less where that takes none away."""
    found = {chip: int(count * share // unit[chip]) * unit[chip] for chip, count in chips.items()}
    if found == chips and any(chips.values()):
        largest = max(chips, key=chips.get)
        found[largest] -= unit[largest]
    return found
