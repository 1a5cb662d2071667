"""Cells of a workbook before they are a file: what is written, and what a file is compared with."""

import math
from dataclasses import dataclass, field
from functools import cached_property

from ...rollout.sheets import letters
from .looks import LOOKS

LONGEST = 32_767  # characters that a cell holds
TITLE = 24  # points of the row of a title


@dataclass(frozen=True)
class Cell:
    """A number or text, or a formula with its true value; ``look`` and ``form`` say how it is shown, ``link`` leads on."""

    value: object
    formula: str = ""
    look: str = "text"
    form: str = ""
    link: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart over cells: ``series`` are (name, categories, values), each the address of cells.

    ``axes`` are the titles of both axes, ``least`` is where the values' own begins.
    """

    kind: str
    title: str
    series: tuple
    axes: tuple
    row: int
    column: int
    least: float | None = None
    size: tuple = (530, 320)


LETTER = {"head": 1.2, "under": 0.9}  # widths of a digit that a letter takes


@dataclass
class Sheet:
    """One sheet: its cells by (row, column), both from 0, and how it is laid out and printed.

    ``freeze`` is the first cell that scrolls, ``repeat`` the first and last row of those repeated on every page.
    ``scale`` [%] is that of the print; without one all columns, or those before ``printed``, share a page. ``breaks`` are
    rows that begin one. ``named`` is the column that says what a row is about.
    """

    name: str
    widths: tuple = ()
    freeze: tuple | None = None
    repeat: tuple | None = None
    filtered: tuple | None = None
    scale: int | None = None
    printed: int | None = None
    named: int = 0
    cells: dict = field(default_factory=dict)
    charts: list = field(default_factory=list)
    merged: list = field(default_factory=list)
    heights: dict = field(default_factory=dict)
    breaks: list = field(default_factory=list)

    def text(self, row, column, text, look="text", link=""):
        """A text, never a formula whatever it begins with."""
        text = str(text)
        text = text if len(text) <= LONGEST else text[:LONGEST - 3] + "..."
        if text.startswith("<r>"):  # which the writer would take for markup
            text = f" {text}"
        if text:
            self.cells[row, column] = Cell(text, look=look, link=link)

    def number(self, row, column, value, form="#,##0.00", look="number"):
        """A number as the model has it."""
        self.cells[row, column] = Cell(_plain(value), look=look, form=form)

    def formula(self, row, column, formula, value, form="#,##0.00", look="live"):
        """A formula without its equals sign, and the value that it has."""
        value = value if isinstance(value, str) else _plain(value)
        self.cells[row, column] = Cell(value, f"={formula}", look, form)

    def head(self, row, titles, column=0, look="head"):
        """A row of headings."""
        for n, title in enumerate(titles):
            self.text(row, column + n, title, look)

    def across_row(self, row, text, columns, look="note", height=None):
        """A text over several columns, wrapped."""
        self.text(row, 0, text, look)
        if text and columns > 1:
            self.merged.append((row, 0, columns - 1))
        if height:
            self.heights[row] = height

    def fit(self, *rows):
        """Widen columns so that no word of these rows breaks."""
        widths = list(self.widths)
        for (row, column), cell in self.cells.items():
            if row in rows and column < len(widths):
                longest = max(map(len, str(cell.value).split()), default=0)
                widths[column] = max(widths[column], round(longest * LETTER[cell.look]) + 1)
        self.widths = tuple(widths)

    def at(self, row, column):
        """The address of a cell, as other sheets write it."""
        return f"{self.name}!{address(row, column)}"

    @cached_property
    def lines(self):
        """{row: lines of text} where a wrapped text takes more than one."""
        found, merged = {}, {(row, first) for row, first, _ in self.merged}
        for (row, column), cell in self.cells.items():
            if "text_wrap" in LOOKS[cell.look] and column < len(self.widths) and (row, column) not in merged:
                width = max(int(self.widths[column] * 1.05), 1)
                lines = sum(-(-len(part) // width) for part in str(cell.value).split("\n"))
                if lines > 1:
                    found[row] = max(found.get(row, 1), lines)
        return found


@dataclass
class Book:
    """A workbook: its sheets in order."""

    title: str
    sheets: list = field(default_factory=list)

    def sheet(self, name, widths=(), **layout):
        self.sheets.append(Sheet(name, tuple(widths), heights={0: TITLE}, **layout))
        return self.sheets[-1]


def address(row, column):
    """The name of a cell that does not move.

    >>> address(0, 27)
    '$AB$1'
    """
    return f"${letters(column)}${row + 1}"


def span(first, last, column, sheet=""):
    """The name of a run of cells in a column.

    >>> span(4, 9, 2, "Results")
    'Results!$C$5:$C$10'
    """
    return f"{f'{sheet}!' if sheet else ''}{address(first, column)}:{address(last, column)}"


def form_of(values, whole=False):
    """The number format that shows values of this size with about four digits.

    >>> form_of([1234.5]), form_of([12.3, 0.1]), form_of([3.0], whole=True), form_of([2e-6])
    ('#,##0', '#,##0.00', '#,##0', '0.00E+00')
    """
    largest = max((abs(x) for x in values), default=0.0)
    if whole or largest >= 1000 or largest == 0:
        return "#,##0"
    if largest < 1e-3:
        return "0.00E+00"
    return "#,##0." + "0" * min(max(3 - math.floor(math.log10(largest)), 1), 6)


def _plain(value):
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be a cell")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
