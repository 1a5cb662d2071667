"""A region of one's own, made from hourly weather.

What the weather does not say, the grid's frequency and voltages, is taken from the nearest region, of the same country if
there is one, and stands in the file as an assumption to be edited.
"""

import re
from dataclasses import dataclass

import numpy as np

from .. import units
from ..errors import UnknownNameError, UsageError
from ..physics.moist_air import FREEZING
from ..profile_kinds import GRAPH, home
from ..request import parse_figure, parse_setting
from . import design_weather
from .design_weather import FILE
from .hours import HOURS, Weather
from .places import FAR, NEAR, nearest

GRID = ("grid_frequency", "medium_voltage", "circuit_voltage", "circuit_current", "circuit_continuous_share")
# lowest cooling degree days, highest heating degree days of each thermal zone, ANSI/ASHRAE Standard 169-2013, table A-3
COOLING_ZONES = ((6000, "0"), (5000, "1"), (3500, "2"))
HEATING_ZONES = ((2000, "3"), (3000, "4"), (4000, "5"), (5000, "6"), (7000, "7"))


@dataclass
class Region:
    """A region about to be written: its text, figures and bins, what it is made of, and what there is to tell."""

    name: str
    header: dict
    figures: dict
    bins: tuple
    weather: Weather
    published: str
    notes: list
    warnings: list


def check_name(library, name, force=False):
    """Refuse a name that cannot be a file's, or that already means another region.

    :raises UsageError: with one that can.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 40:
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "my-site"
        raise UsageError(f"'{name[:40]}' is no name of a region: small letters, digits and hyphens, at most 40.",
                         f"Write e.g. {better}.")
    try:
        found = library.find("region", name)[1]
    except UnknownNameError:
        return
    spellings = [found, *library.load("region", found).header.aliases]
    if not force and name in [s.lower() for s in spellings]:
        raise UsageError(f"'{name}' already means the region {found}.", f"Write another name, such as my-{name}, or "
                         "--force to let yours stand in its place wherever its folder is named with --profiles.")


def stated(settings):
    """{name of a figure: text} from settings such as "grid_frequency=60 Hz".

    :raises UsageError: for what is no figure of a region, and for a value outside the bounds of its figure.
    """
    found = {}
    for name, text in map(parse_setting, settings):
        if name not in home("region"):
            raise UsageError(f"{name} is no figure of a region.", f"There are {', '.join(home('region'))}.")
        breach = GRAPH.givens[name].breach(parse_figure(name, text))
        if breach:
            unit = GRAPH.givens[name].unit
            raise UsageError(f"{name} is {text.strip()}, {breach[0]} {units.from_si(breach[1], unit):.6g} {unit}.",
                             "Check its unit.")
        found[name] = text.strip()
    return found


def build(library, name, weather, like=None, given=None):
    """A region from hourly weather.

    :param like: name of the region that says what the weather does not.
    :param given: {name of a figure: text} that the user states.
    :raises UsageError: when what is given contradicts itself.
    """
    given, place = dict(given or {}), weather.place
    values, published, notes, warnings = design_weather.of(weather)
    notes, warnings = [*weather.notes, *notes], [*weather.warnings, *warnings]
    figures = {}
    if "elevation" not in place.inherited:
        source = ("given", "B", "as stated") if "elevation" in place.stated else (FILE, "B", "as the file says")
        figures["elevation"] = _entry(_number(place.elevation, "m"), *source)
    if place.inherited:
        notes.append(f"{', '.join(place.inherited)} are those of {like}")
    for key, v in values.items():
        figures[key] = _entry(_number(units.from_si(v.value, "degC"), "degC"), v.source, v.grade, v.note)
    model = library.load("region", like) if like else _alike(library, place, warnings)
    country = place.country if _is_country(place.country) else model.header.country
    if not like:
        figures |= _grid(model, country, notes, warnings)
    figures |= {n: _entry(text, "given", "B", "stated; name its source here") for n, text in given.items()}
    _check_order(figures)
    if abs(place.rise) > 100:
        side = "above" if place.rise > 0 else "below"
        warnings.append(f"the place is {abs(place.rise):,.0f} m {side} the station; the weather is not corrected for it")
    if not like and not {"carbon_intensity", "energy_price"} <= set(given):
        notes.append('without --from REGION, or --set carbon_intensity="300 g/kWh" and --set energy_price="80 USD/MWh", an '
                     "estimate has no carbon or no cost")
    station = place.station or "source not stated"
    estimated = any(figures[n]["grade"] == "C" for n in design_weather.NAMES)
    header = {
        "schema": "dcestimate/region/1", "title": place.title or name, **({"like": like} if like else {}),
        "provider": "own", "country": country,
        "latitude": round(float(place.latitude), 4), "longitude": round(float(place.longitude), 4),
        "ashrae_zone": _zone(weather), "climate": f"{name}.csv", "climate_grade": _grade(weather, warnings),
        "climate_attribution": f"{weather.path}: {station}; check the file's licence before passing it on",
        "design_weather": "shifted" if estimated else "published", **_bases(model if like else None, given),
        "weather_advice": "Newer typical years (TMYx) of stations everywhere are at climate.onebuilding.org."
                          + (" Put published design values of the nearest station in place of the estimated ones."
                             if estimated else "")}
    return Region(name, header, figures, bins(weather), weather, published, notes, warnings)


def bins(weather):
    """Weather in joint bins of 1 K dry and wet bulb about whole degrees, as the shipped climates have them.

    :returns: mean dry bulb [degC], mean wet bulb [degC] and hours a year [h], each of shape (bins,); the hours have three
        decimals and add up to 8760.
    """
    dry, wet = (units.from_si(x, "degC") for x in (weather.dry_bulb, weather.wet_bulb))
    cell = np.floor(dry + 0.5) * 1000 + np.floor(wet + 0.5)
    _, which, count = np.unique(cell, return_inverse=True, return_counts=True)
    exact = count * (HOURS * 1000 / len(dry))
    whole = np.floor(exact)
    whole[np.argsort(whole - exact, kind="stable")[:round(HOURS * 1000 - whole.sum())]] += 1  # largest remainders
    return np.bincount(which, dry) / count, np.bincount(which, wet) / count, whole / 1000


def _entry(value, source, grade, note, low=None, high=None):
    return {"value": value, "source": source, **({"low": low, "high": high} if low else {}), "grade": grade, "note": note}


def _number(value, unit):
    return f"{round(float(value), 2):.2f}".rstrip("0").rstrip(".") + f" {unit}".removesuffix(" 1")


def _alike(library, place, warnings):
    """The region whose grid is most likely the same: the nearest, of the same country if there is one."""
    near = [p for p, _ in nearest(library, place.latitude, place.longitude)]
    if not _is_country(place.country):
        warnings.append(f"the file does not say its country in three letters; it is taken as that of {near[0].name}, the "
                        f"nearest region: {near[0].header.country}; --country states another")
    return next((p for p in near if p.header.country == place.country), near[0])


def _is_country(text):
    return re.fullmatch("[A-Z]{3}", text) is not None


def _grid(model, country, notes, warnings):
    """Grid figures of another region as assumptions."""
    found, why = {}, f"as in {model.name}"
    for name in GRID:
        figure, unit = model.figures[name], GRAPH.givens[name].unit
        low, high = (f"{units.from_si(x, unit):.6g} {unit}".removesuffix(" 1") for x in (figure.low, figure.high))
        found[name] = _entry(figure.text, "assumption", "C", why, low, high)
    assumed = f"{found['grid_frequency']['value']}, voltages and circuits of the grid are assumed {why}"
    if model.header.country == country:
        notes.append(f"{assumed}, the nearest region of {country}")
    else:
        warnings.append(f"{assumed}, for there is no region of {country}; check them, or name another region with --from")
    return found


def _check_order(figures):
    for usual, extreme in (("cooling_dry_bulb", "extreme_dry_bulb"), ("cooling_wet_bulb", "extreme_wet_bulb")):
        low, high = (figures[n]["value"] for n in (usual, extreme))
        if parse_figure(usual, low) > parse_figure(extreme, high):
            raise UsageError(f"{extreme} is {high}, below {usual} of {low}.", f'Give both, e.g. --set "{usual}={high}".')


def _grade(weather, warnings):
    """Grade of the climate, by where the hours are from and how many are filled."""
    away = weather.place.away
    if away is None:
        return "B"
    if away > FAR:
        warnings.append(f"the weather file's station is {away / 1e3:,.0f} km away; look for a nearer one")
    grade = "A" if away <= NEAR else "B" if away <= FAR else "C"
    return "B" if grade == "A" and weather.filled > 0.005 * len(weather.dry_bulb) else grade


def degree_days(weather):
    """(heating degree days below 18.3 degC, cooling degree days above 10 degC), a year, from daily means [K d]."""
    daily = weather.dry_bulb.reshape(-1, 24).mean(1) - FREEZING
    return tuple(float(np.maximum(above, 0).sum() / weather.year_count) for above in (18.3 - daily, daily - 10.0))


def _zone(weather):
    """ASHRAE's thermal zone by degree days; its letter needs rainfall, which weather files seldom have."""
    heating, cooling = degree_days(weather)
    zone = next((z for lowest, z in COOLING_ZONES if cooling > lowest), None) or next(
        (z for highest, z in HEATING_ZONES if heating <= highest), "8")
    return f"{zone} (letter not known)"


def _bases(base, given):
    found = {}
    for key, figure in (("carbon_basis", "carbon_intensity"), ("price_basis", "energy_price")):
        text = "as stated when the region was made" if figure in given else base and getattr(base.header, key)
        if text:
            found[key] = text
    return found
