"""What carries the facility without the grid: generators with their fuel, and batteries."""

import numpy as np

from ..arrays import at_design, between, exceeds, over, whole_up
from ..quantity import Given, check, quantity

generator_rating = Given("MW", "Rating of a generator set at 60 Hz under standard conditions", home="power", low=1e3,
                         chosen=True)
generator_frequency_factor = Given("1", "Rating at 50 Hz over rating at 60 Hz", home="power", low=0.5, high=1)
generator_spare_units = Given("1", "Spare generator sets a block", home="power", low=0, whole=True, chosen=True)
generator_altitude_limit = Given("m", "Elevation above which a generator set is derated", home="power", low=0)
generator_altitude_derating = Given("1/m", "Loss of rating for each metre above that elevation", home="power", low=0)
generator_temperature_limit = Given("degC", "Outdoor air above which a generator set is derated", home="power")
generator_temperature_derating = Given("1/K", "Loss of rating for each kelvin above that temperature", home="power",
                                       low=0)
lower_frequency = Given("Hz", "Lower of the two grid frequencies", home="physics")
upper_frequency = Given("Hz", "Higher of the two grid frequencies", home="physics")
grid_frequency = Given("Hz", "Grid frequency", home="region", low=50, high=60)
battery_recharge_share = Given("1", "Battery recharge over UPS output, for sizing what feeds it", home="power", low=0)
motor_start_factor = Given("1", "Power that a chiller draws while it starts, over its power by design", home="power", low=1)
generator_step_limit = Given("1", "Load that running generator sets take in one step, over their capacity", home="power",
                             above=0, high=1)
fuel_time = Given("h", "Time at full load that fuel is kept for", home="power", low=0, chosen=True)
fuel_idle_rate = Given("L/kWh", "Fuel of a running generator set over its rating, whatever the load", home="power", low=0)
fuel_load_rate = Given("L/kWh", "Fuel of a generator set over its load", home="power", low=0)
fuel_usable_share = Given("1", "Usable share of a fuel tank", home="power", low=0.1, high=1)
battery_time = Given("min", "Time at full load that batteries carry the UPS", home="power", low=0, chosen=True)
battery_inverter_efficiency = Given("1", "Efficiency from battery to UPS output", home="power", low=0.5, high=1)
battery_depth_of_discharge = Given("1", "Share of battery energy that may be drawn", home="power", low=0.1, high=1)
battery_end_of_life_share = Given("1", "Battery energy left at the end of life", home="power", low=0.1, high=1)
battery_discharge_rate = Given("1/h", "Highest discharge power of a battery over its energy", home="power", low=1e-6)
rack_battery_time = Given("min", "Time at full load that batteries in racks carry them", home="power", low=0, chosen=True)


@quantity("MW")
def recharge_power(ups_output_power, rack_battery_power, battery_recharge_share):
    """Power that recharges the batteries after an outage: sizes generators and the feeders they share, no energy.

    The grid connection does without, for recharge waits until there is room.
    """
    return at_design(ups_output_power + rack_battery_power) * battery_recharge_share


@quantity("1")
def generator_site_factor(elevation, generator_altitude_limit, generator_altitude_derating, yard_dry_bulb,
                          generator_temperature_limit, generator_temperature_derating):
    """Rating of a generator set at the site over its rating, by elevation and the hottest air; never above 1."""
    thin = generator_altitude_derating * np.maximum(elevation - generator_altitude_limit, 0)
    hot = generator_temperature_derating * np.maximum(yard_dry_bulb - generator_temperature_limit, 0)
    return np.clip(1 - thin - hot, 0, 1)


@quantity("MW")
def generator_unit_capacity(generator_rating, generator_frequency_factor, generator_site_factor, grid_frequency,
                            lower_frequency, upper_frequency):
    """Power of one generator set at the site."""
    frequency = between(grid_frequency, lower_frequency, upper_frequency, generator_frequency_factor, 1)
    return generator_rating * frequency * generator_site_factor


@quantity("MW", total="sum")
def generator_load(facility_peak_power, recharge_power):
    """What the generators must carry: the whole facility at design weather, and battery recharge."""
    return facility_peak_power + recharge_power


@quantity("MW")
def chiller_running_power(air_chiller_power, air_chiller_count_per_block, water_chiller_power,
                          water_chiller_count_per_block, block_count):
    """Power of the largest chiller at the design state."""
    air = over(at_design(air_chiller_power), air_chiller_count_per_block * block_count)
    water = over(at_design(water_chiller_power), water_chiller_count_per_block * block_count)
    return np.maximum(air, water).max(-2, keepdims=True)


@quantity("MW")
def chiller_start_power(chiller_running_power, motor_start_factor):
    """Power that the largest chiller draws while it starts; fans and pumps start on their drives."""
    return chiller_running_power * motor_start_factor


@quantity("MW")
def generator_block_load(generator_load, block_count, chiller_running_power, chiller_start_power, generator_step_limit):
    """Load that a block's generators must bear: all of it while its last chiller starts, and that start as one step."""
    starting = generator_load / block_count - chiller_running_power + chiller_start_power
    return np.maximum(starting, chiller_start_power / generator_step_limit)


@quantity("1", total="sum")
def generator_required_count(generator_block_load, generator_unit_capacity, block_count):
    """Generator sets that must run in all blocks."""
    return block_count * whole_up(generator_block_load / generator_unit_capacity)


@quantity("1", total="sum")
def generator_count(generator_required_count, block_count, generator_spare_units):
    """Generator sets, spares included."""
    return generator_required_count + block_count * generator_spare_units


@quantity("MW", total="sum")
def generator_capacity(generator_count, generator_unit_capacity):
    """Capacity of all generator sets at the site."""
    return generator_count * generator_unit_capacity


@quantity("m3", source="Willans line", total="sum")
def fuel_volume(generator_required_count, generator_unit_capacity, facility_peak_power, fuel_time, fuel_idle_rate,
                fuel_load_rate, fuel_usable_share):
    """Tank volume for the chosen time at full load, burned by the sets that must run."""
    rate = generator_required_count * generator_unit_capacity * fuel_idle_rate + facility_peak_power * fuel_load_rate
    return rate * fuel_time / fuel_usable_share


@quantity("kWh", total="sum")
def ups_battery_energy(ups_output_power, power_systems, power_systems_required, battery_time, battery_inverter_efficiency,
                       battery_depth_of_discharge, battery_end_of_life_share, battery_discharge_rate):
    """Battery energy of the UPS: for the time at the end of life, or for the power the cells can give, if that is more.

    Every system has the batteries to carry its share when the others have failed.
    """
    power = at_design(ups_output_power) * power_systems / power_systems_required / battery_inverter_efficiency
    return np.maximum(power * battery_time / (battery_depth_of_discharge * battery_end_of_life_share),
                      power / battery_discharge_rate)


@quantity("kWh", total="sum")
def rack_battery_energy(it_power, rack_battery_share, rack_battery_time, battery_depth_of_discharge,
                        battery_end_of_life_share, battery_discharge_rate):
    """Battery energy in the racks, on their own busbar, likewise."""
    power = at_design(it_power) * rack_battery_share
    return np.maximum(power * rack_battery_time / (battery_depth_of_discharge * battery_end_of_life_share),
                      power / battery_discharge_rate)


@quantity("kWh", total="sum")
def battery_energy(ups_battery_energy, rack_battery_energy):
    """Battery energy to buy, of the UPS and in the racks."""
    return ups_battery_energy + rack_battery_energy


@check("error", "the site leaves a generator set nothing of its rating (factor {generator_site_factor}); correct "
                "elevation, extreme_dry_bulb or the derating figures")
def generators_work(generator_site_factor):
    return ~exceeds(generator_site_factor, 0)
