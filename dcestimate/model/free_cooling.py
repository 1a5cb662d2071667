"""Hours of free cooling, counted inside the weather bins that the limit of an economizer runs through.

A *margin* is how much warmer the weather could be [K]. A bin is taken as spread evenly around its mean, so the share of
it that lies below the limit follows from the margin over the bin's width.
"""

import numpy as np

from ..arrays import FORGIVEN, over, share_within, year_sum
from ..physics import moist_air, towers
from ..quantity import Given, quantity

weather_bin_width = Given("K", "Width of the weather bins in dry and in wet bulb", home="defaults region", low=0,
                          chosen=True)


@quantity("K")
def bin_spread(weather_bin_width, bin_hours):
    """Width of the bins; none where all rows last equally long, for these are hours, not bins."""
    alike = bin_hours.max(-1, keepdims=True) * (bin_hours > 0).sum(-1, keepdims=True)
    return weather_bin_width * (alike > bin_hours.sum(-1, keepdims=True) * (1 + FORGIVEN))


@quantity("1")
def setpoint_suffices(exchanger_conductance, loop_return_temperature, free_cooling_temperature, loop_load_share,
                      economizer_share):
    """1 where the economizer's exchanger takes all heat from fluid at the set point, whatever the weather."""
    heat = exchanger_conductance * (loop_return_temperature - free_cooling_temperature)
    return ((heat >= loop_load_share * (1 - FORGIVEN)) & (economizer_share > 0)) * 1.0


@quantity("K", where="dry_cooler_count")
def dry_return_margin(loop_return_temperature, dry_cooler_source_temperature, entering_dry_bulb, entering_wet_bulb,
                      adiabatic_effectiveness, source_water_share):
    """Loop return above the coldest air that can enter the dry coolers."""
    depression = (entering_dry_bulb - entering_wet_bulb) * (1 - source_water_share)
    return loop_return_temperature - dry_cooler_source_temperature + adiabatic_effectiveness * depression


@quantity("1", where="dry_cooler_count")
def dry_free_time(dry_return_margin, loop_load_share, dry_economizer_conductance, bin_spread, source_water_share,
                  setpoint_suffices):
    """Share of a state in which dry coolers take all heat of their path."""
    margin = dry_return_margin - loop_load_share / dry_economizer_conductance
    return setpoint_suffices * share_within(margin, bin_spread * (1 - source_water_share))


@quantity("1", where="dry_cooler_count")
def dry_some_time(dry_return_margin, economizer_minimum_difference, bin_spread, source_water_share, economizer_share):
    """Share of a state in which dry coolers take some heat of their path."""
    margin = dry_return_margin - economizer_minimum_difference
    return (economizer_share > 0) * share_within(margin, bin_spread * (1 - source_water_share))


@quantity("K", where="tower_count")
def tower_alone_margin(loop_return_temperature, loop_load_share, tower_exchanger_conductance, tower_exchanger_rate,
                       tower_wet_bulb_terms, tower_calibration, tower_rated_rate, tower_pump_rise, entering_wet_bulb):
    """Wet bulb at which the exchanger alone would just take all heat, above the wet bulb."""
    coefficients = towers.at_liquid_gas_ratio(tower_wet_bulb_terms,
                                              tower_calibration * tower_exchanger_rate / tower_rated_rate)
    approach = towers.approach_at_range(coefficients, loop_load_share / tower_exchanger_rate + tower_pump_rise)
    return loop_return_temperature - loop_load_share / tower_exchanger_conductance - entering_wet_bulb - approach


@quantity("K", where="tower_count")
def tower_joint_margin(loop_return_temperature, entering_wet_bulb, tower_setpoint_approach, tower_highest_setpoint,
                       free_cooling_temperature, tower_joint_full_speed_temperature):
    """Loop return above the tower water that there would be beside condensers, were it not held up to cool free."""
    aim = np.minimum(entering_wet_bulb + tower_setpoint_approach,
                     np.maximum(tower_highest_setpoint, free_cooling_temperature))
    return loop_return_temperature - np.maximum(aim, tower_joint_full_speed_temperature)


@quantity("1", where="tower_count")
def tower_free_time(tower_alone_margin, tower_joint_margin, loop_load_share, exchanger_conductance, trim_share, bin_spread,
                    setpoint_suffices):
    """Share of a state in which towers take all heat of their path: alone, and beside condensers so that these can stop."""
    beside = tower_joint_margin - over(loop_load_share, exchanger_conductance)
    margin = np.where(trim_share > 0, np.minimum(tower_alone_margin, beside), tower_alone_margin)
    return setpoint_suffices * share_within(margin, bin_spread)


@quantity("1", where="tower_count")
def tower_some_time(tower_joint_margin, economizer_minimum_difference, bin_spread, economizer_share):
    """Share of a state in which towers take some heat of their path."""
    return (economizer_share > 0) * share_within(tower_joint_margin - economizer_minimum_difference, bin_spread)


@quantity("K", where="outside_air_share")
def outside_air_dew_point_margin(outside_air_vapour_limit, outdoor_dew_point):
    """Highest dew point at which outside air is let in, above its dew point."""
    return moist_air.dew_point(outside_air_vapour_limit) - outdoor_dew_point


@quantity("K", where="humidity_limited")
def outside_air_humidity_margin(unmixed_humidity, outside_air_humidity_limit, outdoor_vapour_pressure, outdoor_dew_point):
    """Dew point at which unmixed outside air would have the highest relative humidity let in, above its dew point."""
    at_limit = over(outdoor_vapour_pressure * outside_air_humidity_limit, unmixed_humidity, outdoor_vapour_pressure)
    return moist_air.dew_point(at_limit) - outdoor_dew_point


@quantity("1", where="outside_air_share")
def outside_air_let_in(outside_air_dew_point_margin, outside_air_humidity_margin, unmixed_humidity,
                       outside_air_dry_bulb_limit, dry_bulb, bin_spread):
    """Share of a state in which outside air is let in; a bin spans about twice its width in dew point."""
    margin = np.where(unmixed_humidity > 0, np.minimum(outside_air_dew_point_margin, outside_air_humidity_margin),
                      outside_air_dew_point_margin)
    dry_enough = share_within(margin, 2 * bin_spread)
    return dry_enough * share_within(outside_air_dry_bulb_limit - dry_bulb, bin_spread)


@quantity("K", where="outside_air_share")
def outside_air_margin(air_handler_setpoint, dry_bulb, wet_bulb, evaporative_effectiveness, evaporative_lowest_dry_bulb):
    """Air wanted above the coldest that outside air and its evaporative cooler give."""
    depression = (dry_bulb - wet_bulb) * (dry_bulb > evaporative_lowest_dry_bulb)
    return air_handler_setpoint - dry_bulb + evaporative_effectiveness * depression


@quantity("1", where="outside_air_share")
def outside_air_free_time(outside_air_share, outside_air_let_in, outside_air_margin, bin_spread):
    """Share of a state in which outside air takes all heat of its stream."""
    return (outside_air_share >= 1) * outside_air_let_in * share_within(outside_air_margin, bin_spread)


@quantity("1", where="outside_air_share")
def outside_air_some_time(outside_air_share, outside_air_let_in, outside_air_margin, air_handler_temperature_difference,
                          bin_spread):
    """Share of a state in which outside air takes some heat of its stream."""
    below_return = share_within(outside_air_margin + air_handler_temperature_difference, bin_spread)
    return (outside_air_share > 0) * outside_air_let_in * below_return


def _either(one, other):
    return 1 - (1 - one) * (1 - other)


@quantity("1")
def stream_free_time(dry_free_time, tower_free_time, outside_air_free_time, tower_share, stream_heat):
    """Share of a state in which economizers take all heat of a stream; all of it where there is no heat."""
    loop = np.minimum(np.where(tower_share < 1, dry_free_time, 1), np.where(tower_share > 0, tower_free_time, 1))
    return np.where(stream_heat > 0, _either(loop, outside_air_free_time), 1)


@quantity("1")
def stream_some_time(dry_some_time, tower_some_time, outside_air_some_time, tower_share, stream_heat):
    """Share of a state in which economizers take any heat of a stream."""
    loop = _either(dry_some_time * (tower_share < 1), tower_some_time * (tower_share > 0))
    return _either(loop, outside_air_some_time) * (stream_heat > 0)


@quantity("h", total=("mean", "critical_it_power"))
def economizer_hours(stream_free_time, plant_share, hours):
    """Hours of the year in which economizers take all heat of both streams."""
    return year_sum(stream_free_time.min(-2, keepdims=True) * (plant_share > 0), hours)


@quantity("h", total=("mean", "critical_it_power"))
def partial_economizer_hours(stream_some_time, plant_share, hours, economizer_hours):
    """Hours of the year in which economizers take some of the heat and chillers the rest."""
    some = year_sum(stream_some_time.max(-2, keepdims=True) * (plant_share > 0), hours)
    return np.maximum(some - economizer_hours, 0)
