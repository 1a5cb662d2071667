"""Alternatives on two axes: a grid of one result, the longer axis down."""

from ..profile_kinds import GRAPH
from ..results import RESULTS
from .compare import aligned, cell, change, title
from .numbers import COUNTS
from .scale import scaled
from .table import table, width, wrapped

USUAL = ("facility_peak_power",)


def text(comparison, display, show=()):
    """A grid for each result asked for, as wide as the terminal, the rest of its columns below; differences behind."""
    parts = [title(comparison)]
    for name in show or USUAL:
        headers, rows, unit = grid(comparison, name, display)
        of = f" [{unit}{_each(comparison, name)}]" if unit else ""
        parts.append(wrapped(f"{name}{of}: {GRAPH[name].meaning}", "  ", width()))
        parts += _below(headers, _beside(rows))
        parts += _ends(comparison, name)
    return "\n\n".join(parts) + "\n"


def grid(comparison, name, display):
    """(headers, rows, unit) of one result; a cell is a value and its difference against the first case."""
    down = max((0, 1), key=lambda axis: len(_names(comparison, axis)))
    rows, columns = _names(comparison, down), _names(comparison, 1 - down)
    cases = {case.names: case for case in comparison.cases}
    values = [case.amount(name, comparison.per) for case in comparison.cases]
    shown, unit = scaled(values, RESULTS[name].unit, display)
    cells = {names: (cell(value, unit, name, comparison.per, display), change(comparison.difference(case, name)))
             for (names, case), value in zip(cases.items(), shown, strict=True)}
    made = [[row, *(cells[(row, column) if down == 0 else (column, row)] for column in columns)] for row in rows]
    return ["", *columns], made, "" if unit in (*COUNTS, "1", "text") else unit


def markdown(comparison, name, display):
    """(headers, rows) of one result for Markdown."""
    headers, rows, _ = grid(comparison, name, display)
    return headers, [[row[0], *(f"{one} ({by})" if by else one for one, by in row[1:])] for row in rows]


def _beside(rows):
    """Rows of texts, the difference behind each value; a sign where there is none keeps values below each other."""
    shown = [[row[0], "", *((one, by or "=" * (one != "-")) for one, by in row[1:])] for row in rows]
    return [[row[0], *row[2:]] for row in aligned(shown, len(rows[0]) - 1)]


def _names(comparison, axis):
    return list(dict.fromkeys(case.names[axis] for case in comparison.cases))


def _each(comparison, name):
    return f" per {comparison.per}" if comparison.per and RESULTS[name].total == "sum" else ""


def _below(headers, rows):
    """Tables of as many columns as fit, below each other."""
    left = list(range(1, len(headers)))
    while left:
        count = len(left)
        while count > 1 and len(_table(headers, rows, left[:count]).splitlines()[1]) > width():
            count -= 1
        yield _table(headers, rows, left[:count])
        left = left[count:]


def _table(headers, rows, columns):
    kept = [0, *columns]
    return table([[row[i] for i in kept] for row in rows], [headers[i] for i in kept], right=range(1, len(kept)))


def _ends(comparison, name):
    """Where the least and the most are."""
    found = [(case.amount(name, comparison.per), case) for case in comparison.cases]
    found = [(value, case.name) for value, case in found if isinstance(value, float)]
    if len({value for value, _ in found}) > 1:
        least, most = (end(found, key=lambda pair: pair[0])[1] for end in (min, max))
        yield wrapped(f"Least: {least}. Most: {most}.", "  ", width())
