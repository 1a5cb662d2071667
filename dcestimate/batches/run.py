"""What is asked of a table, where its headers and results stand, and what is to be said about it."""

import difflib
from dataclasses import dataclass, field

from ..errors import UnknownNameError, UsageError
from ..results import RESULTS
from ..rollout.source import plain
from .headers import NEEDED, folded, result_header, result_of

DEFAULT = ("rack_count", "critical_it_power", "facility_peak_power", "grid_connection", "annual_energy", "annual_water",
           "white_space")
SEARCHED = 20  # rows in which the headers are looked for
FURTHER = 500  # rows in which they are looked for only to say that they stand too far down
SHOWN, LISTED = 6, 8  # rows, and new columns, that are named one by one


@dataclass(frozen=True)
class Wanted:
    """What is asked of a table: results by name, ``named`` {part of a request: header}, settings for every row.

    ``unit`` gives the unit that one of the model is shown in. ``processes`` may share the work; ``progress`` is called
    with a number of rows that have been computed and that of all.
    """

    names: tuple = DEFAULT
    named: dict = field(default_factory=dict)
    settings: tuple = ()
    unit: object = str
    processes: int = 1
    progress: object = None


def parse_columns(text):
    """Names of results: "pue,wue", "default,pue" or "all".

    :raises UnknownNameError: for one that is none.
    """
    names = []
    for part in (part.strip() for part in (text or "default").split(",")):
        if part in ("default", "all"):
            names += DEFAULT if part == "default" else RESULTS
        elif part in RESULTS or result_of(part):
            names.append(result_of(part) or part)
        else:
            raise UnknownNameError("result", part, tuple(difflib.get_close_matches(part[:80], RESULTS, 3)),
                                   "'dcestimate schema estimate' lists all results.")
    if not names:
        raise UsageError("--columns names no result.", "Write e.g. --columns pue,annual_water.")
    return list(dict.fromkeys(names))


def find_headers(rows, match):
    """(row number, Columns) of the row that has the headers: the first few are tried, the fullest match counts."""
    best = None
    for number, cells in rows:
        if any(isinstance(cell, str) and cell.strip() for cell in cells):
            columns = match(cells)
            score = len(columns.roles.keys() & set(NEEDED))
            if best is None or score > best[0]:
                best = score, number, columns
            if score == len(NEEDED):
                break
    return best and best[1:]


def has_all(at):
    """Whether a row that was found has all headers that are needed."""
    return bool(at) and not set(NEEDED) - at[1].roles.keys()


def elsewhere(searched, below=None, sheet=""):
    """What to do where no row of those searched has the headers, but one ``below`` or another ``sheet`` may."""
    tried = "row 1 was searched" if searched < 2 else f"rows 1 to {searched} were searched"
    if sheet:
        return f"{tried}, and sheet {plain(sheet)} has them: write --sheet \"{plain(sheet)}\""
    if below is not None:
        return f"{tried}, and row {below} has them: delete rows above it"
    return f"{tried}: rename one"


def places_of(columns, found):
    """[(header, column of an earlier run or None)] of what is written; an error column where a row failed, or had."""
    places = [(_header(columns, name, found.units[name]), columns.own.get(name)) for name in found.names]
    header, column = columns.error
    return [*places, (header, column)] if found.errors or column is not None else places


def _header(columns, name, unit):
    """The header of a result: as an earlier run or the planner wrote it, where that says the same."""
    header = result_header(name, unit)
    there = columns.headers[columns.own[name]] if name in columns.own else ""
    return there if there.strip().casefold() == header.casefold() else header


def notes(columns, found, where, total):
    """What a user should know: what was matched, added, kept, and which rows failed or warn.

    :param where: gives a row as people count it.
    """
    named = {folded(role): columns.headers[at] for role, at in columns.roles.items()}
    matched = ", ".join(role if folded(header) == role else f"{role} ('{plain(header)}')" for role, header in named.items())
    figures = "".join(f", {name} as a setting" for name in columns.figures)
    yield f"read {many(total, 'row')}; matched {matched}{figures}"
    others = [plain(columns.headers[at])[:40] for at in sorted(columns.others)]
    if others:
        yield f"kept as they are: {', '.join(others[:12])}{' and others' if len(others) > 12 else ''}"
    if found.idle:
        yield f"{_rows(found.idle, where)}: no deployment, left empty"
    for text, rows in _grouped(found.errors).items():
        yield f"! {_rows(rows, where)}: {text}"
    for name, reasons in found.missing.items():
        yield f"{name} is empty where there is none: {'; '.join(reasons[:3])}"
    for message, rows in found.breaches.items():
        if rows:
            yield f"! {_rows(rows, where)}: {message}"


def _grouped(errors, most=8):
    """{text: rows} of errors; the last stands for many that differ."""
    found = {}
    for row, text in sorted(errors.items()):
        found.setdefault(text, []).append(row)
    if len(found) <= most:
        return found
    kept = dict(list(found.items())[:most])
    kept["other errors, told in their rows"] = [row for rows in list(found.values())[most:] for row in rows]
    return kept


def _rows(rows, where):
    numbers = ", ".join(str(where(row)) for row in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
    return f"row{'s' if len(rows) > 1 else ''} {numbers}{more}"


def placed(places):
    """Which columns are new, and which took the place of an earlier run's."""
    new = [header for header, column in places if column is None]
    again = [header for header, column in places if column is not None]
    if new:
        more = f" and {len(new) - LISTED} more" if len(new) > LISTED else ""
        yield f"added {many(len(new), 'column')}: {', '.join(new[:LISTED])}{more}"
    if again:
        yield f"computed anew {many(len(again), 'column')} of an earlier run: {', '.join(map(plain, again))}"


def many(count, noun):
    """
    >>> many(1, "row"), many(2_000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
