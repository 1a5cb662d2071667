"""What the figures of a profile say of each other, and the check of files that a user runs."""

from pathlib import Path

from ..errors import ProfileError, UsageError
from ..profile_files import read
from ..profile_kinds import LISTED, kind_of
from ..version import SCHEMAS
from . import machine


def grade_shares(profile):
    figures = profile.figures.values()
    count = max(len(figures), 1)
    grades = ", ".join(f"{sum(f.grade == g for f in figures) / count:.0%} {g}" for g in "ABC")
    assumed = sum(f.source == "assumption" and f.kind != "convention" for f in figures)
    return f"{len(figures)} figures by grade: {grades}; {assumed} assumptions"


def reconciled(profile, library):
    """What a profile's figures say of each other, each with whether it holds."""
    if profile.kind == "system":
        return _reconciled_system(profile, library)
    if profile.kind == "chip":
        try:
            return [_holds(f"default system {library.named(profile, 'system').name} is known", True)]
        except ProfileError as error:
            return [_holds(error.problems[0], False)]
    if profile.kind == "region":
        found = {k: profile.figures[k].value for k in ("extreme_dry_bulb", "cooling_dry_bulb", "extreme_wet_bulb",
                                                       "cooling_wet_bulb")}
        return [_holds("0.4 % dry bulb <= extreme dry bulb", found["cooling_dry_bulb"] <= found["extreme_dry_bulb"]),
                _holds("0.4 % wet bulb <= extreme wet bulb", found["cooling_wet_bulb"] <= found["extreme_wet_bulb"]),
                _holds("bins add up to 8,760 h, wet bulb <= dry bulb", True)]
    return []


def _holds(text, holds):
    return f"{text}  {'ok' if holds else 'FAULT'}"


def _reconciled_system(profile, library):
    figures = profile.figures
    try:
        chip, space = (library.named(profile, kind) for kind in ("chip", "space"))
        for kind in ("fabric", "cooling", "power"):
            library.named(profile, kind)
    except ProfileError as error:
        return [_holds(error.problems[0], False)]
    count, tdp = figures["accelerators_per_system"].value, chip.figures["tdp"].value
    checks = []
    if "rated_system_power" in figures:
        rated = figures["rated_system_power"].value
        limit = space.figures["rack_power_limit"].value
        checks.append(_holds(f"{count:g} x {tdp:,.0f} W = {count * tdp / 1e3:,.1f} kW <= system {rated / 1e3:,.1f} kW",
                             count * tdp <= rated))
        checks.append(_holds(f"system {rated / 1e3:,.1f} kW <= rack limit of {space.name} {limit / 1e3:,.1f} kW",
                             rated <= limit))
    liquid = figures["liquid_share"].value
    return [*checks, _holds(f"heat to liquid {liquid:.0%} + air {1 - liquid:.0%} = power", 0 <= liquid <= 1)]


def validate(session, paths):
    """Check files, or all profiles; write what was found and return the exit code."""
    library = session.library()
    for path in paths:
        library.add(path)  # files checked together may name each other
    found = [_one_file(library, path) for path in paths] if paths else [
        _one(library, kind, name) for kind in (*LISTED, "defaults", "physics") for name in library.names(kind)]
    problems = [p for _, _, faults in found for p in faults]
    if session.format == "json":
        session.write(machine.as_json({"schema": SCHEMAS["profiles"], "valid": not problems, "problems": problems,
                                       "profiles": [{"path": shown, "figures": shares, "problems": faults}
                                                    for shown, shares, faults in found]}))
        return 3 if problems else 0
    for shown, shares, faults in found:
        session.write("".join(f"{fault}\n" for fault in faults) or f"{shown}: ok, {shares}\n")
    session.note(f"{len(found)} profiles, {len(problems)} faults")
    return 3 if problems else 0


def _one(library, kind, name):
    try:
        profile = library.load(kind, name)
    except ProfileError as error:
        return library.path(kind, name).as_posix(), "", error.problems
    return profile.shown_path, grade_shares(profile), _faults(profile, library)


def _faults(profile, library):
    broken = [text.removesuffix("  FAULT") for text in reconciled(profile, library) if text.endswith("FAULT")]
    return [text if text.startswith(f"{profile.shown_path}:") else f"{profile.shown_path}: {text} does not hold"
            for text in broken]


def _one_file(library, path):
    if not Path(path).is_file():
        raise UsageError(f"there is no file {path}.", "Give profile files to check, or none for all.")
    kind = kind_of(Path(path))
    try:
        profile = read(path, kind, str(path), lambda name: library.load(kind, name), library._climate_path)
    except ProfileError as error:
        return str(path), "", error.problems
    return str(path), grade_shares(profile), _faults(profile, library)
