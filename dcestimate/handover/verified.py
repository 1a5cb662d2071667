"""A workbook that was compared, on screen and in JSON."""

from ..report.table import table, width, wrapped
from ..version import SCHEMAS, profiles_version, tool_version

SHOWN = 20  # findings on screen; JSON has all
WORDS = {"origin": "made with", "figure": "figure of other profiles", "formula": "formula", "number": "number", "text": "text",
         "value": "value of a formula", "recalculated": "recalculated"}


def text(result, path):
    """What was compared, and what was found."""
    lines = [wrapped(f"{path}: {result.title}", "  ", width())]
    if result.agrees:
        lines.append(wrapped(f"{result.numbers:,} numbers, {result.texts:,} texts and {result.formulas:,} formulas agree with the "
                             f"model (largest difference {result.farthest:.0e})", "  ", width()))
        if result.recalculated_by:
            lines.append(wrapped(f"{result.formulas:,} formulas recalculated with {result.recalculated_by} agree (largest "
                                 f"difference {result.farthest_recalculated:.0e})", "  ", width()))
        return "\n".join(lines) + "\n"
    found = result.ordered
    rows = [[f"{one.sheet}!{one.cell}", WORDS[one.kind], _short(one.about), _short(one.found), _short(one.wanted)]
            for one in found[:SHOWN]]
    more = [f"... and {len(found) - SHOWN:,} more; --json lists all"] if len(found) > SHOWN else []
    return "\n".join([*lines, f"{len(found):,} differences:", "", table(rows, ["Cell", "What", "Of", "There", "Should be"]),
                      *more]) + "\n"


def _short(value, longest=24):
    shown = "nothing" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    shown = "".join(c if c.isprintable() else "?" for c in shown.replace("\n", " "))
    return shown if len(shown) <= longest else shown[:longest - 3] + "..."


def document(result, library, path):
    """The comparison as one JSON object."""
    again = {"by": result.recalculated_by, "formulas": result.formulas, "largest_difference": result.farthest_recalculated}
    return {
        "schema": SCHEMAS["verification"], "tool_version": tool_version(), "profiles_version": profiles_version(library.root),
        "file": path, "title": result.title, "agrees": result.agrees,
        "compared": {"numbers": result.numbers, "texts": result.texts, "formulas": result.formulas,
                     "largest_difference": result.farthest},
        "recalculated": again if result.recalculated_by else None,
        "findings": [{"kind": one.kind, "sheet": one.sheet, "cell": one.cell, "about": one.about, "found": _plain(one.found),
                      "wanted": _plain(one.wanted)} for one in result.ordered],
        "notes": list(result.notes)}


def _plain(value):
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
