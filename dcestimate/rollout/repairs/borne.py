"""What the sites of a plan bear of it: as much as fits where it stands, so that not one system more does."""

from dataclasses import replace

from ..allocate import allocate
from ..check import check, planned_counts


def borne(library, plan, needs):
    """The plan checked with as many of its accelerators as fit, by site and quarter.

    :raises InfeasibleError: when a system cannot be built as its site asks.
    """
    planned, units = planned_counts(plan), needs.units(plan)
    open_ = replace(plan, total=None, mix=(), sites=tuple(replace(site, mix=()) for site in plan.sites))
    found = allocate(library, open_, needs, ceiling=planned).checked
    counts = {at: dict(cell.chips) for at, cell in found.cells.items()}

    def fits(changed):
        return check(library, open_, {**counts, **changed}, needs).feasible

    before = None
    while counts != before:  # plant comes in steps: with more of one thing there may be room for more of another
        before = {at: dict(chips) for at, chips in counts.items()}
        _filled(plan, planned, counts, units, fits)
    return check(library, replace(plan, total=None), counts, needs)


def _filled(plan, planned, counts, units, fits):
    """As much more as fits, site by site from the last quarter on."""
    for site in plan.sites:
        whole = {(site.name, quarter): planned[site.name, quarter] for quarter in plan.quarters}
        if fits(whole):
            counts |= whole
            continue
        for quarter in reversed(plan.quarters):
            for chip in site.kinds:
                _fill(counts, planned, (site.name, quarter), chip, units[site.name, chip], fits)


def _fill(counts, planned, at, chip, unit, fits):
    """As many more whole units of a chip as fit, up to what is planned and to what stands there a quarter later."""
    name, quarter = at
    later = counts.get((name, quarter + 1), planned[at])
    step = unit
    while room := min(planned[at][chip], later[chip]) - counts[at][chip]:
        added = {**counts[at], chip: counts[at][chip] + min(step, room)}
        if fits({at: added}):
            counts[at], step = added, 2 * step
        elif step > unit:
            step = unit
        else:
            break
