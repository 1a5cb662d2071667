"""Plans over regions and quarters."""

import sys
from typing import Annotated

import typer

from ..errors import ProfileError, UsageError
from .session import command

Path = Annotated[str, typer.Argument(metavar="PLAN", help="A plan as .toml, .csv or .xlsx, or a shipped one.")]
Show = Annotated[str, typer.Option("--show", help="Tables to show: chips, mix, racks, power, it, water, floor.")]
Allocate = Annotated[bool, typer.Option("--allocate", help="Find the best allocation instead of the plan's own.")]
FAIL_IF = ('Exit 4 when it holds: "margin < 5 %". Margin is the least room that a limit of a site, or of sites together, '
           "leaves above what is needed, over it; below 0 where one is breached. Supply, ramps, orders and the total have "
           "none.")
FORMATS = ("table", "json", "csv", "tsv", "svg")


def add(app):
    """Add the commands to a group."""

    @command(app, "new", ("table", "toml", "csv", "xlsx"))
    def new(session):
        """A plan to start from: a commented document, or a table for a spreadsheet.

        Example: dcestimate rollout new -o plan.toml

        Example: dcestimate rollout new -o plan.xlsx
        """
        from pathlib import Path

        from ..profiles import shipped

        if session.output and Path(session.output).exists():
            raise UsageError(f"{session.output} exists, and may be a plan that was worked on.", "Name another file.")
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

    @command(app, "check", (*FORMATS, "github"))
    def check(session, plan: Path, show: Show = None, allocate: Allocate = False,
              fail_if: Annotated[list[str], typer.Option("--fail-if", metavar="CONDITION", help=FAIL_IF)] = None,
              exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where 4 is due.")] = False):
        """Whether a plan can be built: verdict, what binds first, by how much, and repairs.

        Example: dcestimate rollout check plan.toml

        Example: dcestimate rollout check plan.toml -f github --fail-if "margin < 5 %"
        """
        _report(session, plan, show, allocate, True, fail_if or (), exit_zero, quick=True)

    @command(app, "fit", FORMATS)
    def fit(session, plan: Path, show: Show = "chips"):
        """Changes that make a plan fit, each checked and no larger than it must be.

        Example: dcestimate rollout fit plan.toml
        """
        _report(session, plan, show, False, True, (), True)


def _report(session, path, show, allocate_, repair, fail_if, exit_zero, verdict=True, quick=False):
    from ..amounts import percent
    from ..reports.table import width, wrapped
    from ..rollout.repairs.trial import large

    shown, limits = _shown(show), [_condition(text) for text in fail_if]
    library = session.library()
    plan = _read(session, path, library)
    allocation, checked, found = _checked(library, plan, allocate_, repair and session.format in ("table", "json"),
                                          quick)
    shown = shown or _default(checked, allocation)
    broken = [text for text, below in limits if checked.margin < below]
    told = None if quick and not found and large(plan) else found
    session.write(_written(session, library, checked, allocation, told, shown, broken))
    session.note(*(wrapped(f"- {note}", "  ", width()) for note in checked.notes))
    if quick and found is not None and not checked.feasible and large(plan):
        session.note(wrapped(f"Next: dcestimate rollout fit {path} looks for other changes that make it fit.", "", width()))
    reason = f"it is {percent(checked.margin)}\n"  # of an exit code, however quiet
    sys.stderr.writelines(f"FAIL {text}: {reason}" for text in broken)
    if verdict and (broken or not checked.feasible) and not exit_zero:
        raise typer.Exit(4)


def _default(checked, allocation):
    """The tables of a check where none are asked for: accelerators, power, and what binds."""
    from ..reports.plan_tables import SHOWN

    several = allocation and any(len(site.kinds) > 1 for site in checked.plan.sites)
    binds = next((name for name, key in SHOWN.items() if key and checked.binding and key == checked.binding.key), "power")
    return list(dict.fromkeys(["mix" if several else "chips", "power", binds]))


def _shown(text):
    """The tables that are asked for, none where the command decides."""
    from ..reports.plan_tables import SHOWN

    shown = [part.strip() for part in text.split(",")] if text else []
    for part in shown:
        if part not in SHOWN:
            raise UsageError(f"there is no table '{part[:40]}'.", f"There are {', '.join(SHOWN)}.")
    return shown


def _read(session, path, library):
    from ..rollout.files import read

    try:
        return read(path, library)
    except ProfileError as error:
        if session.format != "github":
            raise
        from ..reports import github

        session.write(github.of_faults(error.problems))
        raise typer.Exit(error.exit) from None


def _checked(library, plan, allocate_, repair, quick):
    """(allocation or None, check, repairs or None where they are not asked for)."""
    from ..rollout.allocate import allocate
    from ..rollout.check import check
    from ..rollout.needs import Needs
    from ..rollout.plan import opened
    from ..rollout.repairs.fit import repairs

    plan = opened(plan) if allocate_ else plan
    needs = Needs(library)
    allocation = None if plan.decided else allocate(library, plan, needs)
    checked = allocation.checked if allocation else check(library, plan, needs=needs)
    if not repair:
        return allocation, checked, None
    return allocation, checked, repairs(library, plan, checked, needs, quick)[1]


def _written(session, library, checked, allocation, found, shown, broken):
    """The answer in the format that is asked for."""
    from ..reports import machine, rollout

    if session.format == "json":
        return machine.as_json(rollout.document(checked, library, allocation, found))
    if session.format in ("csv", "tsv"):
        return machine.as_separated(*rollout.columns(checked), "," if session.format == "csv" else "\t")
    if session.format == "svg":
        from ..reports import plan_chart

        return plan_chart.svg(checked)
    if session.format == "github":
        from ..reports import github

        return github.of_check(checked, session.display(), broken)
    return rollout.text(checked, session.display(), shown, allocation, found)


def _condition(text):
    """(text, least margin) of "margin < 5 %"."""
    from .. import amounts

    name, sign, value = (part.strip() for part in text.partition("<"))
    if name != "margin" or not sign:
        raise UsageError(f"'{text[:40]}' is not a condition.", 'Write e.g. --fail-if "margin < 5 %".')
    if amounts.split(value, "1")[1] == "":
        raise UsageError(f"'{text[:40]}' does not say of what.", f'Write --fail-if "margin < {value} %".')
    return text, amounts.parse(value, "1")
