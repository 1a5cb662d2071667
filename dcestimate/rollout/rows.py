"""From a plan to the linear programme of its allocation."""

import numpy as np

from .programme import LARGEST, Programme
from .readiness import ready_quarter


def mixed(plan):
    """The sites that the fleet's mix is that of, together."""
    return [site for site in plan.sites if site.kinds == tuple(name for name, _ in plan.mix) and not site.mix]


def off_mix(counts, quarter, names, mix):
    """The most accelerators that a chip of a mix is off by in a quarter, at some sites together.

    ``counts`` are {(site, quarter): {chip: accelerators}}.
    """
    online = {chip: sum(counts[name, quarter].get(chip, 0) for name in names) for chip, _ in mix}
    return max(abs(online[chip] - share * sum(online.values())) for chip, share in mix)


class Columns:
    """Column numbers by (site, quarter, chip), a column for whole units of what may stand there."""

    def __init__(self, plan):
        self.all = [(site.name, quarter, chip) for site in plan.sites for quarter in plan.quarters for chip in site.kinds]
        self._number = {at: n for n, at in enumerate(self.all)}

    def __getitem__(self, at):
        return self._number[at]

    def at(self, plan, quarter, sites=None):
        """[(column, site, chip)] of a quarter, of some sites or of all."""
        return [(self._number[site.name, quarter, chip], site.name, chip) for site in plan.sites
                if sites is None or site.name in sites for chip in site.kinds]


class Rows:
    """The programmes of a plan.

    ``per`` {(site, chip): {key: SI}} is what an accelerator needs, ``units`` {(site, chip): accelerators} of a whole unit;
    ``floor`` and ``ceiling`` {(site, quarter): {chip: accelerators}} bound the allocation, ``most`` {chip: accelerators} of
    the fleet at the deadline. Where a floor needs more than a limit or another row has, by these straight lines, it still
    fits the rows: the check decides.
    """

    def __init__(self, plan, per, units, floor, ceiling, most):
        self.plan, self.per, self.units, self.floor, self.ceiling, self.most = plan, per, units, floor, ceiling, most
        self.columns = Columns(plan)

    def programme(self, counted):
        """The most accelerators online in the quarters that are counted."""
        plan, columns = self.plan, self.columns
        size = np.array([self.units[name, chip] for name, _, chip in columns.all], float)
        counts = np.array([quarter in counted for _, quarter, _ in columns.all])
        lower, upper = np.zeros(len(size)), np.full(len(size), np.inf)
        ramped = {site.name for site in plan.sites if site.ramp is not None}  # what is added to part of a unit is not whole
        ready = {site.name: ready_quarter(site) for site in plan.sites}
        for n, (name, quarter, chip) in enumerate(columns.all):
            if (name, quarter) in self.ceiling:
                upper[n] = self.ceiling[name, quarter].get(chip, 0) / size[n]
            if ready[name] is not None and quarter < ready[name]:
                upper[n] = 0.0
            if (name, quarter) in self.floor:
                lower[n] = self.floor[name, quarter].get(chip, 0) / size[n]
                upper[n] = max(lower[n], upper[n])
        whole = counts | np.array([name in ramped for name, *_ in columns.all])
        whole = (whole if whole.sum() <= LARGEST else counts) & (np.ceil(lower) <= upper)
        found = Programme(size * counts, lower, upper, whole)
        for one in plan.bounded:
            self._limits(found, one)
        for site in plan.sites:
            self._course(found, site)
        for chip in plan.supply:
            for quarter in plan.quarters:
                online = self._accelerators(quarter, chip)
                _at_most(found, ("supply", "", quarter, chip), online, plan.supplied(chip, quarter))
        if plan.total is not None:
            _at_most(found, ("target", "", plan.deadline, "total"), self._accelerators(plan.deadline), plan.total)
        for chip, most in self.most.items():
            _at_most(found, ("kept", "", plan.deadline, chip), self._accelerators(plan.deadline, chip), most)
        free = [site.name for site in mixed(plan)]
        self._mixed(found, "", plan.deadline, plan.mix, columns.at(plan, plan.deadline, free))
        return found

    def _accelerators(self, quarter, chip=None):
        return [(n, self.units[name, kind]) for n, name, kind in self.columns.at(self.plan, quarter)
                if chip in (None, kind)]

    def _limits(self, found, one):
        for key in one.limits:
            for quarter in self.plan.quarters:
                terms = [(n, self.per[name, chip][key] * self.units[name, chip])
                         for n, name, chip in self.columns.at(self.plan, quarter, one.members)]
                _at_most(found, ("limit", one.name, quarter, key), terms, one.available(key, quarter))

    def _course(self, found, site):
        """What stands stays, no more is added in a quarter than the ramp, and a mix of the site's own holds throughout."""
        before = {}
        for quarter in self.plan.quarters:
            now = {chip: self.columns[site.name, quarter, chip] for chip in site.kinds}
            for chip, n in now.items() if before else ():
                found.row(("order", site.name, quarter, chip), [(n, 1.0), (before[chip], -1.0)], low=0.0)
            if site.ramp is not None:
                terms = [(n, sign * self.units[site.name, chip]) for sign, some in ((1, now), (-1, before))
                         for chip, n in some.items()]
                _at_most(found, ("ramp", site.name, quarter, "ramp"), terms, site.ramp)
            self._mixed(found, site.name, quarter, site.mix, self.columns.at(self.plan, quarter, (site.name,)))
            before = now

    def _mixed(self, found, name, quarter, mix, columns):
        """Shares of a mix hold, to a whole unit where units are whole, if there is anything to choose."""
        free = any(found.lower[n] < found.upper[n] for n, *_ in columns)
        for chip, share in mix if len(mix) > 1 and free else ():
            terms = [(n, self.units[site, kind] * ((kind == chip) - share)) for n, site, kind in columns]
            unit = max(self.units[site, kind] for _, site, kind in columns)
            found.row(("mix", name, quarter, chip), terms, low=0.0, high=0.0, loose=unit)


def _at_most(found, name, terms, high):
    """Add a row that is at most what is stated, or what must stand there already takes of it: the check tells of that."""
    taken = sum(value * (found.lower[n] if value > 0 else found.upper[n]) for n, value in terms if value)
    found.row(name, terms, high=max(high, taken))
