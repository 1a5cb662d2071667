"""Read and check profile files: what chips, systems, designs and regions are, each figure with unit, source and grade.

The model's Givens are the schema. A file states its kind in ``schema``, some text, its figures and its sources; all of
its faults are reported together, with file and line.
"""

import csv
import difflib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from . import units
from .arrays import STREAMS
from .errors import ProfileError, QuantityError, UnknownNameError
from .graph import Graph
from .model import MODEL

GRAPH = Graph(*MODEL)
SPREAD = {"A": 0.05, "B": 0.15, "C": 0.30}  # half the 10..90 % range of a figure that states none, by grade
HOURS_OF_A_YEAR = 8760.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)  # built when a file first needs it


class Source(_Strict):
    """Where a figure comes from."""

    title: str
    publisher: str
    url: str = ""
    date: str = ""


class FigureEntry(_Strict):
    """A figure as a file states it."""

    value: str
    source: str
    low: str | None = None
    high: str | None = None
    kind: Literal["rated", "typical", "measured", "derived", "estimate", "convention"] | None = None
    grade: Literal["A", "B", "C"] = "C"
    note: str = ""


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

    @cached_property
    def line(self):
        return _line(self.profile.source_text, self.name)

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

    def source_of(self, figure):
        return self.sources[figure.source]


def shipped():
    """The folder of the shipped profiles: a checkout's own, or the one inside an installed package."""
    checkout = Path(__file__).resolve().parent.parent / "profiles"
    return checkout if (checkout / "physics.toml").is_file() else Path(__file__).resolve().parent / "_profiles"


class Library:
    """All profiles of the shipped folder and of the user's own folders, later ones winning; read as they are used."""

    def __init__(self, folders=()):
        self.root = shipped()
        self.folders = [Path(f) for f in folders]
        for folder in self.folders:
            if not folder.is_dir():
                raise UnknownNameError("profile folder", str(folder), hint="Give --profiles a folder of TOML files.")
        self._read = {}

    @cached_property
    def _paths(self):
        """(kind, name) -> path."""
        paths = {}
        for kind in KINDS.values():
            folder = self.root / kind.folder
            for path in sorted(folder.glob("*.toml")) if kind.folder else [folder / f"{kind.name}.toml"]:
                paths[kind.name, path.stem] = path
        for folder in self.folders:
            for path in sorted(folder.rglob("*.toml")):
                kind = kind_of(path)
                if kind:
                    paths[kind, path.stem] = path
        return paths

    def names(self, kind):
        return [name for of, name in self._paths if of == kind]

    def path(self, kind, name):
        return self._paths[kind, name]

    def load(self, kind, name):
        """A profile by its exact name.

        :raises ProfileError: with every fault of the file.
        """
        if (kind, name) not in self._read:
            path = self._paths[kind, name]
            self._read[kind, name] = read(path, kind, self._shown(path), lambda other: self.load(kind, other),
                                          self._climate_path)
        return self._read[kind, name]

    def _shown(self, path):
        try:
            return f"profiles/{path.relative_to(self.root).as_posix()}"
        except ValueError:
            return path.as_posix()

    def _climate_path(self, region_path, name):
        beside = [region_path.parent / name, region_path.parent.parent / "climate" / name]
        return next((p for p in beside if p.is_file()), self.root / "climate" / name)

    def climate(self, region):
        """The weather bins of a region profile: dry bulb [K], wet bulb [K] and hours [s], one value a bin."""
        key = "climate", region.name
        if key not in self._read:
            path = self._climate_path(region.path, region.header.climate)
            self._read[key] = read_climate(path, self._shown(path))
        return self._read[key]

    def find(self, kinds, text, shown=None):
        """(kind, name) for what a user wrote: a name, an alias, a unique prefix; capitals do not matter.

        :raises UnknownNameError: with the nearest names.
        """
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        wanted = str(text).strip().lower()
        for kind in kinds:
            if (kind, wanted) in self._paths:
                return kind, wanted
        spellings = {}
        for kind in kinds:
            for name in self.names(kind):
                for spelling in (name.lower(), *_aliases(self._paths[kind, name])):
                    spellings.setdefault(spelling, (kind, name))
        if wanted in spellings:
            return spellings[wanted]
        begins = {found for spelling, found in spellings.items() if wanted and spelling.startswith(wanted)}
        if len(begins) == 1:
            return begins.pop()
        near = [name for _, name in sorted(begins)] or [
            spellings[s][1] for s in difflib.get_close_matches(wanted[:80], spellings, 3, 0.6)]
        what = shown or kinds[0]
        raise UnknownNameError(what, str(text), tuple(dict.fromkeys(near))[:3], _listing_hint(kinds[0], len(self.names(kinds[0]))))


def _listing_hint(kind, count):
    command = "regions list" if kind == "region" else f"profiles list --kind {kind}"
    return f"'dcestimate {command}' shows all {count}."


def _aliases(path):
    found = re.search(r"^aliases\s*=\s*\[(.*?)\]", path.read_text(encoding="utf-8"), re.M | re.S)
    return [a.lower() for a in re.findall(r'"([^"]*)"', found[1])] if found else []


def kind_of(path):
    """The kind that a file's schema line names, or None."""
    try:
        found = re.search(r'^schema\s*=\s*"dcestimate/([a-z]+)/1"', path.read_text(encoding="utf-8"), re.M)
    except (OSError, UnicodeDecodeError):
        return None
    return found[1] if found and found[1] in KINDS else None


def home(kind):
    """The Givens that a kind of profile may state."""
    return {name: given for name, given in GRAPH.givens.items() if kind in given.home.split()}


def read(path, kind, shown_path, load_base, climate_path=None):
    """Read and check one file.

    :raises ProfileError: with every fault, each with file and line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError([f"{shown_path}: cannot be read: {error}"]) from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        raise ProfileError([f"{shown_path}:{at[1] if at else 1}: is not TOML: {error}"]) from None
    problems = _Problems(text, shown_path)
    stated = str(document.get("schema", ""))
    if kind is None:
        named = re.fullmatch(r"dcestimate/([a-z]+)/1", stated)
        kind = named[1] if named and named[1] in KINDS else None
    if kind is None or stated != f"dcestimate/{kind}/1":
        wanted = f"dcestimate/{kind}/1" if kind else "dcestimate/chip/1"
        raise ProfileError([f"{shown_path}:{_line(text, 'schema')}: schema is \"{stated}\"; write \"{wanted}\""])
    givens = home(kind)
    header, figures, sources = _parts(document, kind, givens, problems)
    base = None
    if header and header.like:
        try:
            base = load_base(header.like)
        except KeyError:
            problems.add("like", f'like is "{header.like}", which is no {kind} profile')
    own = {}
    profile = Profile(kind, Path(path).stem, Path(path), shown_path, text, header, own, sources)
    for name, entry in figures.items():
        figure = _figure(name, entry, givens[name.rpartition(".")[2]], profile, problems)
        if figure:
            own[name] = figure
    _check_sources(figures, sources, header, problems)
    if base:
        profile.figures = {**_without(base.figures, own), **own}
    if not problems.found:
        _check_complete(profile, givens, problems)
    if kind == "region" and header and climate_path:
        try:
            read_climate(climate_path(Path(path), header.climate), header.climate)
        except ProfileError as error:
            problems.found += [(0, p) for p in error.problems]
    if problems.found:
        raise ProfileError(problems.sorted())
    return profile


def _without(figures, own):
    """Figures of a base that the file itself does not restate, for one stream or for both."""
    plain = {name.rpartition(".")[2] for name in own if "." not in name}
    return {name: f for name, f in figures.items() if name.rpartition(".")[2] not in plain}


class _Problems:
    def __init__(self, text, shown_path):
        self.text, self.shown_path, self.found = text, shown_path, []

    def add(self, key, message):
        line = _line(self.text, key)
        self.found.append((line, f"{self.shown_path}:{line}: {message}"))

    def sorted(self):
        return [message for _, message in sorted(self.found)]


def _line(text, key):
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


def _parts(document, kind, givens, problems):
    """The header, the figures by name (stream ones as "air.name"), and the sources of a document."""
    header_type = KINDS[kind].header
    texts, entries = {}, {}
    for key, value in document.items():
        if key == "sources":
            continue
        if key in STREAMS and isinstance(value, dict):
            for name, entry in value.items():
                _sort(f"{key}.{name}", entry, givens, entries, {}, (), problems)
        else:
            _sort(key, value, givens, entries, texts, header_type.model_fields, problems)
    texts["schema_"] = texts.pop("schema", "")
    header = _validated(header_type, texts, "", problems)
    figures = {name: e for name, entry in entries.items() if (e := _entry(name, entry, givens, problems))}
    sources = {name: s for name, entry in document.get("sources", {}).items()
               if (s := _validated(Source, entry, f"sources.{name}", problems))}
    return header, figures, sources


def _sort(key, value, givens, entries, texts, fields, problems):
    stream, _, name = key.rpartition(".")
    if name in givens and (not stream or givens[name].stream):
        entries[key] = value
    elif name in givens:
        problems.add(key, f"{key}: {name} does not differ between air and liquid; write it above [air]")
    elif key in fields or key == "schema":
        texts[key] = value
    else:
        known = [*givens, *(f for f in fields if f != "schema_")]
        near = difflib.get_close_matches(name, known, 1)
        elsewhere = GRAPH.givens.get(name)
        belongs = f"; it belongs in a {' or '.join(elsewhere.home.split())} profile" if elsewhere else ""
        problems.add(key, f"{key} is not a key here" + (f"; did you mean {near[0]}?" if near and not belongs else belongs))


def _entry(name, entry, givens, problems):
    given = givens[name.rpartition(".")[2]]
    if not isinstance(entry, dict):
        unit = "" if given.unit == "1" else f" {given.unit}"
        problems.add(name, f'{name}: {entry!r} is not a figure; write {{ value = "{_example(entry)}{unit}", '
                           f'source = "..." }}')
        return None
    return _validated(FigureEntry, entry, name, problems, given.unit)


def _example(entry):
    return entry if isinstance(entry, int | float) and not isinstance(entry, bool) else "..."


def _validated(model, value, key, problems, unit=None):
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for fault in error.errors():
            field_ = ".".join(str(part) for part in fault["loc"]) or model.__name__.lower()
            shown = f"{key}: {field_}" if key else field_
            found = fault["input"]
            if fault["type"] == "missing":
                says = f"{shown} is missing"
                if field_ == "source":
                    says += '; name one under [sources], or "assumption"'
            elif fault["type"] == "extra_forbidden":
                near = difflib.get_close_matches(field_, model.model_fields, 1)
                says = f"{shown} is not a key here" + (f"; did you mean {near[0]}?" if near else "")
            elif fault["type"] == "string_type" and unit and isinstance(found, int | float):
                says = f'{shown}: {found} is not a quantity; write "{found}{"" if unit == "1" else " " + unit}"'
            else:
                says = f"{shown} is {found!r}: {fault['msg'].lower()}"
            problems.add(key or field_, says)
        return None


def _figure(name, entry, given, profile, problems):
    values = {}
    for part in ("value", "low", "high"):
        text = getattr(entry, part)
        if text is None:
            continue
        try:
            values[part] = units.parse(text, given.unit)
        except QuantityError as error:
            shown = name if part == "value" else f"{name}: {part}"
            problems.add(name, f'{shown} is "{text}"; {error.message[0].lower()}{error.message[1:]} {error.hint}')
    if "value" not in values:
        return None
    value = values["value"]
    breach = given.breach(value)
    if breach:
        word, bound = breach
        unit = "" if given.unit == "1" else f" {given.unit}"
        problems.add(name, f'{name} is "{entry.value}", {word} {units.from_si(bound, given.unit):.6g}{unit}')
    spread = SPREAD[entry.grade] * abs(value) if given.unit not in ("degC",) else SPREAD[entry.grade] * 10
    low, high = values.get("low", value - spread), values.get("high", value + spread)
    if not low <= value <= high:
        problems.add(name, f'{name}: "{entry.value}" is outside its own range of low and high')
    return Figure(name, value, entry.value, entry.source, low, high, entry.kind, entry.grade, entry.note, profile)


def _check_sources(figures, sources, header, problems):
    used = {entry.source for entry in figures.values()}
    for name, entry in figures.items():
        if entry.source not in sources:
            problems.add(name, f'{name}: source "{entry.source}" is not under [sources]')
    for published in getattr(header, "published", ()) if header else ():
        used.add(published.source)
        if published.source not in sources:
            problems.add("published", f'published: source "{published.source}" is not under [sources]')
    for name in sources:
        if name not in used:
            problems.add(f"sources.{name}", f"source {name} is used by no figure")


def _check_complete(profile, givens, problems):
    """Every figure of the kind must be there, but for optional ones and those that another kind may state."""
    for name, given in givens.items():
        if given.optional or given.state or given.home.split()[0] != profile.kind or profile.kind == "workload":
            continue
        stated = name in profile.figures or (given.stream and all(f"{s}.{name}" in profile.figures for s in STREAMS))
        if not stated:
            problems.add("schema", f"{name} is missing: {given.meaning[0].lower()}{given.meaning[1:]} [{given.unit}]")


def read_climate(path, shown_path):
    """Weather bins from a CSV file with the columns dry_bulb [degC], wet_bulb [degC], hours [h].

    :returns: dry bulb [K], wet bulb [K], hours [s], one value a bin.
    :raises ProfileError: with every fault, each with file and line.
    """
    problems, rows = [], []
    header = ["dry_bulb [degC]", "wet_bulb [degC]", "hours [h]"]
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            lines = [(n, line) for n, line in enumerate(stream, 1) if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError([f"{shown_path}: cannot be read: {error}"]) from None
    for number, row in zip((n for n, _ in lines), csv.reader(line for _, line in lines), strict=True):
        if not rows and row == header:
            continue
        try:
            dry, wet, hours = (float(cell) for cell in row)
            if not (-90 < wet <= dry + 1e-9 < 61 and 0 < hours <= HOURS_OF_A_YEAR):
                raise ValueError
            rows.append((dry, wet, hours))
        except ValueError:
            problems.append(f"{shown_path}:{number}: {','.join(row)[:60]!r} is not dry bulb, wet bulb at most that, "
                            "and hours above zero")
    if not lines or [c.strip() for c in lines[0][1].split(",")] != header:
        problems.insert(0, f"{shown_path}:1: the header is not \"{','.join(header)}\"")
    total = sum(row[2] for row in rows)
    if not problems and abs(total - HOURS_OF_A_YEAR) > 0.01:
        problems.append(f"{shown_path}: the hours add up to {total:g}, not {HOURS_OF_A_YEAR:g}")
    if problems:
        raise ProfileError(problems)
    dry, wet, hours = np.array(rows).T
    return units.to_si(dry, "degC"), units.to_si(wet, "degC"), units.to_si(hours, "h")
