"""Two estimates or plans against each other, as a screen and as JSON."""

import textwrap

from .. import units
from ..amounts import percent
from ..results import NUMBERS, RESULTS
from ..version import SCHEMAS, profiles_version, tool_version
from .numbers import COUNTS, number
from .screen import ROWS
from .table import broken, table, width, wrapped

SHOWN = {name: unit for _, name, _, unit, *_ in ROWS}  # on the screen of estimates; the unit there, if other
PARTS, STATED, LEAST = 3, 12, 18  # causes told of a result, lines of a document, columns of the causes
LITTLE = 0.0005  # relative change that is not told in figures
SLIGHT = 0.01  # share of a change below which a cause is not on the screen


def text(found, display, full=False, failed=()):
    """The screen: what was changed, then each result with its change and what made it, and which bounds it breaches."""
    names = list(found.changes) if full else [n for n in SHOWN if n in found.changes and _seen(found.changes[n])]
    head = [wrapped(f"{found.before.name} -> {found.after.name}", "  ")]
    head += [wrapped(f"- {said}", "  ") for said in found.causes.values()]
    if found.causes.keys() == {"added", "removed"}:
        head.append("- no place is on both sides: name places alike to see what changed at them")
    parts = ["\n".join(head), *_verdicts(found), *_document(found)]
    if names:
        parts.append(_table(found, names, display))
    left = len(found.changes) - len(names)
    if left:
        parts.append(f"{left} more results differ; --full shows them." if names else
                     f"{left} results differ, none of them on the screen of an estimate; --full shows them.")
    if not found.changes:
        parts.append("No result differs.")
    if failed:
        parts.append("\n".join(f"FAIL {one.name} {moved(found.changes[one.name], display)}, beyond {one.text}"
                               for one in failed))
    return "\n\n".join(parts) + "\n"


def _seen(change):
    """Whether a change is more than the digits of a screen hide."""
    return change.relative is None or abs(change.relative) >= LITTLE


def _table(found, names, display):
    rows = []
    for name in names:
        change, unit = found.changes[name], _unit(name, display)
        label = name if unit in ("1", *COUNTS) or name not in NUMBERS else f"{name} [{unit}]"
        rows.append([label, *(_value(x, name, unit, display) for x in (change.before, change.after)),
                     moved(change, display), _because(change)])
    headers = ["", "before", "after", "change", "because"]
    numbers = sum(max(len(row[i]) for row in (headers, *rows)) + 2 for i in (1, 2, 3))
    labels = min(max(len(row[0]) for row in rows), width() - numbers - LEAST - 2)
    for row in rows:
        row[0] = broken(row[0], labels)
        whole = row[4].replace(" %", "\N{NO-BREAK SPACE}%")
        row[4] = textwrap.fill(whole, max(width() - numbers - labels - 2, LEAST)).replace("\N{NO-BREAK SPACE}", " ")
    return table(rows, headers, right=(1, 2, 3))


def _unit(name, display):
    """The unit that a result is shown in."""
    shown = display.unit(RESULTS[name].unit)
    return SHOWN.get(name) or shown if shown == RESULTS[name].unit else shown


def _value(result, name, unit, display):
    if result.value is None or isinstance(result, str):
        return "-" if result.value is None else str(result)
    value = result if unit == result.unit else units.from_si(units.to_si(float(result), result.unit), unit)
    return number(value, display.digits, unit in COUNTS or name.endswith("_count") or unit == "h")


def moved(change, display):
    """A change as text: relative, or in its unit where nothing was before."""
    if change.change is None:
        return "differs"
    return f"+{number(change.change, display.digits)}" if change.relative is None else _percent(change.relative)


def _percent(share):
    if abs(share) < LITTLE:
        return f"{'+' if share > 0 else '-'}<0.1 %"
    return percent(share, "+")


def _because(change):
    if change.change is None:
        return ""
    told = [(cause, part) for cause, part in change.because if abs(part) >= SLIGHT * abs(change.change)]
    if len(told) == 1:
        return told[0][0]
    over = abs(change.before.value) or abs(change.change)
    return "; ".join(f"{cause} {_percent(part / over)}" for cause, part in told[:PARTS]) + (
        "; and more" if len(told) > PARTS else "")


def _verdicts(found):
    """How each plan was checked."""
    if not (found.before.checked and found.after.checked):
        return
    rows = []
    for name, of in (("verdict", lambda c: "feasible" if c.feasible else "infeasible"),
                     ("deadline", lambda c: str(c.plan.deadline)),
                     ("online", lambda c: f"{c.online(c.plan.deadline):,.0f}"),
                     ("margin", lambda c: "-" if c.margin == float("inf") else percent(c.margin, "+")),
                     ("binds", lambda c: _binding(c.binding) if c.binding else "-")):
        rows.append([name, *(textwrap.fill(of(side.checked), (width() - 14) // 2) for side in (found.before, found.after))])
    yield table(rows, ["plan", "before", "after"])


def _binding(row):
    return " ".join(filter(None, (f"{row.label},", row.site, str(row.quarter))))


def _document(found):
    """What the plans say differently."""
    said = stated(found)
    if said:
        lines = [wrapped(f"- {path}: {before or 'nothing'} -> {after or 'nothing'}", "    ")
                 for path, before, after in said]
        more = [f"- and {len(lines) - STATED} more"] if len(lines) > STATED else []
        yield "\n".join(["The documents differ in", *lines[:STATED], *more])


def stated(found):
    """[(path, before, after)] of what two plan documents say differently; None for what one does not say."""
    before, after = found.before.document, found.after.document
    if not (before and after):
        return []
    return [(".".join(path), before.get(path), after.get(path)) for path in {**before, **after}
            if path[-1] not in ("note", "notes") and before.get(path) != after.get(path)]


def document(found, library, failed=()):
    """The JSON document; the parts of ``because`` add up to the change."""
    return {
        "schema": SCHEMAS["diff"], "tool_version": tool_version(), "profiles_version": profiles_version(library.root),
        "before": found.before.name, "after": found.after.name,
        "causes": [{"name": cause, "text": said} for cause, said in found.causes.items()],
        "documents": [{"what": path, "before": a, "after": b} for path, a, b in stated(found)],
        "changes": {name: {"before": c.before.as_dict(), "after": c.after.as_dict(), "change": c.change,
                           "relative": c.relative,
                           "because": [{"name": cause, "change": part} for cause, part in c.because]}
                    for name, c in found.changes.items()},
        "failed": [one.text for one in failed]}


def columns(found):
    """(headers, rows): a result a row, with the part of each cause."""
    causes = list(dict.fromkeys(cause for c in found.changes.values() for cause, _ in c.because))
    rows = []
    for name, c in found.changes.items():
        parts = dict(c.because)
        rows.append([name, RESULTS[name].unit if c.change is not None else "text",
                     *("" if x.value is None else x.value for x in (c.before, c.after)),
                     "" if c.change is None else c.change, *(parts.get(cause, 0.0 if c.change is not None else "")
                                                             for cause in causes)])
    return ["result", "unit", "before", "after", "change", *causes], rows


