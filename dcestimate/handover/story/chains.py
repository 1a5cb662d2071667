"""Chains of power and heat as parts of a page."""

from ...diagrams.diagram import diagrams
from ...reports.diagram import Amounts, branches, equipment
from .parts import Chain, Stage

TITLES = {"power": "Power, from the grid to the chips", "heat": "Heat, from the chips to the outdoors"}


def chains(deployment, display, moment=0):
    """The chains of power and heat of a deployment, at the extreme that its peak comes from (0), or over the year (1)."""
    return tuple(_chain(diagrams(deployment, kind, display.unit("degC"))[moment], display) for kind in TITLES)


def _chain(diagram, display):
    amounts = Amounts(diagram, display)
    largest = max((stage.entering for stage in diagram.stages), default=1)
    stages = tuple(Stage(
        stage.name, amounts.text(stage.entering), stage.entering / largest, equipment(stage, display),
        (*((line[0], line[2:]) for line in branches(stage, amounts)),
         *([("-", f"loss {amounts.text(stage.loss)}")] if stage.loss else [])),
        bool(stage.outflow and not stage.end)) for stage in diagram.stages)
    return Chain(f"{TITLES[diagram.kind]} [{amounts.unit}], {diagram.moment}", stages)
