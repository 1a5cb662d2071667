"""Alternatives side by side: a column each, with differences against the first."""

import textwrap

from ..amounts import percent
from ..results import RESULTS
from .numbers import COUNTS, number
from .scale import scaled
from .table import table, width, wrapped

ROWS = {
    "compute_rack_count": "Compute racks", "rack_count": "All racks", "critical_it_power": "IT, critical",
    "it_average_power": "IT, average", "facility_peak_power": "Site, peak", "facility_average_power": "Site, average",
    "grid_connection": "Grid connection", "annual_energy": "Energy a year", "pue": "PUE, annual",
    "cooling_ppue": "pPUE, cooling", "power_ppue": "pPUE, power", "peak_pue": "PUE, peak", "chiller_count": "Chillers",
    "chiller_capacity": "Chiller capacity", "heat_rejection_unit_count": "Coolers, towers",
    "heat_rejection_capacity": "Rejection", "air_handler_count": "Air handlers", "cdu_count": "CDUs",
    "economizer_hours": "Free cooling", "ups_module_count": "UPS modules", "transformer_count": "Transformers",
    "generator_count": "Generators", "battery_energy": "Batteries", "wue": "WUE", "annual_water": "Make-up a year",
    "peak_day_water": "Peak day", "white_space": "White space", "building_area": "Building", "yard_area": "Yards",
    "carbon_emissions": "Carbon", "energy_cost": "Electricity",
}
SOME = {"source_exchanger_count": "Exchangers to source", "source_water_flow": "Source water",
        "thermal_storage_volume": "Stored chilled water", "erf": "ERF"}  # shown where a case has it
UNMET = "largest_unmet_heat"  # shown where a plant does not hold: its other numbers are then those of one that cannot run
OF_CHIPS = {"installed_accelerator_count": "Accelerators", "peak_bf16_rate": "Dense BF16"}
WORDS = {"chip": "accelerator", "rack": "rack of any kind", "MW": "MW of critical IT power",
         "EFLOP": "EFLOP/s of dense BF16"}
NAME = 24  # longest heading of a column before it goes on in the next line
MANY = 8  # notes that are read
DESIGNS = ("chip", "system", "region", "cooling", "power", "space", "fabric", "workload")


def rows_of(comparison, show=()):
    """{result: label} of the rows: those asked for, or the usual ones with what chips bring where chips differ."""
    if show:
        return dict.fromkeys(show) | {name: name for name in show}
    varies = {"chip", "system", "plan"} & set(comparison.axes) or comparison.per
    short = any(case.estimate and case.amount(UNMET) for case in comparison.cases)
    some = {name: label for name, label in SOME.items() if any(case.estimate and case.amount(name)
                                                               for case in comparison.cases)}
    return (OF_CHIPS if varies else {}) | ({UNMET: "Heat not cooled"} if short else {}) | ROWS | some


def text(comparison, display, show=()):
    """A column a case; as many as fit the terminal, then the rest below, each beside the base."""
    cases, parts = list(comparison.cases), [title(comparison)]
    while cases:
        count = len(cases)
        while count > 1 and _wide(_table(comparison, cases[:count], display, show)) > width():
            count -= 1
        parts.append(_table(comparison, cases[:count], display, show))
        cases = cases[count:]
    return "\n\n".join(parts) + "\n"


def title(comparison):
    """What is the same in all, what differs, and how to read it."""
    same = common(comparison)
    base = f"differences against {comparison.base.name}"
    per = f"sums are per {WORDS[comparison.per]}" if comparison.per else ""
    head = "; ".join(part for part in (", ".join(same), f"compared by {' and '.join(comparison.axes)}", base, per) if part)
    return "\n".join([wrapped(head, "  ", width()), *_with(comparison)])


def common(comparison):
    """What all lines of all cases share, in words."""
    counts = {sum(line.count for line in case.lines) for case in comparison.cases if case.estimate}
    found = [f"{counts.pop():,} accelerators"] if len(counts) == 1 else []
    for key in DESIGNS:
        values = {designs(case, key) for case in comparison.cases if case.estimate}
        if len(values) == 1 and key not in comparison.axes and not (key == "chip" and "system" not in comparison.axes):
            found += values
    return [one for one in found if one]


def design(line, key):
    return line.workload_text if key == "workload" else getattr(line, key)


def designs(case, key):
    """What the lines of a case have of a design."""
    return " + ".join(dict.fromkeys(design(line, key) for line in case.lines))


def _with(comparison):
    """What else differs with the choice, such as the system and the designs that a chip brings."""
    if len(comparison.axes) > 1 or "plan" in comparison.axes:
        return
    cases = [case for case in comparison.cases if case.estimate]
    keys = [key for key in DESIGNS[:5] if key not in comparison.axes and len({designs(case, key) for case in cases}) > 1]
    for case in cases if keys else ():
        yield wrapped(f"  {case.name}: {', '.join(designs(case, key) for key in keys)}", "    ", width())


def _table(comparison, cases, display, show):
    rows = [[label, "", *((said, "") for said in texts)] for label, texts in (facts(cases) if not show else ())]
    for name, label in rows_of(comparison, show).items():
        values = [case.amount(name, comparison.per) for case in cases]
        shown, unit = scaled(values, RESULTS[name].unit, display)
        rows.append([label, "" if unit in (*COUNTS, "1", "text") else unit,
                     *((cell(value, unit, name, comparison.per, display), change(comparison.difference(case, name)))
                       for value, case in zip(shown, cases, strict=True))])
    names = (textwrap.fill(case.name, NAME, break_on_hyphens=False) for case in cases)
    return table(aligned(rows, len(cases)), ["", "", *names], right=range(2, len(cases) + 2))


def aligned(rows, count):
    """Cells of a value and a difference each as one text, the differences below each other."""
    longest = [max(len(row[2 + i][1]) for row in rows) for i in range(count)]
    return [[*row[:2], *(f"{value} {by:>{long}}" if long else value for (value, by), long in zip(
        row[2:], longest, strict=True))] for row in rows]


def facts(cases):
    """(label, texts) of plans: the verdict, the quarter and the room that is left."""
    if any(case.checked for case in cases):
        yield "Verdict", ["FEASIBLE" if case.checked.feasible else "INFEASIBLE" for case in cases]
        yield "At the end of", [str(case.checked.plan.deadline) for case in cases]
        yield "Margin", ["-" if case.checked.margin == float("inf") else percent(case.checked.margin, "+")
                         for case in cases]


def cell(value, unit, name, per, display):
    """A value as text; counts are whole unless they are per something."""
    if value is None or isinstance(value, str):
        return value or "-"
    divided = per and RESULTS[name].total == "sum"
    return number(value, display.digits, unit == "h" or (not divided and (unit in COUNTS or name.endswith("_count"))))


def change(difference):
    """A difference in words, nothing where it rounds to none: "-2.0 %", "x 12"."""
    if difference is None or abs(difference) < 5e-4:
        return ""
    if difference >= 2:
        return f"x{1 + difference:,.3g}" if difference < 999 else f"x{1 + difference:,.0f}"
    return f"{100 * difference:+.{1 if abs(difference) < 0.0995 else 0}f} %"


def _wide(text_):
    return max(map(len, text_.splitlines()))


def notes(comparison, display, show=(), verbose=0):
    """What is warned and noted, once for the cases it holds for, and why a result that is shown is missing.

    Of many notes only the first few, unless all are asked for; warnings always.
    """
    said = {}
    for case in comparison.cases:
        for line in [f"warning: cannot be built: {case.reason}"] if case.reason else case.said(display.unit):
            said.setdefault(line, []).append(case.name)
        for name in rows_of(comparison, show):
            result = case.estimate.results[name] if case.estimate else None
            if getattr(result, "reason", ""):
                said.setdefault(f"note: no {name}: {result.reason}", []).append(case.name)
    noted = [line for line in said if not line.startswith("warning")]
    hidden = set() if verbose else set(noted[MANY:])
    for line, names in said.items():
        if line in hidden:
            continue
        level, _, message = line.partition(": ")
        of = _of(comparison, names)
        yield wrapped(f"{'!' if level == 'warning' else '-'} {of}{message}", "  ", width())
    if hidden:
        yield f"- {len(hidden)} more notes; -v shows them, as JSON does."


def _of(comparison, names):
    """Whom a note is of: nothing where it is of all, the value of an axis where it is of all that have it."""
    if len(names) == len(comparison.cases):
        return ""
    for axis in range(len(comparison.axes) if len(comparison.axes) > 1 else 0):
        values = dict.fromkeys(case.names[axis] for case in comparison.cases if case.name in names)
        if names == [case.name for case in comparison.cases if case.names[axis] in values]:
            return f"{_few(list(values))}: "
    return f"{_few(names)}: "


def _few(names):
    joint = "; " if ", " in names[0] else ", "
    return joint.join(names) if len(names) < 5 else f"{joint.join(names[:3])} and {len(names) - 3} more"
