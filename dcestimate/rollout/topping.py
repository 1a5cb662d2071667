"""What rounding an allocation to whole systems, racks and halls leaves over, stood where there is room."""

from dataclasses import dataclass, replace

import numpy as np

from .check import check, limit_row

MOVED = (1, 2, 4, 8)  # units of another chip that move for one of a chip that is missing
TRIED = 24  # exchanges looked at, at most


def topped(library, checked, units, needs, bounds):
    """An allocation with what rounding leaves over at the deadline, up to the total.

    First whole systems, racks or halls wherever they fit, where most room is first. While the total still lacks some, units
    of another chip move to where that one has room, to make room for one of a chip that is missing; at most ``TRIED`` such
    exchanges are looked at. At last a part of a system stands at one site; racks and halls stay whole. ``bounds`` are
    (floor, ceiling, most) of :func:`~dcestimate.rollout.allocate.allocate`.
    """
    top = _Top(library, checked.plan, units, needs, *bounds)
    if top.missing(checked):
        checked = top.spread(checked, units)
    if 0 < top.missing(checked) <= sum(units.values()):  # more than that is what limits leave, not rounding
        checked = top.exchanged(checked)
    left = {at: min(unit, top.missing(checked, at[1]) or unit) for at, unit in units.items() if at[0] in top.sites}
    parts = {at: some for at, some in left.items() if some == units[at] or top.sites[at[0]].whole == "system"}
    return top.spread(checked, parts) if top.missing(checked) else checked


@dataclass(frozen=True)
class _Top:
    """What an allocation may be topped up with."""

    library: object
    plan: object
    units: dict
    needs: object
    floor: dict
    ceiling: dict
    most: dict

    @property
    def sites(self):
        """The sites that the allocation decides, by name."""
        return {one.name: one for one in self.plan.sites if one.chips is None or self.plan.decided}

    def missing(self, checked, chip=None):
        """Accelerators, or those of one chip, that the total lacks, that are supplied and that the fleet may have."""
        lacking = max(self.plan.total - int(checked.online(self.plan.deadline)), 0)
        if chip is None:
            return lacking
        ends = self.plan.supplied(chip, self.plan.deadline), self.most.get(chip)
        online = sum(self._there(checked, name, chip) for name in (one.name for one in self.plan.sites))
        return max(int(min([lacking, *(end - online for end in ends if end is not None)])), 0)

    def _there(self, checked, name, chip, quarter=None):
        return checked.cells[name, quarter or self.plan.deadline].chips.get(chip, 0)

    def spread(self, checked, units, kinds=None, away=()):
        """With more units of what is missing wherever they fit: one, then twice as many, and so on."""
        places = [(one.name, chip) for one in sorted(self.sites.values(), key=lambda one: -_margin(checked, one.name))
                  for chip in one.kinds if chip in (kinds or one.kinds) and one.name not in away
                  and (one.name, chip) in units and self.missing(checked, chip) >= units[one.name, chip]]
        self._ask(checked, places, units)
        for at in places:
            times = 1
            while times and (room := self.missing(checked, at[1]) // units[at]):
                times = min(times, room)
                found = self._with(checked, {at: times * units[at]})
                checked, times = (found, 2 * times) if found else (checked, times // 2)
        return checked

    def _ask(self, checked, places, units):
        """What one unit more needs at each place, asked of the model together: the checks that follow take less time."""
        last = replace(self.plan, quarters=(self.plan.deadline,))
        places = [at for at in places if self._counted(checked, {at: units[at]})]
        for chip in dict.fromkeys(chip for _, chip in places):
            counts = {at: dict(cell.chips) for at, cell in checked.cells.items() if at[1] == self.plan.deadline}
            for name in (name for name, kind in places if kind == chip):
                counts[name, self.plan.deadline][chip] += units[name, chip]
            self.needs.cells(last, counts)

    def exchanged(self, checked):
        """With units of another chip moved away for those that are missing."""
        tries, online = TRIED, -1
        while tries > 0 and online < checked.online(self.plan.deadline):
            online = checked.online(self.plan.deadline)
            for wanted, given in self._pairs(checked):
                while tries > 0 and self.missing(checked, wanted[1]):
                    found = self._exchange(checked, wanted, given)
                    tries -= 1
                    if not found:
                        break
                    checked = found
        return checked

    def _pairs(self, checked):
        """((site, chip that is missing), (site, other chip)) of what stands at a site or shares a limit with it."""
        for one in self.sites.values():
            names = {one.name, *(name for some in self.plan.shared if one.name in some.members for name in some.members)}
            for chip in one.kinds:
                for other in (name for name in self.sites if name in names and self.missing(checked, chip)):
                    yield from (((one.name, chip), (other, kind)) for kind in self.sites[other].kinds if kind != chip)

    def _exchange(self, checked, wanted, given):
        """With one unit more of ``wanted`` (site, chip) where a few of ``given`` make room and stand elsewhere; or None."""
        unit = self.units[wanted]
        if self.sites[wanted[0]].whole == "system":
            unit = min(unit, self.missing(checked, wanted[1]))
        if self.missing(checked, wanted[1]) < unit:
            return None
        for times in MOVED:
            moved = times * self.units[given]
            if moved > self._free(checked, given):
                return None
            found = self._with(checked, {given: -moved, wanted: unit})
            if found:
                found = self.spread(found, self.units, (given[1],), (given[0],))
                return found if found.online(self.plan.deadline) > checked.online(self.plan.deadline) else None
        return None

    def _free(self, checked, at):
        """Accelerators at the deadline that need not stand where they do."""
        name, chip = at
        earlier = self.plan.deadline - 1
        kept = self._there(checked, name, chip, earlier) if (name, earlier) in checked.cells else 0
        return self._there(checked, name, chip) - max(kept, self.floor.get((name, self.plan.deadline), {}).get(chip, 0))

    def _with(self, checked, more):
        """The allocation with more accelerators {(site, chip): count} at the deadline, if nothing but the total breaks that
        did not before, as what stands at a site already may.
        """
        counts = self._counted(checked, more)
        if counts is None or not self._has_room(checked, counts, {name for name, _ in more}):
            return None
        found = check(self.library, self.plan, counts, self.needs)
        return found if all(row.kind == "target" or row in checked.broken for row in found.broken) else None

    def _counted(self, checked, more):
        """The counts with more accelerators at the deadline, if they are within the ceiling and in the mixes."""
        counts = {place: dict(cell.chips) for place, cell in checked.cells.items()}
        for (name, chip), count in more.items():
            at = name, self.plan.deadline
            counts[at][chip] = counts[at].get(chip, 0) + count
            if at in self.ceiling and counts[at][chip] > self.ceiling[at].get(chip, 0):
                return None
        return counts if self._mixed(counts, {name for name, _ in more}) else None

    def _has_room(self, checked, counts, names):
        """Whether limits hold at the deadline with other counts at some sites: what most fail by, told soonest."""
        quarter = self.plan.deadline
        few = replace(self.plan, quarters=(quarter,), sites=tuple(one for one in self.plan.sites if one.name in names))
        needs = {name: cell.needs for (name, at), cell in checked.cells.items() if at == quarter}
        needs |= {name: found for (name, _), found in self.needs.cells(few, counts).items()}
        return not any(limit_row(one, key, quarter, [needs[name] for name in one.members]).broken
                       for one in self.plan.bounded if not names.isdisjoint(one.members) for key in one.limits)

    def _mixed(self, counts, names):
        """Whether mixes hold at the deadline, to a whole unit: those of sites, and the fleet's where sites have none."""
        fleet = tuple(name for name, _ in self.plan.mix)
        free = [one.name for one in self.plan.sites if one.kinds == fleet and not one.mix]
        mixes = [((name,), self.sites[name].mix) for name in names] + [(free, self.plan.mix)] * bool({*names} & {*free})
        for members, mix in mixes:
            online = {chip: sum(counts[name, self.plan.deadline].get(chip, 0) for name in members) for chip, _ in mix}
            unit = max((self.units[name, chip] for name in members for chip, _ in mix), default=0)
            if any(abs(online[chip] - share * sum(online.values())) > unit for chip, share in mix if len(mix) > 1):
                return False
        return True


def _margin(checked, name):
    """The least room of a site at the deadline."""
    rows = [row for row in checked.rows if row.site == name and row.quarter == checked.plan.deadline]
    return min((row.margin for row in rows), default=np.inf)
