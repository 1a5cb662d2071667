"""From what a file says to a plan, every fault told; TOML, CSV and XLSX all come through here."""

import itertools
from pathlib import Path

from ..limits import ADDITIVE
from .fields import Fields
from .plan import Plan, Shared, Site, span
from .source import plain, shown

SCHEMA = "dcestimate/plan/1"
TOP = ("schema", "name", "title", "deadline", "start", "fleet", "site", "shared", "allocate", "settings", "notes")
FLEET = ("total", "mix", "workload", "supply")
DESIGNS = ("system", "cooling_design", "power_design", "space", "fabric")
WHOLE = ("system", "rack")
SITE = ("name", "region", "chips", "added", "mix", *DESIGNS, *ADDITIVE, "existing", "ramp", "per_accelerator", "ordered",
        "lead_time", "whole", "note")
SHARED = ("name", "sites", *ADDITIVE, "existing", "note")
OBJECTIVES = ("deadline", "chip-quarters")
EQUIPMENT = ("interconnection", "substation", "transformers", "switchgear", "generators", "ups", "chillers", "cdus",
             "shell")


def plan(source, library):
    """The plan that a source holds.

    :raises ProfileError: with every fault.
    """
    return _Reader(source, library).plan()


class _Reader(Fields):
    def __init__(self, source, library):
        super().__init__(source, library)
        self.overrides = []

    def plan(self):
        document, fault = self.source.content, self.fault
        if document.get("schema") != SCHEMA:
            found = f'is "{shown(document["schema"])}"' if "schema" in document else "is missing"
            fault(("schema",), f"schema {found}; write {self.example('schema', SCHEMA)}")
        self.known((), document, TOP)
        fleet = self.table((), "fleet", document)
        self.known(("fleet",), fleet, FLEET)
        if "deadline" not in document:
            fault(("deadline",), f"deadline is missing; write e.g. {self.example('deadline')}")
        deadline, start = (self.quarter((key,), document[key]) if key in document else None
                           for key in ("deadline", "start"))
        total = self.count(("fleet", "total"), fleet["total"]) if "total" in fleet else None
        self.mix_stated = "mix" in fleet or ("fleet", "mix") in self.source.faults
        mix = self._mix(("fleet", "mix"), fleet["mix"]) if "mix" in fleet else ()
        workload = self._workload(fleet["workload"]) if "workload" in fleet else None
        supply = self._supply(self.table(("fleet",), "supply", fleet))
        settings = self._settings(self.table((), "settings", document))
        sites = self._sites(document.get("site", []), mix)
        shared = self._all_shared(document.get("shared", []), [site.name for site in sites])
        allocate = self.table((), "allocate", document)
        self.known(("allocate",), allocate, ("objective",))
        objective = allocate.get("objective", "deadline")
        if objective not in OBJECTIVES:
            fault(("allocate", "objective"), f'objective is "{shown(objective)}"; there are {", ".join(OBJECTIVES)}')
        name = self.name(("name",), document["name"]) if "name" in document else None
        notes = document.get("notes", [])
        if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
            fault(("notes",), 'notes are no list of texts; write e.g. notes = ["..."]')
        if start and deadline and start > deadline:
            fault(("deadline",), f"deadline {deadline} is before the start, {start}; put one of the two right")
        self.source.stop()
        quarters = _quarters(sites, shared, supply, start, deadline)
        late = sorted({q for site in sites for dated in (site.chips or {}).values() for q in dated if q > deadline})
        notes = [*(plain(str(note)) for note in notes), *self.source.notes, *self.overrides]
        notes += [f"chips planned for {late[0]} and later come after the deadline and are left out"] if late else []
        return Plan(name or Path(self.source.path).stem, self.source.path, quarters, deadline, total, mix, workload,
                    sites, supply, objective, settings, tuple(notes), shared)

    def _mix(self, part, mix):
        from ..request import parse_mix

        if any(found[:len(part)] == part for found in self.source.faults):  # and what is left of it says little
            return ()
        if not mix or (isinstance(mix, str) and not mix.strip(" ,")):
            self.fault(part, f"mix names no chip; write e.g. {self.example('mix')}")
            return ()
        pairs = self.ask(part, parse_mix, mix if isinstance(mix, dict | list) else str(mix), "chip")
        if pairs is None and isinstance(mix, dict):  # names are looked at even where shares are wrong
            pairs = [(name, None) for name in mix]
        found = [((self.ask((*part, name), self.library.find, ("chip", "system"), name) or (None, None))[1], share)
                 for name, share in pairs or ()]
        names = [name for name, _ in found if name]
        for name in names:
            if names.count(name) > 1:
                self.fault(part, f"mix names {name} twice; name it once, with its whole share")
        return tuple(pair for pair in found if pair[0])

    def _workload(self, workload):
        from ..request import _workload

        text = ",".join(f"{k}:{shown(v)}" for k, v in workload.items()) if isinstance(workload, dict) else str(workload)
        self.ask(("fleet", "workload"), _workload, self.library, text)
        return text

    def _supply(self, table):
        supply = {}
        for name, dated in table.items():
            part = ("fleet", "supply", name)
            found = self.ask(part, self.library.find, ("chip", "system"), name)
            values = self.dated(part, dated, self.count)
            self.rising(part, values, "supply is counted since the start")
            if found and found[1] in supply:
                self.fault(part, f"supply of {found[1]} is stated twice; keep one")
            elif found:
                supply[found[1]] = values
        return supply

    def _settings(self, table):
        from ..request import parse_setting

        found = [self.ask(("settings", key), parse_setting, f"{key}={shown(value)}") for key, value in table.items()]
        return tuple(one for one in found if one)

    def _sites(self, sites, mix):
        if isinstance(sites, dict) and sites:
            self.fault(("site",), f"site is one table; write {self.example('site')}")
        elif not isinstance(sites, list) or not sites:
            self.fault(("site",), f"there is no site; add {self.example('site')}")
        found, names = [], set()
        for n, site in enumerate(sites if isinstance(sites, list) else ()):
            if not isinstance(site, dict):
                self.fault(("site", n), f'a site is "{shown(site)}", not a table')
                continue
            read = self._site(("site", n), site, mix)
            if read.name in names:
                self.fault(("site", n, "name"), f'site "{read.name}" is there twice; give each a name of its own')
            names.add(read.name)
            found.append(read)
        return tuple(found)

    def _site(self, part, site, fleet_mix):
        self.known(part, site, SITE)
        if "region" not in site:
            named = f' "{shown(site["name"])}"' if "name" in site else ""
            self.fault((*part, "region"), f"site{named} has no region; write e.g. {self.example('region')}")
        region = None
        if "region" in site:
            region = self.ask((*part, "region"), self.library.find, "region", str(site["region"]))
        name = self.name((*part, "name"), site.get("name", site.get("region", "site")))
        limits, existing = self._limits(part, site)
        own = self.each(part, "per_accelerator", site, ADDITIVE, "limit", lambda at, text: self.amount(
            at, text, f"{ADDITIVE[at[-1]].result_unit}/chip"))
        self.overrides += [f"{name}: {ADDITIVE[key].words} of {shown(site['per_accelerator'][key])} as given, in place of "
                           "the model's" for key in own]
        designs = tuple((kind, found[1]) for key in DESIGNS if key in site and (kind := key.removesuffix("_design")) and (
            found := self.ask((*part, key), self.library.find, kind, str(site[key]))))
        ramp = self.count((*part, "ramp"), site["ramp"]) if "ramp" in site else None
        ordered = self.each(part, "ordered", site, EQUIPMENT, "equipment", self.quarter)
        lead_times = self.each(part, "lead_time", site, EQUIPMENT, "equipment", self.time)
        whole = site.get("whole", "system")
        if whole not in WHOLE:
            self.fault((*part, "whole"), f'whole is "{shown(whole)}"; there are {", ".join(WHOLE)}')
        mix = self._mix((*part, "mix"), site["mix"]) if "mix" in site else fleet_mix
        if "mix" not in site and not self.mix_stated:
            self.fault((*part, "mix"), "neither the site nor the fleet says which chips; write e.g. "
                                       f"{self.example('mix')}")
        if region and mix and dict(designs).get("system"):
            from ..request import lines

            for chip, _ in mix:
                self.ask((*part, "system"), lambda chip=chip: lines(self.library, 1, chip, region[1],
                                                                     system=dict(designs)["system"]))
        own_mix = mix if "mix" in site else ()
        return Site(name=name, region=region[1] if region else "", chips=self._chips(part, site, mix), mix=own_mix,
                    kinds=tuple(chip for chip, _ in mix), designs=designs, limits=limits, existing=existing, ramp=ramp,
                    per_accelerator=own, ordered=ordered, lead_times=lead_times, whole=whole)

    def _limits(self, part, table):
        """(limits, what exists already) of a site, or of what sites share."""
        limits = {key: self.dated((*part, key), table[key],
                                  lambda at, text, unit=limit.result_unit: self.amount(at, text, unit))
                  for key, limit in ADDITIVE.items() if key in table}
        for key, values in limits.items():
            self.falling((*part, key), values, table.get("note"))
        return limits, self.each(part, "existing", table, ADDITIVE, "limit", lambda at, text: self.amount(
            at, text, ADDITIVE[at[-1]].result_unit))

    def _all_shared(self, tables, sites):
        if not isinstance(tables, list):
            self.fault(("shared",), f"shared is one table; write {self.example('shared')}")
            return ()
        found, names = [], set(sites)
        for n, table in enumerate(tables):
            part = "shared", n
            if not isinstance(table, dict):
                self.fault(part, f'shared is "{shown(table)}", not a table')
                continue
            self.known(part, table, SHARED)
            name = self.name((*part, "name"), table.get("name", ""))
            if name in names:
                self.fault((*part, "name"), f'there is a "{name}" already; give what is shared a name of its own')
            names.add(name)
            limits, existing = self._limits(part, table)
            if not limits:
                self.fault(part, f"{name} limits nothing; write e.g. {self.example('limit')}")
            found.append(Shared(name=name, limits=limits, existing=existing,
                                members=self._members((*part, "sites"), table.get("sites", ()), sites)))
        return tuple(found)

    def _members(self, part, named, sites):
        """The names of the sites that share."""
        named = [name.strip() for name in named.split(";")] if isinstance(named, str) else named
        if not isinstance(named, list) or len(named) < 2:
            self.fault(part, f"sites names not two sites or more; write e.g. {self.example('sites')}")
            return ()
        for name in named:
            if name not in sites:
                self.fault(part, f"{shown(name)} is no site; there are {', '.join(sites)}")
            elif named.count(name) > 1:
                self.fault(part, f"sites names {name} twice; name it once")
        return tuple(map(str, named))

    def _chips(self, part, site, mix):
        """{chip: {Quarter: accelerators online}}, summed up where a site says how many are added; None where it says none."""
        if "chips" in site and "added" in site:
            self.fault((*part, "added"), "chips and added both say how many; keep one of the two")
        key = "added" if "added" in site else "chips"
        if key not in site:
            return None
        if not isinstance(site[key], dict):
            self.fault((*part, key), f"{key} is {shown(site[key])} without a quarter; write e.g. "
                                     f"{self.example('dated', shown(site[key]))}")
            return None
        chips = self.dated((*part, key), site[key], self.count)
        if key == "chips":
            self.rising((*part, key), chips, "chips are counted since the start")
        else:
            chips = dict(zip(chips, itertools.accumulate(chips.values()), strict=True))
        return _split(chips, mix) if not self.source.faults else {}


def _split(chips, mix):
    """{chip: {Quarter: accelerators}} of {Quarter: accelerators} in a mix."""
    from ..request import split

    parts = {quarter: split(count, [share for _, share in mix]) for quarter, count in chips.items()}
    return {name: {quarter: part[n] for quarter, part in parts.items()} for n, (name, _) in enumerate(mix)}


def _quarters(sites, shared, supply, start, deadline):
    """The quarters of a plan, from its start, or from the first that anything is stated for."""
    dated = [dated for site in sites for dated in (site.chips or {}).values()]
    dated += [values for one in (*sites, *shared) for values in one.limits.values()] + list(supply.values())
    quarters = span({start: 0} if start else {}, *dated, deadline=deadline)
    return tuple(quarter for quarter in quarters if not start or quarter >= start)
