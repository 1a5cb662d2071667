"""From what a file says to a plan, every fault told; TOML, CSV and XLSX all come through here."""

import difflib
import re
from pathlib import Path

from .. import amounts, units
from ..errors import DcestimateError
from .limits import LIMITS
from .plan import Plan, Site, span
from .quarters import ALWAYS, Quarter
from .source import shown

SCHEMA = "dcestimate/plan/1"
TOP = ("schema", "name", "title", "deadline", "start", "fleet", "site", "allocate", "settings", "notes")
FLEET = ("total", "mix", "workload", "supply")
DESIGNS = ("system", "cooling_design", "power_design", "space", "fabric")
WHOLE = ("chip", "system", "rack")
SITE = ("name", "region", "chips", "added", "mix", *DESIGNS, *LIMITS, "existing", "ramp", "per_accelerator", "ordered",
        "lead_time", "whole", "note")
OBJECTIVES = ("deadline", "chip-quarters")
EQUIPMENT = ("interconnection", "substation", "transformers", "switchgear", "generators", "ups", "chillers", "cdus", "shell")
TIME = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(week|month|year)s?\s*")


def plan(source, library):
    """The plan that a source holds.

    :raises ProfileError: with every fault.
    """
    return _Reader(source, library).plan()


class _Reader:
    def __init__(self, source, library):
        self.source, self.library, self.fault = source, library, source.fault
        self.overrides = []

    def plan(self):
        document, fault = self.source.content, self.fault
        if document.get("schema") != SCHEMA:
            found = f'is "{shown(document["schema"])}"' if "schema" in document else "is missing"
            fault(("schema",), f"schema {found}; write {self._example('schema', SCHEMA)}")
        self._known((), document, TOP)
        fleet = self._table((), "fleet", document)
        self._known(("fleet",), fleet, FLEET)
        if "deadline" not in document:
            fault(("deadline",), f"deadline is missing; write e.g. {self._example('deadline')}")
        deadline, start = (self._quarter((key,), document[key]) if key in document else None for key in ("deadline", "start"))
        total = self._count(("fleet", "total"), fleet["total"]) if "total" in fleet else None
        self.mix_stated = "mix" in fleet or ("fleet", "mix") in self.source.faults
        mix = self._mix(("fleet", "mix"), fleet["mix"]) if "mix" in fleet else ()
        workload = self._workload(fleet["workload"]) if "workload" in fleet else None
        supply = self._supply(self._table(("fleet",), "supply", fleet))
        settings = self._settings(self._table((), "settings", document))
        sites = self._sites(document.get("site", []), mix)
        allocate = self._table((), "allocate", document)
        self._known(("allocate",), allocate, ("objective",))
        objective = allocate.get("objective", "deadline")
        if objective not in OBJECTIVES:
            fault(("allocate", "objective"), f'objective is "{shown(objective)}"; there are {", ".join(OBJECTIVES)}')
        name = self._name(("name",), document["name"]) if "name" in document else None
        notes = document.get("notes", [])
        if not isinstance(notes, list):
            notes = [notes]
        if start and deadline and start > deadline:
            fault(("deadline",), f"deadline {deadline} is before the start, {start}; put one of the two right")
        self.source.stop()
        quarters = _quarters(sites, supply, start, deadline)
        late = sorted({q for site in sites for q in site.chips or {} if q > deadline})
        notes = [*map(shown, notes), *self.source.notes, *self.overrides]
        notes += [f"chips planned for {late[0]} and later come after the deadline and are left out"] if late else []
        return Plan(name or Path(self.source.path).stem, self.source.path, quarters, deadline, total, mix, workload,
                    sites, supply, objective, settings, tuple(notes))

    def _example(self, key, *arguments):
        return self.source.examples[key].format(*arguments)

    def _known(self, part, found, keys):
        for key in found:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                self.fault((*part, key), f"{shown(key)} is not a key here" + (
                    f"; did you mean {near[0]}?" if near else f"; there are {', '.join(keys)}"))

    def _table(self, part, key, found):
        value = found.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault((*part, key), f'{key} is "{shown(value)}", not a table')
        return {}

    def _ask(self, part, function, *arguments):
        """What a function makes of a text, its complaint a fault of the file, in which there are no options."""
        try:
            return function(*arguments)
        except DcestimateError as error:
            text = re.sub(r"--[\w-]+ ", "", str(error))
            self.fault(part, f"{_key(part)}: {text}")
            return None

    def _name(self, part, text):
        """A name as people read it in a table."""
        name = str(text) if isinstance(text, str | int) and not isinstance(text, bool) else ""
        if not name.strip() or not name.isprintable() or len(name) > 100:
            self.fault(part, f'name is "{shown(text)}"; write a text of at most 100 characters')
        return name.strip()

    def _quarter(self, part, text):
        return self._ask(part, Quarter.of, text)

    def _count(self, part, text):
        if not isinstance(text, bool) and text in (0, "0"):
            return 0
        return self._ask(part, amounts.parse_count, text if isinstance(text, int | str) else shown(text))

    def _amount(self, part, text, unit):
        if part[-1] == "cooling" and str(text) in self.library.names("cooling"):
            self.fault(part, f'cooling is "{text}", but here it is a limit; write that design as cooling_design')
            return None
        value = self._ask(part, amounts.parse, text if isinstance(text, str) else shown(text), unit)
        if value is not None and value < 0:
            self.fault(part, f"{_key(part)} is {shown(text)}, below 0; write 0 or more")
        return value

    def _mix(self, part, mix):
        from ..request import parse_mix

        if not mix or (isinstance(mix, str) and not mix.strip(" ,")):
            self.fault(part, f"mix names no chip; write e.g. {self._example('mix')}")
            return ()
        pairs = self._ask(part, parse_mix, mix if isinstance(mix, dict | list) else str(mix), "chip")
        if pairs is None and isinstance(mix, dict):  # names are looked at even where shares are wrong
            pairs = [(name, None) for name in mix]
        found = [((self._ask((*part, name), self.library.find, ("chip", "system"), name) or (None, None))[1], share)
                 for name, share in pairs or ()]
        names = [name for name, _ in found if name]
        for name in names:
            if names.count(name) > 1:
                self.fault(part, f"mix names {name} twice; name it once, with its whole share")
        return tuple(pair for pair in found if pair[0])

    def _workload(self, workload):
        from ..request import _workload

        text = ",".join(f"{k}:{shown(v)}" for k, v in workload.items()) if isinstance(workload, dict) else str(workload)
        self._ask(("fleet", "workload"), _workload, self.library, text)
        return text

    def _supply(self, table):
        supply = {}
        for name, dated in table.items():
            part = ("fleet", "supply", name)
            found = self._ask(part, self.library.find, ("chip", "system"), name)
            values = self._dated(part, dated, self._count)
            self._rising(part, values, "supply is counted since the start")
            if found and found[1] in supply:
                self.fault(part, f"supply of {found[1]} is stated twice; keep one")
            elif found:
                supply[found[1]] = values
        return supply

    def _settings(self, table):
        from ..request import parse_setting

        found = [self._ask(("settings", key), parse_setting, f"{key}={shown(value)}") for key, value in table.items()]
        return tuple(one for one in found if one)

    def _dated(self, part, dated, parse):
        """{Quarter: value} of {"2027Q4": ...} in order, or of one value that holds always."""
        if not isinstance(dated, dict):
            value = parse(part, dated)
            return {} if value is None else {ALWAYS: value}
        if not dated:
            self.fault(part, f"{_key(part)} is empty; state it for a quarter, or leave it out")
        values = {}
        for text, entry in dated.items():
            quarter, value = self._quarter((*part, text), text), parse((*part, text), entry)
            if quarter in values and quarter is not None:
                self.fault((*part, text), f"{_key(part)} in {quarter} is stated twice; keep one")
            elif quarter is not None and value is not None:
                values[quarter] = value
                self.source.places.setdefault((*part, quarter), self.source.place((*part, text)))
        return dict(sorted(values.items()))

    def _rising(self, part, values, why):
        items = list(values.items())
        for (before, less), (after, more) in zip(items, items[1:], strict=False):
            if more < less:
                self.fault((*part, after), f"{_key(part)} falls from {less:,.0f} in {before} to {more:,.0f} in {after}; {why}")

    def _falling(self, part, values, noted):
        """Faults of a limit that shrinks without a note."""
        items, unit = list(values.items()), LIMITS[part[-1]].unit
        for (before, more), (after, less) in zip(items, items[1:], strict=False):
            if less < more and not noted:
                said = f"{units.from_si(less, unit):,.4g} {unit}".removesuffix(" 1")
                self.fault((*part, after), f"{part[-1]} falls from {units.from_si(more, unit):,.4g} in {before} to {said} in "
                                           f"{after}; say why in note, or mend it")

    def _sites(self, sites, mix):
        if isinstance(sites, dict) and sites:
            self.fault(("site",), f"site is one table; write {self._example('site')}")
        elif not isinstance(sites, list) or not sites:
            self.fault(("site",), f"there is no site; add {self._example('site')}")
        found, names = [], {}
        for n, site in enumerate(sites if isinstance(sites, list) else ()):
            if not isinstance(site, dict):
                self.fault(("site", n), f'a site is "{shown(site)}", not a table')
                continue
            read = self._site(("site", n), site, mix)
            if read:
                if read.name in names:
                    self.fault(("site", n, "name"), f'site "{read.name}" is there twice; give each a name of its own')
                names[read.name] = n
                found.append(read)
        return tuple(found)

    def _site(self, part, site, fleet_mix):
        self._known(part, site, SITE)
        if "region" not in site:
            named = f' "{shown(site["name"])}"' if "name" in site else ""
            self.fault((*part, "region"), f"site{named} has no region; write e.g. {self._example('region')}")
        region = self._ask((*part, "region"), self.library.find, "region", str(site["region"])) if "region" in site else None
        name = self._name((*part, "name"), site.get("name", site.get("region", "site")))
        limits = {key: self._dated((*part, key), site[key], lambda at, text, key=key: self._amount(at, text, LIMITS[key].unit))
                  for key in LIMITS if key in site}
        for key, values in limits.items():
            self._falling((*part, key), values, site.get("note"))
        existing = self._each(part, "existing", site, LIMITS, "limit", lambda at, text: self._amount(
            at, text, LIMITS[at[-1]].unit))
        own = self._each(part, "per_accelerator", site, LIMITS, "limit", lambda at, text: self._amount(
            at, text, f"{LIMITS[at[-1]].unit}/chip"))
        self.overrides += [f"{name}: {LIMITS[key].label} of {shown(site['per_accelerator'][key])} as given, in place of the "
                           "model's" for key in own]
        designs = tuple((kind, found[1]) for key in DESIGNS if key in site and (kind := key.removesuffix("_design")) and (
            found := self._ask((*part, key), self.library.find, kind, str(site[key]))))
        ramp = self._count((*part, "ramp"), site["ramp"]) if "ramp" in site else None
        ordered = self._each(part, "ordered", site, EQUIPMENT, "equipment", self._quarter)
        lead_times = self._each(part, "lead_time", site, EQUIPMENT, "equipment", self._time)
        whole = site.get("whole", "chip")
        if whole not in WHOLE:
            self.fault((*part, "whole"), f'whole is "{shown(whole)}"; there are {", ".join(WHOLE)}')
        mix = self._mix((*part, "mix"), site["mix"]) if "mix" in site else fleet_mix
        if "mix" not in site and not self.mix_stated:
            self.fault((*part, "mix"), f"neither the site nor the fleet says which chips; write e.g. {self._example('mix')}")
        if region and mix and dict(designs).get("system"):
            from ..request import lines

            for chip, _ in mix:
                self._ask((*part, "system"), lambda chip=chip: lines(self.library, 1, chip, region[1],
                                                                     system=dict(designs)["system"]))
        return Site(name, region[1] if region else "", self._chips(part, site), mix, designs, limits, existing, ramp, own,
                    ordered, lead_times, whole)

    def _chips(self, part, site):
        """{Quarter: accelerators online}, summed up where a site says how many are added; None where it says neither."""
        if "chips" in site and "added" in site:
            self.fault((*part, "added"), "chips and added both say how many; keep one of the two")
        key = "added" if "added" in site else "chips"
        if key not in site:
            return None
        if not isinstance(site[key], dict):
            self.fault((*part, key), f"{key} is {shown(site[key])} without a quarter; write e.g. "
                                     f"{self._example('dated', shown(site[key]))}")
            return None
        chips = self._dated((*part, key), site[key], self._count)
        if key == "chips":
            self._rising((*part, key), chips, "chips are counted since the start")
            return chips
        running = 0
        return {quarter: (running := running + count) for quarter, count in chips.items()}

    def _each(self, part, key, site, known, what, parse):
        """{name: value} of a table of a site whose names are known."""
        found = {}
        for name, text in self._table(part, key, site).items():
            at = (*part, key, name)
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                means = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
                self.fault(at, f"{shown(name)} is no {what}; {means}")
            elif (value := parse(at, text)) is not None:
                found[name] = value
        return found

    def _time(self, part, text):
        found = TIME.fullmatch(shown(text))
        if not found or len(found[1]) > 6:
            self.fault(part, f'{_key(part)} is "{shown(text)}"; write e.g. "24 months" or "65 weeks"')
            return None
        year = units.to_si(1, "year")
        return float(found[1]) * {"week": units.to_si(1, "week"), "month": year / 12, "year": year}[found[2]]


def _key(part):
    """The name of a part in a fault: the last of its keys that is no quarter."""
    names = [str(key) for key in part if isinstance(key, str) and not key[:1].isdigit()]
    return ".".join(name for name in names if name not in ("fleet", "site"))


def _quarters(sites, supply, start, deadline):
    """The quarters of a plan, from its start, or from the first that anything is stated for."""
    dated = [values for site in sites for values in (site.chips or {}, *site.limits.values())] + list(supply.values())
    quarters = span({start: 0} if start else {}, *dated, deadline=deadline)
    return tuple(quarter for quarter in quarters if not start or quarter >= start)
