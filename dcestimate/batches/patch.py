"""A sheet with some cells set and every other byte as it was."""

import re
from xml.sax.saxutils import escape

from ..rollout.sheets import letters
from ..rollout.workbooks import position

LONGEST = 32_767  # characters of a cell
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
SPANNED = re.compile(rb'(\sspans="\d+:)(\d+)"')
WIDEST, WIDER = 32, 2  # characters that a new column is wide at most, and beside its header


class Patch:
    """Cells set in a sheet; ``content`` is its XML with them."""

    def __init__(self, sheet):
        self.sheet, self.renewed, self.last, self.widths, self.names = sheet, {}, -1, [], {}

    def row(self, number, cells, found=()):
        """Set cells {column: (style, value)} of a row, columns rising: numbers, texts, or None for an empty one.

        :param found: the cells that the row has there or behind; one that holds a formula stays. Without, all of the row's
            lie before.
        """
        match = self.sheet.rows[number]
        inside, pieces, done, waiting = match[2] or b"", [], 0, list(cells)
        self.last = max(self.last, waiting[-1])
        for column in sorted(found):
            cell = found[column]
            while waiting and waiting[0] <= column:
                now = waiting.pop(0)
                if now == column and cell.calculated:
                    continue
                pieces += [inside[done:cell.start], self._cell(number, now, *cells[now])]
                done = cell.end if now == column else cell.start
        pieces += [inside[done:], *[self._cell(number, column, *cells[column]) for column in waiting]]
        spans = SPANNED.sub(lambda old: old[1] + b'%d"' % max(int(old[2]), max(cells) + 1), match[1])
        p = self.sheet.prefix
        self.renewed[number] = b"<%srow%s>%s</%srow>" % (p, spans, b"".join(pieces), p)

    def _cell(self, number, column, style, value):
        p = self.sheet.prefix
        if column not in self.names:
            self.names[column] = b'<%sc r="%s' % (p, letters(column).encode())
        start = b'%s%d" s="%d"' % (self.names[column], number, style) if style else b'%s%d"' % (self.names[column], number)
        if value is None or value == "":
            return start + b"/>"
        if isinstance(value, str):
            return start + b' t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
                p, p, text(value), p, p, p)
        return b"%s><%sv>%s</%sv></%sc>" % (start, p, repr(value).removesuffix(".0").encode(), p, p)

    def width(self, column, header):
        """Make a new column wide enough for its header, where the sheet says nothing of it."""
        self.widths.append((column, min(len(header) + WIDER, WIDEST)))

    @property
    def content(self):
        """The XML of the sheet with the cells set."""
        sheet, data = self.sheet, self.sheet.data
        body, pieces, done = data[1] or b"", [], 0
        for number in sorted(self.renewed, key=lambda number: sheet.rows[number].start()):
            match = sheet.rows[number]
            pieces += [body[done:match.start()], self.renewed[number]]
            done = match.end()
        pieces.append(body[done:])
        return b"".join([self._columns(self._dimension(sheet.xml[:data.start(1)])), *pieces, sheet.xml[data.end(1):]])

    def _dimension(self, head):
        """The head of a sheet, its used range as wide as it is now."""
        def wider(found):
            row, last = position(found[4] or found[2])
            return found[1] + found[2] + b":%s%d" % (letters(max(last, self.last)).encode(), row) + b'"'

        return re.sub(rb'(<(?:\w+:)?dimension\s[^>]*?ref=")([A-Z]+\d+)(:([A-Z]+\d+))?"', wider, head, count=1)

    def _columns(self, head):
        """The head of a sheet with the widths of new columns behind those that it states."""
        p = self.sheet.prefix
        stated = max(map(int, re.findall(rb'<(?:\w+:)?col\s[^>]*?max="(\d+)"', head)), default=0)
        new = b"".join(b'<%scol min="%d" max="%d" width="%d" customWidth="1"/>' % (p, column + 1, column + 1, width)
                       for column, width in self.widths if column + 1 > stated)
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
