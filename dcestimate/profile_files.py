"""Read and check one profile file, or one climate file: all of its faults together, each with file and line.
"""

import csv
import difflib
import re
import tomllib
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from . import amounts, units
from .arrays import STREAMS
from .errors import ProfileError, QuantityError
from .profile_kinds import GRAPH, KINDS, Figure, FigureEntry, Profile, Source, find_line, home

SPREAD = {"A": 0.05, "B": 0.15, "C": 0.30}  # half the 10..90 % range of a figure that states none, by grade
HOURS_OF_A_YEAR = 8760.0


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
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise ProfileError([f"{shown_path}:{at[1] if at else 1}: is not TOML: {error}"]) from None
    problems = _Problems(text, shown_path)
    stated = str(document.get("schema", ""))
    if kind is None:
        named = re.fullmatch(r"dcestimate/([a-z]+)/1", stated)
        kind = named[1] if named and named[1] in KINDS else None
    if kind is None or stated != f"dcestimate/{kind}/1":
        wanted = f"dcestimate/{kind}/1" if kind else "dcestimate/chip/1"
        raise ProfileError([f"{shown_path}:{find_line(text, 'schema')}: schema is \"{stated}\"; write \"{wanted}\""])
    givens = home(kind)
    header, figures, sources, stated = _parts(document, kind, givens, problems)
    base = None
    like = header.like if header else document.get("like")  # a faulty header still says whose figures are meant
    if like and isinstance(like, str):
        try:
            base = load_base(like)
        except KeyError:
            problems.add("like", f'like is "{like}", which is no {kind} profile')
        except ProfileError as error:
            problems.add("like", f'like is "{like}", which is faulty: {error.problems[0]}')
    own = {}
    profile = Profile(kind, Path(path).stem, Path(path), shown_path, text, header, own, sources)
    for name, entry in figures.items():
        figure = _figure(name, entry, givens[name.rpartition(".")[2]], profile, problems)
        if figure:
            own[name] = figure
    _check_sources(figures, sources, header, problems)
    if base:
        profile.figures = {**_without(base.figures, own), **own}
    _check_complete(profile, {*stated, *(base.figures if base else ())}, givens, problems, like=bool(like))
    if kind == "region" and header and climate_path:
        try:
            profile.bins = read_climate(climate_path(Path(path), header.climate), header.climate)
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
        line = find_line(self.text, key)
        self.found.append((line, f"{self.shown_path}:{line}: {message}"))

    def sorted(self):
        return [message for _, message in sorted(self.found)]


def _parts(document, kind, givens, problems):
    """The header, the figures by name (stream ones as "air.name"), the sources, and the names of all figures stated."""
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
    listed = document.get("sources", {})
    if not isinstance(listed, dict):
        problems.add("sources", f"sources is {listed!r}, not a table; write [sources.NAME] with title and publisher")
        listed = {}
    sources = {name: s for name, entry in listed.items()
               if (s := _validated(Source, entry, f"sources.{name}", problems))}
    return header, figures, sources, set(entries)


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
                says = f"{shown} is {str(found)[:40]!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
            problems.add(key or field_, says)
        return None


def _figure(name, entry, given, profile, problems):
    values = {}
    for part in ("value", "low", "high"):
        text = getattr(entry, part)
        if text is None:
            continue
        try:
            values[part] = amounts.parse(text, given.unit)
        except QuantityError as error:
            shown = name if part == "value" else f"{name}: {part}"
            problems.add(name, f'{shown} is "{text[:40]}"; {error.message[0].lower()}{error.message[1:]} {error.hint}')
    if "value" not in values:
        return None
    value = values["value"]
    breach = given.breach(value)
    if breach:
        word, bound = breach
        unit = "" if given.unit == "1" else f" {given.unit}"
        problems.add(name, f'{name} is "{entry.value[:40]}", {word} {units.from_si(bound, given.unit):.6g}{unit}')
    spread = SPREAD[entry.grade] * abs(value) if given.unit not in ("degC",) else SPREAD[entry.grade] * 10
    low, high = values.get("low", value - spread), values.get("high", value + spread)
    if not low <= value <= high:
        problems.add(name, f'{name}: "{entry.value}" is outside its own range of low and high')
    _check_conflicts(name, entry, given, problems)
    return Figure(name, value, entry.value, entry.source, low, high, entry.kind, entry.grade, entry.note, profile,
                  tuple(entry.conflicts), entry.reason)


def _check_conflicts(name, entry, given, problems):
    """A figure that sources disagree on says why the one above is the default, and each other one is a quantity too."""
    for conflict in entry.conflicts:
        try:
            amounts.parse(conflict.value, given.unit)
        except QuantityError as error:
            problems.add(name, f'{name}: conflicts: value is "{conflict.value[:40]}"; '
                               f'{error.message[0].lower()}{error.message[1:]} {error.hint}')
    if bool(entry.conflicts) != bool(entry.reason):
        problems.add(name, f"{name}: conflicts and reason go together; say with reason why {entry.value} is the default")


def _check_sources(figures, sources, header, problems):
    used = set()
    for name, entry in figures.items():
        named = [entry.source, *(conflict.source for conflict in entry.conflicts)]
        used.update(named)
        for source in dict.fromkeys(named):
            if source not in sources:
                problems.add(name, f'{name}: source "{source}" is not under [sources]')
    for published in getattr(header, "published", ()) if header else ():
        used.add(published.source)
        if published.source not in sources:
            problems.add("published", f'published: source "{published.source}" is not under [sources]')
    for name in sources:
        if name not in used:
            problems.add(f"sources.{name}", f"source {name} is used by no figure")


def _check_complete(profile, stated, givens, problems, like):
    """Every figure of the kind must be there, but for optional ones and those that another kind may state."""
    if profile.kind == "workload" or (like and not stated):
        return
    for name, given in givens.items():
        if given.optional or given.state or given.home.split()[0] != profile.kind:
            continue
        if name not in stated and not (given.stream and all(f"{s}.{name}" in stated for s in STREAMS)):
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
