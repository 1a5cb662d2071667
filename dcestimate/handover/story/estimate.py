"""What the page of an estimate says: at a glance, then by chain, year, place and result, and what it rests on."""

from ...estimation import Totals
from ...reports.numbers import number
from ...reports.screen import summary_rows
from . import basis
from .chains import chains
from .figures import placed, use_figure, water_figures, year_parts
from .parts import Columns, Fold, Prose, Row, Section, Story, Table
from .summary import design, headline, tiles

PRINTED = 20  # places that paper has room for
FEW = 6  # places that leave paper room for more
COLUMNS = (("Racks", "rack_count"), ("IT", "critical_it_power"), ("Peak", "facility_peak_power"),
           ("Grid", "grid_connection"), ("PUE", "pue"), ("PUE, peak", "peak_pue"), ("Energy a year", "annual_energy"),
           ("Water a year", "annual_water"), ("Peak day", "peak_day_water"), ("Site", "site_area"))


def story(handover, display, command):
    """The Story of an estimate."""
    places = len(set(handover.places))
    sections = (*place_sections(handover, display), chain_section(handover, display, printed=places <= FEW),
                year_section(handover, display, printed=places == 1), result_section(handover, display, second=True),
                *basis.sections(handover, display, command))
    return Story(handover.title, headline(handover, display), basis.warnings(handover, display), design(handover),
                 tiles(handover.estimate.results, display), sections, basis.versions(handover.library))


def chain_section(handover, display, printed=True):
    """The chains of the largest deployment, by design and over the year."""
    of = handover.estimate.deployments
    at = max(range(len(of)), key=lambda n: of[n].amount("facility_peak_power"))
    said = (Prose(f"Of {handover.labels[at]}, the largest of {len(of)}."),) if len(of) > 1 else ()
    return Section("Where power comes from, and heat goes", (
        *said, Row(chains(of[at], display)), Fold("The same as the mean of the year", (Row(chains(of[at], display, 1)),))),
        printed)


def year_section(handover, display, printed=True):
    """The year over outdoor temperature."""
    return Section("The year, by outdoor temperature", (year_parts(handover, display),), printed)


def place_sections(handover, display, printed=True):
    """Of several places a row each, or of several systems in one, and all together."""
    places, deployments = placed(handover), handover.estimate.deployments
    if len(deployments) == 1:
        return ()
    several = len(places) > 1
    figures = (Row((use_figure(handover, display), *water_figures(handover, display))),) if several else ()
    if not several:
        places = {label: [d] for label, d in zip(handover.labels, deployments, strict=True)}
    whole = handover.estimate.results
    headers = ("Place", "Systems", "Chips", *(_header(label, whole[name], display) for label, name in COLUMNS))
    rows = [_row(place, found, Totals(found), display) for place, found in places.items()]
    rows.append(("Total", "", *_row("", deployments, handover.estimate.totals, display)[2:]))
    table = Table("Each place, and all together", headers, tuple(rows), left=(0, 1), total=True, printed=PRINTED,
                  narrow="cards")
    return (Section("Power and water by place", (*figures, table), printed),)


def _row(place, deployments, totals, display):
    systems, count = dict.fromkeys(d.line.system for d in deployments), sum(d.line.count for d in deployments)
    return place, ", ".join(systems), f"{count:,}", *(_cell(totals[name], display) for _, name in COLUMNS)


def _header(label, result, display):
    unit = display.unit(result.unit)
    return label if unit in ("1", "rack") else f"{label} [{unit}]"


def _cell(result, display):
    if result.value is None:
        return "-"
    value, unit = display.convert(result, result.unit)
    return number(value, display.digits, unit == "rack")


def result_section(handover, display, printed=True, second=False):
    """Every result of the screen, in its groups."""
    (_, *headers), rows = summary_rows(handover.estimate, display)
    groups = {}
    for group, *row in rows:
        groups.setdefault(group or list(groups)[-1], []).append(tuple(row))
    tables = (Table(group, tuple(headers), tuple(found), left=(0, 3), narrow="facts") for group, found in groups.items())
    return Section("All results, and the plant", (Columns(tuple(tables)),), printed, second)
