"""Where power, heat and water go: chains of stages, each of whose in, out and loss close.

A chain is read at one moment: at the design state that the site's peak comes from, or as the mean of the year.
"""

from dataclasses import dataclass

import numpy as np

from . import units
from .arrays import negligible, year_mean
from .errors import UsageError

UNITS = {"power": "MW", "heat": "MW", "water": "m3/d"}


@dataclass(frozen=True)
class Stage:
    """A stage of a chain: what enters, what goes on, what is lost, and what joins or leaves it [unit of the diagram].

    ``joins`` and ``leaves`` are (name, amount) of branches; inflow and joins equal outflow, leaves and loss.
    """

    name: str
    inflow: float
    outflow: float
    loss: float = 0.0
    joins: tuple = ()
    leaves: tuple = ()

    @property
    def gap(self):
        """What the stage does not account for: nothing but rounding."""
        return (self.inflow + sum(x for _, x in self.joins)) - (self.outflow + self.loss + sum(x for _, x in self.leaves))


@dataclass(frozen=True)
class Diagram:
    """A chain at a moment; ``unit`` is that of all amounts."""

    kind: str
    moment: str
    unit: str
    stages: tuple


def diagrams(deployment, kind):
    """The chain of a kind ("power", "heat" or "water") by design, and as the mean of the year.

    :raises UsageError: when there is no such kind.
    """
    if kind not in UNITS:
        raise UsageError(f"there is no diagram of '{kind[:40]}'.", f"There are {', '.join(UNITS)}.")
    values, weather = deployment.values(), str(deployment["facility_peak_weather"])
    state = ("dry", "wet").index(weather)
    moments = ((f"critical IT power in the {weather} extreme", lambda x: x[..., state]),
               ("mean of the year", lambda x: year_mean(x, values["hours"])[..., 0]))
    build = {"power": _power, "heat": _heat, "water": _water}[kind]
    return [Diagram(kind, moment, UNITS[kind], tuple(s for s in build(values, _Moment(values, at, UNITS[kind], kind))
                                                     if s.inflow or s.joins)) for moment, at in moments]


class _Moment:
    """Reads arrays of the model at a moment, in the unit of a diagram."""

    def __init__(self, values, at, unit, kind):
        self.at, self.unit, self.states = at, unit, values["hours"].shape[-1]
        self.over = values["water_density"] if kind == "water" else 1

    def site(self, x):
        """Of the site."""
        return units.from_si(float(self.at(np.broadcast_to(x / self.over, (1, 1, 1, self.states))).sum()), self.unit)

    def one(self, x, stream):
        """Of one stream."""
        return self.site(np.broadcast_to(x, (1, 1, 2, np.shape(x)[-1]))[:, :, stream:stream + 1])

    def both(self, x):
        """Of both streams together."""
        return self.one(x, 0) + self.one(x, 1)


def _some(*branches):
    return tuple((name, amount) for name, amount in branches if amount)


def _power(v, at):
    """From the meter to the equipment."""
    meter, site = at.site(v["facility_power"]), at.site(v["facility_power"] * v["substation_efficiency"])
    chillers = at.site(v["chiller_power"] * v["chiller_medium_voltage_share"])
    low, loss = at.site(v["low_voltage_power"]), at.site(v["transformer_loss"])
    on_ups = at.site(v["ups_cooling_power"])
    ups, output, it = (at.site(v[name]) for name in ("ups_input_power", "ups_output_power", "it_power"))
    feeds, racks = at.site(v["distribution_loss"]), at.site(v["rack_battery_power"])
    above = at.site(v["ups_input_power"] * v["ups_medium_voltage_share"])
    yield Stage("substation", meter, site, meter - site)
    yield Stage("medium voltage", site, low + loss, leaves=_some(("chillers", chillers), ("UPS", above)))
    yield Stage("transformers", low + loss, low, loss)
    switchgear = at.site(v["low_voltage_power"] * (1 - v["low_voltage_efficiency"]))
    yield Stage("low voltage", low, ups - above, switchgear, leaves=_some(
        ("cooling", at.site(v["cooling_power"]) - on_ups - chillers), ("racks with batteries", racks),
        ("house loads", at.site(v["house_power_share"] * v["it_power"]))))
    yield Stage("UPS", ups - above, output, at.site(v["ups_loss"]), joins=_some(("medium voltage", above)))
    through = 0.0 if negligible(it + feeds - racks, it) else it + feeds - racks
    yield Stage("UPS output", output, through, leaves=_some(("cooling on the UPS", on_ups)))
    yield Stage("rack feeds", through, it, feeds, joins=_some(("past the UPS", racks)))


def _heat(v, at):
    """From the equipment to the outdoors, stream by stream."""
    for stream, name in enumerate(("air", "liquid")):
        taken, handed, carried, looped = (at.one(v[q], stream) for q in ("terminal_heat", "stream_heat", "carried_heat",
                                                                         "loop_heat"))
        outside = at.one(v["stream_heat"] * v["outside_air_free_share"] * v["plant_share"], stream)
        residual = at.one(v["dry_residual_heat"] + v["tower_residual_heat"], stream)
        unmet = at.one((v["dry_residual_heat"] + v["tower_residual_heat"]) * (1 - v["trim_share"]), stream)
        compressors = at.one(v["air_chiller_power"] + v["water_chiller_power"], stream)
        yield Stage(f"{name}: terminals", taken, handed, joins=_some(("fans, pumps", handed - taken)))
        yield Stage(f"{name}: hall", handed, carried, leaves=_some(
            ("outside air", outside), ("fixed overhead", at.one(v["stream_heat"] * (1 - v["plant_share"]), stream))))
        yield Stage(f"{name}: loop", carried, residual, joins=_some(("pumps", looped - carried)),
                    leaves=_some(("economizers", looped - residual)))
        yield Stage(f"{name}: chillers", residual, residual - unmet + compressors,
                    joins=_some(("compressors", compressors)), leaves=_some(("finds no cooling", unmet)))


def _water(v, at):
    """From the main to the air and the drain."""
    make_up, evaporated, drift, blowdown = (at.site(v[q]) for q in ("make_up_water", "evaporation", "drift", "blowdown"))
    yield Stage("make-up", make_up, evaporated, leaves=_some(("drift", drift), ("blowdown", blowdown)))
    yield Stage("evaporation", evaporated, 0.0, leaves=_some(
        ("towers", at.both(v["tower_evaporation"])), ("adiabatic pads", at.both(v["adiabatic_evaporation"])),
        ("evaporative coolers", at.both(v["evaporative_evaporation"]))))
