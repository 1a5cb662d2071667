"""Profiles, regions and units as listings."""

import difflib
import textwrap

from .. import units
from ..errors import UnknownNameError
from ..profile_kinds import GRAPH, LISTED
from ..version import SCHEMAS
from ..weather import places
from . import machine
from .numbers import number
from .table import table, width, wrapped

COLUMNS = {
    "chip": ("tdp", "dense_bf16_rate", "accelerator_memory"),
    "system": ("accelerators_per_system", "rated_system_power", "liquid_share"),
    "fabric": ("switch_radix", "switch_maximum_power", "switch_typical_power", "transceiver_power"),
    "cooling": ("air.terminal_supply_temperature", "liquid.terminal_supply_temperature"),
    "power": ("power_systems", "power_systems_required", "ups_spare_modules"),
    "space": ("rack_power_limit", "rack_mass_limit", "cold_aisle_width", "white_space_power_limit"),
    "workload": (), "region": ("extreme_dry_bulb", "extreme_wet_bulb", "carbon_intensity", "energy_price"),
}
REGION_COLUMNS = ("extreme_dry_bulb", "extreme_wet_bulb", "carbon_intensity", "energy_price")


def write(session, columns, rows, what, digits=None):
    """A listing in whatever format was asked for: ``columns`` are (name, unit), an empty unit for text."""
    headers = [f"{name} [{unit}]" if unit not in ("", "1") else name for name, unit in columns]
    if session.format in ("json", "jsonl"):
        entries = [{name: {"value": cell, "unit": unit} if unit else cell
                    for (name, unit), cell in zip(columns, row, strict=True)} for row in rows]
        session.write(machine.as_json({"schema": SCHEMAS[what], what: entries}) if session.format == "json"
                      else "".join(machine.json.dumps(e, ensure_ascii=False) + "\n" for e in entries))
    elif session.format in ("csv", "tsv"):
        plain = [["" if cell is None else cell for cell in row] for row in rows]
        session.write(machine.as_separated(headers, plain, "," if session.format == "csv" else "\t"))
    else:
        shown = [[_shown(cell, digits or session.digits) for cell in row] for row in rows]
        if session.format == "md":
            session.write(machine.as_markdown(headers, shown))
            return
        headings = [_heading(header) for header in headers]
        right = [i for i, (_, unit) in enumerate(columns) if unit]
        session.write(table(fitted(headings, shown), headings, right) + "\n")


def _shown(cell, digits):
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    return f"{cell:.12g}" if digits > 8 else number(cell, digits, float(cell).is_integer())


def _heading(header, columns=10):
    """A heading on a few lines: the words of its name, then its unit."""
    name, _, unit = header.partition(" [")
    lines = textwrap.wrap(name.replace("_", " ").replace(".", " "), columns, break_long_words=False)
    return "\n".join(lines + ([unit.rstrip("]")] if unit else []))


def fitted(headers, rows, column=1, fill=textwrap.fill):
    """Rows with one column wrapped so that the table fits the terminal."""
    others = sum(max(len(part) for cell in (headers[i], *(r[i] for r in rows)) for part in str(cell).splitlines() or [""])
                 + 2 for i in range(len(headers)) if i != column)
    room = max(width() - others, 10)
    return [[*row[:column], fill(str(row[column]), room), *row[column + 1:]] for row in rows]


def _cell(profile, name, display):
    """A figure in the unit it is shown in, None where the profile has none."""
    figure = profile.figures.get(name)
    if figure is None:
        return None
    unit = GRAPH.givens[name.rpartition(".")[2]].unit
    return float(f"{float(display.convert(units.from_si(figure.value, unit), unit)[0]):.12g}")


def _columns(names, display):
    return [(name, display.unit(GRAPH.givens[name.rpartition(".")[2]].unit)) for name in names]


def listing(library, kind, display):
    """(columns, rows): a profile a row, its leading figures and its weakest grade."""
    if kind not in LISTED:
        raise UnknownNameError("kind", kind, hint=f"There are {', '.join(LISTED)}.")
    names = COLUMNS[kind]
    rows = []
    for name in library.names(kind):
        profile = library.load(kind, name)
        grade = max((f.grade for f in profile.figures.values()), default="")
        announced = " (roadmap)" if getattr(profile.header, "availability", "") == "roadmap" else ""
        rows.append([name, profile.header.title + announced, *(_cell(profile, n, display) for n in names), grade])
    return [("name", ""), ("title", ""), *_columns(names, display), ("grade", "")], rows


def regions(library, display, provider=None, sort=None):
    """(columns, rows): a region a row."""
    columns = [("region", ""), ("place", ""), *_columns(REGION_COLUMNS, display), ("climate_grade", "")]
    rows = []
    for name in library.names("region"):
        profile = library.load("region", name)
        rows.append([name, profile.header.title.partition(" (")[0],
                     *(_cell(profile, n, display) for n in REGION_COLUMNS), profile.header.climate_grade])
    if provider:
        known = {library.load("region", row[0]).header.provider.lower() for row in rows}
        if provider.lower() not in known:
            raise UnknownNameError("provider", provider, hint=f"There are {', '.join(sorted(known))}.")
        rows = [r for r in rows if library.load("region", r[0]).header.provider.lower() == provider.lower()]
    if sort:
        figures = library.load("region", rows[0][0]).figures if rows else {}
        keys = [name for name, _ in columns]
        known = list(dict.fromkeys((*keys, *figures)))
        if sort not in known:
            near = tuple(difflib.get_close_matches(sort, known, 1))
            raise UnknownNameError("column", sort, near, f"There are {', '.join(known)}.")

        def key(row):
            value = row[keys.index(sort)] if sort in keys else _cell(library.load("region", row[0]), sort, display)
            return value is None, 0 if value is None else value, row[0]

        rows.sort(key=key)
    return columns, rows


def near(library, display, latitude, longitude, count=None):
    """(columns, rows, advice) of the regions nearest to a place [deg], a region a row."""
    found = places.nearest(library, latitude, longitude)
    names, shown = REGION_COLUMNS[:2], display.unit("km")
    columns = [("region", ""), ("place", ""), ("distance", shown), ("climate_grade", ""), *_columns(names, display)]
    rows = [[p.name, p.header.title.partition(" (")[0], round(float(display.convert(away / 1e3, "km")[0])),
             p.header.climate_grade, *(_cell(p, n, display) for n in names)] for p, away in found[:count]]
    first, away = found[0]
    if away <= places.FAR and first.header.climate_grade == "A":
        return columns, rows, []
    why = (f"the nearest is {away / 1e3:,.0f} km away" if away > places.FAR else
           f"the climate of {first.name} is of grade {first.header.climate_grade}")
    return columns, rows, [wrapped(f"- {why}; with a weather file of the place, such as an EPW of climate.onebuilding.org: "
                                   f"dcestimate regions new NAME --epw FILE.epw --lat {latitude:g} --lon {longitude:g} "
                                   "--out DIR", "  ")]


def made(session, region, written):
    """Write what a new region holds, in whatever format was asked for."""
    display, weather = session.display(), region.weather
    rows = [[name, entry["value"], entry["grade"], entry["note"]] for name, entry in region.figures.items()]
    if session.format == "json":
        session.write(machine.as_json({
            **region.header, "schema": SCHEMAS["regions"], "region": region.name,
            "weather": {"file": weather.path, "years": weather.years, "hours": len(weather.dry_bulb),
                        "filled": weather.filled, "bins": len(region.bins[0])},
            "figures": region.figures, "notes": region.notes, "warnings": region.warnings,
            "written": [str(path) for path in written]}))
    elif session.format != "table":
        write(session, [(name, "") for name in ("figure", "value", "grade", "note")], rows, "regions")
    else:
        means = "/".join(f"{display.convert(float(x.mean()) - 273.15, 'degC')[0]:.1f}" for x in (weather.dry_bulb,
                                                                                               weather.wet_bulb))
        header, place = region.header, weather.place
        lines = [f"{region.name}  {header['title']}",
                 f"{place.latitude:.2f}, {place.longitude:.2f}, {place.elevation:,.0f} m; {header['country']}, ASHRAE zone "
                 f"{header['ashrae_zone']}",
                 f"{weather.path}: {place.station or 'source not stated'}, {weather.years}",
                 f"{len(region.bins[0])} bins, mean {means} {display.unit('degC')} dry/wet bulb; climate grade "
                 f"{header['climate_grade']}"]
        headers = ["figure", "value", "grade", "note"]
        lines = [*(wrapped(line, "  ") for line in lines), "", table(fitted(headers, rows, 3), headers)]
        session.write("\n".join(lines) + "\n")
    session.note(*(wrapped(f"! {text}", "  ") for text in region.warnings),
                 *(wrapped(f"- {text}", "  ") for text in region.notes))
