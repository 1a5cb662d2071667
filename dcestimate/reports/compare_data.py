"""Alternatives as JSON, as rows for a spreadsheet and as Markdown."""

from ..comparison import PER
from ..results import RESULTS
from ..version import SCHEMAS, profiles_version, tool_version
from . import machine
from .compare import DESIGNS, cell, change, designs, facts, rows_of
from .numbers import COUNTS
from .scale import scaled


def document(comparison, library):
    """The JSON document: what varies, and every result of each, in all and per what was asked for."""
    return {"schema": SCHEMAS["comparison"], "tool_version": tool_version(),
            "profiles_version": profiles_version(library.root), "axis": " x ".join(comparison.axes),
            "axes": list(comparison.axes), "base": comparison.base.name,
            "per": {"name": comparison.per, "result": PER[comparison.per]} if comparison.per else None,
            "cases": [_entry(comparison, case) for case in comparison.cases]}


def _entry(comparison, case):
    numbers = {name: case.amount(name, comparison.per) for name in RESULTS if RESULTS[name].total == "sum"}
    return {"name": case.name, "choice": dict(zip(comparison.axes, case.names, strict=True)),
            "results": machine.results(case.estimate.totals) if case.estimate else None, "reason": case.reason,
            "normalised": {name: {"value": value, "unit": f"{RESULTS[name].unit}{each(comparison)}"}
                           for name, value in numbers.items() if value is not None} if comparison.per else {},
            "differences": {name: comparison.difference(case, name) for name in RESULTS},
            "plan": {"name": case.checked.plan.name, "deadline": str(case.checked.plan.deadline),
                     "feasible": case.checked.feasible} if case.checked else None,
            "warnings": case.notes}


def each(comparison):
    """What the unit of a sum ends in."""
    return {None: "", "EFLOP": "/(EFLOP/s)"}.get(comparison.per, f"/{comparison.per}")


def columns(comparison, display):
    """(headers, rows): a case a row, what was asked and every result in full."""
    headers, rows = ["case", *DESIGNS, "reason"], []
    headers += [name if getattr(item, "choices", ()) else
                f"{name} [{display.unit(item.unit)}{each(comparison) if item.total == 'sum' else ''}]"
                for name, item in RESULTS.items()]
    for case in comparison.cases:
        values = [case.amount(name, comparison.per) for name in RESULTS]
        chosen = dict(zip(comparison.axes, case.names, strict=True))
        asked = (designs(case, key) or chosen.get(key, "") for key in DESIGNS)
        rows.append([case.name, *asked, case.reason,
                     *("" if value is None else value if isinstance(value, str) else display.convert(
                         value, RESULTS[name].unit)[0] for name, value in zip(RESULTS, values, strict=True))])
    return headers, rows


def markdown(comparison, display, show=()):
    """(headers, rows) of one table for Markdown, all cases beside each other."""
    rows = [[label, "", *said] for label, said in facts(comparison.cases)]
    for name, label in rows_of(comparison, show).items():
        shown, unit = scaled([case.amount(name, comparison.per) for case in comparison.cases], RESULTS[name].unit, display)
        said = [cell(value, unit, name, comparison.per, display) for value in shown]
        changes = [change(comparison.difference(case, name)) for case in comparison.cases]
        rows.append([label, "" if unit in (*COUNTS, "1", "text") else unit,
                     *(f"{one} ({by})" if by else one for one, by in zip(said, changes, strict=True))])
    return ["", "unit", *(case.name for case in comparison.cases)], rows
