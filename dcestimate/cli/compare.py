"""The command that shows alternatives side by side."""

import difflib
from typing import Annotated

import typer

from ..errors import UnknownNameError, UsageError
from .asked import Chip, Cooling, Fabric, MaybeCount, Power, Region, Space, System, Workload, check_asked
from .session import command

Plan = Annotated[list[str], typer.Option("--plan", metavar="PLANS", help="Plans instead of a count: a.toml,b.toml.")]
Per = Annotated[str, typer.Option("--per", metavar="UNIT", help="State sums per chip, rack, MW (critical IT) or EFLOP "
                                                                "(dense BF16).")]
Show = Annotated[list[str], typer.Option("--show", metavar="RESULT", help="Results to show, such as pue,annual_water; of "
                                         "two axes, one grid each [default: facility_peak_power].")]


def add(app):
    """Add the command to an application."""

    @command(app, "compare", ("table", "json", "csv", "tsv", "md"))
    def compare(session, count: MaybeCount = None, chip: Chip = None, region: Region = None, system: System = None,
                cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
                workload: Workload = None, plan: Plan = None, per: Per = None, show: Show = None):
        """Alternatives side by side: several values of one option, separated by commas; of two options, a grid.

        Example: dcestimate compare 100k --chip gb300 --region us-east-1 --cooling dlc-dry,dlc-tower,air-evaporative

        Example: dcestimate compare 100k --chip gb300 --region us-east-1,eu-north-1 --cooling dlc-dry,dlc-tower --show pue
        """
        from ..comparison import amount_of
        from ..reports import compare as sides
        from ..reports import compare_data as data
        from ..reports import grid, machine

        per, shown = amount_of(per), _results(show)
        asked = {"chip": ",".join(chip or ()), "region": ",".join(region or ()), "system": system, "cooling": cooling,
                 "power": power, "space": space, "fabric": fabric, "workload": workload}
        library = session.library()
        found = _compared(session, library, count, asked, ",".join(plan or ()), per)
        display, two = session.display(), len(found.axes) > 1
        if session.format == "json":
            session.write(machine.as_json(data.document(found, library)))
        elif session.format in ("csv", "tsv"):
            session.write(machine.as_separated(*data.columns(found, display), "," if session.format == "csv" else "\t"))
        elif session.format == "md":
            tables = ([grid.markdown(found, name, display) for name in shown or grid.USUAL] if two
                      else [data.markdown(found, display, shown)])
            session.write("\n".join(machine.as_markdown(*one) for one in tables))
        else:
            session.write((grid if two else sides).text(found, display, shown))
        session.note(*sides.notes(found, display, shown, session.verbose))


def _compared(session, library, count, asked, plans, per):
    """The comparison that is asked for."""
    from ..comparison import axes_of, compare, compare_plans, values_of

    if plans:
        others = [f"--{name}" for name, text in asked.items() if text] + (["a count"] if count else [])
        if others:
            raise UsageError(f"plans bring their own, and {others[0]} is stated too.",
                             "Leave it out, or write a plan of it.")
        return compare_plans(library, values_of("plan", plans), per, session.set)
    if count is None:
        raise UsageError("a count is missing.", "Write e.g. dcestimate compare 100k --chip gb300 --region us-east-1 "
                                                "--cooling dlc-dry,dlc-tower.")
    check_asked(asked)
    return compare(library, axes_of(asked), count, per=per, settings=session.set, **asked)


def _results(texts):
    """Names of results, each known."""
    from ..results import RESULTS

    names = tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())
    for name in names:
        if name not in RESULTS:
            raise UnknownNameError("result", name, tuple(difflib.get_close_matches(name[:80], RESULTS, 3)),
                                   "'dcestimate schema estimate' lists all results.")
    return names
