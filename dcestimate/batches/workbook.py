"""A workbook with columns of results in one of its sheets: the parts of all else stay byte for byte."""

import io
import re
import warnings
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain

from ..errors import DcestimateError, ProfileError, UsageError
from ..rollout.sheets import Faulty, letters
from ..rollout.source import plain
from ..rollout.workbooks import Bounds, cell, look_inside
from . import headers, matching, run, tables
from .answer import answer
from .archive import with_parts
from .cell_values import CellValues
from .idle import Merged
from .placing import STYLES, set_columns
from .sheet_xml import ROWS, SheetXml
from .styles import NoStyles, Styles
from .written import Written

BOUNDS = Bounds(1_000_000_000, 400_000_000, "table")
WORKBOOK, SHEETS = "xl/workbook.xml", "xl/worksheets/"
ROW = 400  # bytes of the XML of a row, or somewhat more: how many rows there may be is told before any are read
STRICT = b"purl.oclc.org/ooxml"


@dataclass
class Chosen:
    """The sheet that holds the table: its part, where its headers stand, and the cells below them."""

    title: str
    part: str
    header_row: int
    columns: headers.Columns
    xml: SheetXml
    tables: list
    rows: list = field(default_factory=list)  # (number, cells, style of the count, last column)
    print_area: str = ""
    used: set = field(default_factory=set)  # columns that hold anything from the headers down to the last row

    @property
    def table(self):
        """The Table that the headers belong to, or None."""
        at = self.columns.roles["chip"]
        return next((one for one in self.tables if one.holds(self.header_row, at)), None)


def batch(workers, content, path, wanted, sheet=None):
    """A workbook [bytes] Written with columns of results.

    :param sheet: the name of the sheet; otherwise the first that is not hidden and has the columns.
    :raises ProfileError: when it cannot be read, or lacks a column.
    """
    look_inside(content, path, BOUNDS)
    with _reading(path), zipfile.ZipFile(io.BytesIO(content)) as archive:
        _refuse(archive, path)
        workers.expect(sum(part.file_size for part in archive.infolist() if part.filename.startswith(SHEETS)) // ROW)
        chosen, notes = _choose(workers, content, archive, path, wanted, sheet)
        styles = Styles(archive.read(STYLES)) if STYLES in archive.namelist() else NoStyles()
    found = answer(workers, chosen.columns, [cells for _, cells, *_ in chosen.rows], wanted)
    with _reading(path):
        parts, more = set_columns(chosen, found, styles)
    said = run.notes(chosen.columns, found, lambda row: chosen.rows[row][0], len(chosen.rows))
    return Written([with_parts(content, parts)], found, chain(notes, said, more))


@contextmanager
def _reading(path):
    """Whatever a damaged workbook leads to is a fault of the file."""
    try:
        yield
    except DcestimateError:
        raise
    except Exception as error:  # of a damaged workbook the library raises whatever comes
        says = plain(f"{type(error).__name__}: {error}")[:120]
        raise ProfileError([f"{path}: cannot be read as a workbook: {says}; save it anew in a spreadsheet"]) from error


def _refuse(archive, path):
    """Refuse a workbook whose parts are not those of the usual kind, each once."""
    names = archive.namelist()
    if len(set(names)) < len(names):
        raise ProfileError([f"{path}: has a part twice; open it in a spreadsheet and save it"])
    if STRICT in archive.read(WORKBOOK):
        raise ProfileError([f"{path}: is a Strict Open XML workbook; save it as Excel Workbook (.xlsx)"])


def _choose(workers, content, archive, path, wanted, sheet):
    """(Chosen, notes): the sheet that is named, or the first to be seen that has the columns."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that are not read
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=True)
        visible = [one for one in book.worksheets if one.sheet_state == "visible"]
        if sheet is not None:
            visible = [one for one in book.worksheets if one.title.strip().casefold() == sheet.strip().casefold()]
        if not visible:
            there = ", ".join(plain(one.title) for one in book.worksheets)
            raise UsageError(f"{path}: has no sheet {plain(sheet)[:40]}." if sheet is not None else
                             f"{path}: all of its sheets are hidden.", f"Write --sheet with one of {there}.")
        found = [(one, _headers(one, wanted)) for one in visible]
        having = [(one, at) for one, at in found if run.has_all(at)]
        one, (header_row, columns) = having[0] if having else _nearest(found)
        place = f"{path}: sheet {plain(one.title)}"
        others = [other for other in book.worksheets if other not in visible]
        matching.check(columns, lambda column: f"{place}, " + (f"row {header_row}" if column is None else
                                                              f"cell {letters(column)}{header_row}"),
                       "" if having else _elsewhere(one, others, wanted))
        part = one._worksheet_path
        chosen = Chosen(one.title, part, header_row, columns, SheetXml(archive.read(part), place),
                        tables.of_sheet(archive, part))
        chosen.print_area = _print_area(archive.read(WORKBOOK), book.sheetnames.index(one.title))
        _refuse_merged(chosen, place)
        _within_table(chosen)
        _read_rows(CellValues(one, chosen.xml.prefix), chosen)
    notes = [f"sheet {plain(one.title)} is read, the first of {len(having)} that have the columns; --sheet names another"
             ] if sheet is None and len(having) > 1 else []
    return chosen, notes


def _headers(sheet, wanted, start=1, end=run.SEARCHED):
    """(row, Columns) of the headers among some rows of a sheet, or None."""
    sheet.reset_dimensions()  # which the file itself states, and not always rightly
    rows = []
    for number, row in enumerate(sheet.iter_rows(start, end), start):
        values = [cell(one, False) for one in row]
        rows.append((number, [value if isinstance(value, str) else None for value in values]))
    return run.find_headers(rows, lambda cells: matching.match(cells, wanted.named))


def _nearest(found):
    """(sheet, (row, Columns)) of the sheet that has most of the headers, of those that have none the first."""
    found = [(one, at or (1, headers.Columns([]))) for one, at in found]
    return max(found, key=lambda one: len(one[1][1].roles.keys() & set(headers.NEEDED)))


def _elsewhere(sheet, others, wanted):
    """Where headers that are missing may stand: on a sheet that was not looked into, or too far down."""
    having = next((one.title for one in others if run.has_all(_headers(one, wanted))), "")
    below = _headers(sheet, wanted, run.SEARCHED + 1, run.FURTHER)
    return run.elsewhere(run.SEARCHED, below[0] if run.has_all(below) else None, having)


def _print_area(xml, number):
    """The print area of the sheet of a number, "" where it has none."""
    for attributes, area in re.findall(rb"<(?:\w+:)?definedName\s([^>]*)>([^<]*)<", xml):
        if b'"_xlnm.Print_Area"' in attributes and b'localSheetId="%d"' % number in attributes:
            return area.decode(errors="replace").rpartition("!")[2].replace("$", "")
    return ""


def _refuse_merged(chosen, place):
    for (top, left), (bottom, right) in chosen.xml.merged:
        if not top <= chosen.header_row <= bottom:
            continue
        merged = f"{letters(left)}{top}:{letters(right)}{bottom}"
        raise ProfileError([f"{place}, cell {merged}: headers are merged; unmerge them, and give each column its own"])


def _within_table(chosen):
    """Keep to the columns of the table that the headers belong to."""
    table, columns = chosen.table, chosen.columns
    if table:
        outside = {at for at in columns.read if not table.holds(chosen.header_row, at)}
        columns.roles = {role: at for role, at in columns.roles.items() if at not in outside}
        columns.figures = {name: (at, unit) for name, (at, unit) in columns.figures.items() if at not in outside}
        others = [one for one in chosen.tables if one is not table]  # beside a table that could not grow stand ours too
        columns.own = {name: at for name, at in columns.own.items()
                       if not any(one.holds(chosen.header_row, at) for one in others)}


def _read_rows(values, chosen):
    """Take in the rows below the headers that hold something in a column that is read, and which columns are used."""
    read, xml, count = sorted(chosen.columns.read), chosen.xml, chosen.columns.roles["count"]
    last = chosen.table.last[0] if chosen.table else ROWS
    passed, merging = _filled(xml.cells(chosen.header_row)), xml.merging(read)
    chosen.used |= passed
    for number in sorted(number for number in xml.rows if chosen.header_row < number <= last):
        found = xml.cells(number)
        passed |= _filled(found)
        cells = [None] * (read[-1] + 1)
        for at in read:
            one = found.get(at)
            if one is not None and one.filled:
                cells[at] = values.value(one.kind, one.style, one.content, one.calculated)
        for first, end in merging.get(number, ()):
            for at in read:
                if first[1] <= at <= end[1] and (number, at) != first:
                    kind = Merged if first[0] == end[0] else Faulty
                    cells[at] = kind(f"is merged into {letters(first[1])}{first[0]}; unmerge it, and fill each row")
        if any(cell is not None for cell in cells):
            _take_label(values, found, cells, chosen)
            style = found[count].style if count in found else 0
            chosen.rows.append((number, cells, style, max(found)))
            chosen.used |= passed
            passed = set()


def _take_label(values, found, cells, chosen):
    """Take in what stands first in a row that names no chip and no region: it may be one of totals."""
    roles = chosen.columns.roles
    if cells[roles["chip"]] is None and cells[roles["region"]] is None:
        at = min(at for at, one in found.items() if one.filled)
        if at < len(cells):
            one = found[at]
            cells[at] = values.value(one.kind, one.style, one.content, one.calculated)


def _filled(cells):
    return {at for at, one in cells.items() if one.filled}
