"""Changes that make a plan fit, each verified by checking the plan so changed.

A step less of each change was seen to fail: a thousandth of what a limit is stated to be in a quarter, one system, a
quarter of a year, a site, a hundredth of a mix. Where the allocation is left open, that holds of limits too, unless there
are so many that ``open_raises`` stops before.
"""

from dataclasses import dataclass, replace

from ..amounts import percent
from ..errors import DcestimateError, InfeasibleError
from .allocate import LESS, allocate, promised
from .borne import borne
from .changes import delayed, ordered_sooner, postponed, raised, redesigned, shifted, short_sites
from .check import check, planned_counts
from .needs import Needs
from .open_raises import asked_to_allocate
from .raises import asked, words
from .readiness import ready_quarter
from .smallest import smallest

LATEST = 12  # quarters that a date is moved at most
NEARLY = 0.98  # of the total that a linear programme promises, for an allocation to be looked at
SITES = 12  # of an allocation for which other designs are tried
SHARE = 0.01  # the step in which a mix is changed
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
    kinds = (_more, _moved, _ordered, _later, _redesigned, _other_chip, _fewer)
    return checked, [repair for kind in kinds for repair in kind(trial, plan, checked)]


class _Trial:
    """Checks plans, or allocates those that leave it open."""

    def __init__(self, library):
        self.library, self.needs, self._borne = library, Needs(library), {}

    def __call__(self, plan, counts=None):
        if plan.decided or counts:
            return check(self.library, plan, counts, self.needs)
        return allocate(self.library, plan, self.needs).checked

    def works(self, plan):
        """The plan checked, if it fits; None for one that does not, or that cannot be built."""
        try:
            if not self.promises(plan, NEARLY):
                return None
            found = self(plan)
        except DcestimateError:  # a design that these systems cannot have, or rows that conflict
            return None
        return found if found.feasible else None

    def promises(self, plan, share=1.0):
        """Whether the linear programme alone gives such a share of the total, where the allocation is open."""
        try:
            return plan.decided or not plan.total or promised(plan, self.needs) > share * plan.total - LESS
        except DcestimateError:  # rows that conflict
            return False

    def borne(self, plan):
        """What the plan's sites bear of it."""
        at = id(plan)
        if at not in self._borne:
            self._borne[at] = plan, borne(self.library, plan, self.needs)
        return self._borne[at][1]


def _more(trial, plan, checked):
    """More of what is short, where and when it is short: each limit in each quarter by just what its own steps ask.

    Where that is not enough, for a site is not ready or takes no more in a quarter, what it does not take is held back.
    """
    more, held = asked(plan, checked), ""
    found = more and trial.works(raised(plan, more))
    if not found and not plan.decided:
        more, found = asked_to_allocate(trial, plan, checked) or (more, None)
    elif not found and more:
        more, held, found = _more_and_held_back(trial, plan)
    if found:
        yield Repair("more", words(more) + held, found)


def _more_and_held_back(trial, plan):
    """(more, in words what is held back, check) of a plan that neither more nor holding back alone makes fit."""
    unlimited = replace(plan, supply={}, sites=tuple(replace(site, limits={}) for site in plan.sites),
                        shared=tuple(replace(one, limits={}) for one in plan.shared))
    held = borne(trial.library, unlimited, trial.needs)
    if held.online(plan.deadline) < trial(plan).online(plan.deadline):
        return {}, "", None
    counts = {at: cell.chips for at, cell in held.cells.items()}
    more = asked(plan, trial(plan, counts))
    found = trial(raised(plan, more), counts)
    late = _late(plan.sites, held)
    return more, f"; hold back {late}, until they fit", found if found.feasible and more and late else None


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
    before = {at: chips for at, chips in planned_counts(plan).items() if at[1] < plan.deadline}
    for ceiling in (before, None):  # nowhere more than planned before the deadline, if that can be
        try:
            found = allocate(trial.library, open_, trial.needs, floor=kept, ceiling=ceiling, most=most).checked
        except InfeasibleError:
            return
        if found.feasible:
            break
    gained = {site.name: found.cells[site.name, plan.deadline].online - sum(planned[site.name].values())
              for site in plan.sites}
    away, to = ([(name, n) for name, n in gained.items() if n * sign > 0] for sign in (-1, 1))
    if found.feasible and away:
        yield Repair("move", f"move {sum(-n for _, n in away):,.0f} accelerators from {_list(away)} to {_list(to)}", found)


def _ordered(trial, plan, checked):
    """Orders placed sooner, as few quarters as will do and none before the start, where sites wait for what they have
    ordered.
    """
    late = {row.site: row.quarter for row in reversed(checked.broken) if row.kind == "ready"}
    found = late and trial.works(ordered_sooner(plan, late))
    if not plan.decided and not found:
        late, found = _all_ordered(trial, plan) or (late, None)
    if found and all(order >= plan.quarters[0] for site in found.plan.sites if site.name in late
                     for equipment, order in site.ordered.items()
                     if order != plan.site(site.name).ordered[equipment]):
        yield Repair("order", "; ".join(_orders(plan.site(name), found.plan.site(name)) for name in late), found)


def _all_ordered(trial, plan):
    """({site: Quarter}, check) of sites of an open plan that take load so many quarters sooner, each as few as will do."""
    ready = {site.name: at for site in plan.sites if (at := ready_quarter(site)) is not None and at > plan.quarters[0]}
    first = _soonest(lambda n: trial.works(ordered_sooner(plan, {name: at - n for name, at in ready.items()})), LATEST)
    if not ready or len(ready) > SITES or not first:
        return None
    quarters, after = first
    wanted = {name: at - quarters for name, at in ready.items()}
    for name, at in ready.items():
        def later(n, name=name, at=at):
            return trial.works(ordered_sooner(plan, {**wanted, name: at - n}))

        n, less = next(((n, found) for n in range(quarters) if (found := later(n))), (quarters, None))
        if less:
            wanted[name], after = at - n, less
    return {name: at for name, at in wanted.items() if at < ready[name]}, after


def _orders(before, after):
    """What a site orders sooner, in words."""
    sooner = {}
    for equipment, order in after.ordered.items():
        if order < before.ordered[equipment]:
            sooner.setdefault((before.ordered[equipment] - order, order), []).append(equipment)
    return f"in {after.name} order " + ", and ".join(
        f"{', '.join(equipment)} {_quarters(quarters)} sooner, in {order}"
        for (quarters, order), equipment in sooner.items())


def _list(pairs):
    """Sites with what they lose or gain, the most first; what is less than a hundredth of it all is not named."""
    pairs = sorted(((name, abs(n)) for name, n in pairs), key=lambda pair: -pair[1])
    named = [pair for pair in pairs if pair[1] >= sum(n for _, n in pairs) / 100]
    texts = [f"{name} ({n:,.0f})" for name, n in named]
    rest = [n for _, n in pairs[len(named):]]
    texts += [f"{len(rest)} more ({sum(rest):,.0f})"] if rest else []
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]


def _later(trial, plan, checked):
    """What does not fit held back where that is enough, or else so few quarters later as will do.

    Each number of quarters is tried in order. Either the deadline alone is later and what does not fit before is held back,
    or, where that takes no fewer quarters, everything is.
    """
    held = _held_back(trial, plan) if plan.decided else None
    if held:
        yield Repair("later", *held)
        return
    quarters, after = _soonest(lambda n: trial.works(delayed(plan, n)), LATEST) or (LATEST + 1, None)
    sooner = _soonest(lambda n: _held_back(trial, postponed(plan, n)), quarters - 1) if plan.decided else None
    if sooner:
        quarters, (text, after) = sooner
        yield Repair("later", f"deadline {_quarters(quarters)} later, {after.plan.deadline}: {text}", after)
    elif after:
        yield Repair("later", f"everything {_quarters(quarters)} later, by {after.plan.deadline}", after)


def _soonest(works, most):
    """The first whole number up to ``most`` for which ``works`` gives something, with what it gave; or None."""
    return next(((n, found) for n in range(1, most + 1) if (found := works(n))), None)


def _quarters(number):
    return f"{number} quarter{'s' * (number > 1)}"


def _held_back(trial, plan):
    """(in words, check) of what a plan has by its deadline, held back until it fits; None where not all does by then."""
    last = trial(replace(plan, quarters=(plan.deadline,)))
    if any(row.kind != "ramp" for row in last.broken):  # told without a look at the quarters before
        return None
    held = trial.borne(plan)
    after = trial(plan, {at: cell.chips for at, cell in held.cells.items()})
    if not after.feasible or held.online(plan.deadline) < last.online(plan.deadline):
        return None
    return f"hold back {_late(plan.sites, held)}, until they fit", after


def _late(sites, held):
    """How many accelerators of their own sites lack the most in a quarter, and in the last one such, in words."""
    most = {site.name: max((sum(site.planned(q).values()) - held.cells[site.name, q].online, q)
                           for q in held.plan.quarters) for site in sites}
    return ", ".join(f"{count:,.0f} in {name} after {quarter}" for name, (count, quarter) in most.items() if count)


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
    found = smallest(lambda count: trial.works(redesigned(plan, names[:count], kind, design)), 0, len(names))
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
        found = smallest(lambda steps, chip=chip, names=names: trial.works(shifted(plan, names, chip, steps * SHARE)), 0,
                          round(1 / SHARE))
        if found:
            steps, after = found
            where = f"the mix in {', '.join(names)}" if plan.decided else "the fleet's mix"
            yield Repair("chip", f"{percent(steps * SHARE)} of {where} moved to {chip}", after)
            return


def _fewer(trial, plan, checked):
    """Fewer accelerators: what each site bears of those that the plan has there, and what is then allocated."""
    less = plan if plan.decided else _own_as_borne(trial, plan)
    kept = trial.borne(plan) if plan.decided else checked if less is plan else trial(less)
    online = int(kept.online(plan.deadline))
    gone = (checked.online(plan.deadline) if plan.decided else plan.total or _own(plan) + online - _own(less)) - online
    less = replace(less, total=plan.total and min(plan.total, online))
    found = trial(less, {at: cell.chips for at, cell in kept.cells.items()})
    if found.feasible and gone > 0:
        yield Repair("fewer", f"{gone:,.0f} accelerators fewer", found)
    elif found.feasible and gone == 0 and not plan.decided:
        own = [site for site in plan.sites if site.chips is not None]
        yield Repair("later", f"hold back {_late(own, found)}, until they fit", found)


def _own_as_borne(trial, plan):
    """A plan that is partly open, with as many accelerators at sites that have their own as these bear."""
    own = tuple(site for site in plan.sites if site.chips is not None)
    names = {site.name for site in own}
    shared = tuple(replace(one, members=tuple(name for name in one.members if name in names))
                   for one in plan.shared if not names.isdisjoint(one.members))
    alone = replace(plan, sites=own, shared=shared, total=None, mix=())
    if not own or trial(alone).feasible:
        return plan
    cells = trial.borne(alone).cells
    return replace(plan, sites=tuple(
        replace(site, chips={chip: {q: cells[site.name, q].chips[chip] for q in plan.quarters} for chip in site.chips})
        if site.name in names else site for site in plan.sites))


def _own(plan):
    """Accelerators by the deadline at sites that have their own."""
    return sum(sum(site.planned(plan.deadline).values()) for site in plan.sites)
