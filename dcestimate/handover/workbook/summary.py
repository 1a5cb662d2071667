"""The first sheet: verdict, key results, shares by place, charts, and what to know."""

from ... import units
from ...estimation import Totals
from ...results import RESULTS, Missing
from . import inputs, pictures, quarters
from .book import address, form_of, span
from .formulas import times

# group: result, label, unit per accelerator
KEYS = {
    "Fleet": (("installed_accelerator_count", "Accelerators, installed", ""), ("system_count", "Systems", ""),
              ("rack_count", "Racks of all kinds", "")),
    "Power": (("it_nameplate_power", "IT, nameplate", "kW"), ("critical_it_power", "IT, critical", "kW"),
              ("it_peak_power", "IT, expected peak", "kW"), ("it_average_power", "IT, average", "kW"),
              ("facility_peak_power", "Facility, peak", "kW"),
              ("facility_expected_peak_power", "Facility, expected peak", "kW"),
              ("facility_average_power", "Facility, average", "kW"), ("grid_connection", "Grid connection", "kVA")),
    "Energy": (("annual_energy", "Energy a year", "MWh"), ("pue", "PUE, annual", ""), ("peak_pue", "PUE, peak", "")),
    "Cooling": (("cooling_load", "Cooling load", "kW"), ("liquid_heat_load", "Heat to liquid", "kW"),
                ("air_heat_load", "Heat to air", "kW"), ("chiller_count", "Chillers", ""),
                ("heat_rejection_unit_count", "Coolers and towers", ""), ("cdu_count", "Coolant distribution units", "")),
    "Electrical": (("ups_module_count", "UPS modules", ""), ("transformer_count", "Transformers", ""),
                   ("generator_count", "Generators", ""), ("battery_energy", "Batteries", "kWh")),
    "Water": (("annual_water", "Make-up water a year", "m3"), ("wue", "WUE, annual", ""),
              ("peak_day_water", "Water, peak day", "L/d")),
    "Floor": (("white_space", "White space", "m2"), ("building_area", "Buildings", "m2"), ("site_area", "Site", "m2")),
    "Year": (("carbon_emissions", "Carbon of electricity", "t/yr"), ("energy_cost", "Cost of electricity", "USD/yr")),
}
WIDTHS = (12, 27, 13, 9, 11, 8, 11, 10, 13, 13, 13, 13)
COLUMNS = len(WIDTHS)
VALUE, CHIP, MW, MEANING = 2, 4, 6, 8
PLACE = (("installed_accelerator_count", ""), ("critical_it_power", ""), ("facility_peak_power", "share"),
         ("facility_average_power", ""), ("annual_energy", ""), ("pue", ""), ("annual_water", "share"), ("white_space", ""))
HIGH, ACROSS, MEANT = 12.75, 165, 74  # points of a line; characters across the sheet, and across what a result is

LIVE = ("Green cells are live formulas: totals, shares, values per chip and per MW, ratios, the year's sums over the "
        "weather bins and the PUE and WUE that follow from them. White numbers are the model's; the plant itself is not in "
        "this workbook and does not follow a changed input. Ask for it with dcestimate report ... --set.",
        "'dcestimate verify' recalculates this workbook and compares every number and formula with the model.")


def add(book, handover, places):
    """Add the sheet."""
    sheet = book.sheet("Summary", WIDTHS, scale=62, named=1)
    row = _top(sheet, handover)
    powers, row = _keys(sheet, row, handover, places["results"])
    row = _basis(sheet, row, handover, places["inputs"])
    sheet.breaks.append(row)
    by_place, row = _places(sheet, row, handover, places["results"])
    row = pictures.add(sheet, row, handover, places, powers, by_place)
    _to_know(sheet, row, handover)


def _say(sheet, row, text, look="paragraph"):
    """A text across the sheet, as high as it takes."""
    sheet.across_row(row, text, COLUMNS, look, HIGH * -(-len(text) // ACROSS) + 3)
    return row + 1


def _top(sheet, handover):
    sheet.across_row(0, handover.title, COLUMNS, "title")
    lines = [d.line for d in handover.estimate.deployments]
    designs = [", ".join(dict.fromkeys(getattr(line, kind) for line in lines)) for kind in ("system", "cooling", "power")]
    row = _say(sheet, 1, f"{designs[0]}; {designs[1]} cooling; {designs[2]} power; {lines[0].workload_text}", "subtitle")
    if handover.plan:
        row = _verdict(sheet, row + 1, handover)
    return row + 1


def _verdict(sheet, row, handover):
    checked, layout = handover.checked, quarters.Layout(handover.checked)
    sheet.formula(row, 0, f'IF(COUNTIF({layout.comparisons(quarters.VERDICT)},"short")=0,"FEASIBLE","INFEASIBLE")',
                  "FEASIBLE" if checked.feasible else "INFEASIBLE", "", "good" if checked.feasible else "bad")
    sheet.merged.append((row, 0, 1))
    sheet.heights[row] = 22
    plan, binding = checked.plan, checked.binding
    online, target = checked.online(plan.deadline), f" of {plan.total:,}" if plan.total is not None else ""
    sheet.text(row, VALUE, f"{online:,.0f} accelerators online at the end of {plan.deadline}{target}", "subtitle")
    row += 1
    if binding is None or binding.margin == float("inf"):
        return _say(sheet, row, "Nothing limits this plan: no site states a limit.")
    at = quarters.FIRST + checked.rows.index(binding)
    where = f"{binding.label}{f' in {binding.site}' if binding.site else ''}, {binding.quarter}"
    sheet.text(row, 0, "Binds first" if checked.broken else "Least margin", "strong")
    sheet.text(row, 1, where, "text")
    values = (("needed", quarters.NEEDED, binding.needed), ("there is", quarters.AVAILABLE, binding.available))
    for n, (word, column, value) in enumerate(values):
        value = units.from_si(value, binding.unit)
        sheet.text(row, VALUE + 2 + 3 * n, word, "note")
        sheet.formula(row, VALUE + 3 + 3 * n, f"Limits!{address(at, column)}", value, form_of([value]))
        sheet.text(row, VALUE + 4 + 3 * n, binding.unit, "unit")
    row += 1
    for n, repair in enumerate(handover.repairs):
        first = "Changes that make it fit, each checked. " if n == 0 else ""
        row = _say(sheet, row, f"{first}{n + 1}: {repair.text}")
    return row


def _keys(sheet, row, handover, results):
    """(name, categories and values of the powers; next row): results, also per accelerator and per MW of critical IT."""
    sheet.text(row, 0, "Key results", "section")
    for first, last, title in ((0, 1, "Result"), (VALUE, CHIP - 1, "Value"), (CHIP, MW - 1, "Per chip"),
                               (MW, MEANING - 1, "Per MW of critical IT"), (MEANING, COLUMNS - 1, "What it is")):
        sheet.text(row + 1, first, title, "head")
        sheet.merged.append((row + 1, first, last))
    row += 2
    found, rows = handover.estimate.totals.results, {}
    flat = [(group if n == 0 else "", *one) for group, ones in KEYS.items() for n, one in enumerate(ones)]
    rows = {name: row + n for n, (_, name, *_) in enumerate(flat)}
    for group, name, label, per_chip in flat:
        _key(sheet, rows, found, results, group, name, label, per_chip)
    powers = [rows[name] for name, *_ in KEYS["Power"]]
    runs = [span(powers[0], powers[-1], column, sheet.name) for column in (1, VALUE)]
    return (sheet.at(row - 1, VALUE), *runs), row + len(flat)


def _basis(sheet, row, handover, layout):
    """The row below what the results rest on."""
    assumed = sum(given.status == "assumption" for given, _ in handover.figures)
    counted = (("Figures", f"COUNTA({span(inputs.FIRST, layout.last, 0, 'Inputs')})", len(handover.figures),
                "Figures that the model was given, each with its source on Inputs."),
               ("of which assumptions", f'COUNTIF({span(inputs.FIRST, layout.last, inputs.STATUS, "Inputs")},"assumption")',
                assumed, "Those that rest on judgement; yellow on Inputs."))
    for n, (label, formula, value, meaning) in enumerate(counted):
        sheet.text(row + n, 0, "" if n else "Basis", "strong")
        sheet.text(row + n, 1, label)
        sheet.formula(row + n, VALUE, formula, value, "#,##0")
        _meaning(sheet, row + n, meaning)
    return row + len(counted) + 1


def _meaning(sheet, row, text):
    sheet.text(row, MEANING, text, "wrap")
    sheet.merged.append((row, MEANING, COLUMNS - 1))
    sheet.heights[row] = HIGH * -(-len(text) // MEANT) + 2


def _key(sheet, rows, found, results, group, name, label, per_chip):
    row, item, result = rows[name], RESULTS[name], found[name]
    sheet.text(row, 0, group, "strong")
    sheet.text(row, 1, label)
    sheet.text(row, VALUE + 1, "" if item.unit == "1" else item.unit, "unit")
    _meaning(sheet, row, item.meaning)
    if result.value is None:
        sheet.text(row, VALUE, "-", "missing")
        return
    whole = item.unit in ("chip", "rack", "system") or name.endswith("_count")
    sheet.formula(row, VALUE, results.all(name), result, form_of([result], whole))
    if item.total != "sum" or name == "installed_accelerator_count":
        return
    here, chips, critical = (address(rows[of], VALUE) for of in (name, "installed_accelerator_count", "critical_it_power"))
    if per_chip:
        factor = units.factor(item.unit) / units.factor(per_chip)
        value = float(result) * factor / float(found["installed_accelerator_count"])
        sheet.formula(row, CHIP, times(f"{here}/{chips}", 2, factor), value, form_of([value]))
        sheet.text(row, CHIP + 1, per_chip, "unit")
    if name != "critical_it_power":
        value = float(result) / float(found["critical_it_power"])
        sheet.formula(row, MW, f"{here}/{critical}", value, form_of([value]))
        sheet.text(row, MW + 1, "/MW" if item.unit == "1" else f"{item.unit}/MW", "unit")


def _places(sheet, row, handover, results):
    """({result: name, categories and values of the table by place}, next row); None where there is one place."""
    names = list(dict.fromkeys(handover.places))
    if len(names) == 1:
        return None, row
    sheet.text(row, 0, "By site" if handover.plan else "By region", "section")
    titles, columns, column = ["", ""], {}, 2
    for name, share in PLACE:
        columns[name] = column
        unit = "" if RESULTS[name].unit in ("1", "chip") else f" [{RESULTS[name].unit}]"
        titles += [f"{_label(name)}{unit}", *(["Share"] if share else [])]
        column += 2 if share else 1
    head, first = row + 1, row + 2
    sheet.head(head, titles)
    sheet.heights[head] = 44
    last = first + len(names) - 1
    pairs = list(zip(handover.places, handover.estimate.deployments, strict=True))
    groups = {name: Totals([d for place, d in pairs if place == name]).results for name in names}
    everything = handover.estimate.totals.results
    for n, place in enumerate([*names, None]):
        at, found = first + n, everything if place is None else groups[place]
        sheet.text(at, 0, place or "Total", "strong" if place else "total")
        sheet.merged.append((at, 0, 1))
        for name, share in PLACE:
            cell = results.by_place(name)[place] if place else results.all(name)
            form = "0.000" if name == "pue" else form_of([everything[name]], name.endswith("_count"))
            sheet.formula(at, columns[name], cell, found[name], form, "live" if place else "live_total")
            if share:
                whole = float(everything[name])
                part = f"{address(at, columns[name])}/{address(last + 1, columns[name])}"
                value = float(found[name]) / whole if whole else 0.0
                sheet.formula(at, columns[name] + 1, f"IF({address(last + 1, columns[name])}=0,0,{part})", value, "0.0%",
                              "live" if place else "live_total")
    return {name: (sheet.at(head, column), span(first, last, 0, sheet.name), span(first, last, column, sheet.name))
            for name, column in columns.items()}, last + 3


def _label(name):
    return next(label for ones in KEYS.values() for key, label, _ in ones if key == name)


def _to_know(sheet, row, handover):
    sheet.text(row, 0, "What to know", "section")
    row += 1
    notes = [text.partition(": ")[2] for text in handover.estimate.warnings]
    notes += list(handover.checked.notes) if handover.checked else []
    reasons = {}
    for name, result in handover.estimate.totals.results.items():
        if isinstance(result, Missing):
            reasons.setdefault(result.reason, []).append(name)
    notes += [f"{', '.join(names)}: {_first(reason.split('; '))}" for reason, names in reasons.items()]
    for note in (*notes, *LIVE):
        row = _say(sheet, row, f"- {note}")


def _first(parts):
    """The first of many reasons, and how many more there are."""
    parts = list(dict.fromkeys(parts))
    return "; ".join(parts if len(parts) <= 3 else [*parts[:2], f"and {len(parts) - 2} more like these"])
