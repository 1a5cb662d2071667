"""The sheet of results: a row for each deployment, totals over all and by place."""

from ...estimation import Totals
from ...results import RESULTS
from ...rollout.sheets import letters
from .book import address, form_of, span
from .formulas import as_formula

ASKED = ("Deployment", "Site", "Region", "Chip", "System", "Cooling", "Power", "Space", "Fabric", "Workload")
SITE, REGION = 1, 2
COLUMN = {name: len(ASKED) + n for n, name in enumerate(RESULTS)}
CHOICES = {name for name, item in RESULTS.items() if getattr(item, "choices", ())}
HEAD, FIRST = 4, 6


class Layout:
    """Where each result stands: of a deployment, of all, and of the deployments of a place."""

    def __init__(self, handover):
        self.deployments = handover.estimate.deployments
        self.last = FIRST + len(self.deployments) - 1
        self.total = self.last + 1
        regions = [d.line.region for d in self.deployments]
        self.blocks, row = [], self.total + 3
        for title, column, keys in (("By site", SITE, handover.places), ("By region", REGION, regions)):
            if column == REGION or list(keys) != regions:
                groups = {name: [n for n, key in enumerate(keys) if key == name] for name in dict.fromkeys(keys)}
                self.blocks.append((title, row, column, groups))
                row += len(groups) + 2
        self.bottom = row - 1

    def run(self, name):
        """The cells of a result of all deployments."""
        return span(FIRST, self.last, COLUMN[name])

    def of(self, name, n):
        """The cell of a result of one deployment."""
        return f"Results!{address(FIRST + n, COLUMN[name])}"

    def all(self, name):
        """The cell of a result over all deployments."""
        return f"Results!{address(self.total, COLUMN[name])}"

    def by_place(self, name):
        """{place: cell} of a result by site, or by region where there are no sites."""
        _, row, _, groups = self.blocks[0]
        return {place: f"Results!{address(row + n, COLUMN[name])}" for n, place in enumerate(groups)}


def add(book, handover, places):
    """Add the sheet."""
    layout = places["results"]
    sheet = book.sheet("Results", (30, 20, 18, 16, 18, 18, 18, 16, 16, 18, *[13] * len(RESULTS)), freeze=(FIRST, 1),
                       repeat=(HEAD, FIRST - 1), scale=60)
    sheet.text(0, 0, "Results", "title")
    sheet.text(1, 0, "White: computed by the model, which is not in this workbook; it does not follow a change elsewhere. "
                     "Green is live: totals, ratios, and the year's sums from Climate.", "note")
    sheet.text(2, 0, "An empty cell cannot be had, for a figure that it needs is not known; Summary says which.", "note")
    sheet.head(HEAD, ASKED)
    for name, column in COLUMN.items():
        sheet.text(HEAD, column, name if name in CHOICES else f"{name} [{RESULTS[name].unit}]", "head")
        sheet.text(HEAD + 1, column, _how(name), "under")
    sheet.text(HEAD + 1, 0, "how it totals", "under")
    sheet.fit(HEAD, HEAD + 1)
    sheet.heights |= {HEAD: 30, HEAD + 1: 24}
    forms = {name: form_of([float(d.results[name]) for d in layout.deployments if d.results[name].value is not None],
                           RESULTS[name].unit in ("chip", "rack", "system") or name.endswith("_count"))
             for name in COLUMN if name not in CHOICES}
    for n, (label, place, d) in enumerate(zip(handover.labels, handover.places, layout.deployments, strict=True)):
        line = d.line
        for column, text in enumerate((label, place, line.region, line.chip, line.system, line.cooling, line.power,
                                       line.space, line.fabric, line.workload_text)):
            sheet.text(FIRST + n, column, text, "text" if column else "strong")
        _results(sheet, FIRST + n, n, d, places, forms)
    sheet.text(layout.total, 0, "Total", "total")
    for column in range(1, len(ASKED)):
        sheet.text(layout.total, column, " ", "total")
    everything = handover.estimate.totals.results
    _totals(sheet, layout.total, everything, forms, lambda name: _over_all(layout, name), "live_total")
    for title, row, column, groups in layout.blocks:
        sheet.text(row - 1, 0, title, "section")
        for n, (name, members) in enumerate(groups.items()):
            at = row + n
            sheet.text(at, 0, name, "strong")
            found = Totals([layout.deployments[m] for m in members]).results
            where = f"EXACT({span(FIRST, layout.last, column)},{address(at, 0)})*1"
            _totals(sheet, at, found, forms, lambda name, where=where: _where(layout, name, where), "live")


def _how(name):
    total = RESULTS[name].total
    return "the same or none" if name in CHOICES else total if isinstance(total, str) else f"mean by {total[1]}"


def _results(sheet, row, n, d, places, forms):
    """The results of one deployment: arithmetic on its others and sums over its bins live, the rest as computed."""
    cells = {name: f"{letters(column)}{row + 1}" for name, column in COLUMN.items()
             if name not in CHOICES and d.results[name].value is not None}
    for name, column in COLUMN.items():
        result = d.results[name]
        if result.value is None:
            continue
        if name in CHOICES:
            sheet.text(row, column, result)
            continue
        formula = places["climate"].of(name, n) or as_formula(name, cells)
        if formula:
            sheet.formula(row, column, formula, result, forms[name])
        else:
            sheet.number(row, column, result, forms[name])


def _totals(sheet, row, found, forms, formula, look):
    for name, column in COLUMN.items():
        result = found[name]
        if result.value is None:
            sheet.text(row, column, "-", "missing")
        elif name in CHOICES:
            sheet.text(row, column, result)
        else:
            sheet.formula(row, column, formula(name), result, forms[name], look)


def _over_all(layout, name):
    total, run = RESULTS[name].total, layout.run(name)
    if isinstance(total, str):
        return f"{'SUM' if total == 'sum' else 'MAX'}({run})"
    weight = layout.run(total[1])
    return f"IF(SUM({weight})=0,AVERAGE({run}),SUMPRODUCT({run},{weight})/SUM({weight}))"


def _where(layout, name, where):
    """A total over the rows where a name is exactly that; SUMIF would take a star or a sign in a site's name for a rule."""
    total, run = RESULTS[name].total, layout.run(name)
    if total == "sum":
        return f"SUMPRODUCT({where},{run})"
    if total == "largest":
        return f"SUMPRODUCT(MAX({where}*{run}))"
    weight = layout.run(total[1])
    whole = f"SUMPRODUCT({where},{weight})"
    return (f"IF({whole}=0,SUMPRODUCT({where},{run})/SUMPRODUCT({where}),"
            f"SUMPRODUCT({where},{run},{weight})/{whole})")
