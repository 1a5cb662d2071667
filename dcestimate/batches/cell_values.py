"""What cells of a sheet's XML say: the usual ones read here, whatever is out of the ordinary by the library."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

from ..rollout.workbooks import cell
from .decimals import EITHER, Number

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NUMBER = re.compile(rb"<v>([^<&]+)</v>")
INLINE = re.compile(rb"<is><t(?: xml:space=\"preserve\")?>([^<&]*)</t></is>")


class CellValues:
    """Values of the cells of a sheet that the library has opened."""

    def __init__(self, sheet, prefix):
        from openpyxl.worksheet._reader import WorkSheetParser

        self.book, self.texts, self.prefix = sheet.parent, sheet._shared_strings, prefix.rstrip(b":")
        book = self.book
        self.dates = book._date_formats | book._timedelta_formats
        self.parser = WorkSheetParser(None, self.texts, True, book.epoch, book._date_formats,
                                      book._timedelta_formats)
        self.formats, self.shared = {}, {}

    def value(self, kind, style, content, calculated):
        """What a cell says: text, a number as text, a date, nothing, or Faulty."""
        if kind != b"s":
            return self._value(kind, style, content, calculated)
        key = style, content, calculated
        if key not in self.shared:
            self.shared[key] = self._value(kind, style, content, calculated)
        return self.shared[key]

    def _value(self, kind, style, content, calculated):
        stored = SimpleNamespace(value=None, data_type="n", number_format=self._format(style))
        number, inline = NUMBER.fullmatch(content), kind == b"inlineStr" and INLINE.fullmatch(content)
        if number and kind == b"s":
            stored.value, stored.data_type = self.texts[int(number[1])], "s"
        elif number and kind in (b"", b"n") and style not in self.dates:
            stored.value = float(number[1])
        elif inline:
            stored.value, stored.data_type = inline[1].decode() or None, "s"
        else:
            found = self._by_library(kind, style, content)
            stored.value, stored.data_type = found["value"], found["data_type"]
        found = cell(stored, calculated)
        return Number(found) if stored.data_type == "n" and type(found) is str and EITHER.fullmatch(found) else found

    def _by_library(self, kind, style, content):
        p = self.prefix.decode()
        named = f'xmlns:{p}="{NAMESPACE}"' if p else f'xmlns="{NAMESPACE}"'
        tag = f"{p}:c" if p else "c"
        text = f'<{tag} {named} t="{kind.decode() or "n"}" s="{style}">'.encode() + content + f"</{tag}>".encode()
        return self.parser.parse_cell(ElementTree.fromstring(text))

    def _format(self, style):
        """The number format of a style, "" where the workbook does not have it."""
        if style not in self.formats:
            from openpyxl.cell.read_only import ReadOnlyCell

            try:
                self.formats[style] = ReadOnlyCell(SimpleNamespace(parent=self.book), 1, 1, None, style_id=style
                                                   ).number_format
            except (IndexError, KeyError):
                self.formats[style] = ""
        return self.formats[style]
