"""Cooling towers: their sizing, their correlation, and what their fans draw.

The rated approach calibrates the York correlation. Given the wet bulb it is quadratic in the liquid-to-gas ratio, so the
fan speed at a set point is closed.
"""

import numpy as np

from ..arrays import outside, over, whole_up
from ..physics import towers
from ..physics.chillers import carnot_power_ratio
from ..quantity import Given, check, quantity

tower_unit_capacity = Given("kW", "Heat one tower cell can reject", home="cooling", above=0, chosen=True)
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
tower_highest_setpoint = Given("degC", "Warmest water that towers aim at", home="cooling", low=273, chosen=True)
tower_temperature_span = Given("K", "Widest approach looked for in a tower at full speed", home="physics")


@quantity("1", source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower", where="tower_count")
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
def tower_running_count(tower_count, tower_count_per_block, block_count, year_states):
    """Tower cells that run: all of them over the year; at the extremes the plant must hold without the spares."""
    needed = tower_count_per_block * block_count
    return needed + (tower_count - needed) * year_states


@quantity("1")
def tower_installed_ratio(tower_running_count, tower_unit_capacity, tower_design_heat):
    """Running over needed tower cells."""
    return over(tower_running_count * tower_unit_capacity, tower_design_heat, 1)


@quantity("1", source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower", where="tower_count")
def tower_wet_bulb_terms(entering_wet_bulb):
    """Coefficients of the tower correlation at each state's wet bulb."""
    return towers.york_terms(entering_wet_bulb)


@quantity("1/K", where="tower_count")
def tower_rated_rate(tower_installed_ratio, tower_rating_compressor_share, trim_share, tower_rating_range):
    """Capacity rate of the water that the running towers are rated for, over the loop's design heat."""
    return tower_installed_ratio * (1 + tower_rating_compressor_share * trim_share) / tower_rating_range


@quantity("degC", where="tower_count")
def tower_setpoint(free_cooling_temperature, entering_wet_bulb, tower_setpoint_approach, tower_highest_setpoint):
    """Water the towers aim at: cold enough to cool free, no closer to the wet bulb than pays, nor too warm for chillers."""
    return np.minimum(np.maximum(free_cooling_temperature, entering_wet_bulb + tower_setpoint_approach),
                      np.maximum(tower_highest_setpoint, free_cooling_temperature))


@quantity("1", source="York correlation, inverted", where="tower_count")
def tower_fan_speed(tower_wet_bulb_terms, tower_range, tower_temperature, entering_wet_bulb, tower_calibration, tower_rate,
                    tower_rated_rate, loop_load_share):
    """Fan speed over full speed at which the towers hold their water temperature."""
    ratio = towers.york_liquid_gas_ratio(tower_wet_bulb_terms, tower_range, tower_temperature - entering_wet_bulb)
    return np.minimum(tower_calibration * tower_rate / tower_rated_rate / ratio, 1) * (loop_load_share > 0)


@quantity("MW", source="affinity laws", where="tower_count")
def tower_fan_power(tower_fan_speed, tower_minimum_fan_speed, tower_fan_exponent, tower_fan_power_share,
                    tower_running_count, tower_unit_capacity):
    """Power of the towers' fans; below their least speed they cycle."""
    share = (np.maximum(tower_fan_speed, tower_minimum_fan_speed) ** tower_fan_exponent
             * np.minimum(tower_fan_speed / tower_minimum_fan_speed, 1))
    return share * tower_fan_power_share * tower_running_count * tower_unit_capacity


@check("note", "tower_approach: the entering wet bulb of {entering_wet_bulb} in {state} is outside the -34.4 to 26.7 degC "
               "of the towers' correlation, which is held at its end; hotter, that overstates the approach")
def wet_bulb_within_tower_correlation(entering_wet_bulb, tower_flow_share):
    return outside(entering_wet_bulb, towers.LOWEST_WET_BULB, towers.HIGHEST_WET_BULB) * (tower_flow_share > 0)


@quantity("1", where="tower_count")
def tower_liquid_gas_ratio(tower_calibration, tower_rate, tower_rated_rate):
    """Liquid-to-gas ratio of the towers over design at full fan speed."""
    return tower_calibration * tower_rate / tower_rated_rate


@check("warning", "tower_range of {tower_range} in {state} is outside the 1.1 to 22.2 K of the towers' correlation, which "
                  "is held at its end; change loop_temperature_difference or condenser_temperature_difference")
def range_within_tower_correlation(tower_range, tower_flow_share, loop_load_share, unmet_heat):
    runs = (tower_flow_share * loop_load_share > 0) & (unmet_heat <= 0)  # of towers that fall short, that is told
    return outside(tower_range, towers.SMALLEST_RANGE, towers.LARGEST_RANGE) * runs


@check("warning", "tower_liquid_gas_ratio of {tower_liquid_gas_ratio} in {state} is above the 8 of the towers' "
                  "correlation, which is held there; raise tower_unit_capacity or rejection_spare_units")
def ratio_within_tower_correlation(tower_liquid_gas_ratio, tower_flow_share):
    return outside(tower_liquid_gas_ratio, 0, towers.LARGEST_LIQUID_GAS_RATIO) * (tower_flow_share > 0)


@check("warning", "tower_approach of {tower_approach} at the rating of {tower_rating_wet_bulb} and {tower_rating_range} is "
                  "outside what the towers' correlation reaches, and held at its end; set another")
def tower_can_be_rated_so(tower_calibration, tower_count, tower_approach, tower_rating_wet_bulb, tower_rating_range):
    reached = ((tower_calibration > towers.SMALLEST_LIQUID_GAS_RATIO)
               & (tower_calibration < towers.LARGEST_LIQUID_GAS_RATIO))
    return ~reached & (tower_count > 0)
