"""The smallest changes that make a plan fit, each verified by checking the plan so changed, and a step less failing."""

from dataclasses import dataclass, replace

from ..errors import DcestimateError, InfeasibleError
from ..limits import ADDITIVE
from .allocate import allocate
from .check import check, planned_counts

LATEST = 12  # quarters that a date is moved at most
STEP = 0.001  # of a limit: the step in which more of it is asked for
SHARE = 0.01  # the step in which a mix is changed
KEPT = (1.0, 0.999, 0.99, 0.95, 0.0)  # of what a site bears already, left where it is when the rest is moved


@dataclass(frozen=True)
class Repair:
    """A change that makes a plan fit: its kind, in words, the plan so changed and its check."""

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
    kinds = (_more, _moved, _later, _cooler, _other_chip, _fewer)
    return checked, [repair for kind in kinds for repair in kind(trial, plan, checked)]


class _Trial:
    """Checks plans, or allocates those that leave it open."""

    def __init__(self, library):
        self.library, self.known, self.kept = library, {}, None

    def __call__(self, plan, counts=None):
        if plan.decided or counts:
            return check(self.library, plan, counts, self.known)
        return self.allocated(plan)

    def allocated(self, plan, floor=None, ceiling=None):
        return allocate(self.library, plan, floor, ceiling, self.known).checked


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


def _broken_limits(checked):
    """{(site, key): (first quarter short, most that is short [SI])} of the limits that are broken."""
    worst = {}
    for row in checked.broken:
        if row.kind == "limit":
            quarter, short = worst.get((row.site, row.key), (row.quarter, 0.0))
            worst[row.site, row.key] = min(quarter, row.quarter), max(short, row.short)
    return worst


def _raised(plan, more):
    """A plan whose sites have more of some limits: ``more`` is {(site, key): (from quarter, SI)}."""
    sites = []
    for site in plan.sites:
        limits = {key: dict(dated) for key, dated in site.limits.items()}
        for (name, key), (since, amount) in more.items():
            if name == site.name:
                steps = {q for q in limits[key] if q > since} | {since}
                limits[key] = {**{q: v for q, v in limits[key].items() if q < since},
                               **{q: site.available(key, q) + site.existing.get(key, 0.0) + amount for q in steps}}
        sites.append(replace(site, limits=limits))
    return replace(plan, sites=tuple(sites))


def _more(trial, plan, checked):
    """More of what is short, where it is short: each limit by just what its own steps ask."""
    short = _broken_limits(checked)
    if not short or not plan.decided:
        return
    more = {}
    for (name, key), (since, amount) in short.items():
        unit = max(STEP * max(stated for stated in plan_site(plan, name).limits[key].values()), 1e-12)
        more[name, key] = since, unit * -(-amount // unit)
    found = trial(_raised(plan, more))
    if found.feasible or not _broken_limits(found):
        texts = [f"{_amount(key, amount)} more {ADDITIVE[key].words} in {name} by {since}"
                 for (name, key), (since, amount) in more.items()]
        if found.feasible:
            yield Repair("more", "; ".join(texts), found)


def plan_site(plan, name):
    return next(site for site in plan.sites if site.name == name)


def _amount(key, value):
    from .. import units

    return f"{units.from_si(value, ADDITIVE[key].result_unit):,.4g} {ADDITIVE[key].result_unit}".removesuffix(" 1")


def _moved(trial, plan, checked):
    """Accelerators moved from sites that are short to sites with room, the fleet's total as planned."""
    if not plan.decided or not any(row.kind in ("limit", "ramp", "ready") for row in checked.broken):
        return
    open_ = replace(plan, total=plan.total or int(checked.online(plan.deadline)),
                    sites=tuple(replace(site, chips=None) for site in plan.sites))
    found = _beside(trial, open_, _kept(trial, plan))
    if found is None or not found.feasible:
        return
    before = planned_counts(plan)
    moved = {site.name: found.cells[site.name, plan.deadline].online - sum(before[site.name, plan.deadline].values())
             for site in plan.sites}
    away, to = ([(name, n) for name, n in moved.items() if n * sign > 0] for sign in (-1, 1))
    if away:
        text = (f"move {sum(-n for _, n in away):,.0f} accelerators from {_list(away)} to {_list(to)}")
        yield Repair("move", text, found)


def _beside(trial, plan, kept):
    """The best allocation, checked, that leaves what is kept where it is.

    The programme draws straight lines through the model's steps, so it may have no room for all that a site bears: then a
    little less of it stays. None where there is no room at all.
    """
    for share in KEPT:
        floor = {at: {chip: int(count * share) for chip, count in chips.items()} for at, chips in kept.items()}
        try:
            found = trial.allocated(plan, floor=floor)
        except InfeasibleError:
            continue
        return found
    return None


def _list(pairs):
    """Sites with what they lose or gain, the most first; what is less than a hundredth of it all is not named."""
    pairs = sorted(((name, abs(n)) for name, n in pairs), key=lambda pair: -pair[1])
    named = [pair for pair in pairs if pair[1] >= sum(n for _, n in pairs) / 100]
    texts = [f"{name} ({n:,.0f})" for name, n in named]
    rest = [n for _, n in pairs[len(named):]]
    texts += [f"{len(rest)} more ({sum(rest):,.0f})"] if rest else []
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]


def _kept(trial, plan):
    """{(site, quarter): accelerators} that can stay where they are: what each site's own limits bear of the plan."""
    if trial.kept is None:
        found = trial.allocated(replace(plan, total=None, supply={}), ceiling=planned_counts(plan))
        trial.kept = {at: cell.chips for at, cell in found.cells.items()}
    return trial.kept


def _later(trial, plan, checked):
    """The same plan so many quarters later."""
    def works(quarters):
        moved = _delayed(plan, quarters)
        found = trial(moved)
        return found if found.feasible else None

    found = _smallest(works, 0, LATEST)
    if found:
        quarters, after = found
        text = f"everything {quarters} quarter{'s' * (quarters > 1)} later, by {plan.deadline + quarters}"
        yield Repair("later", text, after)


def _delayed(plan, quarters):
    sites = tuple(replace(site, chips=None if site.chips is None else {q + quarters: n for q, n in site.chips.items()})
                  for site in plan.sites)
    last = plan.deadline + quarters
    return replace(plan, sites=sites, deadline=last,
                   quarters=(*plan.quarters, *(plan.deadline + n for n in range(1, quarters + 1))))


def _cooler(trial, plan, checked):
    """Another cooling or power design at the sites that are short."""
    names = {row.site for row in checked.broken if row.site} or {site.name for site in plan.sites}
    for kind in ("cooling", "power"):
        for design in trial.library.names(kind):
            if design in ("fixed-overhead", "operator-fleet", "operator-colocation"):
                continue
            sites = tuple(replace(site, designs=tuple({**dict(site.designs), kind: design}.items()))
                          if site.name in names else site for site in plan.sites)
            try:
                found = trial(replace(plan, sites=sites))
            except DcestimateError:  # a design that these systems cannot have
                continue
            if found.feasible:
                yield Repair("design", f"{design} {kind} in {', '.join(sorted(names))}", found)
                break


def _other_chip(trial, plan, checked):
    """A larger share of another chip of the mix at the sites that are short."""
    names = {row.site for row in checked.broken if row.site}
    mixes = {site.name: dict(site.mix) for site in plan.sites if site.name in names and len(site.mix) > 1}
    if not mixes:
        return
    for chip in dict.fromkeys(name for mix in mixes.values() for name in mix):
        def works(steps, chip=chip):
            sites = tuple(replace(site, mix=_shifted(mixes[site.name], chip, steps * SHARE))
                          if site.name in mixes and chip in mixes[site.name] else site for site in plan.sites)
            found = trial(replace(plan, sites=sites))
            return found if found.feasible else None

        most = int((1 - min(mix.get(chip, 0) for mix in mixes.values())) / SHARE)
        found = _smallest(works, 0, most) if most > 0 else None
        if found:
            steps, after = found
            yield Repair("chip", f"{steps * SHARE:.0%} more of the mix {chip} in {', '.join(sorted(mixes))}", after)
            return


def _shifted(mix, chip, more):
    """A mix with a larger share of one chip, the others smaller in proportion."""
    share = min(mix[chip] + more, 1.0)
    rest = 1 - mix[chip]
    return tuple((name, share if name == chip else value * (1 - share) / rest if rest else 0.0)
                 for name, value in mix.items())


def _fewer(trial, plan, checked):
    """Fewer accelerators: what each site bears of the plan."""
    if not plan.decided:
        less = replace(plan, total=int(checked.online(plan.deadline)))
        found = trial(less)
    else:
        kept = _kept(trial, plan)
        online = sum(sum(kept[site.name, plan.deadline].values()) for site in plan.sites)
        found = trial(replace(plan, total=int(online)), kept)
    planned = plan.total or checked.online(plan.deadline)
    if found.feasible and found.online(plan.deadline) < planned:
        yield Repair("fewer", f"{planned - found.online(plan.deadline):,.0f} accelerators fewer", found)
