"""From the cells of a row to the lines of work it asks for, or to what is wrong with it."""

import datetime
from dataclasses import dataclass, field

from ..amounts import is_count, parse_count
from ..errors import UsageError
from ..request import lines, parse_setting
from ..rollout.sheets import Faulty
from ..rollout.source import plain
from .decimals import COMMA, Number, readings, with_point
from .headers import OPTIONAL
from .idle import Merged, is_idle

DESIGNS = ("system", "cooling", "power", "space", "fabric")


@dataclass
class Requests:
    """What all rows ask for.

    ``designs`` are lines without their count, each once; ``parts`` hold for each row its (design, count) pairs: none
    where the row asks for nothing or is faulty. ``errors`` are texts by row, rows counting from 0 in their order.
    """

    designs: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)
    idle: list = field(default_factory=list)


class RowError(UsageError):
    """What is wrong with a row."""


class Absent(RowError):
    """That a row names no chip, no region or neither, which headings and totals do not either."""


def read(library, columns, rows, settings=(), decimal=".", shown=str):
    """The Requests of rows of cells.

    :param columns: the matched Columns; ``settings`` hold for every row that does not say otherwise.
    :param decimal: the decimal mark of the table's numbers, "" where it is not known; ``shown`` gives the one that they
        show, "" where they show none: without one a count of "1.000" is not read as one.
    """
    reader = _Reader(library, columns, [parse_setting(text) for text in settings], decimal, shown)
    for cells in rows:
        reader.add(cells)
    return reader.found


class _Reader:
    def __init__(self, library, columns, settings, decimal, shown):
        self.library, self.columns, self.settings = library, columns, settings
        self.decimal, self.shown = decimal, shown
        self.count = columns.roles["count"]
        self.rest = sorted(columns.read - {self.count})
        self.places = {column: n for n, column in enumerate(self.rest)}
        self.found, self.known, self.index = Requests(), {}, {}

    def add(self, cells):
        """Take in one more row."""
        width = len(cells)
        key = tuple([cells[column] if column < width else None for column in self.rest])
        count = cells[self.count] if self.count < width else None
        number, parts = len(self.found.parts), ()
        try:
            if key not in self.known:
                self.known[key] = self._design(key)
            design = self.known[key]
            if isinstance(design, int):
                parts = ((design, self._count(count)),)
            elif not isinstance(design, UsageError):
                parts = tuple((self._place(line.designs), line.count)
                              for line in lines(self.library, self._count(count), **design))
            elif isinstance(design, Absent) and is_idle(self.library, self.columns, cells):
                self.found.idle.append(number)
            else:
                raise design
        except UsageError as error:
            self.found.errors[number] = plain(str(error))
        self.found.parts.append(parts)

    def _place(self, design):
        """The place of a design among all."""
        if design not in self.index:
            self.index[design] = len(self.found.designs)
            self.found.designs.append(design)
        return self.index[design]

    def _design(self, key):
        """The place of what a row asks for but its count, the request itself where it is a mix, or its error."""
        try:
            cells = {role: self._text(role, key[self.places[column]]) for role, column in self.columns.roles.items()
                     if role != "count"}
            empty = [role for role in ("chip", "region") if not cells[role]]
            if empty:
                return self._absent(empty)
            asked = {role: cells.get(role) for role in (*DESIGNS, "workload")}
            request = dict(chip=cells["chip"], region=cells["region"], settings=self._settings(key, cells.get("set")),
                           **asked)
            if "," in cells["chip"] + cells["region"]:
                return request
            return self._place(lines(self.library, 1, **request)[0].designs)
        except UsageError as error:
            return error

    def _absent(self, roles):
        """What is wrong with a row that has a count, but nothing in the columns of some roles."""
        under = " and ".join(f'"{self.columns.headers[self.columns.roles[role]].strip()}"' for role in roles)
        verb = "are" if len(roles) > 1 else "is"
        return Absent(f"the {' and the '.join(roles)} {verb} missing.",
                      f"Fill {under}, or empty the whole row if it is no deployment.")

    def _text(self, name, cell):
        """The text of a cell, None where it is empty."""
        if isinstance(cell, Faulty):
            raise (Absent if isinstance(cell, Merged) else RowError)(f"the {name} {cell.message}.")
        if isinstance(cell, datetime.date):
            raise RowError(f"the {name} is a date; write {'a number' if name == 'count' else 'text'}, and format the cell "
                           "as that.")
        return cell

    def _count(self, cell):
        if type(cell) is str and cell.isascii() and cell.isdigit() and not self.columns.multiple and 0 < len(cell) < 12:
            whole = int(cell)
            if whole:
                return whole
        text = self._text("count", cell)
        if not text:
            raise RowError("the count is missing.")
        if not isinstance(text, Number):
            self._refuse_doubtful(text)
            text = with_point(text, self.decimal)
        return parse_count(text + self.columns.multiple if text[-1].isdigit() else text)

    def _refuse_doubtful(self, text):
        """Refuse a count such as "1.000", one or one thousand, where no other number of the file shows its decimal mark.

        In a CSV with commas between columns alone, a comma is between thousands unless another number shows the contrary.
        """
        meant = readings(text)
        if meant and not (self.decimal if COMMA in text else self.shown()):
            whole = list(filter(is_count, meant))
            raise RowError(f"the count '{text}' may be {' or '.join(meant)}.", f"Write {' or '.join(whole)}.")

    def _settings(self, key, stated):
        """(name, value) pairs of all settings of a row, what it says itself last."""
        found = dict(self.settings)
        for name, (column, unit) in self.columns.figures.items():
            text = self._text(name, key[self.places[column]])
            if text:
                text = with_point(text, self.decimal)
                found[name] = parse_setting((name, f"{text} {unit}" if unit and _bare(text) else text))[1]
        for text in (stated or "").split(";"):
            if text.strip():
                name, equals, value = text.partition("=")
                name, value = parse_setting(f"{name}{equals}{with_point(value.strip(), self.decimal)}")
                found[name] = value
        return tuple(found.items())


def _bare(text):
    return not any(c.isalpha() or c == "%" for c in text.replace("e", "").replace("E", ""))


def without_numbers(columns, rows):
    """The Columns without optional designs that hold numbers alone, such as a planner's own "Power" in megawatts."""
    for role in [role for role in columns.roles if role in OPTIONAL and role != "set"]:
        column = columns.roles[role]
        texts = [cells[column] for cells in rows if column < len(cells) and isinstance(cells[column], str)]
        if texts and not any(c.isalpha() for text in texts for c in text):
            del columns.roles[role]
            columns.others.append(column)
    return columns
