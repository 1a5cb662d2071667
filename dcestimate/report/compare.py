"""Estimates side by side: one choice varies, everything else is the same."""

from ..results import RESULTS
from ..version import SCHEMAS, profiles_version, tool_version
from . import machine
from .numbers import COUNTS, number
from .table import table, width, wrapped

# group, result, label
ROWS = (
    ("Racks", "compute_rack_count", "Compute"), ("", "rack_count", "All"),
    ("IT", "critical_it_power", "Critical"), ("", "it_average_power", "Average"),
    ("Site", "facility_peak_power", "Peak"), ("", "facility_average_power", "Average"), ("", "grid_connection", "Grid"),
    ("", "annual_energy", "Energy a year"), ("", "pue", "PUE, annual"), ("", "cooling_ppue", "of cooling"),
    ("", "power_ppue", "of power"), ("", "peak_pue", "PUE, peak"),
    ("Plant", "chiller_count", "Chillers"), ("", "chiller_capacity", "Chiller capacity"),
    ("", "heat_rejection_unit_count", "Coolers, towers"), ("", "heat_rejection_capacity", "Rejection"),
    ("", "air_handler_count", "Air handlers"), ("", "cdu_count", "CDUs"), ("", "economizer_hours", "Free cooling"),
    ("", "ups_module_count", "UPS modules"), ("", "transformer_count", "Transformers"),
    ("", "generator_count", "Generators"), ("", "battery_energy", "Batteries"),
    ("Water", "wue", "WUE"), ("", "annual_water", "Make-up a year"), ("", "peak_day_water", "Peak day"),
    ("Floor", "white_space", "White space"), ("", "building_area", "Building"), ("", "yard_area", "Yards"),
    ("Year", "carbon_emissions", "Carbon"), ("", "energy_cost", "Electricity"),
)


def text(axis, names, estimates, display):
    """A column an estimate; as many as fit the terminal, then the rest below."""
    line = estimates[0].deployments[0].line
    same = [f"{sum(d.line.count for d in estimates[0].deployments):,} accelerators",
            *(getattr(line, name) for name in ("system", "region", "cooling", "power") if name not in (axis, "chip")
              and not (axis == "chip" and name in ("system", "cooling", "power"))),
            *([line.workload_text] if axis != "workload" else [])]
    parts, left = [wrapped(f"{', '.join(same)}; compared by {axis}", "  ")], list(zip(names, estimates, strict=True))
    while left:
        count = len(left)
        while count > 1 and _wide(_rows(left[:count], display), [n for n, _ in left[:count]]) > width():
            count -= 1
        shown, left = left[:count], left[count:]
        headers = ["", "", "", *(name for name, _ in shown)]
        parts.append(table(_rows(shown, display), headers, right=range(3, len(headers))))
    return "\n\n".join(parts) + "\n"


def _rows(shown, display):
    rows = []
    for group, name, label in ROWS:
        results = [estimate.results[name] for _, estimate in shown]
        unit = display.unit(RESULTS[name].unit)
        rows.append([group, label, "" if unit in (*COUNTS, "1") else unit, *(_cell(r, name, display) for r in results)])
    return rows


def _cell(result, name, display):
    if result.value is None:
        return "-"
    value, unit = display.convert(result, result.unit)
    return number(value, display.digits, unit in COUNTS or name.endswith("_count") or unit == "h")


def _wide(rows, names):
    return max(map(len, table(rows, ["", "", "", *names]).splitlines()))


def document(axis, names, estimates, library):
    """The JSON document: what varies, and every result of each."""
    cases = [{"name": name, "results": machine.results(estimate.totals), "warnings": estimate.warnings}
             for name, estimate in zip(names, estimates, strict=True)]
    return {"schema": SCHEMAS["comparison"], "tool_version": tool_version(),
            "profiles_version": profiles_version(library.root), "axis": axis, "cases": cases}


def columns(estimates, display=None):
    """(headers, rows): a deployment a row; the column of what varies tells them apart."""
    found = [machine.columns(estimate, display) for estimate in estimates]
    return found[0][0], [row for _, rows in found for row in rows]
