"""The command that sets two estimates or plans against each other."""

from typing import Annotated

import typer

from .session import command

A = Annotated[str, typer.Argument(metavar="A", help="A JSON estimate, a workbook of report, or a plan "
                                                     "as .toml, .csv or .xlsx.")]
B = Annotated[str, typer.Argument(metavar="B", help="Another of them.")]


def add(app):
    """Add the command to an application."""

    @command(app, "diff", ("table", "json", "csv", "tsv", "md"))
    def diff(session, a: A, b: B,
             max_: Annotated[list[str], typer.Option("--max", metavar="NAME=CHANGE",
                                                     help='Exit 4 beyond it: "facility_peak_power=+5 %".')] = None,
             exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where 4 is due.")] = False):
        """What differs between two estimates or plans, and which input made it differ.

        The change of a result is shared out among its causes: each has the mean of what it changes over the orders in which
        they can come.

        Example: dcestimate diff before.json after.json --max "facility_peak_power=+5 %"

        Example: dcestimate diff aws-1m-gpus aws-1m-gpus-hopper
        """
        from ..differences.bounds import bound
        from ..differences.changes import differences
        from ..differences.sides import of_file
        from ..reports import differences as report
        from ..reports import machine

        bounds = [bound(text) for text in max_ or ()]
        display, library = session.display(), session.library()
        found = differences(of_file(library, a), of_file(library, b))
        failed = [one for one in bounds if one.breached(found)]
        if session.format == "json":
            session.write(machine.as_json(report.document(found, library, failed)))
        elif session.format in ("csv", "tsv"):
            session.write(machine.as_separated(*report.columns(found), "," if session.format == "csv" else "\t"))
        elif session.format == "md":
            session.write(machine.as_markdown(*report.columns(found)))
        else:
            session.write(report.text(found, display, session.full, failed))
        if failed and not exit_zero:
            raise typer.Exit(4)
