"""The command that shows alternatives side by side."""

from ..errors import UsageError
from .asked import Chip, Cooling, Count, Fabric, Power, Region, Space, System, Workload, request_lines
from .session import command


def add(app):
    """Add the command to an application."""

    @command(app, "compare", ("table", "json", "csv", "tsv"))
    def compare(session, count: Count, chip: Chip = None, region: Region = None, system: System = None,
                cooling: Cooling = None, power: Power = None, space: Space = None, fabric: Fabric = None,
                workload: Workload = None):
        """Alternatives side by side: several values of one option, separated by commas.

        Example: dcestimate compare 100k --chip gb300 --region us-east-1 --cooling dlc-dry,dlc-tower,air-evaporative
        """
        from ..estimation import estimate
        from ..report import compare as sides
        from ..report import machine
        from ..report.table import width, wrapped

        asked = {"chip": ",".join(chip or ()), "region": ",".join(region or ()), "system": system, "cooling": cooling,
                 "power": power, "space": space, "fabric": fabric, "workload": workload}
        axis, names = _axis(asked)
        library = session.library()
        estimates = []
        for name in names:
            one = {**asked, axis: name}
            one |= {key: [one[key]] if one[key] else None for key in ("chip", "region")}
            estimates.append(estimate(library, request_lines(session, library, count, **one)))
        if session.format == "json":
            session.write(machine.as_json(sides.document(axis, names, estimates, library)))
        elif session.format in ("csv", "tsv"):
            headers, rows = sides.columns(estimates, session.display())
            session.write(machine.as_separated(headers, rows, "," if session.format == "csv" else "\t"))
        else:
            session.write(sides.text(axis, names, estimates, session.display()))
        for name, one in zip(names, estimates, strict=True):
            session.note(*(wrapped(f"! {name}: {text.partition(': ')[2]}", "  ", width())
                           for text in one.warnings if text.startswith("warning")))


def _axis(asked):
    """The option that has several values, and these."""
    several = {name: [part.strip() for part in text.split(",")] for name, text in asked.items()
               if text and "," in text and ":" not in text}
    if len(several) != 1:
        found = " and ".join(several) if several else "no option"
        raise UsageError(f"{found} {'has' if len(several) < 2 else 'have'} several values; one is compared at a time.",
                         "Write e.g. --cooling dlc-dry,dlc-tower,air-evaporative.")
    axis, names = several.popitem()
    if len(set(names)) < len(names) or "" in names:
        raise UsageError(f"--{axis} names one twice, or none between two commas.", "Name each once.")
    return axis, names
