"""The best allocation of a plan's fleet over its sites: a linear programme, then whole systems under the full model."""

from dataclasses import dataclass, replace

import numpy as np

from .. import units
from ..errors import ConflictError, InfeasibleError
from ..limits import ADDITIVE
from .check import planned_counts
from .few import best_of_few
from .needs import Needs
from .programme import GAP, LARGEST, TIGHT, solve
from .refilling import refilled
from .room import with_room
from .rows import Rows, mixed
from .sooner import sooner
from .topping import topped

AGAIN = 3  # times that an allocation is topped up: what is then filled in earlier quarters lets ramps add more after them
EARLY = 1e-4  # of the accelerators online over the quarters that an earlier way to the same end may lack
OFF = 0.01  # of the accelerators that a share of a mix is off by, from which it is told
FULL = 0.01  # room of a row, over what it needs, below which it is full
LESS = 0.5  # accelerators that are no fewer: there are whole ones only


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


def allocate(library, plan, needs=None, floor=None, ceiling=None, most=None):
    """The allocation with the most accelerators online at the deadline, then the earliest.

    Where the plan counts accelerator-quarters it has the most of these, at the deadline no fewer than its total if that can
    be.

    Sites with accelerators of their own keep them, unless all have: then all are allocated. ``floor`` and ``ceiling``
    {(site, quarter): {chip: accelerators}} bound it from below and above, and ``most`` {chip: accelerators} the fleet at
    the deadline; ``needs`` are those of earlier checks.

    :raises InfeasibleError: naming the rows that conflict, when nothing satisfies all.
    """
    needs = needs or Needs(library)
    units = needs.units(plan)
    rows = _rows(plan, needs, units, floor, ceiling, most)
    floor, ceiling, most = rows.floor, rows.ceiling, rows.most
    best = _solved(plan, _counted(rows), priced=True)
    x = best.x if plan.objective == "chip-quarters" else _earliest(rows, best)
    counts = {at[:2]: {} for at in rows.columns.all}
    for n, (name, quarter, chip) in enumerate(rows.columns.all):
        found, at = int(x[n] + TIGHT) * units[name, chip], (name, quarter)
        if at in ceiling:  # what stands already need not be whole units
            found = min(found, ceiling[at].get(chip, 0))
        counts[at][chip] = max(found, floor.get(at, {}).get(chip, 0))
    checked = with_room(library, rows, counts, needs)
    if not floor and not ceiling and not most:
        checked = best_of_few(library, checked, units, needs)
    for _ in range(AGAIN):
        before = checked.online(plan.deadline)
        checked = topped(library, checked, units, needs, (floor, ceiling, most))
        checked = refilled(library, checked, units, needs, ceiling)
        if checked.online(plan.deadline) == before:
            break
    if not floor and not ceiling and not most:
        checked = sooner(library, checked, units, needs)
    checked = replace(checked, notes=(*checked.notes, *_says_mix(checked, units), *_says_ramps(plan, units)))
    full = {(row.kind, row.site, row.quarter, row.key) for row in checked.rows if row.margin < FULL}
    return Allocation(checked, best.relaxed, best.worths, tuple(name for name in best.tight if name in full))


def _says_mix(checked, units):
    """How far what whole halls, racks or systems make of the fleet's mix is from it, where that is a hundredth or more."""
    plan = checked.plan
    free = {site.name for site in mixed(plan)}
    if not any(plan.decided or plan.site(name).chips is None for name in free):
        return  # all as stated
    cells = [checked.cells[name, plan.deadline] for name in free]
    online = sum(cell.online for cell in cells)
    shares = {chip: sum(cell.chips.get(chip, 0) for cell in cells) / online for chip, _ in plan.mix} if online else {}
    off = [f"{shares[chip]:.1%} {chip} where the mix has {share:.0%}".replace("%", " %") for chip, share in plan.mix
           if shares and abs(shares[chip] - share) >= OFF]
    if off:
        yield f"{', '.join(off)}: an allocation keeps to a mix as nearly as one hall, rack or system of its sites, " \
              f"{max(units[name, chip] for name in free for chip, _ in plan.mix):,} accelerators at most"


def _says_ramps(plan, units):
    """Ramps that bear no whole unit: nothing can be added there."""
    for site in plan.sites:
        least = min((units[site.name, chip] for chip in site.kinds), default=0)
        if site.ramp is not None and site.ramp < least and (site.chips is None or plan.decided):
            yield (f"{site.name} may add {site.ramp:,} accelerators a quarter, fewer than the {least:,} of its smallest "
                   "whole unit")


def promised(plan, needs):
    """Accelerators online at the deadline by the linear programme alone, which knows no wholeness and no steps of plant.

    :raises InfeasibleError: as :func:`allocate` does.
    """
    return _solved(plan, _rows(plan, needs, needs.units(plan)).programme((plan.deadline,)), whole=False).objective


def _rows(plan, needs, units, floor=None, ceiling=None, most=None):
    """The programmes of a plan, with what an accelerator needs among about as many as there will be."""
    stated = {} if plan.decided else {at: chips for at, chips in planned_counts(plan).items() if plan.site(at[0]).chips}
    share = max((plan.total or 100_000) // len(plan.sites), 10_000)
    rows = Rows(plan, needs.per_accelerator(plan, dict.fromkeys(units, share)), units, {**(floor or {}), **stated},
                {**(ceiling or {}), **stated}, most or {})
    rough = _solved(plan, rows.programme((plan.deadline,)), whole=False).x
    sizes = {(name, chip): max(round(rough[n]), 0) * units[name, chip] or share
             for n, name, chip in rows.columns.at(plan, plan.deadline)}
    rows.per = needs.per_accelerator(plan, sizes)  # plant is rounded: what an accelerator needs hangs on how many there are
    return rows


def _counted(rows):
    """The programme of what the plan counts."""
    plan = rows.plan
    at_deadline = rows.programme((plan.deadline,))
    if plan.objective == "deadline":
        return at_deadline
    found = rows.programme(plan.quarters)
    if plan.total is not None:
        found.loosen()  # as it is for what is to be reached
        _as_many(found, rows, _solved(plan, at_deadline).objective)
    return found


def _as_many(programme, rows, most):
    """Hold what is online at the deadline, to less than an accelerator."""
    last = [n for n, *_ in rows.columns.at(rows.plan, rows.plan.deadline)]
    programme.row(("online", "", rows.plan.deadline, ""), [(n, programme.objective[n]) for n in last], low=most - LESS)


def _earliest(rows, best):
    """The earliest way to what is online at the deadline; of large programmes to just this allocation, rounded down."""
    plan, columns = rows.plan, rows.columns
    found = rows.programme(plan.quarters)
    found.loosen()  # as it was for what is to be reached
    if found.whole.sum() <= LARGEST:
        _as_many(found, rows, best.objective)
        return _solved(plan, found, gap=EARLY).x
    last = [n for n, *_ in columns.at(plan, plan.deadline)]
    found.lower[last], found.upper[last] = np.maximum(best.x[last] - TIGHT, 0), np.maximum(best.x[last], 0)
    x = _solved(plan, found).x
    x[last] = best.x[last]
    return x


def _solved(plan, programme, whole=True, gap=GAP, priced=False):
    try:
        return solve(programme, whole, gap, priced)
    except ValueError as error:
        if not error.args[0]:
            raise InfeasibleError("nothing limits the allocation.",
                                  "State the fleet's total, a supply of each chip, or a limit of each site.") from None
        rows = "; ".join(_words(plan, *name, bound) for name, bound in error.args[0][:5])
        raise ConflictError(f"what the plan states conflicts: {rows}.",
                            "Lower what sites have, or raise what they are to keep within.") from None


def _words(plan, kind, site, quarter, key, bound):
    """A row of the programme in words, with what it allows, and where that stands."""
    what = {"limit": ADDITIVE[key].words if key in ADDITIVE else "", "supply": f"supply of {key}", "ramp": "the ramp",
            "kept": f"most {key} to keep", "order": f"{key} that stays from quarter to quarter", "mix": f"share of {key}",
            "target": "the fleet's total", "online": "accelerators at the deadline"}[kind]
    what += (f" in {site}" if site else "") + (f" in {quarter}" if quarter else "")
    unit = ADDITIVE[key].result_unit if kind == "limit" else "1"
    amount = f"{units.from_si(bound, unit):,.6g} {unit}".removesuffix(" 1")
    stated = plan.lines and kind in ("limit", "supply", "ramp", "target")
    told = ", ".join(filter(None, (amount if kind not in ("order", "mix") else "",
                                   f"line {plan.line(kind, site, quarter, key)}" if stated else "")))
    return f"{what} ({told})" if told else what
