"""Accelerators of an allocation moved to where they can stand sooner, their number at the deadline unchanged."""

from itertools import permutations
from math import lcm

from .check import check

TRIED = 60  # moves looked at, at most
SITES = 12  # of a plan of more the moves are too many to look at


def sooner(library, checked, units, needs):
    """An allocation with whole units of a chip at another site from a quarter on, wherever that makes more stand before.

    ``units`` {(site, chip): accelerators} are whole ones. Sites with a mix of their own stay as they are.
    """
    plan, tries = checked.plan, TRIED
    sites = [site for site in plan.sites if (site.chips is None or plan.decided) and len(site.mix) < 2]
    for here, there in permutations(sites, 2) if len(sites) <= SITES else ():
        for chip in (chip for chip in here.kinds if chip in there.kinds):
            unit = lcm(units[here.name, chip], units[there.name, chip])
            for quarter in plan.quarters[:-1]:
                times = 1
                while times and tries:
                    found = _moved(library, checked, needs, (here.name, there.name, chip), quarter, times * unit)
                    tries -= 1
                    checked, times = (found, 2 * times) if found else (checked, times // 2)
    return checked


def _moved(library, checked, needs, move, quarter, count):
    """The allocation with so many more at another site from a quarter on, if it is earlier and breaks nothing; or None.

    That is until the quarter in which they stand there anyhow. Where they stood there are as many less, but never fewer
    than before the first of these quarters.
    """
    plan, (here, there, chip) = checked.plan, move
    counts = {at: dict(cell.chips) for at, cell in checked.cells.items()}
    kept = counts.get((here, quarter - 1), {}).get(chip, 0)
    least = counts[there, quarter].get(chip, 0) + count
    for q in plan.quarters:
        more = max(least - counts[there, q].get(chip, 0), 0) if q >= quarter else 0
        if more:
            counts[there, q][chip] = least
            counts[here, q][chip] = max(counts[here, q].get(chip, 0) - more, kept)
    if sum(sum(chips.values()) for chips in counts.values()) <= sum(map(checked.online, plan.quarters)):
        return None
    after = check(library, plan, counts, needs)
    kinds = all(row.kind == "target" or row in checked.broken for row in after.broken)
    return after if kinds and after.online(plan.deadline) == checked.online(plan.deadline) else None
