"""A plan document as the rows of a table, in the layout that ``layout`` describes."""

import re

from .. import amounts
from ..limits import ADDITIVE
from .fields import counted
from .layout import COLUMNS, COUNTS, FLEET, MEMBERS, OF_SHARED, OF_SITE, PLAIN, WHOLE
from .quarters import Quarter

# rows that a planner may want beside those of the example: what, unit, in words
HINTS = (
    ("added", "", "accelerators added in a quarter; in place of chips"),
    ("chips.gb300", "", "of one kind, where chips change over time; added.gb300 likewise"),
    ("mix.gb300", "%", "when a site's chips are not the fleet's"),
    ("cooling_design", "", "such as dlc-tower; also system, power_design, space, fabric"),
    *((key, limit.result_unit, limit.words) for key, limit in ADDITIVE.items() if key not in ("power", "water")),
    ("existing.power", "MW", "load that is there already; existing.water and so on likewise"),
    ("ramp", "", "most accelerators added in a quarter"),
    ("ordered.substation", "", "the quarter of an order, such as 2025Q1"),
    ("lead_time.substation", "months", "from order to delivery, when it is not the usual"),
    ("per_accelerator.power", "kW/chip", "in place of the model's"),
    ("sites", "", "what the limits of this name are shared by, such as north; south"),
    ("whole", "", "system, rack, hall or 12 MW of hall: what a site is built in whole ones of"),
)


def rows(document):
    """Rows of texts of a plan document, its header first; rows that may be wanted are at its end as remarks.

    :param document: nested tables as a TOML file has them, without faults.
    """
    stated = []  # (site, region, what, unit, value, {Quarter: text})
    for head, tables in FLEET.items():
        table = document
        for key in tables:
            table = table.get(key, {})
        stated += [(WHOLE, "", *row) for row in _stated(head, table)]
    for site in document["site"]:
        name = site.get("name", site["region"])
        stated += [(name, site["region"], *row) for head in OF_SITE for row in _stated(head, site)]
    for shared in document.get("shared", ()):
        stated += [(shared["name"], "", *row) for head in OF_SHARED for row in _stated(head, shared)]
    quarters = sorted({quarter for row in stated for quarter in row[-1]})
    found = [[*COLUMNS[:-1], *map(str, quarters), COLUMNS[-1]]]
    found += [[*row[:-1], *(row[-1].get(quarter, "") for quarter in quarters), ""] for row in stated]
    width = len(found[0])
    found += [[text, *[""] * (width - 1)] for text in ("#", "# Write a site in place of # to use a row:")]
    found += [["#", "", *hint, *[""] * (width - len(hint) - 2)] for hint in HINTS]
    for site in (*document["site"], *document.get("shared", ())):
        if site.get("note"):
            first = next(row for row in found if row[0] in (site.get("name"), site.get("region")))
            first[-1] = site["note"]
    return found


def _stated(head, table):
    """(what, unit, value, {Quarter: text}) of everything that a table says under a key."""
    if head not in table:
        return
    if head in MEMBERS and isinstance(table[head], dict) and not (head in COUNTS and _by_quarter(table[head])):
        for name, entry in table[head].items():
            yield f"{head}.{name}", *_split(head, name, entry)
    else:
        yield head, *_split(head, head, table[head])


def _by_quarter(table):
    """Whether accelerators are of quarters, and not of a chip each."""
    return re.match("[0-9]", next(iter(table), "")) is not None


def _split(head, name, entry):
    """(unit, value, {Quarter: text}) of what a document says, numbers apart from the unit that they share."""
    dated = isinstance(entry, dict)
    texts = {Quarter.of(key): text for key, text in entry.items()} if dated else {None: entry}
    pairs = {quarter: _number(head, name, text) for quarter, text in texts.items()}
    units = {unit for _, unit in pairs.values()}
    unit = units.pop() if len(units) == 1 else ""
    cells = {quarter: number if unit or not own else f"{number} {own}" for quarter, (number, own) in pairs.items()}
    return unit, "" if dated else cells[None], cells if dated else {}


def _number(head, name, text):
    """(number, unit) of a text, both as text."""
    if isinstance(text, list):
        return "; ".join(text), ""
    if head in PLAIN or head in ("lead_time", "settings"):
        return str(text), ""
    if head in COUNTS:
        return str(text if text in (0, "0") else amounts.parse_count(text)), ""
    if head in ("mix", "workload"):
        return (f"{amounts.parse(str(text), '1') * 100:.15g}", "%") if name != head else (str(text), "")
    wanted = ADDITIVE[name].result_unit
    number, unit = amounts.split(counted(str(text), wanted), wanted)
    return f"{number:.15g}", unit
