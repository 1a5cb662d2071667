"""What is wrong with a plan as annotations of GitHub Actions: one line each, at its place in the file."""

import re

from .rollout import shortfall

PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+): (?P<text>.*)")


def of_check(checked, display):
    """A line for each limit or other row that falls short, where it is stated."""
    plan, told = checked.plan, {}
    for row in checked.broken:
        told.setdefault((row.site, row.key), []).append(row)
    return "".join(_annotation(plan.path, _line(plan, rows[0]), shortfall(plan, rows, display)) for rows in told.values())


def of_faults(problems):
    """A line for each fault of a file."""
    found = [(PLACE.fullmatch(problem), problem) for problem in problems]
    return "".join(_annotation(at["file"], at["line"], at["text"]) if at else _annotation(None, None, problem)
                   for at, problem in found)


def _line(plan, row):
    """The line of the file where a row is stated, or else what it is part of."""
    key = {"ready": "ordered"}.get(row.kind, row.key)
    base = "fleet",
    for kind, some in (("site", plan.sites), ("shared", plan.shared)):
        base = next(((kind, n) for n, one in enumerate(some) if one.name == row.site), base)
    if row.kind == "supply":
        base = *base, "supply"
    stated = [part[-1] for part in plan.lines if part[:-1] == (*base, key) and not isinstance(part[-1], str)]
    since = max((quarter for quarter in stated if quarter <= row.quarter), default=None)
    return next((plan.lines[part] for part in ((*base, key, since), (*base, key), base) if part in plan.lines), 1)


def _annotation(file, line, text):
    place = f" file={_escaped(file, ':,')},line={line}" if file else ""
    return f"::error{place}::{_escaped(text)}\n"


def _escaped(text, more=""):
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{more}" else c for c in str(text))
