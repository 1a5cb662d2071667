"""Rows of cells as tables hold them, each with its place; from a CSV and into one."""

import csv
import io
import re
from dataclasses import dataclass, field

from ..errors import ProfileError
from .source import plain

ROWS, COLUMNS = 5_000, 250
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Faulty:
    """A cell that says nothing, and why."""

    message: str


@dataclass
class Sheet:
    """Rows as {row number: [text, date, None or Faulty]}, and how a place is told: ``cells`` where cells have names."""

    path: str
    rows: dict = field(default_factory=dict)
    name: str | None = None
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # (row, column, message)
    merged: list = field(default_factory=list)

    def place(self, row, column=None, heading=None):
        """(order, text) of a cell, or of a row; columns count from 0."""
        order = row, -1 if column is None else column
        if self.name is None:
            return order, f"{self.path}:{row}" + (f": column {plain(str(heading))[:20]}" if heading is not None else "")
        cell = f"cell {letters(column)}{row}" if column is not None else f"row {row}"
        return order, f"{self.path}: sheet {plain(self.name)}, {cell}"


def letters(column):
    """The name of a column that counts from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def of_csv(text, path):
    """The rows of a CSV with commas.

    :raises ProfileError: when it has too many, or a quote is never closed.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    sheet = Sheet(path)
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return sheet
        except csv.Error as error:
            says = str(error)
            if "end of data" in says:
                says = "a quote that opens here is never closed"
            elif "expected after" in says:
                says = "has text behind a closing quote; double the quotes inside a quoted cell"
            raise ProfileError([f"{path}:{row}: {plain(says)}; nothing after it was read"]) from None
        if row > ROWS or len(cells) > COLUMNS:
            raise ProfileError([f"{path}:{row}: has more than the {ROWS:,} rows or {COLUMNS} columns of any plan"])
        sheet.rows[row] = [text_cell(cell) for cell in cells]


def text_cell(text):
    """A cell of text: nothing where it is empty, Faulty where it is a spreadsheet's error."""
    text = text.strip()
    if text.upper() in ERRORS:
        return Faulty(f"holds the error {text}; mend its formula")
    return text or None


def as_csv(rows):
    """Rows of texts as a CSV; text that a spreadsheet would take for a formula is quoted, numbers never."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) and not DECIMAL.fullmatch(cell) else cell for cell in row]
                     for row in rows)
    return stream.getvalue()
