"""The XML of a sheet: which cells it has, and the same with some cells set and every other byte as it was."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ..errors import ProfileError
from ..rollout.sheets import letters
from ..rollout.workbooks import MERGED, position

ROWS, COLUMNS, LONGEST = 1_048_576, 16_384, 32_767  # as many as a sheet has, and characters of a cell
LOOSE = (b"<!DOCTYPE", b"<![CDATA[", b"<!--")  # what no spreadsheet writes, and may hide rows from a reader
STRICT = b"purl.oclc.org/ooxml"
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
WIDEST, WIDER = 32, 2  # characters that a new column is wide at most, and beside its header


@dataclass
class Cell:
    """Where a cell stands in the XML of its row, and what matters of it."""

    start: int
    end: int
    style: int
    filled: bool
    calculated: bool


class SheetXml:
    """The part of a sheet, taken apart as far as its rows.

    :raises ProfileError: when it is written as no spreadsheet writes it.
    """

    def __init__(self, xml, place):
        root = re.search(rb"<(\w+:)?worksheet[\s>]", xml)
        data = root and re.search(rb"<%ssheetData(?:\s[^>]*)?(?:/>|>(.*?)</%ssheetData>)" % ((root[1] or b"",) * 2), xml, re.S)
        if not data or any(mark in xml for mark in LOOSE):
            raise ProfileError([f"{place}: is not written as spreadsheets write it; open it in one and save it"])
        if STRICT in xml[:data.start()]:
            raise ProfileError([f"{place}: is a Strict Open XML workbook; save it as Excel Workbook (.xlsx)"])
        self.xml, self.place, self.data, p = xml, place, data, root[1] or b""
        self.prefix = p
        self._row = re.compile(rb"<%srow(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%srow>)" % (p, p), re.S)
        self._cell = re.compile(rb"<%sc(?=[\s/>])([^>]*?)(?:/>|>(.*?)</%sc>)" % (p, p), re.S)
        self._formula, self._value = b"<%sf" % p, re.compile(rb"<%s(?:v|is)>[^<]|<%sis>" % (p, p))
        self.rows = self._rows()
        self.merged = [tuple(position(end) for end in found.split(b":")) for found in MERGED.findall(xml)]
        self.unstored = set()

    def _rows(self):
        """{number: match} of all rows."""
        found, number = {}, 0
        for match in self._row.finditer(self.data[1] or b""):
            stated = re.search(rb'\sr="(\d+)"', match[1])
            number = int(stated[1]) if stated else number + 1
            if number > ROWS or number in found or (found and number < max(found, default=0) and number in found):
                raise ProfileError([f"{self.place}, row {number}: a sheet ends with row {ROWS:,}, and has each row once; "
                                    "save it anew in a spreadsheet"])
            found[number] = match
        return found

    def cells(self, number):
        """{column: Cell} of a row."""
        found, column = {}, -1
        inside = self.rows[number][2] or b""
        for match in self._cell.finditer(inside):
            named = re.search(rb'\sr="([A-Z]+\d+)"', match[1])
            column = position(named[1])[1] if named else column + 1
            if column >= COLUMNS:
                raise ProfileError([f"{self.place}, row {number}: has a cell beyond column XFD; save it anew in a "
                                    "spreadsheet"])
            style = re.search(rb'\ss="(\d+)"', match[1])
            content = match[2] or b""
            calculated = self._formula in content
            filled = calculated or bool(self._value.search(content))
            found[column] = Cell(match.start(), match.end(), int(style[1]) if style else 0, filled, calculated)
            if calculated and not self._value.search(content):
                self.unstored.add((number, column))
        return found

    def merging(self, row):
        """The merged ranges that a row lies in, each as ((row, column), (row, column))."""
        return [(first, last) for first, last in self.merged if first[0] <= row <= last[0]]


class Patch:
    """Cells set in a sheet; ``content`` is its XML with them."""

    def __init__(self, sheet):
        self.sheet, self.renewed, self.last, self.widths = sheet, {}, -1, []

    def row(self, number, cells, found):
        """Set cells {column: (style, value)} of a row: numbers, texts, or None for an empty one.

        :param found: the cells that the row has; one that holds a formula stays.
        """
        match = self.sheet.rows[number]
        inside = match[2] or b""
        pieces, done = [], 0
        self.last = max(self.last, *cells)
        waiting = sorted(cells)
        for column in sorted(found):
            cell = found[column]
            while waiting and waiting[0] <= column:
                now = waiting.pop(0)
                if now == column and cell.calculated:
                    continue
                pieces += [inside[done:cell.start], self._cell(number, now, *cells[now])]
                done = cell.end if now == column else cell.start
        rest = b"".join(self._cell(number, column, *cells[column]) for column in waiting)
        end = max((cell.end for cell in found.values()), default=0)
        content = b"".join([*pieces, inside[done:end], rest, inside[end:]])
        self.renewed[number] = b"<%srow%s>%s</%srow>" % (self.sheet.prefix, self._spans(match[1], max(cells)), content,
                                                        self.sheet.prefix)

    def _cell(self, number, column, style, value):
        p = self.sheet.prefix
        start = b'<%sc r="%s%d"' % (p, letters(column).encode(), number) + (b' s="%d"' % style if style else b"")
        if value is None or value == "":
            return start + b"/>"
        if isinstance(value, str):
            return start + b' t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
                p, p, text(value), p, p, p)
        return start + b"><%sv>%s</%sv></%sc>" % (p, repr(value).removesuffix(".0").encode(), p, p)

    @staticmethod
    def _spans(attributes, last):
        """A row's attributes, its columns as far as they go now."""
        return re.sub(rb'(\sspans="\d+:)(\d+)"', lambda found: found[1] + b'%d"' % max(int(found[2]), last + 1), attributes)

    def width(self, column, header):
        """Make a new column wide enough for its header, where the sheet says nothing of it."""
        self.widths.append((column, min(len(header) + WIDER, WIDEST)))

    @property
    def content(self):
        """The XML of the sheet with the cells set."""
        sheet, data = self.sheet, self.sheet.data
        body, pieces, done = data[1] or b"", [], 0
        for number, row in self.renewed.items():
            match = sheet.rows[number]
            pieces += [body[done:match.start()], row]
            done = match.end()
        pieces.append(body[done:])
        head = self._dimension(sheet.xml[:data.start(1)])
        return self._columns(head) + b"".join(pieces) + sheet.xml[data.end(1):]

    def _dimension(self, head):
        """The head of a sheet, its used range as wide as it is now."""
        def wider(found):
            (_, first), (row, last) = position(found[2]), position(found[4] or found[2])
            return found[1] + found[2] + b":%s%d" % (letters(max(last, self.last)).encode(), row) + b'"'

        return re.sub(rb'(<(?:\w+:)?dimension\s[^>]*?ref=")([A-Z]+\d+)(:([A-Z]+\d+))?"', wider, head, count=1)

    def _columns(self, head):
        """The head of a sheet with the widths of new columns behind those that it states."""
        p = self.sheet.prefix
        stated = [int(last) for last in re.findall(rb'<(?:\w+:)?col\s[^>]*?max="(\d+)"', head)]
        new = b"".join(b'<%scol min="%d" max="%d" width="%d" customWidth="1"/>' % (p, column + 1, column + 1, width)
                       for column, width in self.widths if column + 1 > max(stated, default=0))
        if not new:
            return head
        end = head.rfind(b"</%scols>" % p)
        if end < 0:
            end, new = head.rfind(b"<%ssheetData" % p), b"<%scols>%s</%scols>" % (p, new, p)
        return head[:end] + new + head[end:]


def text(value):
    """A text as XML holds it: as text, whatever it begins with, and no longer than a cell."""
    shown = ESCAPED.sub("_x005F_", UNPRINTABLE.sub("?", value))[:LONGEST]
    return escape(shown).encode()
