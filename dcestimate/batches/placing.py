"""Columns of results set in a sheet: where they stand, how they look, and which parts of the workbook that changes."""

import re
from dataclasses import dataclass
from itertools import chain

from ..errors import ProfileError
from ..results import RESULTS
from ..rollout.sheets import letters
from ..rollout.source import plain
from ..rollout.workbooks import position
from . import run
from .patch import Patch
from .sheet_xml import COLUMNS

STYLES = "xl/styles.xml"
COUNTED = ("chip", "system", "rack")


@dataclass
class Placed:
    """Columns of results: the header, kind and column of each, where new ones start, and whether a table takes them in."""

    headers: list
    kinds: list
    columns: list
    new: list
    start: int
    grows: bool


def set_columns(chosen, found, styles):
    """({part: bytes} of what changes, notes)."""
    placed, patch = _place(chosen, found), Patch(chosen.xml)
    _set_headers(chosen, placed, patch)
    kept = _set_rows(chosen, found, styles, placed, patch)
    parts = {chosen.part: patch.content}
    if styles.content is not None:
        parts[STYLES] = styles.content
    if chosen.table:
        renamed = _renamed(chosen, placed)
        if renamed or (placed.new and placed.grows):
            parts[chosen.table.part] = chosen.table.wider(placed.new if placed.grows else [], renamed)
    return parts, chain(run.placed(run.places_of(chosen.columns, found)), _notes(chosen, placed, kept))


def _renamed(chosen, placed):
    """{header: new one} of columns of the table whose unit has changed."""
    stated = chosen.columns.headers
    return {stated[at]: header for at, header in zip(placed.columns, placed.headers, strict=True)
            if at < len(stated) and stated[at] != header and chosen.table.holds(chosen.header_row, at)}


def _place(chosen, found):
    """Where columns go: in the place of an earlier run's, or behind all else, at the edge of a table where that is free."""
    places, table, used = run.places_of(chosen.columns, found), chosen.table, _used(chosen)
    new = [header for header, at in places if at is None]
    grows = bool(table and table.grows and used.isdisjoint(range(table.last[1] + 1, table.last[1] + 1 + len(new))))
    start = table.last[1] + 1 if grows else max(used) + 1
    free = iter(range(start, start + len(new)))
    columns = [at if at is not None else next(free) for _, at in places]
    if max(columns) >= COLUMNS:
        raise ProfileError([f"{chosen.xml.place}: has no room for {len(new)} more columns; delete some at its right end"])
    kinds = [_kind(name, found.units[name]) for name in found.names] + ["text"] * (len(places) - len(found.names))
    return Placed([header for header, _ in places], kinds, columns, new, start, grows)


def _kind(name, unit):
    if getattr(RESULTS[name], "choices", ()):
        return "text"
    return "whole" if unit in COUNTED or name.endswith("_count") else "parts"


def _set_headers(chosen, placed, patch):
    """Set the headers: new ones look like the last of the planner's."""
    top = chosen.xml.cells(chosen.header_row)
    like = top[max(at for at, one in top.items() if at < placed.start and one.filled)].style
    patch.row(chosen.header_row, {at: (top[at].style if at in top and at < placed.start else like, header)
                                  for at, header in sorted(zip(placed.columns, placed.headers, strict=True))}, top)
    for at, header in zip(placed.columns, placed.headers, strict=True):
        if at >= placed.start:
            patch.width(at, header)


def _used(chosen):
    """The columns that hold anything from the headers down to the last row that is read, or belong to something there."""
    last = chosen.rows[-1][0] if chosen.rows else chosen.header_row
    used = set(chosen.used)
    for first, end in [*chosen.xml.merged, *((one.first, one.last) for one in chosen.tables)]:
        if first[0] <= last and end[0] >= chosen.header_row:
            used |= set(range(first[1], end[1] + 1))
    return used


def _set_rows(chosen, found, styles, placed, patch):
    """Set the cells of all rows; returns how many formulas of the planner's stood in their place."""
    columns = sorted(zip(placed.columns, placed.kinds, _values(found, placed, len(chosen.rows)), strict=True))
    idle, kept = set(found.idle), 0
    for row, (number, _, own, last) in enumerate(chosen.rows):
        there = {} if last < columns[0][0] else chosen.xml.cells(number)
        if row in idle:
            cells = {at: (there[at].style, None) for at, *_ in columns if at < placed.start and at in there}
        else:
            cells = {at: (there[at].style if at < placed.start and at in there else styles.like(own, kind), values[row])
                     for at, kind, values in columns}
        kept += sum(one.calculated for at, one in there.items() if at in cells)
        if cells:
            patch.row(number, cells, there)
    return kept


def _values(found, placed, count):
    """What each column holds: numbers, texts, or None for nothing."""
    columns = [found.texts(name) if kind == "text" else found.values[name].tolist()
               for name, kind in zip(found.names, placed.kinds, strict=False)]
    if len(placed.columns) > len(found.names):
        columns.append([found.errors.get(row) for row in range(count)])
    return [[None if value != value else value for value in column] for column in columns]


def _notes(chosen, placed, kept):
    if placed.new:
        where = f"behind column {letters(placed.start - 1)} of sheet {plain(chosen.title)}"
        stand = "it stands" if len(placed.new) == 1 else "they stand"
        yield f"{stand} {where}" + (", in its table" if placed.grows else "")
    if placed.new and chosen.table is not None and not placed.grows:
        yield "the table cannot grow there and does not take in what is new: sort both together"
    if placed.new and chosen.table is None and re.search(rb"<(?:\w+:)?autoFilter\s", chosen.xml.xml):
        yield "the filter of the sheet does not take in what is new: sort all columns together"
    last = re.search(r":([A-Z]+)", chosen.print_area)
    if placed.new and last and position(f"{last[1]}1".encode())[1] < max(placed.columns):
        yield f"the print area of the sheet, {plain(chosen.print_area)}, leaves them out: widen it to see them on paper"
    if kept:
        yield f"kept {run.many(kept, 'formula')} in columns of results"
    hidden = [letters(at) for at in chosen.xml.hidden(placed.columns)]
    if hidden:
        yield f"hidden in the sheet: {run.many(len(hidden), 'column')} of results, {', '.join(hidden)}; unhide to see"
