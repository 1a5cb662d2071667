"""From a line of work to what the model is given: each figure with its status and source, and all of them as arrays.

Each kind of profile overrides the one before it, and the user all of them.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from . import units
from .arrays import STREAMS
from .errors import ProfileError, UsageError
from .profile_kinds import GRAPH, home
from .request import WORKLOADS, parse_figure

DESIGNS, PLACED = ("space", "fabric", "power", "cooling"), ("region", "chip", "system")  # each overrides those before it
SYSTEM_PER_OWN_RACK = 1.0


@dataclass(frozen=True)
class Input:
    """A figure as the model was given it, with where it comes from.

    ``origin`` is the profile's figure, when it comes from one: it knows its range, grade, note and line.
    """

    name: str
    value: Any
    unit: str
    status: str
    source: str
    text: str = ""
    origin: Any = field(default=None, repr=False, compare=False)
    stated_at: str = ""
    grade: str = ""
    url: str = ""
    note: str = ""

    @property
    def place(self):
        return self.origin.place if self.origin is not None else self.stated_at

    @property
    def low(self):
        return self.origin.low if self.origin is not None else None

    @property
    def high(self):
        return self.origin.high if self.origin is not None else None


@dataclass
class Figures:
    """All figures of one set of designs: ``values`` in SI for the model, ``inputs`` for the reader."""

    values: dict
    inputs: dict
    missing: dict
    climate: tuple = field(repr=False)
    region: Any = field(repr=False)
    chip: Any = field(repr=False)


def figures(library, line):
    """All figures of a line but its count.

    :raises ProfileError: when its profiles leave out one that the model needs.
    """
    designs = tuple(getattr(line, kind) for kind in DESIGNS)
    inputs = library.once(("inputs", *designs), lambda: _of_designs(library, designs)).copy()
    for kind in PLACED:
        _take(library.load(kind, getattr(line, kind)), kind, inputs)
    _take_workload(line, inputs)
    for name, text in line.settings:
        _take_setting(name, text, inputs)
    values, missing = {}, {}
    for name, given in GRAPH.givens.items():
        if name in inputs:
            values[name] = inputs[name].value
        elif given.stream and all(f"{s}.{name}" in inputs for s in STREAMS):
            values[name] = tuple(inputs[f"{s}.{name}"].value for s in STREAMS)
        elif given.optional:
            kind = given.home.split()[-1]
            missing[name] = f"{getattr(line, kind)} has no {name}"
        elif not given.state and name != "accelerator_count":
            kind = given.home.split()[-1]
            place = library.load(kind, getattr(line, kind, kind)).shown_path
            raise ProfileError([f"{place}:1: {name} is missing: {given.meaning[0].lower()}{given.meaning[1:]} "
                                f"[{given.unit}]"])
    region = library.load("region", line.region)
    return Figures(values, inputs, missing, region.bins, region, library.load("chip", line.chip))


def _of_designs(library, designs):
    """Inputs that do not depend on place and chip: of physics, defaults and workloads, and of the designs chosen."""
    named = [("physics", "physics"), ("defaults", "defaults"), *(("workload", name) for name in WORKLOADS),
             *zip(DESIGNS, designs, strict=True)]
    inputs = {}
    for kind, name in named:
        _take(library.load(kind, name), kind, inputs)
    return inputs


def _take(profile, kind, inputs):
    for key, found in _inputs_of(profile, kind).items():
        plain = key.rpartition(".")[2]
        if GRAPH.givens[plain].stream:
            if key == plain:
                for stream in STREAMS:
                    inputs.pop(f"{stream}.{plain}", None)
            elif plain in inputs:
                both = inputs.pop(plain)
                for stream in STREAMS:
                    inputs[f"{stream}.{plain}"] = replace(both, name=f"{stream}.{plain}")
        inputs[key] = found


def _inputs_of(profile, kind):
    """What a profile states as inputs; made once, for a batch asks for it again and again."""
    if profile.inputs is None:
        allowed = home(kind)
        profile.inputs = {}
        for key, figure in profile.figures.items():
            plain = key.rpartition(".")[2]
            if plain not in allowed:
                continue
            source = figure.profile.sources[figure.source]
            status = "assumption" if figure.source == "assumption" and figure.kind != "convention" else (
                "default" if kind in ("defaults", "physics") else "profile")
            profile.inputs[key] = Input(key, figure.value, GRAPH.givens[plain].unit, status, source.title, figure.text,
                                        figure, "", figure.grade, source.url, figure.note)
        if kind == "system":
            profile.inputs["rack_scale"] = _structure(profile)
    return profile.inputs


def _structure(system):
    """What a system's form says as a figure: a rack-scale system is its own rack."""
    own = SYSTEM_PER_OWN_RACK if system.header.form == "rack" else 0.0
    line = next((n for n, text in enumerate(system.source_text.splitlines(), 1) if re.match(r"form\s*=", text)), 1)
    return Input("rack_scale", own, "system/rack", "profile", system.header.title, f"{own:g} system/rack",
                 None, f"{system.shown_path}:{line}", "A", "", f'form = "{system.header.form}"')


def _take_workload(line, inputs):
    shares = dict(line.workload)
    status = "given" if "workload" in line.stated else "default"
    for name in WORKLOADS:
        key = f"{name}_share"
        share = shares.get(name, 0.0)
        if status == "given":
            inputs[key] = Input(key, share, "1", status, "the user", f"{share:.6g}", None, "command line")
        elif inputs[key].value != share:
            inputs[key] = replace(inputs[key], value=share, text=f"{share:.6g}")


def _take_setting(name, text, inputs):
    plain = name.rpartition(".")[2]
    value = parse_figure(name, text)
    _check_bounds(name, text, value, next((inputs[k].text for k in (name, plain, f"air.{plain}") if k in inputs), None))
    keys = [name] if name != plain else [k for k in (plain, *(f"{s}.{plain}" for s in STREAMS)) if k in inputs] or [name]
    if name != plain and plain in inputs:
        both = inputs.pop(plain)
        for stream in STREAMS:
            inputs[f"{stream}.{plain}"] = replace(both, name=f"{stream}.{plain}")
    for key in keys:
        inputs[key] = Input(key, value, GRAPH.givens[plain].unit, "given", "the user", text, None, "command line")


def _check_bounds(name, text, value, profile_text):
    """Refuse a user's value outside the bounds of its figure, proposing the profile's."""
    given = GRAPH.givens[name.rpartition(".")[2]]
    breach = given.breach(value)
    if breach:
        word, bound = breach
        unit = "" if given.unit == "1" else f" {given.unit}"
        limit = f"{units.from_si(bound, given.unit):.6g}{unit}"
        raise UsageError(f"{name} is {text.strip()}, {word} {limit}.",
                         f'Write e.g. --set "{name}={profile_text or limit}".')


def to_arrays(found, which, counts):
    """The model's arrays for some deployments: ``found`` are their sets of figures, ``which`` the set of each one.

    What all sets share keeps size 1 on the deployment axis, the weather of one region too. A figure that some of the sets
    miss is no number there.
    """
    arrays = {"accelerator_count": np.array(counts, dtype=float).reshape(1, -1, 1, 1)}
    for name in set().union(*(one.values for one in found)):
        values = [one.values.get(name, np.nan) for one in found]
        if values.count(values[0]) == len(values):
            array = np.array(values[:1], dtype=float)
        else:
            widths = {len(value) if isinstance(value, tuple) else 1 for value in values}
            whole = values if len(widths) == 1 else [v if isinstance(v, tuple) else (v,) * max(widths) for v in values]
            array = np.array(whole, dtype=float)[which]
        arrays[name] = array.reshape(1, len(array), -1, 1)
    return arrays | _climates(found, which)


def _climates(found, which):
    """The weather bins as arrays; where climates differ, the shorter ones repeat their last bin for no hours."""
    names = ("bin_dry_bulb", "bin_wet_bulb", "bin_hours")
    if all(one.climate is found[0].climate for one in found):
        return {name: column.reshape(1, 1, 1, -1) for name, column in zip(names, found[0].climate, strict=True)}
    climates = {id(one.climate): one.climate for one in found}
    longest = max(len(hours) for *_, hours in climates.values())
    longer = {key: [np.pad(column, (0, longest - len(column)), "constant" if name == "bin_hours" else "edge")
                    for name, column in zip(names, climate, strict=True)] for key, climate in climates.items()}
    columns = np.array([longer[id(one.climate)] for one in found])[which]
    return {name: columns[:, k].reshape(1, len(which), 1, longest) for k, name in enumerate(names)}
