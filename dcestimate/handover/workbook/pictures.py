"""The charts of the first sheet, made by the workbook of its own cells."""

from . import climate, quarters
from .book import Chart, address

HIGH, RIGHT = 17, 6  # rows that a chart covers, and the column at which the second of a row begins
PAGE = 52  # rows of a page
MANY, WIDE = 6, (1085, 320)  # places from which on a chart takes a row of its own, and its size
TOLD_APART = 5  # deployments whose points are
POWERS = ("critical_it_power", "facility_peak_power", "facility_average_power")


def add(sheet, row, handover, places, powers, by_place):
    """Add the charts below a row, and return the row below them.

    :param powers: (name, categories, values) of the powers among the key results, each the address of cells.
    :param by_place: the same by result for the table of places; None where there is one place.
    """
    charts = []
    if handover.plan and len(handover.plan.quarters) > 1:
        charts.append(_by_quarter(quarters.Layout(handover.checked)))
    if by_place:
        charts.append(("columns", "Power by place", [by_place[name] for name in POWERS], ("", "MW")))
        charts.append(("columns", "Make-up water by place", [by_place["annual_water"]], ("", "ML a year")))
    else:
        charts.append(("bars", "Power of IT and facility", [powers], ("", "MW")))
    labels, layout = len(handover.labels), places["climate"]
    if labels <= TOLD_APART:
        charts.append(_over_the_year(layout, labels, "pue", "PUE over the weather of the year", ""))
        charts.append(_over_the_year(layout, labels, "make_up_water", "Water over the weather of the year", "m3/h"))
    sheet.text(row, 0, "In pictures", "section")
    return _arranged(sheet, row + 1, charts, len(set(handover.places)) >= MANY) + 1


def _arranged(sheet, row, charts, wide):
    """Charts two by two, or those of many places in rows of their own; none is cut by the end of a page."""
    column = 0
    for kind, title, series, axes in charts:
        alone = wide and kind == "columns"
        if column and alone:
            row, column = row + HIGH, 0
        if not column and row + HIGH - sheet.breaks[-1] > PAGE:
            sheet.breaks.append(row)
        least = 1.0 if title.startswith("PUE") else None
        more = {"size": WIDE} if alone else {}
        sheet.charts.append(Chart(kind, title, tuple(series), axes, row, column, least, **more))
        row, column = (row + HIGH, 0) if column or alone else (row, RIGHT)
    return row + HIGH if column else row


def _by_quarter(layout):
    columns = [layout.column["power"], *([layout.available] if layout.everywhere else [])]
    series = [(f"Quarters!{address(quarters.HEAD, column)}", layout.by_quarter(quarters.WHEN), layout.by_quarter(column))
              for column in columns]
    return "lines", "Grid power by quarter, all sites", series, ("", "MW")


def _over_the_year(layout, labels, name, title, unit):
    series = [(f"Climate!{address(climate.FIRST + n, 0)}", layout.year("dry_bulb", n, "Climate"),
               layout.year(name, n, "Climate")) for n in range(labels)]
    return "points", title, series, ("dry bulb [degC]", unit)
