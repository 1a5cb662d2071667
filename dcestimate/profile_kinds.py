"""What a profile file may hold: the kinds, the text of each, figures and sources.

The model's Givens are the schema of figures; what follows is the text around them.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .graph import Graph
from .model import MODEL

GRAPH = Graph(*MODEL)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)  # built when a file first needs it


class Source(_Strict):
    """Where a figure comes from."""

    title: str
    publisher: str
    url: str = ""
    date: str = ""


class Conflict(_Strict):
    """What another source says of a figure; the figure's ``reason`` says why it is not the default."""

    value: str
    source: str
    note: str = ""


class FigureEntry(_Strict):
    """A figure as a file states it."""

    value: str
    source: str
    low: str | None = None
    high: str | None = None
    kind: Literal["rated", "typical", "measured", "derived", "estimate", "convention"] | None = None
    grade: Literal["A", "B", "C"] = "C"
    note: str = ""
    conflicts: list[Conflict] = []
    reason: str = ""


class Published(_Strict):
    """A value that an operator publishes for a region, shown beside ours and never used as it."""

    quantity: str
    value: float
    unit: str
    provider: str
    year: int
    source: str


class Header(_Strict):
    """The text of a profile; what each kind adds follows."""

    schema_: str
    title: str
    aliases: list[str] = []
    like: str | None = None


class ChipHeader(Header):
    vendor: str
    availability: Literal["shipping", "roadmap"]
    default_system: str


class SystemHeader(Header):
    vendor: str
    chip: str
    form: Literal["node", "rack"]
    default_fabric: str
    default_cooling: str
    default_power: str
    default_space: str


class FabricHeader(Header):
    vendor: str


class RegionHeader(Header):
    provider: str
    country: str
    latitude: float
    longitude: float
    ashrae_zone: str
    climate: str
    climate_grade: Literal["A", "B", "C"]
    climate_attribution: str
    design_weather: Literal["published", "shifted"]
    carbon_basis: str = ""
    price_basis: str = ""
    weather_advice: str
    constraints: list[str] = []
    colocation: str = ""  # who says that the operator mostly rents there
    published: list[Published] = []


@dataclass(frozen=True)
class Kind:
    """A kind of profile: its folder, what its text must hold, and what a line of a listing shows."""

    name: str
    folder: str
    header: type = Header


KINDS = {k.name: k for k in (
    Kind("chip", "chips", ChipHeader), Kind("system", "systems", SystemHeader), Kind("fabric", "fabrics", FabricHeader),
    Kind("cooling", "cooling"), Kind("power", "power"), Kind("space", "spaces"), Kind("workload", "workloads"),
    Kind("region", "regions", RegionHeader), Kind("defaults", ""), Kind("physics", ""))}
LISTED = tuple(k for k in KINDS if KINDS[k].folder)


@dataclass
class Figure:
    """A figure read from a profile: SI value and range, and all that explains it."""

    name: str
    value: Any
    text: str
    source: str
    low: float
    high: float
    kind: str | None
    grade: str
    note: str
    profile: "Profile" = field(repr=False)
    conflicts: tuple = ()
    reason: str = ""

    @cached_property
    def line(self):
        return find_line(self.profile.source_text, self.name)

    @property
    def place(self):
        return f"{self.profile.shown_path}:{self.line}"


@dataclass
class Profile:
    """One profile file, checked."""

    kind: str
    name: str
    path: Path
    shown_path: str
    source_text: str = field(repr=False)
    header: Header
    figures: dict
    sources: dict
    inputs: dict | None = field(default=None, repr=False)
    bins: tuple | None = field(default=None, repr=False)  # of a region: dry and wet bulb [K] and hours [s]

    def source_of(self, figure):
        return self.sources[figure.source]


def kind_of(path):
    """The kind that a file's schema line names, or None."""
    try:
        found = re.search(r'''^schema\s*=\s*["']dcestimate/([a-z]+)/1["']''', path.read_text(encoding="utf-8"), re.M)
    except (OSError, UnicodeDecodeError):
        return None
    return found[1] if found and found[1] in (*KINDS, "plan") else None


def home(kind):
    """The Givens that a kind of profile may state."""
    return {name: given for name, given in GRAPH.givens.items() if kind in given.home.split()}


def find_line(text, key):
    """Line on which a key such as "air.terminal_approach" or "sources.epoch" stands; 1 when it stands nowhere."""
    table, _, last = key.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if heading:
            current = heading[1].replace('"', "")
            if current == key:
                return number
        elif current == table and re.match(rf'\s*"?{re.escape(last)}"?\s*=', line):
            return number
    return 1
