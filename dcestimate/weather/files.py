"""A weather file as hourly weather: opened, told apart by its content, and read."""

import re
from dataclasses import replace
from pathlib import Path

from ..errors import OutputError, ProfileError, UsageError
from . import epw, hourly_csv
from .hours import Place
from .places import distance
from .years import whole_years

LARGEST = 200e6  # bytes; thirty years of an EPW are 50 MB
EPW, CSV = "EPW weather file", "CSV of hourly weather"
WHERE = "climate.onebuilding.org or energyplus.net/weather"
# how another file begins, what it is, what to do
OTHERS = (
    (rb"PK\x03\x04|\x1f\x8b", "a zip archive", "unpack it and name the weather file inside"),
    (rb"\xd0\xcf\x11\xe0|%PDF", "a workbook or a document", "save its hours as CSV"),
    (rb"\s*<(!doctype|html|\?xml)", "a web page", "fetch the weather file itself, not the page that leads to it"),
    (rb"\s*[\[{]", "JSON", "ask its source for CSV"),
    (rb"\s*(! The following Location|!?\s*(Site:Location|SizingPeriod:DesignDay)|-EnergyPlus Weather Conv|Statistics for )",
     "a DDY or STAT file", "name the .epw that comes with it"),
)


def read(path, format=None, site=None, base=None):
    """Hourly weather from an EPW or a CSV.

    :param format: EPW or CSV, where the user says which it is.
    :param site: {"latitude", "longitude" [deg], "elevation" [m], "country", "title"} as far as the user states them; they
        stand before what the file says.
    :param base: the same of the region whose grid is taken, for a CSV that does not say its place.
    :returns: Weather, with its place and the header's design conditions.
    :raises UsageError: when there is no such file, or a CSV leaves the place open.
    :raises ProfileError: when the file is faulty or of another kind, with every fault and its line.
    """
    path, site = Path(path), site or {}
    lines = re.split(r"\r\n|\r|\n", _text(path).rstrip("\r\n\t \x1a"))
    found = EPW if re.match(r"\s*\"?LOCATION\"?\s*,", lines[0], re.I) else CSV
    if format == EPW and found != EPW:
        raise ProfileError([f"{path.name}:1: is no EPW: it begins with \"{lines[0][:30]}\" and not with LOCATION; name an "
                            ".epw, or write --csv when it is a CSV of hourly weather"])
    if format == CSV and found != CSV:
        raise ProfileError([f"{path.name}:1: is an EPW, no CSV with named columns; write --epw"])
    design = ()
    if found == EPW:
        place, rows, design = epw.read(lines, path.name, stated=site)
        place = _moved(place, site)
    else:
        rows, said = hourly_csv.read(lines, path.name)
        place = _place({**(base or {}), **said, **site}, path.name)
        place.inherited = tuple(name for name in base or () if name not in {**said, **site})
    place.stated = tuple(site)
    return replace(whole_years(rows, place.elevation), path=path.name, format=found, place=place, design=tuple(design))


def _moved(station, site):
    """The place of a station, or the one that the user states instead, with how far it is from the station."""
    place = replace(station, **site)
    away = distance(station.latitude, station.longitude, place.latitude, place.longitude)
    place.away = None if away != away else away  # not a number where the header states no place
    place.rise = place.elevation - station.elevation if station.elevation == station.elevation else 0.0
    return place


def _place(site, shown):
    options = {"latitude": "--lat 40.1", "longitude": "--lon -82.8", "elevation": '--elevation "300 m"'}
    lacking = [name for name in options if name not in site]
    if lacking:
        raise UsageError(f"{shown} does not say its {' and '.join(lacking)}.",
                         f"Add e.g. {' '.join(options[name] for name in lacking)}, or --from a region at the same place.")
    return Place(site.get("title", ""), site.get("country", ""), site["latitude"], site["longitude"], site["elevation"])


def _text(path):
    """Text of a file in UTF-8, UTF-16 or Latin-1."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}.", f"Name an EPW, as from {WHERE}, or a CSV of hourly weather.")
    try:
        if path.stat().st_size > LARGEST:
            raise ProfileError([f"{path.name}: is larger than {LARGEST / 1e6:g} MB, so no weather of a few years"])
        content = path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}.") from None
    for begins, what, instead in OTHERS:
        if re.match(begins, content[:400].removeprefix(b"\xef\xbb\xbf"), re.I):
            raise ProfileError([f"{path.name}: is {what}, no weather file; {instead}"])
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0" if wide else content.decode("latin-1")
    if "\0" in text:
        raise ProfileError([f"{path.name}: is not text; name an EPW, as from {WHERE}, or a CSV of hourly weather"])
    if not text.strip():
        raise ProfileError([f"{path.name}: is empty; fetch it again"])
    return text
