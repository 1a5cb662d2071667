"""A workbook that was compared, on screen and in JSON."""

import math

from ..report.table import table, width, wrapped
from ..version import SCHEMAS, profiles_version, tool_version

MOST_DIGITS = 12
SHOWN = 20  # findings on screen; JSON has all
WORDS = {"origin": "made with", "figure": "figure of other profiles", "formula": "formula", "number": "number",
         "text": "text", "value": "value of a formula", "recalculated": "recalculated"}


def text(result, path):
    """What was compared, and what was found."""
    lines = [f"{path}: {result.title}"]
    if result.agrees:
        lines.append(f"{result.numbers:,} numbers, {result.texts:,} texts and {result.formulas:,} formulas agree with the "
                     f"model to {_digits(result.farthest)} digits")
        if result.recalculated_by:
            lines.append(f"{result.formulas:,} formulas recalculated with {result.recalculated_by} agree to "
                         f"{_digits(result.farthest_recalculated)} digits")
    lines = [wrapped(line, "  ", width()) for line in lines]
    if result.agrees:
        return "\n".join(lines) + "\n"
    found = result.ordered
    rows = [[f"{one.sheet}!{one.cell}", WORDS[one.kind], _short(one.about), _short(one.found), _short(one.wanted)]
            for one in found[:SHOWN]]
    more = [f"... and {len(found) - SHOWN:,} more; --json lists all"] if len(found) > SHOWN else []
    counted = f"{len(found):,} difference{'s' if len(found) > 1 else ''}"
    return "\n".join([*lines, f"{counted}; --json has them in full:", "",
                      table(rows, ["Cell", "What", "Of", "There", "Should be"]), *more]) + "\n"


def _digits(difference):
    """Digits to which numbers agree that differ by so much of themselves; more than a dozen say no more."""
    return MOST_DIGITS if difference <= 10.0**-MOST_DIGITS else int(-math.log10(difference))


def _short(value, longest=28):
    shown = "nothing" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
    shown = "".join(c if c.isprintable() else "?" for c in shown.replace("\n", " "))
    return shown if len(shown) <= longest else shown[:longest - 3] + "..."


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
        "recalculated": again if result.recalculated_by else None, "findings": findings, "notes": list(result.notes)}


def _plain(value):
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
