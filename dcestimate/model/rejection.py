"""How the facility loop's heat leaves without a compressor: dry or adiabatic coolers, and towers, through an exchanger.

Per watt of design heat every temperature difference is fixed by a design approach: it fixes an exchanger's transfer
units and a tower's liquid-to-gas ratio, and elsewhere they perform as physics says. Flows follow the heat, so the loop
keeps its temperatures; with balanced flows the exchanger's approach shrinks with its load.
"""

import numpy as np

from ..arrays import away_from_zero, between, over, whole_up
from ..physics import exchangers, moist_air, towers
from ..physics.chillers import carnot_power_ratio
from ..physics.drives import drive_power
from ..quantity import Given, check, quantity, solved

tower_share = Given("1", "Share of the loop's heat that towers serve; dry coolers serve the rest", home="cooling",
                    stream=True, low=0, high=1)
economizer_share = Given("1", "Share of the loop's heat that passes the economizer's exchanger", home="cooling",
                         stream=True, low=0, high=1)
exchanger_approach = Given("K", "Approach of the economizer's exchanger at design heat", home="cooling", stream=True,
                           low=0)
economizer_minimum_difference = Given("K", "Least difference at which a dry economizer runs", home="cooling", low=0)
rejection_pump_pressure = Given("Pa", "Pressure rise of the rejection loop's pumps at design flow", home="cooling",
                                low=0)
rejection_spare_units = Given("1", "Spare rejectors a block", home="cooling", low=0)

dry_cooler_unit_capacity = Given("kW", "Heat one dry cooler can reject", home="cooling", low=0)
dry_cooler_approach = Given("K", "Leaving fluid above entering air of a dry cooler by design", home="cooling",
                            stream=True, low=0.5)
dry_cooler_air_temperature_difference = Given("K", "Rise of the air through a dry cooler by design", home="cooling",
                                              low=1)
dry_cooler_fan_power_share = Given("W/W", "Fan power of a dry cooler over the heat it rejects by design",
                                   home="cooling", low=0)
dry_cooler_fan_exponent = Given("1", "Exponent of power over speed of a dry cooler's fans", home="cooling", low=1, high=3)
dry_cooler_low_speed = Given("1", "Low speed of a dry cooler's fans over full speed", home="cooling", low=0.05, high=0.95)
dry_cooler_air_side_exponent = Given("1", "Exponent of a dry cooler's conductance over its air flow", home="cooling",
                                     low=0, high=1)
adiabatic_effectiveness = Given("1", "Effectiveness of the adiabatic assist of a dry cooler, 0 for none",
                                home="cooling", stream=True, low=0, high=1)

tower_unit_capacity = Given("kW", "Heat one tower cell can reject", home="cooling", low=0)
tower_rating_wet_bulb = Given("degC", "Wet bulb at which a tower is rated", home="cooling", low=273, high=299.8)
tower_approach = Given("K", "Leaving water above wet bulb of a tower at its rating", home="cooling", low=1)
tower_rating_range = Given("K", "Water range of a tower at its rating", home="cooling", low=1.2, high=22)
tower_water_air_ratio = Given("kg/kg", "Water over dry air through a tower at its rating", home="cooling", low=0.2)
tower_fan_power_share = Given("W/W", "Fan power of a tower over the heat it rejects at its rating", home="cooling",
                              low=0)
tower_fan_exponent = Given("1", "Exponent of power over speed of a tower's fans", home="cooling", low=1, high=3)
tower_minimum_fan_speed = Given("1", "Least speed of a tower's fans, below which they cycle", home="cooling",
                                low=0.05, high=0.95)
tower_setpoint_approach = Given("K", "Tower set point above wet bulb when free cooling does not reach", home="cooling",
                                low=1)
tower_temperature_span = Given("K", "Widest approach looked for in a tower at full speed", home="physics")
reference_air_density = Given("kg/m3", "Density of dry air at which coolers and towers are rated", home="physics")


@quantity("degC")
def free_cooling_temperature(loop_supply_temperature, exchanger_approach, loop_load_share):
    """Temperature the rejection loop must reach to cool alone: the exchanger's approach shrinks with its load."""
    return loop_supply_temperature - exchanger_approach * loop_load_share


# dry coolers


@quantity("1")
def dry_cooler_count_per_block(loop_design_heat, tower_share, economizer_share, dry_cooler_unit_capacity, block_count):
    """Dry coolers that a block needs, without spares."""
    return whole_up(loop_design_heat * (1 - tower_share) * economizer_share / (dry_cooler_unit_capacity * block_count))


@quantity("1")
def dry_cooler_count(dry_cooler_count_per_block, rejection_spare_units, block_count):
    """Dry coolers, spares included."""
    return block_count * (dry_cooler_count_per_block + rejection_spare_units * (dry_cooler_count_per_block > 0))


@quantity("1")
def dry_cooler_installed_ratio(dry_cooler_count, dry_cooler_unit_capacity, loop_design_heat, tower_share,
                               economizer_share):
    """Installed over needed dry coolers; all of them run."""
    needed = loop_design_heat * (1 - tower_share) * economizer_share
    return over(dry_cooler_count * dry_cooler_unit_capacity, needed, 1)


@quantity("1")
def dry_cooler_capacity_ratio(loop_temperature_difference, dry_cooler_air_temperature_difference):
    """Smaller over larger capacity rate of a dry cooler by design."""
    return (np.minimum(loop_temperature_difference, dry_cooler_air_temperature_difference)
            / np.maximum(loop_temperature_difference, dry_cooler_air_temperature_difference))


@quantity("1")
def dry_cooler_design_effectiveness(dry_cooler_approach, loop_temperature_difference,
                                    dry_cooler_air_temperature_difference):
    """Effectiveness that the design approach asks of a dry cooler."""
    return (np.maximum(loop_temperature_difference, dry_cooler_air_temperature_difference)
            / (dry_cooler_approach + loop_temperature_difference))


transfer_units_low = Given("1", "Least transfer units looked for", home="physics", low=0)
transfer_units_high = Given("1", "Most transfer units looked for", home="physics", low=1)


@solved("1", bracket=("transfer_units_low", "transfer_units_high"), steps=10, where="dry_cooler_count",
        source="Incropera and DeWitt, table 11.3: cross-flow, both fluids unmixed")
def dry_cooler_transfer_units(dry_cooler_transfer_units, dry_cooler_capacity_ratio, dry_cooler_design_effectiveness):
    """Transfer units of a dry cooler by design: those that give the effectiveness its approach asks for."""
    effectiveness = exchangers.crossflow_effectiveness(dry_cooler_transfer_units, dry_cooler_capacity_ratio)
    return effectiveness - dry_cooler_design_effectiveness


@quantity("1")
def air_density_ratio(outdoor_air_density, reference_air_density):
    """Density of outdoor air over that at which coolers and towers are rated."""
    return outdoor_air_density / reference_air_density


def _conductance(speed, load_share, fluid_difference, air_difference, transfer_units, installed, density, exponent,
                 approach):
    """Heat per degree between loop return and entering air, per watt of design heat, exchanger included [1/K]."""
    fluid, air = away_from_zero(load_share) / fluid_difference, speed * density * installed / air_difference
    smaller, larger = np.minimum(fluid, air), np.maximum(fluid, air)
    design = transfer_units * np.minimum(1 / fluid_difference, 1 / air_difference)
    conductance = design * installed * (speed * density) ** exponent
    effectiveness = exchangers.crossflow_effectiveness(conductance / smaller, smaller / larger)
    return 1 / (approach + 1 / (effectiveness * smaller))


@quantity("1/K", source="effectiveness and transfer units, cooler and exchanger in series", where="dry_cooler_count")
def dry_cooler_conductance(loop_load_share, loop_temperature_difference, dry_cooler_air_temperature_difference,
                           dry_cooler_transfer_units, dry_cooler_installed_ratio, air_density_ratio,
                           dry_cooler_air_side_exponent, exchanger_approach):
    """Heat a dry economizer moves at full fan speed, per design heat and per degree from loop return to entering air."""
    return _conductance(1, loop_load_share, loop_temperature_difference, dry_cooler_air_temperature_difference,
                        dry_cooler_transfer_units, dry_cooler_installed_ratio, air_density_ratio,
                        dry_cooler_air_side_exponent, exchanger_approach)


@quantity("1/K", source="effectiveness and transfer units, cooler and exchanger in series", where="dry_cooler_count")
def dry_cooler_low_conductance(dry_cooler_low_speed, loop_load_share, loop_temperature_difference,
                               dry_cooler_air_temperature_difference, dry_cooler_transfer_units,
                               dry_cooler_installed_ratio, air_density_ratio, dry_cooler_air_side_exponent,
                               exchanger_approach):
    """Heat a dry economizer moves at low fan speed, per design heat and per degree from loop return to entering air."""
    return _conductance(dry_cooler_low_speed, loop_load_share, loop_temperature_difference,
                        dry_cooler_air_temperature_difference, dry_cooler_transfer_units, dry_cooler_installed_ratio,
                        air_density_ratio, dry_cooler_air_side_exponent, exchanger_approach)


@quantity("degC", where="dry_cooler_count")
def dry_cooler_air_temperature(loop_return_temperature, loop_load_share, dry_cooler_conductance, dry_bulb, wet_bulb,
                               adiabatic_effectiveness):
    """Air entering the dry coolers: outdoor air, cooled adiabatically just as far as is needed and can be done."""
    needed = loop_return_temperature - loop_load_share / dry_cooler_conductance
    return np.clip(needed, dry_bulb - adiabatic_effectiveness * (dry_bulb - wet_bulb), dry_bulb)


@quantity("1", where="dry_cooler_count")
def dry_free_share(loop_return_temperature, dry_cooler_air_temperature, economizer_minimum_difference,
                   dry_cooler_conductance, loop_load_share, economizer_share):
    """Share of the dry path's heat that its economizer takes."""
    difference = loop_return_temperature - dry_cooler_air_temperature
    possible = dry_cooler_conductance * difference / away_from_zero(loop_load_share)
    return economizer_share * np.clip(possible, 0, 1) * (difference >= economizer_minimum_difference)


@quantity("1", where="dry_cooler_count")
def dry_cooler_fan_share(dry_free_share, loop_load_share, loop_return_temperature, dry_cooler_air_temperature,
                         dry_cooler_conductance, dry_cooler_low_conductance, dry_cooler_low_speed,
                         dry_cooler_fan_exponent):
    """Fan power of the dry coolers over full power: off, low and full speed, in turn for as long as is needed."""
    needed = over(dry_free_share * loop_load_share, loop_return_temperature - dry_cooler_air_temperature)
    low = dry_cooler_low_speed**dry_cooler_fan_exponent
    return (between(needed, 0, dry_cooler_low_conductance, 0, low)
            + between(needed, dry_cooler_low_conductance, dry_cooler_conductance, 0, 1 - low))


@quantity("MW")
def dry_cooler_fan_power(dry_cooler_fan_share, dry_cooler_fan_power_share, dry_cooler_count, dry_cooler_unit_capacity):
    """Power of the dry coolers' fans."""
    return dry_cooler_fan_share * dry_cooler_fan_power_share * dry_cooler_count * dry_cooler_unit_capacity


# towers


@quantity("1", source="York correlation, EnergyPlus 25.2 Engineering Reference", where="tower_count")
def tower_calibration(tower_rating_wet_bulb, tower_rating_range, tower_approach):
    """Liquid-to-gas ratio at which the correlation gives the rated approach."""
    return towers.york_liquid_gas_ratio(towers.york_terms(tower_rating_wet_bulb), tower_rating_range, tower_approach)


@quantity("W/W", source="Carnot share")
def tower_rating_compressor_share(loop_supply_temperature, water_chiller_evaporator_approach, tower_rating_wet_bulb,
                                  tower_approach, water_chiller_condenser_approach, water_chiller_carnot_share,
                                  chiller_smallest_lift):
    """Compressor power over chilled heat with towers at their rating, for sizing them."""
    return carnot_power_ratio(loop_supply_temperature - water_chiller_evaporator_approach,
                              tower_rating_wet_bulb + tower_approach + water_chiller_condenser_approach,
                              water_chiller_carnot_share, chiller_smallest_lift)


@quantity("MW")
def tower_design_heat(loop_design_heat, tower_share, tower_rating_compressor_share, trim_share):
    """Heat that the towers are sized for: the loop's and, with trim chillers, their compressors'."""
    return loop_design_heat * tower_share * (1 + tower_rating_compressor_share * trim_share)


@quantity("1")
def tower_count_per_block(tower_design_heat, tower_unit_capacity, block_count):
    """Tower cells that a block needs, without spares."""
    return whole_up(tower_design_heat / (tower_unit_capacity * block_count))


@quantity("1")
def tower_count(tower_count_per_block, rejection_spare_units, block_count):
    """Tower cells, spares included."""
    return block_count * (tower_count_per_block + rejection_spare_units * (tower_count_per_block > 0))


@quantity("1")
def tower_installed_ratio(tower_count, tower_unit_capacity, tower_design_heat):
    """Installed over needed tower cells; all of them run."""
    return over(tower_count * tower_unit_capacity, tower_design_heat, 1)


@quantity("1", source="York correlation, EnergyPlus 25.2 Engineering Reference", where="tower_count")
def tower_wet_bulb_terms(wet_bulb):
    """Coefficients of the tower correlation at each state's wet bulb."""
    return towers.york_terms(wet_bulb)


@quantity("1", where="tower_count")
def tower_full_speed_ratio(tower_calibration, loop_load_share, tower_installed_ratio):
    """Liquid-to-gas ratio with all fans at full speed: water follows the load, air does not."""
    return tower_calibration * away_from_zero(loop_load_share) / tower_installed_ratio


@quantity("1", where="tower_count")
def tower_full_speed_terms(tower_wet_bulb_terms, tower_full_speed_ratio):
    """Coefficients of the tower correlation at each state's wet bulb and full fan speed."""
    return towers.at_liquid_gas_ratio(tower_wet_bulb_terms, tower_full_speed_ratio)


@quantity("degC", where="tower_count")
def tower_temperature_limit(wet_bulb, tower_temperature_span):
    """Warmest tower water looked for."""
    return wet_bulb + tower_temperature_span


def _tower_range(tower_temperature, return_temperature, difference, approach, load_share, economizer, trim, evaporator,
                 condenser_approach, carnot_share, smallest_lift):
    """Water range of the towers [K]: the loop's, widened by the compressors of what is not cooled free."""
    free = economizer * np.clip((return_temperature - tower_temperature) / (difference + approach * load_share), 0, 1)
    compressor = carnot_power_ratio(evaporator, tower_temperature + condenser_approach, carnot_share, smallest_lift)
    return difference * (1 + (1 - free) * trim * compressor)


@solved("degC", bracket=("wet_bulb", "tower_temperature_limit"), steps=3, where="tower_count",
        source="York correlation, EnergyPlus 25.2 Engineering Reference")
def tower_full_speed_temperature(tower_full_speed_temperature, wet_bulb, tower_full_speed_terms,
                                 loop_return_temperature, loop_temperature_difference, exchanger_approach,
                                 loop_load_share, economizer_share, trim_share, water_chiller_evaporator_temperature,
                                 water_chiller_condenser_approach, water_chiller_carnot_share, chiller_smallest_lift):
    """Coldest water the towers can make: approach, range and compressor heat hang together."""
    water_range = _tower_range(tower_full_speed_temperature, loop_return_temperature, loop_temperature_difference,
                               exchanger_approach, loop_load_share, economizer_share, trim_share,
                               water_chiller_evaporator_temperature, water_chiller_condenser_approach,
                               water_chiller_carnot_share, chiller_smallest_lift)
    approach = towers.approach_at_range(tower_full_speed_terms, water_range)
    return tower_full_speed_temperature - wet_bulb - approach


@quantity("degC", where="tower_count")
def tower_setpoint(free_cooling_temperature, wet_bulb, tower_setpoint_approach):
    """Water the towers aim at: cold enough to cool free, and no closer to the wet bulb than pays."""
    return np.maximum(free_cooling_temperature, wet_bulb + tower_setpoint_approach)


@quantity("degC", where="tower_count")
def tower_temperature(tower_setpoint, tower_full_speed_temperature):
    """Water leaving the towers: the set point, or what they can make."""
    return np.maximum(tower_setpoint, tower_full_speed_temperature)


@quantity("1", where="tower_count")
def tower_free_share(loop_return_temperature, tower_temperature, loop_temperature_difference, exchanger_approach,
                     loop_load_share, economizer_share):
    """Share of the tower path's heat that its economizer takes."""
    possible = ((loop_return_temperature - tower_temperature)
                / (loop_temperature_difference + exchanger_approach * loop_load_share))
    return economizer_share * np.clip(possible, 0, 1)


@quantity("K", where="tower_count")
def tower_range(tower_temperature, loop_return_temperature, loop_temperature_difference, exchanger_approach,
                loop_load_share, economizer_share, trim_share, water_chiller_evaporator_temperature,
                water_chiller_condenser_approach, water_chiller_carnot_share, chiller_smallest_lift):
    """Water range of the towers: the loop's, widened by the compressors of what is not cooled free."""
    return _tower_range(tower_temperature, loop_return_temperature, loop_temperature_difference, exchanger_approach,
                        loop_load_share, economizer_share, trim_share, water_chiller_evaporator_temperature,
                        water_chiller_condenser_approach, water_chiller_carnot_share, chiller_smallest_lift)


@quantity("1", source="York correlation inverted, EnergyPlus 25.2 Engineering Reference", where="tower_count")
def tower_fan_speed(tower_wet_bulb_terms, tower_range, tower_temperature, wet_bulb, tower_full_speed_ratio,
                    loop_load_share):
    """Fan speed over full speed at which the towers hold their water temperature."""
    ratio = towers.york_liquid_gas_ratio(tower_wet_bulb_terms, tower_range, tower_temperature - wet_bulb)
    return np.minimum(tower_full_speed_ratio / ratio, 1) * (loop_load_share > 0)


@quantity("MW", source="affinity laws")
def tower_fan_power(tower_fan_speed, tower_minimum_fan_speed, tower_fan_exponent, tower_fan_power_share, tower_count,
                    tower_unit_capacity):
    """Power of the towers' fans; below their least speed they cycle."""
    share = (np.maximum(tower_fan_speed, tower_minimum_fan_speed) ** tower_fan_exponent
             * np.minimum(tower_fan_speed / tower_minimum_fan_speed, 1))
    return share * tower_fan_power_share * tower_count * tower_unit_capacity


# both


@quantity("MW", total="sum")
def heat_rejection_capacity(dry_cooler_count, dry_cooler_unit_capacity, tower_count, tower_unit_capacity):
    """Installed capacity of dry coolers and towers."""
    return (dry_cooler_count * dry_cooler_unit_capacity + tower_count * tower_unit_capacity).sum(-2, keepdims=True)


@quantity("1", total="sum")
def heat_rejection_unit_count(dry_cooler_count, tower_count):
    """Dry coolers and tower cells, spares included; air-cooled chillers have their own condensers."""
    return (dry_cooler_count + tower_count).sum(-2, keepdims=True)


@quantity("MW", source="affinity laws")
def rejection_pump_power(loop_design_heat, loop_fluid_density, loop_fluid_heat_capacity, loop_temperature_difference,
                         rejection_pump_pressure, pump_efficiency, loop_load_share, pump_spare_share,
                         pump_flow_exponent, pump_minimum_flow, tower_share, dry_free_share):
    """Power of the rejection loop's pumps: towers run with the load, dry coolers while they cool."""
    flow = loop_design_heat / (loop_fluid_density * loop_fluid_heat_capacity * loop_temperature_difference)
    running = (tower_share + (1 - tower_share) * (dry_free_share > 0)) * (loop_load_share > 0)
    return running * drive_power(flow * rejection_pump_pressure / pump_efficiency, loop_load_share,
                                 1 + pump_spare_share, pump_flow_exponent, pump_minimum_flow)


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 33", where="dry_cooler_count")
def adiabatic_humidity_gain(dry_bulb, dry_cooler_air_temperature, wet_bulb, outdoor_humidity_ratio):
    """Water that the air entering the dry coolers takes up."""
    return moist_air.adiabatic_humidity_gain(dry_bulb, dry_cooler_air_temperature, wet_bulb, outdoor_humidity_ratio)


@check("warning", "no dry cooler comes as close as dry_cooler_approach asks (effectiveness {dry_cooler_design_effectiveness}); "
                  "raise it, or loop_temperature_difference")
def dry_coolers_can_come_that_close(dry_cooler_design_effectiveness, dry_cooler_transfer_units, transfer_units_high,
                                    dry_cooler_count):
    return ((dry_cooler_transfer_units >= transfer_units_high) & (dry_cooler_count > 0)).any(-2, keepdims=True)


@check("note", "the tower correlation ends at a wet bulb of 26.7 degC; the design's {wet_design_wet_bulb} is held there, "
               "which overstates the towers' approach")
def towers_within_correlation(wet_design_wet_bulb, tower_count):
    return (wet_design_wet_bulb > towers.HIGHEST_WET_BULB) & (tower_count > 0).any(-2, keepdims=True)
