"""One of two things to compare, read from a file: its results, and its deployments as the model was given them."""

import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import units
from ..handover import files
from ..handover.content import Handover
from ..profile_kinds import GRAPH
from ..results import Missing, Text, Value

SAME = 1e-12  # relative difference of figures that is rounding of their units


@dataclass(frozen=True)
class Placed:
    """A deployment as the model was given it: its line, its figures in SI, and the kind of profile of each."""

    line: object
    figures: object
    kinds: dict


@dataclass(frozen=True)
class Side:
    """One of the two: its results by name, and its deployments by the name of their place.

    Of a plan also how it was checked, and its ``document`` as {path of keys: text}.
    """

    name: str
    results: dict = field(repr=False)
    placed: dict = field(repr=False)
    checked: object = None
    document: dict = field(default_factory=dict, repr=False)


def of_estimate(estimate):
    """One side from an estimate."""
    places = tuple(d.line.region for d in estimate.deployments)
    return _side(Handover("", None, estimate, places), "estimate")


def of_file(library, name):
    """One side from a file: a JSON estimate, with the results and figures that it kept, a plan, or a workbook of report.

    :raises ProfileError: with every fault of the file.
    :raises OutputError: when there is no such file.
    """
    handed, path = files.of_file(library, name, mend=False), Path(name)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.suffix.lower() == ".json" else None
    return _side(handed, path.name, kept)


def _side(handed, name, kept=None):
    estimate = handed.estimate
    found = [one.figures for one in estimate.deployments]
    results = estimate.results
    if kept:
        found = [replace(one, values=_as_stored(one.values, d["inputs"]))
                 for one, d in zip(found, kept["deployments"], strict=True)]
        results = {key: _result(key, entry) for key, entry in kept["totals"]["results"].items()}
    placed = {label: Placed(one.line, figures, {key: _kind(given) for key, given in one.inputs.items()})
              for label, one, figures in zip(handed.labels, estimate.deployments, found, strict=True)}
    document = _flat(handed.text.source.content) if handed.plan else {}
    return Side(name, results, placed, handed.checked, document)


def _result(name, entry):
    if "text" in entry:
        return Text(entry["text"])
    if entry["value"] is None:
        return Missing(entry["unit"], name, entry["reason"])
    return Value(entry["value"], entry["unit"], name)


def _flat(content, path=()):
    """A document as {path of keys: text}, parts of a list by their name."""
    if isinstance(content, dict):
        pairs = content.items()
    elif isinstance(content, list) and all(isinstance(part, dict) for part in content):
        pairs = ((part.get("name", part.get("region", str(n))), part) for n, part in enumerate(content, 1))
    else:
        return {path: str(content)}
    return {key: text for name, part in pairs for key, text in _flat(part, (*path, name)).items()}


def _kind(given):
    return given.origin.profile.kind if given.origin is not None else "system" if given.name == "rack_scale" else ""


def _as_stored(values, stored):
    """Figures with the values that a JSON estimate kept, which the profiles may have changed since."""
    values = dict(values)
    for key, entry in stored.items():
        stream, _, name = key.rpartition(".")
        if name not in values or entry["unit"] == "text":
            continue
        value, now = units.to_si(float(entry["value"]), GRAPH.givens[name].unit), values[name]
        if not stream:
            values[name] = now if same(now, value) else value
        else:
            both = list(now) if isinstance(now, tuple) else [now, now]
            place = ("air", "liquid").index(stream)
            if not same(both[place], value):
                both[place] = value
                values[name] = tuple(both)
    return values


def same(a, b):
    if isinstance(a, tuple) != isinstance(b, tuple):
        a, b = (x if isinstance(x, tuple) else (x, x) for x in (a, b))
    pairs = zip(a, b, strict=True) if isinstance(a, tuple) else ((a, b),)
    return all(math.isclose(x, y, rel_tol=SAME) for x, y in pairs)
