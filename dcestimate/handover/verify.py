"""A workbook compared with the model that it came from, and with itself recalculated: every number, text and formula."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from ..errors import ProfileError
from ..rollout.sheets import letters
from ..version import SCHEMAS, profiles_version, tool_version
from . import recalculate, stored
from .workbook import book, inputs, request

TOLERANCE = 1e-9  # relative; what is nearer agrees
ROUNDING = 1e-12  # absolute; what a formula that takes equal numbers from each other may leave
OURS = {"AVERAGE", "COUNTA", "COUNTIF", "EXACT", "IF", "MAX", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT"}
KINDS = ("origin", "figure", "formula", "number", "text", "value", "recalculated")  # causes before what follows from them


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: where, what is there, and what should be.

    ``kind`` is origin (versions), figure (of other profiles), formula, number, text, value (that a formula is stored with) or
    recalculated.
    """

    kind: str
    sheet: str
    cell: str
    found: object
    wanted: object
    about: str = ""


@dataclass
class Verified:
    """A workbook compared: what was compared, the largest relative difference that was let pass, and what was found."""

    title: str
    findings: list
    numbers: int = 0
    texts: int = 0
    formulas: int = 0
    farthest: float = 0.0
    recalculated_by: str = ""
    farthest_recalculated: float = 0.0
    notes: tuple = ()

    @cached_property
    def ordered(self):
        """Findings, causes before what follows from them."""
        return sorted(self.findings, key=lambda finding: KINDS.index(finding.kind))

    @property
    def agrees(self):
        return not self.findings


def verify(library, path, with_libreoffice=True):
    """Compare a workbook with the model and, recalculated by LibreOffice, with itself.

    :raises ProfileError: when the file is no workbook of ours, or its request cannot be rebuilt.
    :raises OutputError: when the file cannot be read, or LibreOffice is missing.
    """
    by = recalculate.version() if with_libreoffice else ""
    found = stored.read(path)
    facts = request.facts(found.values.get(request.NAME, {}))
    if facts["schema"] != SCHEMAS["workbook"]:
        raise ProfileError([f"{path}: is no workbook of dcestimate: it has no sheet {request.NAME} that says "
                            f"{SCHEMAS['workbook']}"])
    handover = request.rebuilt(library, found.values[request.NAME], path)
    made = book(handover, library)
    result = Verified(handover.title, list(_origin(facts, library)))
    for sheet in made.sheets:
        values = found.values.get(sheet.name, {})
        if sheet.name == inputs.NAME and result.findings:
            result.findings += _figures(sheet, values)
        else:
            _compare(result, sheet, values, found.formulas.get(sheet.name, {}))
    bare = found.unvalued()
    if bare:  # as some programs save a workbook; what it would show is known once it is recalculated
        sheet, at = bare[0]
        result.findings.append(Finding("value", sheet, _name(at), None, f"a value in each of {len(bare):,} formulas"))
    names = [sheet.name for sheet in made.sheets]
    result.notes = tuple(f"sheet {name} is not ours and is not checked" for name in found.values if name not in names)
    if with_libreoffice:
        _recalculate(result, path, found, by, {sheet.name: sheet.cells for sheet in made.sheets})
    return result


def _origin(facts, library):
    """Versions that differ between the workbook's making and now."""
    now = {"tool version": tool_version(), "profiles": profiles_version(library.root),
           "own profiles": request.own_profiles(library)}
    for n, name in enumerate(request.FACTS):
        if name in now and facts[name] != now[name]:
            yield Finding("origin", request.NAME, f"B{request.FIRST + n + 1}", facts[name], now[name], name)


def _figures(sheet, values):
    """Figures of other profiles: what each was worth there and is here, whichever row it stands in."""
    here, there = {}, {}
    for found, cells in ((here, {at: cell.value for at, cell in sheet.cells.items()}), (there, values)):
        for row in sorted({row for row, _ in cells if row >= inputs.FIRST}):
            found.setdefault(cells.get((row, 0)), []).append((row, cells.get((row, inputs.VALUE))))
    for name in dict.fromkeys([*there, *here]):
        a, b = there.get(name, []), here.get(name, [])
        for (row, found), (_, wanted) in zip_longest(a, b, fillvalue=(a[-1][0] if a else inputs.FIRST, None)):
            if found != wanted and (None in (found, wanted) or _difference(found, wanted) > TOLERANCE):
                yield Finding("figure", inputs.NAME, f"{letters(inputs.VALUE)}{row + 1}", found, wanted, str(name))


def _compare(result, sheet, values, formulas):
    """Compare the cells of a sheet with the model's."""
    origin = {finding.cell for finding in result.findings if finding.sheet == sheet.name}
    for at in sorted({*sheet.cells, *values, *formulas}):
        cell, name = sheet.cells.get(at), _name(at)
        wanted, formula = (cell.value, cell.formula) if cell else (None, "")
        there, written = values.get(at), formulas.get(at, "")

        def tell(kind, found, wanted, name=name, at=at):
            result.findings.append(Finding(kind, sheet.name, name, found, wanted, _about(sheet, at)))

        if name in origin:
            continue
        if _plain(written) != _plain(formula):
            tell("formula", written or there, formula or wanted)
        elif written and there is None:
            pass
        elif isinstance(wanted, str) or wanted is None or isinstance(there, str | bool) or there is None:
            result.texts += 1
            if there != wanted:
                tell("value" if formula else "text" if wanted is None or isinstance(wanted, str) else "number", there, wanted)
        else:
            result.numbers += 1
            difference = _difference(there, wanted, ROUNDING if formula else 0.0)
            if difference > TOLERANCE:
                tell("value" if formula else "number", there, wanted)
            else:
                result.farthest = max(result.farthest, difference)
        result.formulas += bool(formula)


def _about(sheet, at):
    """What a cell is about: the name of its row, and the heading above it."""
    row = sheet.cells.get((at[0], sheet.named)) if at[1] > sheet.named else None
    above = next((sheet.cells[n, at[1]] for n in range(at[0] - 1, -1, -1)
                  if (n, at[1]) in sheet.cells and sheet.cells[n, at[1]].look == "head"), None)
    return ", ".join(str(cell.value) for cell in (row, above) if cell)


def _plain(formula):
    """A formula as every program writes it: without blanks, and without quotes around the names of sheets."""
    return re.sub(r"\s|'", "", formula)


def _difference(a, b, rounding=0.0):
    """How far two numbers are apart, relative to the larger."""
    try:
        a, b = float(a), float(b)
    except (TypeError, ValueError):  # a date, where a number should be
        return float("inf")
    return 0.0 if abs(a - b) <= rounding else abs(a - b) / max(abs(a), abs(b))


def _recalculate(result, path, found, by, cells):
    """Compare every formula's stored value, or the model's where none is stored, with what LibreOffice computes for it."""
    foreign = next(((sheet, at) for sheet, formulas in found.formulas.items() for at, formula in formulas.items()
                    if _foreign(formula)), None)
    if foreign:  # it might reach out to somewhere
        sheet, at = foreign
        result.findings.append(Finding("formula", sheet, _name(at), found.formulas[sheet][at],
                                       "none that only other workbooks have; nothing was recalculated"))
        return
    again, = recalculate.recalculated([path])
    result.recalculated_by = by
    for sheet, formulas in found.formulas.items():
        for at in formulas:
            stored_, model = found.values.get(sheet, {}).get(at), cells.get(sheet, {}).get(at)
            there = stored_ if stored_ is not None else model.value if model else None
            value = again.values.get(sheet, {}).get(at)
            if isinstance(there, str) or isinstance(value, str) or None in (there, value):
                differs = there != value
            else:
                difference = _difference(there, value, ROUNDING)
                differs = difference > TOLERANCE
                if not differs:
                    result.farthest_recalculated = max(result.farthest_recalculated, difference)
            if differs:
                result.findings.append(Finding("recalculated", sheet, _name(at), value, there))


def _name(at):
    return f"{letters(at[1])}{at[0] + 1}"


def _foreign(formula):
    """Whether a formula uses what ours do not: other functions, other files, addresses of the web."""
    functions = set(re.findall(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\(", formula))
    return not functions <= OURS or any(mark in formula for mark in ("[", "|", "://", "{"))
