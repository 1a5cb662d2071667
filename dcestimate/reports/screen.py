"""The screen of an estimate: what a planner reads first, in the order of the chain from accelerator to site."""

import textwrap

from ..results import Missing, Value
from .numbers import COUNTS, number
from .table import table, width, wrapped

# group, result, label, unit to show when not its own, unit per chip, basis (its braces name other results)
ROWS = (
    ("Fleet", "installed_accelerator_count", "Accelerators", "", "",
     "{system_count} systems, {stranded_accelerator_count} stranded"),
    ("", "compute_rack_count", "Compute racks", "", "", "{systems_per_rack} each, {rack_limit}"),
    ("", "rack_count", "All racks", "", "",
     "{network_rack_count} net, {storage_rack_count} storage, {management_rack_count} mgmt"),
    ("", "switch_count", "Fabric switches", "", "", "leaf {leaf_switch_count}, spine "
                                                    "{spine_switch_count}, core {core_switch_count}"),
    ("IT", "it_nameplate_power", "Nameplate", "", "kW", "vendor maxima: breakers"),
    ("", "critical_it_power", "Critical", "", "kW", "provisioned: sizes plant"),
    ("", "it_peak_power", "Expected peak", "", "kW", "coincident, {workload}"),
    ("", "it_average_power", "Average", "", "kW", "over the year: energy"),
    ("", "all_in_power", "All-in a chip", "", "", "{all_in_power_gap} to published"),
    ("Site", "facility_peak_power", "Facility peak", "", "kW", "critical IT, {facility_peak_weather} extreme"),
    ("", "facility_expected_peak_power", "Expected peak", "", "kW", "IT peak, design weather"),
    ("", "facility_average_power", "Facility average", "", "kW", "over the year's weather"),
    ("", "grid_connection", "Grid connection", "", "kVA", "peak over power factor"),
    ("", "annual_energy", "Energy a year", "", "MWh", "at the meter"),
    ("", "pue", "PUE, annual", "", "", "cooling {cooling_ppue}, power {power_ppue}"),
    ("", "peak_pue", "PUE, peak", "", "", "critical IT, design weather"),
    ("Heat", "liquid_heat_load", "To liquid", "", "kW", "{coolant_flow} coolant"),
    ("", "air_heat_load", "To air", "", "kW", "{supply_airflow} air"),
    ("", "cooling_load", "Cooling load", "", "kW", "{cooling_load_refrigeration} with UPS rooms"),
    ("", "largest_unmet_heat", "Heat not cooled", "", "kW", "cannot run as it is"),
    ("Plant", "chiller_count", "Chillers", "", "", "{chiller_capacity} with spares"),
    ("", "heat_rejection_unit_count", "Coolers, towers", "", "", "{heat_rejection_capacity} with spares"),
    ("", "cdu_count", "CDUs", "", "", "coolant distribution units"),
    ("", "air_handler_count", "Air handlers", "", "", "fan walls, with spares"),
    ("", "economizer_hours", "Free cooling", "", "", "{partial_economizer_hours} more in part"),
    ("", "ups_module_count", "UPS modules", "", "", "at {ups_load_fraction} of rating"),
    ("", "transformer_count", "Transformers", "", "", "{switchgear_count} lineups, {feeder_count} feeders"),
    ("", "substation_transformer_count", "Substation", "", "", "transformers, one to spare"),
    ("", "generator_count", "Generators", "", "", "{generator_capacity}, {fuel_volume} fuel"),
    ("", "battery_energy", "Batteries", "MWh", "kWh", "aged, usable depth"),
    ("", "power_swing", "Training swing", "", "kW", "{power_ramp}, {smoothing_energy}; "
                                                     "{smoothing_battery_energy} of batteries"),
    ("Water", "annual_water", "Make-up a year", "", "m3", "WUE {wue}"),
    ("", "annual_water_consumption", "Consumed a year", "", "m3", "make-up less blowdown"),
    ("", "peak_day_water", "Peak day", "", "L/d", "24 h of the thirstiest state"),
    ("Floor", "white_space", "White space", "", "m2", "{power_density}, {white_space_limit} bind"),
    ("", "building_area", "Building", "", "m2", "{support_space} support"),
    ("", "site_area", "Site", "", "m2", "{yard_area} yards"),
    ("", "floor_load", "Floor load", "", "", "full racks over their pitch"),
    ("Year", "carbon_emissions", "Carbon", "kt/yr", "t/yr", "location-based"),
    ("", "energy_cost", "Electricity", "MUSD/yr", "", "energy, no demand charge"),
)
METRICS = (  # of the whole screen only
    ("Metrics", "erf", "ERF", "", "", "ISO/IEC 30134-6:2021"),
    ("", "ere", "ERE", "", "", "The Green Grid 2010"),
    ("", "cue", "CUE", "", "", "ISO/IEC 30134-8:2022"),
    ("", "wue_source", "WUE, source", "", "", "The Green Grid 2011"),
    ("", "mlc", "MLC", "", "", "ASHRAE 90.4-2019"),
    ("", "elc", "ELC", "", "", "ASHRAE 90.4-2019"),
    ("", "mlc_ceiling_share", "MLC over limit", "", "", "90.4-2016 g (2019)"),
    ("", "component_ceiling", "MLC + ELC limit", "", "", "set elc_ceiling"),
    ("", "thermal_storage_volume", "Stored water", "", "", "chilled, for a restart"),
    ("", "source_water_flow", "Source water", "", "", "{source_exchanger_count} exchangers"),
)
SOME = ("largest_unmet_heat", "thermal_storage_volume", "source_water_flow", "erf")  # shown wherever there is some
GAP = 2  # between columns
WIDE = 100


def screen(estimate, display, full=False):
    """The whole screen as text: what was asked, the table, warnings, assumptions and what to do next."""
    parts = [_title(estimate)]
    if len(estimate.deployments) > 1:
        parts.append(by_line(estimate, display, full))
    parts.append(_summary(estimate, display, full))
    return "\n\n".join(parts)


def _title(estimate):
    first = estimate.deployments[0].line
    count = sum(d.line.count for d in estimate.deployments)
    if len(estimate.deployments) == 1:
        title = estimate.deployments[0].figures.region.header.title
        return "\n".join(wrapped(text, "  ") for text in (
            f"{count:,} x {first.chip} in {first.region}, {title}",
            f"{first.system}, {first.cooling} cooling, {first.power} power, {first.workload_text}"))
    chips = " + ".join(dict.fromkeys(d.line.chip for d in estimate.deployments))
    regions = f"{len(estimate.by_region)} regions" if len(estimate.by_region) > 1 else first.region
    return wrapped(f"{count:,} x {chips} in {regions}, {first.workload_text}", "  ")


def _summary(estimate, display, full):
    headers, rows = summary_rows(estimate, display, full)
    if estimate.spread and width() < WIDE:  # the range takes the place of the value per chip
        headers, *rows = [[*row[:3], *row[4:]] for row in (headers, *rows)]
    used = sum(max(len(row[i]) for row in (headers, *rows)) + GAP for i in range(len(headers) - 1))
    rows = [[*row[:-1], textwrap.fill(row[-1], max(width() - used, 16))] for row in rows]
    return table(rows, headers, right=range(2, len(headers) - 1))


def summary_rows(estimate, display, full=False):
    """(headers, rows) of the summary, with the metrics of the field when it is to be full."""
    results = estimate.totals.results
    chips = float(results["installed_accelerator_count"])
    ranges = ["P10..P90"] if estimate.spread else []
    rows = [[group, label, _value(results[name], unit, display), _per_chip(results[name], chips, per_chip, display),
             *(_range(results[name], unit, display) for _ in ranges), _basis(basis, results, estimate, display)]
            for group, name, label, unit, per_chip, basis in (*ROWS, *(row for row in METRICS if full or row[1] in SOME))
            if results[name] or name not in SOME or (full and name == "erf")]
    return ["", "Quantity", "Value", "Per chip", *ranges, "Basis"], rows


def _value(result, unit, display):
    if unit and result.value is not None and display.unit(result.unit) == result.unit:
        from .. import units

        return f"{number(units.from_si(units.to_si(float(result), result.unit), unit), display.digits)} {unit}"
    return display.text(result, result.unit in COUNTS or result.name.endswith("_count"))


def _range(result, unit, display):
    """The 10th and 90th percentile of a result, in the unit that its value is shown in."""
    if result.value is None or isinstance(result, str):
        return ""
    ends = [_value(Value(end, result.unit, result.name), unit, display).split()[0] for end in (result.low, result.high)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


def _per_chip(result, chips, unit, display):
    if not unit or result.value is None:
        return ""
    from .. import units

    each, shown = display.convert(units.from_si(units.to_si(float(result), result.unit) / chips, unit), unit)
    return f"{number(each, 3)} {shown}"


def _basis(template, results, estimate, display):
    class Shown(dict):
        def __missing__(self, name):
            text = display.text(results[name], name.endswith(("_count", "_per_rack", "_hours")))
            return f"+{text}" if name.endswith("_gap") and results[name].value and results[name] > 0 else text

    shown = Shown(workload="the workload")
    if len({str(d.results["facility_peak_weather"]) for d in estimate.deployments}) > 1:
        shown["facility_peak_weather"] = "either"
    if isinstance(results["all_in_power_gap"], Missing):
        shown["all_in_power_gap"] = "no gap"
    if isinstance(results["rack_limit"], Missing):
        shown |= {"systems_per_rack": "several", "rack_limit": "by system"}
    if isinstance(results["white_space_limit"], Missing):
        shown["white_space_limit"] = "both"
    mixes = {d.line.workload_text for d in estimate.deployments}
    if len(mixes) == 1 and len(next(iter(mixes))) < 16:
        shown["workload"] = mixes.pop()
    return template.format_map(shown)


def by_line(estimate, display, full=False):
    """One row a line of work and a total."""
    columns = [("Racks", "rack_count"), ("IT", "critical_it_power"), ("Site", "facility_peak_power"), ("PUE", "pue"),
               ("Peak", "peak_pue"), ("Water", "annual_water"), ("Floor", "white_space"), ("Grid", "grid_connection"),
               ("Energy", "annual_energy")]
    units_ = [display.unit(estimate.results[name].unit) for _, name in columns]
    headers = ["Region", "System", "Chips", *(f"{label} [{unit}]" if unit not in ("1", "rack") else label
                                              for (label, _), unit in zip(columns, units_, strict=True))]
    rows = [[d.line.region, d.line.system, f"{d.line.count:,}", *_cells(d, columns, display)]
            for d in estimate.deployments]
    count = sum(d.line.count for d in estimate.deployments)
    rows.append(["Total", "", f"{count:,}", *_cells(estimate.totals, columns, display)])
    while len(headers) > 4:
        text = table([r[:len(headers)] for r in rows], headers, right=range(2, len(headers)))
        if full or max(map(len, text.splitlines())) <= width():
            return text
        headers = headers[:-1]
    return text


def _cells(one, columns, display):
    cells = []
    for _, name in columns:
        result = one.results[name]
        if isinstance(result, Missing):
            cells.append("-")
        else:
            value, unit = display.convert(result, result.unit)
            cells.append(number(value, display.digits, unit == "rack"))
    return cells


def _behind(spread):
    """What stands behind the ranges, in a sentence."""
    left = f"; {spread.left_out:,} of the samples are left out, for they cannot be built" if spread.left_out else ""
    said = "; ".join(f"{' with '.join(names)} {share:.0%}" for names, share in spread.drivers)
    moved = f" Of the variance of the facility peak: {said}." if said else ""
    return f"P10..P90 of {spread.samples:,} samples over the ranges of {spread.figures} figures{left}.{moved}"


def notes(estimate, display, verbose=0):
    """Lines for the error stream: warnings, how much is assumed, and what to do next."""
    lines = []
    for text in estimate.said(display.unit):
        level, _, message = text.partition(": ")
        lines.append(wrapped(f"{'!' if level == 'warning' else '-'} {message}", "  "))
    for region in {d.line.region: d.figures.region for d in estimate.deployments}.values():
        said = ", ".join(f"{p.quantity.upper()} {p.value:g} {p.unit}".removesuffix(" 1") + f" in {p.year}"
                         for p in region.header.published)
        if said:
            lines.append(wrapped(f"- {region.header.published[0].provider} publishes for {region.name}, all its halls "
                                 f"together: {said}", "  "))
    for name, figure in (("carbon_emissions", "carbon_intensity"), ("energy_cost", "energy_price")):
        result = estimate.results[name]
        if isinstance(result, Missing):
            lines.append(wrapped(f"- no {name}: {result.reason}; state it with --set {figure}=...", "  "))
    figures, assumed = estimate.inputs, estimate.assumptions
    lines.append(wrapped(f"- {len(figures)} figures from {len(estimate.sources)} sources; {len(assumed)} are "
                         f"assumptions or else grade C{'' if verbose else ', -v lists them'}.", "  "))
    if estimate.spread:
        lines.append(wrapped(f"- {_behind(estimate.spread)}", "  "))
    changed = {name: i for d in estimate.deployments for name, i in d.overrides.items()}
    if changed:
        lines.append(wrapped("- set by you: " + ", ".join(f"{n} = {i.text}" for n, i in changed.items()), "  "))
    if verbose:
        lines += [wrapped(f"  {i.name} = {i.text}: {i.note or i.source}", "    ") for i in assumed]
        lines += ["- sources:"] + [wrapped(f"  {title} {url}", "    ") for title, url in estimate.sources]
    return lines
