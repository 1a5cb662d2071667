"""What fits within limits, as a screen, as JSON and as rows."""

from ..amounts import percent
from ..capacities import in_report_unit
from ..version import SCHEMAS, profiles_version, tool_version
from . import machine
from .numbers import number
from .table import table, wrapped

STEPS = "rounded plant steps down where every block gains a unit"


def text(found, display):
    """The screen: each limit, which stops the fleet, which would be next, and what a unit of each is worth."""
    line = found.line
    title = found.deployment.figures.region.header.title
    head = [f"{line.chip} in {line.region}, {title}: what fits",
            f"{line.system}, {line.cooling} cooling, {line.power} power, {line.workload_text}"]
    parts = ["\n".join(wrapped(one, "  ") for one in head), _limits(found, display),
             "\n".join(wrapped(one, "  ") for one in _says(found))]
    if found.alternatives:
        parts.append(_alternatives(found))
    return "\n\n".join(parts) + "\n"


def _limits(found, display):
    rows = []
    for bound in found.bounds:
        given, unit = _given(bound, display)
        rows.append([bound.limit.kind.label, f"{given:,.{max(display.digits, 6)}g} {unit}".rstrip(),
                     "any" if bound.systems is None else f"{bound.systems * found.chips_per_system:,}",
                     f"{bound.used / bound.limit.value * 100:,.1f} %", _worth(found, bound, given, unit, display),
                     "<- binds" if bound.binds else ""])
    headers = ["Limit", "Given", "Chips alone", "Used", "One more is worth", ""]
    return table(rows, headers, right=(1, 2, 3, 4))


def _given(bound, display):
    """(number, unit) of a limit as it was written, or in the unit that the user asks to see."""
    limit = bound.limit
    shown = display.unit(limit.kind.unit) if limit.kind.unit not in ("rack", "1") else ""
    if shown and shown != limit.kind.unit:
        return display.convert(in_report_unit(bound, limit.value), limit.kind.unit)
    return limit.number, limit.unit


def _worth(found, bound, given, unit, display):
    if bound.worth is None:
        return "-"
    chips = bound.worth * bound.limit.value / given * found.chips_per_system
    return f"{number(chips, display.digits)} chips" + (f"/{unit}" if unit and "/" not in unit else "")


def _says(found):
    """The answer in sentences."""
    binding = _and([bound.limit.kind.words for bound in found.binding])
    one = "1 system fits" if found.systems == 1 else f"{found.systems:,} systems fit"
    if found.systems:
        spare = found.estimate.results["spare_system_count"]
        spares = f", {spare:,.0f} spare systems beside them" if spare else ""
        yield f"{one}, {found.chips:,} chips{spares}; one more does not: {binding}."
    else:
        yield f"Not one system fits: {binding}. Used is what one system takes, {found.chips_per_system:,} chips."
    if found.larger:
        more = "1 larger count fits" if found.larger == 1 else f"{found.larger:,} larger counts fit"
        yield (f"{more} too, up to {found.largest:,} systems ({found.largest * found.chips_per_system:,} chips): {STEPS}.")
    if found.room is not None:
        yield f"Next: {found.following.limit.kind.words}, at {percent(found.room, '+')} chips."
    elif found.systems:
        yield "No other limit given would follow."
    tried = f" Every count from {found.searched[0]:,} to {found.searched[1]:,} was tried." if found.searched[1] > 1 else ""
    yield (f"Worth: the slope from {found.worth_over[0]:,} to {found.worth_over[1]:,} systems, for each limit were it the "
           f"only one.{tried}")


def _and(names):
    return " and ".join(names) or "nothing"


def _alternatives(found):
    rows, unfit = [], {}
    for one in found.alternatives:
        if one.chips is None and one.reason:
            unfit.setdefault("Cannot be built", []).append(one.name)
        elif one.reason:
            unfit.setdefault(f"Warned of with {found.line.system}", []).append(one.name)
        labels = {b.limit.kind.key: b.limit.kind.words for b in found.bounds}
        change = f"{(one.chips / found.chips - 1) * 100:+.1f} %" if one.chips is not None and found.chips else ""
        if one.chips is not None or not one.reason:
            rows.append([one.axis, one.name + ("*" if one.reason else ""), "any" if one.chips is None else f"{one.chips:,}",
                         change, _and([labels[key] for key in one.binds])])
    notes = [wrapped(f"{'* ' if what.startswith('Warned') else ''}{what}: {', '.join(names)}; 'dcestimate estimate' says "
                     "why.", "  ") for what, names in unfit.items()]
    return "\n".join([table(rows, ["Instead", "", "Chips", "Change", "Binds"], right=(2, 3)), *notes])


def document(found, library):
    """The JSON document."""
    line, each, after = found.line, found.chips_per_system, found.following
    return {
        "schema": SCHEMAS["capacity"], "tool_version": tool_version(), "profiles_version": profiles_version(library.root),
        "chip": line.chip, "system": line.system, "region": line.region, "cooling": line.cooling, "power": line.power,
        "space": line.space, "fabric": line.fabric, "workload": line.workload_text, "overrides": dict(line.settings),
        "systems": found.systems, "chips": found.chips, "chips_per_system": each,
        "larger": {"counts": found.larger, "systems": found.largest, "chips": found.largest * each},
        "searched": {"low": found.searched[0], "high": found.searched[1]},
        "binding": [bound.limit.kind.key for bound in found.binding],
        "next": None if after is None else {"key": after.limit.kind.key, "chips": after.systems * each, "room": found.room},
        "worth_over": {"low": found.worth_over[0], "high": found.worth_over[1]},
        "limits": [_bound(found, bound) for bound in found.bounds],
        "alternatives": [{"axis": one.axis, "name": one.name, "system": one.system, "systems": one.systems,
                          "chips": one.chips, "binding": list(one.binds), "reason": one.reason}
                         for one in found.alternatives],
        "results": machine.results(found.deployment), "warnings": found.deployment.warnings}


def _bound(found, bound):
    kind, each = bound.limit.kind, found.chips_per_system
    given, used = (float(in_report_unit(bound, value)) for value in (bound.limit.value, bound.used))
    worth = None if bound.worth is None else bound.worth * each * bound.limit.value / given
    return {"key": kind.key, "result": kind.result, "given": {"value": given, "unit": kind.unit},
            "used": {"value": used, "unit": kind.unit}, "share": used / given, "binds": bound.binds,
            "systems": bound.systems, "chips": None if bound.systems is None else bound.systems * each,
            "largest_systems": bound.largest, "worth": {"value": worth, "unit": _per(kind.unit)}}


def _per(unit):
    """Chips for one more of a unit, as a unit: "chip/MW"."""
    head, _, tail = unit.partition("/")
    return "chip" if unit == "1" else f"chip*{tail}/{head}" if tail else f"chip/{unit}"


def columns(found, display):
    """(headers, rows): a row for each limit, in the unit that its kind is stated in or the user asks to see."""
    headers = ["chip", "system", "region", "cooling", "power", "systems [system]", "chips [chip]",
               "largest_systems [system]", "limit", "result", "unit", "given", "used", "share [1]",
               "systems_alone [system]", "chips_alone [chip]", "chips_per_unit", "binds"]
    line, rows = found.line, []
    for bound in found.bounds:
        one = _bound(found, bound)
        alone = ["" if one[key] is None else one[key] for key in ("systems", "chips")]
        worth = one["worth"]["value"]
        kind = bound.limit.kind
        (given, unit), (used, _) = ((one[key]["value"], kind.unit) if kind.unit in ("rack", "1") else display.convert(
            one[key]["value"], kind.unit) for key in ("given", "used"))
        worth = None if worth is None else worth * one["given"]["value"] / given
        rows.append([line.chip, line.system, line.region, line.cooling, line.power, found.systems, found.chips,
                     found.largest, one["key"], one["result"], unit, given, used, one["share"], *alone,
                     "" if worth is None else worth, "yes" if one["binds"] else "no"])
    return headers, rows
