"""Results and errors of a table, row by row."""

from dataclasses import dataclass, field

import numpy as np

from .. import units
from ..errors import UsageError
from ..estimation import together
from ..results import RESULTS
from ..rollout.source import plain
from . import rows as row_reader
from .compute import compute
from .headers import result_of, split


@dataclass
class Answer:
    """Results of the rows of a table: ``values`` [report unit, NaN where there are none, or an index into the choices
    of a text] by name, ``errors`` by row.
    """

    names: list
    units: dict
    values: dict
    errors: dict
    idle: list
    missing: dict
    breaches: dict = field(default_factory=dict)

    def texts(self, name, rows=slice(None), write=str):
        """A result as texts of some rows, "" where there is none; ``write`` has the last word on numbers."""
        column = self.values[name][rows]
        choices, none = getattr(RESULTS[name], "choices", ()), np.isnan(column)
        if choices:
            found = [choices[n] for n in np.where(none, 0, column).astype(int).tolist()]
        else:
            whole = np.trunc(column) == column
            found = list(map(repr, column.tolist()))
            if whole.any():
                found = [text.removesuffix(".0") for text in found]
            if write is not str:
                found = list(map(write, found))
        if none.any():
            found = ["" if absent else text for text, absent in zip(found, none.tolist(), strict=True)]
        return found


def answer(workers, columns, rows, wanted, decimal=".", shown=str):
    """The Answer to rows of cells below the headers that ``columns`` matched.

    :param decimal: the decimal mark of the table's numbers, and ``shown`` gives the one that they show themselves.
    :raises UsageError: when no result is left to compute, since the rows state it themselves.
    """
    columns = row_reader.without_numbers(columns, rows)
    read = {result_of(columns.headers[at]) for at in columns.read}
    asked = [name for name in wanted.names if name not in read]
    if not asked:
        raise UsageError(f"{', '.join(wanted.names)}: that is what the rows state themselves.", "Name another result.")
    earlier = [name for name in columns.own if name not in asked]
    names = asked + earlier
    requests = row_reader.read(workers.library, columns, rows, wanted.settings, decimal, shown)
    lines = list(dict.fromkeys(part for parts in requests.parts for part in parts))
    place = {part: n for n, part in enumerate(lines)}
    of_row = [[place[part] for part in parts] for parts in requests.parts]
    computed = compute(workers, requests.designs, lines, names, wanted.progress)
    errors = requests.errors | _errors(computed, of_row)
    units_ = {name: wanted.unit(RESULTS[name].unit) for name in asked}
    units_ |= {name: split(columns.headers[columns.own[name]])[1] or "" for name in earlier}  # as they are headed
    idle = [row for row in requests.idle if any(rows[row])]
    missing = {name: list(reasons) for name, reasons in computed.missing.items() if name in names}
    return Answer(names, units_, _values(computed, of_row, errors, units_), errors, idle, missing,
                  _breaches(computed, of_row, errors))


def _errors(computed, of_row):
    """{row: text} of the rows that have a line which cannot be had."""
    failed = [(row, next(line for line in some if line in computed.errors)) for row, some in enumerate(of_row)
              if computed.errors and not computed.errors.keys().isdisjoint(some)]
    return {row: plain(computed.errors[line]) for row, line in failed}


def _values(computed, of_row, errors, units_):
    """{name: column} of results by row, in the units that are wanted."""
    good = np.array([bool(some) for some in of_row], dtype=bool)
    good[list(errors)] = False
    first = np.array([some[0] for row, some in enumerate(of_row) if good[row]], dtype=int)
    several = [row for row, some in enumerate(of_row) if good[row] and len(some) > 1]
    values = {}
    for name, unit in units_.items():
        column = np.full(len(of_row), np.nan)
        column[good] = computed.columns[name][first]
        for row in several:
            column[row] = _total({each: found[of_row[row]] for each, found in computed.columns.items()}, name)
        values[name] = column if getattr(RESULTS[name], "choices", ()) else units.from_si(column, unit)
    return values


def _total(columns, name):
    """A result over several lines [SI]; a text that differs between them is none."""
    if getattr(RESULTS[name], "choices", ()):
        return columns[name][0] if (columns[name] == columns[name][0]).all() else np.nan
    if np.isnan(columns[name]).any():
        return np.nan
    return float(together(columns, name))


def _breaches(computed, of_row, errors):
    """{message: rows} of what the model warns of."""
    if not any(level == "warning" for level, *_ in computed.breaches.values()):
        return {}
    rows_of = {}
    for row, some in enumerate(of_row):
        for line in some:
            rows_of.setdefault(line, []).append(row)
    return {message: sorted({row for line in some for row in rows_of[line]} - errors.keys())
            for level, message, some in computed.breaches.values() if level == "warning"}
