"""Trim chillers: what the economizers leave, at a COP that depends on lift and load.

Loop heat on the dry path goes to air-cooled chillers, which reject to outdoor air with condenser fans of their own; on
the tower path to water-cooled chillers, which reject to the towers.
"""

import numpy as np

from ..arrays import away_from_zero, in_any_state, negligible, sum_streams, whole_up
from ..physics.chillers import carnot_power_ratio, part_load_power
from ..quantity import Given, check, quantity

trim_share = Given("1", "1 where trim chillers take what economizers cannot, 0 where there are none", home="cooling",
                   stream=True, low=0, high=1, chosen=True)
chiller_spare_units = Given("1", "Spare chillers a block", home="cooling", low=0, whole=True, chosen=True)
chiller_staging_limit = Given("1", "Load share above which another chiller is started", home="cooling", low=0.1, high=1,
                              chosen=True)
air_chiller_fixed_power = Given("1", "Part-load over full-load power of an air-cooled chiller: fixed part", home="cooling",
                                low=0)
air_chiller_proportional_power = Given("1", "Part-load over full-load power of an air-cooled chiller: part that follows "
                                            "the load", home="cooling", low=0)
air_chiller_square_power = Given("1", "Part-load over full-load power of an air-cooled chiller: part that follows its "
                                      "square", home="cooling", low=0)
water_chiller_fixed_power = Given("1", "Part-load over full-load power of a water-cooled chiller: fixed part",
                                  home="cooling", low=0)
water_chiller_proportional_power = Given("1", "Part-load over full-load power of a water-cooled chiller: part that "
                                              "follows the load", home="cooling", low=0)
water_chiller_square_power = Given("1", "Part-load over full-load power of a water-cooled chiller: part that follows its "
                                        "square", home="cooling", low=0)
chiller_minimum_load = Given("1", "Load share below which a chiller cycles", home="cooling", low=0.01, high=1)
thermal_storage_time = Given("min", "Time that stored chilled water carries a stream's heat", home="cooling", stream=True,
                             low=0, chosen=True)
thermal_storage_usable_share = Given("1", "Share of a tank that can be used before its layers mix", home="cooling", low=0.1,
                                     high=1)
chiller_smallest_lift = Given("K", "Least lift of a compressor", home="cooling", low=1)

air_chiller_unit_capacity = Given("kW", "Rated capacity of an air-cooled chiller", home="cooling", above=0, chosen=True)
air_chiller_carnot_share = Given("1", "Share of the Carnot cycle an air-cooled chiller reaches, condenser fans included",
                                 home="cooling", low=0.1, high=0.9)
air_chiller_evaporator_approach = Given("K", "Chilled water above evaporation of an air-cooled chiller", home="cooling",
                                        low=0)
air_chiller_condenser_approach = Given("K", "Condensation above outdoor air of an air-cooled chiller", home="cooling",
                                       low=0)
air_chiller_lowest_condenser_air = Given("degC", "Outdoor air below which head pressure is held", home="cooling")
air_chiller_rating_air = Given("degC", "Outdoor air at which an air-cooled chiller is rated", home="cooling")
air_chiller_rating_water = Given("degC", "Chilled water at which an air-cooled chiller is rated", home="cooling")
air_chiller_condenser_slope = Given("1/K", "Change of an air-cooled chiller's capacity with outdoor air", home="cooling")
air_chiller_evaporator_slope = Given("1/K", "Change of an air-cooled chiller's capacity with chilled water",
                                     home="cooling")
air_chiller_altitude_derating = Given("1/m", "Loss of an air-cooled chiller's capacity for each metre above sea level",
                                      home="cooling", low=0, high=2e-4)

water_chiller_unit_capacity = Given("kW", "Rated capacity of a water-cooled chiller", home="cooling", above=0,
                                    chosen=True)
water_chiller_carnot_share = Given("1", "Share of the Carnot cycle a water-cooled chiller reaches", home="cooling",
                                   low=0.1, high=0.9)
water_chiller_evaporator_approach = Given("K", "Chilled water above evaporation of a water-cooled chiller",
                                          home="cooling", low=0)
water_chiller_condenser_approach = Given("K", "Condensation above entering tower water of a water-cooled chiller",
                                         home="cooling", low=0)
water_chiller_lowest_condenser_water = Given("degC", "Tower water below which head pressure is held", home="cooling")
water_chiller_rating_condenser = Given("degC", "Tower water at which a water-cooled chiller is rated", home="cooling")
water_chiller_rating_water = Given("degC", "Chilled water at which a water-cooled chiller is rated", home="cooling")
water_chiller_condenser_slope = Given("1/K", "Change of a water-cooled chiller's capacity with tower water",
                                      home="cooling")
water_chiller_evaporator_slope = Given("1/K", "Change of a water-cooled chiller's capacity with chilled water",
                                       home="cooling")


@quantity("degC")
def air_chiller_evaporator_temperature(loop_supply_temperature, air_chiller_evaporator_approach):
    """Evaporation temperature of the air-cooled chillers."""
    return loop_supply_temperature - air_chiller_evaporator_approach


@quantity("degC")
def water_chiller_evaporator_temperature(loop_supply_temperature, water_chiller_evaporator_approach):
    """Evaporation temperature of the water-cooled chillers."""
    return loop_supply_temperature - water_chiller_evaporator_approach


@quantity("MW")
def dry_residual_heat(loop_heat, tower_share, dry_free_share):
    """Heat of the dry path that its economizer leaves."""
    residual = loop_heat * (1 - tower_share) * (1 - dry_free_share)
    return residual * ~negligible(residual, loop_heat)


@quantity("MW", where="tower_share")
def tower_residual_heat(loop_heat, tower_share, tower_free_share):
    """Heat of the tower path that its economizer leaves."""
    residual = loop_heat * tower_share * (1 - tower_free_share)
    return residual * ~negligible(residual, loop_heat)


@quantity("1")
def air_chiller_site_factor(elevation, air_chiller_altitude_derating):
    """Capacity of an air-cooled chiller at the site over that at sea level: thinner air leaves its condenser less."""
    return 1 - air_chiller_altitude_derating * np.maximum(elevation, 0)


@quantity("1")
def air_chiller_capacity_factor(loop_supply_temperature, air_chiller_rating_water, air_chiller_evaporator_slope,
                                entering_dry_bulb, air_chiller_lowest_condenser_air, air_chiller_rating_air,
                                air_chiller_condenser_slope, air_chiller_site_factor):
    """Capacity of an air-cooled chiller over its rating, by chilled water, outdoor air and elevation."""
    entering = np.maximum(entering_dry_bulb, air_chiller_lowest_condenser_air)
    slopes = (air_chiller_evaporator_slope * (loop_supply_temperature - air_chiller_rating_water)
              + air_chiller_condenser_slope * (entering - air_chiller_rating_air))
    return (1 + slopes) * air_chiller_site_factor


@quantity("1", where="tower_count")
def water_chiller_capacity_factor(loop_supply_temperature, water_chiller_rating_water, water_chiller_evaporator_slope,
                                  tower_temperature, water_chiller_lowest_condenser_water,
                                  water_chiller_rating_condenser, water_chiller_condenser_slope):
    """Capacity of a water-cooled chiller over its rating, by chilled water and tower water."""
    entering = np.maximum(tower_temperature, water_chiller_lowest_condenser_water)
    return (1 + water_chiller_evaporator_slope * (loop_supply_temperature - water_chiller_rating_water)
            + water_chiller_condenser_slope * (entering - water_chiller_rating_condenser))


def _chillers_per_block(residual, capacity_factor, unit_capacity, block_count, trim_share):
    """Chillers that a block needs in its worst state, without spares."""
    worst = in_any_state(residual / np.where(residual > 0, capacity_factor, 1))
    return whole_up(worst * trim_share / (unit_capacity * block_count))


def _chiller_power(residual, capacity_factor, unit_capacity, installed_per_block, block_count, staging_limit,
                   full_load_ratio, fixed, proportional, square, minimum_load):
    """Power of chillers [W] that stage to the fewest whose load share stays below a limit."""
    cooling = residual > 0
    capacity = np.where(cooling, capacity_factor, 1) * unit_capacity * block_count
    running = np.clip(whole_up(residual / (capacity * staging_limit)), 1, np.maximum(installed_per_block, 1))
    load_share = away_from_zero(residual / (capacity * running))
    part_load = part_load_power(load_share, fixed, proportional, square, minimum_load) / load_share
    return residual * full_load_ratio * part_load


@quantity("1")
def air_chiller_count_per_block(dry_residual_heat, air_chiller_capacity_factor, air_chiller_unit_capacity,
                                block_count, trim_share):
    """Air-cooled chillers that a block needs, without spares."""
    return _chillers_per_block(dry_residual_heat, air_chiller_capacity_factor, air_chiller_unit_capacity, block_count,
                               trim_share)


@quantity("1")
def air_chiller_installed_per_block(air_chiller_count_per_block, chiller_spare_units):
    """Air-cooled chillers of a block, spares included."""
    return air_chiller_count_per_block + chiller_spare_units * (air_chiller_count_per_block > 0)


@quantity("MW", source="Carnot share and part-load curve", where="air_chiller_count_per_block")
def air_chiller_power(dry_residual_heat, trim_share, air_chiller_capacity_factor, air_chiller_unit_capacity,
                      air_chiller_installed_per_block, block_count, chiller_staging_limit,
                      air_chiller_evaporator_temperature, entering_dry_bulb, air_chiller_lowest_condenser_air,
                      air_chiller_condenser_approach, air_chiller_carnot_share, chiller_smallest_lift,
                      air_chiller_fixed_power, air_chiller_proportional_power, air_chiller_square_power,
                      chiller_minimum_load):
    """Power of the air-cooled chillers, condenser fans included."""
    condenser = np.maximum(entering_dry_bulb, air_chiller_lowest_condenser_air) + air_chiller_condenser_approach
    ratio = carnot_power_ratio(air_chiller_evaporator_temperature, condenser, air_chiller_carnot_share,
                               chiller_smallest_lift)
    return _chiller_power(dry_residual_heat * trim_share, air_chiller_capacity_factor, air_chiller_unit_capacity,
                          air_chiller_installed_per_block, block_count, chiller_staging_limit, ratio,
                          air_chiller_fixed_power, air_chiller_proportional_power, air_chiller_square_power,
                          chiller_minimum_load)


@quantity("1", where="tower_share")
def water_chiller_count_per_block(tower_residual_heat, water_chiller_capacity_factor, water_chiller_unit_capacity,
                                  block_count, trim_share):
    """Water-cooled chillers that a block needs, without spares."""
    return _chillers_per_block(tower_residual_heat, water_chiller_capacity_factor, water_chiller_unit_capacity,
                               block_count, trim_share)


@quantity("1")
def water_chiller_installed_per_block(water_chiller_count_per_block, chiller_spare_units):
    """Water-cooled chillers of a block, spares included."""
    return water_chiller_count_per_block + chiller_spare_units * (water_chiller_count_per_block > 0)


@quantity("MW", source="Carnot share and part-load curve", where="water_chiller_count_per_block")
def water_chiller_power(tower_residual_heat, trim_share, water_chiller_capacity_factor, water_chiller_unit_capacity,
                        water_chiller_installed_per_block, block_count, chiller_staging_limit,
                        water_chiller_evaporator_temperature, tower_temperature, water_chiller_lowest_condenser_water,
                        water_chiller_condenser_approach, water_chiller_carnot_share, chiller_smallest_lift,
                        water_chiller_fixed_power, water_chiller_proportional_power, water_chiller_square_power,
                        chiller_minimum_load):
    """Power of the water-cooled chillers."""
    condenser = (np.maximum(tower_temperature, water_chiller_lowest_condenser_water)
                 + water_chiller_condenser_approach)
    ratio = carnot_power_ratio(water_chiller_evaporator_temperature, condenser, water_chiller_carnot_share,
                               chiller_smallest_lift)
    return _chiller_power(tower_residual_heat * trim_share, water_chiller_capacity_factor,
                          water_chiller_unit_capacity, water_chiller_installed_per_block, block_count,
                          chiller_staging_limit, ratio, water_chiller_fixed_power, water_chiller_proportional_power,
                          water_chiller_square_power, chiller_minimum_load)


@check("error", "air_chiller_capacity_factor of {air_chiller_capacity_factor} in {state} leaves a chiller nothing of its "
                "rating; correct air_chiller_condenser_slope, air_chiller_evaporator_slope or the temperatures")
def air_chillers_keep_capacity(air_chiller_capacity_factor, dry_residual_heat, trim_share):
    return (air_chiller_capacity_factor <= 0) & (dry_residual_heat * trim_share > 0)


@check("error", "water_chiller_capacity_factor of {water_chiller_capacity_factor} in {state} leaves a chiller nothing of "
                "its rating; correct water_chiller_condenser_slope, water_chiller_evaporator_slope or the temperatures")
def water_chillers_keep_capacity(water_chiller_capacity_factor, tower_residual_heat, trim_share):
    return (water_chiller_capacity_factor <= 0) & (tower_residual_heat * trim_share > 0)


@quantity("1", total="sum")
def chiller_count(air_chiller_installed_per_block, water_chiller_installed_per_block, block_count):
    """Chillers of both kinds, spares included."""
    return sum_streams(air_chiller_installed_per_block + water_chiller_installed_per_block) * block_count


@quantity("MW", total="sum")
def chiller_capacity(air_chiller_installed_per_block, air_chiller_unit_capacity, water_chiller_installed_per_block,
                     water_chiller_unit_capacity, block_count):
    """Rated capacity of the chillers installed."""
    return sum_streams(air_chiller_installed_per_block * air_chiller_unit_capacity
                       + water_chiller_installed_per_block * water_chiller_unit_capacity) * block_count


@quantity("MW")
def chiller_power(air_chiller_power, water_chiller_power):
    """Power of all chillers in each state."""
    return sum_streams(air_chiller_power + water_chiller_power)


@quantity("MW")
def residual_heat(dry_residual_heat, tower_residual_heat):
    """Heat that no economizer takes, in each state."""
    return sum_streams(dry_residual_heat + tower_residual_heat)


@quantity("m3", total="sum")
def thermal_storage_volume(loop_design_heat, thermal_storage_time, loop_fluid_density, loop_fluid_heat_capacity,
                           loop_temperature_difference, thermal_storage_usable_share):
    """Chilled water kept to ride through a restart of the chillers: the loops' design heat for the chosen time."""
    warmed = loop_fluid_density * loop_fluid_heat_capacity * loop_temperature_difference * thermal_storage_usable_share
    return sum_streams(loop_design_heat * thermal_storage_time / warmed)
