"""What the page of a plan says: the verdict first, then quarter by quarter, what falls short, and what would mend it."""

from ...amounts import percent
from ...limits import ADDITIVE
from ...reports.numbers import number
from .. import charts
from . import basis
from .estimate import FEW, PRINTED, chain_section, place_sections, result_section, year_section
from .figures import shown
from .parts import Bullets, Figure, Fold, Prose, Row, Section, Short, Story, Table
from .summary import design, tiles

STACKED = len(charts.SERIES)  # sites with a colour of their own; the rest are one
NEAREST = 8  # limits that are listed of a plan that fits
ACROSS = 8  # quarters that a table has room for
SHOWN, FOLDED = (None, "power"), ("racks", "annual_water", "white_space")


def story(handover, display, command):
    """The Story of a plan."""
    checked, plan = handover.checked, handover.plan
    before = plan.quarters[:-ACROSS]
    earlier = [before[n:n + ACROSS] for n in range(0, len(before), ACROSS)]
    last, few = plan.quarters[-ACROSS:], len(plan.sites) <= FEW
    sections = (
        Section("Quarter by quarter", (Row(tuple(quarter_figures(checked, display))),)),
        limit_section(handover, display),
        Section("Accelerators and grid power at the end of a quarter", (
            *(quarter_table(checked, display, key, last) for key in SHOWN),
            Fold(f"Racks, water and floor{', and earlier quarters' if earlier else ''}", (
                *(quarter_table(checked, display, key, quarters) for quarters in earlier for key in (*SHOWN, *FOLDED)),
                *(quarter_table(checked, display, key, last) for key in FOLDED)))), second=True),
        *place_sections(handover, display, printed=few), year_section(handover, display, printed=False),
        chain_section(handover, display, printed=False), result_section(handover, display, printed=False),
        *basis.sections(handover, display, command, printed=False))
    return Story(handover.title, headline(checked, display), basis.warnings(handover, display),
                 (("Numbers", f"of all sites at the end of {plan.deadline}"), *design(handover)),
                 tiles(handover.estimate.results, display), sections, basis.versions(handover.library),
                 (checked.feasible, "The plan fits" if checked.feasible else "The plan does not fit"))


def headline(checked, display):
    """What is online at the deadline, and what decides, in a sentence."""
    plan, row = checked.plan, checked.binding
    wanted = f" of {plan.total:,}" if plan.total is not None else ""
    online = f"{checked.online(plan.deadline):,.0f}{wanted} accelerators are online at the end of {plan.deadline}"
    if row is None or row.margin == float("inf"):
        return f"{online}; no site states a limit."
    if checked.feasible:
        return (f"{online}, with {percent(row.margin)} to spare where it is tightest: {_where(row)} in {row.quarter}, "
                f"{amount(row.needed, row, display)} of {amount(row.available, row, display)}.")
    return (f"{online}, but {_where(row)} falls short first, in {row.quarter}: {amount(row.needed, row, display)} are "
            f"needed and {amount(row.available, row, display)} are there, short by {amount(row.short, row, display)}.")


def _where(row):
    return f"{row.label} in {row.site}" if row.site else row.label


def amount(value, row, display):
    """An amount of a comparison, in the unit that is shown."""
    if value == float("inf"):
        return "no limit"
    if row.kind != "limit":
        return f"{value:,.0f} accelerators"
    unit = display.unit(row.unit)
    return f"{number(shown(value, row.unit, display), display.digits, row.unit in ('rack', '1'))} {unit}".removesuffix(" 1")


def quarter_figures(checked, display):
    """Accelerators online and grid power by quarter, stacked by site, beside the target and what there is."""
    plan, quarters = checked.plan, [str(quarter) for quarter in checked.plan.quarters]
    ordered = sorted((site.name for site in plan.sites), key=lambda name: -checked.cells[name, plan.deadline].online)
    groups = {name: [name] for name in ordered[:STACKED]}
    if ordered[STACKED:]:
        groups[f"{len(ordered) - STACKED} more sites"] = ordered[STACKED:]
    online = [[sum(checked.cells[name, q].online for name in names) for q in plan.quarters] for names in groups.values()]
    power = [[shown(sum(checked.cells[name, q].needs["power"] for name in names), "MW", display) for q in plan.quarters]
             for names in groups.values()]
    target = [plan.total if quarter == plan.deadline else None for quarter in plan.quarters]
    bounds = plan.covering("power")
    there = [shown(sum(max(one.available("power", q), 0.0) for one in bounds), "MW", display) if bounds else None
             for q in plan.quarters]
    unit = display.unit("MW")
    for name, title, stacks, marks, marked in (
            ("chips", "Accelerators online", online, target, "wanted at the deadline"),
            ("power", f"Grid power by design [{unit}]", power, there, "what the sites have together")):
        dashed = any(mark is not None for mark in marks)
        said = "; ".join(f"{quarter}: {number(sum(column), display.digits)}"
                         for quarter, column in zip(quarters, zip(*stacks, strict=True), strict=True))
        yield Figure(title + (f" (dashed: {marked})" if dashed else ""), f"{title} at the end of a quarter. {said}.",
                     _drawing(name, quarters, stacks, marks), charts.keys(groups))


def _drawing(name, quarters, stacks, marks):
    return lambda: charts.by_quarter(name, quarters, stacks, marks)


def limit_section(handover, display):
    """What falls short and the repairs; or, of a plan that fits, the limits that are nearest."""
    checked, rows = handover.checked, {}
    for row in checked.broken or sorted((r for r in checked.rows if r.kind != "target"), key=lambda r: r.margin):
        rows.setdefault((row.site, row.label), []).append(row)
    if checked.feasible:
        cells = [(_upper(found[0].label), found[0].site or "all", str(found[0].quarter),
                  amount(found[0].needed, found[0], display), amount(found[0].available, found[0], display),
                  percent(found[0].margin)) for found in list(rows.values())[:NEAREST] if found[0].margin < float("inf")]
        return Section("What comes first", (Table("The limits that are nearest", (
            "Limit", "Site", "Quarter", "Needed", "There", "To spare"), tuple(cells), left=(0, 1, 2), narrow="cards"),)
            if cells else (Prose("No site states a limit that is near."),))
    cells = []
    for found in rows.values():
        worst = max(found, key=lambda row: row.short)
        cells.append((_upper(worst.label), worst.site or "all", str(min(row.quarter for row in found)),
                      str(worst.quarter), amount(worst.needed, worst, display),
                      amount(worst.available, worst, display), Short(amount(worst.short, worst, display))))
    table = Table("Each limit that falls short, at its worst", (
        "Limit", "Site", "From", "Worst in", "Needed", "There", "Short by"), tuple(cells), left=(0, 1, 2, 3),
        printed=PRINTED // 2, narrow="cards")
    mend = Bullets(tuple(_upper(repair.text) + "." for repair in handover.repairs))
    less = ", and a step less of any does not do" if checked.plan.decided else ""
    said = Prose(f"Each of these alone makes the plan fit; each is checked{less}:" if handover.repairs
                 else "No single kind of change makes it fit.")
    return Section("What falls short, and the changes that mend it", (table, said, mend))


def _upper(text):
    return text[:1].upper() + text[1:]


def quarter_table(checked, display, key, quarters):
    """What is online (None), or needed of a kind of limit, by site and quarter."""
    plan, kind = checked.plan, ADDITIVE.get(key)
    title = f"{kind.label} [{display.unit(kind.result_unit)}]" if kind else "Accelerators online"

    def text(value):
        if kind is None:
            return f"{value:,.0f}"
        return number(shown(value, kind.result_unit, display), display.digits, kind.result_unit in ("rack", "1"))

    def value(one, quarter):
        cells = [checked.cells[name, quarter] for name in one.members]
        return sum(cell.needs[key] if kind else cell.online for cell in cells)

    lines = *plan.sites, *(one for one in plan.shared if key in one.limits)
    broken = {(row.site, row.quarter) for row in checked.broken
              if row.site and row.quarter in quarters and (row.key == key or kind is None)}
    lines = sorted(lines, key=lambda one: one.name not in {name for name, _ in broken})  # paper has room for the first
    rows = [(site.name, *(Short(text(value(site, q))) if (site.name, q) in broken else text(value(site, q))
                          for q in quarters)) for site in lines]
    if len(plan.sites) > 1:
        rows.append(("Total", *(text(sum(value(site, q) for site in plan.sites)) for q in quarters)))
    caption = f"{title}; ! where a limit falls short" if broken else title
    return Table(caption, ("Site", *map(str, quarters)), tuple(rows), total=len(plan.sites) > 1, printed=PRINTED,
                 narrow="cards")
