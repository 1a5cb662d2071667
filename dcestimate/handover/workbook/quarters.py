"""The sheets of a plan: what each site has and needs by quarter, and every comparison that makes the verdict."""

from ... import units
from ...limits import ADDITIVE
from ...rollout.sheets import letters
from .book import address, form_of, span

HEAD = 4
FIRST = HEAD + 1
LEFT = ("Site", "Region", "Quarter")
LIMIT_TITLES = ("Kind", "Site", "Quarter", "What", "Unit", "Needed", "There is", "Margin", "Short by", "Verdict")
WHEN, WHAT, _, NEEDED, AVAILABLE, MARGIN, SHORT, VERDICT = range(2, 10)


class Layout:
    """Where a plan's quarters, cells and comparisons stand."""

    def __init__(self, checked):
        plan = checked.plan
        self.quarters, self.sites = plan.quarters, plan.sites
        self.chips = list(dict.fromkeys(name for cell in checked.cells.values() for name in cell.chips))
        self.online = len(LEFT) + len(self.chips)
        self.column = {key: self.online + 1 + n for n, key in enumerate(ADDITIVE)}
        self.width = self.online + 1 + len(ADDITIVE)
        self.last_quarter = FIRST + len(self.quarters) - 1
        self.cells_head = self.last_quarter + 4
        self.first = self.cells_head + 1
        self.last = self.first + len(self.sites) * len(self.quarters) - 1
        self.members = {one.name: one.members for one in plan.bounded}
        self.limited = [n for n, row in enumerate(checked.rows) if row.kind == "limit" and row.key == "power"]
        bounds = {one.name for one in plan.covering("power")}
        self.everywhere = bool(bounds) and {checked.rows[n].site for n in self.limited} == bounds
        self.available = self.width  # of power, by quarter, where every site limits it
        self.last_comparison = FIRST + max(len(checked.rows), 1) - 1

    def cell(self, site, quarter):
        """The row of a site in a quarter."""
        names = [one.name for one in self.sites]
        return self.first + names.index(site) * len(self.quarters) + self.quarters.index(quarter)

    def comparisons(self, column):
        """A column of the comparisons, as a run of cells."""
        return span(FIRST, self.last_comparison, column, "Limits")

    def by_quarter(self, column):
        """A column of the totals by quarter, as a run of cells."""
        return span(FIRST, self.last_quarter, column, "Quarters")


def add(book, handover):
    """Add both sheets."""
    layout = Layout(handover.checked)
    _quarters(book, handover.checked, layout)
    _limits(book, handover.checked, layout)


def _quarters(book, checked, layout):
    sheet = book.sheet("Quarters", (24, 18, 10, *[13] * (layout.width - 2)), freeze=(FIRST, 1))
    sheet.text(0, 0, "Quarters", "title")
    sheet.text(1, 0, "What is online and what it needs at the end of each quarter. White: computed by the model; green is "
                     "live: sums over chips and sites.", "note")
    units_ = [f"{limit.label} [{limit.result_unit}]" for limit in ADDITIVE.values()]
    there = ["Grid power there is [MW]"] if layout.everywhere else []
    titles = (*LEFT, *layout.chips, "Accelerators online", *units_)
    sheet.text(HEAD - 1, 0, "All sites", "section")
    sheet.head(HEAD, ("", "", *titles[2:], *there))
    sheet.text(layout.cells_head - 1, 0, "Each site", "section")
    sheet.head(layout.cells_head, titles)
    sheet.heights |= {HEAD: 32, layout.cells_head: 32}
    forms = {key: form_of([units.from_si(cell.needs[key], ADDITIVE[key].result_unit) for cell in checked.cells.values()],
                          ADDITIVE[key].result_unit in ("rack", "1")) for key in ADDITIVE}
    for site in layout.sites:
        for quarter in layout.quarters:
            _cell(sheet, layout, site, quarter, checked.cells[site.name, quarter], forms)
    for n, quarter in enumerate(layout.quarters):
        _of_quarter(sheet, layout, FIRST + n, quarter, checked, forms)


def _cell(sheet, layout, site, quarter, cell, forms):
    row = layout.cell(site.name, quarter)
    for column, text in enumerate((site.name, site.region, str(quarter))):
        sheet.text(row, column, text, "text" if column else "strong")
    for n, chip in enumerate(layout.chips):
        sheet.number(row, len(LEFT) + n, cell.chips.get(chip, 0), "#,##0")
    sheet.formula(row, layout.online, f"SUM({_run(row, len(LEFT), layout.online - 1)})", cell.online, "#,##0")
    for key, column in layout.column.items():
        sheet.number(row, column, units.from_si(cell.needs[key], ADDITIVE[key].result_unit), forms[key])


def _run(row, first, last):
    return f"{letters(first)}{row + 1}:{letters(last)}{row + 1}"


def _of_quarter(sheet, layout, row, quarter, checked, forms):
    sheet.text(row, 2, str(quarter), "strong")
    cells = [checked.cells[site.name, quarter] for site in layout.sites]
    key = address(row, 2)

    def total(column, value, form):
        rows = span(layout.first, layout.last, 2), span(layout.first, layout.last, column)
        sheet.formula(row, column, f"SUMIF({rows[0]},{key},{rows[1]})", value, form)

    for n, chip in enumerate(layout.chips):
        total(len(LEFT) + n, sum(cell.chips.get(chip, 0) for cell in cells), "#,##0")
    total(layout.online, sum(cell.online for cell in cells), "#,##0")
    for kind, column in layout.column.items():
        total(column, units.from_si(sum(cell.needs[kind] for cell in cells), ADDITIVE[kind].result_unit), forms[kind])
    if layout.everywhere:
        there = [n for n in layout.limited if checked.rows[n].quarter == quarter]
        value = units.from_si(sum(checked.rows[n].available for n in there), "MW")
        kind, what, when, has = (layout.comparisons(column) for column in (0, WHAT, WHEN, AVAILABLE))
        power = f'{kind},"limit",{what},"{ADDITIVE["power"].words}"'
        sheet.formula(row, layout.available, f"SUMIFS({has},{power},{when},{key})", value, form_of([value]))


def _limits(book, checked, layout):
    sheet = book.sheet("Limits", (10, 24, 10, 30, 9, 14, 14, 11, 14, 10), freeze=(FIRST, 0), repeat=(HEAD, HEAD),
                       filtered=(HEAD, 0, layout.last_comparison, VERDICT))
    sheet.text(0, 0, "Limits", "title")
    sheet.text(1, 0, "Every comparison behind the verdict: limits of sites, supply, ramps, readiness, and the fleet's "
                     "total. Green is live: a limit can be changed here, and the verdict follows.", "note")
    sheet.text(2, 0, "Margin: what there is over what is needed, less 1.", "note")
    sheet.head(HEAD, LIMIT_TITLES)
    for n, row in enumerate(checked.rows):
        _comparison(sheet, layout, FIRST + n, row)


def _comparison(sheet, layout, at, row):
    for column, text in enumerate((row.kind, row.site or "all", str(row.quarter), row.label, row.unit)):
        sheet.text(at, column, text)
    needed, available = (units.from_si(x, row.unit) for x in (row.needed, row.available))
    form = form_of([x for x in (needed, available) if x != float("inf")], row.unit in ("chip", "rack", "1"))
    if row.kind == "limit":
        cells = [address(layout.cell(name, row.quarter), layout.column[row.key]) for name in layout.members[row.site]]
        sheet.formula(at, NEEDED, "+".join(f"Quarters!{cell}" for cell in cells), needed, form)
    else:
        sheet.number(at, NEEDED, needed, form)
    if available == float("inf"):
        sheet.text(at, AVAILABLE, "no limit", "missing")
        sheet.text(at, VERDICT, "fits")
        return
    sheet.number(at, AVAILABLE, available, form)
    a, b = (f"{letters(column)}{at + 1}" for column in (NEEDED, AVAILABLE))
    over = f"{a}>{b}*1.000000001+0.000000001"
    sheet.formula(at, MARGIN, f'IF({a}>0,{b}/{a}-1,"-")', row.margin if row.needed > 0 else "-", "0.0%")
    sheet.formula(at, SHORT, f"IF({over},{a}-{b},0)", max(needed - available, 0.0) if row.broken else 0.0, form)
    sheet.formula(at, VERDICT, f'IF({over},"short","fits")', "short" if row.broken else "fits",
                  look="short" if row.broken else "live")
