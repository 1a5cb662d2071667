"""Read a plan document, every fault with file and line."""

import re
import tomllib
from pathlib import Path

from .. import amounts, units
from ..errors import DcestimateError, OutputError, ProfileError
from ..limits import ADDITIVE
from ..profiles import shipped
from .plan import Plan, Site, span
from .quarters import Quarter

SCHEMA = "dcestimate/plan/1"
LARGEST = 5_000_000  # bytes of a plan
TOP = ("schema", "name", "title", "deadline", "start", "fleet", "site", "allocate", "settings", "notes")
FLEET = ("total", "mix", "workload", "supply")
DESIGNS = ("system", "cooling", "power_design", "space", "fabric")
WHOLE = ("chip", "system", "rack")
SITE = ("name", "region", "chips", "added", "mix", *DESIGNS, *ADDITIVE, "existing", "ramp", "per_accelerator", "ordered",
        "lead_time", "whole", "note")
OBJECTIVES = ("deadline", "chip-quarters")
EQUIPMENT = ("interconnection", "substation", "transformers", "switchgear", "generators", "ups", "chillers", "cdus", "shell")


def find(name):
    """The path of a plan: a file, or a plan that is shipped, by its bare name.

    :raises OutputError: when there is neither.
    """
    path = Path(name)
    if path.is_file():
        return path
    folder = shipped() / "plans"
    known = folder / f"{path.stem}.toml"
    if str(path) in (path.stem, path.name, f"profiles/plans/{path.name}") and known.is_file():
        return known
    there = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none"
    raise OutputError(f"there is no plan {name}.", f"Name a file, or a shipped plan: {there}.")


def read(name, library):
    """A plan from a TOML file.

    :raises ProfileError: with every fault of the file.
    """
    path = find(name)
    if path.stat().st_size > LARGEST:
        raise ProfileError([f"{path}: has {path.stat().st_size:,} bytes, more than the {LARGEST:,} of any plan"])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError([f"{path}: cannot be read: {error}"]) from None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise ProfileError([f"{path}:{at[1] if at else 1}: is not TOML: {error}"]) from None
    return _Reader(path, text, library).plan(document)


def positions(text):
    """{(table, key): line} of a TOML text; the tables of an array are "site.0", "site.1" and so on."""
    found, current, counts = {}, "", {}
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?", line)
        if heading:
            current = heading[2].replace('"', "")
            if heading[1] == "[[":
                counts[current] = counts.get(current, -1) + 1
                current = f"{current}.{counts[current]}"
            found[current, ""] = number
            continue
        key = re.match(r"\s*([\w.\"-]+)\s*=", line)
        if key:
            found.setdefault((current, key[1].replace('"', "").partition(".")[0]), number)
            for inner in re.findall(r'[{,]\s*"?([\w-]+)"?\s*=', line):
                found.setdefault((f"{current}.{key[1]}".strip("."), inner), number)
    return found


class _Reader:
    def __init__(self, path, text, library):
        self.path, self.library = path, library
        self.lines, self.problems = positions(text), []

    def fault(self, table, key, message):
        line = self.lines.get((table, key)) or self.lines.get((table, "")) or 1
        self.problems.append((line, f"{self.path}:{line}: {message}"))

    def plan(self, document):
        if document.get("schema") != SCHEMA:
            self.fault("", "schema", f'schema is "{document.get("schema", "")}"; write "{SCHEMA}"')
        self._known("", document, TOP)
        fleet = self._table("", "fleet", document)
        self._known("fleet", fleet, FLEET)
        deadline = self._quarter("", "deadline", document.get("deadline"))
        if deadline is None and "deadline" not in document:
            self.fault("", "deadline", 'deadline is missing; write e.g. deadline = "2027Q4"')
        start = self._quarter("", "start", document["start"]) if "start" in document else None
        total = self._count("fleet", "total", fleet["total"]) if "total" in fleet else None
        mix = self._mix("fleet", "mix", fleet.get("mix"))
        workload = self._workload(fleet.get("workload"))
        supply = self._supply(self._table("fleet", "supply", fleet))
        sites = document.get("site", [])
        if not isinstance(sites, list) or not sites:
            self.fault("", "site", "there is no site; add one with [[site]] and its region")
            sites = []
        read_ = [self._site(f"site.{n}", site, mix) for n, site in enumerate(sites) if isinstance(site, dict)]
        names = [site.name for site in read_ if site]
        for n, name in enumerate(names):
            if name in names[:n]:
                self.fault(f"site.{n}", "name", f'site "{name}" is there twice; give each a name of its own')
        allocate = self._table("", "allocate", document)
        self._known("allocate", allocate, ("objective",))
        objective = allocate.get("objective", "deadline")
        if objective not in OBJECTIVES:
            self.fault("allocate", "objective", f'objective is "{objective}"; there are {", ".join(OBJECTIVES)}')
        settings = self._settings(self._table("", "settings", document))
        if start and deadline and start > deadline:
            self.fault("", "deadline", f"deadline {deadline} is before the start, {start}")
        if self.problems:
            raise ProfileError([message for _, message in sorted(self.problems)])
        dated = [values for site in read_ for values in (site.chips or {}, *site.limits.values())] + list(supply.values())
        quarters = span({start: 0} if start else {}, *dated, deadline=deadline)
        if start:
            quarters = tuple(q for q in quarters if q >= start)
        late = sorted({q for site in read_ for q in site.chips or {} if q > deadline})
        notes = [str(note) for note in document.get("notes", [])]
        notes += [f"chips planned for {late[0]} and later come after the deadline and are left out"] if late else []
        return Plan(str(document.get("name", self.path.stem)), str(self.path), quarters, deadline, total, mix, workload,
                    tuple(read_), supply, objective, settings, tuple(notes))

    def _known(self, table, found, keys):
        import difflib

        for key in found:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                self.fault(table, key, f"{key} is not a key here" + (f"; did you mean {near[0]}?" if near else
                                                                     f"; there are {', '.join(keys)}"))

    def _table(self, table, key, found):
        value = found.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(table, key, f"{key} is {value!r}, not a table")
        return {}

    def _ask(self, table, key, function, *arguments):
        """What a function makes of a text, its complaint a fault of the file."""
        try:
            return function(*arguments)
        except DcestimateError as error:
            self.fault(table, key, f"{key}: {error}")
            return None

    def _quarter(self, table, key, text):
        return None if text is None else self._ask(table, key, Quarter.of, text)

    def _count(self, table, key, text):
        if text in (0, "0"):
            return 0
        return self._ask(table, key, amounts.parse_count, text)

    def _mix(self, table, key, mix):
        from ..request import parse_mix

        if mix is None:
            return ()
        pairs = self._ask(table, key, parse_mix, mix if isinstance(mix, dict | list) else str(mix), "chip")
        found = [(self._ask(table, key, self.library.find, ("chip", "system"), name), share) for name, share in pairs or ()]
        names = [name for pair, _ in found if pair for name in (pair[1],)]
        if len(set(names)) < len(names):
            self.fault(table, key, f"{key}: a chip is named twice; name it once, with its whole share")
        return tuple((pair[1], share) for pair, share in found if pair)

    def _workload(self, workload):
        from ..request import _workload

        if workload is None:
            return None
        text = ",".join(f"{k}:{v}" for k, v in workload.items()) if isinstance(workload, dict) else str(workload)
        self._ask("fleet", "workload", _workload, self.library, text)
        return text

    def _supply(self, table):
        supply = {}
        for name, dated in table.items():
            found = self._ask("fleet.supply", name, self.library.find, ("chip", "system"), name)
            values = self._dated("fleet.supply", name, dated, lambda key, text, at=name: self._count("fleet.supply", at, text))
            if found:
                supply[found[1]] = self._rising("fleet.supply", name, values, "supply is counted since the start")
        return supply

    def _settings(self, table):
        from ..request import parse_setting

        found = [self._ask("settings", key, parse_setting, f"{key}={value}") for key, value in table.items()]
        return tuple(one for one in found if one)

    def _dated(self, table, key, dated, parse):
        """{Quarter: value} of {"2027Q4" = ...}, or of one value that holds from the start."""
        if not isinstance(dated, dict):
            value = parse(key, dated)
            return {} if value is None else {Quarter(0): value}
        values = {}
        for text, entry in dated.items():
            quarter, value = self._quarter(table, key, text), parse(key, entry)
            if quarter in values and quarter is not None:
                self.fault(table, key, f"{key}: {quarter} is stated twice")
            elif quarter is not None and value is not None:
                values[quarter] = value
        return dict(sorted(values.items()))

    def _rising(self, table, key, values, why):
        items = list(values.items())
        for (before, less), (after, more) in zip(items, items[1:], strict=False):
            if more < less:
                self.fault(table, key, f"{key} falls from {less:,.0f} in {before} to {more:,.0f} in {after}; {why}")
        return values

    def _amount(self, table, key, text, unit):
        value = self._ask(table, key, amounts.parse, text if isinstance(text, str) else repr(text), unit)
        if value is not None and value < 0:
            self.fault(table, key, f"{key} is {text}, below 0")
        return value

    def _site(self, table, site, fleet_mix):
        self._known(table, site, SITE)
        if "region" not in site:
            self.fault(table, "region", 'a site has no region; write e.g. region = "us-east-1"')
            return None
        region = self._ask(table, "region", self.library.find, "region", str(site["region"]))
        if "chips" in site and "added" in site:
            self.fault(table, "added", "chips and added both say how many; keep one of the two")
        chips = None
        for key in ("chips", "added"):
            if key in site:
                chips = self._dated(table, key, site[key], lambda k, text: self._count(table, k, text))
        if "added" in site and chips:
            running = 0
            for quarter in sorted(chips):
                running += chips[quarter]
                chips[quarter] = running
        elif chips:
            self._rising(table, "chips", chips, "chips are counted since the start")
        limits = {key: self._falling(table, key, self._dated(
            table, key, site[key], lambda k, text: self._amount(table, k, text, ADDITIVE[k].result_unit)), site)
            for key in ADDITIVE if key in site}
        existing = {key: value for key, text in self._table(table, "existing", site).items()
                    if self._limit(f"{table}.existing", key) and (
                        value := self._amount(f"{table}.existing", key, text, ADDITIVE[key].result_unit)) is not None}
        own = {key: value for key, text in self._table(table, "per_accelerator", site).items()
               if self._limit(f"{table}.per_accelerator", key) and (
                   value := self._amount(f"{table}.per_accelerator", key, text, f"{ADDITIVE[key].result_unit}/chip")) is not None}
        designs = tuple((key.removesuffix("_design"), found[1]) for key in DESIGNS if key in site and (
            found := self._ask(table, key, self.library.find, key.removesuffix("_design"), str(site[key]))))
        ramp = self._count(table, "ramp", site["ramp"]) if "ramp" in site else None
        ordered = {key: quarter for key, text in self._table(table, "ordered", site).items()
                   if self._equipment(f"{table}.ordered", key) and (
                       quarter := self._quarter(f"{table}.ordered", key, text)) is not None}
        lead = {key: value for key, text in self._table(table, "lead_time", site).items()
                if self._equipment(f"{table}.lead_time", key) and (
                    value := self._time(f"{table}.lead_time", key, text)) is not None}
        whole = site.get("whole", "chip")
        if whole not in WHOLE:
            self.fault(table, "whole", f'whole is "{whole}"; there are {", ".join(WHOLE)}')
        mix = self._mix(table, "mix", site["mix"]) if "mix" in site else fleet_mix
        if not mix and not self.problems:
            self.fault(table, "mix", "neither the site nor the fleet says which chips; write mix = { gb300 = \"100 %\" }")
        return Site(str(site.get("name", site["region"])), region[1] if region else "", chips, mix, designs, limits,
                    existing, ramp, own, ordered, lead, whole, self.lines.get((table, ""), 0))

    def _falling(self, table, key, values, site):
        items = list(values.items())
        for (before, more), (after, less) in zip(items, items[1:], strict=False):
            if less < more and not site.get("note"):
                unit = ADDITIVE[key].result_unit
                self.fault(table, key, f"{key} falls from {units.from_si(more, unit):,.4g} in {before} to "
                                       f"{units.from_si(less, unit):,.4g} {unit} in {after}; say why in note, or mend it")
        return values

    def _limit(self, table, key):
        if key in ADDITIVE:
            return True
        self.fault(table, key, f"{key} is no limit; there are {', '.join(ADDITIVE)}")
        return False

    def _equipment(self, table, key):
        if key in EQUIPMENT:
            return True
        self.fault(table, key, f"{key} is not known; there are {', '.join(EQUIPMENT)}")
        return False

    def _time(self, table, key, text):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(weeks?|months?|years?)\s*", str(text))
        if not found:
            self.fault(table, key, f'{key} is {text!r}; write e.g. "24 months" or "65 weeks"')
            return None
        each = {"week": units.to_si(1, "week"), "mont": units.to_si(1, "year") / 12, "year": units.to_si(1, "year")}
        return float(found[1]) * each[found[2][:4]]
