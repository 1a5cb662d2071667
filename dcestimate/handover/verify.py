"""A workbook compared with the model that it came from, and with itself recalculated: every number, text and formula."""

from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from ..errors import ProfileError
from ..rollout.sheets import letters
from ..version import SCHEMAS
from . import recalculate, stored
from .agreement import ROUNDING, TOLERANCE, apart, foreign, same_formula
from .workbook import book, inputs, request

KINDS = ("origin", "figure", "formula", "number", "text", "value", "recalculated")  # causes before what follows from them


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: where, what is there, and what should be.

    ``kind`` is origin (of another version or other profiles), figure (of these), formula, number, text, value (that a
    formula is stored with) or recalculated.
    """

    kind: str
    sheet: str
    cell: str
    found: object
    wanted: object
    about: str = ""


@dataclass
class Verified:
    """A workbook compared: how much of it, the largest relative difference that was let pass, and what was found.

    ``unvalued`` of the ``written`` formulas in the file are stored without a value.
    """

    title: str
    findings: list
    numbers: int = 0
    texts: int = 0
    formulas: int = 0
    written: int = 0
    unvalued: int = 0
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
                            f"{SCHEMAS['workbook']}; give one that {stored.WROTE}"])
    handover = request.rebuilt(library, found.values[request.NAME], path)
    made = {sheet.name: sheet for sheet in book(handover, library).sheets}
    result = Verified(handover.title, list(_origin(facts, library)))
    for name, sheet in made.items():
        if name == inputs.NAME and result.findings:
            result.findings += _figures(sheet, found.values.get(name, {}))
        else:
            _compare(result, sheet, found.values.get(name, {}), found.formulas.get(name, {}))
    _unvalued(result, found)
    result.notes = (*(f"sheet {name} is not ours and is not checked" for name in found.values if name not in made),
                    "numbers, texts and formulas of cells are compared; charts and number formats are not")
    if with_libreoffice:
        _recalculate(result, path, found, made, by)
    return result


def _origin(facts, library):
    """Versions that differ between the workbook's making and now."""
    for name, there, here in request.others(library, facts):
        yield Finding("origin", request.NAME, _name((request.FIRST + request.FACTS.index(name), 1)), there, here, name)


def _figures(sheet, values):
    """Figures of other profiles: what each was worth there and is here, whichever row it stands in."""
    here, there = {}, {}
    for found, cells in ((here, {at: cell.value for at, cell in sheet.cells.items()}), (there, values)):
        for row in sorted({row for row, _ in cells if row >= inputs.FIRST}):
            found.setdefault(cells.get((row, 0)), []).append((row, cells.get((row, inputs.VALUE))))
    for name in dict.fromkeys([*there, *here]):
        last = there[name][-1][0] if name in there else inputs.FIRST
        for (row, found), (_, wanted) in zip_longest(there.get(name, ()), here.get(name, ()), fillvalue=(last, None)):
            if apart(found, wanted) > TOLERANCE:
                yield Finding("figure", inputs.NAME, _name((row, inputs.VALUE)), found, wanted, str(name))


def _compare(result, sheet, values, formulas):
    """Compare the cells of a sheet with the model's."""
    told = {finding.cell for finding in result.findings if finding.sheet == sheet.name}
    for at in sorted({*sheet.cells, *values, *formulas}):
        cell, there, written = sheet.cells.get(at), values.get(at), formulas.get(at, "")
        wanted, formula = (cell.value, cell.formula) if cell else (None, "")
        numeric = isinstance(wanted, int | float)
        result.formulas += bool(formula)
        result.numbers += numeric
        result.texts += isinstance(wanted, str)
        difference = apart(there, wanted, ROUNDING if formula else 0.0)
        if _name(at) in told or (written and there is None and same_formula(written, formula)):
            continue
        if not same_formula(written, formula):
            kind, there, wanted = "formula", written or there, formula or wanted
        elif difference <= TOLERANCE:
            result.farthest = max(result.farthest, difference)
            continue
        else:
            kind = "value" if formula else "number" if numeric else "text"
        result.findings.append(Finding(kind, sheet.name, _name(at), there, wanted, _about(sheet, at)))


def _about(sheet, at):
    """What a cell is about: the name of its row, and the heading above it."""
    row = sheet.cells.get((at[0], sheet.named)) if at[1] > sheet.named else None
    above = next((sheet.cells[n, at[1]] for n in range(at[0] - 1, -1, -1)
                  if (n, at[1]) in sheet.cells and sheet.cells[n, at[1]].look == "head"), None)
    return ", ".join(str(cell.value) for cell in (row, above) if cell)


def _unvalued(result, found):
    """Formulas stored without a value, as some programs save them: told once; what they come to shows when recalculated."""
    bare = [(sheet, at) for sheet, formulas in found.formulas.items() for at in formulas
            if at not in found.values.get(sheet, {})]
    result.written, result.unvalued = sum(map(len, found.formulas.values())), len(bare)
    if bare:
        sheet, at = bare[0]
        result.findings.append(Finding("value", sheet, _name(at), None, f"a value in each of {len(bare):,} formulas"))


def _recalculate(result, path, found, made, by):
    """Compare every formula's stored value, or the model's where none is stored, with what LibreOffice computes for it."""
    formulas = [(sheet, at, formula) for sheet, ones in found.formulas.items() for at, formula in ones.items()]
    reaching = next((one for one in formulas if foreign(one[2])), None)
    if reaching:
        sheet, at, formula = reaching
        result.findings.append(Finding("formula", sheet, _name(at), formula, "as ours are, or nothing is recalculated"))
        return
    again, = recalculate.recalculated([path])
    result.recalculated_by = by
    for sheet, at, _ in formulas:
        model = made[sheet].cells.get(at) if sheet in made else None
        there = found.values.get(sheet, {}).get(at, model.value if model else None)
        value = again.values.get(sheet, {}).get(at)
        difference = apart(value, there, ROUNDING)
        if difference > TOLERANCE:
            about = _about(made[sheet], at) if sheet in made else ""
            result.findings.append(Finding("recalculated", sheet, _name(at), value, there, about))
        else:
            result.farthest_recalculated = max(result.farthest_recalculated, difference)


def _name(at):
    """The name of a cell by its row and column from 0."""
    return f"{letters(at[1])}{at[0] + 1}"
