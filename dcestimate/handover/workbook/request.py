"""The sheet of what rebuilds the workbook: versions, and the request or the plan line by line."""

import shlex

from ...errors import ProfileError, UsageError
from ...request import DESIGNS, line_of_document
from ...version import SCHEMAS, profiles_version, tool_version
from .. import content, stored
from ..plan_text import FORMATS, PlanText

NAME = "Request"
FACTS = ("schema", "tool version", "profiles", "own profiles", "title", "what", "plan file")
FIRST = 3
HEAD = FIRST + len(FACTS) + 1
TITLES = ("accelerators", *DESIGNS, "workload", "settings", "stated", "the same on the command line")
PIECE = 30_000  # characters of a plan's line in one cell


def add(book, handover, library):
    """Add the sheet."""
    plan = handover.text
    sheet = book.sheet(NAME, (22, 20, *[18] * 8, 40, 90) if plan is None else (22, 130), repeat=(HEAD, HEAD))
    sheet.text(0, 0, "Request", "title")
    sheet.text(1, 0, "What rebuilds this workbook; 'dcestimate verify FILE.xlsx' does, and compares every number.", "note")
    facts = (SCHEMAS["workbook"], tool_version(), profiles_version(library.root), own_profiles(library), handover.title,
             f"plan as {plan.format}" if plan else "request", plan.name if plan else "-")
    for n, (name, text) in enumerate(zip(FACTS, facts, strict=True)):
        sheet.text(FIRST + n, 0, name, "strong")
        sheet.text(FIRST + n, 1, text)
    if plan:
        sheet.head(HEAD, ("line", "the plan"))
        _plan(sheet, plan.text)
    else:
        sheet.head(HEAD, TITLES)
        for n, d in enumerate(handover.estimate.deployments, 1):
            _line(sheet, HEAD + n, d.line)


def own_profiles(library):
    """A digest of what is in each folder that a user added, wherever it lies."""
    return ", ".join(map(profiles_version, library.folders)) or "none"


def _plan(sheet, text):
    """A plan line by line; what is too long for a cell goes on below, without a number."""
    row = HEAD
    for n, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        for at in range(0, max(len(line), 1), PIECE):
            row += 1
            sheet.text(row, 0, str(n) if at == 0 else "", "under")
            sheet.text(row, 1, line[at:at + PIECE], "line")


def _line(sheet, row, line):
    workload = ",".join(f"{name}:{share!r}" for name, share in line.workload)
    settings = "\n".join(f"{name}={value}" for name, value in line.settings)
    cells = (str(line.count), *(getattr(line, kind) for kind in DESIGNS), workload, settings,
             " ".join(kind for kind in (*DESIGNS, "workload") if kind in line.stated), _command(line))
    for column, text in enumerate(cells):
        sheet.text(row, column, text, "wrap" if column > len(DESIGNS) else "text")


def _command(line):
    words = ["dcestimate", "report", str(line.count)]
    for kind in DESIGNS:
        words += [f"--{kind}", getattr(line, kind)]
    words += ["--workload", ",".join(f"{name}:{share!r}" for name, share in line.workload)]
    for name, value in line.settings:
        words += ["--set", f"{name}={value}"]
    return shlex.join([*words, "-o", "FILE.xlsx"])


def facts(cells):
    """{name: text} of what a stored sheet says of the workbook: its versions, title and kind."""
    return {name: str(cells.get((FIRST + n, 1), "")) for n, name in enumerate(FACTS)}


def others(library, told):
    """[(name, there, here)] of the versions and profiles that differ between a workbook's making, as told, and now."""
    now = {"tool version": tool_version(), "profiles": profiles_version(library.root),
           "own profiles": own_profiles(library)}
    return [(name, told[name], now[name]) for name in FACTS if name in now and told[name] != now[name]]


def of_file(library, path, mend=True):
    """The hand-over that a workbook holds, or None where it is none of ours.

    :raises ProfileError: when it was made with other profiles, whose figures it does not bring.
    """
    try:
        cells = stored.read(path, formulas=False, only=NAME).values.get(NAME, {})
    except ProfileError:  # a plan's reader says more of what is no workbook
        return None
    told = facts(cells)
    if told["schema"] != SCHEMAS["workbook"]:
        return None
    for name, there, here in others(library, told):
        raise ProfileError([f"{path}: is a workbook made with {name} {there}, and here is {here}: name its profiles with "
                            "-P, make it again with 'dcestimate report', or give the estimate as JSON, which keeps its "
                            "figures"])
    return rebuilt(library, cells, path, mend)


def rebuilt(library, cells, path, mend=True):
    """The hand-over that a stored sheet asks for.

    :param cells: {(row, column): value} of the sheet.
    :raises ProfileError: where it asks for nothing that can be.
    """
    what = facts(cells)["what"]
    try:
        if what == "request":
            rows = sorted({row for row, _ in cells if row > HEAD})
            lines = [line_of_document(library, _document(cells, row)) for row in rows]
            return content.of_lines(library, lines)
        format_ = what.removeprefix("plan as ")
        if format_ not in FORMATS:
            raise ValueError(f"it holds '{what[:40]}', neither a request nor a plan")
        return content.of_plan_text(library, PlanText(facts(cells)["plan file"], format_, _text(cells)), mend)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProfileError([f"{path}: sheet {NAME}: {error}"]) from None
    except UsageError as error:
        own = facts(cells)["own profiles"]
        hint = "" if own == "none" else " It was made with profiles of its own: name their folder with -P."
        raise ProfileError([f"{path}: sheet {NAME}: {error}{hint}"]) from None


def _document(cells, row):
    texts = {title: str(cells.get((row, column), "")) for column, title in enumerate(TITLES)}
    stated = texts["stated"].split()
    inputs = {kind: {"value": texts[kind], "status": "given" if kind in stated else "default"}
              for kind in (*DESIGNS, "workload")}
    inputs["accelerator_count"] = {"value": int(texts["accelerators"])}
    settings = dict(text.partition("=")[::2] for text in texts["settings"].splitlines())
    return {"inputs": inputs, "overrides": settings}


def _text(cells):
    lines, last = [], max((row for row, _ in cells), default=HEAD)
    for row in range(HEAD + 1, last + 1):
        piece = str(cells.get((row, 1), ""))
        if (row, 0) in cells:
            lines.append(piece)
        else:
            lines[-1:] = ["".join([*lines[-1:], piece])]
    return "\n".join(lines)
