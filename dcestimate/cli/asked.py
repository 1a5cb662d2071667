"""What is asked for: the options of a request, and the lines that come of them."""

from typing import Annotated

import typer

from ..errors import UsageError

Count = Annotated[str, typer.Argument(metavar="COUNT", help="Accelerators: 100000, 100k, 1.2M, 2 million.")]
MaybeCount = Annotated[str, typer.Argument(metavar="[COUNT]", help="Accelerators: 100000, 100k, 1.2M.")]
Chip = Annotated[list[str], typer.Option("-c", "--chip", help="Chip or system, or a mix: gb300:60%,trainium2:40%.")]
Region = Annotated[list[str], typer.Option("-r", "--region", help="Region, or a mix: us-east-1:70%,eu-north-1:30%.")]
System = Annotated[str, typer.Option("--system", help="What is bought and racked [default: the chip's].")]
Cooling = Annotated[str, typer.Option("--cooling", help="Cooling design [default: the system's].")]
Power = Annotated[str, typer.Option("--power", help="Power design [default: the system's].")]
Space = Annotated[str, typer.Option("--space", help="Hall [default: the system's].")]
Fabric = Annotated[str, typer.Option("--fabric", help="Network [default: the system's].")]
Workload = Annotated[str, typer.Option("-w", "--workload", help="training, inference, hpl, idle, or a mix: "
                                                                "inference:2/3,training:1/3.")]


def request_lines(session, library, count, chip, region, **designs):
    """The lines of a request as it was typed.

    :raises UsageError: when a part is missing or not understood.
    """
    from ..request import lines

    check_asked({"chip": chip, "region": region, **designs})
    return lines(library, count, chip, region, settings=session.set, **designs)


def check_asked(asked):
    """Refuse a request without chip or region, or with an option where a value belongs."""
    if not asked["chip"]:
        raise UsageError("a chip is missing.", "Name one with --chip, such as --chip gb200; 'dcestimate profiles list' "
                                               "shows all.")
    if not asked["region"]:
        raise UsageError("a region is missing.", "Name one with --region, such as --region us-east-1; 'dcestimate "
                                                 "regions list' shows all.")
    for name, value in asked.items():
        for text in [value] if isinstance(value, str) else value or ():
            if text.startswith("-"):
                raise UsageError(f"--{name} takes a value, and '{text[:40]}' is an option.", f"Write e.g. --{name} NAME.")
