"""Fewer accelerators."""

from dataclasses import replace

from .trial import Repair
from .wording import lacking


def fewer(trial, plan, checked):
    """Fewer accelerators: what each site bears of those that the plan has there, and what is then allocated."""
    less = plan if plan.decided else _own_as_borne(trial, plan)
    kept = trial.borne(plan) if plan.decided else checked if less is plan else trial(less)
    online = int(kept.online(plan.deadline))
    gone = (checked.online(plan.deadline) if plan.decided else plan.total or _own(plan) + online - _own(less)) - online
    less = replace(less, total=plan.total and min(plan.total, online))
    found = trial(less, {at: cell.chips for at, cell in kept.cells.items()})
    away = lacking(plan.sites, found, plan.quarters)
    if found.feasible and gone > 0 and online:  # nothing at all is no plan
        yield Repair("fewer", f"{gone:,.0f} accelerators fewer{away and f': {away}'}", found)
    elif found.feasible and gone == 0 and away:
        yield Repair("later", f"hold back {away}, until they fit", found)


def _own_as_borne(trial, plan):
    """A plan that is partly open, with as many accelerators at sites that have their own as these bear."""
    own = tuple(site for site in plan.sites if site.chips is not None)
    names = {site.name for site in own}
    shared = tuple(replace(one, members=tuple(name for name in one.members if name in names))
                   for one in plan.shared if not names.isdisjoint(one.members))
    alone = replace(plan, sites=own, shared=shared, total=None, mix=())
    if not own or trial(alone).feasible:
        return plan
    cells = trial.borne(alone).cells
    return replace(plan, sites=tuple(
        replace(site, chips={chip: {q: cells[site.name, q].chips[chip] for q in plan.quarters} for chip in site.chips})
        if site.name in names else site for site in plan.sites))


def _own(plan):
    """Accelerators by the deadline at sites that have their own."""
    return sum(sum(site.planned(plan.deadline).values()) for site in plan.sites)
