"""A workbook with columns of results in one of its sheets: the parts of all else stay byte for byte."""

import io
import math
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from itertools import chain

from ..errors import DcestimateError, ProfileError, UsageError
from ..results import RESULTS
from ..rollout.sheets import Faulty, letters
from ..rollout.source import plain
from ..rollout.workbooks import Bounds, cell, look_inside
from . import headers, run, tables
from .archive import with_parts
from .cell_values import CellValues
from .patch import Patch
from .sheet_xml import COLUMNS, ROWS, SheetXml
from .styles import NoStyles, Styles
from .written import Written

BOUNDS = Bounds(1_000_000_000, 400_000_000, "table")
STYLES, WORKBOOK = "xl/styles.xml", "xl/workbook.xml"
STRICT = b"purl.oclc.org/ooxml"
COUNTED = ("chip", "system", "rack")


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
    used: set = field(default_factory=set)  # columns that hold anything from the headers down to the last row

    @property
    def table(self):
        """The Table that the headers belong to, or None."""
        at = self.columns.roles["chip"]
        return next((one for one in self.tables if one.holds(self.header_row, at)), None)


def batch(library, content, path, wanted, sheet=None):
    """A workbook [bytes] Written with columns of results.

    :param sheet: the name of the sheet; otherwise the first that is not hidden and has the columns.
    :raises ProfileError: when it cannot be read, or lacks a column.
    """
    look_inside(content, path, BOUNDS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise ProfileError([f"{path}: has a part twice; open it in a spreadsheet and save it"])
            if STRICT in archive.read(WORKBOOK):
                raise ProfileError([f"{path}: is a Strict Open XML workbook; save it as Excel Workbook (.xlsx)"])
            chosen, notes = _choose(content, archive, path, wanted, sheet)
            answer = run.answer(library, chosen.columns, [cells for _, cells, *_ in chosen.rows], wanted)
            styles = Styles(archive.read(STYLES)) if STYLES in names else NoStyles()
            parts, more = _parts(chosen, answer, styles)
    except DcestimateError:
        raise
    except Exception as error:  # of a damaged workbook the library raises whatever comes
        says = plain(f"{type(error).__name__}: {error}")[:120]
        raise ProfileError([f"{path}: cannot be read as a workbook: {says}; save it anew in a spreadsheet"]) from error
    said = run.notes(chosen.columns, answer, lambda row: chosen.rows[row][0], len(chosen.rows))
    return Written([with_parts(content, parts)], answer, chain(notes, said, more))


def _choose(content, archive, path, wanted, sheet):
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
        having = [(one, at) for one, at in found if at and not set(headers.NEEDED) - at[1].roles.keys()]
        one, (header_row, columns) = (having or [(one, at or (1, headers.Columns([]))) for one, at in found])[0]
        place = f"{path}: sheet {plain(one.title)}"
        headers.check(columns, lambda column: f"{place}, " + (f"row {header_row}" if column is None else
                                                              f"cell {letters(column)}{header_row}"))
        part = one._worksheet_path
        chosen = Chosen(one.title, part, header_row, columns, SheetXml(archive.read(part), place),
                        tables.of_sheet(archive, part))
        _refuse_merged(chosen, place)
        _within_table(chosen)
        _read_rows(CellValues(one, chosen.xml.prefix), chosen)
    notes = [f"sheet {plain(one.title)} is read, the first of {len(having)} that have the columns; --sheet names another"
             ] if sheet is None and len(having) > 1 else []
    return chosen, notes


def _headers(sheet, wanted):
    """(row, Columns) of the headers among the first rows of a sheet, or None."""
    sheet.reset_dimensions()  # which the file itself states, and not always rightly
    rows = []
    for number, row in zip(range(1, run.SEARCHED + 1), sheet.iter_rows(), strict=False):
        values = [cell(one, False) for one in row]
        rows.append((number, [value if isinstance(value, str) else None for value in values]))
    return run.find_headers(rows, lambda cells: headers.match(cells, wanted.named))


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
        outside = {at for at in columns.read | set(columns.own.values()) if not table.holds(chosen.header_row, at)}
        columns.roles = {role: at for role, at in columns.roles.items() if at not in outside}
        columns.figures = {name: (at, unit) for name, (at, unit) in columns.figures.items() if at not in outside}
        columns.own = {name: at for name, at in columns.own.items() if at not in outside}


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
                    cells[at] = Faulty(f"is merged into {letters(first[1])}{first[0]}; unmerge it, and fill each row")
        if any(cell is not None for cell in cells):
            style = found[count].style if count in found else 0
            chosen.rows.append((number, cells, style, max(found)))
            chosen.used |= passed
            passed = set()


def _filled(cells):
    return {at for at, one in cells.items() if one.filled}


def _parts(chosen, answer, styles):
    """({part: bytes} of what changes, notes)."""
    xml, table, header_row = chosen.xml, chosen.table, chosen.header_row
    places = run.places_of(chosen.columns, answer)
    new = [header for header, at in places if at is None]
    used = _used(chosen)
    grows = table is not None and table.grows and not used & set(range(table.last[1] + 1, table.last[1] + 1 + len(new)))
    start = table.last[1] + 1 if grows else max(used) + 1
    free = iter(range(start, start + len(new)))
    columns = [at if at is not None else next(free) for _, at in places]
    if columns and max(columns) >= COLUMNS:
        raise ProfileError([f"{xml.place}: has no room for {len(new)} more columns; delete some at its right end"])
    patch = Patch(xml)
    top = xml.cells(header_row)
    like = top[max(at for at in top if at < start and top[at].filled)].style if new else 0
    patch.row(header_row, {at: (top[at].style if at in top and at < start else like, header)
                           for at, (header, _) in sorted(zip(columns, places, strict=True))}, top)
    for (header, old), at in zip(places, columns, strict=True):
        if old is None:
            patch.width(at, header)
    kept = _set_rows(chosen, answer, styles, patch, columns, start)
    parts = {chosen.part: patch.content}
    if styles.content is not None:
        parts[STYLES] = styles.content
    if new and grows:
        parts[table.part] = table.wider(new)
    return parts, chain(run.placed(places), _notes(chosen, new, grows, start, kept), _hidden(xml, columns))


def _used(chosen):
    """The columns that hold anything from the headers down to the last row that is read, or belong to something there."""
    last = chosen.rows[-1][0] if chosen.rows else chosen.header_row
    used = set(chosen.used)
    for first, end in [*chosen.xml.merged, *((one.first, one.last) for one in chosen.tables)]:
        if first[0] <= last and end[0] >= chosen.header_row:
            used |= set(range(first[1], end[1] + 1))
    return used


def _set_rows(chosen, answer, styles, patch, columns, start):
    """Set the cells of all rows; returns how many formulas of the planner's stood in their place."""
    kinds = ["text" if getattr(RESULTS[name], "choices", ()) else
             "whole" if answer.units[name] in COUNTED or name.endswith("_count") else "parts" for name in answer.names]
    idle, kept, order = set(answer.idle), 0, sorted(range(len(columns)), key=columns.__getitem__)
    texts = {name: answer.texts(name) for name, kind in zip(answer.names, kinds, strict=True) if kind == "text"}
    values = [texts[name] if name in texts else answer.values[name].tolist() for name in answer.names]
    if len(columns) > len(answer.names):
        kinds.append("text")
        values.append([answer.errors.get(row) for row in range(len(chosen.rows))])
    values = [[None if isinstance(value, float) and math.isnan(value) else value for value in column] for column in values]
    ordered = [(columns[n], kinds[n], values[n]) for n in order]
    for row, (number, _, own, last) in enumerate(chosen.rows):
        found = {} if last < ordered[0][0] else chosen.xml.cells(number)
        if row in idle:
            cells = {at: (found[at].style, None) for at, *_ in ordered if at < start and at in found}
        else:
            cells = {at: (found[at].style if at < start and at in found else styles.like(own, kind), column[row])
                     for at, kind, column in ordered}
        kept += sum(one.calculated for at, one in found.items() if at in cells)
        if cells:
            patch.row(number, cells, found)
    return kept


def _hidden(xml, columns):
    hidden = [letters(at) for at in xml.hidden(columns)]
    if hidden:
        yield f"columns {', '.join(hidden)} are hidden in the sheet: unhide them to see the results"


def _notes(chosen, new, grows, start, kept):
    table = chosen.table
    if new:
        where = f"behind column {letters(start - 1)} of sheet {plain(chosen.title)}"
        yield f"they stand {where}" + (", in its table" if grows else "")
    if new and table is not None and not grows:
        yield "they are no part of the table, which cannot grow there: sort both together"
    if new and table is None and re.search(rb"<(?:\w+:)?autoFilter\s", chosen.xml.xml):
        yield "the filter of the sheet does not take them in: sort all columns together"
    if kept:
        yield f"{kept:,} formulas in columns of results are kept as they are"
