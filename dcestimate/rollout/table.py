"""From the rows of a table to a plan document, what a row or cell does not say told as a fault of it."""

import datetime
import difflib

from ..errors import UsageError
from .document import SCHEMA
from .layout import (
    ACCELERATORS,
    BARE,
    COLUMNS,
    COUNTS,
    DATED,
    EXAMPLES,
    FLEET,
    MEMBERS,
    MULTIPLES,
    NEEDED,
    OF_SITE,
    PLAIN,
    SEARCHED,
    WHOLE,
)
from .quarters import Quarter
from .sheets import Faulty
from .source import Source, shown


def read(sheet):
    """The Source that a Sheet holds; rows and cells that say nothing are faults of it."""
    header = _header(sheet)
    source = Source(sheet.path, {}, {(): sheet.place(header or 1)}, EXAMPLES, list(sheet.notes))
    if header is None:
        first = " ".join(cell for cell in next(iter(sheet.rows.values()), []) if isinstance(cell, str))
        mark = next((name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in first), None)
        source.fault((), (f"columns are separated by {mark}; write commas, and points for decimals, or save it as .xlsx"
                          if mark else f"has no header in its first {SEARCHED} rows; write {','.join(COLUMNS[:-1])},2027Q1,"
                                       "2027Q2 and so on"))
        source.stop()
    columns, quarters = _columns(sheet, header, source)
    source.stop()  # without columns nothing else is where it seems
    _Rows(sheet, header, columns, quarters, source).read()
    return source


def _header(sheet):
    """The number of the row that names columns, or None."""
    for row, cells in list(sheet.rows.items())[:SEARCHED]:
        if {"site", "what"} <= {_name(cell) for cell in cells}:
            return row
    return None


def _name(cell):
    return cell.strip().lower().replace(" ", "_") if isinstance(cell, str) else None


def _columns(sheet, header, source):
    """({name: column}, {column: Quarter}) of the header."""
    columns, quarters = {}, {}
    cells = sheet.rows[header]
    for column, cell in enumerate(cells):
        part = "column", column
        source.places[part] = sheet.place(header, column, shown(cell) if isinstance(cell, str) else None)
        if isinstance(cell, Faulty):
            source.fault(part, f"the heading {cell.message}")
            continue
        name = _name(cell)
        if cell is None:
            if any(len(row) > column and row[column] is not None for row in list(sheet.rows.values())):
                source.fault(part, "has no heading over cells that say something; write one, or empty them")
        elif name in COLUMNS:
            if name in columns:
                source.fault(part, f"column {name} is there twice; keep one")
            columns[name] = column
        else:
            try:
                quarter = Quarter.of(cell)
            except UsageError:
                near = difflib.get_close_matches(str(name), COLUMNS, 1)
                source.fault(part, f'"{shown(cell)}" is no column; ' + (f"did you mean {near[0]}?" if near else (
                    f"there are {', '.join(COLUMNS)} and quarters such as 2027Q4")))
                continue
            if quarter in quarters.values():
                source.fault(part, f"quarter {quarter} has a column already; keep one")
            quarters[column] = quarter
    for name in NEEDED:
        if name not in columns:
            source.fault(("column", "", name), f"the header has no column {name}; write site,region,what,unit,value,2027Q1 "
                                               "and so on")
    return columns, quarters


class _Rows:
    def __init__(self, sheet, header, columns, quarters, source):
        self.sheet, self.header, self.columns, self.quarters, self.source = sheet, header, columns, quarters, source
        self.width, self.sites, self.regions = len(sheet.rows[header]), {}, {}

    def read(self):
        content = self.source.content
        for row, cells in self.sheet.rows.items():
            if row > self.header and any(cell is not None for cell in cells) and not self._comment(cells):
                self._row(row, cells)
        for row, column, where in self.sheet.merged:
            if row >= self.header and row in self.sheet.rows and not self._comment(self.sheet.rows[row]):
                self._fault(row, column, f"cells {where} are merged; unmerge them and fill every one")
        for name, n in self.sites.items():
            if name in self.regions:
                content["site"][n]["region"] = self.regions[name][0]
        content.setdefault("schema", SCHEMA)

    @staticmethod
    def _comment(cells):
        return isinstance(cells[0], str) and cells[0].startswith("#")

    def _fault(self, row, column, message):
        """A fault of a cell, whether or not it is part of the plan."""
        part = "cell", row, column
        self.source.places[part] = self._place(row, column)
        self.source.fault(part, message)

    def _place(self, row, column):
        return self.sheet.place(row, column, self._heading(column) if column is not None else None)

    def _heading(self, column):
        cell = self.sheet.rows[self.header][column] if column < self.width else None
        return shown(cell) if isinstance(cell, str) else str(column + 1)

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
            self._state(row, cells, cell, base, table, FLEET if of_fleet else OF_SITE)

    def _site(self, row, cell):
        """(path, table) of the site of a row, added when it is new."""
        name, region = cell["site"], cell["region"]
        if name not in self.sites:
            self.sites[name] = len(self.sites)
            self.source.content.setdefault("site", []).append({"name": name})
            for part in ((), ("name",)):
                self.source.places["site", self.sites[name], *part] = self._place(row, self.columns["site"])
        n = self.sites[name]
        if isinstance(region, Faulty):
            where = self._place(row, self.columns["region"])
            self.source.faults.setdefault(("site", n, "region"), (*where, region.message))
        elif region is not None:
            first, where = self.regions.setdefault(name, (region, row))
            self.source.places.setdefault(("site", n, "region"), self._place(row, self.columns["region"]))
            part = "region", name, region
            if first != region and part not in self.source.places:  # told once
                self.source.places[part] = self._place(row, self.columns["region"])
                self.source.fault(part, f'site "{shown(name)}" is in {shown(region)} here and in '
                                                         f"{shown(first)} in row {where}; give each site a name of its own")
        return ("site", n), self.source.content["site"][n]

    def _state(self, row, cells, cell, base, table, known):
        """Put what a row says where a plan document has it."""
        head, _, tail = cell["what"].partition(".")
        head, column = _name(head), self.columns["what"]
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
        if not tail and head in MEMBERS and head not in ("mix", "workload"):
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

    def _where(self, part):
        return f"row {self.source.place(part)[0][0]}"

    def _value(self, row, cells, cell, part, head):
        """The text of a row that holds throughout, or {quarter: text}; None, its fault told, where there is neither."""
        dated = {column: cells[column] for column in self.quarters if cells[column] is not None}
        if dated and head not in DATED:
            self._fault(row, next(iter(dated)), f"{head} does not change over time; write it in column value")
            return self._told(part)
        if dated and cell.get("value") is not None:
            self._fault(row, self.columns["value"], f"{head} has a value and quarters; empty the value, or the quarters")
            return self._told(part)
        if not dated and cell.get("value") is None:
            under = "under a quarter" if head in DATED else "in column value"
            self.source.fault(part, f"{head} says nothing; write it {under}, or delete the row")
            return None
        unit = cell.get("unit") or ""
        if isinstance(unit, Faulty):
            return self._told(part)
        wrong = (head in PLAIN and unit and f"{head} has no unit; empty the cell") or (
            head in COUNTS and unit.lower() not in (*ACCELERATORS, *MULTIPLES)
            and f'unit is "{shown(unit)}"; {head} counts accelerators: leave it empty, or write k')
        if wrong:
            self._fault(row, self.columns["unit"], wrong)
            return self._told(part)
        if not dated:
            self.source.places[part] = self._place(row, self.columns["value"])
            return self._entry(part, cell["value"], unit, head)
        found = {}
        for column, entry in dated.items():
            key = str(self.quarters[column])
            self.source.places[*part, key] = self._place(row, column)
            text = self._entry((*part, key), entry, unit, head)
            if text is not None:
                found[key] = text
        return found or self._told(part)

    def _told(self, part):
        """Nothing, so that what follows from a fault that has been told is not told as well."""
        self.source.faults.setdefault(part, next(reversed(self.source.faults.values())))

    def _entry(self, part, entry, unit, head):
        """A cell as a text with its unit, or a date."""
        if isinstance(entry, Faulty):
            self.source.fault(part, f"{head} {entry.message}")
            return None
        if isinstance(entry, datetime.date):
            if head in ("deadline", "start", "ordered"):
                return entry
            self.source.fault(part, f"{head} is a date; write a number, and format the cell as one")
            return None
        if not BARE.fullmatch(entry) or not unit or (head in COUNTS and unit.lower() in ACCELERATORS):
            return entry
        return f"{entry} {unit}"
