"""Published cases: one row of a case file is one published number, and the request that should reproduce it.

A case file is a CSV with the columns of ``COLUMNS``; empty fields mean the default of the tool, or of the kind of case.
"""

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from . import amounts
from .errors import DcestimateError, OutputError, ProfileError
from .figures import figures
from .profile_kinds import GRAPH
from .request import lines
from .results import RESULTS
from .units import parse_unit

COLUMNS = ("id", "kind", "title", "count", "chip", "system", "region", "cooling", "power", "workload", "set", "quantity",
           "value", "unit", "low", "high", "basis", "status", "source", "url", "grade", "year")
NEEDED = ("kind", "quantity", "value")
STATUSES = ("calibrated", "emergent")
COUNT, CHIP, REGION = "10000", "h100-sxm", "us-east-1"
OPERATOR, RENTED = "operator-fleet", "operator-colocation"


@dataclass(frozen=True)
class Kind:
    """What cases of a kind are, what a row that is silent means, and how near a prediction is hoped to be."""

    meaning: str
    within: float
    defaults: tuple = ()


KINDS = {
    "hpl": Kind("measured power of GPU supercomputers running HPL", 0.20, (("workload", "hpl"),)),
    "node": Kind("measured and nameplate power of servers", 0.10),
    "reference-design": Kind("racks, switches and power of vendors' designs", 0.05),
    "ai-site": Kind("announced power of AI sites", 0.30),
    "pue-region": Kind("annual PUE that operators publish for a region", 0.10, (("cooling", OPERATOR),)),
}
DOUBTFUL = "-tier-2"
KINDS |= {f"{name}{DOUBTFUL}": Kind(f"{KINDS[name].meaning}; count, basis or run in doubt", KINDS[name].within,
                                 KINDS[name].defaults) for name in ("hpl", "ai-site")}
OTHER = Kind("other published numbers", 0.20)


@dataclass(frozen=True)
class Case:
    """One published number with the line of work it is a number of; ``value``, ``low`` and ``high`` are in ``unit``."""

    id: str
    kind: str
    title: str
    line: object
    quantity: str
    value: float
    unit: str
    low: float | None
    high: float | None
    basis: str
    status: str
    source: str
    url: str
    grade: str
    year: str
    place: str

    @property
    def group(self):
        """Kind of the case, with what is common to all cases of it."""
        return KINDS.get(self.kind, OTHER)


def shipped():
    """The case files of the checkout that the tool runs from or is called in; none anywhere else."""
    for folder in (Path(__file__).resolve().parent.parent, Path.cwd(), *Path.cwd().parents):
        if (folder / "profiles" / "physics.toml").is_file() and (folder / "dcestimate").is_dir():
            return sorted((folder / "tests" / "data" / "cases").glob("*.csv"))
    return []


def read(path, library):
    """(cases, problems) of one case file: a faulty row is a problem with its line, and is left out.

    :raises OutputError: when the file cannot be read; ProfileError when it is no case file.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise ProfileError([f"{path}: is not a case file: it is not UTF-8 text"]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise ProfileError([f"{path}:1: is not a case file: {error}"]) from None
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise ProfileError([f"{path}:1: the header has no column {', '.join(lacking)}; a case file has the columns "
                            f"{','.join(COLUMNS)}"])
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ProfileError([f"{path}:1: the header has the column {twice} twice"])
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown:
        raise ProfileError([f"{path}:1: {', '.join(unknown)} is not a column of a case file; there are "
                            f"{','.join(COLUMNS)}"])
    reader.fieldnames = header
    cases, problems = [], []
    while True:
        place = f"{path}:{reader.line_num + 1}"
        try:
            row = next(reader)
            breaks = sum(value.count("\n") for value in row.values() if isinstance(value, str))
            place = f"{path}:{reader.line_num - breaks}"  # blank lines before a row are skipped
        except StopIteration:
            cases, repeated = distinct(cases)
            return cases, sorted(problems + repeated, key=lambda text: int(text[len(f"{path}:"):].partition(":")[0]))
        except csv.Error as error:
            says = ("a quote that opens here is never closed, and nothing after it was read" if "end of data" in str(error)
                    else error)
            problems.append(f"{place}: {says}")
            continue
        try:
            cases.append(_case(row, place, library))
        except (ValueError, DcestimateError) as error:
            says = " ".join(str(error).split())
            problems.append(f"{place}: {says}")


def distinct(cases):
    """(cases, problems): of cases that share an id, in one file or in several, the first."""
    found, problems = {}, []
    for case in cases:
        if case.id in found:
            problems.append(f"{case.place}: id {case.id} is used twice, first in {found[case.id].place}")
        else:
            found[case.id] = case
    return list(found.values()), problems


def _case(row, place, library):
    if None in row or row.get("more") or None in row.values():
        raise ValueError(f"the row has {'more' if row.get('more') else 'fewer'} fields than the header")
    field = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in NEEDED:
        if not field[name]:
            raise ValueError(f"{name} is empty")
    quantity = field["quantity"]
    if quantity not in RESULTS or getattr(RESULTS[quantity], "choices", ()):
        raise ValueError(f"quantity '{quantity}' is no number that an estimate holds")
    if field["status"] not in (*STATUSES, ""):
        raise ValueError(f"status is '{field['status']}', not {' or '.join(STATUSES)}")
    if quantity == "grid_connection" and field["unit"].endswith("W"):
        quantity = "facility_peak_power"  # the same connection, stated as active power
    unit = _unit(field["unit"], RESULTS[quantity].unit, quantity)
    value, low, high = (_number(name, field[name]) for name in ("value", "low", "high"))
    if not value > 0:
        raise ValueError(f"value is {field['value']}, not above zero")
    if (low is not None and low > value) or (high is not None and high < value):
        raise ValueError(f"value {field['value']} is outside its own range {field['low']}..{field['high']}")
    for name, default in KINDS.get(field["kind"], OTHER).defaults:
        field[name] = field[name] or default
    region = field["region"] or REGION
    if field["cooling"] == OPERATOR and library.load("region", library.find("region", region)[1]).header.colocation:
        field["cooling"] = RENTED
    settings = [part.strip() for part in field["set"].split(";") if part.strip()]
    chip = field["chip"] or field["system"] or CHIP
    asked = {name: field[name] or None for name in ("cooling", "power", "workload")}
    system = field["system"] if field["chip"] and field["system"] else None
    found = lines(library, _count(field["count"]), chip, region, system=system, settings=settings, **asked)
    if len(found) != 1:
        raise ValueError("a case is one chip in one region")
    title = field["title"] or field["id"] or place
    if not field["count"] and RESULTS[quantity].total == "sum":
        title += f" (count {int(COUNT):,} assumed)"
    case = Case(field["id"] or place, field["kind"], title, found[0], quantity, value, unit, low,
                high, field["basis"], field["status"], field["source"], field["url"], field["grade"], field["year"], place)
    return case if case.status else replace(case, status=derived_status(library, case))


def _count(text):
    return text.removesuffix(".0") if text else COUNT


def _number(name, text):
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} is '{text[:40]}', not a plain number") from None
    if not abs(value) < amounts.LARGEST:
        raise ValueError(f"{name} is '{text[:40]}', not a finite number")
    return value


def _unit(text, report, quantity):
    """The unit of a row: the quantity's own when empty, and "kW" where the quantity is in kW/system."""
    if not text or text == report or (quantity.endswith("_count") and text.rstrip("es") in quantity):
        return report
    tail = report.partition("/")[2]
    for candidate in (text, f"{text}/{tail}"):
        try:
            if parse_unit(candidate).dimensionality == parse_unit(report).dimensionality:
                return candidate
        except DcestimateError:
            continue
    raise ValueError(f"unit '{text}' is no unit of {quantity}, which is in {report}")


def derived_status(library, case):
    """"calibrated" when a figure behind the case is read from the case's own source, else "emergent".

    A source is the same when its address is, or its title up to a colon, as of a list and what is derived from it.
    """
    needed = {case.quantity, *GRAPH.needed(case.quantity)}
    for name, given in figures(library, case.line).inputs.items():
        if given.origin is not None and name.rpartition(".")[2] in needed:
            source = given.origin.profile.source_of(given.origin)
            if (case.url and case.url == source.url) or case.source == source.title.partition(":")[0]:
                return "calibrated"
    return "emergent"
