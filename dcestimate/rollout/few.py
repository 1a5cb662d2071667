"""Small plans: every allocation of whole units at the deadline is looked at, where these are few.

A linear programme and exchanges of units may miss the best way to fill a few places, as when all of one chip at one site
bears more than a mix at two.
"""

import numpy as np

from ..arrays import FORGIVEN
from .check import check
from .readiness import ready_quarter
from .refilling import refilled
from .rows import mixed

MOST = 100  # whole units of a chip at a site
FEW = 300_000  # allocations that are looked at
TRIED = 8  # of those with most accelerators, how many are checked by quarter


def best_of_few(library, checked, units, needs):
    """The allocation with the most accelerators at the deadline, then the earliest, if there are few; else as it is."""
    plan, quarter = checked.plan, checked.plan.deadline
    places = [(site, chip) for site in plan.sites if site.chips is None or plan.decided for chip in site.kinds]
    sizes, many = [], 2 ** len(places)
    for site, chip in places:
        if many > FEW:
            return checked
        sizes.append(_most(plan, site, chip, units[site.name, chip], needs) + 1)
        many = many * sizes[-1] // 2
    if many > FEW:
        return checked
    counts = np.indices(sizes).reshape(len(sizes), -1).T * [units[site.name, chip] for site, chip in places]
    fits = _within(checked, places, counts, needs)
    online = np.where(fits, counts.sum(1), -1) + sum(
        checked.cells[site.name, quarter].online for site in plan.sites if site not in [one for one, _ in places])
    best, found = np.argsort(-online, kind="stable")[:TRIED], checked
    for n in best[online[best] > checked.online(quarter)]:
        if online[n] < found.online(quarter):
            break
        wanted = {at: dict(cell.chips) for at, cell in checked.cells.items()}
        for (site, chip), count in zip(places, counts[n].tolist(), strict=True):
            wanted[site.name, quarter][chip] = count
        for site in {site.name: site for site, _ in places}.values():
            _lead_up(plan, site, wanted, units)
        after = check(library, plan, wanted, needs)
        if all(row.kind == "target" or row in checked.broken for row in after.broken):
            found = max(found, refilled(library, after, units, needs, {}), key=lambda one: (
                one.online(quarter), sum(one.online(q) for q in plan.quarters)))
    return found


def _lead_up(plan, site, counts, units):
    """What stands at a site before the deadline: what did, as far as it stays, or what its ramp asks for."""
    for q in plan.quarters[-2::-1]:
        later, here = counts[site.name, q + 1], counts[site.name, q]
        here.update({chip: min(here.get(chip, 0), count) for chip, count in later.items()})
        for chip, count in later.items() if site.ramp is not None else ():
            unit = units[site.name, chip]
            missing = sum(later.values()) - sum(here.values()) - site.ramp
            if missing > 0:
                here[chip] = min(count, here[chip] + -(-missing // unit) * unit)


def _most(plan, site, chip, unit, needs):
    """The most whole units of a chip that a site's own limits bear, one more than is few where they bear that."""
    ready = ready_quarter(site)
    if ready is not None and plan.deadline < ready:
        return 0
    found = needs.alone(plan, site, chip, [n * unit for n in range(1, MOST + 2)])
    return max((n for n, need in enumerate(found, 1) if all(
        _holds(need[key], site.available(key, plan.deadline)) for key in site.limits)), default=0)


def _holds(needed, available):
    return needed <= np.maximum(available, 0.0) * (1 + FORGIVEN) + FORGIVEN


def _within(checked, places, counts, needs):
    """Which allocations keep to limits, supply, total and mixes at the deadline."""
    plan, quarter = checked.plan, checked.plan.deadline
    others = [site for site in plan.sites if site not in [one for one, _ in places]]
    fits = np.ones(len(counts), dtype=bool)
    needed = []
    for (site, chip), column in zip(places, counts.T, strict=True):
        known, at = np.unique(column, return_inverse=True)
        table = needs.alone(plan, site, chip, known.tolist())
        needed.append({key: np.array([one[key] for one in table])[at]
                       for one in plan.bounded if site.name in one.members for key in one.limits})
    for one in plan.bounded:
        own = [n for n, (site, _) in enumerate(places) if site.name in one.members]
        for key in one.limits if own else ():
            there = sum(checked.cells[site.name, quarter].needs[key] for site in others if site.name in one.members)
            fits &= _holds(there + sum(needed[n][key] for n in own), one.available(key, quarter))

    def online(chip, sites):
        """Accelerators of a chip at some sites, by allocation."""
        fixed = sum(checked.cells[site.name, quarter].chips.get(chip, 0) for site in others if site in sites)
        return fixed + sum((column for (site, kind), column in zip(places, counts.T, strict=True)
                            if kind == chip and site in sites), np.zeros(len(counts)))

    for chip in plan.supply:
        fits &= online(chip, plan.sites) <= plan.supplied(chip, quarter)
    if plan.total is not None:
        fits &= counts.sum(1) + sum(checked.cells[site.name, quarter].online for site in others) <= plan.total
    for sites, mix in [(mixed(plan), plan.mix), *(([site], site.mix) for site in plan.sites)]:
        if len(mix) > 1 and sites:
            there = {chip: online(chip, sites) for chip, _ in mix}
            unit = max(unit for (name, chip), unit in needs.units(plan).items() if name in [site.name for site in sites])
            for chip, share in mix:
                fits &= np.abs(there[chip] - share * sum(there.values())) <= unit
    return fits
