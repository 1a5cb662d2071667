"""Accelerators moved from sites that do not bear them to sites that have room."""

from dataclasses import replace

from ...errors import InfeasibleError
from ..allocate import allocate
from ..check import planned_counts
from .trial import Repair


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
    gained = {site.name: found.cells[site.name, plan.deadline].online - sum(planned[site.name].values())
              for site in plan.sites}
    away, to = ([(name, n) for name, n in gained.items() if n * sign > 0] for sign in (-1, 1))
    if found.feasible and away:
        yield Repair("move", f"move {sum(-n for _, n in away):,.0f} accelerators from {_list(away)} to {_list(to)}", found)


def _list(pairs):
    """Sites with what they lose or gain, the most first; what is less than a hundredth of it all is not named."""
    pairs = sorted(((name, abs(n)) for name, n in pairs), key=lambda pair: -pair[1])
    named = [pair for pair in pairs if pair[1] >= sum(n for _, n in pairs) / 100]
    texts = [f"{name} ({n:,.0f})" for name, n in named]
    rest = [n for _, n in pairs[len(named):]]
    texts += [f"{len(rest)} more ({sum(rest):,.0f})"] if rest else []
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]
