"""Chains of power, heat and water as text and as a picture."""

import math
from html import escape

from .numbers import number
from .table import table

ROW, WIDTH, BOX = 64, 720, 240  # of the picture [px]
ENDS = {"power": "IT equipment", "heat": "outdoors", "water": "air"}


def text(diagram):
    """A chain as a table: a stage a row, its branches below it."""
    rows = []
    for stage in diagram.stages:
        rows.append([stage.name, *(number(x, 4) if x else "" for x in (stage.inflow, stage.outflow, stage.loss)), ""])
        rows += [["", "", "", "", f"+ {name} {number(x, 4)}"] for name, x in stage.joins]
        rows += [["", "", "", "", f"- {name} {number(x, 4)}"] for name, x in stage.leaves]
    if not rows:
        rows = [["nothing", "", "", "", ""]]
    headers = ["Stage", f"In [{diagram.unit}]", "Out", "Loss", "Joins (+) and leaves (-)"]
    return f"{diagram.kind.capitalize()}, {diagram.moment}\n\n{table(rows, headers, right=(1, 2, 3))}\n"


def document(diagrams):
    """Chains as plain data."""
    def branches(pairs):
        return [{"name": name, "value": value} for name, value in pairs]

    return [{"kind": d.kind, "moment": d.moment, "unit": d.unit, "stages": [
        {"name": s.name, "in": s.inflow, "out": s.outflow, "loss": s.loss, "joins": branches(s.joins),
         "leaves": branches(s.leaves)} for s in d.stages]} for d in diagrams]


def svg(diagrams):
    """Chains as one self-contained picture, below each other; a box is as long as what enters its stage."""
    parts, y = [], 30
    for diagram in diagrams:
        parts.append(_label(20, y, f"{diagram.kind.capitalize()} [{diagram.unit}], {diagram.moment}", "head"))
        y += 24
        largest = max((s.inflow + sum(x for _, x in s.joins) for s in diagram.stages), default=1) or 1
        for i, stage in enumerate(diagram.stages):
            entering = stage.inflow + sum(x for _, x in stage.joins)
            parts.append(f'<rect x="20" y="{y}" width="{BOX}" height="36" rx="4" class="box"/>')
            parts.append(f'<rect x="20" y="{y + 31}" width="{BOX * entering / largest:.1f}" height="5" class="bar"/>')
            parts.append(_label(30, y + 20, f"{stage.name}  {number(entering, 4)}", "name"))
            following = diagram.stages[i + 1].inflow if i + 1 < len(diagram.stages) else 0
            goes_on = stage.outflow > 0 and math.isclose(stage.outflow, following)
            notes = [*(f"+ {name} {number(x, 4)}" for name, x in stage.joins),
                     *(f"\N{RIGHTWARDS ARROW} {name} {number(x, 4)}" for name, x in stage.leaves),
                     *([f"loss {number(stage.loss, 4)}"] if stage.loss else []),
                     *([f"\N{RIGHTWARDS ARROW} {ENDS[diagram.kind]} {number(stage.outflow, 4)}"]
                       if stage.outflow and not goes_on else [])]
            parts.append(_label(BOX + 40, y + 22, ",  ".join(notes), "note"))
            if goes_on:
                parts.append(f'<path d="M {20 + BOX / 2} {y + 36} v {ROW - 36}" class="arrow" marker-end="url(#head)"/>')
                parts.append(_label(20 + BOX / 2 + 10, y + 55, number(stage.outflow, 4), "note"))
            y += ROW
        y += 30
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
            'font-family="sans-serif" font-size="13">\n<style>.box{fill:#eef3f7;stroke:#8aa0b0}.bar{fill:#3b7ea1}'
            '.head{font-size:15px;font-weight:bold}.note{fill:#444}.arrow{stroke:#555;fill:none}</style>\n'
            '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="3" orient="auto">'
            '<path d="M0 0 L8 3 L0 6 z" fill="#555"/></marker></defs>\n'
            f'<rect width="{WIDTH}" height="{y}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def _label(x, y, said, kind):
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(said)}</text>'
