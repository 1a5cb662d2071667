"""Plain tables that fit a terminal."""

import shutil
import textwrap

import tabulate


def width(full=False):
    """Columns to fit: the terminal's, 80 when unknown, at most 120 unless everything is asked for."""
    columns = shutil.get_terminal_size((80, 24)).columns
    return columns if full else min(max(columns, 60), 120)


def table(rows, headers, right=()):
    """A table of finished strings; ``right`` names the columns that are aligned to the right."""
    align = ["right" if i in right else "left" for i in range(len(headers))]
    padding, tabulate.MIN_PADDING = tabulate.MIN_PADDING, 0  # headings need no more room than cells
    try:
        text = tabulate.tabulate(rows, headers, tablefmt="simple", disable_numparse=True, colalign=align)
    finally:
        tabulate.MIN_PADDING = padding
    return "\n".join(line.rstrip() for line in text.splitlines())


def wrapped(text, indent="", columns=80):
    """Text wrapped to so many columns, later lines indented."""
    return textwrap.fill(text, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def broken(name, columns):
    """A name on lines of so many columns, broken behind an underscore or a blank where it has one.

    >>> broken("facility_peak_power", 10)
    'facility_\\npeak_power'
    """
    if len(name) <= columns:
        return name
    at = max(name.rfind("_", 0, columns), name.rfind(" ", 0, columns)) + 1 or columns
    return f"{name[:at].rstrip()}\n{broken(name[at:], columns)}"
