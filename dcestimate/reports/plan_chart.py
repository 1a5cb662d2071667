"""A plan as a picture: accelerators online by quarter, stacked by site, and grid power beside what there is."""

from html import escape

from ..units import from_si
from .numbers import number

WIDTH, HEIGHT, LEFT, GAP = 900, 260, 90, 70
COLOURS = ("#3b7ea1", "#e0913a", "#5aa469", "#b5546c", "#8a6fb0", "#7d8c99", "#c2b04c", "#4aa5a8", "#a0785a")
NAMED = len(COLOURS) - 1  # sites with a colour of their own; the rest are one


def svg(checked):
    """One self-contained picture of a checked plan."""
    plan = checked.plan
    ordered = sorted((site.name for site in plan.sites), key=lambda name: -checked.cells[name, plan.deadline].online)
    groups = [(name, [name]) for name in ordered[:NAMED]]
    if len(ordered) > NAMED:
        groups.append((f"{len(ordered) - NAMED} more sites", ordered[NAMED:]))
    online = [[sum(checked.cells[name, quarter].online for name in names) for quarter in plan.quarters]
              for _, names in groups]
    power = [[sum(from_si(checked.cells[name, quarter].needs["power"], "MW") for name in names)
              for quarter in plan.quarters] for _, names in groups]
    bounds = plan.covering("power")
    there = [sum(from_si(one.available("power", quarter), "MW") for one in bounds) for quarter in plan.quarters if bounds]
    target = [plan.total if quarter == plan.deadline else None for quarter in plan.quarters] if plan.total else []
    quarters = [str(quarter) for quarter in plan.quarters]
    verdict = "feasible" if checked.feasible else "infeasible"
    parts = [_text(20, 28, f"{plan.name}: {verdict}", "title")]
    parts += _bars(60, "Accelerators online at the end of a quarter", quarters, online, target, "target")
    parts += _bars(60 + HEIGHT + GAP, "Grid power needed by design [MW]", quarters, power, there, "there")
    y = 60 + 2 * (HEIGHT + GAP)
    for n, (name, _) in enumerate(groups):
        x = LEFT + n % 4 * 200
        parts.append(f'<rect x="{x}" y="{y + n // 4 * 20}" width="12" height="12" fill="{COLOURS[n]}"/>')
        parts.append(_text(x + 18, y + 11 + n // 4 * 20, name[:26], "small"))
    height = y + 20 * ((len(groups) + 3) // 4) + 20
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            'font-family="sans-serif" font-size="13">\n<style>.title{font-size:17px;font-weight:bold}'
            '.head{font-weight:bold}.small{font-size:12px;fill:#333}.end{text-anchor:end}.mid{text-anchor:middle}'
            '.line{stroke:#222;stroke-width:2;stroke-dasharray:5 3}</style>\n'
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def _bars(top, title, quarters, stacks, marks, marked):
    """Stacked bars by quarter, with a dashed mark where there is a value to reach or to stay below."""
    totals = [sum(stack[n] for stack in stacks) for n in range(len(quarters))]
    most = max([*totals, *(mark for mark in marks if mark), 1e-9])
    step, base = (WIDTH - LEFT - 20) / len(quarters), top + HEIGHT
    yield _text(LEFT, top - 8, title + (f" (dashed: {marked})" if marks else ""), "head")
    for share in (0, 0.5, 1):
        y = base - share * (HEIGHT - 20)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 20}" y2="{y:.1f}" stroke="#ddd"/>'
        yield _text(LEFT - 8, y + 4, number(most * share, 3), "small end")
    for n, quarter in enumerate(quarters):
        x, y = LEFT + n * step + step * 0.15, base
        for colour, stack in zip(COLOURS, stacks, strict=False):
            tall = stack[n] / most * (HEIGHT - 20)
            y -= tall
            if tall > 0:
                yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.7:.1f}" height="{tall:.1f}" fill="{colour}"/>'
        if marks and marks[n]:
            at = base - marks[n] / most * (HEIGHT - 20)
            yield f'<line class="line" x1="{x - 4:.1f}" y1="{at:.1f}" x2="{x + step * 0.7 + 4:.1f}" y2="{at:.1f}"/>'
        if len(quarters) <= 12 or n % 2 == 0:
            yield _text(x + step * 0.35, base + 18, quarter, "small mid")


def _text(x, y, said, kind):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(said)}</text>'
