"""Figures of an estimate: its year over outdoor temperature, and what power and water are used for."""

from ... import units
from ...estimation import Totals
from ...reports.numbers import number
from .. import charts
from .parts import Figure, Row, Table
from .year import EXTREMES, beyond, by_design, grouped, over_the_year, year

DRAWN = 6  # places whose years are drawn


def shown(x, unit, display):
    """A value or array in SI in the unit that is shown for a report unit."""
    return units.from_si(x, display.unit(unit))


def placed(handover):
    """{place: its deployments}, the largest first."""
    found = {}
    for place, deployment in zip(handover.places, handover.estimate.deployments, strict=True):
        found.setdefault(place, []).append(deployment)
    return dict(sorted(found.items(), key=lambda item: -sum(d.amount("facility_peak_power") for d in item[1])))


def _arrays(one, display):
    """The arrays of a year in the units that are shown, to draw."""
    least, mean, most = (shown(x, "MW", display) for x in one.power)
    return {"temperature": shown(units.to_si(one.temperature, "degC"), "degC", display), "hours": one.hours, "least": least,
            "mean": mean, "most": most, "it": shown(one.it_power, "MW", display), "overhead": one.overhead,
            "water": shown(one.water, "m3/d", display)}


def year_parts(handover, display):
    """The year over outdoor temperature: the load of one place, or what each of several takes beyond computing."""
    places = placed(handover)
    years = {place: year(found) for place, found in list(places.items())[:DRAWN]}
    return _years(places, years, display) if len(places) > 1 else _year(handover, *years.values(), display)


def _years(places, years, display):
    arrays, degrees = [_arrays(one, display) for one in years.values()], display.unit("degC")
    totals = {place: Totals(places[place]) for place in years}
    rows = [(place, number(one.overhead.min(), 4), number(totals[place]["pue"], 4), number(one.overhead.max(), 4),
             *(number(totals[place][name], whole=True) for name in ("economizer_hours", "partial_economizer_hours")))
            for place, one in years.items()]
    says = "; ".join(f"{place}: {least} to {most}" for place, least, _, most, *_ in rows)
    title = "Power at the meter over IT power"
    return Row((Figure(f"{title}, over outdoor temperature", f"{title}. {says}.",
                       lambda: charts.overhead("overhead", arrays, degrees), charts.keys(years)),
                Table(f"{title} in the year, and hours of free cooling",
                      ("Place", "Least", "PUE", "Most", "Free [h]", "In part [h]"), tuple(rows), narrow="cards")))


def _year(handover, one, display):
    arrays, power, degrees = _arrays(one, display), display.unit("MW"), display.unit("degC")
    hours, load = one.duration()
    load = shown(load, "MW", display)
    peak, first = handover.estimate.results["facility_peak_power"], handover.estimate.deployments[0]
    hottest = first.values()["dry_bulb"].reshape(-1)[EXTREMES.index(str(first["facility_peak_weather"]))]
    at, top = shown(float(hottest), "degC", display), display.convert(peak, peak.unit)[0]
    label = f"peak by design {number(top, display.digits)} {power}"
    least, most = (number(x, display.digits) for x in (load.min(), load.max()))
    cold, warm = (number(x, 3) for x in (arrays["temperature"].min(), arrays["temperature"].max()))
    says = (f"The load is {least} to {most} {power} over the year, between {cold} and {warm} {degrees}; {label} at "
            f"{number(at, 3)} {degrees}.")
    in_units = (power, display.unit("m3/d"), degrees)
    return Row((
        Figure("The year's load over temperature", says,
               lambda: charts.over_temperature("load", arrays, in_units, (at, top, label))),
        Row((use_figure(handover, display),
             Figure(f"Load duration: power at the meter [{power}]", says,
                    lambda: charts.duration("duration", hours, load, (top, label)))))))


def use_figure(handover, display):
    """What power is used for: of one place beyond computing, of several by place."""
    places, power = placed(handover), display.unit("MW")
    if len(places) > 1:
        rows = {place: grouped(by_design(found)) for place, found in places.items()}
        title = f"Peak power by place and use [{power}]"
    else:
        (found,) = places.values()
        rows = {"peak": beyond(by_design(found)), "average": beyond(over_the_year(found))}
        title = f"Power beyond computing, by use [{power}]"
    uses = [use for use in next(iter(rows.values())) if any(row[use] > 0 for row in rows.values())]
    parts = [[shown(row[use], "MW", display) for row in rows.values()] for use in uses]
    return _bars("uses", title, list(rows), parts, display, charts.keys(uses))


def water_figures(handover, display):
    """Water of the year by place, where any takes some."""
    water = {place: Totals(found)["annual_water"] for place, found in placed(handover).items()}
    if any(water.values()):
        amounts = [float(display.convert(x, x.unit)[0]) for x in water.values()]
        yield _bars("water", f"Water a year by place [{display.unit('ML')}]", list(water), [amounts], display)


def _bars(name, title, labels, parts, display, keys=()):
    ends = [number(sum(column), display.digits) for column in zip(*parts, strict=True)]
    says = "; ".join(f"{label}: {end}" for label, end in zip(labels, ends, strict=True))
    return Figure(title, f"{title}. {says}.", lambda: charts.bars(name, labels, parts, ends), keys)
