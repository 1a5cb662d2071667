"""A later deadline, or what does not fit held back until it does."""

from dataclasses import replace

from .changes import delayed, postponed
from .search import soonest
from .trial import Repair
from .wording import in_quarters, lacking

LATEST = 12  # quarters that a date is moved at most


def later(trial, plan, checked):
    """What does not fit held back where that is enough, or else so few quarters later as will do.

    Each number of quarters is tried in order. Either the deadline alone is later and what does not fit before is held back,
    or, where that takes no fewer quarters, everything is.
    """
    held = _held_back(trial, plan) if plan.decided else None
    if held:
        yield Repair("later", *held)
        return
    quarters, after = soonest(lambda n: trial.works(delayed(plan, n)), LATEST) or (LATEST + 1, None)
    sooner = soonest(lambda n: _held_back(trial, postponed(plan, n)), quarters - 1) if plan.decided else None
    if sooner:
        quarters, (text, after) = sooner
        yield Repair("later", f"deadline {in_quarters(quarters)} later, {after.plan.deadline}{text and f': {text}'}", after)
    elif after:
        yield Repair("later", f"everything {in_quarters(quarters)} later, by {after.plan.deadline}", after)


def _held_back(trial, plan):
    """(in words, check) of what a plan has by its deadline, held back until it fits; None where not all does by then."""
    last = trial(replace(plan, quarters=(plan.deadline,)))
    if any(row.kind != "ramp" for row in last.broken):  # told without a look at the quarters before
        return None
    held = trial.borne(plan)
    after = trial(plan, {at: cell.chips for at, cell in held.cells.items()})
    if not after.feasible or held.online(plan.deadline) < last.online(plan.deadline):
        return None
    text = lacking(plan.sites, held, held.plan.quarters)
    return text and f"hold back {text}, until they fit", after
