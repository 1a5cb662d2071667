"""Rows that are no deployments: empty ones, headings, footnotes and totals."""

import re

from ..errors import UnknownNameError
from ..rollout.sheets import Faulty
from .headers import folded

TOTAL = re.compile(r"(?:(?:grand|sub|over ?all|fleet|site) ?)?(?:total|sum|summe|gesamt|somme|suma|totale?)s?\b")
KINDS = {"chip": ("chip", "system"), "region": "region"}


class Merged(Faulty):
    """A cell that is merged into another of its row: empty where the row is a heading."""


def is_idle(library, columns, cells):
    """Whether a row without a chip, a region or both asks for nothing: it holds no count, or is one of totals by its label.

    A name alone, in the first column, is a heading or a footnote unless the model knows it.
    """
    filled = [at for at, cell in enumerate(cells) if cell is not None and not isinstance(cell, Merged)]
    roles = {at: role for role, at in columns.roles.items() if role in ("chip", "count", "region")}
    held = {roles[at] for at in filled if at in roles}
    if not held:
        return True
    first = cells[filled[0]]
    if not isinstance(first, str):
        return False
    label = roles.get(filled[0])
    if held <= {"count", label} and TOTAL.match(folded(first)):
        return True
    heads = min(at for at, header in enumerate(columns.headers) if header.strip())
    return filled == [heads] and label in KINDS and not _is_known(library, KINDS[label], first)


def _is_known(library, kinds, text):
    """Whether the text of a cell names a profile, or a mix of some."""
    for part in text.split(","):
        try:
            library.find(kinds, part.partition(":")[0].strip())
        except UnknownNameError:
            continue
        return True
    return False
