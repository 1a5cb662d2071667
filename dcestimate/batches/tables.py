"""The tables of a sheet, as spreadsheets name ranges that are sorted and filtered as one."""

import posixpath
import re
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from ..rollout.sheets import letters
from ..rollout.workbooks import position


@dataclass
class Table:
    """A table: its part, and the first and last row and column of its cells, rows of totals apart."""

    part: str
    xml: bytes
    first: tuple
    last: tuple
    totals: int

    def holds(self, row, column):
        return self.first[0] <= row <= self.last[0] and self.first[1] <= column <= self.last[1]

    @property
    def grows(self):
        """Whether columns can be added: to what a query fills they cannot."""
        return b"tableType=" not in self.xml

    def wider(self, headers, renamed):
        """The part with columns added at the right, and {header: new one} of others renamed."""
        last = letters(self.last[1] + len(headers)).encode()

        def renewed(found):
            return found[1] + b"%s:%s%s" % (found[2], last, found[4]) + found[5]

        xml = re.sub(rb'(<(?:\w+:)?(?:table|autoFilter)\s[^>]*?ref=")([A-Z]+\d+):([A-Z]+)(\d+)(")', renewed, self.xml)
        columns = re.search(rb"<(\w+:)?tableColumns\b[^>]*>(.*?)(?=</(?:\w+:)?tableColumns>)", xml, re.S)
        inside = columns[2]
        for old, now in renamed.items():
            inside = inside.replace(b" name=" + quoteattr(old).encode(), b" name=" + quoteattr(now).encode())
        ids = [int(found) for found in re.findall(rb'<(?:\w+:)?tableColumn\s[^>]*?\bid="(\d+)"', columns[2])]
        new = b"".join(b"<%stableColumn id=\"%d\" name=%s/>" % (columns[1] or b"", max(ids) + n, quoteattr(header).encode())
                       for n, header in enumerate(headers, 1))
        opening = re.sub(rb'count="\d+"', b'count="%d"' % (len(ids) + len(headers)), xml[columns.start():columns.start(2)])
        return xml[:columns.start()] + opening + inside + new + xml[columns.end():]


def of_sheet(archive, sheet_part):
    """The Tables of a sheet of a zip archive."""
    folder, name = posixpath.split(sheet_part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return []
    found = []
    for relation in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", archive.read(relations)):
        target = re.search(rb'Target="([^"]+)"', relation)
        if re.search(rb'Type="[^"]*/table"', relation) and target:
            part = posixpath.normpath(posixpath.join(folder, target[1].decode())).lstrip("/")
            xml = archive.read(part)
            opening = re.search(rb"<(?:\w+:)?table\s[^>]*>", xml)[0]
            first, last = (position(end) for end in re.search(rb'\sref="([A-Z]+\d+:[A-Z]+\d+)"', opening)[1].split(b":"))
            totals = re.search(rb'totalsRowCount="(\d+)"', opening)
            rows = int(totals[1]) if totals else 0
            found.append(Table(part, xml, first, (last[0] - rows, last[1]), rows))
    return found
