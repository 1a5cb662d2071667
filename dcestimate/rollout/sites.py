"""The sites of a plan, and what they share, from what a file says of them."""

import itertools

from ..limits import ADDITIVE
from ..request import lines, parse_mix, split
from .fields import Fields
from .plan import Shared, Site
from .source import shown

DESIGNS = ("system", "cooling_design", "power_design", "space", "fabric")
WHOLE = ("system", "rack", "hall")  # or a hall of so much critical IT power
SITE = ("name", "region", "chips", "added", "mix", *DESIGNS, *ADDITIVE, "existing", "ramp", "per_accelerator", "ordered",
        "lead_time", "whole", "note")
SHARED = ("name", "sites", *ADDITIVE, "existing", "note")
EQUIPMENT = ("interconnection", "substation", "transformers", "switchgear", "generators", "ups", "chillers", "cdus",
             "shell")


class Sites(Fields):
    """Reads sites; ``overrides`` says what they state in place of the model's."""

    def __init__(self, source, library):
        super().__init__(source, library)
        self.overrides, self.mix_stated = [], False

    def _mix(self, part, mix):
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
        self.overrides += [f"{name}: the lead_time of {one} has no effect, for it is not ordered"
                           for one in lead_times if one not in ordered]
        mix, chips, kinds = self._fleet(part, site, fleet_mix)
        if region and dict(designs).get("system"):
            for chip in kinds:
                self.ask((*part, "system"), lambda chip=chip: lines(self.library, 1, chip, region[1],
                                                                     system=dict(designs)["system"]))
        return Site(name=name, region=region[1] if region else "", chips=chips, mix=mix, kinds=kinds, designs=designs,
                    limits=limits, existing=existing, ramp=ramp, per_accelerator=own, ordered=ordered,
                    lead_times=lead_times, whole=self._whole((*part, "whole"), site.get("whole", WHOLE[0])))

    def _whole(self, part, text):
        """What a site is built in whole ones of: a name, or the critical IT power of a hall [SI]."""
        if str(text)[:1].isdigit():
            return self.amount(part, text, "MW")
        if text not in WHOLE:
            self.fault(part, f'whole is "{shown(text)}"; there are {", ".join(WHOLE)}, and halls such as "12 MW"')
        return text

    def _limits(self, part, table):
        """(limits, what exists already) of a site, or of what sites share."""
        limits = {key: self.dated((*part, key), table[key],
                                  lambda at, text, unit=limit.result_unit: self.limit(at, text, unit))
                  for key, limit in ADDITIVE.items() if key in table}
        for key, values in limits.items():
            self.falling((*part, key), values, table.get("note"))
        existing = self.each(part, "existing", table, ADDITIVE, "limit", lambda at, text: self.amount(
            at, text, ADDITIVE[at[-1]].result_unit))
        for key, there in existing.items():
            self.above((*part, key), limits.get(key, {}), there)
        return limits, existing

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

    def _fleet(self, part, site, fleet_mix):
        """(own mix, {chip: {Quarter: accelerators online}} or None, kinds of chips) of a site."""
        if "chips" in site and "added" in site:
            self.fault((*part, "added"), "chips and added both say how many; keep one of the two")
        key = next((key for key in ("added", "chips") if key in site), None)
        stated = site.get(key)
        if isinstance(stated, dict) and any(isinstance(entry, dict) for entry in stated.values()):
            if "mix" in site:
                self.fault((*part, "mix"), f"{key} says already which chips; leave mix out")
            chips = self._by_chip((*part, key), stated)
            return (), chips, tuple(chips)
        mix = self._mix((*part, "mix"), site["mix"]) if "mix" in site else fleet_mix
        if "mix" not in site and not self.mix_stated:
            self.fault((*part, "mix"), "neither the site nor the fleet says which chips; write e.g. "
                                       f"{self.example('mix')}")
        chips = None
        if isinstance(stated, dict):
            counts = self._online((*part, key), stated)
            chips = _split(counts, mix) if not self.source.faults else {}
        elif key:
            self.fault((*part, key), f"{key} is {shown(stated)} without a quarter; write e.g. "
                                     f"{self.example('dated', shown(stated))}")
        return mix if "mix" in site else (), chips, tuple(chip for chip, _ in mix)

    def _by_chip(self, part, stated):
        found = {}
        for name, dated in stated.items():
            if not isinstance(dated, dict):
                self.fault((*part, name), f"{part[-1]} names {shown(name)} beside chips; write quarters in each chip")
                continue
            chip = self.ask((*part, name), self.library.find, ("chip", "system"), name)
            if chip and chip[1] in found:
                self.fault((*part, name), f"{part[-1]} names {chip[1]} twice; keep one")
            elif chip:
                found[chip[1]] = self._online((*part, name), dated)
        return found

    def _online(self, part, stated):
        """{Quarter: accelerators online}, summed up where it is said how many are added."""
        counts = self.dated(part, stated, self.count)
        if "added" in part:
            return dict(zip(counts, itertools.accumulate(counts.values()), strict=True))
        self.rising(part, counts, "chips are counted since the start")
        return counts


def _split(chips, mix):
    """{chip: {Quarter: accelerators}} of {Quarter: accelerators} in a mix."""
    parts = {quarter: split(count, [share for _, share in mix]) for quarter, count in chips.items()}
    return {name: {quarter: part[n] for quarter, part in parts.items()} for n, (name, _) in enumerate(mix)}
