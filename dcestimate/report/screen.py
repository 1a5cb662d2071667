"""The screen of an estimate: what a planner reads first, in the order of the chain from accelerator to site."""

from ..estimate import Missing
from .numbers import number
from .table import table, width, wrapped

# group, result, label, shown whole, per chip in this unit, basis (its braces name other results)
ROWS = (
    ("Fleet", "installed_accelerator_count", "Accelerators installed", True, "",
     "{system_count} systems, {stranded_accelerator_count} chips stranded"),
    ("", "compute_rack_count", "Racks, compute", True, "", "{systems_per_rack}, bound by {rack_limit}"),
    ("", "rack_count", "Racks, all", True, "",
     "{network_rack_count} network, {storage_rack_count} storage, {management_rack_count} mgmt"),
    ("", "switch_count", "Fabric switches", True, "",
     "{leaf_switch_count} leaf, {spine_switch_count} spine, {core_switch_count} core"),
    ("IT power", "it_nameplate_power", "Nameplate", False, "kW", "sum of vendor maxima: breakers"),
    ("", "critical_it_power", "Critical", False, "kW", "provisioned: sizes the whole plant"),
    ("", "it_peak_power", "Expected peak", False, "kW", "coincident, {workload}"),
    ("", "it_average_power", "Average", False, "kW", "over the year: energy, water, carbon"),
    ("Facility", "facility_peak_power", "Peak", False, "kW", "critical IT, {extreme} design weather"),
    ("", "facility_expected_peak_power", "Expected peak", False, "kW", "IT peak at design weather"),
    ("", "facility_average_power", "Average", False, "kW", "over the year's weather"),
    ("", "grid_connection", "Grid connection", False, "kVA", "peak over power factor"),
    ("", "annual_energy", "Energy a year", False, "MWh", "at the meter"),
    ("", "pue", "PUE, annual", False, "", "cooling {cooling_ppue}, power {power_ppue}"),
    ("", "peak_pue", "PUE, peak", False, "", "at design weather"),
    ("Heat", "liquid_heat_load", "To liquid", False, "kW", "{coolant_flow} of coolant"),
    ("", "air_heat_load", "To air", False, "kW", "{supply_airflow} of air"),
    ("", "cooling_load", "Cooling load", False, "kW", "{cooling_load_refrigeration}, electrical rooms in it"),
    ("Plant", "chiller_count", "Chillers", True, "", "{chiller_capacity}, spares in it"),
    ("", "heat_rejection_unit_count", "Dry coolers, towers", True, "", "{heat_rejection_capacity}, spares in it"),
    ("", "cdu_count", "Coolant units (CDU)", True, "", "and {air_handler_count} air handlers"),
    ("", "economizer_hours", "Free cooling", False, "", "and {partial_economizer_hours} partly"),
    ("", "ups_module_count", "UPS modules", True, "", "at {ups_load_fraction} of rating by design"),
    ("", "transformer_count", "Transformers", True, "", "feeders of {feeder_current} a block"),
    ("", "generator_count", "Generators", True, "", "{generator_capacity} at the site, {fuel_volume} fuel"),
    ("", "battery_energy", "Batteries", False, "kWh", "end of life, depth of discharge"),
    ("Water", "annual_water", "Make-up a year", False, "m3", "WUE {wue}, {annual_water_consumption} consumed"),
    ("", "peak_day_water", "Peak day", False, "L/d", "24 h at the wetter extreme"),
    ("Floor", "white_space", "White space", False, "m2", "{power_density}, bound by {white_space_limit}"),
    ("", "building_area", "Building", False, "m2", "support space {support_space} in it"),
    ("", "site_area", "Site", False, "", "yards {yard_area} in it"),
    ("", "floor_load", "Floor load", False, "", "full racks spread over their aisles"),
    ("Yearly", "carbon_emissions", "Carbon", False, "t/yr", "location-based"),
    ("", "energy_cost", "Electricity", False, "USD/yr", "energy alone, no demand charge"),
)


def screen(estimate, display, full=False, verbose=0):
    """The whole screen as text: what was asked, the table, warnings, assumptions and what to do next."""
    parts = [_title(estimate)]
    if len(estimate.deployments) > 1:
        parts.append(by_line(estimate, display, full))
    parts.append(_summary(estimate, display))
    return "\n\n".join(parts)


def _title(estimate):
    first = estimate.deployments[0].line
    count = sum(d.line.count for d in estimate.deployments)
    if len(estimate.deployments) == 1:
        title = estimate.deployments[0].figures.region.header.title
        return (f"{count:,} x {first.chip} in {first.region}, {title}\n"
                f"{first.system}, {first.cooling} cooling, {first.power} power, {first.workload_text}")
    chips = " + ".join(dict.fromkeys(d.line.chip for d in estimate.deployments))
    return f"{count:,} x {chips} in {len(estimate.by_region)} regions, {first.workload_text}"


def _summary(estimate, display):
    headers, rows = summary_rows(estimate, display)
    return table(rows, headers, right=(1, 2))


def summary_rows(estimate, display):
    """(headers, rows) of the summary."""
    results = estimate.totals.results
    chips = float(results["installed_accelerator_count"])
    rows = []
    for group, name, label, whole, per_chip, basis in ROWS:
        rows.append([f"{group:<9}{label}", display.text(results[name], whole), _per_chip(results[name], chips, per_chip, display),
                     _basis(basis, results, estimate, display)])
    return ["Quantity", "Value", "Per chip", "Basis"], rows


def _per_chip(result, chips, unit, display):
    if not unit or result.value is None:
        return ""
    from .. import units

    each, shown = display.convert(units.from_si(units.to_si(float(result), result.unit) / chips, unit), unit)
    return f"{number(each, 3)} {shown}"


def _basis(template, results, estimate, display):
    class Shown(dict):
        def __missing__(self, name):
            whole = name.endswith("_count")
            return display.text(results[name], whole)

    extremes = sorted({str(d.results["facility_peak_weather"]) for d in estimate.deployments})
    workload = estimate.deployments[0].line.workload_text
    return template.format_map(Shown(workload=workload, extreme=" or ".join(extremes)))


def by_line(estimate, display, full=False):
    """One row a line of work and a total."""
    columns = [("Racks", "rack_count"), ("Crit. IT", "critical_it_power"), ("Peak PUE", "peak_pue"),
               ("Facility", "facility_peak_power"), ("PUE", "pue"), ("Water", "annual_water"),
               ("White space", "white_space"), ("Grid", "grid_connection"), ("Energy", "annual_energy")]
    if not full:
        columns = columns[: 5 if width() < 100 else 9]
    units_ = [display.unit(estimate.results[name].unit) for _, name in columns]
    headers = ["Region", "System", "Chips", *(f"{label} [{unit}]" if unit not in ("1", "rack") else label
                                              for (label, _), unit in zip(columns, units_, strict=True))]
    rows = [[d.line.region, d.line.system, f"{d.line.count:,}", *_cells(d, columns, display)]
            for d in estimate.deployments]
    count = sum(d.line.count for d in estimate.deployments)
    rows.append(["Total", "", f"{count:,}", *_cells(estimate.totals, columns, display)])
    return table(rows, headers, right=range(2, len(headers)))


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


def notes(estimate, verbose=0):
    """Lines for the error stream: warnings, how much is assumed, and what to do next."""
    lines = []
    for text in estimate.warnings:
        level, _, message = text.partition(": ")
        lines.append(wrapped(f"{'!' if level == 'warning' else '-'} {message}", "  "))
    figures, assumed = estimate.inputs, estimate.assumptions
    weak = sum(1 for i in figures if i.grade == "C" and i.status != "given")
    lines.append(wrapped(f"- {len(figures)} figures from {len(estimate.sources)} sources; {len(assumed)} are assumptions "
                         f"and {weak} grade C{'' if verbose else ', which -v lists'}.", "  "))
    changed = {name: i for d in estimate.deployments for name, i in d.overrides.items()}
    if changed:
        lines.append(wrapped("- set by you: " + ", ".join(f"{n} = {i.text}" for n, i in changed.items()), "  "))
    if verbose:
        lines += [wrapped(f"  {i.name} = {i.text}: {i.note or i.source}", "    ") for i in assumed]
        lines += ["- sources:"] + [wrapped(f"  {title} {url}", "    ") for title, url in estimate.sources]
    return lines
