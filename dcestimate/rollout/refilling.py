"""More of an allocation before the deadline, where the full model leaves room that a linear programme did not see."""

from dataclasses import replace

from .check import check, limit_row
from .readiness import ready_quarter
from .rows import off_mix

CAREFUL = 0.9  # of the room that is guessed, since chips and sizes differ in what they need
MANY = 3_000  # places that are looked at, about: of a small plan again and again, of a large one once


def refilled(library, checked, units, needs, ceiling):
    """An allocation with whole units more in each quarter, up to what stands there a quarter later, the latest first.

    ``units`` {(site, chip): accelerators} are whole ones, ``ceiling`` {(site, quarter): {chip: accelerators}} what may
    stand there at most.
    """
    refill, looked = _Refill(checked, units, needs, ceiling), 0
    for amount in (refill.guess, refill.unit):
        while looked <= MANY and (more := refill.once(amount)):
            looked += more
    after = check(library, checked.plan, refill.counts, needs)
    return after if all(row in checked.broken or row.kind == "target" for row in after.broken) else checked


class _Refill:
    def __init__(self, checked, units, needs, ceiling):
        self.plan, self.units, self.needs, self.ceiling = checked.plan, units, needs, ceiling
        self.counts = {at: dict(cell.chips) for at, cell in checked.cells.items()}
        self.of_site = {at: cell.needs for at, cell in checked.cells.items()}
        self.online = {(chip, quarter): sum(checked.cells[one.name, quarter].chips.get(chip, 0) for one in self.plan.sites)
                       for chip in self.plan.supply for quarter in self.plan.quarters}

    def once(self, amount):
        """An ``amount`` more wherever it fits; how many places were looked at, 0 if none took any."""
        places = [(site, quarter, chip) for quarter in self.plan.quarters[-2::-1] for site in self.plan.sites
                  for chip in self._kinds(site, quarter)]
        units = [min(amount(site, quarter, chip), self._room(site, quarter, chip)) for site, quarter, chip in places]
        self.needs.ask(self.plan, [(site, chip, self.counts[site.name, quarter].get(chip, 0) + count)
                                   for (site, quarter, chip), count in zip(places, units, strict=True)])
        taken = [self._take(site, quarter, chip, count) for (site, quarter, chip), count in zip(places, units, strict=True)
                 if count <= self._room(site, quarter, chip)]
        return len(places) if any(taken) else 0

    def _kinds(self, site, quarter):
        """The chips of which a site that the allocation decides may have more, most of what is missing first."""
        ready = ready_quarter(site)
        decided = site.chips is None or self.plan.decided
        kinds = [chip for chip in site.kinds if decided and (ready is None or quarter >= ready)]
        return sorted((chip for chip in kinds if self._room(site, quarter, chip)),
                      key=lambda chip: -self._room(site, quarter, chip))

    def guess(self, site, quarter, chip):
        """Whole units that limits leave room for, were more to need as much as what stands there; one at least."""
        unit, online = self.unit(site, quarter, chip), sum(self.counts[site.name, quarter].values())
        shares = [one.available(key, quarter) / needed - 1 for one in self.plan.bounded if one.name == site.name
                  for key in one.limits if (needed := self.of_site[site.name, quarter][key]) > 0]
        return unit * max(int(CAREFUL * min(shares, default=0.0) * online // unit), 1)

    def unit(self, site, _, chip):
        """A whole unit."""
        return self.units[site.name, chip]

    def _room(self, site, quarter, chip):
        """Accelerators of a chip that may stand a quarter earlier, limits apart: in whole units, but for the last ones."""
        here = self.counts[site.name, quarter].get(chip, 0)
        room = [self.counts[site.name, quarter + 1].get(chip, 0) - here]
        if (site.name, quarter) in self.ceiling:
            room.append(self.ceiling[site.name, quarter].get(chip, 0) - here)
        unit = self.units[site.name, chip]
        if chip in self.plan.supply:
            room.append((self.plan.supplied(chip, quarter) - self.online[chip, quarter]) // unit * unit)
        if site.ramp is not None:
            before = self.counts.get((site.name, quarter - 1), {})
            added = sum(self.counts[site.name, quarter].values()) - sum(before.values())
            room.append((site.ramp - added) // unit * unit)
        return max(int(min(room)), 0)

    def _take(self, site, quarter, chip, count):
        """Whether so many more fit; then they are there."""
        at = site.name, quarter
        chips = {**self.counts[at], chip: self.counts[at].get(chip, 0) + count}
        if not self._in_mix(site, quarter, chips):
            return False
        one = replace(self.plan, sites=(site,), quarters=(quarter,))
        found = {**self.of_site, **self.needs.cells(one, {at: chips})}
        bounded = [one for one in self.plan.bounded if site.name in one.members]
        if any(limit_row(one, key, quarter, [found[name, quarter] for name in one.members]).broken
               for one in bounded for key in one.limits):
            return False
        self.counts[at], self.of_site = chips, found
        if (chip, quarter) in self.online:
            self.online[chip, quarter] += count
        return True

    def _in_mix(self, site, quarter, after):
        """Whether a site's own mix holds in a quarter, to a whole unit, or is no farther off than before."""
        if len(site.mix) < 2:
            return True
        unit = max(self.units[site.name, chip] for chip, _ in site.mix)
        off, was = (off_mix(counts, quarter, (site.name,), site.mix)
                    for counts in ({(site.name, quarter): after}, self.counts))
        return off <= max(unit, was)
