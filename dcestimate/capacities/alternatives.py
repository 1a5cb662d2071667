"""What another cooling design, power design or chip would give."""

from dataclasses import dataclass, replace

from ..errors import DcestimateError
from ..estimation import estimate
from ..figures import figures
from ..request import lines
from .search import solve

AXES = ("cooling", "power", "chip")


@dataclass
class Alternative:
    """The answer with one choice changed; ``systems`` is None when no limit stops it, ``reason`` says why none is built."""

    axis: str
    name: str
    system: str
    systems: int | None = None
    chips: int | None = None
    binds: tuple = ()
    reason: str = ""


def alternatives(library, line, limits, chips, designs):
    """The answers with another cooling design, power design or chip."""
    names = {"cooling": library.names("cooling") if designs else (), "power": library.names("power") if designs else (),
             "chip": [library.find(("chip", "system"), chip)[1] for chip in chips] or _neighbours(library, line.chip)}
    for axis in AXES:
        for name in names[axis]:
            if name == getattr(line, axis):
                continue
            other = _with_chip(library, line, name) if axis == "chip" else replace(line, **{axis: name})
            one = Alternative(axis, name, other.system)
            try:
                found = figures(library, other)
                if axis == "cooling" and (found.values["fixed_cooling_overhead"] or not found.values["plant_share"]):
                    continue  # stands for a plant that is not modelled
                each = round(found.values["accelerators_per_system"])
                fleet = estimate(library, [replace(other, count=each)])
                unfit = [text for text in fleet.warnings if text.startswith("warning") and _of_design(text, axis)]
                answer = solve(found, limits)
                one.systems, one.reason = answer.systems, unfit[0].partition(": ")[2] if unfit else ""
                one.chips = None if answer.systems is None else answer.systems * each
                answer.bind()
                one.binds = tuple(bound.limit.kind.key for bound in answer.bounds if bound.binds)
            except DcestimateError as error:
                one.reason = error.message
            yield one


def _of_design(text, axis):
    """Whether a warning says that a cooling design does not suit the system."""
    return axis == "cooling" and "roadmap" not in text and "TDP" not in text


def _with_chip(library, line, name):
    """A line of another chip or system, with the designs that the user chose and otherwise the new system's own."""
    chosen = {kind: getattr(line, kind) for kind in ("cooling", "power", "space", "fabric") if kind in line.stated}
    one = lines(library, 1, name, line.region, settings=[f"{k}={v}" for k, v in line.settings], **chosen)[0]
    return replace(one, workload=line.workload, stated=one.stated | (line.stated & {"workload"}))


def _neighbours(library, chip):
    """Chips of the same maker that are sold, the two below and the two above in BF16 rate."""
    maker = library.load("chip", chip).header.vendor
    own = [library.load("chip", name) for name in library.names("chip")]
    rated = sorted((one.figures["dense_bf16_rate"].value, one.name) for one in own if one.header.vendor == maker
                   and "dense_bf16_rate" in one.figures and (one.header.availability == "shipping" or one.name == chip))
    names = [name for _, name in rated]
    if chip not in names:
        return []
    place = names.index(chip)
    return [*names[max(place - 2, 0):place], *names[place + 1:place + 3]]
