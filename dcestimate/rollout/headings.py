"""The heading of a table: the row that names columns, and what each holds."""

import difflib

from ..errors import UsageError
from .layout import COLUMNS, NEEDED, SEARCHED
from .quarters import Quarter
from .sheets import Faulty
from .source import shown


def header_row(sheet):
    """The number of the row that names columns, or None."""
    for row, cells in list(sheet.rows.items())[:SEARCHED]:
        if {"site", "what"} <= {name_of(cell) for cell in cells}:
            return row
    return None


def name_of(cell):
    """What a cell names, however it is written; None where it holds no text."""
    return cell.strip().lower().replace(" ", "_") if isinstance(cell, str) else None


def columns(sheet, header, source):
    """({name: column}, {column: Quarter}) of the header."""
    named, quarters = {}, {}
    cells = sheet.rows[header]
    for column, cell in enumerate(cells):
        part = "column", column
        source.places[part] = sheet.place(header, column, shown(cell) if isinstance(cell, str) else None)
        if isinstance(cell, Faulty):
            source.fault(part, f"the heading {cell.message}")
            continue
        name = name_of(cell)
        if cell is None:
            if any(len(row) > column and row[column] is not None for row in list(sheet.rows.values())):
                source.fault(part, "has no heading over cells that say something; write one, or empty them")
        elif name in COLUMNS:
            if name in named:
                source.fault(part, f"column {name} is there twice; keep one")
            named[name] = column
        else:
            try:
                quarter = Quarter.of(cell)
            except UsageError:
                near = difflib.get_close_matches(str(name), COLUMNS, 1)
                source.fault(part, f'"{shown(cell)}" is no column; ' + (f"did you mean {near[0]}?" if near else (
                    f"there are {', '.join(COLUMNS)} and quarters such as 2027Q4")))
                continue
            if quarter in quarters.values():
                source.fault(part, f"quarter {quarter} has a column already; keep one")
            quarters[column] = quarter
    for name in NEEDED:
        if name not in named:
            source.fault(("column", "", name), f"the header has no column {name}; write site,region,what,unit,value,2027Q1 "
                                               "and so on")
    return named, quarters
