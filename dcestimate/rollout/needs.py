"""What sites need: the model asked once for each site, its designs and its accelerators."""

from dataclasses import replace

import numpy as np

from ..estimation import estimate
from ..figures import figures
from ..limits import ADDITIVE
from ..parts import evaluate
from ..request import lines

RESULTS = [kind.result for kind in ADDITIVE.values()]
MANY = 1000  # systems of which the power of one is known well
NEAR = 0.9  # of what proportion says, where the systems of a hall are looked for


def site_lines(library, plan, site, chips):
    """The lines of work of a site with so many accelerators of each chip or system."""
    found = []
    for name, count in chips.items():
        if count:
            found += lines(library, int(count), name, site.region, workload=plan.workload, settings=plan.settings,
                           **dict(site.designs))
    return found


class Needs:
    """What sites need; plans that differ in limits, dates, counts and designs may share one, so that little is asked twice.

    :raises InfeasibleError: from each question, when a system cannot be built as its site asks.
    """

    def __init__(self, library):
        self.library, self._lines, self._alone, self._sites = library, {}, {}, {}

    def _line(self, plan, site, chip, count):
        key = _key(plan, site, chip)
        if key not in self._lines:
            self._lines[key] = site_lines(self.library, plan, site, {chip: 1})[0]
        return replace(self._lines[key], count=int(count))

    def cells(self, plan, counts):
        """{(site, quarter): {key: SI}} of ``counts`` {(site, quarter): {chip: accelerators}}."""
        asked, places = {}, {}
        for site in plan.sites:
            for quarter in plan.quarters:
                chips = tuple(sorted((name, count) for name, count in counts[site.name, quarter].items() if count))
                key = places[site.name, quarter] = site.name, site.designs, chips
                if key not in self._sites:
                    asked[key] = site
        self.ask(plan, [(site, *pair) for key, site in asked.items() for pair in key[-1]])
        for key, site in asked.items():
            each = [self._alone[*_key(plan, site, chip), count] for chip, count in key[-1]]
            online = sum(count for _, count in key[-1])
            self._sites[key] = ({name: sum(one[name] for one in each) for name in ADDITIVE}
                                | {name: online * own for name, own in site.per_accelerator.items()})
        return {at: self._sites[key] for at, key in places.items()}

    def alone(self, plan, site, chip, counts):
        """[{key: SI}] of some counts of one chip at a site; overrides as given."""
        self.ask(plan, [(site, chip, count) for count in counts if count])
        return [(self._alone[*_key(plan, site, chip), count] if count else dict.fromkeys(ADDITIVE, 0.0))
                | {key: count * own for key, own in site.per_accelerator.items()} for count in counts]

    def ask(self, plan, wanted):
        """Find out together what is not known of (site, chip, accelerators)."""
        new = {key: one for one in wanted if (key := (*_key(plan, *one[:2]), one[2])) not in self._alone}
        done = self._estimated([self._line(plan, *one) for one in new.values()])
        self._alone |= {key: _needs(found) for key, found in zip(new, done, strict=True)}

    def per_accelerator(self, plan, counts):
        """{(site, chip): {key: SI}} of an accelerator among ``counts`` {(site, chip): accelerators}; overrides as given."""
        sites = {site.name: site for site in plan.sites}
        done = self._estimated([self._line(plan, sites[name], chip, count) for (name, chip), count in counts.items()])
        return {at: {key: value / count for key, value in _needs(one).items()} | sites[at[0]].per_accelerator
                for (at, count), one in zip(counts.items(), done, strict=True)}

    def units(self, plan):
        """{(site, chip): accelerators} of what a site is built in whole ones of: systems, racks or halls."""
        return {(site.name, chip): _unit(site.whole, figures(self.library, self._line(plan, site, chip, 1)))
                for site in plan.sites for chip in site.kinds}

    def _estimated(self, asked):
        return estimate(self.library, asked, RESULTS).deployments if asked else ()


def _key(plan, site, chip):
    return site.region, site.designs, chip, plan.workload, plan.settings


def _needs(deployment):
    return {key: deployment.amount(limit.result) for key, limit in ADDITIVE.items()}


def _unit(whole, found):
    """Accelerators of a system, of a rack full of systems, or of the systems whose critical IT power a hall holds."""
    each = round(found.values["accelerators_per_system"])
    if whole == "system":
        return each
    if whole == "rack":
        return each * max(int(evaluate([found], [0], [each], only=["systems_per_rack"])["systems_per_rack"].item()), 1)
    power = found.values["block_capacity"] if whole == "hall" else whole
    guess = power * MANY / _critical(found, [MANY * each])[0]
    counts = np.arange(max(int(guess * NEAR), 1), int(guess / NEAR) + 2)
    fits = counts[_critical(found, counts * each) <= power]
    return each * int(fits.max(initial=1))


def _critical(found, accelerators):
    """Critical IT power [SI] of some counts."""
    power = evaluate([found], [0] * len(accelerators), accelerators, only=["critical_it_power"])["critical_it_power"]
    return np.broadcast_to(power[0, :, 0, 0], len(accelerators))
