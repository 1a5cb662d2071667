"""The two files of a region of one's own: its profile as TOML and its weather bins as CSV."""

import json
import os
import tempfile
from pathlib import Path

from ..errors import OutputError, UsageError
from ..profile_files import read
from .design_weather import FILE, PUBLISHED


def profile(region):
    """The profile as TOML."""
    header, weather = region.header, region.weather
    sources = {
        "assumption": ("Engineering judgement", "dcestimate"),
        "given": ("Stated on the command line of 'dcestimate regions new'", "the user"),
        PUBLISHED: (f"{region.published}, in the header of {weather.path}", "ASHRAE, through the weather file"),
        FILE: (f"{weather.path}, {weather.format}, {weather.years}", weather.place.station or "not stated")}
    used = {entry["source"] for entry in region.figures.values()}
    lines = ["# Made by 'dcestimate regions new'; edit it as you like, then run 'dcestimate profiles validate' on it.",
             *(f"{key} = {_toml(value)}" for key, value in header.items()), ""]
    if "like" in header:
        lines.append(f"# What is not stated here, such as grid, carbon and price, is that of {header['like']}.")
    for name, entry in region.figures.items():
        lines.append(f"{name} = {{ {', '.join(f'{key} = {_toml(value)}' for key, value in entry.items())} }}")
    for key, (title, publisher) in sources.items():
        if key in used:
            lines += ["", f"[sources.{key}]", f"title = {_toml(title)}", f"publisher = {_toml(publisher)}"]
    return "\n".join(lines) + "\n"


def _toml(value):
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def climate(region):
    """The weather bins as CSV."""
    header, weather = region.header, region.weather
    notes = {"region": region.name,
             "source": f"{weather.path}, {weather.place.station}".rstrip(", "), "years": weather.years,
             "licence": "check the file's licence", "attribution": header["climate_attribution"],
             "method": f"{len(weather.dry_bulb):,} hours, {weather.filled} of them filled, in 1 K x 1 K joint bins with "
                       "bin-mean coordinates", "grade": header["climate_grade"]}
    rows = [f"{d:.2f},{w:.2f},{h:.3f}" for d, w, h in zip(*region.bins, strict=True)]
    return "\n".join([*(f"# {key}: {' '.join(str(text).split())}" for key, text in notes.items()),
                      "dry_bulb [degC],wet_bulb [degC],hours [h]", *rows]) + "\n"


def prove(library, region):
    """Read the region as it will be read.

    :raises ProfileError: with what is wrong with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = _paths(region, folder)
        for path, text in paths.items():
            path.write_text(text, encoding="utf-8")
        read(next(iter(paths)), "region", f"{region.name}.toml", lambda name: library.load("region", name),
             lambda path, name: path.parent / name)


def _paths(region, folder):
    return {Path(folder) / f"{region.name}.toml": profile(region), Path(folder) / f"{region.name}.csv": climate(region)}


def write(region, folder, force=False):
    """Write both files of a region, each whole or not at all.

    :returns: their paths, the profile first.
    :raises UsageError: when one is there already; OutputError when it cannot be written.
    """
    paths = _paths(region, folder)
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise UsageError(f"there is {' and '.join(map(str, there))} already.",
                         "Write another name or folder, or --force to replace it.")
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for path, text in reversed(paths.items()):  # the profile last: it names the climate
            part = path.with_name(f".{path.name}.part")
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, path)
    except OSError as error:
        raise OutputError(f"cannot write into {folder}: {error.strerror or error}.") from None
    return list(paths)
