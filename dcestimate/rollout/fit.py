"""Changes that make a plan fit, each verified by checking the plan so changed.

Of a plan that says itself what stands where, a step less of each change was seen to fail: a thousandth of a limit in a
quarter, one system, a quarter of a year, a site, a hundredth of a mix. Where the allocation is left open, that holds of
dates, sites and mixes, and of limits only while all are raised by the same share.
"""

from dataclasses import dataclass, replace

from ..amounts import percent
from ..errors import DcestimateError, InfeasibleError
from .allocate import allocate, promised
from .borne import borne
from .changes import delayed, raised, redesigned, shifted, short_sites
from .check import check
from .needs import Needs
from .raises import asked, stated, words

LATEST = 12  # quarters that a date is moved at most
MOST = 9  # times as much again that limits of an allocation are raised at most
STOPS = 4  # times that limits are looked for which stop an allocation once those before are raised
NEARLY = 0.98  # of the total that a linear programme promises, for an allocation to be looked at
SITES = 12  # of an allocation for which other designs are tried
SHARE = 0.01  # the step in which a mix is changed, and in which limits of an allocation are raised
STANDING = ("fixed-overhead", "operator-fleet", "operator-colocation")  # cooling that stands for plant not modelled


@dataclass(frozen=True)
class Repair:
    """A change that makes a plan fit: its kind, in words, and the plan so changed with its check."""

    kind: str
    text: str
    checked: object


def repairs(library, plan):
    """Repairs of a plan that does not fit, of as many kinds as there are; the plan's own check first.

    :returns: (Checked, [Repair]); no repairs where the plan fits.
    """
    trial = _Trial(library)
    checked = trial(plan)
    if checked.feasible:
        return checked, []
    kinds = (_more, _moved, _later, _redesigned, _other_chip, _fewer)
    return checked, [repair for kind in kinds for repair in kind(trial, plan, checked)]


class _Trial:
    """Checks plans, or allocates those that leave it open."""

    def __init__(self, library):
        self.library, self.needs, self._borne = library, Needs(library), None

    def __call__(self, plan, counts=None):
        if plan.decided or counts:
            return check(self.library, plan, counts, self.needs)
        return allocate(self.library, plan, self.needs).checked

    def works(self, plan):
        """The plan checked, if it fits; None for one that does not, or that cannot be built."""
        try:
            if not plan.decided and plan.total and promised(plan, self.needs) < NEARLY * plan.total:
                return None
            found = self(plan)
        except DcestimateError:  # a design that these systems cannot have, or rows that conflict
            return None
        return found if found.feasible else None

    def borne(self, plan):
        """What the plan's sites bear of it."""
        if self._borne is None:
            self._borne = borne(self.library, plan, self.needs)
        return self._borne


def _smallest(works, low, high):
    """The smallest whole number in (low, high] for which ``works`` gives something, with what it gave; or None."""
    best = works(high)
    if not best:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = works(middle)
        low, high, best = (low, middle, found) if found else (middle, high, best)
    return high, best


def _more(trial, plan, checked):
    """More of what is short, where and when it is short: each limit in each quarter by just what its own steps ask."""
    if not plan.decided:
        yield from _more_to_allocate(trial, plan)
        return
    more = asked(plan, checked)
    found = more and trial.works(raised(plan, more))
    if found:
        yield Repair("more", words(more), found)


def _more_to_allocate(trial, plan):
    """More of the limits that stop an allocation, all by the same share, and no more in a quarter than is then used."""
    first = _stopping(trial, plan)
    found = first and _smallest(lambda steps: trial.works(raised(plan, _by_share(plan, first, steps * SHARE))), 0,
                                round(MOST / SHARE))
    if found:
        steps, after = found
        used = asked(plan, check(trial.library, plan, {at: cell.chips for at, cell in after.cells.items()}, trial.needs))
        less = used and trial.works(raised(plan, used))
        yield Repair("more", words(used if less else _by_share(plan, first, steps * SHARE)), less or after)


def _stopping(trial, plan):
    """{(name, key): Quarter} since when limits stop an allocation, those beside that do once the first are raised."""
    first = {}
    for _ in range(STOPS):
        worths = allocate(trial.library, raised(plan, _by_share(plan, first, MOST)), trial.needs).worths
        before = dict(first)
        for kind, name, quarter, key in (worth.name for worth in worths):
            if kind == "limit":
                first[name, key] = min(quarter, first.get((name, key), quarter))
        if first == before:
            break
    return first


def _by_share(plan, first, share):
    """More of each limit from its quarter on, the same share of the most that it is stated to be."""
    return {at: {since: share * max(stated(plan, *at))} for at, since in first.items()}


def _moved(trial, plan, checked):
    """Accelerators that their sites do not bear, at sites that have room; of each chip as many as planned."""
    if not plan.decided or not any(row.site for row in checked.broken):
        return
    kept = {at: cell.chips for at, cell in trial.borne(plan).cells.items()}
    planned = {site.name: site.planned(plan.deadline) for site in plan.sites}
    most = {}
    for chip, count in (pair for chips in planned.values() for pair in chips.items()):
        most[chip] = most.get(chip, 0) + count
    open_ = replace(plan, total=max(plan.total or 0, sum(most.values())), mix=(),
                    sites=tuple(replace(site, mix=()) for site in plan.sites))
    try:
        found = allocate(trial.library, open_, trial.needs, floor=kept, most=most).checked
    except InfeasibleError:
        return
    gained = {site.name: found.cells[site.name, plan.deadline].online - sum(planned[site.name].values())
              for site in plan.sites}
    away, to = ([(name, n) for name, n in gained.items() if n * sign > 0] for sign in (-1, 1))
    if found.feasible and away:
        yield Repair("move", f"move {sum(-n for _, n in away):,.0f} accelerators from {_list(away)} to {_list(to)}", found)


def _list(pairs):
    """Sites with what they lose or gain, the most first; what is less than a hundredth of it all is not named."""
    pairs = sorted(((name, abs(n)) for name, n in pairs), key=lambda pair: -pair[1])
    named = [pair for pair in pairs if pair[1] >= sum(n for _, n in pairs) / 100]
    texts = [f"{name} ({n:,.0f})" for name, n in named]
    rest = [n for _, n in pairs[len(named):]]
    texts += [f"{len(rest)} more ({sum(rest):,.0f})"] if rest else []
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]


def _later(trial, plan, checked):
    """What does not fit held back where that is enough, or else the same plan so many quarters later."""
    if plan.decided:
        held = trial.borne(plan)
        if held.online(plan.deadline) == checked.online(plan.deadline):
            after = trial(plan, {at: cell.chips for at, cell in held.cells.items()})
            most = {site.name: max((checked.cells[site.name, q].online - held.cells[site.name, q].online, q)
                                   for q in plan.quarters) for site in plan.sites}
            late = [f"{count:,.0f} in {name} after {quarter}" for name, (count, quarter) in most.items() if count]
            if after.feasible:
                yield Repair("later", f"hold back {', '.join(late)}, until they fit", after)
                return
    found = _smallest(lambda quarters: trial.works(delayed(plan, quarters)), 0, LATEST)
    if found:
        quarters, after = found
        text = f"everything {quarters} quarter{'s' * (quarters > 1)} later, by {plan.deadline + quarters}"
        yield Repair("later", text, after)


def _redesigned(trial, plan, checked):
    """Another cooling or power design at the sites that are short, at as few of them as will do."""
    short = short_sites(plan, checked)
    worst = min((row for row in checked.broken if row.kind == "limit"), key=lambda row: row.margin, default=None)
    for kind in ("cooling", "power") if worst or (not plan.decided and len(plan.sites) <= SITES) else ():
        for design in trial.library.names(kind):
            if design in STANDING or not _helps(trial, redesigned(plan, short, kind, design), worst):
                continue
            found = _fewest(trial, plan, short, kind, design)
            if found:
                names, after = found
                yield Repair("design", f"{design} {kind} in {', '.join(names)}", after)
                break


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
    found = _smallest(lambda count: trial.works(redesigned(plan, names[:count], kind, design)), 0, len(names))
    if not found:
        return None
    count, after = found
    needed = names[:count]
    for name in names[:count - 1]:  # without the last one it was seen to fail
        fewer = [other for other in needed if other != name]
        less = trial.works(redesigned(plan, fewer, kind, design))
        if less:
            needed, after = fewer, less
    return needed, after


def _other_chip(trial, plan, checked):
    """A larger share of another chip of the mix at the sites that are short."""
    short = short_sites(plan, checked)
    mixed = [site for site in plan.sites if site.name in short and len(site.kinds) > 1]
    for chip in dict.fromkeys(chip for site in mixed for chip in site.kinds):
        names = [site.name for site in mixed if chip in site.kinds]
        found = _smallest(lambda steps, chip=chip, names=names: trial.works(shifted(plan, names, chip, steps * SHARE)), 0,
                          round(1 / SHARE))
        if found:
            steps, after = found
            where = f"the mix in {', '.join(names)}" if plan.decided else "the fleet's mix"
            yield Repair("chip", f"{percent(steps * SHARE)} of {where} moved to {chip}", after)
            return


def _fewer(trial, plan, checked):
    """Fewer accelerators: what each site bears of the plan."""
    planned = checked.online(plan.deadline) if plan.decided else plan.total
    kept = trial.borne(plan) if plan.decided else checked
    online = int(kept.online(plan.deadline))
    if online < planned:
        less = replace(plan, total=plan.total and min(plan.total, online))
        found = trial(less, {at: cell.chips for at, cell in kept.cells.items()})
        if found.feasible:
            yield Repair("fewer", f"{planned - online:,.0f} accelerators fewer", found)
