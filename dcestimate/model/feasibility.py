"""Whether the plant holds what it must without chillers: by how much it misses, when, and what would mend it."""

import numpy as np

from ..arrays import air_stream, in_any_state, liquid_stream, over, sum_streams
from ..quantity import check, quantity

STATES = ("dry extreme", "wet extreme", "year's weather")


@quantity("MW")
def unmet_heat(dry_residual_heat, tower_residual_heat, trim_share):
    """Heat of each stream that neither economizers nor chillers take, in each state."""
    return (dry_residual_heat + tower_residual_heat) * (1 - trim_share)


@quantity("MW", total="sum")
def largest_unmet_heat(unmet_heat):
    """Largest heat that neither economizers nor chillers take."""
    return in_any_state(sum_streams(unmet_heat))


@quantity("MW", total="sum")
def air_unmet_heat(unmet_heat):
    """Largest heat of the air that neither economizers nor chillers take."""
    return in_any_state(air_stream(unmet_heat))


@quantity("MW", total="sum")
def liquid_unmet_heat(unmet_heat):
    """Largest heat of the liquid that neither economizers nor chillers take."""
    return in_any_state(liquid_stream(unmet_heat))


@quantity("K")
def dry_shortfall(dry_cooler_air_temperature, loop_load_share, dry_economizer_conductance, loop_return_temperature,
                  tower_share, economizer_share, trim_share):
    """How much warmer the loop would have to be for dry coolers to take all heat, where no chiller helps them."""
    needed = dry_cooler_air_temperature + over(loop_load_share, dry_economizer_conductance)
    alone = (tower_share < 1) & (economizer_share > 0) & (trim_share < 1)
    return np.maximum(needed - loop_return_temperature, 0) * alone


@quantity("K")
def tower_shortfall(tower_free_temperature, loop_load_share, exchanger_conductance, loop_return_temperature, tower_share,
                    economizer_share, trim_share):
    """How much warmer the loop would have to be for towers to take all heat, where no chiller helps them."""
    needed = tower_free_temperature + over(loop_load_share, exchanger_conductance)
    alone = (tower_share > 0) & (economizer_share > 0) & (trim_share < 1)
    return np.maximum(needed - loop_return_temperature, 0) * alone


@quantity("K")
def supply_shortfall(dry_shortfall, tower_shortfall):
    """How far a stream's supply temperature is missed in each state."""
    return np.maximum(dry_shortfall, tower_shortfall)


@quantity("K", total="largest")
def air_supply_shortfall(supply_shortfall):
    """How far the air's supply temperature is missed in the worst state."""
    return in_any_state(air_stream(supply_shortfall))


@quantity("K", total="largest")
def liquid_supply_shortfall(supply_shortfall):
    """How far the coolant's supply temperature is missed in the worst state."""
    return in_any_state(liquid_stream(supply_shortfall))


def _worst_state(missed):
    dry, wet = missed[..., :1], missed[..., 1:2]
    return np.where(in_any_state(missed) > np.maximum(dry, wet), 2, (wet > dry) * 1)


@quantity("1", choices=STATES)
def air_shortfall_weather(supply_shortfall):
    """When the air's supply temperature is missed by most."""
    return _worst_state(air_stream(supply_shortfall))


@quantity("1", choices=STATES)
def liquid_shortfall_weather(supply_shortfall):
    """When the coolant's supply temperature is missed by most."""
    return _worst_state(liquid_stream(supply_shortfall))


@quantity("1", total="largest")
def sufficient_adiabatic_effectiveness(entering_dry_bulb, entering_wet_bulb, dry_cooler_source_temperature,
                                       loop_return_temperature, loop_load_share, dry_economizer_conductance,
                                       dry_shortfall, source_water_share):
    """Effectiveness of an adiabatic assist of dry coolers in air that would take all heat; above 1 where none does."""
    wanted = loop_return_temperature - over(loop_load_share, dry_economizer_conductance)
    share = over(dry_cooler_source_temperature - wanted, entering_dry_bulb - entering_wet_bulb)
    return in_any_state((share * (dry_shortfall > 0) * (source_water_share < 1)).max(-2, keepdims=True))


@check("warning", "without chillers the air's supply temperature is missed by {air_supply_shortfall} in the "
                  "{air_shortfall_weather}; give it trim chillers for {air_unmet_heat} (air.trim_share=1), or raise "
                  "air.terminal_supply_temperature by as much where the systems bear it")
def air_is_cooled(air_supply_shortfall, air_shortfall_weather, air_unmet_heat):
    return (air_supply_shortfall > 0) & (air_unmet_heat > 0)


@check("warning", "without chillers the coolant's supply temperature is missed by {liquid_supply_shortfall} in the "
                  "{liquid_shortfall_weather}; raise liquid.terminal_supply_temperature by as much, or give it trim "
                  "chillers for {liquid_unmet_heat} (liquid.trim_share=1)")
def coolant_is_cooled(liquid_supply_shortfall, liquid_shortfall_weather, liquid_unmet_heat):
    return (liquid_supply_shortfall > 0) & (liquid_unmet_heat > 0)


@check("note", "an adiabatic assist with an effectiveness of {sufficient_adiabatic_effectiveness} would hold the supply "
               "temperatures without chillers")
def adiabatic_assist_would_do(sufficient_adiabatic_effectiveness, largest_unmet_heat):
    return ((largest_unmet_heat > 0) & (sufficient_adiabatic_effectiveness > 0)
            & (sufficient_adiabatic_effectiveness <= 1))


@check("warning", "{largest_unmet_heat} finds no cooling, for there are neither economizers nor chillers; set trim_share=1 "
                  "or economizer_share=1")
def all_heat_is_cooled(largest_unmet_heat, air_supply_shortfall, liquid_supply_shortfall):
    return (largest_unmet_heat > 0) & (air_supply_shortfall <= 0) & (liquid_supply_shortfall <= 0)
