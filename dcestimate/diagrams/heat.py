"""The chain of heat, from the equipment to the outdoors."""

import numpy as np

from .. import units
from ..arrays import negligible, sum_streams
from . import power
from .stage import Equipment, Stage, figure, some, stands, weather_of


def moments(deployment, v, degrees):
    """The extreme that the site's peak comes from, the year, and the state in which most heat finds no cooling."""
    yield from power.moments(deployment, v, degrees)
    unmet = np.broadcast_to(sum_streams(v["unmet_heat"]), v["hours"].shape).reshape(-1)
    if unmet.max() > 0:
        worst = int(unmet.argmax())
        yield (f"in the state in which most heat finds no cooling ({weather_of(v, worst, degrees)})", "MW",
               lambda x: x[..., worst])


def notes(v):
    """What others take of the heat; the plant is there for all of it."""
    reused = units.from_si(float(v["annual_reused_energy"].sum()), "GWh")
    if reused:
        yield (f"others use {reused:,.4g} GWh of this heat a year; the plant is sized for all of it, and its energy "
               "counted as if they did not")


def stages(v, at):
    """From the equipment to the outdoors, stream by stream, and from the electrical rooms."""
    free, coolers = (("source water", "exchangers") if figure(v, "source_water_share", "1") == 1 else
                    ("dry coolers", "dry coolers"))
    yield Stage("IT equipment", at.site(v["it_power"]), 0.0, joins=some(
        ("rack feeds", at.site(v["distribution_loss"])),
        ("fans of liquid-to-air units", at.site(v["released_heat_fan_power"]))),
        leaves=some(("air", at.one(v["terminal_heat"], 0)), ("liquid", at.one(v["terminal_heat"], 1))))
    for stream, (name, terminals, count) in enumerate((("air", "air handlers", "air_handler_count"),
                                                       ("liquid", "CDUs", "cdu_count"))):
        taken, handed, carried, looped = (at.one(v[q], stream) for q in ("terminal_heat", "stream_heat", "carried_heat",
                                                                         "loop_heat"))
        outside = at.one(v["stream_heat"] * v["outside_air_free_share"] * v["plant_share"], stream)
        dry, wet = (at.one(v[q], stream) for q in ("dry_residual_heat", "tower_residual_heat"))
        by_tower = at.one(v["loop_heat"] * v["tower_share"], stream)
        unmet = at.one((v["dry_residual_heat"] + v["tower_residual_heat"]) * (1 - v["trim_share"]), stream)
        compressors = at.one(v["air_chiller_power"] + v["water_chiller_power"], stream)
        yield Stage(f"{name}: {terminals}", taken, handed, joins=some(("fans, pumps", handed - taken)),
                    levels=(("supply", figure(v, "terminal_supply_temperature", "degC", stream), "degC"),),
                    equipment=stands(v, ("units", count, "terminal_unit_capacity", "kW"), stream=stream))
        yield Stage(f"{name}: hall", handed, carried, leaves=some(
            ("outside air", outside), ("fixed overhead", at.one(v["stream_heat"] * (1 - v["plant_share"]), stream))))
        yield Stage(f"{name}: loop", carried, dry + wet, joins=some(("pumps", looped - carried)), leaves=some(
            (f"{free}, to the outdoors", _less(looped, by_tower + dry)), ("towers, to the outdoors", _less(by_tower, wet))),
            levels=tuple((side, figure(v, f"loop_{side}_temperature", "degC", stream), "degC")
                         for side in ("supply", "return")),
            equipment=stands(v, (coolers, "dry_cooler_count", "dry_cooler_unit_capacity", "kW"),
                              ("tower cells", "tower_count", "tower_unit_capacity", "kW"), stream=stream))
        yield Stage(f"{name}: chillers", dry + wet, dry + wet - unmet + compressors, end=_end(dry, wet),
                    joins=some(("compressors", compressors)), leaves=some(("finds no cooling", unmet)),
                    equipment=_chillers(v, stream))
    rooms = at.site(v["ups_loss"] * v["plant_share"])
    coolers = at.site(v["electrical_room_cooling_power"])
    yield Stage("electrical rooms", rooms, rooms + coolers, joins=some(("compressors", coolers)), end="outdoors")


def _end(dry, wet):
    """Where chillers send their heat."""
    if not wet:
        return "outdoors"
    return "towers, to the outdoors" if negligible(dry, wet) else "outdoors, in part by towers"


def _less(whole, part):
    """What is left of a whole, rounding aside."""
    return 0.0 if negligible(abs(whole - part), whole) else whole - part


def _chillers(v, stream):
    """Chillers of a stream, of both kinds."""
    blocks = figure(v, "block_count", "1")
    found = (Equipment(f"{kind}-cooled chillers",
                       round(blocks * figure(v, f"{kind}_chiller_installed_per_block", "1", stream)),
                       figure(v, f"{kind}_chiller_unit_capacity", "kW", stream), "kW") for kind in ("air", "water"))
    return tuple(one for one in found if one.count)
