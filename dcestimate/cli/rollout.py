"""Plans over regions and quarters."""

from typing import Annotated

import typer

from ..errors import UsageError
from .session import command

Path = Annotated[str, typer.Argument(metavar="PLAN", help="A plan as .toml, .csv or .xlsx, or a shipped one.")]
Show = Annotated[str, typer.Option("--show", help="Tables to show: chips, racks, power, it, water, floor.")]
Allocate = Annotated[bool, typer.Option("--allocate", help="Find the best allocation instead of the plan's own.")]
FORMATS = ("table", "json", "svg")


def add(app):
    """Add the commands to a group."""

    @command(app, "new", ("table", "toml", "csv", "xlsx"))
    def new(session):
        """A plan to start from: a commented document, or a table for a spreadsheet.

        Example: dcestimate rollout new -o plan.toml

        Example: dcestimate rollout new -o plan.xlsx
        """
        from ..profiles import shipped

        text = (shipped() / "plans" / "example.toml").read_text(encoding="utf-8")
        if session.format in ("table", "toml"):
            return session.write(text)
        import tomllib

        from ..rollout import sheets, workbooks
        from ..rollout.as_table import rows

        write = sheets.as_csv if session.format == "csv" else workbooks.as_workbook
        session.write(write(rows(tomllib.loads(text))))

    @command(app, "show", FORMATS)
    def show(session, plan: Path, show: Show = "chips,racks,power,water,floor"):
        """What a plan needs: accelerators, racks, power, water and floor by site and quarter; -o FILE.svg draws it.

        Example: dcestimate rollout show plan.toml
        """
        _report(session, plan, show, False, None, (), True, verdict=False)

    @command(app, "check", FORMATS)
    def check(session, plan: Path, show: Show = "chips,power", allocate: Allocate = False,
              fail_if: Annotated[list[str], typer.Option("--fail-if", metavar="CONDITION",
                                                         help='Exit 4 when it holds: "margin < 5 %".')] = None,
              exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where 4 is due.")] = False):
        """Whether a plan can be built: verdict, what binds first, by how much, and the smallest repairs.

        Example: dcestimate rollout check plan.toml
        """
        _report(session, plan, show, allocate, True, fail_if or (), exit_zero)

    @command(app, "fit", FORMATS)
    def fit(session, plan: Path, show: Show = "chips"):
        """The smallest changes that make a plan fit, each checked.

        Example: dcestimate rollout fit plan.toml
        """
        _report(session, plan, show, False, True, (), True)


def _report(session, path, show, allocate_, repair, fail_if, exit_zero, verdict=True):
    from ..report import machine
    from ..report import rollout as report
    from ..report.table import width, wrapped
    from ..rollout.files import read
    from ..rollout.fit import repairs as find_repairs

    shown = [part.strip() for part in show.split(",")]
    for part in shown:
        if part not in report.SHOWN:
            raise UsageError(f"there is no table '{part[:40]}'.", f"There are {', '.join(report.SHOWN)}.")
    limits = [_condition(text) for text in fail_if]
    library = session.library()
    plan = read(path, library)
    allocation, checked = None, None
    if allocate_ or not plan.decided:
        from ..rollout.allocate import allocate

        allocation = allocate(library, plan)
        checked = allocation.checked
    else:
        from ..rollout.check import check

        checked = check(library, plan)
    found = find_repairs(library, plan)[1] if repair and not checked.feasible else [] if repair else None
    if session.format == "json":
        session.write(machine.as_json(report.document(checked, library, allocation, found)))
    elif session.format == "svg":
        from ..report import plan_chart

        session.write(plan_chart.svg(checked))
    else:
        session.write(report.text(checked, session.display(), shown, allocation, found))
    session.note(*(wrapped(f"- {note}", "  ", width()) for note in checked.notes))
    broken = [text for text, below in limits if checked.margin < below]
    session.note(*(f"FAIL {text}" for text in broken))
    if verdict and (broken or not checked.feasible) and not exit_zero:
        raise typer.Exit(4)


def _condition(text):
    """(text, least margin) of "margin < 5 %"."""
    from .. import amounts

    name, sign, value = text.partition("<")
    if name.strip() != "margin" or not sign:
        raise UsageError(f"'{text[:40]}' is not a condition.", 'Write e.g. --fail-if "margin < 5 %".')
    return text, amounts.parse(value.strip(), "1")
