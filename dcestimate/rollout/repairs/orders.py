"""Orders placed sooner."""

from ..readiness import ready_quarter
from .changes import ordered_sooner, raised
from .later import LATEST
from .raises import asked, words
from .search import soonest
from .trial import SITES, Repair
from .wording import in_quarters


def ordered(trial, plan, checked):
    """Orders placed sooner, as few quarters as will do and none before the start, where sites wait for what they have
    ordered.
    """
    late, more = {row.site: row.quarter for row in reversed(checked.broken) if row.kind == "ready"}, {}
    found = late and trial.works(ordered_sooner(plan, late))
    if not plan.decided and not found:
        late, found = _all_ordered(trial, plan) or (late, None)
    elif late and not found:  # sooner, and more of what is short all the same
        sooner = ordered_sooner(plan, late)
        more = asked(sooner, trial(sooner))
        found = more and trial.works(raised(sooner, more))
    if found and all(order >= plan.quarters[0] for site in found.plan.sites if site.name in late
                     for equipment, order in site.ordered.items()
                     if order != plan.site(site.name).ordered[equipment]):
        orders = [_orders(plan.site(name), found.plan.site(name)) for name in late]
        yield Repair("order", "; ".join([*orders, *([words(more)] if more else [])]), found)


def _all_ordered(trial, plan):
    """({site: Quarter}, check) of sites of an open plan that take load so many quarters sooner, each as few as will do."""
    ready = {site.name: at for site in plan.sites if (at := ready_quarter(site)) is not None and at > plan.quarters[0]}
    first = soonest(lambda n: trial.works(ordered_sooner(plan, {name: at - n for name, at in ready.items()})), LATEST)
    if not ready or len(ready) > SITES or not first:
        return None
    quarters, after = first
    wanted = {name: at - quarters for name, at in ready.items()}
    for name, at in ready.items():
        def later(n, name=name, at=at):
            return trial.works(ordered_sooner(plan, {**wanted, name: at - n}))

        n, less = next(((n, found) for n in range(quarters) if (found := later(n))), (quarters, None))
        if less:
            wanted[name], after = at - n, less
    return {name: at for name, at in wanted.items() if at < ready[name]}, after


def _orders(before, after):
    """What a site orders sooner, in words."""
    sooner = {}
    for equipment, order in after.ordered.items():
        if order < before.ordered[equipment]:
            sooner.setdefault((before.ordered[equipment] - order, order), []).append(equipment)
    return f"in {after.name} order " + ", and ".join(
        f"{', '.join(equipment)} {in_quarters(quarters)} sooner, in {order}"
        for (quarters, order), equipment in sooner.items())
