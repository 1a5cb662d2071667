"""More of what is short, and what is held back beside it."""

from dataclasses import replace

from .borne import borne
from .changes import raised
from .open_raises import asked_to_allocate
from .raises import asked, words
from .trial import Repair
from .wording import lacking


def more(trial, plan, checked):
    """More of what is short, where and when it is short: each limit in each quarter by just what its own steps ask.

    Where that is not enough, for a site is not ready or takes no more in a quarter, what it does not take is held back.
    """
    wanted, held = asked(plan, checked), ""
    found = wanted and trial.works(raised(plan, wanted))
    if not found and not plan.decided:
        wanted, found = asked_to_allocate(trial, plan, checked) or (wanted, None)
    elif not found and wanted:
        wanted, held, found = _more_and_held_back(trial, plan)
    if found:
        yield Repair("more", words(wanted) + held, found)


def _more_and_held_back(trial, plan):
    """(more, in words what is held back, check) of a plan that neither more nor holding back alone makes fit."""
    unlimited = replace(plan, supply={}, sites=tuple(replace(site, limits={}) for site in plan.sites),
                        shared=tuple(replace(one, limits={}) for one in plan.shared))
    held = borne(trial.library, unlimited, trial.needs)
    if held.online(plan.deadline) < trial(plan).online(plan.deadline):
        return {}, "", None
    counts = {at: cell.chips for at, cell in held.cells.items()}
    wanted, waits = asked(plan, trial(plan, counts)), lacking(plan.sites, held, plan.quarters)
    found = trial(raised(plan, wanted), counts)
    return wanted, f"; hold back {waits}, until they fit", found if found.feasible and wanted and waits else None
