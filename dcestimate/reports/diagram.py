"""Chains of power, heat and water as text and as plain data."""

import textwrap

from .table import table, width, wrapped

HEADING = "Equipment; + joins, - leaves, > end"
NARROW = 24  # columns of text below which branches are not squeezed


def text(diagrams, display):
    """Chains below each other; what is noted of one and of the next is said once."""
    following = [d.notes for d in diagrams[1:]] + [()]
    return "\n".join(_table(d, display) + ("" if d.notes == after else _notes(d)) for d, after in zip(
        diagrams, following, strict=True))


def _notes(diagram):
    return "".join(f"\n{wrapped(sentence(note), '  ', width())}\n" for note in diagram.notes)


def sentence(note):
    """A note as a sentence."""
    return f"{note[0].upper()}{note[1:]}."


def _table(diagram, display):
    """A chain as a table: what stands at each stage, and its branches one below the other."""
    if not diagram.stages:
        return wrapped(f"{diagram.kind.capitalize()}, {diagram.moment}: none", "  ", width()) + "\n"
    amounts = Amounts(diagram, display)
    losses = [amounts.text(s.loss) for s in diagram.stages] if any(s.loss for s in diagram.stages) else None
    rows = [[s.name, amounts.text(s.inflow), amounts.text(s.outflow), *([losses[i]] if losses else [])]
            for i, s in enumerate(diagram.stages)]
    headers = ["Stage", f"In [{amounts.unit}]", "Out", *(["Loss"] if losses else [])]
    room = width() - sum(max(len(row[i]) for row in (headers, *rows)) + 2 for i in range(len(headers)))
    rows = [[*row, _lines(stage, amounts, display, max(room, NARROW))]
            for row, stage in zip(rows, diagram.stages, strict=True)]
    made = table(rows, [*headers, HEADING], right=range(1, len(headers)))
    title = wrapped(f"{diagram.kind.capitalize()}, {diagram.moment}", "  ", width())
    return f"{title}\n\n{made}\n"


def _lines(stage, amounts, display, room):
    lines = [equipment(stage, display), *branches(stage, amounts)]
    return "\n".join(textwrap.fill(line, room, subsequent_indent="  ") for line in lines if line)


class Amounts:
    """Amounts of a chain in the unit that is shown, all with as many decimals, so that they add up by eye."""

    def __init__(self, diagram, display):
        self.display, self.own, self.unit = display, diagram.unit, display.unit(diagram.unit)
        largest = max((self._shown(stage.entering) for stage in diagram.stages), default=0)
        self.decimals = max(display.digits - int(f"{largest:e}".partition("e")[2]), 0)

    def _shown(self, amount):
        return float(self.display.convert(amount, self.own)[0])

    def text(self, amount):
        """The amount, nothing where there is none."""
        least = 10.0**-self.decimals
        if amount and abs(self._shown(amount)) < least / 2:
            return f"<{least:.{self.decimals}f}"
        return f"{self._shown(amount):,.{self.decimals}f}" if amount else ""


def branches(stage, amounts):
    """What joins, leaves and ends at a stage, a line each."""
    return [*(f"+ {name} {amounts.text(x)}" for name, x in stage.joins),
            *(f"- {name} {amounts.text(x)}" for name, x in stage.leaves),
            *([f"> {stage.end} {amounts.text(stage.outflow)}"] if stage.end and stage.outflow else [])]


def equipment(stage, display):
    """What stands at a stage, and at which voltage or temperature, in words."""
    said = [" ".join(part for part in (name, _measure(value, unit, display)) if part) for name, value, unit in stage.levels]
    return ", ".join([*(f"{one.count:,} {one.name if one.count != 1 else one.name.removesuffix('s')}"
                        + (f" of {_measure(one.rating, one.unit, display)}" if one.rating else "")
                        for one in stage.equipment), *said])


def _measure(value, unit, display):
    if unit in ("", "%"):
        return f"{value:.3g} {unit}".rstrip()
    value, unit = display.convert(value, unit) if unit in ("degC", "MW") else (value, unit)
    return f"{float(value):,.{0 if value >= 1e4 else 4}{'f' if value >= 1e4 else 'g'}} {unit}"


def document(diagrams):
    """Chains as plain data."""
    def amounts(pairs):
        return [{"name": name, "value": value} for name, value in pairs]

    def stage(s):
        return {"name": s.name, "in": s.inflow, "out": s.outflow, "loss": s.loss, "joins": amounts(s.joins),
                "leaves": amounts(s.leaves), "end": s.end,
                "equipment": [{"name": e.name, "count": e.count,
                               "rating": e.rating and {"value": e.rating, "unit": e.unit}} for e in s.equipment],
                "levels": [{"name": name, "value": value, "unit": unit or "1"} for name, value, unit in s.levels]}

    return [{"kind": d.kind, "moment": d.moment, "unit": d.unit, "stages": [stage(s) for s in d.stages],
             "notes": list(d.notes)} for d in diagrams]
