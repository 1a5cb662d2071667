"""The sheet of the year: every weather bin of every deployment, and the sums over them as formulas."""

import numpy as np

from ... import units
from ...arrays import DESIGN, YEAR
from ...results import RESULTS
from .book import address, form_of, span

# quantity, unit, heading; what stands in every bin
BINS = (("hours", "h", "Hours"), ("dry_bulb", "degC", "Dry bulb"), ("wet_bulb", "degC", "Wet bulb"),
        ("facility_power", "MW", "Facility power"), ("it_power", "MW", "IT power"),
        ("cooling_power", "MW", "Cooling power"),
        ("make_up_water", "m3/h", "Make-up water"), ("water_consumption", "m3/h", "Water consumed"))
COLUMN = {name: 2 + n for n, (name, *_) in enumerate(BINS)}
BIN_PUE = 2 + len(BINS)
# result: formula over the runs of cells of its bins
SUMS = {
    "annual_energy": "SUMPRODUCT({hours},{facility_power})/1000",
    "annual_it_energy": "SUMPRODUCT({hours},{it_power})/1000",
    "annual_cooling_energy": "SUMPRODUCT({hours},{cooling_power})/1000",
    "annual_water": "SUMPRODUCT({hours},{make_up_water})/1000",
    "annual_water_consumption": "SUMPRODUCT({hours},{water_consumption})/1000",
    "facility_average_power": "SUMPRODUCT({hours},{facility_power})/SUM({hours})",
    "facility_peak_power": "MAX({extremes})",
}
SUM_COLUMN = {name: 3 + n for n, name in enumerate(SUMS)}
PUE, WUE = 3 + len(SUMS), 4 + len(SUMS)
HEAD, FIRST = 4, 5
EXTREMES = ("dry extreme", "wet extreme")


class Layout:
    """Where the sums and the bins of each deployment stand."""

    def __init__(self, handover):
        self.tops, row = [], FIRST + len(handover.labels) + 3
        self.bins_head = row - 1
        for d in handover.estimate.deployments:
            self.tops.append(row)
            row += len(EXTREMES) + len(d.figures.climate[0])
        self.bottom = row - 1

    def of(self, name, n):
        """The address of a sum of a deployment; None when it is no sum over the year."""
        return f"Climate!{address(FIRST + n, SUM_COLUMN[name])}" if name in SUMS else None

    def year(self, name, n, sheet=""):
        """The bins of a quantity of a deployment, as a run of cells."""
        last = self.tops[n + 1] - 1 if n + 1 < len(self.tops) else self.bottom
        return span(self.tops[n] + len(EXTREMES), last, BIN_PUE if name == "pue" else COLUMN[name], sheet)

    def extremes(self, name, n):
        return span(self.tops[n], self.tops[n] + 1, COLUMN[name])


def add(book, handover, places):
    """Add the sheet."""
    layout = places["climate"]
    sheet = book.sheet("Climate", (30, 14, *[12] * 11), freeze=(FIRST, 1), repeat=(layout.bins_head, layout.bins_head))
    sheet.text(0, 0, "Climate", "title")
    sheet.text(1, 0, "The plant in every weather bin of the year as the model computes it, and in the two extremes that "
                     "size it, which have no hours in the year.", "note")
    sheet.text(2, 0, "Green is live: sums over the bins, PUE and WUE follow a change of hours, power or water below, and "
                     "Results and Summary follow them.", "note")
    sheet.head(HEAD, ("Deployment", "Climate", "Hours [h]", *(f"{name} [{RESULTS[name].unit}]" for name in SUMS), "pue [1]",
                      "wue [L/kWh]"))
    sheet.head(layout.bins_head, ("Deployment", "State", *(f"{title} [{unit}]" for _, unit, title in BINS), "PUE"))
    sheet.fit(HEAD, layout.bins_head)
    columns = [_values(arrays) for arrays in handover.arrays]
    forms = {name: "0.0" if name.endswith("bulb") else form_of([x for values in columns for x in values[name]])
             for name, *_ in BINS}
    for n, (label, d, values) in enumerate(zip(handover.labels, handover.estimate.deployments, columns, strict=True)):
        _sums(sheet, layout, n, label, d, values)
        _bins(sheet, layout.tops[n], label, values, forms)


def _values(found):
    """{quantity: numbers of the two extremes and of every bin, in the unit of the sheet}."""
    values = {}
    for name, unit, _ in BINS:
        array = np.broadcast_to(found[name], (1, 1, 1, found["hours"].shape[-1])).reshape(-1)
        array = np.concatenate([array[DESIGN], array[YEAR]])
        if unit == "m3/h":
            array = array / found["water_density"].item()
        values[name] = [units.from_si(float(x), unit) for x in array]
    return values


def _sums(sheet, layout, n, label, d, values):
    row = FIRST + n
    runs = {name: layout.year(name, n) for name, *_ in BINS} | {"extremes": layout.extremes("facility_power", n)}
    sheet.text(row, 0, label, "strong")
    sheet.text(row, 1, d.figures.region.header.climate)
    sheet.formula(row, 2, f"SUM({runs['hours']})", sum(values["hours"]), "#,##0")
    for name, formula in SUMS.items():
        value = float(d.results[name])
        sheet.formula(row, SUM_COLUMN[name], formula.format(**runs), value, form_of([value]))
    energy, water, it = (address(row, SUM_COLUMN[name]) for name in ("annual_energy", "annual_water", "annual_it_energy"))
    sheet.formula(row, PUE, f"{energy}/{it}", float(d.results["pue"]), "0.0000")
    sheet.formula(row, WUE, f"{water}/{it}", float(d.results["wue"]), "0.0000")


def _bins(sheet, top, label, values, forms):
    for n, numbers in enumerate(zip(*values.values(), strict=True)):
        row = top + n
        sheet.text(row, 0, label)
        if n < len(EXTREMES):
            sheet.text(row, 1, EXTREMES[n], "strong")
        else:
            sheet.number(row, 1, n + 1 - len(EXTREMES), "0")
        for name, x in zip(values, numbers, strict=True):
            sheet.number(row, COLUMN[name], x, forms[name])
        by_name = dict(zip(values, numbers, strict=True))
        power, it = (address(row, COLUMN[name]) for name in ("facility_power", "it_power"))
        sheet.formula(row, BIN_PUE, f"{power}/{it}", by_name["facility_power"] / by_name["it_power"], "0.000")
