"""The commands, each a thin shell over the library."""

from typing import Annotated

import typer

from ..errors import UsageError
from . import batch, capacity, compare, diff, regions, report, rollout, validate, verify
from .asked import (
    Chip,
    Cooling,
    Count,
    Fabric,
    MaybeCount,
    Power,
    Region,
    Space,
    System,
    Workload,
    request_lines,
)
from .session import command, new_app, sample_count

app = new_app("From accelerator counts to racks, power, cooling, water and floor space.")
profiles_app = new_app("Chips, systems and designs, each figure with its source.")
regions_app = new_app("Places, their weather and their grid.")
units_app = new_app("The unit vocabulary, and conversion by it.")
rollout_app = new_app("Plans over regions and quarters: what they need, and whether they can be built.")
for _name, _group in (("profiles", profiles_app), ("regions", regions_app), ("units", units_app), ("rollout", rollout_app)):
    app.add_typer(_group, name=_name)
regions.add(regions_app)
rollout.add(rollout_app)
batch.add(app)
capacity.add(app)
compare.add(app)
diff.add(app)
report.add(app)
verify.add(app)
validate.add(app)


def with_command(name):
    """The application with the one command or group that is called: the parsers of all cost half an import of numpy.

    With all of them when there is none of that name, so that the parser can say which there are.
    """
    commands = [one for one in app.registered_commands if one.name == name]
    groups = [one for one in app.registered_groups if one.name == name]
    if not commands and not groups:
        return app
    called = new_app(app.info.help)
    called.registered_commands, called.registered_groups = commands, groups
    called.callback()(lambda: None)  # keeps it a group, though of one
    return called


@command(app, "estimate")
def estimate(session, count: Count, chip: Chip = None, region: Region = None, system: System = None,
             cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
             workload: Workload = None,
             range_: Annotated[bool, typer.Option("--range", help="Add the 10th and 90th percentile of every result.")]
             = False,
             samples: Annotated[int, typer.Option("--samples", metavar="N", help="Samples behind the range.")] = 1000):
    """Accelerators to racks, power, cooling, water and floor space.

    Example: dcestimate estimate 100k --chip gb200 --region us-east-1
    """
    from ..estimation import estimate as run
    from ..reports import machine, screen

    display = session.display()
    library = session.library()
    result = run(library, request_lines(session, library, count, chip, region, system=system, cooling=cooling,
                                        power=power, space=space, fabric=fabric, workload=workload))
    if range_:
        from .. import sweep

        sweep.add_ranges(result, sample_count(samples), session.seed)
    if session.format == "json":
        session.write(machine.as_json(_stamped(machine.document(result, library), session)))
    elif session.format == "jsonl":
        session.write(machine.as_jsonl(result))
    elif session.format in ("csv", "tsv"):
        headers, rows = machine.columns(result, display)
        session.write(machine.as_separated(headers, rows, "," if session.format == "csv" else "\t"))
    elif session.format == "md":
        session.write(machine.as_markdown(*screen.summary_rows(result, display)))
    else:
        session.write(screen.screen(result, display, session.full) + "\n")
    if session.format == "table" or session.verbose or result.warnings:
        session.note(*screen.notes(result, session.display(), session.verbose))
    if session.format == "table":
        session.note("Next: dcestimate why facility_peak_power ... (same options) traces a number.")


def _stamped(document, session):
    import os

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if session.timestamp or epoch:
        import datetime

        try:
            now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(
                datetime.UTC)
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch[:40]}', not seconds since 1970.", "Unset or mend it.") from None
        return {**document, "timestamp": now.isoformat(timespec="seconds")}
    return document


@command(app, "why", ("table", "json", "svg"))
def why(session, result: Annotated[str, typer.Argument(metavar="[RESULT]", help="Such as facility_peak_power.")] = None,
        count: MaybeCount = None, chip: Chip = None, region: Region = None, system: System = None,
        cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
        workload: Workload = None,
        source: Annotated[str, typer.Option("--from", metavar="FILE", help="Trace a number of a JSON estimate.")] = None,
        depth: Annotated[int, typer.Option("--depth", metavar="N", help="Levels to show [default: what a screen holds; "
                                                                             "--full: all].")] = None,
        diagram: Annotated[str, typer.Option("--diagram", metavar="KIND", help="Instead the chain of power, heat or water; "
                                                                               "-o FILE.svg draws it.")] = None):
    """One number with its formula, inputs, values and sources, down to every figure.

    Example: dcestimate why pue 100k --chip gb200 --region us-east-1
    """
    from ..estimation import estimate as run
    from ..explain import explain
    from ..reports import machine, table, tree

    if session.format == "svg" and not diagram:
        raise UsageError("svg is a picture of a chain.", "Write e.g. why --diagram power 100k --chip gb200 --region "
                                                         "us-east-1 -o chain.svg.")
    if diagram and count is None:  # a diagram needs no result: what stands first is the count
        result, count = None, result
    if result is None and not diagram:
        raise UsageError("a result is missing.", "Write e.g. dcestimate why facility_peak_power 100k --chip gb200 "
                                                 "--region us-east-1.")
    if depth is not None and depth < 0:
        raise UsageError(f"--depth is {depth}, below 0.", "Write e.g. --depth 2.")
    library = session.library()
    if source:
        from ..request import lines_from_json

        found = lines_from_json(library, source)
    else:
        if count is None:
            raise UsageError("a count is missing.", "Write e.g. dcestimate why facility_peak_power 100k --chip gb200 "
                                                    "--region us-east-1.")
        found = request_lines(session, library, count, chip, region, system=system, cooling=cooling, power=power,
                              space=space, fabric=fabric, workload=workload)
    estimate_ = run(library, found)
    if diagram:
        _draw(session, estimate_, diagram)
        return
    columns, unit = table.width(session.full), str if session.format == "json" else session.display().unit
    everything = [(d, explain(d, result, None if session.format == "table" else depth, unit))
                  for d in estimate_.deployments]
    if session.format == "json":
        session.write(machine.as_json(tree.document(result, everything)))
        return
    parts = []
    for deployment, steps in everything:
        line = deployment.line
        title = f"{line.count:,} x {line.chip} in {line.region}: {line.system}, {line.cooling}, {line.power}\n\n"
        shown = (explain(deployment, result, depth, unit) if depth is not None else steps if session.full
                 else tree.fitting(deployment, result, columns, session.verbose, unit))
        parts.append((title if len(everything) > 1 else "") + tree.text(shown, columns, session.verbose) + "\n")
    session.write("\n".join(parts))
    session.note(*(table.wrapped(said, "  ") for said in tree.summary(steps, shown)))


def _draw(session, estimate_, kind):
    from dataclasses import replace

    from ..diagrams.diagram import diagrams
    from ..reports import diagram, machine, picture
    from ..version import SCHEMAS

    drawn, display = [], session.display()
    degrees = "degC" if session.format == "json" else display.unit("degC")
    for deployment in estimate_.deployments:
        line = deployment.line
        of = f"{line.count:,} x {line.chip} in {line.region} ({line.system}, {line.cooling}, {line.power}): "
        drawn += [replace(one, moment=of + one.moment) for one in diagrams(deployment, kind, degrees)]
    if session.format == "json":
        session.write(machine.as_json({"schema": SCHEMAS["diagram"], "diagrams": diagram.document(drawn)}))
    elif session.format == "svg":
        session.write(picture.svg(drawn, display))
    else:
        session.write(diagram.text(drawn, display))


@command(profiles_app, "list")
def profiles_list(session, kind: Annotated[str, typer.Option("--kind", help="chip, system, fabric, cooling, power, "
                                                                            "space, workload or region.")] = "chip"):
    """The profiles of a kind.

    Example: dcestimate profiles list --kind cooling
    """
    from ..reports import catalogue

    catalogue.write(session, *catalogue.listing(session.library(), kind, session.display()), "profiles")


@command(profiles_app, "show", ("table", "json", "csv", "tsv", "md"))
def profiles_show(session, name: Annotated[str, typer.Argument(metavar="NAME")],
                  kind: Annotated[str, typer.Option("--kind", help="When a name stands for several kinds.")] = None):
    """One profile: every figure with its range, grade and source, and the checks on it.

    Example: dcestimate profiles show gb200-nvl72
    """
    from ..reports import profile_page

    profile_page.show(session, name, kind)


@command(profiles_app, "validate", ("table", "json"))
def profiles_validate(session, files: Annotated[list[str], typer.Argument(metavar="[FILE|DIR]...")] = None):
    """Check profile files or folders, or all shipped and added ones; exit 3 when one is faulty.

    Example: dcestimate profiles validate mychip.toml
    """
    from ..reports import consistency

    raise typer.Exit(consistency.validate(session, files or []))


@command(units_app, "list")
def units_list(session):
    """Every unit that is understood.

    Example: dcestimate units list
    """
    from .. import units
    from ..reports import catalogue

    spellings = {}
    for spelling, name in units.SPELLINGS.items():
        spellings.setdefault(name, []).append(spelling)
    short = {name: min(names, key=len) for name, names in spellings.items()}
    rows = [[name, ", ".join(s for s in names if s != name), float(units.UNITS[name][0]),
             " ".join(short[base] + (f"^{power}" if power != 1 else "") for base, power in units.UNITS[name][1])]
            for name, names in spellings.items()]
    catalogue.write(session, [("unit", ""), ("also", ""), ("is", "1"), ("of", "")], rows, "units", digits=12)


@command(units_app, "convert", ("table", "json"))
def units_convert(session, value: Annotated[str, typer.Argument(metavar="VALUE", help='Such as "100 TR".')],
                  unit: Annotated[str, typer.Argument(metavar="UNIT", help="Such as kW.")]):
    """A value in another unit.

    Example: dcestimate units convert "100 TR" kW
    """
    from .. import amounts
    from ..reports import machine
    from ..version import SCHEMAS

    converted, unit = amounts.convert(value, unit)
    if session.format == "json":
        session.write(machine.as_json({"schema": SCHEMAS["units"], "value": converted, "unit": unit}))
    else:
        session.write(f"{converted:.10g} {unit}\n")


@command(app, "schema", ("json",))
def schema(session, document: Annotated[str, typer.Argument(metavar="[DOCUMENT]")] = "estimate"):
    """JSON Schema of a document: estimate, capacity, rollout, why, diagram, comparison, diff, validation, verification,
    profile or error.

    Example: dcestimate schema estimate
    """
    from ..reports import machine
    from ..reports import schema as schemas

    if document not in schemas.DOCUMENTS:
        raise UsageError(f"there is no document '{document[:40]}'.", f"There are {', '.join(schemas.DOCUMENTS)}.")
    session.write(machine.as_json(schemas.document(document)))
