"""What a row of a table says: its cells as texts with their unit, by quarter or throughout."""

import datetime

from .layout import ACCELERATORS, BARE, COUNTS, DATED, MULTIPLES, PLAIN
from .sheets import Faulty
from .source import shown


class Entries:
    """The cells of a Sheet below its header, their faults told to a Source."""

    def __init__(self, sheet, header, columns, quarters, source):
        self.sheet, self.header, self.columns, self.quarters, self.source = sheet, header, columns, quarters, source
        self.width = len(sheet.rows[header])

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
