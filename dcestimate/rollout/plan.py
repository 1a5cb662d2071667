"""A plan: so many accelerators at these sites by these quarters, and what each site has to carry them.

A plan document, schema ``dcestimate/plan/1``, is TOML, or a table in CSV or XLSX (``layout``). Counts are cumulative,
accelerators online at the end of a quarter; between quarters that are stated the count stays, and so does a limit. A limit
that is stated holds nothing before its first quarter; one that is not stated does not limit.
"""

from dataclasses import dataclass, field, replace

from .quarters import ALWAYS, Quarter, from_to


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """What has limits: ``limits`` {key: {Quarter: SI value}}, ``existing`` {key: SI value} of what is there already."""

    name: str
    limits: dict = field(default_factory=dict)
    existing: dict = field(default_factory=dict)

    def available(self, key, quarter):
        """What a limit allows in a quarter [SI], what exists already taken off; None where it does not limit."""
        if key not in self.limits:
            return None
        return stepped(self.limits[key], quarter) - self.existing.get(key, 0.0)


@dataclass(frozen=True, kw_only=True)
class Shared(Bounded):
    """Limits that sites have together, such as a substation or a river permit; ``members`` are their names."""

    members: tuple


@dataclass(frozen=True, kw_only=True)
class Site(Bounded):
    """A site of a plan.

    ``chips`` is {chip or system: {Quarter: accelerators online}}, None where the allocation decides; ``kinds`` are what may
    stand there and ``mix`` [(chip or system, share)] what the site itself says of them; ``ramp`` the most accelerators
    added in a quarter; ``per_accelerator`` {key: SI value per chip} in place of the model's; ``ordered`` {equipment:
    Quarter} and ``lead_times`` {equipment: SI time} say when the site can take load; ``whole`` what it is built in whole
    ones of, a system, rack or hall, or halls of so much critical IT power [SI].
    """

    region: str
    chips: dict | None = None
    kinds: tuple = ()
    mix: tuple = ()
    designs: tuple = ()
    ramp: float | None = None
    per_accelerator: dict = field(default_factory=dict)
    ordered: dict = field(default_factory=dict)
    lead_times: dict = field(default_factory=dict)
    whole: str | float = "system"

    @property
    def members(self):
        return (self.name,)

    def planned(self, quarter):
        """{chip or system: accelerators} that the plan has online at the end of a quarter."""
        return {name: int(stepped(dated, quarter)) for name, dated in (self.chips or {}).items()}


@dataclass(frozen=True)
class Plan:
    """A plan over sites and quarters; ``supply`` is {chip: {Quarter: accelerators delivered since the start}}.

    ``lines`` {path of keys: line of the file} say where each part is stated. The fleet's ``mix`` is that of all sites
    together that state none; ``shared`` are limits of several sites.
    """

    name: str
    path: str
    quarters: tuple
    deadline: Quarter
    total: int | None
    mix: tuple
    workload: str | None
    sites: tuple
    supply: dict = field(default_factory=dict)
    objective: str = "deadline"
    settings: tuple = ()
    notes: tuple = ()
    shared: tuple = ()
    lines: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def decided(self):
        """Whether the plan says itself how many accelerators stand where."""
        return all(site.chips is not None for site in self.sites)

    @property
    def bounded(self):
        """Everything that has limits."""
        return *self.sites, *self.shared

    def site(self, name):
        """The site of a name."""
        return next(site for site in self.sites if site.name == name)

    def line(self, kind, site, quarter, key):
        """The line of the file where a row of a check is stated, or else what it is part of."""
        key = {"ready": "ordered"}.get(kind, key)
        base = "fleet",
        for group, some in (("site", self.sites), ("shared", self.shared)):
            base = next(((group, n) for n, one in enumerate(some) if one.name == site), base)
        if kind == "supply":
            base = *base, "supply"
        stated = [part[-1] for part in self.lines if part[:-1] == (*base, key) and not isinstance(part[-1], str)]
        since = max((at for at in stated if at <= quarter), default=None)
        return next((self.lines[part] for part in ((*base, key, since), (*base, key), base) if part in self.lines), 1)

    def covering(self, key):
        """What limits a kind at every site: what is shared, and sites that share none; nothing where a site has none."""
        shared = [one for one in self.shared if key in one.limits]
        together = {name for one in shared for name in one.members}
        alone = [site for site in self.sites if site.name not in together]
        return (*shared, *alone) if all(key in site.limits for site in alone) else ()

    def supplied(self, chip, quarter):
        """Accelerators of a chip delivered by the end of a quarter; None where supply does not limit."""
        return stepped(self.supply[chip], quarter) if chip in self.supply else None


def opened(plan):
    """Without counts of its sites: the allocation decides."""
    return replace(plan, sites=tuple(replace(site, chips=None) for site in plan.sites))


def stepped(values, quarter):
    """The value of the last quarter stated up to this one; 0 before the first."""
    until = [q for q in values if q <= quarter]
    return values[max(until)] if until else 0.0


def span(*dated, deadline):
    """Every quarter from the first that is stated to the deadline."""
    stated = [q for values in dated for q in values if ALWAYS < q <= deadline]
    return from_to(min(stated, default=deadline), deadline)
