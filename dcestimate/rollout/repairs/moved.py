"""Accelerators moved from sites that do not bear them to sites that have room."""

from dataclasses import replace

from ...errors import InfeasibleError
from ..allocate import allocate
from ..check import planned_counts
from .trial import Repair
from .wording import lacking, listed, place


def moved(trial, plan, checked):
    """Accelerators that their sites do not bear, at sites that have room; of each chip as many as planned."""
    if not plan.decided or not any(row.site for row in checked.broken):
        return
    kept = {at: cell.chips for at, cell in trial.borne(plan).cells.items()}
    planned = {site.name: site.planned(plan.deadline) for site in plan.sites}
    most = {}
    for chip, count in (pair for chips in planned.values() for pair in chips.items()):
        most[chip] = most.get(chip, 0) + count
    open_ = replace(plan, total=max(plan.total or 0, sum(most.values())), mix=(),
                    sites=tuple(replace(site, mix=()) for site in plan.sites))
    before = {at: chips for at, chips in planned_counts(plan).items() if at[1] < plan.deadline}
    for ceiling in (before, None):  # nowhere more than planned before the deadline, if that can be
        try:
            found = allocate(trial.library, open_, trial.needs, floor=kept, ceiling=ceiling, most=most).checked
        except InfeasibleError:
            return
        if found.feasible:
            break
    stands = {site.name: found.cells[site.name, plan.deadline].chips for site in plan.sites}
    gained = [(place(site, chip), stands[site.name].get(chip, 0) - planned[site.name].get(chip, 0))
              for site in plan.sites for chip in site.kinds]
    away, to = ([(name, n) for name, n in gained if n * sign > 0] for sign in (-1, 1))
    if found.feasible and away:
        until = lacking(plan.sites, found, plan.quarters[:-1])
        yield Repair("move", f"move {sum(-n for _, n in away):,.0f} accelerators from {listed(away)} to {listed(to)}"
                     + (f"; until then go without {until}" if until else ""), found)
