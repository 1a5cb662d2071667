"""Whether the plant holds what it must without chillers: by how much it misses, when, and what would mend it."""

import numpy as np

from ..arrays import air_stream, at_design, in_any_state, liquid_stream, over, sum_streams
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


@quantity("K", where="outside_air_share")
def outside_air_shortfall(outside_air_temperature, air_handler_setpoint, outside_air_share, economizer_share):
    """How much warmer the supply would have to be for outside air to take all heat where it is alone, were it let in."""
    alone = (outside_air_share >= 1) & (economizer_share <= 0)
    return np.maximum(outside_air_temperature - air_handler_setpoint, 0) * alone


@quantity("K")
def supply_shortfall(dry_shortfall, tower_shortfall, outside_air_shortfall, unmet_heat):
    """How far a stream's supply temperature is missed in each state."""
    missed = np.maximum(np.maximum(dry_shortfall, tower_shortfall), outside_air_shortfall)
    return missed * (unmet_heat > 0)


@quantity("MW")
def uncooled_heat(unmet_heat, supply_shortfall, locked_out_heat):
    """Heat that no supply temperature and no weather helps: there is nothing that would take it."""
    return unmet_heat * ((supply_shortfall <= 0) & (locked_out_heat <= 0))


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


@quantity("1")
def sufficient_adiabatic_effectiveness(entering_dry_bulb, entering_wet_bulb, dry_cooler_source_temperature,
                                       loop_return_temperature, loop_load_share, dry_economizer_conductance,
                                       dry_shortfall, source_water_share):
    """Effectiveness of an adiabatic assist of a stream's dry coolers that would take all heat; above 1 where none does."""
    wanted = loop_return_temperature - over(loop_load_share, dry_economizer_conductance)
    share = over(dry_cooler_source_temperature - wanted, entering_dry_bulb - entering_wet_bulb)
    return in_any_state(share * (dry_shortfall > 0) * (source_water_share < 1))


@quantity("1", total="largest")
def sufficient_air_assist(sufficient_adiabatic_effectiveness):
    """Effectiveness of an adiabatic assist with which the air's dry coolers would take all heat; above 1 where none
    does.
    """
    return air_stream(sufficient_adiabatic_effectiveness)


@quantity("1", total="largest")
def sufficient_liquid_assist(sufficient_adiabatic_effectiveness):
    """Effectiveness of an adiabatic assist with which the liquid's dry coolers would take all heat; above 1 where none
    does.
    """
    return liquid_stream(sufficient_adiabatic_effectiveness)


@quantity("1")
def fan_heat_share(terminal_power, terminal_heat_share, terminal_heat):
    """Heat of the air handlers' fans by design over that of what they cool."""
    return at_design(air_stream(over(terminal_power * terminal_heat_share, terminal_heat)))


@quantity("K")
def thinner_air_allowance(air_supply_shortfall, supply_air_temperature, fan_heat_share, air_temperature_difference,
                          loop_temperature_difference):
    """What fans add to a warmer supply: its air is thinner in proportion, and takes more power; air and loop carry that."""
    rise = air_temperature_difference + air_stream(loop_temperature_difference)
    return air_supply_shortfall / supply_air_temperature * fan_heat_share * rise


@quantity("degC", total="largest")
def sufficient_air_temperature(supply_air_temperature, air_supply_shortfall, thinner_air_allowance):
    """Supply air that economizers and outside air would hold without chillers."""
    return supply_air_temperature + air_supply_shortfall + thinner_air_allowance


@quantity("degC", total="largest")
def sufficient_coolant_temperature(coolant_supply_temperature, liquid_supply_shortfall):
    """Coolant that economizers would hold without chillers."""
    return coolant_supply_temperature + liquid_supply_shortfall


@quantity("degC")
def liquid_supply_limit(coolant_supply_limit, inlet_air_limit, liquid_share, air_capture_share):
    """Warmest supply of the liquid stream that the systems bear: their coolant's, and their air's where doors cool that."""
    coolant = np.where(liquid_share > 0, coolant_supply_limit, inlet_air_limit)
    return np.where(air_capture_share > 0, np.minimum(coolant, inlet_air_limit), coolant)


@check("warning", "without chillers the air's supply temperature is missed by {air_supply_shortfall} in {state}, above the "
                  "{supply_air_temperature} that is set; give it trim chillers for at least {air_unmet_heat} "
                  "(air.trim_share=1)")
def air_is_cooled(supply_shortfall, air_supply_shortfall, supply_air_temperature, air_unmet_heat):
    return air_stream(supply_shortfall)


@check("warning", "without chillers the coolant's supply temperature is missed by {liquid_supply_shortfall} in {state}, "
                  "above the {coolant_supply_temperature} that is set; give it trim chillers for at least "
                  "{liquid_unmet_heat} (liquid.trim_share=1)")
def coolant_is_cooled(supply_shortfall, liquid_supply_shortfall, coolant_supply_temperature, liquid_unmet_heat):
    return liquid_stream(supply_shortfall)


@check("note", "air.terminal_supply_temperature={sufficient_air_temperature:up} would hold without chillers, within the "
               "{inlet_air_limit} that the system allows")
def warmer_air_would_do(sufficient_air_temperature, inlet_air_limit, air_supply_shortfall, locked_out_heat):
    borne = (sufficient_air_temperature <= inlet_air_limit) & (in_any_state(air_stream(locked_out_heat)) <= 0)
    return (air_supply_shortfall > 0) & borne


@check("note", "liquid.terminal_supply_temperature={sufficient_coolant_temperature:up} would hold without chillers, within "
               "the {liquid_supply_limit} that the system allows")
def warmer_coolant_would_do(sufficient_coolant_temperature, liquid_supply_limit, liquid_supply_shortfall):
    return (liquid_supply_shortfall > 0) & (sufficient_coolant_temperature <= liquid_supply_limit)


@check("note", "an adiabatic assist would hold the air's supply temperature without chillers: "
               "air.adiabatic_effectiveness={sufficient_air_assist:up}")
def assist_would_do_for_air(sufficient_air_assist, air_supply_shortfall):
    return (air_supply_shortfall > 0) & (sufficient_air_assist > 0) & (sufficient_air_assist <= 1)


@check("note", "an adiabatic assist would hold the coolant's supply temperature without chillers: "
               "liquid.adiabatic_effectiveness={sufficient_liquid_assist:up}")
def assist_would_do_for_coolant(sufficient_liquid_assist, liquid_supply_shortfall):
    return (liquid_supply_shortfall > 0) & (sufficient_liquid_assist > 0) & (sufficient_liquid_assist <= 1)


@check("warning", "{uncooled_heat} finds no cooling in {state}, for there are neither economizers nor chillers; set "
                  "trim_share=1 or economizer_share=1")
def all_heat_is_cooled(uncooled_heat):
    return uncooled_heat
