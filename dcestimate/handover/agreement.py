"""Whether two cells say the same: numbers to a part in a billion, texts and formulas as they are written."""

import re

TOLERANCE = 1e-9  # relative; what is nearer agrees
ROUNDING = 1e-12  # absolute; what a formula that takes equal numbers from each other may leave
OURS = {"AVERAGE", "COUNTA", "COUNTIF", "EXACT", "IF", "MAX", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT"}
OUTWARD = ("[", "|", "://", "{")  # other files, other programs, the web


def apart(a, b, rounding=0.0):
    """How far two cells are apart: relative to the larger of two numbers, else not at all or infinitely.

    >>> apart(100.0, 101.0), apart("MW", "MW"), apart(1, "1"), apart(1e-13, -1e-13, ROUNDING)
    (0.00990..., 0.0, inf, 0.0)
    """
    if not _number(a) or not _number(b):
        return 0.0 if type(a) is type(b) and a == b else float("inf")
    return 0.0 if abs(a - b) <= rounding else abs(a - b) / max(abs(a), abs(b))


def _number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def same_formula(a, b):
    """Whether two formulas are one, written with or without blanks and quotes around the names of sheets.

    >>> same_formula("=SUM('Results'!$A$1, 2)", "=SUM(Results!$A$1,2)")
    True
    """
    return re.sub(r"\s|'", "", a) == re.sub(r"\s|'", "", b)


def foreign(formula):
    """Whether a formula uses what no workbook of ours has: other functions, other files, addresses of the web.

    >>> foreign("=SUM(Results!$A$1)"), foreign('=WEBSERVICE("x")'), foreign("=[1]Sheet!A1")
    (False, True, True)
    """
    functions = set(re.findall(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\(", formula))
    return not functions <= OURS or any(mark in formula for mark in OUTWARD)
