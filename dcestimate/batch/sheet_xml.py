"""The XML of a sheet, taken apart as far as its cells."""

import re
from dataclasses import dataclass

from ..errors import ProfileError
from ..rollout.workbooks import MERGED, position

ROWS, COLUMNS = 1_048_576, 16_384  # as many as a sheet has
LOOSE = (b"<!DOCTYPE", b"<![CDATA[", b"<!--")  # what no spreadsheet writes, and may hide rows from a reader
STRICT = b"purl.oclc.org/ooxml"
NAMED, STYLED, TYPED = (re.compile(pattern) for pattern in (rb'\sr="([A-Z]+)\d+"', rb'\ss="(\d+)"', rb'\st="(\w+)"'))
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
        if not data or any(mark in xml for mark in LOOSE):
            raise ProfileError([f"{place}: is not written as spreadsheets write it; open it in one and save it"])
        if STRICT in xml[:data.start()]:
            raise ProfileError([f"{place}: is a Strict Open XML workbook; save it as Excel Workbook (.xlsx)"])
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
            named = NAMED.search(attributes)
            column = self._column(named[1]) if named else column + 1
            if column >= COLUMNS:
                raise ProfileError([f"{self.place}, row {number}: has a cell beyond column XFD; save it anew in a "
                                    "spreadsheet"])
            style, kind = STYLED.search(attributes), TYPED.search(attributes)
            calculated = self._formula in content
            found[column] = Cell(match.start(), match.end(), int(style[1]) if style else 0, kind[1] if kind else b"",
                                 content, calculated or bool(self._value.search(content)), calculated)
        return found

    def _column(self, name):
        if name not in self._columns:
            self._columns[name] = position(name + b"1")[1]
        return self._columns[name]

    def merging(self, row):
        """The merged ranges that a row lies in, each as ((row, column), (row, column))."""
        return [(first, last) for first, last in self.merged if first[0] <= row <= last[0]]
