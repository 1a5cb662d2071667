"""The command that compares a workbook with the model and with itself."""

from typing import Annotated

import typer

from ..errors import UsageError
from .session import command


def add(app):
    """Add the command to an application."""

    @command(app, "verify", ("table", "json"))
    def verify(session, file: Annotated[str, typer.Argument(metavar="FILE.xlsx", help="A workbook that report wrote.")],
               without_libreoffice: Annotated[bool, typer.Option("--without-libreoffice", help="Compare with the model "
                                                                 "alone; nothing is recalculated.")] = False,
               exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where 4 is due.")] = False):
        """A workbook of report against the model and against itself, recalculated: every number, text and formula.

        Exits 4 when anything differs, by more than 1e-9 where it is a number.

        Example: dcestimate verify plan.xlsx
        """
        from ..handover import verified
        from ..handover.verify import verify as run
        from ..reports import machine
        from ..reports.table import width, wrapped

        if session.set:
            raise UsageError("--set has no effect here.", "The workbook says itself what was set.")
        library = session.library()
        result = run(library, file, not without_libreoffice)
        if session.format == "json":
            session.write(machine.as_json(verified.document(result, library, file)))
        else:
            session.write(verified.text(result, file))
        session.note(*(wrapped(f"- {note}", "  ", width()) for note in result.notes))
        if not result.agrees and not exit_zero:
            raise typer.Exit(4)
