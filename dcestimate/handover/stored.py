"""What stands in a workbook's file: every value and formula, read without trusting the file."""

import io
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import OutputError, ProfileError
from ..rollout.workbooks import Bounds, look_inside

WROTE = "'dcestimate report -o FILE.xlsx' wrote"
BOUNDS = Bounds(600_000_000, 600_000_000, "workbook of dcestimate", f"give one that {WROTE}",
                f"unpacks to more than any workbook of dcestimate; give one that {WROTE}", 100_000_000)
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class Stored:
    """The cells of a file: {sheet: {(row, column): value}}, and the formulas among them likewise."""

    values: dict = field(default_factory=dict)
    formulas: dict = field(default_factory=dict)


def read(path, formulas=True, only=None):
    """The cells of a workbook's file, or of one sheet only, with or without the formulas among them.

    :raises OutputError: when it cannot be read.
    :raises ProfileError: when it is no workbook.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        fix = "Name the workbook in it." if Path(path).is_dir() else f"Give one that {WROTE}."
        raise OutputError(f"cannot read {path}: {error.strerror or error}.", fix) from None
    return of_bytes(content, str(path), formulas, only)


def of_bytes(content, path, formulas=True, only=None):
    """The cells of a workbook from the bytes of its file."""
    look_inside(content, path, BOUNDS)
    import openpyxl

    found = Stored()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for with_values in (False, True) if formulas else (True,):
                book = openpyxl.load_workbook(io.BytesIO(content), data_only=with_values, read_only=True)
                for sheet in (one for one in book.worksheets if only in (None, one.title)):
                    _take(found, sheet, with_values)
    except Exception as error:  # whatever the reader stumbles over in a broken file
        says = f"{type(error).__name__}: {str(error)[:100]}"
        raise ProfileError([f"{path}: is no workbook that can be read: {says}"]) from None
    return found


def _take(found, sheet, with_values):
    values, formulas = (kept.setdefault(sheet.title, {}) for kept in (found.values, found.formulas))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            at = cell.row - 1, cell.column - 1
            if with_values:
                values[at] = _unescaped(cell.value)
            elif cell.data_type == "f":
                formulas[at] = cell.value if isinstance(cell.value, str) else f"={getattr(cell.value, 'text', cell.value)}"


def _unescaped(value):
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), value) if isinstance(value, str) and "_x" in value else value
