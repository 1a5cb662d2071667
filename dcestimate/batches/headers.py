"""What the columns of a planner's table say, by their headers.

A header is a name and may hold a unit: ``rack_power_limit [kW/rack]``, ``Rack power limit (kW/rack)`` or
``rack_power_limit_kw``. Capitals, spaces and marks do not matter.
"""

import re
from dataclasses import dataclass, field

from .. import units
from ..arrays import STREAMS
from ..errors import QuantityError
from ..profile_kinds import GRAPH
from ..results import RESULTS

NEEDED = ("chip", "count", "region")
# what a column may be called beside its own name; an earlier name goes before a later one
SYNONYMS = {
    "chip": ("gpu", "accelerator", "chip type", "gpu type", "accelerator type", "chip model", "gpu model",
             "accelerator model", "chip name", "gpu name"),
    "count": ("chips", "gpus", "accelerators", "chip count", "gpu count", "accelerator count", "number of chips",
              "number of gpus", "number of accelerators", "no of gpus", "no of chips", "# of gpus", "# gpus", "# chips",
              "num gpus", "num chips", "n gpus", "n chips", "gpu qty", "chip qty", "gpu quantity", "qty", "quantity"),
    "region": ("cloud region", "aws region", "region name", "region code", "region id", "location"),
    "system": ("system type", "system name", "server", "server type", "server model", "platform"),
    "cooling": ("cooling design", "cooling type", "cooling system"),
    "power": ("power design", "power topology", "electrical design"),
    "space": ("space design", "hall", "hall design", "hall type"),
    "fabric": ("fabric design", "network", "network fabric"),
    "workload": ("workload mix", "workload type"),
    "set": ("settings", "overrides"),
}
OPTIONAL = tuple(role for role in SYNONYMS if role not in NEEDED)
MULTIPLES = {"k": "k", "thousand": "k", "thousands": "k", "000": "k", "000s": "k",
             "m": "M", "million": "M", "millions": "M"}
COUNTED = ("", "1", "chip", "chips", "gpu", "gpus", "accelerator", "accelerators", "#")
BRACKETED = re.compile(r"\s*(.*?)\s*(?:\[([^\[\]]*)\]|\(([^()]*)\))\s*", re.S)
FOOTNOTES = "*\u2020\u2021\u00a7\u00b9\u00b2\u00b3"
ERROR, OWN_ERROR = "error", "dcestimate_error"


@dataclass
class Columns:
    """Which column holds what: ``roles`` by name of the request, ``figures`` {name: (column, unit)}, results of an
    earlier run in ``own``, and the headers that say nothing to us in ``others``.
    """

    headers: list
    roles: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)
    others: list = field(default_factory=list)
    multiple: str = ""
    faults: list = field(default_factory=list)  # (column, message)
    unmapped: list = field(default_factory=list)  # errors of what the user names and is not there

    @property
    def read(self):
        """The columns that say anything about a deployment."""
        return {*self.roles.values(), *(column for column, _ in self.figures.values())}

    @property
    def error(self):
        """(header, column or None) of where errors go: a column "error" that is not ours stays the planner's."""
        for name in (OWN_ERROR, ERROR):
            if name in self.headers and (name == OWN_ERROR or self.own):
                return name, self.headers.index(name)
        taken = {header.strip().casefold() for header in self.headers}  # a table tells no capitals apart
        return (OWN_ERROR if ERROR in taken else ERROR), None


def result_header(name, unit):
    """The header of a result's column; a text has no unit."""
    return name if getattr(RESULTS[name], "choices", ()) else f"{name} [{unit}]"


def result_of(header):
    """The result whose column a header is, in whatever unit, or None: only what we write ourselves counts."""
    name, unit = split(header)
    name = name.casefold()
    if name not in RESULTS:
        return None
    if getattr(RESULTS[name], "choices", ()):
        return name if unit is None else None
    return name if header.rstrip().endswith("]") and fits(unit, RESULTS[name].unit) else None


def folded(text):
    """A name without capitals and marks, those of footnotes among them.

    >>> folded("GPU_Count"), folded(" # of GPUs "), folded("Rack power-limit"), folded("Region*:")
    ('gpu count', '# of gpus', 'rack power limit', 'region')
    """
    return " ".join(re.sub(rf"[_\s./:{FOOTNOTES}-]+", " ", text).split()).casefold()


ROLES = {folded(name): (role, rank) for role, names in SYNONYMS.items() for rank, name in enumerate((role, *names))}
FIGURES = {folded(name): name for name, given in GRAPH.givens.items() if not given.state}
FIGURES |= {folded(f"{stream}.{name}"): f"{stream}.{name}" for stream in STREAMS for name, given in GRAPH.givens.items()
            if given.stream}


def split(header):
    """(name, unit) of a header; the unit is None where none is bracketed.

    >>> split("IT load (kW)"), split("energy_price [USD/MWh]"), split("chips")
    (('IT load', 'kW'), ('energy_price', 'USD/MWh'), ('chips', None))
    """
    found = BRACKETED.fullmatch(header.rstrip(f": {FOOTNOTES}"))
    if not found:
        return header.strip(), None
    return found[1], (found[2] if found[2] is not None else found[3]).strip()


def fits(unit, wanted):
    """Whether a text is a unit of the dimension of another."""
    try:
        return unit is not None and units.same_dimension(unit, wanted)
    except QuantityError:
        return False
