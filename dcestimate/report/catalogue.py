"""Profiles, regions and units as listings, and one profile with its figures and checks."""

import difflib
import textwrap

from .. import units
from ..consistency import grade_shares, reconciled
from ..errors import UnknownNameError
from ..profile_kinds import GRAPH, LISTED
from ..version import SCHEMAS
from ..weather import places
from ..weather.design_weather import NAMES as DESIGN_WEATHER
from . import machine
from .numbers import number
from .table import table, width, wrapped

COLUMNS = {
    "chip": ("tdp", "dense_bf16_rate", "accelerator_memory"),
    "system": ("accelerators_per_system", "rated_system_power", "liquid_share"),
    "fabric": ("switch_radix", "switch_maximum_power", "switch_typical_power", "transceiver_power"),
    "cooling": ("air.terminal_supply_temperature", "liquid.terminal_supply_temperature", "cycles_of_concentration"),
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
        session.write(table(_fitted(headings, shown), headings, right) + "\n")


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


def _fitted(headers, rows, column=1):
    """Rows with one column wrapped so that the table fits the terminal."""
    others = sum(max(len(part) for cell in (headers[i], *(r[i] for r in rows)) for part in str(cell).splitlines() or [""])
                 + 2 for i in range(len(headers)) if i != column)
    room = max(width() - others, 10)
    return [[*row[:column], textwrap.fill(str(row[column]), room), *row[column + 1:]] for row in rows]


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
        lines = [*(wrapped(line, "  ") for line in lines), "", table(_fitted(headers, rows, 3), headers)]
        session.write("\n".join(lines) + "\n")
    session.note(*(wrapped(f"! {text}", "  ") for text in region.warnings),
                 *(wrapped(f"- {text}", "  ") for text in region.notes))


def show(session, name, kind=None):
    """Write one profile: its text, every figure, and the checks on it."""
    library = session.library()
    if kind is not None and kind not in LISTED:
        raise UnknownNameError("kind", kind, hint=f"There are {', '.join(LISTED)}.")
    kind, name = library.find((kind,) if kind else LISTED, name, kind or "profile")
    profile = library.load(kind, name)
    display = session.display()
    headers = ["figure", "value", "P10..P90", "grade", "source", "line"]
    rows = [_figure_row(key, f, display) for key, f in profile.figures.items()]
    if session.format == "json":
        session.write(machine.as_json(_profile_document(profile, library)))
        return
    if session.format != "table":
        write(session, [(h, "") for h in headers], rows, "profiles")
        return
    lines = [wrapped(f"{name}  {profile.header.title}", "  ", width()), f"{profile.shown_path}", ""]
    for key, value in profile.header.model_dump(exclude={"schema_", "title", "published", "constraints"}).items():
        if value not in (None, [], ""):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            lines.append(wrapped(f"{key.replace('_', ' ')}: {shown}", "  ", width()))
    numbered = {key: f"[{n}]" for n, key in enumerate(profile.sources, 1)}
    shown = [[*row[:4], numbered.get(row[4], row[4])] for row in rows]
    lines += ["", table(_fitted(headers[:5], shown, 0), headers[:5])]
    notes = [(k, f.note) for k, f in profile.figures.items() if f.note]
    if notes:
        lines += ["", "Notes", *(wrapped(f"  {k}: {note}", "    ", width()) for k, note in notes)]
    disputed = [(k, f) for k, f in profile.figures.items() if f.conflicts]
    if disputed:
        lines += ["", "Where sources disagree"]
    for key, figure in disputed:
        said = "; ".join(f"{c.value} ({', '.join(x for x in (c.source, c.note) if x)})" for c in figure.conflicts)
        lines.append(wrapped(f"  {key}: {figure.text} ({figure.source}) is the default; others say {said}. "
                             f"{figure.reason}", "    ", width()))
    if kind == "region":
        lines += _region_lines(profile, library)
    lines += ["", "Sources", *(wrapped(f"  {numbered[key]} {key}: {s.title} "
                                       f"({', '.join(x for x in (s.publisher, s.date) if x)}) {s.url}", "    ", width())
                               for key, s in profile.sources.items())]
    lines += ["", grade_shares(profile), *(f"check: {text}" for text in reconciled(profile, library))]
    session.write("\n".join(lines) + "\n")


def _figure_row(key, figure, display):
    unit = GRAPH.givens[key.rpartition(".")[2]].unit
    shown = display.unit(unit)
    low, high = (number(float(display.convert(units.from_si(x, unit), unit)[0]), 3) for x in (figure.low, figure.high))
    converted = float(display.convert(units.from_si(figure.value, unit), unit)[0])
    value = figure.text if shown == unit else f"{number(converted)} {shown}"
    return [key, value, "-" if figure.low == figure.high else f"{low}..{high}", figure.grade, figure.source,
            figure.place]


def _profile_document(profile, library):
    return {"schema": SCHEMAS["profile"], "kind": profile.kind, "name": profile.name, "path": profile.shown_path,
            **profile.header.model_dump(exclude={"schema_"}, exclude_none=True),
            "figures": {key: {"value": f.text, "low": f.low, "high": f.high, "grade": f.grade, "source": f.source,
                              "note": f.note, "place": f.place, "reason": f.reason,
                              "conflicts": [c.model_dump() for c in f.conflicts]} for key, f in profile.figures.items()},
            "sources": {key: s.model_dump() for key, s in profile.sources.items()},
            "checks": [str(f) for f in reconciled(profile, library)]}


def _region_lines(profile, library):
    dry, wet, hours = library.climate(profile)
    mean = [units.from_si(float((x * hours).sum() / hours.sum()), "degC") for x in (dry, wet)]
    header = profile.header
    lines = ["", wrapped(f"Climate: {len(dry)} bins, mean {mean[0]:.1f}/{mean[1]:.1f} degC dry/wet bulb, warmest bin "
                         f"{units.from_si(float(dry.max()), 'degC'):.1f}/{units.from_si(float(wet.max()), 'degC'):.1f}; "
                         f"grade {header.climate_grade}", "  "),
             wrapped(f"  {header.climate_attribution}", "  "), wrapped(f"  {header.weather_advice}", "  ")]
    for p in header.published:
        lines.append(f"Published by {p.provider} for {p.year}: {p.quantity} {p.value:g} {p.unit}".removesuffix(" 1"))
    estimated = [n for n in profile.figures if n in DESIGN_WEATHER and profile.figures[n].grade == "C"]
    if (header.climate_grade != "A" or estimated) and profile.path.is_relative_to(library.root):
        what = "climate" if header.climate_grade != "A" else "design weather"
        lines.append(wrapped(f"  For a better {what}: dcestimate regions new my-{profile.name} --epw FILE.epw --from "
                             f"{profile.name} --out DIR, then --region my-{profile.name} --profiles DIR", "  "))
    return lines + [wrapped(f"- {text}", "  ") for text in header.constraints]
