"""The XML of a sheet, taken apart as far as its cells."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from ..errors import ProfileError
from ..rollout.workbooks import MERGED, position

ROWS, COLUMNS = 1_048_576, 16_384  # as many as a sheet has
LOOSE = (b"<!DOCTYPE", b"<![CDATA[", b"<!--")  # what no spreadsheet writes, and may hide rows from a reader
QUOTED = re.compile(rb"<(?:\w+:)?(?:row|c)\s[^>]*?(?:'|\s=|=\s)")  # places that would be overlooked
NAMED, STYLED, TYPED = (re.compile(pattern) for pattern in (rb'\sr="([A-Z]+)\d+"', rb'\ss="(\d+)"', rb'\st="(\w+)"'))
USUAL = re.compile(rb' r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(\w+)")?')  # all three at once, as most spreadsheets write them
NUMBERED = re.compile(rb'\sr="(\d+)"')


@dataclass(slots=True)
class Cell:
    """A cell, and where it stands in the XML of its row."""

    start: int
    end: int
    style: int
    kind: bytes
    content: bytes
    filled: bool
    calculated: bool


class SheetXml:
    """The part of a sheet.

    :raises ProfileError: when it is written as no spreadsheet writes it.
    """

    def __init__(self, xml, place):
        root = re.search(rb"<(\w+:)?worksheet[\s>]", xml)
        p = (root and root[1]) or b""
        data = root and re.search(rb"<%ssheetData(?:\s[^>]*)?(?:/>|>(.*?)</%ssheetData>)" % (p, p), xml, re.S)
        if not data or any(mark in xml for mark in LOOSE) or QUOTED.search(xml):
            raise ProfileError([f"{place}: is not written as spreadsheets write it; open it in one and save it"])
        self.xml, self.place, self.data, self.prefix = xml, place, data, p
        self._row = re.compile(rb"<%srow(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%srow>)" % (p, p), re.S)
        self._cell = re.compile(rb"<%sc(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%sc>)" % (p, p), re.S)
        self._formula, self._value = b"<%sf" % p, re.compile(rb"<%s(?:v>[^<]|is>)" % p)
        self._columns = {}
        self.rows = self._rows()
        self.merged = [tuple(position(end) for end in found.split(b":")) for found in MERGED.findall(xml)]

    def _rows(self):
        """{number: match} of all rows."""
        found, number = {}, 0
        for match in self._row.finditer(self.data[1] or b""):
            stated = NUMBERED.search(match[1])
            number = int(stated[1]) if stated else number + 1
            if number > ROWS or number in found:
                raise ProfileError([f"{self.place}, row {number}: a sheet ends with row {ROWS:,}, and has each row once; "
                                    "split the table, or save it anew in a spreadsheet"])
            found[number] = match
        return found

    def cells(self, number):
        """{column: Cell} of a row, columns counting from 0."""
        found, column = {}, -1
        for match in self._cell.finditer(self.rows[number][2] or b""):
            attributes, content = match[1], match[2] or b""
            usual = USUAL.fullmatch(attributes)
            name, style, kind = usual.groups() if usual else (_first(p, attributes) for p in (NAMED, STYLED, TYPED))
            column = self._column(name) if name else column + 1
            if column >= COLUMNS:
                raise ProfileError([f"{self.place}, row {number}: has a cell beyond column XFD; save it anew in a "
                                    "spreadsheet"])
            calculated = self._formula in content
            found[column] = Cell(match.start(), match.end(), int(style or 0), kind or b"", content,
                                 calculated or bool(self._value.search(content)), calculated)
        return found

    def _column(self, name):
        if name not in self._columns:
            self._columns[name] = position(name + b"1")[1]
        return self._columns[name]

    def merging(self, columns):
        """{row: ranges} of the merged ranges that lie in some of the columns, each as ((row, column), (row, column))."""
        found, numbers = {}, sorted(self.rows)
        for first, last in self.merged:
            if any(first[1] <= at <= last[1] for at in columns):
                for number in numbers[bisect_left(numbers, first[0]):bisect_right(numbers, last[0])]:
                    found.setdefault(number, []).append((first, last))
        return found

    def hidden(self, columns):
        """Those of the columns that the sheet hides."""
        head = self.xml[:self.data.start()]
        ranges = [(int(re.search(rb'\smin="(\d+)"', one)[1]), int(re.search(rb'\smax="(\d+)"', one)[1]))
                  for one in re.findall(rb"<(?:\w+:)?col\s[^>]*>", head) if re.search(rb'\shidden="(?:1|true)"', one)]
        return [at for at in columns if any(low <= at + 1 <= high for low, high in ranges)]


def _first(pattern, attributes):
    found = pattern.search(attributes)
    return found and found[1]
