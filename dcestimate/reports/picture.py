"""Chains of power, heat and water as one self-contained picture."""

import textwrap
from html import escape

from .diagram import Amounts, branches, equipment, sentence

WIDTH, EDGE, BOX, GAP = 880, 24, 440, 28  # of the picture, its margin, a stage's box, and between boxes [px]
LINE, SMALL = 20, 17  # height of a line of branches and of equipment [px]
TINY, LETTER, WIDE = 6.4, 6.9, 8.4  # of a letter of equipment, branches, headings: rather wide, so that none is cut [px]
STYLE = (".box{fill:#eef3f7;stroke:#8aa0b0}.bar{fill:#3b7ea1}.head{font-size:15px;font-weight:bold}.name{font-weight:600}"
         ".note{fill:#555;font-size:12px}.joins{fill:#2d7d46}.leaves{fill:#7a4b13}.loss{fill:#a1322d}.end{fill:#1f4e79;"
         "font-weight:600}.arrow{stroke:#555;fill:none}.faint{stroke:#c9d3da}")


def svg(diagrams, display):
    """Chains below each other; the bar of a box is as long as what enters its stage."""
    parts, y = [], EDGE + 12
    for diagram in diagrams:
        y = _diagram(parts, diagram, Amounts(diagram, display), display, y) + 2 * GAP
    height = y - GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}" '
            f'font-family="Helvetica, Arial, sans-serif" font-size="13">\n<style>{STYLE}</style>\n'
            '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="3" orient="auto">'
            '<path d="M0 0 L8 3 L0 6 z" fill="#555"/></marker></defs>\n'
            f'<rect width="{WIDTH}" height="{height:g}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def _diagram(parts, diagram, amounts, display, y):
    """Draw a chain from y downwards; where it ends."""
    none = "" if diagram.stages else ": none"
    for line in textwrap.wrap(f"{diagram.kind.capitalize()} [{amounts.unit}], {diagram.moment}{none}", _fits(WIDE)):
        parts.append(_label(EDGE, y, line, "head"))
        y += LINE
    largest = max((s.entering for s in diagram.stages), default=1)
    for i, stage in enumerate(diagram.stages):
        after = diagram.stages[i + 1] if i + 1 < len(diagram.stages) else None
        y = _stage(parts, stage, amounts, display, y, largest)
        if not stage.end and after and stage.outflow and after.inflow:
            parts.append(f'<path d="M {EDGE + 30} {y:g} v {GAP}" class="arrow" marker-end="url(#head)"/>')
            parts.append(_label(EDGE + 40, y + GAP - 9, amounts.text(stage.outflow), "note"))
        y += GAP
    for note in diagram.notes:
        for line in textwrap.wrap(sentence(note), _fits(LETTER)):
            parts.append(_label(EDGE, y, line, "note"))
            y += SMALL
    return y


def _stage(parts, stage, amounts, display, y, largest):
    """Draw a stage from y downwards; where its box ends."""
    stands = textwrap.wrap(equipment(stage, display), int((BOX - 20) / TINY))
    beside = [(line, {"+": "joins", "-": "leaves", ">": "end"}[line[0]]) for line in branches(stage, amounts)]
    beside += [(f"loss {amounts.text(stage.loss)}", "loss")] if stage.loss else []
    tall = max(30 + SMALL * len(stands), 10 + LINE * len(beside))
    parts.append(f'<rect x="{EDGE}" y="{y:g}" width="{BOX}" height="{tall}" rx="4" class="box"/>')
    long = BOX * stage.entering / largest
    parts.append(f'<rect x="{EDGE}" y="{y + tall - 4:g}" width="{long:.1f}" height="4" class="bar"/>')
    parts.append(_label(EDGE + 10, y + 19, stage.name, "name"))
    parts.append(_label(EDGE + BOX - 10, y + 19, amounts.text(stage.entering), "name", "end"))
    parts += [_label(EDGE + 10, y + 19 + SMALL * (n + 1), line, "note") for n, line in enumerate(stands)]
    for n, (line, kind) in enumerate(beside):
        at = y + 20 + LINE * n
        parts.append(f'<path d="M {EDGE + BOX} {at - 4:g} h 14" class="faint"/>')
        parts.append(_label(EDGE + BOX + 20, at, _signed(line), kind))
    return y + tall


def _signed(line):
    """A branch with an arrow in place of its sign."""
    arrow = {"+": "\N{LEFTWARDS ARROW}", "-": "\N{RIGHTWARDS ARROW}", ">": "\N{RIGHTWARDS ARROW}"}.get(line[0])
    return f"{arrow}{line[1:]}" if arrow else line


def _fits(letter):
    return int((WIDTH - 2 * EDGE) / letter)


def _label(x, y, said, kind, anchor="start"):
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(said)}</text>'
