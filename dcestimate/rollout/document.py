"""From what a file says to a plan, every fault told; TOML, CSV and XLSX all come through here."""

from pathlib import Path

from .plan import Plan, span
from .sites import Sites
from .source import plain, shown

SCHEMA = "dcestimate/plan/1"
TOP = ("schema", "name", "title", "deadline", "start", "fleet", "site", "shared", "allocate", "settings", "notes")
FLEET = ("total", "mix", "workload", "supply")
OBJECTIVES = ("deadline", "chip-quarters")


def plan(source, library):
    """The plan that a source holds.

    :raises ProfileError: with every fault.
    """
    return _Reader(source, library).plan()


class _Reader(Sites):
    def plan(self):
        document, fault = self.source.content, self.fault
        if document.get("schema") != SCHEMA:
            found = f'is "{shown(document["schema"])}"' if "schema" in document else "is missing"
            fault(("schema",), f"schema {found}; write {self.example('schema', SCHEMA)}")
        self.known((), document, TOP)
        fleet = self.table((), "fleet", document)
        self.known(("fleet",), fleet, FLEET, {"objective": "it belongs in the table [allocate]"})
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
        for key in self.table(("fleet",), "supply", fleet):
            self._is_wanted(("fleet", "supply", key), key, sites)
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
                    sites, supply, objective, settings, tuple(notes), shared, self.source.lines)

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

    def _is_wanted(self, part, name, sites):
        """A fault of a supply that would limit nothing, since no site has what it is of by that name."""
        kinds = list(dict.fromkeys(kind for site in sites for kind in site.kinds))
        found = self.library.find(("chip", "system"), name)[1] if part not in self.source.faults else None
        if found and kinds and found not in kinds:
            self.fault(part, f"no site has {found}; write the supply of what the mix or chips name: {', '.join(kinds[:6])}")

    def _settings(self, table):
        from ..request import parse_setting

        found = [self.ask(("settings", key), parse_setting, f"{key}={shown(value)}") for key, value in table.items()]
        return tuple(one for one in found if one)


def _quarters(sites, shared, supply, start, deadline):
    """The quarters of a plan, from its start, or from the first that anything is stated for."""
    dated = [dated for site in sites for dated in (site.chips or {}).values()]
    dated += [values for one in (*sites, *shared) for values in one.limits.values()] + list(supply.values())
    quarters = span({start: 0} if start else {}, *dated, deadline=deadline)
    return tuple(quarter for quarter in quarters if not start or quarter >= start)
