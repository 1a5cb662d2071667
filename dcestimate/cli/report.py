"""The command that writes what is handed over."""

from typing import Annotated

import typer

from ..errors import UsageError
from .asked import Chip, Cooling, Fabric, Power, Region, Space, System, Workload, request_lines
from .session import command

What = Annotated[str, typer.Argument(metavar="COUNT|FILE", help="Accelerators, such as 100k; or a plan, a shipped plan, or "
                                                                "a JSON estimate.")]
FORMATS = ("xlsx",)


def add(app):
    """Add the command to an application."""

    @command(app, "report", FORMATS)
    def report(session, what: What, chip: Chip = None, region: Region = None, system: System = None,
               cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
               workload: Workload = None):
        """An estimate or a plan to hand over, in the format of -o: a workbook that can be verified.

        Example: dcestimate report 100k --chip gb200 --region us-east-1 -o gb200.xlsx

        Example: dcestimate report plan.toml -o plan.xlsx
        """
        if session.output is None:
            raise UsageError("what is handed over needs a file.", f"Write e.g. -o report.{FORMATS[0]}.")
        library = session.library()
        asked = {"chip": chip, "region": region, "system": system, "cooling": cooling, "power": power, "space": space,
                 "fabric": fabric, "workload": workload}
        found = _content(session, library, what, asked)
        from ..handover import workbook

        if session.units != "si" or session.wanted:
            session.note("- a workbook is in SI; -u and --in are for tables and CSV.")
        session.write(workbook.of(found, library))


def _content(session, library, what, asked):
    """What is handed over: of a file, or of a request."""
    from ..handover import content

    if not content.names_a_file(what):
        return content.of_lines(library, request_lines(session, library, what, **asked))
    stated = [f"--{name}" for name, value in asked.items() if value] + ["--set"] * bool(session.set)
    if stated:
        raise UsageError(f"{what} says itself what {stated[0]} is to say.", "Leave the option out, or change the file.")
    return content.of_file(library, what)
