"""The command that writes what is handed over."""

import shlex
from typing import Annotated

import typer

from ..errors import UsageError
from .asked import Chip, Cooling, Fabric, Power, Region, Space, System, Workload, request_lines
from .session import command

What = Annotated[str, typer.Argument(metavar="COUNT|FILE", help="Accelerators, such as 100k; or a plan, a shipped plan, or "
                                                                "a JSON estimate.")]


def add(app):
    """Add the command to an application."""

    @command(app, "report", ("xlsx", "html", "md"))
    def report(session, what: What, chip: Chip = None, region: Region = None, system: System = None,
               cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
               workload: Workload = None):
        """An estimate or a plan to hand over, in the format of -o: a workbook that can be verified, or a page to look at.

        Example: dcestimate report 100k --chip gb200 --region us-east-1 -o gb200.xlsx

        Example: dcestimate report plan.toml -o plan.xlsx

        Example: dcestimate report aws-1m-gpus -o plan.html
        """
        from ..handover.written import written

        if session.output is None and session.format != "md":
            raise UsageError("what is handed over needs a file.", f"Write e.g. -o report.{session.format}.")
        display, library = session.display(), session.library()
        asked = {"chip": chip, "region": region, "system": system, "cooling": cooling, "power": power, "space": space,
                 "fabric": fabric, "workload": workload}
        found = _content(session, library, what, asked)
        if session.format == "xlsx" and (session.units != "si" or session.wanted):
            session.note("- a workbook is in SI; -u and --in are for pages, tables and CSV.")
        session.write(written(found, library, session.format, display, _command(session, what, asked)))


def _content(session, library, what, asked):
    """What is handed over: of a file, or of a request."""
    from ..handover import content, files

    if not files.names_a_file(what):
        return content.of_lines(library, request_lines(session, library, what, **asked))
    stated = [f"--{name}" for name, value in asked.items() if value] + ["--set"] * bool(session.set)
    if stated:
        raise UsageError(f"{what} says itself what {stated[0]} is to say.", "Leave the option out, or change the file.")
    return files.of_file(library, what)


def _command(session, what, asked):
    """The command that gives the same again."""
    several = {name: [value] if isinstance(value, str) else value or () for name, value in asked.items()}
    chosen = [(name, value) for name, values in several.items() for value in values]
    chosen += [("set", text) for text in session.set] + [("profiles", str(folder)) for folder in session.profiles]
    chosen += [(name, str(value)) for name in ("units", "digits")
               if (value := getattr(session, name)) != getattr(type(session), name)]
    chosen += [("in", text) for text in session.wanted]
    options = [word for name, value in chosen for word in (f"--{name}", value)]
    return shlex.join(["dcestimate", "report", what, *options, "-o", f"report.{session.format}"])
