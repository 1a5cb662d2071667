"""Rows of cells from a workbook and into one, looked into before anything of it is unpacked."""

import datetime
import io
import re
import warnings
import zipfile
from dataclasses import dataclass

from ..errors import ProfileError
from .sheets import COLUMNS, DECIMAL, ROWS, Faulty, Sheet, letters, text_cell
from .source import plain

SHEET = "Plan"
UNPACKED, PART = 100_000_000, 10_000_000  # bytes that a workbook may have in all, and one sheet or list of texts
FILLED = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*(?<!/)>(?!</)')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
RATIO, SMALL = 200, 1_000_000  # how far a part larger than that may be packed


@dataclass(frozen=True)
class Bounds:
    """How much a workbook may hold: bytes unpacked in all, of one part, and of the file where that is bounded.

    ``what`` is it for, ``fix`` is what to do with a file that is none, and ``excess``, if given, is said of one that holds
    too much.
    """

    unpacked: int = UNPACKED
    part: int = PART
    what: str = "plan"
    fix: str = "save it as .xlsx"
    excess: str = ""
    file: int | None = None


def of_workbook(content, path):
    """The rows of the sheet "Plan" of a workbook, or of its first that is not hidden.

    :raises ProfileError: when it is no workbook, or larger unpacked than a plan can be.
    """
    look_inside(content, path)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that are not read
            values, formulas = (openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False,
                                                       data_only=stored) for stored in (True, False))
            return _of_sheet(values, formulas, path)
    except ProfileError:
        raise
    except Exception as error:  # of a damaged workbook the library raises whatever comes
        says = plain(f"{type(error).__name__}: {error}")[:120]
        raise ProfileError([f"{path}: cannot be read as a workbook: {says}; save it anew in a spreadsheet"]) from None


def look_inside(content, path, bounds=None):
    """Refuse what is no workbook, or would be too much of one, before anything is unpacked."""
    bounds = bounds or Bounds()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ProfileError([f"{path}: has a password or is an old .xls; save it as .xlsx without one"])
    if bounds.file and len(content) > bounds.file:
        raise ProfileError([f"{path}: has {len(content):,} bytes, more than the {bounds.file:,} of any {bounds.what}"])
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:  # of bad archives
        raise ProfileError([f"{path}: is not a workbook: {plain(str(error))}; {bounds.fix}"]) from None
    if "[Content_Types].xml" not in (part.filename for part in parts):
        raise ProfileError([f"{path}: is a zip archive but not a workbook; {bounds.fix}"])
    if any(part.flag_bits & 1 for part in parts):
        raise ProfileError([f"{path}: is encrypted; save it without a password"])
    excess = _excess(parts, bounds)
    if excess:
        raise ProfileError([f"{path}: {bounds.excess or excess}"])


def _excess(parts, bounds):
    """What is too much of a workbook's parts, and what to do; nothing where nothing is."""
    alone = f"keep the {bounds.what} alone in it"
    size = sum(part.file_size for part in parts)
    if size > bounds.unpacked:
        return f"unpacks to {size:,} bytes, more than the {bounds.unpacked:,} of any {bounds.what}; {alone}"
    for part in parts:
        name = plain(part.filename)[:60]
        if part.file_size > SMALL and part.file_size > RATIO * part.compress_size:
            return (f"{name} unpacks {part.compress_size:,} bytes to {part.file_size:,}, more than {RATIO} times; "
                    f"{alone}")
        if part.file_size > bounds.part:
            return (f"{name} has {part.file_size:,} bytes, more than the {bounds.part:,} of any {bounds.what}; delete "
                    f"empty rows below the {bounds.what}, and {alone}")
    return ""


def _of_sheet(values, formulas, path):
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    named = [sheet for sheet in values.worksheets if sheet.title.strip().lower() == SHEET.lower()]
    if not named and not visible:
        raise ProfileError([f"{path}: has no sheet to read; name one {SHEET}"])
    chosen = (named or visible)[0]
    found = Sheet(path, name=chosen.title)
    if not named and len(visible) > 1:
        found.notes.append(f'sheet "{plain(chosen.title)}" is read, the first of {len(visible)}; to choose another, name '
                           f"it {SHEET}")
    part = values._archive.read(chosen._worksheet_path)  # what no reader row by row tells: merged cells, and the far end
    for named, (row, column) in ((name.decode(), position(name)) for name in FILLED.findall(part)):
        if row > ROWS or column >= COLUMNS:
            raise ProfileError([f"{path}: sheet {plain(chosen.title)}, cell {named}: lies beyond the {ROWS:,} rows and "
                                f"{COLUMNS} columns of any plan; empty it"])
    found.merged = [(*position(name), name.decode()) for name in MERGED.findall(part)]
    for row, (stored, written) in enumerate(zip(_cells(chosen), _cells(formulas[chosen.title]), strict=True), 1):
        cells = [cell(a, b.data_type == "f") for a, b in zip(stored, written, strict=True)]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            found.rows[row] = cells
    return found


def position(name):
    """(row, column) of a cell or of the first of a range, the column from 0."""
    letters_, row = re.match(rb"([A-Z]+)([0-9]+)", name).groups()
    number = 0
    for letter in letters_:
        number = number * 26 + letter - ord("A") + 1
    return int(row), number - 1


def _cells(sheet):
    sheet.reset_dimensions()  # which the file itself states, and not always rightly
    return sheet.iter_rows(min_row=1, max_row=ROWS, min_col=1, max_col=COLUMNS)


def cell(stored, calculated):
    """What a cell says: text, a number as text, a date, nothing, or Faulty; ``calculated`` says that it holds a formula."""
    value = stored.value
    if value is None:
        if calculated and stored.data_type != "str":  # a stored text may be empty
            return Faulty("holds a formula without a stored value; open the workbook in a spreadsheet and save it")
        return None
    if stored.data_type == "e":
        return Faulty(f"holds the error {plain(str(value))[:20]}; mend its formula")
    if isinstance(value, bool):
        return Faulty(f"is {str(value).upper()}; write a number or a text")
    if isinstance(value, int | float):
        try:
            percent = "%" in (stored.number_format or "")
        except (IndexError, KeyError):  # of a style that the workbook does not have
            percent = False
        return f"{value * 100:.15g} %" if percent else f"{value:.15g}"
    if isinstance(value, datetime.datetime | datetime.date):
        return value
    if isinstance(value, str):
        return text_cell(value)
    return Faulty(f"is {plain(str(value))[:20]}, a time of day; write a number")


def as_workbook(rows):
    """Rows of texts as the sheet "Plan" of a workbook [bytes]; what reads as a number is one."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if DECIMAL.fullmatch(text):
                sheet.cell(number, column).value = float(text) if "." in text or "e" in text else int(text)
            elif text:
                sheet.cell(number, column).value = text
                sheet.cell(number, column).data_type = "s"  # never a formula
    for column, cells in enumerate(zip(*rows, strict=True)):
        sheet.column_dimensions[letters(column)].width = min(max(len(text) for text in cells), 24) + 2
        sheet.cell(1, column + 1).font = Font(bold=True)
    sheet.freeze_panes = "D2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
