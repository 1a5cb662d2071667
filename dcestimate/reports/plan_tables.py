"""Tables of a plan by site and quarter: accelerators, and what they need of each kind of limit."""

from .. import units
from ..limits import ADDITIVE
from .numbers import number
from .table import table, width

# what can be shown, and the kind of limit that it is; accelerators are of none
SHOWN = {"chips": None, "mix": None, "racks": "racks", "power": "power", "it": "it_power", "water": "water",
         "floor": "white_space"}


def by_quarter(checked, display, what):
    """Tables of one kind, as many quarters side by side as fit."""
    key, quarters = SHOWN[what], checked.plan.quarters
    lines = list(_of_chips(checked) if what == "mix" else _lines(checked, display, key))
    says = (f"{ADDITIVE[key].label} [{display.unit(ADDITIVE[key].result_unit)}]" if key else
            "Accelerators online of each chip" if what == "mix" else "Accelerators online")
    start = 0
    while start < len(quarters):
        end = len(quarters)
        while end > start + 1 and len(_table(lines, quarters, start, end)[0]) > width():
            end -= 1
        short = "; ! is too much" if any("!" in text for _, texts in lines for text in texts[start:end]) else ""
        yield "\n".join([f"{says} at the end of a quarter{short}", *_table(lines, quarters, start, end)])
        start = end


def _table(lines, quarters, start, end):
    headers = ["", *map(str, quarters[start:end])]
    made = table([[name, *texts[start:end]] for name, texts in lines], headers, right=range(1, len(headers))).splitlines()
    return [line.ljust(len(made[1])).rstrip() for line in made]


def _lines(checked, display, key):
    """(name, texts by quarter) of each site, of what shares such a limit, and of all."""
    plan = checked.plan
    shared = [one for one in plan.shared if key in one.limits]
    for one in (*plan.sites, *shared):
        needed = [_text(display, key, _value(checked, key, one.members, quarter)) for quarter in plan.quarters]
        texts = [text + " !" * _broken(checked, key, one, quarter)
                 for text, quarter in zip(needed, plan.quarters, strict=True)]
        yield ("= " if one in shared else "") + one.name, texts
    if len(plan.sites) > 1:
        every = [site.name for site in plan.sites]
        yield "Total", [_text(display, key, _value(checked, key, every, quarter)) for quarter in plan.quarters]
    if key is None and plan.total is not None:
        yield "Target", ["-" if quarter != plan.deadline else f"{plan.total:,}" for quarter in plan.quarters]


def _of_chips(checked):
    """(name, texts by quarter) of each chip or system at each site that has it."""
    plan = checked.plan
    for site in plan.sites:
        for chip in site.kinds:
            counts = [checked.cells[site.name, quarter].chips.get(chip, 0) for quarter in plan.quarters]
            if any(counts):
                yield f"{site.name}: {chip}", [_text(None, None, count) for count in counts]


def _value(checked, key, names, quarter):
    cells = [checked.cells[name, quarter] for name in names]
    return sum(cell.needs[key] if key else cell.online for cell in cells)


def _broken(checked, key, one, quarter):
    """Whether what is there is less: of a limit, or of the accelerators that a quarter may add or a site may take."""
    return any(row.site == one.name and row.quarter == quarter and row.key in ((key,) if key else ("ramp", "ready"))
               for row in checked.broken)


def _text(display, key, value):
    if key is None:
        return f"{value:,.0f}"
    unit = ADDITIVE[key].result_unit
    return number(display.convert(units.from_si(value, unit), unit)[0], display.digits, unit in ("rack", "1"))
