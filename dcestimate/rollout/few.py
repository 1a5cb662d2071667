"""Small plans: every allocation of whole units is looked at in every quarter where these are few, or at the deadline.

A linear programme and exchanges of units may miss the best way to fill a few places, as when all of one chip at one site
bears more than a mix at two, or when one site must begin early for its ramp to let in what it ends with.
"""

from copy import copy

import numpy as np

from ..arrays import FORGIVEN
from .check import check
from .readiness import ready_quarter
from .rows import mixed, off_mix

ASKED = 100  # counts of a place that the model is asked for together
FEW = 2_000_000  # allocations of all quarters together
MORE = 30_000_000  # allocations of the deadline alone


def best_of_few(library, checked, units, needs):
    """The best there is of whole units, if there are few and it is no worse than the allocation; else as it is.

    Where there are more, the best for the deadline, and the earliest way to it.
    """
    plan = checked.plan
    places = [(site, chip) for site in plan.sites if site.chips is None or plan.decided for chip in site.kinds]
    few, more, sizes = FEW / len(plan.quarters), MORE if plan.objective == "deadline" else 0, []
    for site, chip in places if 2 ** len(places) <= few else ():
        rest = 2 ** (len(places) - len(sizes) - 1)  # one unit of each of the others
        left = max(few, more) / np.prod(sizes, dtype=float) / rest
        sizes.append(_most(plan, site, chip, units[site.name, chip], needs, left) + 1)
        if sizes[-1] > left:
            return checked
    if not sizes:
        return checked
    allocations = _Few(checked, places, sizes, units, needs)
    if np.prod(sizes, dtype=float) > few:
        sizes = allocations.end(checked.online(plan.deadline))
        if sizes is None or np.prod(sizes, dtype=float) > few:
            return checked
        allocations = _Few(checked, places, sizes, units, needs)
    course = allocations.best()
    if course is None:
        return checked
    counts = {at: dict(cell.chips) for at, cell in checked.cells.items()}
    for quarter, stands in zip(plan.quarters, course, strict=True):
        for (site, chip), count in zip(places, stands, strict=True):
            counts[site.name, quarter][chip] = count
    after = check(library, plan, counts, needs)
    kept = all(row.kind == "target" or row in checked.broken for row in after.broken)
    return max(checked, after, key=lambda one: _worth(one, units)) if kept else checked


def _worth(checked, units):
    """Whether the fleet's mix holds to a whole unit, what the plan counts, and the rest."""
    plan = checked.plan
    names = [site.name for site in mixed(plan)]
    off = off_mix({at: cell.chips for at, cell in checked.cells.items()}, plan.deadline, names, plan.mix) if names else 0
    unit = max((units[name, chip] for name in names for chip, _ in plan.mix), default=0)
    last, in_all = checked.online(plan.deadline), sum(checked.online(quarter) for quarter in plan.quarters)
    return off <= unit, *((last, in_all) if plan.objective == "deadline" or plan.total is not None else (in_all, last))


def _most(plan, site, chip, unit, needs, few):
    """The most whole units of a chip that a site alone could have at the deadline, or more than are few."""
    ready = ready_quarter(site)
    if ready is not None and plan.deadline < ready:
        return 0
    limits = [(key, one.available(key, plan.deadline)) for one in plan.bounded if site.name in one.members
              for key in one.limits]
    ends = [end // unit for end in (plan.total, plan.supplied(chip, plan.deadline)) if end is not None]
    most, first = 0, 1
    while most == first - 1 and most <= few:  # while as many as were asked for last are borne
        last = first + ASKED
        found = needs.alone(plan, site, chip, [n * unit for n in range(first, last)])
        most = max((n for n, need in enumerate(found, first) if all(
            _holds(need[key], available) for key, available in limits)), default=most)
        first = last
    return int(min([most, *ends]))


def _holds(needed, available):
    return needed <= np.maximum(available, 0.0) * (1 + FORGIVEN) + FORGIVEN


class _Few:
    """Allocations of a quarter as a grid: an axis for each place (site, chip), a step for each whole unit."""

    def __init__(self, checked, places, sizes, units, needs):
        self.checked, self.plan, self.places = checked, checked.plan, places
        self.others = [site for site in self.plan.sites if site not in [one for one, _ in places]]
        self.all_units, self.units = units, [units[site.name, chip] for site, chip in places]
        self.counts, self.needed = [], []
        for axis, ((site, chip), size, unit) in enumerate(zip(places, sizes, self.units, strict=True)):
            counts = unit * np.arange(size)
            found = needs.alone(self.plan, site, chip, counts.tolist())
            shape = [size if n == axis else 1 for n in range(len(sizes))]
            self.counts.append(counts.reshape(shape))
            self.needed.append({key: np.reshape([one[key] for one in found], shape)
                                for one in self.plan.bounded if site.name in one.members for key in one.limits})

    @property
    def online(self):
        """Accelerators at all places."""
        return sum(self.counts)

    def end(self, above):
        """The sizes of the grid that ends with the most accelerators that fit at the deadline; None where none has more.

        The longest axis is gone through from its end on, until the others together have no more.
        """
        axis = max(range(len(self.counts)), key=lambda n: self.counts[n].size)
        best, found = above - sum(self.checked.cells[site.name, self.plan.deadline].online for site in self.others), None
        for step in range(self.counts[axis].size - 1, -1, -1):
            one = self._at(axis, step)
            online = one.online
            if online.max() <= best:
                break
            online = np.where(one._fits(self.plan.deadline), online, -1)
            if online.max() > best:
                at = np.unravel_index(online.argmax(), online.shape)
                best, found = online[at], [step + 1 if n == axis else here + 1 for n, here in enumerate(at)]
        return found

    def _at(self, axis, step):
        """The allocations with so many units at one place."""
        found = copy(self)
        found.counts, found.needed = list(self.counts), list(self.needed)
        here = tuple(slice(step, step + 1) if n == axis else slice(None) for n in range(len(self.counts)))
        found.counts[axis] = self.counts[axis][here]
        found.needed[axis] = {key: array[here] for key, array in self.needed[axis].items()}
        return found

    def best(self):
        """The accelerators at each place, quarter by quarter: what the plan counts the most of; None where nothing fits.

        Each allocation is given the most accelerator-quarters of any way to it, from those that may stand a quarter before.
        """
        plan, online = self.plan, self.online
        before = np.full(online.shape, -np.inf)
        before.flat[0] = 0
        reached = []
        for quarter in plan.quarters:
            for site, axes in self._axes():
                before = _latest(before, axes, [self.units[axis] for axis in axes], site.ramp)
            before = np.where(self._fits(quarter), before + online, -np.inf)
            reached.append(before)
        if not np.isfinite(before).any():
            return None
        if plan.objective == "deadline" or plan.total is not None:
            most = online[np.isfinite(before)].max()
            before = np.where(online == most, before, -np.inf)
        at = np.unravel_index(before.argmax(), before.shape)
        course = [at]
        for value in reached[-2::-1]:
            at = self._before(value, at)
            course.append(at)
        return [[int(step) * unit for step, unit in zip(at, self.units, strict=True)] for at in course[::-1]]

    def _axes(self):
        """[(site, its axes)]."""
        sites = {site.name: site for site, _ in self.places}
        return [(site, [axis for axis, (one, _) in enumerate(self.places) if one is site]) for site in sites.values()]

    def _before(self, value, at):
        """The best that may stand a quarter before an allocation, as an index."""
        until = tuple(slice(step + 1) for step in at)
        value = value[until]
        for site, axes in self._axes():
            if site.ramp is not None:
                added = sum(self.counts[axis].flat[at[axis]] - self.counts[axis][until] for axis in axes)
                value = np.where(added <= site.ramp, value, -np.inf)
        return np.unravel_index(value.argmax(), value.shape)

    def _fits(self, quarter):
        """Which allocations keep to limits, supply, total and mixes in a quarter."""
        plan, last = self.plan, quarter == self.plan.deadline
        stands = {site.name: self.checked.cells[site.name, quarter] for site in self.others}
        fits = np.ones(self.online.shape, dtype=bool)
        for site, axes in self._axes():
            ready = ready_quarter(site)
            if ready is not None and quarter < ready:
                fits &= sum(self.counts[axis] for axis in axes) == 0
        for one in plan.bounded:
            own = [axis for axis, (site, _) in enumerate(self.places) if site.name in one.members]
            for key in one.limits if own else ():
                there = sum(cell.needs[key] for name, cell in stands.items() if name in one.members)
                fits &= _holds(there + sum(self.needed[axis][key] for axis in own), one.available(key, quarter))

        def online(chip, sites):
            """Accelerators of a chip at some sites, by allocation."""
            return sum(stands[site.name].chips.get(chip, 0) for site in self.others if site in sites) + sum(
                count for (site, kind), count in zip(self.places, self.counts, strict=True)
                if kind == chip and site in sites)

        for chip in plan.supply:
            fits &= online(chip, plan.sites) <= plan.supplied(chip, quarter)
        if plan.total is not None and last:
            fits &= self.online + sum(cell.online for cell in stands.values()) <= plan.total
        for sites, mix in [*([(mixed(plan), plan.mix)] if last else []), *(([site], site.mix) for site, _ in self._axes())]:
            if len(mix) > 1 and sites:
                there = {chip: online(chip, sites) for chip, _ in mix}
                unit = max(self.all_units[site.name, chip] for site in sites for chip in site.kinds)
                for chip, share in mix:
                    fits &= np.abs(there[chip] - share * sum(there.values())) <= unit
        return fits


def _latest(value, axes, units, ramp):
    """The best of what may stand a quarter before at a site, by what stands: no more, and no less than its ramp lets in."""
    if ramp is None:
        for axis in axes:
            value = np.maximum.accumulate(value, axis)
        return value
    axis, steps = axes[0], min(int(ramp // units[0]), value.shape[axes[0]] - 1)
    if len(axes) == 1:
        return _within_steps(value, axis, steps)
    return np.maximum.reduce([_latest(_later(value, axis, step), axes[1:], units[1:], ramp - step * units[0])
                              for step in range(steps + 1)])


def _within_steps(value, axis, steps):
    """The largest value of so many steps before along an axis, or fewer."""
    done = 0
    while done < steps:
        more = min(done + 1, steps - done)
        value = np.maximum(value, _later(value, axis, more))
        done += more
    return value


def _later(value, axis, steps):
    """The values so many steps before along an axis; none at its beginning."""
    moved = np.full_like(value, -np.inf)
    ahead, behind = [[slice(None)] * value.ndim for _ in range(2)]
    ahead[axis], behind[axis] = slice(steps, None), slice(value.shape[axis] - steps)
    moved[tuple(ahead)] = value[tuple(behind)]
    return moved
