"""Plans on screen and in JSON: verdict, tables by site and quarter, what binds, what it is worth, and repairs."""

import math

from .. import units
from ..amounts import percent
from ..limits import ADDITIVE
from ..rollout.readiness import comes_last, ready_quarter
from ..version import SCHEMAS, profiles_version, tool_version
from .numbers import number
from .plan_changes import changes
from .plan_tables import by_quarter
from .table import width, wrapped

OTHERS, PRICED = 5, 8  # rows that are told on a screen


def text(checked, display, show, allocation=None, repairs=None):
    """The whole report of a check."""
    parts = [_head(checked)]
    parts += [part for what in show for part in by_quarter(checked, display, what)]
    parts.append("\n".join(_verdict(checked, display, allocation)))
    if repairs:
        lines = [wrapped(f"{chr(ord('a') + n)}) {repair.text}", "     ", width() - 2) for n, repair in enumerate(repairs)]
        less = "; a step less of any does not" if checked.plan.decided else ""
        parts.append(f"Changes that make it fit, each checked{less}:\n" + "\n".join(f"  {line}" for line in lines))
    elif repairs is not None and not checked.feasible:
        parts.append("No single kind of change makes it fit.")
    return "\n\n".join(parts) + "\n"


def _head(checked):
    verdict = "FEASIBLE" if checked.feasible else "INFEASIBLE"
    name = checked.plan.name[:width() - len(verdict) - 2]
    return f"{name}{verdict:>{width() - len(name)}}"


def _verdict(checked, display, allocation):
    plan = checked.plan
    online = checked.online(plan.deadline)
    stand = "planned for" if plan.decided and checked.broken else "online at"
    yield f"{online:,.0f} accelerators {stand} the end of {plan.deadline}" + (
        f" of {plan.total:,}" if plan.total is not None else "")
    lines = _short(checked, display) if checked.broken else _margin(checked, display)
    yield from (wrapped(line, "    " if line.startswith("  ") else "  ") for line in lines)
    if allocation:
        yield from (wrapped(line, "  ") for line in _prices(allocation, plan, display))


def _short(checked, display):
    """What decides, and what else falls short, each from where it is short first."""
    plan, row, by_name = checked.plan, checked.binding, {}
    for other in sorted(checked.broken, key=lambda r: (r.quarter, r.margin)):
        by_name.setdefault((other.site, other.key), []).append(other)
    yield f"Binding: {shortfall(plan, by_name.pop((row.site, row.key)), display)}"
    for rows in list(by_name.values())[:OTHERS]:
        yield f"  also {shortfall(plan, rows, display)}"
    if len(by_name) > OTHERS:
        yield f"  and {len(by_name) - OTHERS} more; --json has all"
    near = checked.nearest
    if near and near.margin < float("inf"):
        yield f"Margin {margin_text(near, display)}"


def shortfall(plan, rows, display):
    """What one limit lacks, where first and where the most; of a site whose orders come late, what holds it back."""
    first, worst = rows[0], max(rows, key=lambda row: row.short)
    if first.kind == "ready":
        site = next(site for site in plan.sites if site.name == first.site)
        last = comes_last(site)
        return (f"{site.name} is held back to {ready_quarter(site)} by {last}, ordered in {site.ordered[last]}: "
                f"{worst.needed:,.0f} accelerators are planned there by {worst.quarter}")
    says = (f"{_where(first)} in {first.quarter}: {_amount(first.needed, first, display)} needed, "
            f"{_amount(first.available, first, display)} there, short by {_amount(first.short, first, display)}")
    return says if worst is first else f"{says}, growing to {_amount(worst.short, worst, display)} in {worst.quarter}"


def margin_text(row, display):
    """The margin of a limit, and of what it is one."""
    return (f"{percent(row.margin)}: {_where(row)} in {row.quarter}, {_amount(row.needed, row, display)} of "
            f"{_amount(row.available, row, display)}")


def _margin(checked, display):
    """The limit that is nearest, and what else leaves less room than that."""
    near, row = checked.nearest, checked.binding
    if near and near.margin == float("inf"):
        some = checked.online(checked.plan.deadline)
        yield "No margin to tell: " + ("what is online needs nothing of what is limited." if some else
                                       "nothing that is limited needs anything, for nothing is online.")
    elif near:
        yield (f"Margin {percent(near.margin)}: {_where(near)} in {near.quarter} is the nearest limit, "
               f"{_amount(near.needed, near, display)} of {_amount(near.available, near, display)}")
    elif row is None or row.margin == float("inf"):
        yield "Nothing limits this plan: no site states a limit."
    if row and row.kind == "supply":
        left = row.available - row.needed
        says = f"all but {left:,.0f}" if left else "every one"
        yield f"Supply: {says} of the {row.available:,.0f} {row.key} supplied by {row.quarter} is online"
    elif row and row.kind == "ramp":
        yield (f"Tightest: {_where(row)} in {row.quarter}, {row.needed:,.0f} of {row.available:,.0f} accelerators")


def _prices(allocation, plan, display):
    """What a unit more of each limiting row is worth; what is full without limiting, and what rounding costs."""
    worths = [worth for worth in allocation.worths if worth.name[0] not in ("target", "kept")]
    yield from (worth_text(worth, plan, display) for worth in worths[:PRICED])
    if not worths and plan.total is not None and allocation.checked.feasible:
        yield "No limit stops the allocation: the fleet's total is met."
    elif not worths and plan.total is not None and not any(row.kind in ("limit", "supply")
                                                           for row in allocation.checked.broken):
        promised = plan.objective == "deadline" and allocation.objective > plan.total - 0.5
        yield ("Whole systems, racks and halls keep the total from being met; without them it would be." if promised else
               "More of no one limit would help: orders or the mix keep the total from being met.")
    if allocation.tight:
        yield f"Tight, not limiting: {', '.join(_name(name) for name in allocation.tight[:4])}"
    if allocation.rounding >= 0.5:
        lost = f"{allocation.rounding:,.0f} {_counted(plan)}"
        lost = lost.removesuffix("s") if lost.startswith("1 ") else lost
        yield f"Whole systems and whole plant cost {lost} against the linear programme."


def _where(row):
    return f"{row.label} in {row.site}" if row.site else row.label


def _name(name):
    kind, site, quarter, key = (*name, "", "")[:4]
    label = ADDITIVE[key].words if kind == "limit" else {"supply": f"supply of {key}"}.get(kind, kind)
    return f"{label}{f' in {site}' if site else ''} in {quarter}"


def _counted(plan):
    """What an allocation makes the most of."""
    return "accelerators" if plan.objective == "deadline" else "accelerator-quarters"


def worth_text(worth, plan, display):
    """What a unit more of a limiting row is worth, and where that holds."""
    kind, site, quarter, key = worth.name
    if kind == "limit":
        _, unit = display.convert(0.0, ADDITIVE[key].result_unit)
        one, low, high = units.to_si(1, unit), *(units.from_si(x, unit) for x in (worth.low, worth.high))
        when = f"by {quarter}" if plan.objective == "deadline" else f"in {quarter} alone"
        more, where = f"+1 {unit}".removesuffix(" 1"), f"{ADDITIVE[key].words} in {site} {when}"
    else:
        unit, one, low, high = "", 1000.0, worth.low, worth.high
        more, where = "+1,000 accelerators", _name(worth.name)
    says = f"{more} of {where} is worth {number(worth.worth * one)} {_counted(plan)}"
    to = f" to {number(high)} {unit}".rstrip() if math.isfinite(high) else ""
    if worth.degenerate:
        less = more.replace("+", "", 1)
        costs = f"costs {number(worth.less * one)}" if math.isfinite(worth.less) else "cannot be had"
        return f"{says}{' up' if to else ''}{to}; {less} less {costs} (degenerate)"
    return f"{says}, from {number(low)} {'' if to else unit}".rstrip() + (to or " on")


def _amount(value, row, display):
    if value == float("inf"):
        return "no limit"
    if row.kind != "limit":
        return f"{value:,.0f} accelerators"
    shown, unit = display.convert(units.from_si(value, row.unit), row.unit)
    plural = "s" * (unit == "rack" and shown != 1)
    return f"{number(shown, display.digits, row.unit in ('rack', '1'))} {unit}{plural}".removesuffix(" 1")


def document(checked, library, allocation=None, repairs=None):
    """The check as one JSON object; ``overrides`` are what sites state per accelerator in place of the model's."""
    plan = checked.plan
    cells = [{"site": site.name, "region": site.region, "quarter": str(quarter),
              "accelerators": checked.cells[site.name, quarter].chips,
              "needs": {key: _si(value, key) for key, value in checked.cells[site.name, quarter].needs.items()}}
             for site in plan.sites for quarter in plan.quarters]
    binding = checked.binding
    return {
        "schema": SCHEMAS["rollout"], "tool_version": tool_version(), "profiles_version": profiles_version(library.root),
        "plan": plan.name, "deadline": str(plan.deadline), "feasible": checked.feasible,
        "online": int(checked.online(plan.deadline)), "target": plan.total,
        "margin": None if checked.margin == float("inf") else checked.margin,
        "overrides": {site.name: {key: _si(value, key, "/chip") for key, value in site.per_accelerator.items()}
                      for site in plan.sites if site.per_accelerator},
        "binding": _row(binding) if binding else None, "nearest": _row(checked.nearest) if checked.nearest else None,
        "cells": cells, "rows": [_row(row) for row in checked.rows],
        "worths": [_worth(w, plan) for w in (allocation.worths if allocation else ())],
        "tight": [_name(name) for name in (allocation.tight if allocation else ())],
        "rounding": allocation.rounding if allocation else None,
        "repairs": [{"kind": r.kind, "text": r.text, "online": int(r.checked.online(r.checked.plan.deadline)),
                     "deadline": str(r.checked.plan.deadline), "changes": changes(checked, r.checked)}
                    for r in repairs or ()],
        "ready": {site.name: {"quarter": str(ready_quarter(site)), "by": comes_last(site)}
                  for site in plan.sites if site.ordered},
        "notes": list(checked.notes)}


def _worth(worth, plan):
    """What a unit more of a row is worth, and between which values of the row that holds; null where it has no end."""
    kind, site, quarter, key = worth.name
    unit = ADDITIVE[key].result_unit if kind == "limit" else "chip"
    counted = "chip" if plan.objective == "deadline" else "chip-quarter"
    one, ends = 1.0, (worth.low, worth.high)
    if kind == "limit":
        one = units.to_si(1, unit)
        ends = [end if _end(end) is None else units.from_si(end, unit) for end in ends]
    return {"row": _name(worth.name), "value": worth.worth * one, "unit": f"{counted}/{unit}", "site": site or None,
            "quarter": str(quarter), "limit": key, "holds_from": _end(ends[0]), "holds_to": _end(ends[1]),
            "degenerate": worth.degenerate, "value_of_less": _end(worth.less * one)}


def columns(checked):
    """(headers, rows): a row for each site and quarter, with accelerators of each chip and what is needed."""
    plan = checked.plan
    chips = list(dict.fromkeys(chip for cell in checked.cells.values() for chip in cell.chips))
    headers = ["site", "region", "quarter", "accelerators [chip]", *(f"{chip} [chip]" for chip in chips),
               *(f"{limit.result} [{limit.result_unit}]" for limit in ADDITIVE.values())]
    rows = []
    for site in plan.sites:
        for quarter in plan.quarters:
            cell = checked.cells[site.name, quarter]
            rows.append([site.name, site.region, str(quarter), cell.online, *(cell.chips.get(chip, 0) for chip in chips),
                         *(_si(cell.needs[key], key)["value"] for key in ADDITIVE)])
    return headers, rows


def _si(value, key, each=""):
    unit = f"{ADDITIVE[key].result_unit}{each}"
    return {"value": units.from_si(value, unit), "unit": unit}


def _row(row):
    if row.kind == "limit":
        needed, available = _si(row.needed, row.key), _si(row.available, row.key)
    else:
        needed, available = ({"value": _end(value), "unit": "chip"} for value in (row.needed, row.available))
    return {"kind": row.kind, "site": row.site, "quarter": str(row.quarter), "what": row.label, "needed": needed,
            "available": available, "broken": row.broken}


def _end(value):
    return None if abs(value) == float("inf") or abs(value) > 1e29 else value + 0.0  # without the sign of -0
