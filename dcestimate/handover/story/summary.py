"""An estimate at a glance: a sentence that can be quoted, what is built, and the numbers that are looked for first."""

from ... import units
from ...reports.numbers import number
from .parts import Tile

WORDS = {"ML": "million litres", "Mgal": "million gallons"}
SCALES = (("kW", "MW", "GW"), ("MWh", "GWh", "TWh"))  # units that a sentence chooses from by size
NAMED = 3  # chips, places or designs that are named


def headline(handover, display):
    """A sentence that can be quoted."""
    results, counts, places = handover.estimate.results, {}, {}
    for d in handover.estimate.deployments:
        counts[_title(d.figures.chip)] = counts.get(_title(d.figures.chip), 0) + d.line.count
        places[_place(d.figures.region)] = True
    what = _named([f"{count:,} {chip}" for chip, count in counts.items()], "kinds of accelerators")
    water = results["annual_water"]
    drink = f"{_said(water, display)} of water" if water.value else "no water"
    verb = "needs" if sum(counts.values()) == 1 else "need"
    return (f"{what} in {_named(list(places), 'places')} {verb} {_said(results['facility_peak_power'], display)} from the "
            f"grid at peak, and {_said(results['annual_energy'], display)} and {drink} a year; each watt of computing "
            f"takes {number(results['pue'], 3)} W at the meter over the year.")


def _title(chip):
    return chip.header.title.partition(",")[0]


def _place(region):
    return region.header.title.partition(" (")[0]


def _named(names, many):
    if len(names) > NAMED:
        return f"{len(names)} {many}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _said(result, display):
    value, unit = display.convert(result, result.unit)
    for scale in SCALES:
        if unit == result.unit and unit in scale:
            sizes = [(units.from_si(units.to_si(float(value), unit), one), one) for one in scale]
            value, unit = next((size for size in reversed(sizes) if size[0] >= 1), sizes[0])
    return f"{number(value, 3)} {WORDS.get(unit, unit)}"


def design(handover):
    """What is bought and how it is cooled and fed, as (what, names)."""
    lines = [d.line for d in handover.estimate.deployments]
    load = handover.library.load
    found = {label: list(dict.fromkeys(load(kind, getattr(line, kind)).header.title for line in lines)) for label, kind in (
        ("Systems", "system"), ("Cooling", "cooling"), ("Power", "power"), ("Network", "fabric"))}
    found["Workload"] = list(dict.fromkeys(line.workload_text for line in lines))
    return tuple((label, "; ".join(names[:NAMED]) + (f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""))
                 for label, names in found.items())


def tiles(results, display):
    """Eight numbers that are looked for first."""
    def text(name):
        return display.text(results[name], name.endswith("_count"))

    return (Tile("Racks", text("rack_count"), f"{text('system_count')} systems"),
            Tile("IT power, critical", text("critical_it_power"), f"{text('it_average_power')} on average"),
            Tile("Peak power", text("facility_peak_power"), f"{text('facility_expected_peak_power')} expected"),
            Tile("Grid connection", text("grid_connection"), f"{text('generator_count')} generators"),
            Tile("Energy a year", text("annual_energy"), f"{text('facility_average_power')} on average"),
            Tile("PUE, annual", text("pue"), f"{text('peak_pue')} at peak"),
            Tile("Water a year", text("annual_water"), f"{text('peak_day_water')} on the peak day"),
            Tile("Site", text("site_area"), f"{text('building_area')} of buildings"))
