"""Cell formats of a workbook: new ones are added behind those that it has."""

import re

WHOLE, PLAIN, CUSTOM = 3, 0, 164  # numbers of formats: "#,##0", as it comes, and the first of a workbook's own
PARTS = "#,##0.000"


class Styles:
    """The part ``xl/styles.xml``; ``content`` is None as long as nothing was added to it."""

    def __init__(self, xml):
        self.xml, self.added, self.known = xml, [], {}
        self.block = re.search(rb"<(\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", xml, re.S)
        self.prefix = self.block[1] or b""
        self.formats = re.findall(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", self.block[2], re.S)
        self.parts = None

    def like(self, index, kind):
        """The index of a format like another, but for numbers that are "whole", in "parts", or for "text"."""
        if (index, kind) not in self.known:
            number = {"whole": WHOLE, "text": PLAIN}.get(kind)
            number = self._in_parts() if number is None else number
            found = self.formats[index] if index < len(self.formats) else self.formats[0]
            start = re.match(rb"<[^>]*?(?=/?>)", found)[0]
            renewed = re.sub(rb'\s(?:numFmtId|applyNumberFormat|quotePrefix)="[^"]*"', b"", start)
            renewed += b' numFmtId="%d" applyNumberFormat="1"' % number
            self.known[index, kind] = len(self.formats) + len(self.added)
            self.added.append(renewed + found[len(start):])
        return self.known[index, kind]

    def _in_parts(self):
        """The number of the format for what is not whole."""
        if self.parts is None:
            found = {code: int(number) for number, code in re.findall(
                rb'<(?:\w+:)?numFmt\s+numFmtId="(\d+)"\s+formatCode="([^"]*)"', self.xml)}
            self.new_format = PARTS.encode() not in found
            self.parts = found.get(PARTS.encode()) or max([CUSTOM - 1, *found.values()]) + 1
        return self.parts

    @property
    def content(self):
        """The part with what was added, None where nothing was."""
        if not self.added:
            return None
        p, start, end = self.prefix, *self.block.span(2)
        opening = re.sub(rb'count="\d+"', b'count="%d"' % (len(self.formats) + len(self.added)),
                         self.xml[self.block.start():start])
        xml = self.xml[:self.block.start()] + opening + self.block[2] + b"".join(self.added) + self.xml[end:]
        if self.parts is None or not self.new_format:
            return xml
        one = b'<%snumFmt numFmtId="%d" formatCode="%s"/>' % (p, self.parts, PARTS.encode())
        own = re.search(rb"<(?:\w+:)?numFmts\b[^>]*>(.*?)</(?:\w+:)?numFmts>", xml, re.S)
        if own:
            count = len(re.findall(rb"<(?:\w+:)?numFmt\s", own[1])) + 1
            opening = re.sub(rb'count="\d+"', b'count="%d"' % count, xml[own.start():own.start(1)])
            return xml[:own.start()] + opening + own[1] + one + xml[own.end(1):]
        root = re.search(rb"<(?:\w+:)?styleSheet\b[^>]*>", xml)
        return xml[:root.end()] + b'<%snumFmts count="1">%s</%snumFmts>' % (p, one, p) + xml[root.end():]


class NoStyles:
    """The formats of a workbook that has none."""

    content = None

    def like(self, index, kind):
        return 0
