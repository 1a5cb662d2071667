"""The command that asks what fits."""

from typing import Annotated

import typer

from .asked import Chip, Cooling, Fabric, Power, Region, Space, System, Workload, request_lines
from .session import command


def _limit(option, help_):
    return Annotated[list[str], typer.Option(f"--{option}", metavar="LIMIT", help=help_)]


def add(app):
    """Add the command to an application."""

    @command(app, "capacity", ("table", "json", "csv", "tsv"))
    def capacity(session, limits: Annotated[list[str], typer.Argument(metavar="LIMIT...", help=(
                     'Such as "250 MW" at the meter, "260 MVA" of grid connection, "60,000 ft2" of white space, "40 acre" '
                     'of site, "0.5 MGD" on the peak day, "100 ML/yr".'))] = None,
                 chip: Chip = None, region: Region = None,
                 grid: _limit("grid", "Grid: facility peak power in MW, or its connection in MVA.") = None,
                 it_power: _limit("it-power", "Critical IT power, MW.") = None,
                 racks: _limit("racks", "Racks of all kinds.") = None,
                 floor: _limit("floor", "White space, m2 or ft2.") = None,
                 building: _limit("building", "Gross area of the buildings, m2 or ft2.") = None,
                 site: _limit("site", "Area of the site, ha or acre.") = None,
                 water: _limit("water", "Make-up water on the peak day, m3/d or MGD.") = None,
                 annual_water: _limit("annual-water", "Make-up water a year, ML/yr.") = None,
                 heat: _limit("heat", "All heat to be cooled by design (cooling_load), MW or TR.") = None,
                 generators: _limit("generators", "Generator sets, spares included.") = None,
                 floor_load: _limit("floor-load", "Load of full racks over their pitch, kg/m2.") = None,
                 system: System = None, cooling: Cooling = None, power: Power = None, space: Space = None,
                 fabric: Fabric = None, workload: Workload = None,
                 alternatives: Annotated[bool, typer.Option("--alternatives", help=(
                     "Add what other cooling designs, power designs and chips would give."))] = False,
                 or_chip: Annotated[list[str], typer.Option("--or-chip", metavar="CHIP", help=(
                     "Add what this chip or system would give, may repeat."))] = None,
                 exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where not one system fits.")] = False):
        """Limits to the most whole systems that are within all of them; exit 4 when not one is.

        Example: dcestimate capacity "250 MW" --floor "60,000 ft2" --chip gb200 --region us-east-1
        """
        from .. import limits as kinds
        from ..capacities import MANY, not_several, single
        from ..capacities import capacity as run
        from ..reports import capacity as tables
        from ..reports import machine, screen

        found = kinds.read(limits or (), grid=grid, it_power=it_power, racks=racks, white_space=floor, building=building,
                           site=site, water=water, annual_water=annual_water, heat=heat, generators=generators,
                           floor_load=floor_load)
        not_several(chip, region)
        library = session.library()
        line = single(request_lines(session, library, MANY, chip, region, system=system, cooling=cooling, power=power,
                                    space=space, fabric=fabric, workload=workload))
        others = [part.strip() for text in or_chip or () for part in text.split(",") if part.strip()]
        answer = run(library, line, found, alternatives, others)
        if session.format == "json":
            session.write(machine.as_json(tables.document(answer, library)))
        elif session.format in ("csv", "tsv"):
            separator = "," if session.format == "csv" else "\t"
            session.write(machine.as_separated(*tables.columns(answer, session.display()), separator))
        else:
            session.write(tables.text(answer, session.display()))
        session.note(*screen.notes(answer.estimate, session.display(), session.verbose))
        if session.format == "table" and not answer.alternatives:
            session.note("Next: --alternatives adds what other cooling, power and chips would give.")
        if not answer.largest and not exit_zero:
            raise typer.Exit(4)
