"""Why a result is what it is: the formulas, figures and sources behind it, read from the model itself."""

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from . import units
from .arrays import STREAMS
from .errors import UnknownNameError
from .profile_kinds import GRAPH
from .quantity import Given
from .results import RESULTS, Missing

STATES = ("dry design", "wet design", "year")


@dataclass
class Step:
    """One quantity or figure of an explanation, after everything that it needs has been listed below it."""

    name: str
    unit: str
    value: str
    formula: str = ""
    meaning: str = ""
    source: str = ""
    place: str = ""
    status: str = ""
    grade: str = ""
    range: str = ""
    note: str = ""
    number: float | None = None
    depth: int = 0
    above: bool = False
    inputs: list = field(default_factory=list)


@lru_cache(maxsize=1024)
def formula(name):
    """The formula of a quantity as its code states it; for a solved one, its residual."""
    item = GRAPH.quantities[name]
    tree = ast.parse(textwrap.dedent(inspect.getsource(item.function))).body[0]
    parts = []
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        text = ast.unparse(statement.value if isinstance(statement, ast.Return) else statement)
        parts.append(re.sub(r"\b(np|exchangers|fat_tree|moist_air|towers)\.", "", text))
    if not item.solved:
        return "; ".join(parts)
    low, high = item.parameters[:2]
    return f"root of {'; '.join(parts)} = 0 between {low} and {high}"


def explain(deployment, name, depth=None, unit=str):
    """The steps behind a result, the result first, each after the one that needs it.

    ``depth`` is how many levels below the result to go; all when None. ``unit`` gives the unit that one of the model is
    shown in; ``number`` and ``unit`` of a step stay the model's. A step is above where no fewer levels of it were
    listed before.

    :raises UnknownNameError: when there is no such quantity or figure.
    """
    if name not in GRAPH.quantities and name not in GRAPH.givens:
        import difflib

        near = tuple(difflib.get_close_matches(name[:80], {**RESULTS, **GRAPH.quantities, **GRAPH.givens}, 3))
        raise UnknownNameError("result", name, near, "'dcestimate schema estimate' lists all results.")
    values = deployment.values()
    steps, seen = [], {}

    def visit(name, at):
        item = GRAPH[name]
        again = name in seen and (depth is None or seen[name] <= at)
        seen[name] = min(at, seen.get(name, at))
        if isinstance(item, Given):
            steps.extend(_leaves(item, deployment, values, at, again, unit))
            return
        step = _step(item, deployment, values, at, again, unit)
        steps.append(step)
        if not again and at != depth:
            for needed in step.inputs:
                visit(needed, at + 1)

    visit(name, 0)
    return steps


def _step(item, deployment, values, depth, again, unit):
    if item.name not in values:
        reason = deployment.results[item.name].reason if isinstance(deployment.results.get(item.name), Missing) else ""
        return Step(item.name, item.unit, f"cannot be had: {reason}", formula(item.name), item.meaning, item.source,
                    depth=depth, above=again, inputs=list(item.needs))
    array = values[item.name]
    if item.where and not np.any(values[item.where]):
        return Step(item.name, item.unit, "0", f"0, for {item.where} is 0", item.meaning, item.source, number=0.0,
                    depth=depth, above=again, inputs=[item.where])
    shown = item.choices[int(array.reshape(-1)[0])] if item.choices else show(array, unit(item.unit), values)
    if item.name == "hours":  # whose mean, weighted by themselves, says nothing
        shown = f"{units.from_si(array.sum(), item.unit):,.0f} {item.unit} in {array.shape[-1] - 4} bins of the year"
    if item.solved:
        with np.errstate(all="ignore"):  # of streams that have nothing of it
            residual = item.function(array, *[values[n] for n in inspect.signature(item.function).parameters
                                              if n != item.name])
        shown += f"; residual {np.nanmax(np.abs(residual)):.1e}" if np.isfinite(residual).any() else ""
    number = None if item.choices or array.size > 1 else float(units.from_si(array.reshape(-1)[0], item.unit))
    return Step(item.name, "" if item.choices else item.unit, shown, formula(item.name), item.meaning, item.source,
                number=number, depth=depth, above=again, inputs=list(item.needs))


def _leaves(given, deployment, values, depth, again, unit):
    if given.name == "accelerator_count":
        return [Step(given.name, given.unit, f"{deployment.line.count:,}", meaning=given.meaning, status="given",
                     place="command line", source="the user", number=deployment.line.count, depth=depth, above=again)]
    if given.state:
        region = deployment.figures.region.header
        array, of = values[given.name], unit(given.unit)
        shown = f"{array.shape[-1]} bins, {units.from_si(array.min(), of):.1f} to {units.from_si(array.max(), of):.1f} {of}"
        return [Step(given.name, given.unit, shown, meaning=given.meaning, status="profile",
                     place=f"profiles/climate/{region.climate}", source=region.climate_attribution,
                     grade=region.climate_grade, depth=depth, above=again)]
    keys = [given.name] if given.name in deployment.inputs else [f"{s}.{given.name}" for s in STREAMS]
    return [_leaf(key, given, deployment.inputs[key], depth, again, unit) for key in keys if key in deployment.inputs]


def _leaf(key, given, found, depth, again, unit):
    ranged = ""
    if found.low is not None and found.low < found.high:
        low, high = (units.from_si(x, unit(given.unit)) for x in (found.low, found.high))
        ranged = f"{low:.4g}..{high:.4g}"
    return Step(key, given.unit, show(np.array(found.value), unit(given.unit), None), meaning=given.meaning,
                source=found.source, place=found.place, status=found.status, grade=found.grade, range=ranged,
                note=found.note, number=units.from_si(found.value, given.unit), depth=depth, above=again)


def show(array, unit, values, digits=4):
    """A short text for an array: its value, or its values by stream and at the design states and over the year."""
    suffix = "" if unit == "1" else f" {unit}"
    array = units.from_si(np.asarray(array), unit)
    if array.ndim > 4:
        return "coefficients"
    if array.size == 1:
        return f"{_number(float(array.reshape(-1)[0]), digits)}{suffix}"
    array = array.reshape((1,) * (4 - array.ndim) + array.shape)[0, 0]
    rows = []
    for stream in array:
        if len(stream) < 4 or values is None:
            rows.append(_number(float(stream[0]), digits))
            continue
        hours = values["hours"][0, 0, 0, 2:-2]
        mean = float((stream[2:-2] * hours).sum() / hours.sum())
        rows.append(", ".join(f"{state} {_number(float(x), digits)}"
                              for state, x in zip(STATES, (stream[0], stream[1], mean), strict=True)))
    if len(rows) == 1 or len(set(rows)) == 1:
        return rows[0] + suffix
    return "; ".join(f"{name} {row}" for name, row in zip(STREAMS, rows, strict=True)) + suffix


def _number(x, digits):
    if x and abs(x) < 1e-3:
        return f"{x:.3e}"
    magnitude = int(f"{abs(x):e}".partition("e")[2]) if x else 0
    decimals = max(digits - 1 - magnitude, 0)
    text = f"{x:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
