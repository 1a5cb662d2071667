"""The sheet of every figure that the model was given."""

from ... import units
from ...profile_kinds import GRAPH
from .book import form_of

TITLES = ("Figure", "Meaning", "Value", "Unit", "Low (P10)", "High (P90)", "Grade", "Status", "Source", "Stated at", "Note",
          "Deployments")
WIDTHS = (34, 44, 12, 11, 11, 11, 7, 11, 44, 38, 44, 26)
NAME = "Inputs"
VALUE, STATUS = TITLES.index("Value"), TITLES.index("Status")
FIRST = 4
LOOKS = {"assumption": "assumed", "given": "given"}


class Layout:
    """Where each figure stands."""

    def __init__(self, handover):
        self.figures = handover.figures
        self.rows = {}
        for n, (given, _) in enumerate(self.figures):
            self.rows.setdefault(given.name, FIRST + n)
            self.rows.setdefault(given.name.rpartition(".")[2], FIRST + n)

    @property
    def last(self):
        return FIRST + len(self.figures) - 1

    def link(self, name):
        """Where a figure is, for a link; nowhere where no deployment was given it."""
        return f"{NAME}!A{self.rows[name] + 1}" if name in self.rows else ""


def add(book, handover, layout):
    """Add the sheet."""
    sheet = book.sheet(NAME, WIDTHS, freeze=(FIRST, 1), repeat=(0, FIRST - 1),
                       filtered=(FIRST - 1, 0, layout.last, len(TITLES) - 1))
    sheet.text(0, 0, "Inputs", "title")
    sheet.text(1, 0, "Every figure that the model was given. Yellow: an assumption. Blue: given by the user. Nothing "
                     "follows a change made here, for the plant is not in this workbook.", "note")
    sheet.text(2, 0, 'To change one, ask again: dcestimate report ... --set "figure=value unit".', "note")
    sheet.head(FIRST - 1, TITLES)
    for n, (given, labels) in enumerate(layout.figures):
        place = given.place
        for folder in handover.library.folders:  # wherever a user keeps it
            place = place.replace(f"{folder.as_posix()}/", "own profiles: ")
        _row(sheet, FIRST + n, given, place, labels if len(labels) < len(handover.labels) else ["all"])


def _row(sheet, row, given, place, labels):
    value, low, high = (None if x is None else units.from_si(x, given.unit) for x in (given.value, given.low, given.high))
    form = form_of([x for x in (value, low, high) if x is not None])
    sheet.text(row, 0, given.name, "strong")
    sheet.text(row, 1, GRAPH.givens[given.name.rpartition(".")[2]].meaning, "wrap")
    sheet.number(row, VALUE, value, form, LOOKS.get(given.status, "number"))
    sheet.text(row, 3, given.unit, "unit")
    for column, end in ((4, low), (5, high)):
        if end is not None and low != high:
            sheet.number(row, column, end, form)
    for column, text in ((6, given.grade), (STATUS, given.status)):
        sheet.text(row, column, text, "unit")
    for column, text in ((8, given.source), (9, place), (10, given.note), (11, ", ".join(labels))):
        sheet.text(row, column, text, "wrap")
