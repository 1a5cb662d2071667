"""What an answer rests on: the figures that move it most, assumptions, notes, sources, and how to have it again."""

from ... import units
from ...profile_kinds import GRAPH
from ...reports.numbers import number
from ...results import Missing
from ...sweep import moved_alone
from ...version import profiles_version, tool_version
from .parts import Bullets, Command, Fold, Link, Named, Prose, Section, Span, Table

WARNING = "warning: "  # what such a message begins with
MOVED = "facility_peak_power"
MOST, LEAST = 10, 0.002  # figures that are shown, and the least share of the result that one of them moves
SAID = 8  # notes that are not folded away
PRINTED, NOTED, WEATHERS = 6, 5, 2  # figures, notes and attributions that paper has room for


def sections(handover, display, command, printed=True):
    """Sections on what the answer rests on, on what moves it most, printed where paper has room, and on its sources."""
    said, again = tuple(notes(handover, display)), versions(handover.library)
    rest = (Fold(f"{len(said) - SAID} more notes", (Bullets(said[SAID:]),)),) if len(said) > SAID else ()
    return (Section("What the answer rests on", (
                Prose(_counted(handover.estimate)), Bullets(said[:SAID], printed=NOTED), *rest,
                *_assumptions(handover, display))),
            *(Section("What moves the peak most", (table,), printed) for table in moves(handover, display)),
            Section("Sources, and how to have this again", (
                Prose(f"The same tool and profiles ({again}) give the same numbers again, to the last digit, by:"),
                Command(command), *_sources(handover))))


def versions(library):
    """What made the page, in words."""
    return f"dcestimate {tool_version()}, profiles {profiles_version(library.root)}"


def _counted(estimate):
    found = estimate.inputs
    graded = {grade: sum(i.grade == grade for i in found) for grade in "ABC"}
    return (f"{len(found)} figures from {len(estimate.sources)} sources stand behind these numbers: {graded['A']} of grade "
            f"A (measured, or stated by the maker), {graded['B']} of grade B and {graded['C']} of grade C; "
            f"{len(estimate.assumptions)} are assumptions or else grade C. It is an estimate, not a design.")


def warnings(handover, display):
    """What the estimate warns of, each as a sentence."""
    return tuple(f"Warning: {text.removeprefix(WARNING)}." for text in handover.estimate.said(display.unit)
                 if text.startswith(WARNING))


def notes(handover, display):
    """Notes of the plan, what cannot be had, what the user set, notes of the estimate, and what operators publish."""
    estimate = handover.estimate
    yield from (handover.checked.notes if handover.checked else ())
    if handover.plan and any(site.per_accelerator for site in handover.plan.sites):
        yield "Quarters and limits take what these sites state themselves; all other numbers are the model's for them too."
    for name, figure in (("carbon_emissions", "carbon_intensity"), ("energy_cost", "energy_price")):
        result = estimate.results[name]
        if isinstance(result, Missing):
            yield f"No {name}: {result.reason}; state it with --set {figure}=..."
    changed = {name: i for d in estimate.deployments for name, i in d.overrides.items()}
    if changed:
        yield "Set by the user: " + ", ".join(f"{name} = {i.text}" for name, i in changed.items())
    yield from (f"Note: {text.partition(': ')[2]}" for text in estimate.said(display.unit)
                if not text.startswith(WARNING))
    for region in {d.line.region: d.figures.region for d in estimate.deployments}.values():
        said = ", ".join(f"{p.quantity.upper()} {p.value:g} {p.unit}".removesuffix(" 1") + f" in {p.year}"
                         for p in region.header.published)
        if said:
            yield f"{region.header.published[0].provider} publishes for {region.name}, all its halls together: {said}"


def moves(handover, display):
    """The figures that move the peak most, each alone from its 10th to its 90th percentile, in the largest deployment."""
    at = max(range(len(handover.labels)), key=lambda n: handover.estimate.deployments[n].amount(MOVED))
    deployment, unit = handover.estimate.deployments[at], GRAPH[MOVED].unit
    peak = deployment.amount(MOVED)
    moved = [one for one in moved_alone(deployment, MOVED)[:MOST] if abs(one[2] - one[1]) > LEAST * peak]
    if not moved:
        return ()
    least, most = min(min(one[1:]) for one in moved), max(max(one[1:]) for one in moved)
    rows = []
    for names, *ends in moved:
        given = deployment.inputs[names[0]]
        low, high = sorted(ends)
        text = "..".join(number(display.convert(units.from_si(x, unit), unit)[0], display.digits) for x in (low, high))
        rows.append((Named(_meaning(names[0]), names[0]), _amount(given.value, given.unit, display),
                     _range(given, display), Span(text, (low - least) / (most - least), (high - least) / (most - least)),
                     given.grade, Link(given.source, given.url)))
    where = f" of {handover.labels[at]}, the largest" if len(handover.labels) > 1 else ""
    return (Table(f"The peak{where}, with each figure alone at its 10th and at its 90th percentile",
                  ("Figure", "Value", "P10..P90", f"Peak then [{display.unit(unit)}]", "Grade", "Source"), tuple(rows),
                  left=(0, 4, 5), printed=PRINTED, narrow="cards"),)


def _meaning(name):
    stream, _, plain = name.rpartition(".")
    return GRAPH.givens[plain].meaning + (f", {stream}" if stream else "")


def _amount(value, unit, display):
    value, unit = display.convert(units.from_si(value, unit), unit)
    return f"{number(value, display.digits)} {unit}".removesuffix(" 1")


def _range(given, display):
    ends = [display.convert(units.from_si(x, given.unit), given.unit)[0] for x in (given.low, given.high)]
    return "..".join(number(x, display.digits) for x in ends)


def _assumptions(handover, display):
    """All assumptions and figures of grade C, folded away."""
    assumed = {(i.name, i.value, id(i.origin)) for i in handover.estimate.assumptions}
    rows = []
    for given, labels in handover.figures:
        if (given.name, given.value, id(given.origin)) in assumed:
            where = "all" if len(labels) == len(handover.labels) else ", ".join(labels[:3]) + (
                f" and {len(labels) - 3} more" if len(labels) > 3 else "")
            rows.append((Named(_meaning(given.name), given.name), _amount(given.value, given.unit, display), given.note,
                         *([where] if len(handover.labels) > 1 else []), given.place))
    headers = ("Figure", "Value", "Why", *(["Of"] if len(handover.labels) > 1 else []), "File and line")
    left = tuple(n for n in range(len(headers)) if n != 1)
    title = f"All {len(rows)} assumptions and figures of grade C, each with its reason"
    return (Fold(title, (Table(title, headers, tuple(rows), left=left, narrow="cards"),)),) if rows else ()


def _sources(handover):
    """All sources, folded away, and the weather's attribution, which its licences ask for."""
    regions = {d.line.region: d.figures.region.header.climate_attribution for d in handover.estimate.deployments}
    found = {}
    for region, text in regions.items():
        found.setdefault(text, []).append(region)
    weather = tuple(f"Weather of {', '.join(names)}: {text}" for text, names in found.items())
    sources = handover.estimate.sources
    return (Bullets(weather, printed=WEATHERS),
            Fold(f"All {len(sources)} sources", (Bullets(tuple(Link(title, url) for title, url in sources)),)))
