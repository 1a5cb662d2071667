"""A workbook that was compared, on screen and in JSON."""

import math

from ..reports.table import broken, table, width, wrapped
from ..version import SCHEMAS, profiles_version, tool_version
from .reasons import plain, reasons

MOST_DIGITS = 12
CELL = 19  # columns of a value, which a number in full has
SHOWN = 20  # findings on screen; JSON has all
WORDS = {"origin": "made with", "figure": "figure", "formula": "formula", "number": "number",
         "text": "text", "value": "stored value", "recalculated": "recalculated"}


def text(result, path):
    """What was compared, and what was found: the causes first, then the cells."""
    lines = [f"{path}: {result.title}"]
    if result.agrees:
        lines.append(f"{result.numbers:,} numbers, {result.texts:,} texts and {result.formulas:,} formulas agree with the "
                     f"model to {_digits(result.farthest)} digits")
        if result.recalculated_by:
            lines.append(f"{result.formulas:,} formulas recalculated with {result.recalculated_by} agree to "
                         f"{_digits(result.farthest_recalculated)} digits")
        return "\n".join(wrapped(line, "  ", width()) for line in lines) + "\n"
    found = result.ordered
    lines += [f"- {reason}" for reason in reasons(result)]
    counted = f"{len(found):,} difference{'s' if len(found) > 1 else ''}"
    more = [f"... and {len(found) - SHOWN:,} more; --json lists all"] if len(found) > SHOWN else []
    return "\n".join([*(wrapped(line, "  ", width()) for line in lines), "", f"{counted}; --json has them in full:", "",
                      _table(found[:SHOWN]), *more]) + "\n"


def _table(found):
    """The differences in as many columns as the terminal has; what is long goes on in the next line."""
    headers = ["Cell", "What", "Of", "There", "Should be"]
    rows = [[f"{one.sheet}!{one.cell}", WORDS[one.kind], one.about, *(broken(shown, CELL) for shown in pair(
        one.found, one.wanted))] for one in found]
    others = sum(2 + max(len(line) for row in (headers, *rows) for line in row[i].splitlines() or [""])
                 for i in (0, 1, 3, 4))
    for row in rows:
        row[2] = broken(plain(row[2]), max(width() - others, 8))
    return table(rows, headers)


def pair(a, b):
    """Two values that differ, as texts that differ; of numbers no more digits than that takes.

    >>> pair(2.39980801, 2.40713821), pair(1000000.1, 1000000.2), pair(None, 7)
    (('2.39981', '2.40714'), ('1000000.1', '1000000.2'), ('nothing', '7'))
    """
    if isinstance(a, float) and isinstance(b, float):
        for digits in (6, 8, 10, 12):
            shown = f"{a:.{digits}g}", f"{b:.{digits}g}"
            if shown[0] != shown[1]:
                return shown
    return plain(a), plain(b)


def _digits(difference):
    """Digits to which numbers agree that differ by so much of themselves; more than a dozen say no more."""
    return MOST_DIGITS if difference <= 10.0**-MOST_DIGITS else int(-math.log10(difference))


def document(result, library, path):
    """The comparison as one JSON object."""
    again = {"by": result.recalculated_by, "formulas": result.formulas, "largest_difference": result.farthest_recalculated}
    findings = [{"kind": one.kind, "sheet": one.sheet, "cell": one.cell, "about": one.about, "found": _plain(one.found),
                 "wanted": _plain(one.wanted)} for one in result.ordered]
    return {
        "schema": SCHEMAS["verification"], "tool_version": tool_version(),
        "profiles_version": profiles_version(library.root), "file": path, "title": result.title, "agrees": result.agrees,
        "compared": {"numbers": result.numbers, "texts": result.texts, "formulas": result.formulas,
                     "largest_difference": result.farthest},
        "recalculated": again if result.recalculated_by else None,
        "reasons": list(reasons(result)) if result.findings else [], "findings": findings, "notes": list(result.notes)}


def _plain(value):
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
