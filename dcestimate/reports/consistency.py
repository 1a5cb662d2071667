"""The check of profile files that a user runs, in print."""

from pathlib import Path

from ..consistency import grade_shares, node_power_is_assumed, reconciled
from ..errors import ProfileError, UsageError
from ..profile_files import read
from ..profile_kinds import LISTED, kind_of
from ..version import SCHEMAS
from . import machine


def validate(session, paths):
    """Check files and folders of files, or all profiles; write what was found and return the exit code."""
    library, asked = session.library(), paths
    paths = [file for path in paths for file in (sorted(Path(path).rglob("*.toml")) if Path(path).is_dir() else [path])]
    if asked and not paths:
        raise UsageError(f"there are no profiles in {', '.join(map(str, asked))}.",
                         "Give profile files (TOML) or folders of them.")
    for path in paths:
        library.add(path)  # files checked together may name each other
    found = [_one_file(library, path) for path in paths] if paths else [
        _one(library, kind, name) for kind in (*LISTED, "defaults", "physics") for name in library.names(kind)]
    problems = [p for one in found for p in one["problems"]]
    if session.format == "json":
        session.write(machine.as_json({"schema": SCHEMAS["profiles"], "valid": not problems, "problems": problems,
                                       "profiles": [{k: v for k, v in one.items() if k != "assumed"} for one in found]}))
        return 3 if problems else 0
    for one in found:
        session.write("".join(f"{fault}\n" for fault in one["problems"]) or f"{one['path']}: ok, {one['figures']}\n")
        session.note(*(f"! {warning}" for warning in one["warnings"]))
    assumed = [one["path"] for one in found if one["assumed"]]
    if assumed:
        session.note(f"{len(assumed)} systems whose power nobody publishes, built up from assumed parts")
    session.note(f"{len(found)} profiles, {len(problems)} faults, {sum(len(one['warnings']) for one in found)} warnings")
    return 3 if problems else 0


def _one(library, kind, name):
    try:
        profile = library.load(kind, name)
    except ProfileError as error:
        return _entry(library.path(kind, name).as_posix(), error.problems)
    return _checked(profile, profile.shown_path, library)


def _one_file(library, path):
    if not Path(path).is_file():
        raise UsageError(f"there is no file {path}.", "Give profile files or folders to check, or none for all.")
    if Path(path).suffix == ".csv":
        raise UsageError(f"{path} is no profile; a climate is checked with the region that names it.",
                         "Give profile files (TOML) or folders of them.")
    kind = kind_of(Path(path))
    try:
        profile = read(path, kind, str(path), lambda name: library.load(kind, name), library._climate_path)
    except ProfileError as error:
        return _entry(str(path), error.problems)
    return _checked(profile, str(path), library)


def _checked(profile, shown, library):
    found = {state: [f.text for f in reconciled(profile, library) if f.state == state] for state in ("FAULT", "WARNING")}
    faults = [text if text.startswith(f"{profile.shown_path}:") else f"{shown}: {text} does not hold"
              for text in found["FAULT"]]
    return _entry(shown, faults, [f"{shown}: {text}" for text in found["WARNING"]], grade_shares(profile),
                  profile.kind == "system" and node_power_is_assumed(profile))


def _entry(path, problems, warnings=(), figures="", assumed=False):
    return {"path": path, "figures": figures, "problems": list(problems), "warnings": list(warnings), "assumed": assumed}
