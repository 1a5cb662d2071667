"""Another cooling or power design."""

from dataclasses import replace

from ...errors import DcestimateError
from ..needs import site_lines
from . import changes
from .search import smallest
from .trial import SITES, Repair

STANDING = ("fixed-overhead", "operator-fleet", "operator-colocation")  # cooling that stands for plant not modelled


def redesigned(trial, plan, checked):
    """Another cooling or power design at the sites that are short, at as few of them as will do."""
    short = changes.short_sites(plan, checked)
    worst = min((row for row in checked.broken if row.kind == "limit"), key=lambda row: row.margin, default=None)
    for kind in ("cooling", "power") if worst or (not plan.decided and len(plan.sites) <= SITES) else ():
        for design in _in_order(trial, plan, short, kind):
            if design in STANDING or not _helps(trial, changes.redesigned(plan, short, kind, design), worst):
                continue
            found = _fewest(trial, plan, short, kind, design)
            if found:
                names, after = found
                yield Repair("design", f"{design} {kind} in {', '.join(names)}", after)
                break


def _in_order(trial, plan, names, kind):
    """Designs of a kind, those first that the systems of some sites have by default, and then their relatives by name."""
    usual = {getattr(line, kind) for site in plan.sites if site.name in names for line in site_lines(
        trial.library, plan, replace(site, designs=()), dict.fromkeys(site.kinds, 1))}
    families = {name.partition("-")[0] for name in usual}
    return sorted(trial.library.names(kind), key=lambda name: (
        name not in usual, name.partition("-")[0] not in families, name))


def _helps(trial, plan, worst):
    """Whether a plan is within the row that is short the most, the quickest to look at."""
    if not plan.decided:
        return True
    members = next(one.members for one in plan.bounded if one.name == worst.site)
    sites = tuple(site for site in plan.sites if site.name in members)
    alone = replace(plan, sites=sites, quarters=(worst.quarter,), supply={}, total=None,
                    shared=tuple(one for one in plan.shared if one.name == worst.site))
    try:
        rows = trial(alone).rows
    except DcestimateError:  # a design that these systems cannot have
        return False
    return not any(row.broken for row in rows if (row.site, row.key) == (worst.site, worst.key))


def _fewest(trial, plan, names, kind, design):
    """(sites, check) of a design at sites of which none can do without it, or None."""
    found = smallest(lambda count: trial.works(changes.redesigned(plan, names[:count], kind, design)), 0, len(names))
    if not found:
        return None
    count, after = found
    needed = names[:count]
    for name in names[:count - 1]:  # without the last one it was seen to fail
        fewer = [other for other in needed if other != name]
        less = trial.works(changes.redesigned(plan, fewer, kind, design))
        if less:
            needed, after = fewer, less
    return needed, after
