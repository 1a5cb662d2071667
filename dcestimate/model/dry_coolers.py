"""Dry coolers, with or without adiabatic assist, and how much of the loop's heat they take without a compressor.

Per watt of design heat every temperature difference is fixed by a design approach, which fixes the transfer units;
elsewhere they perform as physics says. With balanced flows the exchanger and the cooler are resistances in series.
"""

import numpy as np

from ..arrays import away_from_zero, between, excess, over, whole_up
from ..physics import exchangers, moist_air
from ..quantity import Given, check, quantity, solved

ALIKE = 1e-7  # relative difference of two conductances that makes none: above what a turndown is solved to

dry_cooler_unit_capacity = Given("kW", "Heat one dry cooler can reject", home="cooling", above=0, chosen=True)
dry_cooler_approach = Given("K", "Leaving fluid above entering air of a dry cooler by design", home="cooling",
                            stream=True, low=0.5)
dry_cooler_air_temperature_difference = Given("K", "Rise of the air through a dry cooler by design", home="cooling",
                                              low=1)
dry_cooler_fan_power_share = Given("W/W", "Fan power of a dry cooler over the heat it rejects by design",
                                   home="cooling", low=0)
dry_cooler_fan_exponent = Given("1", "Exponent of power over speed of a dry cooler's fans", home="cooling", low=1, high=3)
dry_cooler_low_speed = Given("1", "Low speed of a dry cooler's fans over full speed", home="cooling", low=0.05, high=0.95)
dry_cooler_air_side_exponent = Given("1", "Exponent of a dry cooler's conductance over its fan speed", home="cooling",
                                     low=0, high=1)
dry_cooler_density_exponent = Given("1", "Exponent of a dry cooler's conductance over the density of its air",
                                    home="cooling", low=0, high=1)
adiabatic_effectiveness = Given("1", "Effectiveness of the adiabatic assist of a dry cooler, 0 for none",
                                home="cooling", stream=True, low=0, high=1)
source_water_share = Given("1", "1 where sea, lake or district water takes the place of the dry coolers' air, 0 for air",
                           home="cooling", low=0, high=1, chosen=True)
source_water_temperature = Given("degC", "Sea, lake or district water entering the site", home="cooling region", low=270,
                                 high=310)
reference_air_density = Given("kg/m3", "Density of dry air at which coolers and towers are rated", home="physics")
transfer_units_low = Given("1", "Least transfer units looked for", home="physics", above=0)
transfer_units_high = Given("1", "Most transfer units looked for", home="physics", low=1)


@quantity("1")
def dry_cooler_count_per_block(economizer_design_heat, tower_share, dry_cooler_unit_capacity, block_count):
    """Dry coolers that a block needs, without spares."""
    return whole_up(economizer_design_heat * (1 - tower_share) / (dry_cooler_unit_capacity * block_count))


@quantity("1")
def dry_cooler_count(dry_cooler_count_per_block, rejection_spare_units, block_count):
    """Dry coolers, spares included."""
    return block_count * (dry_cooler_count_per_block + rejection_spare_units * (dry_cooler_count_per_block > 0))


@quantity("1")
def dry_cooler_running_count(dry_cooler_count, dry_cooler_count_per_block, block_count, year_states):
    """Dry coolers that run: all of them over the year; at the extremes the plant must hold without the spares."""
    needed = dry_cooler_count_per_block * block_count
    return needed + (dry_cooler_count - needed) * year_states


@quantity("1")
def dry_cooler_installed_ratio(dry_cooler_running_count, dry_cooler_unit_capacity, economizer_design_heat, tower_share):
    """Running over needed dry coolers."""
    needed = economizer_design_heat * (1 - tower_share)
    return over(dry_cooler_running_count * dry_cooler_unit_capacity, needed, 1)


@quantity("1")
def dry_cooler_capacity_ratio(rejection_temperature_difference, dry_cooler_air_temperature_difference):
    """Smaller over larger capacity rate of a dry cooler by design."""
    return (np.minimum(rejection_temperature_difference, dry_cooler_air_temperature_difference)
            / np.maximum(rejection_temperature_difference, dry_cooler_air_temperature_difference))


@quantity("1")
def dry_cooler_design_effectiveness(dry_cooler_approach, rejection_temperature_difference,
                                    dry_cooler_air_temperature_difference):
    """Effectiveness that the design approach asks of a dry cooler."""
    return (np.maximum(rejection_temperature_difference, dry_cooler_air_temperature_difference)
            / (dry_cooler_approach + rejection_temperature_difference))


@solved("1", bracket=("transfer_units_low", "transfer_units_high"), steps=10, where="dry_cooler_count",
        source="Incropera and DeWitt, table 11.3: cross-flow, both fluids unmixed")
def dry_cooler_transfer_units(dry_cooler_transfer_units, dry_cooler_capacity_ratio, dry_cooler_design_effectiveness):
    """Transfer units of a dry cooler by design: those that give the effectiveness its approach asks for."""
    effectiveness = exchangers.crossflow_effectiveness(dry_cooler_transfer_units, dry_cooler_capacity_ratio)
    return np.log((1 - dry_cooler_design_effectiveness) / (1 - effectiveness))


@quantity("1")
def air_density_ratio(entering_air_density, reference_air_density):
    """Density of outdoor air over that at which coolers and towers are rated."""
    return entering_air_density / reference_air_density


@quantity("1")
def dry_cooler_density_ratio(air_density_ratio, source_water_share):
    """Density of what passes the dry coolers over its rating: of air, which thins, or of source water, which does not."""
    return air_density_ratio + source_water_share * (1 - air_density_ratio)


@quantity("degC")
def dry_cooler_source_temperature(entering_dry_bulb, source_water_temperature, source_water_share):
    """Outdoor air, or sea, lake or district water where it takes the place of air."""
    return entering_dry_bulb + source_water_share * (source_water_temperature - entering_dry_bulb)


@quantity("1/K", where="dry_cooler_count")
def dry_cooler_air_rate(dry_cooler_installed_ratio, dry_cooler_density_ratio, dry_cooler_air_temperature_difference):
    """Capacity rate of the dry coolers' air at full fan speed, over the loop's design heat."""
    return dry_cooler_installed_ratio * dry_cooler_density_ratio / dry_cooler_air_temperature_difference


@quantity("1/K", where="dry_cooler_count")
def dry_cooler_transfer_conductance(dry_cooler_transfer_units, dry_cooler_installed_ratio, dry_cooler_density_ratio,
                                    dry_cooler_density_exponent, rejection_temperature_difference,
                                    dry_cooler_air_temperature_difference):
    """UA of the dry coolers that run at full fan speed, over the loop's design heat; less in thin air."""
    return (dry_cooler_transfer_units * dry_cooler_installed_ratio * dry_cooler_density_ratio**dry_cooler_density_exponent
            / np.maximum(rejection_temperature_difference, dry_cooler_air_temperature_difference))


def _in_series(exchanger, cooler, rate):
    """Heat a kelvin of exchanger and cooler in series [1/K], at a capacity rate of the fluid between them [1/K]."""
    return 1 / (1 / exchanger + 1 / cooler - 1 / rate)


@quantity("1/K", source="Incropera and DeWitt, table 11.3: cross flow", where="dry_cooler_count")
def dry_cooler_full_flow_conductance(dry_cooler_transfer_conductance, dry_cooler_air_rate,
                                     rejection_temperature_difference):
    """Heat that dry coolers move at full flow and fan speed, a kelvin from the fluid that enters to entering air."""
    return exchangers.crossflow_conductance(dry_cooler_transfer_conductance, dry_cooler_air_rate,
                                            1 / rejection_temperature_difference)


@quantity("1/K", source="effectiveness and transfer units, cooler and exchanger in series", where="dry_cooler_count")
def dry_economizer_conductance(exchanger_full_flow_conductance, dry_cooler_full_flow_conductance,
                               rejection_temperature_difference):
    """Heat a dry economizer moves at full flow and fan speed, a kelvin from loop return to entering air."""
    return _in_series(exchanger_full_flow_conductance, dry_cooler_full_flow_conductance,
                      1 / rejection_temperature_difference)


@quantity("degC", where="dry_cooler_count")
def dry_cooler_air_temperature(loop_return_temperature, loop_load_share, dry_economizer_conductance,
                               dry_cooler_source_temperature, entering_dry_bulb, entering_wet_bulb, adiabatic_effectiveness,
                               source_water_share):
    """Air entering the dry coolers: outdoor air, cooled adiabatically just as far as is needed and can be done."""
    needed = loop_return_temperature - loop_load_share / dry_economizer_conductance
    depression = (entering_dry_bulb - entering_wet_bulb) * (1 - source_water_share)
    coldest = dry_cooler_source_temperature - adiabatic_effectiveness * depression
    return np.clip(needed, coldest, dry_cooler_source_temperature)


@quantity("1", source="effectiveness and transfer units, inverted", where="dry_cooler_count")
def dry_setpoint_turndown(loop_load_share, loop_return_temperature, free_cooling_temperature,
                          exchanger_transfer_conductance, loop_capacity_rate, rejection_temperature_difference,
                          turndown_low, turndown_high):
    """Design rejection flow over that at which the exchanger takes all heat from fluid at the set point."""
    turndown = exchangers.counterflow_turndown(
        away_from_zero(loop_load_share), loop_return_temperature - free_cooling_temperature, exchanger_transfer_conductance,
        loop_capacity_rate, 1 / rejection_temperature_difference)
    return np.clip(turndown, turndown_low, turndown_high)


@quantity("1/K", source="Incropera and DeWitt, table 11.3: cross flow", where="dry_cooler_count")
def dry_cooler_setpoint_conductance(dry_setpoint_turndown, dry_cooler_transfer_conductance, dry_cooler_air_rate,
                                    rejection_temperature_difference):
    """Heat that dry coolers move at full fan speed, a kelvin from fluid to air, at the flow of the set point."""
    return exchangers.crossflow_conductance(dry_cooler_transfer_conductance, dry_cooler_air_rate,
                                            1 / (dry_setpoint_turndown * rejection_temperature_difference))


@quantity("1", where="dry_cooler_count")
def dry_turndown_low(dry_setpoint_turndown, turndown_low, loop_load_share, dry_cooler_setpoint_conductance,
                     free_cooling_temperature, dry_cooler_air_temperature, rejection_temperature_difference):
    """Least turndown of a dry economizer's flow: that at the set point where the coolers hold it, else none."""
    entering = free_cooling_temperature + loop_load_share * rejection_temperature_difference * dry_setpoint_turndown
    held = excess(loop_load_share, dry_cooler_setpoint_conductance * (entering - dry_cooler_air_temperature)) <= 0
    return np.where(held, dry_setpoint_turndown, turndown_low)


@quantity("1", where="dry_cooler_count")
def dry_turndown_high(dry_setpoint_turndown, dry_turndown_low, loop_load_share, dry_economizer_conductance,
                      loop_return_temperature, dry_cooler_air_temperature):
    """Most turndown of a dry economizer's flow: that at the set point, and none where full flow does not take all heat."""
    heat = dry_economizer_conductance * (loop_return_temperature - dry_cooler_air_temperature)
    return np.where(excess(loop_load_share, heat) < 0, dry_setpoint_turndown, dry_turndown_low)


@solved("1", bracket=("dry_turndown_low", "dry_turndown_high"), steps=12, where="dry_cooler_count",
        source="effectiveness and transfer units, cooler and exchanger in series")
def dry_turndown(dry_turndown, loop_return_temperature, dry_cooler_air_temperature, exchanger_transfer_conductance,
                 loop_capacity_rate, rejection_temperature_difference, dry_cooler_transfer_conductance,
                 dry_cooler_air_rate, loop_load_share):
    """Design rejection flow over that at which a dry economizer takes all heat; 1 where no flow does.

    Where the coolers hold the set point, that of the exchanger alone; else more, from warmer fluid at full fan speed. Load
    over heat is nearly a straight line in it, as resistances in series are.
    """
    rate = 1 / (dry_turndown * rejection_temperature_difference)
    exchanger = exchangers.counterflow_conductance(exchanger_transfer_conductance, loop_capacity_rate, rate)
    cooler = exchangers.crossflow_conductance(dry_cooler_transfer_conductance, dry_cooler_air_rate, rate)
    return excess(loop_load_share,
                  _in_series(exchanger, cooler, rate) * (loop_return_temperature - dry_cooler_air_temperature))


@quantity("1", where="dry_cooler_count")
def dry_needed_flow_share(dry_turndown):
    """Share of the design rejection flow at which a dry economizer takes all heat; all of it where none does."""
    return 1 / dry_turndown


@quantity("1", where="dry_cooler_count")
def dry_full_flow_heat(exchanger_full_flow_conductance, loop_return_temperature, free_cooling_temperature,
                       dry_economizer_conductance, dry_cooler_air_temperature):
    """Heat that a dry economizer could take at its full flow, from fluid at the set point or as cold as coolers make it."""
    return np.minimum(exchanger_full_flow_conductance * (loop_return_temperature - free_cooling_temperature),
                      dry_economizer_conductance * (loop_return_temperature - dry_cooler_air_temperature))


@quantity("degC", where="dry_cooler_count")
def dry_rejection_temperature(loop_return_temperature, loop_load_share, dry_full_flow_heat, dry_needed_flow_share,
                              exchanger_transfer_conductance, loop_capacity_rate, rejection_temperature_difference):
    """Fluid leaving the dry coolers: as cold as the exchanger needs for the heat that it takes."""
    conductance = exchangers.counterflow_conductance(exchanger_transfer_conductance, loop_capacity_rate,
                                                     dry_needed_flow_share / rejection_temperature_difference)
    return loop_return_temperature - np.minimum(loop_load_share, dry_full_flow_heat) / conductance


@quantity("1", where="dry_cooler_count")
def dry_flow_share(dry_needed_flow_share, loop_return_temperature, dry_cooler_air_temperature,
                   economizer_minimum_difference, loop_load_share, dry_cooler_count, tower_share):
    """Rejection flow of the dry path over its design flow: none where the air is too warm for the economizer to run."""
    runs = ((loop_return_temperature - dry_cooler_air_temperature >= economizer_minimum_difference)
            & (loop_load_share > 0) & (dry_cooler_count > 0) & (tower_share < 1))
    return dry_needed_flow_share * runs


@quantity("1", where="dry_cooler_count")
def dry_free_share(dry_flow_share, dry_full_flow_heat, loop_load_share, economizer_share):
    """Share of the dry path's heat that its economizer takes: all, or what its full flow can."""
    possible = np.clip(dry_full_flow_heat / away_from_zero(loop_load_share), 0, 1)
    return economizer_share * possible * (dry_flow_share > 0)


@quantity("degC", where="dry_cooler_count")
def dry_rejection_return(dry_rejection_temperature, dry_free_share, loop_load_share, dry_needed_flow_share,
                         rejection_temperature_difference, economizer_share):
    """Fluid entering the dry coolers."""
    moved = over(dry_free_share * loop_load_share, economizer_share)
    return dry_rejection_temperature + moved * rejection_temperature_difference / dry_needed_flow_share


@quantity("1", where="dry_cooler_count")
def dry_cooler_fan_share(dry_turndown, dry_setpoint_turndown, turndown_low, dry_flow_share, dry_free_share, loop_load_share,
                         economizer_share, dry_rejection_return, dry_cooler_air_temperature,
                         dry_cooler_transfer_conductance, dry_cooler_air_rate, rejection_temperature_difference,
                         dry_cooler_setpoint_conductance, dry_cooler_full_flow_conductance, dry_cooler_low_speed,
                         dry_cooler_air_side_exponent, dry_cooler_fan_exponent):
    """Fan power of the dry coolers over full power: off, low and full speed, in turn for as long as is needed.

    Full speed where the set point is not held, unless ample coolers would move no more heat by it than at low speed.
    """
    low = exchangers.crossflow_conductance(
        dry_cooler_transfer_conductance * dry_cooler_low_speed**dry_cooler_air_side_exponent,
        dry_cooler_air_rate * dry_cooler_low_speed, 1 / (dry_turndown * rejection_temperature_difference))
    needed = over(over(dry_free_share * loop_load_share, economizer_share),
                  dry_rejection_return - dry_cooler_air_temperature)
    # between the set point's flow and full flow just all heat is moved at full speed: what is needed is what there is
    full = np.where(dry_turndown > turndown_low, needed, dry_cooler_full_flow_conductance)
    low_power = dry_cooler_low_speed**dry_cooler_fan_exponent
    at_most = np.where(full - low <= ALIKE * full, low_power, 1)
    holding = (between(needed, 0, low, 0, low_power)
               + between(needed, low, dry_cooler_setpoint_conductance, 0, 1 - low_power))
    return np.where(dry_turndown < dry_setpoint_turndown, at_most, holding) * (dry_flow_share > 0)


@quantity("MW", where="dry_cooler_count")
def dry_cooler_fan_power(dry_cooler_fan_share, dry_cooler_fan_power_share, dry_cooler_running_count,
                         dry_cooler_unit_capacity):
    """Power of the dry coolers' fans."""
    return dry_cooler_fan_share * dry_cooler_fan_power_share * dry_cooler_running_count * dry_cooler_unit_capacity


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 33", where="dry_cooler_count")
def adiabatic_humidity_gain(entering_dry_bulb, dry_cooler_source_temperature, dry_cooler_air_temperature, entering_wet_bulb,
                            entering_humidity_ratio):
    """Water that the air entering the dry coolers takes up."""
    leaving = entering_dry_bulb - (dry_cooler_source_temperature - dry_cooler_air_temperature)
    return moist_air.adiabatic_humidity_gain(entering_dry_bulb, leaving, entering_wet_bulb, entering_humidity_ratio)


@check("warning", "no dry cooler comes as close as dry_cooler_approach asks, an effectiveness of "
                  "{dry_cooler_design_effectiveness}; raise it, or loop_temperature_difference")
def dry_coolers_can_come_that_close(dry_cooler_design_effectiveness, dry_cooler_transfer_units, transfer_units_high,
                                    dry_cooler_count):
    return ((dry_cooler_transfer_units >= transfer_units_high) & (dry_cooler_count > 0)).any(-2, keepdims=True)
