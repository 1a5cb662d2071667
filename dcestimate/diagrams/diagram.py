"""Where power, heat and water go: chains of stages, each of whose in, out and loss close.

Power and heat are read at the design state that the site's peak comes from, and as the mean of the year; water on its
peak day and over the year.
"""

from dataclasses import dataclass

from ..errors import UsageError
from . import heat, power, water
from .stage import Moment

KINDS = {"power": power, "heat": heat, "water": water}


@dataclass(frozen=True)
class Diagram:
    """A chain at a moment; ``unit`` is that of all amounts."""

    kind: str
    moment: str
    unit: str
    stages: tuple
    notes: tuple = ()


def diagrams(deployment, kind, degrees="degC"):
    """The chains of a kind ("power", "heat" or "water"): of the extreme that plant is sized for, and of the year.

    The weather is told in ``degrees``.

    :raises UsageError: when there is no such kind.
    """
    if kind not in KINDS:
        raise UsageError(f"there is no diagram of '{kind[:40]}'.", f"There are {', '.join(KINDS)}.")
    values, chain = deployment.values(), KINDS[kind]
    return [Diagram(kind, moment, unit, tuple(s for s in chain.stages(values, Moment(values, at, unit)) if s.entering),
                    tuple(chain.notes(values))) for moment, unit, at in chain.moments(deployment, values, degrees)]
