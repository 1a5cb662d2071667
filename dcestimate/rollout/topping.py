"""What rounding an allocation to whole systems, racks and halls leaves over, stood where there is room."""

from dataclasses import dataclass, replace
from itertools import permutations, product
from math import ceil, lcm

import numpy as np

from .check import Cell, check, limit_row
from .readiness import ready_quarter
from .rows import mixed, off_mix

MOVED = (1, 2, 4, 8)  # units of another chip that move for one of a chip that is missing
TRIED = 24  # exchanges looked at, at most
PARTS = (2, 4, 1)  # what stands at a site over what moves to another
ASKED = range(1, 6)  # times that units are doubled, of which the needs are asked together
ENDLESS = 10**12  # accelerators


def topped(library, checked, units, needs, bounds):
    """An allocation with what rounding leaves over at the deadline, up to the total if there is one.

    First whole systems, racks or halls wherever they fit, where most room is first. While more may stand, units of another
    chip move to where that one has room, to make room for one of a chip that is missing, and part of what stands at one
    site moves to another that shares a limit with it, as plant comes in steps; at most ``TRIED`` of each are looked at. At
    last a part of a system stands at one site, and a hall is filled in part where that meets the total; racks stay whole.
    ``bounds`` are (floor, ceiling, most) of :func:`~dcestimate.rollout.allocate.allocate`.
    """
    top = _Top(library, checked.plan, units, needs, *bounds)
    if top.missing(checked):
        checked = top.moved(top.spread(checked, units))
    if top.missing(checked):
        checked = top.exchanged(checked)
    left = {at: min(unit, top.missing(checked, at[1]) or unit) for at, unit in units.items() if at[0] in top.sites}
    parts = {at: some for at, some in left.items() if some == units[at] or top.sites[at[0]].whole == "system"
             or (top.sites[at[0]].whole != "rack" and some == top.missing(checked))}
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
        """Accelerators, or those of one chip, that the total lacks, that are supplied and that the fleet may have; without
        end where none of these limits.
        """
        total = self.plan.total if self.plan.total is not None else ENDLESS
        lacking = max(total - int(checked.online(self.plan.deadline)), 0)
        if chip is None:
            return lacking
        ends = self.plan.supplied(chip, self.plan.deadline), self.most.get(chip)
        online = sum(self._there(checked, name, chip) for name in (one.name for one in self.plan.sites))
        return max(int(min([lacking, *(end - online for end in ends if end is not None)])), 0)

    def _there(self, checked, name, chip, quarter=None):
        return checked.cells[name, quarter or self.plan.deadline].chips.get(chip, 0)

    def spread(self, checked, units, kinds=None, away=()):
        """With more units of what is missing wherever they fit, of one chip or of a mix: one, then twice as many, and so
        on, until no place takes more.
        """
        online = -1
        while online < checked.online(self.plan.deadline) and self.missing(checked):
            online = checked.online(self.plan.deadline)
            places = [(one.name, mix) for one in sorted(self.sites.values(), key=lambda one: -_margin(checked, one.name))
                      if one.name not in away for mix in self._mixes(one, kinds)
                      if all((one.name, chip) in units and self.missing(checked, chip) >= units[one.name, chip]
                             for chip in mix)]
            self._ask(checked, [(name, *mix) for name, mix in places if len(mix) == 1], units)
            found = self._spread(checked, places, units, self._at_deadline)
            counts = {at: cell.chips for at, cell in found.cells.items()}
            found = self._unbroken(checked, check(self.library, self.plan, counts, self.needs))
            checked = found or self._spread(checked, places, units, self._with)
        return checked

    def _spread(self, checked, places, units, with_more):
        for name, mix in places:
            largest = max(units[name, chip] for chip in mix)  # of each chip one unit at least
            least = times = ceil(max(units[name, chip] / (share * largest) for chip, share in mix.items() if share))
            while times >= least:
                found = self._more(checked, name, mix, units, times, with_more)
                checked, times = (found, 2 * times) if found else (checked, times // 2)
        return checked

    def _mixes(self, site, kinds):
        """What may be added to a site together, {chip: share}: each chip alone, and the mix that it is part of."""
        yield from ({chip: 1.0} for chip in site.kinds if chip in (kinds or site.kinds))
        mix = site.mix or self.plan.mix
        if kinds is None and len(mix) > 1 and site.kinds == tuple(chip for chip, _ in mix):
            yield dict(mix)

    def _more(self, checked, name, mix, units, times, with_more):
        """The allocation with so many of the largest units more of a mix, each chip in whole ones, if they fit; or None."""
        largest = max(units[name, chip] for chip in mix)
        more = {(name, chip): round(share * times * largest / units[name, chip]) * units[name, chip]
                for chip, share in mix.items()}
        if sum(more.values()) > self.missing(checked) or any(count > self.missing(checked, chip)
                                                             for (_, chip), count in more.items()):
            return None
        return with_more(checked, more) if any(more.values()) else None

    def moved(self, checked):
        """With part of what stands at a site moved to another that shares a limit with it, where more fits then; earlier
        quarters too have as many as before.
        """
        tries = TRIED
        for one in self.plan.shared:
            for here, there in permutations((name for name in one.members if name in self.sites), 2):
                for chip in (chip for chip in self.sites[here].kinds if chip in self.sites[there].kinds):
                    for quarter, part in product((None, self.plan.quarters[0]), PARTS):
                        if tries == 0 or not self.missing(checked):
                            return checked
                        unit = lcm(self.units[here, chip], self.units[there, chip])
                        count = self._free(checked, (here, chip), quarter) // part // unit * unit
                        if count <= 0:
                            continue
                        tries -= 1
                        found = self._with(checked, {(here, chip): -count, (there, chip): count})
                        found = found and self.spread(found, self.units)
                        if found and found.online(self.plan.deadline) > checked.online(self.plan.deadline):
                            checked = found
        return checked

    def _ask(self, checked, places, units):
        """What more needs at each place, one unit, three, seven and so on, asked of the model together."""
        wanted = []
        for name, chip in places:
            there, left, unit = self._there(checked, name, chip), self.missing(checked, chip), units[name, chip]
            wanted += [(self.plan.site(name), chip, there + count) for times in ASKED
                       if (count := ((1 << times) - 1) * unit) <= left]
        self.needs.ask(self.plan, wanted)

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
            if moved > self._free(checked, given, self.plan.deadline - 1):
                return None
            found = self._with(checked, {given: -moved, wanted: unit})
            if found:
                found = self.spread(found, self.units, (given[1],), (given[0],))
                found = self.spread(found, self.units, (wanted[1],))
                return found if found.online(self.plan.deadline) > checked.online(self.plan.deadline) else None
        return None

    def _free(self, checked, at, since=None):
        """Accelerators at the deadline that need not stand where they do, nor stood there in a quarter before."""
        name, chip = at
        kept = self._there(checked, name, chip, since) if (name, since) in checked.cells else 0
        least = self.floor.get((name, self.plan.deadline), {}).get(chip, 0)
        return int(self._there(checked, name, chip) - max(kept, least))

    def _with(self, checked, more):
        """The allocation with more accelerators {(site, chip): count} at the deadline, if nothing but the total breaks that
        did not before, as what stands at a site already may.
        """
        counts = self._counted(checked, more)
        if counts is None or not self._has_room(checked, counts, {name for name, _ in more}):
            return None
        return self._unbroken(checked, check(self.library, self.plan, counts, self.needs))

    def _at_deadline(self, checked, more):
        """As ``_with``, where nothing moves: only what more at the deadline may break is looked at, and rows stay as they
        were.
        """
        counts, quarter = self._counted(checked, more), self.plan.deadline
        names = {name for name, _ in more}
        if counts is None or not self._has_room(checked, counts, names):
            return None
        few = replace(self.plan, quarters=(quarter,), sites=tuple(self.plan.site(name) for name in names))
        cells = {at: Cell(counts[at], needs) for at, needs in self.needs.cells(few, counts).items()}
        for name in names:
            site, before = self.sites[name], checked.cells.get((name, quarter - 1))
            ready, added = ready_quarter(site), cells[name, quarter].online - (before.online if before else 0)
            if (ready is not None and quarter < ready) or (site.ramp is not None and added > site.ramp):
                return None
        return replace(checked, cells={**checked.cells, **cells})

    @staticmethod
    def _unbroken(before, after):
        """The allocation, if nothing but the total breaks that did not before."""
        return after if all(row.kind == "target" or row in before.broken for row in after.broken) else None

    def _counted(self, checked, more):
        """The counts with more accelerators at the deadline, if they are within the bounds and in the mixes.

        What a site has fewer of than stood there earlier stands then where the others of its chip move to.
        """
        counts = {place: dict(cell.chips) for place, cell in checked.cells.items()}
        for (name, chip), count in more.items():
            here = counts[name, self.plan.deadline]
            here[chip] = here.get(chip, 0) + count
            for quarter in self.plan.quarters[:-1] if count < 0 else ():
                gone = max(counts[name, quarter].get(chip, 0) - here[chip], 0)
                there = next((site for (site, kind), some in more.items() if kind == chip and some > 0), None)
                if gone and there is None:
                    return None
                if gone:
                    counts[name, quarter][chip] -= gone
                    counts[there, quarter][chip] = counts[there, quarter].get(chip, 0) + gone
        names = {name for name, _ in more}
        return counts if self._bounded(counts, names) and self._mixed(checked, counts, names) else None

    def _bounded(self, counts, names):
        """Whether what stands at some sites is within the floor and the ceiling."""
        return all(counts[at].get(chip, 0) >= count for at, chips in self.floor.items() if at[0] in names
                   for chip, count in chips.items()) and all(
            count <= chips.get(chip, 0) for at, chips in self.ceiling.items() if at[0] in names
            for chip, count in counts[at].items())

    def _has_room(self, checked, counts, names):
        """Whether limits hold at the deadline with other counts at some sites: what most fail by, told soonest."""
        quarter = self.plan.deadline
        few = replace(self.plan, quarters=(quarter,), sites=tuple(one for one in self.plan.sites if one.name in names))
        needs = {name: cell.needs for (name, at), cell in checked.cells.items() if at == quarter}
        needs |= {name: found for (name, _), found in self.needs.cells(few, counts).items()}
        return not any(limit_row(one, key, quarter, [needs[name] for name in one.members]).broken
                       for one in self.plan.bounded if not names.isdisjoint(one.members) for key in one.limits)

    def _mixed(self, checked, counts, names):
        """Whether mixes hold at the deadline, to a whole unit, or are no farther off than before: those of sites, and the
        fleet's where sites have none.
        """
        free = [one.name for one in mixed(self.plan)]
        mixes = [((name,), self.sites[name].mix) for name in names] + [(free, self.plan.mix)] * bool({*names} & {*free})
        before = {at: cell.chips for at, cell in checked.cells.items()}
        for members, mix in mixes:
            unit = max((self.units[name, chip] for name in members for chip, _ in mix), default=0)
            off, was = (off_mix(some, self.plan.deadline, members, mix) if len(mix) > 1 else 0 for some in (counts, before))
            if off > max(unit, was):
                return False
        return True


def _margin(checked, name):
    """The least room of a site at the deadline."""
    rows = [row for row in checked.rows if row.site == name and row.quarter == checked.plan.deadline]
    return min((row.margin for row in rows), default=np.inf)
