"""The sheet of the derivation: every quantity with its formula, what it needs, and its value for each deployment."""

import numpy as np

from ... import units
from ...arrays import AXES, STREAMS, YEAR
from ...explain import STATES, formula
from ...profile_kinds import GRAPH
from ...results import RESULTS
from .book import form_of

FIRST = 4
LEFT = ("Quantity", "Formula", "Meaning", "Unit", "Where")
VALUES = len(LEFT)


def add(book, handover, places):
    """Add the sheet."""
    found = handover.arrays
    most = max(len(item.needs) for item in GRAPH.quantities.values())
    sheet = book.sheet("Derivation", (34, 60, 50, 10, 17, *[14] * len(found), 40, *[28] * most), freeze=(FIRST, 1),
                       repeat=(FIRST - 1, FIRST - 1), printed=VALUES + len(found) + 1)
    sheet.text(0, 0, "Derivation", "title")
    sheet.text(1, 0, "Every quantity of the model in the order of its chapters, with its formula as the code states it; "
                     "what it needs is linked at the right. The code computes in SI, values are in the unit beside them.",
               "note")
    sheet.text(2, 0, "Green is linked to Results. Where a quantity varies with the weather: its value in both extremes and "
                     "its mean over the year.", "note")
    sheet.head(FIRST - 1, (*LEFT, *handover.labels, "Source", "Needs", *[""] * (most - 1)))
    blocks = [(item, _block(item, found)) for item in GRAPH.quantities.values()]
    rows, row = {}, FIRST
    for item, block in blocks:
        rows[item.name] = row
        row += len(block)
    for item, block in blocks:
        _quantity(sheet, rows, item, block, places)


def _block(item, found):
    """[(where, values of every deployment)] of a quantity; a value is None where it cannot be had."""
    arrays = [np.asarray(values[item.name]) if item.name in values else None for values in found]
    if any(a is not None and a.ndim > len(AXES) for a in arrays):
        return [("", ["terms of a curve"] * len(arrays))]
    arrays = [a if a is None else a.reshape((1,) * (len(AXES) - a.ndim) + a.shape) for a in arrays]
    streams, states = (max((a.shape[axis] for a in arrays if a is not None), default=1) for axis in (2, 3))
    hours = [values["hours"].reshape(-1)[YEAR] for values in found]
    block = []
    for s, stream in enumerate(STREAMS[:streams] if streams > 1 else ("",)):
        for n, state in enumerate(STATES if states > 1 else ("",)):
            numbers = [None if a is None else _value(item, a, s, n, h) for a, h in zip(arrays, hours, strict=True)]
            block.append((f"{stream} {state}".strip(), numbers))
    return block


def _value(item, array, stream, n, hours):
    """The value in a design state, or the mean over the year, in the report unit; of a choice, its text."""
    states = array[0, 0, min(stream, array.shape[2] - 1)]
    if item.choices:
        return item.choices[round(float(states[0]))]
    if len(states) > 1 and STATES[n] == "year":
        number = (states[YEAR] * hours).sum() / hours.sum()
    else:
        number = states[min(n, len(states) - 1)]
    return units.from_si(float(number), item.unit) if np.isfinite(number) else None


def _quantity(sheet, rows, item, block, places):
    row = rows[item.name]
    deployments = len(block[0][1])
    sheet.text(row, 0, item.name, "strong")
    sheet.text(row, 1, formula(item.name), "code")
    sheet.text(row, 2, item.meaning, "wrap")
    sheet.text(row, VALUES + deployments, item.source, "wrap")
    for n, need in enumerate(item.needs):
        place = _place(need, rows, places)
        sheet.text(row, VALUES + deployments + 1 + n, need, "link" if place else "text", place)
    form = form_of([x for _, numbers in block for x in numbers if isinstance(x, float)])
    for at, (where, numbers) in enumerate(block, row):
        sheet.text(at, 3, "" if item.choices else item.unit, "unit")
        sheet.text(at, 4, where)
        for n, value in enumerate(numbers):
            if value is None:
                sheet.text(at, VALUES + n, "-", "missing")
            elif isinstance(value, str):
                sheet.text(at, VALUES + n, value)
            elif item.name in RESULTS and len(block) == 1:
                sheet.formula(at, VALUES + n, places["results"].of(item.name, n), value, form)
            else:
                sheet.number(at, VALUES + n, value, form)


def _place(name, rows, places):
    """Where a quantity or figure is, for a link; nowhere where no deployment was given the figure."""
    if name in rows:
        return f"Derivation!A{rows[name] + 1}"
    if name == "accelerator_count":
        return "Request!A1"
    return "Climate!A1" if GRAPH[name].state else places["inputs"].link(name)
