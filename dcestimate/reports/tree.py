"""The explanation of a result as an indented text, and as data."""

import textwrap

from ..explain import explain
from ..version import SCHEMAS

SCREEN = 40  # lines that are read at a glance


def text(steps, columns=80, verbose=0):
    """Each step under the one that needs it: value, formula, and for a figure its file and source."""
    return "\n".join(line for step in steps for line in _step(step, "  " * min(step.depth, 8), columns, verbose))


def fitting(deployment, name, columns=80, verbose=0, unit=str):
    """The steps of as many levels as a screen holds, one at least."""
    steps, deepest = explain(deployment, name, 1, unit), max(step.depth for step in explain(deployment, name))
    for depth in range(2, deepest + 1):
        more = explain(deployment, name, depth, unit)
        if text(more, columns, verbose).count("\n") >= SCREEN:
            break
        steps = more
    return steps


def _step(step, indent, columns, verbose):
    if step.above:
        return _fill(f"{step.name} = {step.value}  (above)", indent, columns)
    lines = _fill(f"{step.name} = {step.value}", indent, columns)
    inside = indent + "    "
    if step.formula:
        for line in _formula(step.formula):
            lines += _fill(line, inside, columns)
        if verbose:
            lines += _fill(step.meaning, inside, columns)
        if step.source != "definition":
            lines += _fill(f"[{step.source}]", inside, columns)
        return lines
    lines += _fill("  ".join(part for part in (step.place, _status(step)) if part), inside, columns)
    if step.source and step.source != "the user":
        lines += _fill(f"[{step.source}]", inside, columns)
    if step.note:
        lines += _fill(step.note, inside, columns)
    return lines


def _formula(said):
    """A formula's lines: what is returned first, then what it stands on."""
    if said.startswith("root of"):
        return [f"= {said}"]
    *named, returned = said.split("; ")
    return [f"= {returned}", *(f"with {line}" for line in named)]


def _status(step):
    words = [step.status.upper() if step.status == "assumption" else step.status]
    words += [f"grade {step.grade}"] if step.grade else []
    words += [f"P10..P90 {step.range}"] if step.range else []
    return ", ".join(words)


def _fill(text_, indent, columns):
    return textwrap.wrap(text_, max(columns, len(indent) + 30), initial_indent=indent, subsequent_indent=indent + "  ",
                         break_long_words=False, break_on_hyphens=False)


def document(name, explained):
    """The explanation as data: for each deployment every step once, in the order of the text."""
    return {"schema": SCHEMAS["why"], "result": name,
            "deployments": [{"chip": d.line.chip, "system": d.line.system, "region": d.line.region,
                             "steps": [_entry(s) for s in {s.name: s for s in reversed(steps)}.values()][::-1]}
                            for d, steps in explained]}


def _entry(s):
    return {"name": s.name, "value": s.number, "unit": s.unit, "shown": s.value, "formula": s.formula,
            "meaning": s.meaning, "inputs": s.inputs, "status": s.status or "computed", "source": s.source,
            "place": s.place, "grade": s.grade}


def summary(steps, shown):
    """A line that counts all that stands behind a result, and one that says how much of it is shown."""
    leaves = {s.name: s for s in steps if not s.formula}
    assumed = sum(1 for s in leaves.values() if s.status == "assumption")
    sources = {s.source for s in leaves.values()} - {"the user"}
    quantities = {s.name for s in steps if s.formula}
    yield (f"{len(quantities)} quantities, {len(leaves)} figures, {assumed} of them assumptions, {len(sources)} sources. "
           "Change a figure with --set NAME=VALUE.")
    levels, below = (max(s.depth for s in some) for some in (shown, steps))
    if levels < below:
        yield f"{levels} of {below} levels are shown; --depth {levels + 1} shows one more, --full all."
