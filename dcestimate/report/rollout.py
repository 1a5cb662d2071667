"""Plans on screen and in JSON: verdict, tables by site and quarter, what binds, what it is worth, and repairs."""

from ..limits import ADDITIVE
from ..version import SCHEMAS, profiles_version, tool_version
from .numbers import number
from .table import table, width, wrapped

SHOWN = {"chips": None, "racks": "racks", "power": "power", "it": "it_power", "water": "water", "floor": "white_space"}


def text(checked, display, show, allocation=None, repairs=None):
    """The whole report of a check."""
    parts = [_head(checked)]
    parts += [part for what in show for part in by_quarter(checked, display, what)]
    parts.append("\n".join(_verdict(checked, display, allocation)))
    if repairs:
        lines = [wrapped(f"{letter}) {repair.text}", "     ", width() - 2) for letter, repair in zip(
            "abcdefghij", repairs, strict=False)]
        parts.append("Smallest changes that make it fit, each checked:\n" + "\n".join(f"  {line}" for line in lines))
    elif repairs is not None and not checked.feasible:
        parts.append("No single kind of change makes it fit.")
    return "\n\n".join(parts) + "\n"


def _head(checked):
    verdict = "FEASIBLE" if checked.feasible else "INFEASIBLE"
    name = checked.plan.name[:width() - len(verdict) - 2]
    return f"{name}{verdict:>{width() - len(name)}}"


def by_quarter(checked, display, what):
    """Tables of one kind by site and quarter, as many quarters side by side as fit."""
    plan, key = checked.plan, SHOWN[what]
    unit = "accelerators online" if key is None else f"{ADDITIVE[key].words} [{display.unit(ADDITIVE[key].result_unit)}]"
    left = list(plan.quarters)
    while left:
        count = len(left)
        while count > 1 and len(_table(checked, display, key, left[:count]).splitlines()[0]) > width():
            count -= 1
        yield f"{unit[0].upper()}{unit[1:]} at the end of a quarter\n" + _table(checked, display, key, left[:count])
        left = left[count:]


def _table(checked, display, key, quarters):
    plan = checked.plan
    rows = [[site.name, *(_cell(checked, display, key, site.name, quarter) for quarter in quarters)] for site in plan.sites]
    if len(plan.sites) > 1:
        total = [sum(_value(checked, key, site.name, quarter) for site in plan.sites) for quarter in quarters]
        rows.append(["Total", *(_number(display, key, x) for x in total)])
    if key is None and plan.total is not None:
        rows.append(["Target", *("-" if quarter != plan.deadline else f"{plan.total:,}" for quarter in quarters)])
    headers = ["", *(str(quarter) for quarter in quarters)]
    made = table(rows, headers, right=range(1, len(headers)))
    return "\n".join(line.ljust(len(made.splitlines()[1])).rstrip() for line in made.splitlines())


def _value(checked, key, site, quarter):
    cell = checked.cells[site, quarter]
    return cell.online if key is None else cell.needs[key]


def _cell(checked, display, key, site, quarter):
    shown = _number(display, key, _value(checked, key, site, quarter))
    broken = any(row.broken and row.site == site and row.quarter == quarter and row.key in (key, "ramp", "ready")
                 for row in checked.rows) if key else False
    return f"{shown} !" if broken else shown


def _number(display, key, value):
    from .. import units

    if key is None:
        return f"{value:,.0f}"
    shown, _ = display.convert(units.from_si(value, ADDITIVE[key].result_unit), ADDITIVE[key].result_unit)
    return number(shown, display.digits, ADDITIVE[key].result_unit in ("rack", "1"))


def _verdict(checked, display, allocation):
    plan, row = checked.plan, checked.binding
    online = checked.online(plan.deadline)
    yield f"{online:,.0f} accelerators online at the end of {plan.deadline}" + (
        f" of {plan.total:,}" if plan.total is not None else "")
    if row is None:
        yield "Nothing limits this plan: no site states a limit."
    elif checked.broken:
        yield wrapped(f"Binding: {_where(row)} in {row.quarter}: {_amount(row.needed, row, display)} needed, "
                      f"{_amount(row.available, row, display)} there, short by {_amount(row.short, row, display)}", "  ")
        seen = {(row.site, row.key)}
        for other in sorted(checked.broken, key=lambda r: (r.quarter, r.margin)):
            if (other.site, other.key) not in seen and len(seen) < 6:
                seen.add((other.site, other.key))
                same = [row for row in checked.broken if (row.site, row.key) == (other.site, other.key)]
                worst = max(same, key=lambda row: row.short)
                yield wrapped(f"  also {_where(other)} from {other.quarter}, short by up to "
                              f"{_amount(worst.short, worst, display)} in {worst.quarter}", "    ")
    else:
        yield wrapped(f"Margin {row.margin:.1%}: {_where(row)} in {row.quarter} comes first, "
                      f"{_amount(row.needed, row, display)} of {_amount(row.available, row, display)}", "  ")
    for worth in (allocation.worths[:8] if allocation else ()):
        yield wrapped(worth_text(worth, plan, display), "  ")
    if allocation and allocation.tight:
        names = ", ".join(_name(name) for name in allocation.tight[:4])
        yield wrapped(f"Tight, not limiting: {names}", "  ")
    if allocation and allocation.rounding >= 0.5:
        yield f"Whole systems and whole plant cost {allocation.rounding:,.0f} accelerators against the linear programme."


def _where(row):
    return f"{row.label} in {row.site}" if row.site else row.label


def _name(name):
    kind, site, quarter, key = (*name, "", "")[:4]
    label = ADDITIVE[key].words if kind == "limit" else {"supply": f"supply of {key}"}.get(kind, kind)
    return f"{label}{f' in {site}' if site else ''} in {quarter}"


def worth_text(worth, plan, display):
    """What a unit more of a limiting row is worth, and where that holds."""
    from .. import units

    kind, site, quarter, key = worth.name
    counted = "accelerators" if plan.objective == "deadline" else "accelerator-quarters"
    if kind == "limit":
        unit = ADDITIVE[key].result_unit
        one, low, high = units.to_si(1, unit), *(units.from_si(x, unit) for x in (worth.low, worth.high))
        more, where = f"+1 {unit}".removesuffix(" 1"), f"{ADDITIVE[key].words} in {site} by {quarter}"
    else:
        unit, one, low, high = "", 1000.0, worth.low, worth.high
        more, where = "+1,000 accelerators", f"{_name(worth.name)}" if kind == "supply" else kind
    says = f"{more} of {where} is worth {worth.worth * one:,.4g} {counted}"
    if worth.degenerate:
        return f"{says} at most: the limit is at a corner, and more may be worth nothing (degenerate)"
    return f"{says}, from {max(low, 0):,.4g} to {high:,.4g} {unit}".rstrip() if high < 1e15 else says


def _amount(value, row, display):
    from .. import units

    if value == float("inf"):
        return "no limit"
    if row.kind != "limit":
        return f"{value:,.0f} accelerators"
    shown, unit = display.convert(units.from_si(value, row.unit), row.unit)
    return f"{number(shown, display.digits, row.unit in ('rack', '1'))} {unit}".removesuffix(" 1")


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
        "binding": _row(binding) if binding else None, "cells": cells, "rows": [_row(row) for row in checked.rows],
        "worths": [{"row": _name(w.name), "worth": w.worth, "low": _end(w.low), "high": _end(w.high),
                    "degenerate": w.degenerate} for w in (allocation.worths if allocation else ())],
        "tight": [_name(name) for name in (allocation.tight if allocation else ())],
        "rounding": allocation.rounding if allocation else None,
        "repairs": [{"kind": r.kind, "text": r.text, "online": int(r.checked.online(r.checked.plan.deadline))}
                    for r in repairs or ()],
        "notes": list(checked.notes)}


def _si(value, key, each=""):
    from .. import units

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
    return None if abs(value) == float("inf") or abs(value) > 1e29 else value
