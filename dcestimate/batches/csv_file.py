"""A table as CSV: read with the text of each record, and written with columns added and all else as it was."""

import csv
import io
import re
from dataclasses import dataclass
from functools import cached_property

from ..errors import ProfileError
from ..rollout.sheets import text_cell
from ..rollout.source import plain
from . import decimals

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
BOM = "\ufeff"
ROWS, COLUMNS, LONGEST = 1_048_576, 16_384, 131_072  # as many as a spreadsheet has, and characters of a cell
NUMBER = re.compile(r"[+-]?(?:[0-9][0-9.,'\u00a0\u202f ]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?\s*%?")
DANGEROUS = "=+@\t\r\uff1d\uff0b\uff0d\uff20-"
SUSPECT = re.compile(rf'(?:^|[,;\t])"?[ ]*[{DANGEROUS}]', re.M)
SEARCHED = 50  # lines that show what separates columns


@dataclass
class CsvTable:
    """Records of a CSV as they were written, beside the cells that they hold.

    ``lines`` are the numbers of the lines that records begin at.
    """

    path: str
    records: list
    cells: list
    lines: list
    delimiter: str = ","
    encoding: str = "utf-8"
    bom: bool = False
    decimal: str = "."
    header_row: int = 0
    apart: frozenset = frozenset()  # columns of our own

    def place(self, row, column=None):
        """The place of a row, or of a cell of it, as text."""
        line = self.lines[row] if self.lines else 1
        return f"{self.path}:{line}" + (f": column {column + 1}" if column is not None else "")

    def values(self, row):
        """The cells of a row: texts, None where they are empty, Faulty where they hold a spreadsheet's error."""
        return [cell.rstrip() if "'" < cell[:1] < "\x7f" else _value(cell) for cell in self.cells[row]]

    def find_decimal(self, header_row, apart):
        """See which decimal mark numbers have, columns of our own apart."""
        self.header_row, self.apart = header_row, frozenset(apart)
        if self.delimiter != ",":
            self.decimal = self.shown
        elif any('"' in record for record in self.records):  # without quotes no cell holds a comma
            self.decimal = self.shown or decimals.POINT

    @cached_property
    def shown(self):
        """The decimal mark that numbers show, "" where they show none or both."""
        return decimals.shown(cell for cells in self.cells[self.header_row + 1:] for at, cell in enumerate(cells)
                              if at not in self.apart)


def _value(cell):
    """What a cell holds that begins with a space, with a mark that may mean something, or with nothing."""
    return text_cell(cell[1:] if cell[:1] == "'" and is_dangerous(cell[1:]) else cell)


def decode(content, path):
    """(text, encoding, whether it has a byte-order mark) of a file.

    :raises ProfileError: with the line where it is neither UTF-8 nor marked as UTF-16.
    """
    encoding, bom = next(((name, mark) for mark, name in MARKS.items() if content.startswith(mark)), ("utf-8", b""))
    try:
        text = content[len(bom):].decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProfileError([f'{path}:{line}: byte {content[error.start]:#04x} is not {encoding.upper()}; save it as "CSV '
                            'UTF-8"']) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ProfileError([f'{path}:{line}: is not text; save it as "CSV UTF-8" or .xlsx'])
    return text, encoding, bool(bom)


def read(content, path):
    """The CsvTable of a file [bytes].

    :raises ProfileError: with the line of what cannot be read.
    """
    text, encoding, bom = decode(content, path)
    table = CsvTable(path, [], [], [], _delimiter(text), encoding, bom)
    held = []

    def kept():
        for line in io.StringIO(text, newline=""):
            held.append(line)
            yield line

    reader = csv.reader(kept(), delimiter=table.delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise ProfileError([f"{path}:{line}: {_says(str(error))}; nothing was computed"]) from None
        if len(table.cells) == ROWS or len(cells) > COLUMNS:
            raise ProfileError([f"{path}:{line}: is beyond the {ROWS:,} rows or {COLUMNS:,} columns of a spreadsheet; "
                                "split the file"])
        table.records.append("".join(held))
        table.cells.append(cells)
        table.lines.append(line)
        line += len(held)
        held.clear()
    return table


def _says(error):
    if "end of data" in error:
        return "a quote that opens here is never closed"
    if "expected after" in error:
        return "has text behind a closing quote; double the quotes inside a quoted cell"
    if "field larger" in error:
        return f"has a cell of more than {LONGEST:,} characters, or a quote that is never closed"
    return plain(error)


def _delimiter(text):
    """What separates columns: what the first lines have most of, outside quotes."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in io.StringIO(text[:100_000]).readlines()[:SEARCHED]]
    fullest = max(lines, key=lambda line: max(map(line.count, DELIMITERS)), default="")
    found = {mark: sum(line.count(mark) > 0 for line in lines) for mark in DELIMITERS}
    header = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: (found[mark] * bool(header.count(mark)), fullest.count(mark), mark == ","))


class CsvWriter:
    """Records with columns added or replaced: ``places`` are columns of the table, or None for a new one at the end."""

    def __init__(self, table, header_row, places, width):
        self.table, self.header_row, self.width = table, header_row, width
        self.places = places
        self.replaced = any(column is not None for column in places)
        self.neutralised = 0
        self.newline = next((end for end in map(_end, table.records) if end), "\n")

    def record(self, row, texts):
        """One record with its texts in their places, numbers plain and texts harmless and quoted as need be."""
        table, record = self.table, self.table.records[row]
        end = _end(record) or (self.newline if row < len(table.records) - 1 else "")
        body = record[:len(record) - len(_end(record))]
        if SUSPECT.search(body):
            body = self._harmless(body)
        if row < self.header_row or not table.cells[row]:
            return body + end
        if not self.replaced:
            padding = [""] * (self.width - len(table.cells[row]))
            return table.delimiter.join([body, *padding, *(texts or [""] * len(self.places))]) + end
        fields = _fields(body, table.delimiter)
        fields += [""] * (self.width - len(fields))
        for n, column in enumerate(self.places):
            text = texts[n] if texts else ""
            if column is None:
                fields.append(text)
            else:
                fields[column] = text
        return table.delimiter.join(fields) + end

    def quoted(self, text):
        """A text of ours as a field."""
        text = f"'{text}" if is_dangerous(text) else text
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",;\t\r\n]', text) else text

    def _harmless(self, body):
        """A record in which no text begins like a formula."""
        fields = _fields(body, self.table.delimiter)
        for n, field in enumerate(fields):
            inner = field[1:-1].replace('""', '"') if field[:1] == '"' == field[-1:] and len(field) > 1 else field
            if is_dangerous(inner):
                self.neutralised += 1
                fields[n] = f"\"'{field[1:]}" if field[:1] == '"' else f"'{field}"
        return self.table.delimiter.join(fields)


def is_dangerous(text):
    """Whether a spreadsheet may take a text for a formula; a number it does not.

    Nor can dashes, tabs and carriage returns alone be one, whatever of them a program strips: nothing that could be
    computed is left behind them.

    >>> is_dangerous("=1+1"), is_dangerous("-5"), is_dangerous("-"), is_dangerous("@SUM(A1)"), is_dangerous("\\r")
    (True, False, False, True, False)
    """
    start = text.lstrip(" ")
    return start[:1] in DANGEROUS and bool(start.strip("- \t\r")) and not NUMBER.fullmatch(start)


def _end(record):
    return "\r\n" if record.endswith("\r\n") else record[-1:] if record[-1:] in ("\n", "\r") else ""


def _fields(body, delimiter):
    """The fields of a record as they are written, quotes and all."""
    if '"' not in body:
        return body.split(delimiter)
    quoted, fields, start = re.compile(r'"(?:[^"]|"")*"'), [], 0
    while True:
        found = quoted.match(body, start)
        end = body.find(delimiter, found.end() if found else start)
        if end < 0:
            return [*fields, body[start:]]
        fields.append(body[start:end])
        start = end + 1
