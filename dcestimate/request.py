"""From what a user asks to lines of work, every name resolved.

A *line* is so many accelerators of one system in one region with one set of designs. A request of mixed chips and
regions is the cross product of both.
"""

import difflib
import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from . import amounts
from .arrays import STREAMS
from .errors import OutputError, ProfileError, QuantityError, UnknownNameError, UsageError
from .profile_kinds import GRAPH
from .version import SCHEMAS

DESIGNS = ("chip", "system", "region", "cooling", "power", "space", "fabric")
WORKLOADS = ("training", "inference", "hpl", "idle")


@dataclass(frozen=True)
class Line:
    """One line of work, every name resolved; ``stated`` holds the names the user gave rather than took by default."""

    count: int
    chip: str
    system: str
    region: str
    cooling: str
    power: str
    space: str
    fabric: str
    workload: tuple = (("training", 1.0),)
    settings: tuple = ()
    stated: frozenset = frozenset()

    @property
    def designs(self):
        """Everything but the count: lines that agree in it share their figures."""
        return replace(self, count=1)

    @property
    def workload_text(self):
        if len(self.workload) == 1:
            return self.workload[0][0]
        return ", ".join(f"{share:.0%} {name}" for name, share in self.workload)


def lines(library, count, chip, region, *, system=None, cooling=None, power=None, space=None, fabric=None,
          workload=None, settings=()):
    """The lines of a request.

    ``chip`` and ``region`` are texts such as "gb200" or "gb300:60%,trainium2:40%", or lists of them; the rest are
    names, ``workload`` a mix such as "inference:2/3,training:1/3" and ``settings`` "name=value" texts.

    :raises UsageError: when a name, share or value is not understood.
    """
    count = amounts.parse_count(count)
    chips, regions = parse_mix(chip, "chip"), parse_mix(region, "region")
    designs = {"cooling": cooling, "power": power, "space": space, "fabric": fabric}
    for name, value in designs.items():
        if value is not None and "," in str(value):
            raise UsageError(f"--{name} takes one design here, and '{value}' names several.",
                             "Estimate them one by one.")
    mix = _workload(library, workload)
    settings = tuple(parse_setting(s) for s in ([settings] if isinstance(settings, str) else settings))
    resolved = [(_chip_and_system(library, text, system), share) for text, share in chips]
    places = [(library.find("region", text)[1], share) for text, share in regions]
    _no_repeats([pair for pair, _ in resolved], "chip")
    _no_repeats([place for place, _ in places], "region")
    counts = split(count, [a * b for _, a in resolved for _, b in places])
    found = []
    for (chip_name, system_name), _ in resolved:
        for place, _ in places:
            number = counts[len(found)]
            bought = library.load("system", system_name)
            names = {kind: library.find(kind, value)[1] if value is not None else library.named(bought, kind).name
                     for kind, value in designs.items()}
            stated = {"chip", "region", *(k for k, v in designs.items() if v is not None)}
            stated |= {k for k, v in (("system", system), ("workload", workload)) if v is not None}
            found.append(Line(number, chip_name, system_name, place, **names, workload=mix, settings=settings,
                              stated=frozenset(stated)))
    return [line for line in found if line.count]


def split_request(text):
    """(count, chip, region) of "100k gb200 in us-east-1"; parts that are not there are None.

    >>> split_request("100k gb200 in us-east-1"), split_request(500), split_request("1e5 gb200")
    (('100k', 'gb200', 'us-east-1'), ('500', None, None), ('1e5', 'gb200', None))
    """
    text = str(text).strip()
    found = re.fullmatch(r"(?P<count>[+-]?[\d.,_ ]+(?:(?<=\d)e[+-]?\d+\b)?"
                         r"(?:\s?(?:k|m|b|thousand|million|billion)\b)?)\s*(?:x\s+)?"
                         r"(?P<chip>[^\s]+)?(?:\s+in\s+(?P<region>\S+))?", text, re.I)
    if not found:
        return text, None, None
    return found["count"].strip(), found["chip"], found["region"]


def lines_from_json(library, path):
    """The lines behind a JSON estimate, rebuilt from its inputs.

    :raises ProfileError: when the file is not such a document; OutputError when it cannot be read.
    """
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise ProfileError([f"{path}: is not a JSON estimate: it is not text"]) from None
    try:
        document = json.loads(text)
        if document["schema"] != SCHEMAS["estimate"] or not document["deployments"]:
            raise ValueError(f"its schema is not {SCHEMAS['estimate']}, or it has no deployments")
        return [line_of_document(library, one) for one in document["deployments"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UsageError) as error:
        says = f"{error} is missing" if isinstance(error, KeyError) else str(error).splitlines()[0]
        raise ProfileError([f"{path}: is not a JSON estimate: {says}"]) from None


def line_of_document(library, one):
    """The line behind the inputs and overrides of one deployment of a document.

    :raises ValueError: or UsageError, KeyError, TypeError, where they are no such thing.
    """
    given = one["inputs"]
    count = given["accelerator_count"]["value"]
    if not isinstance(count, int):
        raise ValueError(f"accelerator_count is {count!r}, not a whole number")
    chosen = {k: library.find(k, given[k]["value"])[1] for k in DESIGNS}
    if library.named(library.load("chip", chosen["chip"]), "system").name != chosen["system"]:
        _chip_and_system(library, chosen["chip"], chosen["system"])
    mix = tuple((library.find("workload", name)[1], float(share)) for name, _, share in
                (part.partition(":") for part in given["workload"]["value"].split(",")))
    if not abs(sum(share for _, share in mix) - 1) < 1e-6:
        raise ValueError("its workload shares do not add up to 1")
    stated = frozenset(k for k in (*DESIGNS, "workload") if given[k]["status"] == "given")
    return Line(amounts.parse_count(count), **chosen, workload=mix, stated=stated,
                settings=tuple(parse_setting(f"{k}={v}") for k, v in one["overrides"].items()))


def _no_repeats(names, what):
    for name in names:
        if names.count(name) > 1:
            shown = name if isinstance(name, str) else name[0]
            raise UsageError(f"{what} '{shown}' is named twice.", "Name it once, with its whole share.")


def _chip_and_system(library, text, system):
    """(chip, system) for what a user wrote under --chip, which may be either, and under --system."""
    kind, name = library.find(("chip", "system"), text)
    chip = name if kind == "chip" else library.named(library.load("system", name), "chip").name
    own = library.named(library.load("chip", chip), "system").name if kind == "chip" else name
    if system is None:
        return chip, own
    holding = library.systems_of(chip)
    try:
        return chip, library.find("system", system, among=holding)[1]
    except UnknownNameError:
        found = library.find("system", system)[1]  # complains when there is none of that name at all
    belongs = library.named(library.load("system", found), "chip").name
    raise UsageError(f"system '{found}' holds {belongs}, not {chip}.",
                     f"Write --chip {belongs}, or a system of {chip}: {', '.join(holding)}.")


def parse_mix(texts, what):
    """[(name, share), ...] from "a:60%,b:40%" or a list of such; shares add up to 1."""
    if isinstance(texts, dict):
        texts = [f"{name}:{share}" for name, share in texts.items()]
    texts = [texts] if isinstance(texts, str) else list(texts or ())
    parts = [part.strip() for text in texts for part in str(text).split(",") if part.strip()]
    if not parts:
        raise UsageError(f"a {what} is missing.", f"Name one with --{what}.")
    pairs = [(part.partition(":")[0].strip(), part.partition(":")[2].strip()) for part in parts]
    if len(pairs) == 1 and not pairs[0][1]:
        return [(pairs[0][0], 1.0)]
    bare = [name for name, share in pairs if not share]
    if bare:
        even = split(100, [1 / len(pairs)] * len(pairs))
        raise UsageError(f"{what} '{bare[0]}' has no share.",
                         f"Write e.g. --{what} {','.join(f'{n}:{p}%' for (n, _), p in zip(pairs, even, strict=True))}.")
    shares = [_share(share, name) for name, share in pairs]
    if abs(sum(shares) - 1) > 1e-6:
        raise UsageError(f"the {what} shares add up to {sum(shares):.4g}, not 1.", "Write shares that add up to 100 %.")
    return [(name, share) for (name, _), share in zip(pairs, shares, strict=True)]


def _share(text, name):
    try:
        share = amounts.parse(text, "1")
    except QuantityError as error:
        raise UsageError(f"the share of '{name}' is '{text}': {error.message}", "Write e.g. 60% or 2/3.") from None
    if not 0 < share <= 1:
        raise UsageError(f"the share of '{name}' is {text}, not above 0 and at most 100 %.", "Write e.g. 60% or 2/3.")
    return share


def split(count, shares):
    """Whole parts of a count by shares that add up to 1, by largest remainder.

    >>> split(10, [0.25, 0.75]), split(1, [0.5, 0.5])
    ([3, 7], [1, 0])
    """
    exact = [count * share for share in shares]
    parts = [int(x + 1e-9) for x in exact]
    order = sorted(range(len(shares)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: count - sum(parts)]:
        parts[i] += 1
    return parts


def _workload(library, text):
    if text is None:
        return (("training", 1.0),)
    mix = tuple((library.find("workload", name)[1], share) for name, share in parse_mix(text, "workload"))
    _no_repeats([name for name, _ in mix], "workload")
    return mix


def parse_setting(text):
    """(name, value text) of "name=value", the name being a figure of the model, of one stream or of both.

    :raises UsageError: for an unknown name, or a result, naming the figures that move it.
    """
    if isinstance(text, tuple):
        text = "=".join(text)
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not value.strip():
        raise UsageError(f"'{text[:60]}' is not a setting.", 'Write e.g. --set "rack_power_limit=140 kW/rack".')
    stream, _, plain = name.rpartition(".")
    if plain in GRAPH.quantities:
        named = [n for n in GRAPH.needed(plain) if n in GRAPH.givens and not GRAPH.givens[n].state
                 and n != "accelerator_count"][:6]
        raise UsageError(f"{plain} is a result and cannot be set.", f"Figures that move it: {', '.join(named)}.")
    given = GRAPH.givens.get(plain)
    if given is None or given.state or (stream and (stream not in STREAMS or not given.stream)):
        options = [n for n, g in GRAPH.givens.items() if not g.state]
        options += [f"{s}.{n}" for s in STREAMS for n, g in GRAPH.givens.items() if g.stream]
        raise UnknownNameError("input", name, tuple(difflib.get_close_matches(name[:80], options, 3)),
                               "'dcestimate schema profile' lists all inputs.")
    if plain == "accelerator_count":
        raise UsageError("accelerator_count is set by the count itself.", "Write the count first, such as 100k.")
    parse_figure(name, value)
    return name, value.strip()


def parse_figure(name, text):
    """A user's value of a Given in SI."""
    try:
        return amounts.parse(text, GRAPH.givens[name.rpartition(".")[2]].unit)
    except QuantityError as error:
        raise QuantityError(f"{name}: {error.message}", error.hint, error.suggestion) from None
