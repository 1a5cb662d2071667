"""One profile: its figures with range, grade and source, and the checks on it."""

import re
import textwrap

from .. import units
from ..amounts import split
from ..consistency import grade_shares, reconciled
from ..errors import UnknownNameError
from ..profile_kinds import GRAPH, LISTED
from ..version import SCHEMAS
from ..weather.design_weather import NAMES as DESIGN_WEATHER
from . import machine
from .catalogue import fitted, write
from .numbers import number
from .table import table, width, wrapped


def show(session, name, kind=None):
    """Write one profile: its text, every figure, and the checks on it."""
    library = session.library()
    if kind is not None and kind not in LISTED:
        raise UnknownNameError("kind", kind, hint=f"There are {', '.join(LISTED)}.")
    kind, name = library.find((kind,) if kind else LISTED, name, kind or "profile")
    profile = library.load(kind, name)
    display = session.display()
    cited, labels = _cited(profile)
    if session.format == "json":
        session.write(machine.as_json(_document(profile, library, cited, labels)))
        return
    headers = ["figure", "value", "P10..P90", "grade", "source", "line"]
    rows = {key: _row(key, f, labels[key], display) for key, f in profile.figures.items()}
    if session.format != "table":
        write(session, [(h, "") for h in headers], list(rows.values()), "profiles")
        return
    figures = {key: f for key, f in profile.figures.items() if session.full or f.profile is profile}
    rest = len(profile.figures) - len(figures)
    lines = [wrapped(f"{name}  {profile.header.title}", "  ", width()), f"{profile.shown_path}", ""]
    for key, value in profile.header.model_dump(exclude={"schema_", "title", "published", "constraints"}).items():
        if value not in (None, [], ""):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            lines.append(wrapped(f"{key.replace('_', ' ')}: {shown}", "  ", width()))
    used = dict.fromkeys((*profile.sources, *(labels[key] for key in figures)))
    numbered = {label: f"[{n}]" for n, label in enumerate(used, 1)}
    shown = [[*rows[key][:4], numbered[labels[key]]] for key in figures]
    if shown:
        lines += ["", table(fitted(headers[:5], shown, 0, _broken), headers[:5])]
    if rest:
        lines += ["", wrapped(f"{rest} more figures are those of {profile.header.like}; --full shows them.", "  ", width())]
    notes = [(k, f.note) for k, f in figures.items() if f.note]
    if notes:
        lines += ["", "Notes", *(wrapped(f"  {k}: {note}", "    ", width()) for k, note in notes)]
    disputed = [(k, f) for k, f in figures.items() if f.conflicts]
    if disputed:
        lines += ["", "Where sources disagree"]
    for key, figure in disputed:
        said = "; ".join(f"{c.value} ({', '.join(x for x in (c.source, c.note) if x)})" for c in figure.conflicts)
        lines.append(wrapped(f"  {key}: {figure.text} ({figure.source}) is the default; others say {said}. "
                             f"{figure.reason}", "    ", width()))
    if kind == "region":
        lines += _region_lines(profile, library)
    lines += ["", "Sources", *(wrapped(f"  {number_} {label}: {_said(cited[label])}", "    ", width())
                               for label, number_ in numbered.items())]
    lines += ["", grade_shares(profile), *(f"check: {text}" for text in reconciled(profile, library))]
    session.write("\n".join(lines) + "\n")


def _said(source):
    return f"{source.title} ({', '.join(x for x in (source.publisher, source.date) if x)}) {source.url}"


def _cited(profile):
    """({label: source}, {figure: label}); a label of a base that means another source here has its name before it."""
    found, labels = dict(profile.sources), {}
    for key, figure in profile.figures.items():
        source = figure.profile.source_of(figure)
        same = found.setdefault(figure.source, source) == source
        labels[key] = figure.source if same else f"{figure.profile.name}: {figure.source}"
        found[labels[key]] = source
    return found, labels


def _broken(name, room):
    """A name on as many lines as it needs, broken after its marks."""
    return textwrap.fill(re.sub(r"([_.])", r"\1 ", name), room).replace("_ ", "_").replace(". ", ".")


def _row(key, figure, label, display):
    """A figure as it is written, and its range in the same unit, or both in a unit that the user asks for."""
    unit = GRAPH.givens[key.rpartition(".")[2]].unit
    shown = display.unit(unit)
    stated = split(figure.text, unit)[1] or unit
    value = figure.text if shown == unit else f"{number(units.from_si(figure.value, shown))} {shown}"
    low, high = (_short(units.from_si(x, stated if shown == unit else shown)) for x in (figure.low, figure.high))
    return [key, value, "-" if figure.low == figure.high else f"{low}..{high}", figure.grade, label, figure.place]


def _short(x):
    return f"{x:.3g}" if x and abs(x) < 1e-3 else number(x, 3)


def _document(profile, library, cited, labels):
    def entry(key, f):
        unit = GRAPH.givens[key.rpartition(".")[2]].unit
        return {"value": f.text, "low": units.from_si(f.low, unit), "high": units.from_si(f.high, unit), "unit": unit,
                "grade": f.grade, "source": labels[key], "note": f.note, "place": f.place, "reason": f.reason,
                "conflicts": [c.model_dump() for c in f.conflicts]}

    return {"schema": SCHEMAS["profile"], "kind": profile.kind, "name": profile.name, "path": profile.shown_path,
            **profile.header.model_dump(exclude={"schema_"}, exclude_none=True),
            "figures": {key: entry(key, f) for key, f in profile.figures.items()},
            "sources": {label: s.model_dump() for label, s in cited.items()},
            "checks": [str(f) for f in reconciled(profile, library)]}


def _region_lines(profile, library):
    dry, wet, hours = profile.bins
    mean = [units.from_si(float((x * hours).sum() / hours.sum()), "degC") for x in (dry, wet)]
    header = profile.header
    lines = ["", wrapped(f"Climate: {len(dry)} bins, mean {mean[0]:.1f}/{mean[1]:.1f} degC dry/wet bulb, warmest bin "
                         f"{units.from_si(float(dry.max()), 'degC'):.1f}/{units.from_si(float(wet.max()), 'degC'):.1f}; "
                         f"grade {header.climate_grade}", "  "),
             wrapped(f"  {header.climate_attribution}", "  "), wrapped(f"  {header.weather_advice}", "  ")]
    for p in header.published:
        lines.append(f"Published by {p.provider} for {p.year}: {p.quantity} {p.value:g} {p.unit}".removesuffix(" 1"))
    estimated = [n for n in profile.figures if n in DESIGN_WEATHER and profile.figures[n].grade == "C"]
    if (header.climate_grade != "A" or estimated) and profile.path.is_relative_to(library.root):
        what = "climate" if header.climate_grade != "A" else "design weather"
        lines.append(wrapped(f"  For a better {what}: dcestimate regions new my-{profile.name} --epw FILE.epw --from "
                             f"{profile.name} --out DIR, then --region my-{profile.name} --profiles DIR", "  "))
    return lines + [wrapped(f"- {text}", "  ") for text in header.constraints]
