"""What is wrong with a plan as annotations of GitHub Actions: one line each, at its place in the file."""

import re

from .rollout import margin_text, shortfall

PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+): (?P<text>.*)")


def of_check(checked, display, conditions=()):
    """A line for each limit or other row that falls short, and for each condition that holds, where it is stated."""
    plan, told, nearest = checked.plan, {}, checked.nearest
    for row in checked.broken:
        told.setdefault((row.site, row.key), []).append(row)
    found = [(rows[0], shortfall(plan, rows, display)) for rows in told.values()]
    found += [(nearest, f"{text}; it is {margin_text(nearest, display)}") for text in conditions if nearest]
    return "".join(_annotation(plan.path, plan.line(row.kind, row.site, row.quarter, row.key), text) for row, text in found)


def of_faults(problems):
    """A line for each fault of a file."""
    found = [(PLACE.fullmatch(problem), problem) for problem in problems]
    return "".join(_annotation(at["file"], at["line"], at["text"]) if at else _annotation(None, None, problem)
                   for at, problem in found)


def _annotation(file, line, text):
    place = f" file={_escaped(file, ':,')},line={line}" if file else ""
    return f"::error{place}::{_escaped(text)}\n"


def _escaped(text, more=""):
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{more}" else c for c in str(text))
