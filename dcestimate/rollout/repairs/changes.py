"""Plans with one thing changed: more of a limit, later, another design, another mix."""

from dataclasses import replace

from ...request import split
from ..plan import stepped
from ..readiness import delivered


def short_sites(plan, checked):
    """Names of the sites of rows that are broken; of every site where none is named."""
    members = {one.name: one.members for one in plan.bounded}
    found = {name for row in checked.broken for name in members.get(row.site, ())}
    return [site.name for site in plan.sites if site.name in found or not found]


def raised(plan, more):
    """Some limits larger: ``more`` is {(name, key): {Quarter: SI}}, each amount up to the next quarter with another; the
    supply of a chip has no name.
    """
    def larger(name, dated):
        return {key: {q: stepped(values, q) + stepped(more[name, key], q) for q in sorted({*values, *more[name, key]})}
                if (name, key) in more else values for key, values in dated.items()}

    def changed(one):
        found = replace(one, limits=larger(one.name, one.limits))
        ramp = more.get((one.name, "ramp"))
        return replace(found, ramp=one.ramp + int(max(ramp.values()))) if ramp else found

    return replace(plan, sites=tuple(map(changed, plan.sites)), shared=tuple(map(changed, plan.shared)),
                   supply=larger("", plan.supply))


def ordered_sooner(plan, ready):
    """Sites that can take load by a Quarter of theirs, {name: Quarter}: what comes after it is ordered as much sooner."""
    def changed(site):
        orders = {equipment: order - max(delivered(site, equipment) - ready[site.name], 0)
                  for equipment, order in site.ordered.items()}
        return replace(site, ordered=orders)

    return replace(plan, sites=tuple(changed(site) if site.name in ready else site for site in plan.sites))


def delayed(plan, quarters):
    """Every accelerator so many quarters later, and the deadline too."""
    sites = tuple(replace(site, chips=site.chips and {name: {q + quarters: n for q, n in dated.items()}
                                                      for name, dated in site.chips.items()}) for site in plan.sites)
    return replace(postponed(plan, quarters), sites=sites)


def postponed(plan, quarters):
    """The deadline alone so many quarters later."""
    return replace(plan, deadline=plan.deadline + quarters,
                   quarters=(*plan.quarters, *(plan.deadline + n for n in range(1, quarters + 1))))


def redesigned(plan, names, kind, design):
    """Some sites with another design of a kind."""
    return replace(plan, sites=tuple(replace(site, designs=tuple({**dict(site.designs), kind: design}.items()))
                                     if site.name in names else site for site in plan.sites))


def shifted(plan, names, chip, more):
    """A larger share of a chip where some sites have it, or in the fleet's mix where sites are not decided."""
    if not plan.decided:
        return replace(plan, mix=_larger(plan.mix, chip, more))
    return replace(plan, sites=tuple(replace(site, chips=_with_share(site, chip, more))
                                     if site.name in names and chip in site.kinds else site for site in plan.sites))


def _with_share(site, chip, more):
    found = {name: dict(dated) for name, dated in site.chips.items()}
    for quarter in {q for dated in site.chips.values() for q in dated}:
        planned = site.planned(quarter)
        online = sum(planned.values())
        mix = [(name, count / online) for name, count in planned.items()] if planned[chip] else ()
        for (name, _), count in zip(mix, split(online, [share for _, share in _larger(mix, chip, more)]), strict=True):
            found[name][quarter] = count
    return {name: dict(sorted(dated.items())) for name, dated in found.items()}


def _larger(mix, chip, more):
    """A mix with a larger share of a chip, the others smaller in proportion."""
    own = dict(mix).get(chip, 0.0)
    share = min(own + more, 1.0)
    return tuple((name, share if name == chip else value * (1 - share) / (1 - own) if own < 1 else 0.0)
                 for name, value in mix)
