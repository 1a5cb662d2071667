"""More of another chip."""

from ...amounts import percent
from .changes import shifted, short_sites
from .search import smallest
from .trial import Repair

SHARE = 0.01  # the step in which a mix is changed


def other_chip(trial, plan, checked):
    """A larger share of another chip of the mix at the sites that are short."""
    short = short_sites(plan, checked)
    mixed = [site for site in plan.sites if site.name in short and len(site.kinds) > 1]
    for chip in dict.fromkeys(chip for site in mixed for chip in site.kinds):
        names = [site.name for site in mixed if chip in site.kinds]
        found = smallest(lambda steps, chip=chip, names=names: trial.works(shifted(plan, names, chip, steps * SHARE)), 0,
                          round(1 / SHARE))
        if found:
            steps, after = found
            where = f"the mix in {', '.join(names)}" if plan.decided else "the fleet's mix"
            yield Repair("chip", f"{percent(steps * SHARE)} of {where} moved to {chip}", after)
            return
