"""From the rows of a table to a plan document, what a row or cell does not say told as a fault of it."""

import datetime
import difflib

from .document import SCHEMA
from .entries import Entries
from .headings import columns, header_row, name_of
from .layout import ALONE, COLUMNS, EXAMPLES, FLEET, MEMBERS, OF_SHARED, OF_SITE, SEARCHED, WHOLE
from .sheets import Faulty
from .source import Source, shown


def read(sheet):
    """The Source that a Sheet holds; rows and cells that say nothing are faults of it."""
    header = header_row(sheet)
    source = Source(sheet.path, {}, {(): sheet.place(header or 1)}, EXAMPLES, list(sheet.notes))
    if header is None:
        first = " ".join(cell for cell in next(iter(sheet.rows.values()), []) if isinstance(cell, str))
        mark = next((name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in first), None)
        source.fault((), (f"columns are separated by {mark}; write commas, and points for decimals, or save it as .xlsx"
                          if mark else f"has no header in its first {SEARCHED} rows; write {','.join(COLUMNS[:-1])},2027Q1,"
                                       "2027Q2 and so on"))
        source.stop()
    named, quarters = columns(sheet, header, source)
    source.stop()  # without columns nothing else is where it seems
    _Rows(sheet, header, named, quarters, source).read()
    return source


class _Rows(Entries):
    def __init__(self, sheet, header, columns, quarters, source):
        super().__init__(sheet, header, columns, quarters, source)
        self.regions, self.sites = {}, {}
        self.shared = {self._cell(cells, "site") for row, cells in sheet.rows.items()
                       if row > header and name_of(self._cell(cells, "what")) == "sites"}

    def read(self):
        content = self.source.content
        for row, cells in self.sheet.rows.items():
            if row > self.header and any(cell is not None for cell in cells) and not self._comment(cells):
                self._row(row, cells)
        for row, column, where in self.sheet.merged:
            if row >= self.header and row in self.sheet.rows and not self._comment(self.sheet.rows[row]):
                self._fault(row, column, f"cells {where} are merged; unmerge them and fill every one")
        for name, (kind, n) in self.sites.items():
            if name in self.regions:
                content[kind][n]["region"] = self.regions[name][0]
        content.setdefault("schema", SCHEMA)

    def _cell(self, cells, name):
        return cells[self.columns[name]] if len(cells) > self.columns[name] else None

    @staticmethod
    def _comment(cells):
        return isinstance(cells[0], str) and cells[0].startswith("#")

    def _row(self, row, cells):
        for column, cell in list(enumerate(cells))[self.width:]:
            if cell is not None:
                self._fault(row, None, f"has {column + 1} columns, and the header in row {self.header} has {self.width}; "
                                       "quote a text that holds a comma")
        if self.sheet.name is None and len(cells) < self.width:
            self._fault(row, None, f"has {len(cells)} columns, and the header in row {self.header} has {self.width}; write "
                                   "a comma for each empty cell")
            return
        cells = cells + [None] * (self.width - len(cells))
        cell = {name: cells[column] for name, column in self.columns.items()}
        for name, found in cell.items():
            if name != "value" and isinstance(found, datetime.date):
                cell[name] = Faulty(f"is a date; write the {name} as text")
            if isinstance(cell[name], Faulty) and name != "value":
                self._fault(row, self.columns[name], cell[name].message)
        if isinstance(cell["site"], Faulty) or isinstance(cell["what"], Faulty):
            return
        for name in ("site", "what"):
            if cell[name] is None:
                self._fault(row, self.columns[name], f"{name} is empty; write one in every row")
        if cell["site"] is None:
            return
        of_fleet = cell["site"].lower() == WHOLE
        base, table = ((), self.source.content) if of_fleet else self._site(row, cell)
        if isinstance(cell.get("note"), str):
            if of_fleet:
                table.setdefault("notes", []).append(cell["note"])
            else:
                table["note"] = "; ".join(filter(None, (table.get("note"), cell["note"])))
        if of_fleet and isinstance(cell["region"], str):
            self._fault(row, self.columns["region"], "the fleet has no region; leave it empty")
        if cell["what"] is not None:
            known = FLEET if of_fleet else OF_SHARED if base[0] == "shared" else OF_SITE
            self._state(row, cells, cell, base, table, known)

    def _site(self, row, cell):
        """(path, table) of the site of a row, or of what sites share, added when it is new."""
        name, region = cell["site"], cell["region"]
        if name not in self.sites:
            kind = "shared" if name in self.shared else "site"
            self.sites[name] = kind, len(self.source.content.setdefault(kind, []))
            self.source.content[kind].append({"name": name})
            for part in ((), ("name",)):
                self.source.places[(*self.sites[name], *part)] = self._place(row, self.columns["site"])
        kind, n = self.sites[name]
        if isinstance(region, Faulty):
            where = self._place(row, self.columns["region"])
            self.source.faults.setdefault((kind, n, "region"), (*where, region.message))
        elif region is not None:
            first, where = self.regions.setdefault(name, (region, row))
            self.source.places.setdefault((kind, n, "region"), self._place(row, self.columns["region"]))
            part = "region", name, region
            if first != region and part not in self.source.places:  # told once
                self.source.places[part] = self._place(row, self.columns["region"])
                self.source.fault(part, f'site "{shown(name)}" is in {shown(region)} here and in '
                                                         f"{shown(first)} in row {where}; give each site a name of its own")
        return (kind, n), self.source.content[kind][n]

    def _state(self, row, cells, cell, base, table, known):
        """Put what a row says where a plan document has it."""
        head, _, tail = cell["what"].partition(".")
        head, column = name_of(head), self.columns["what"]
        if head not in known:
            near = difflib.get_close_matches(head, known, 1)
            other = "a site, not of the fleet" if known is FLEET else "the fleet; write it with site fleet"
            means = (f"that is of {other}" if head in (OF_SITE if known is FLEET else FLEET) else
                     f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}")
            self._fault(row, column, f'what is "{shown(cell["what"])}"; {means}')
            return
        tail = tail.strip()
        if bool(tail) and head not in MEMBERS:
            self._fault(row, column, f'what is "{shown(cell["what"])}"; write {head} alone')
            return
        if not tail and head in MEMBERS and head not in ALONE:
            self._fault(row, column, f"what is {head} alone; write e.g. {head}.{MEMBERS[head]}")
            return
        for key in FLEET[head] if known is FLEET else ():
            base, table = (*base, key), table.setdefault(key, {})
        part = (*base, head)
        if tail:
            if not isinstance(table.setdefault(head, {}), dict):
                self._fault(row, column, f"{head} is stated already in {self._where(part)}; keep one way")
                return
            self.source.places.setdefault(part, self._place(row, column))
            table, part, head_or_tail = table[head], (*part, tail), tail
        else:
            head_or_tail = head
        if part in self.source.places or head_or_tail in table:
            self._fault(row, column, f"{head}{'.' * bool(tail)}{tail} of {shown(cell['site'])} is stated already in "
                                     f"{self._where(part)}; keep one of the two rows")
            return
        self.source.places[part] = self._place(row, None if self.sheet.name is None else column)
        found = self._value(row, cells, cell, part, head)
        if found is not None:
            table[head_or_tail] = found
