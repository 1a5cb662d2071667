"""From the UPS's input to the meter: electrical rooms, low-voltage switchgear, transformers and substation, in series."""

import numpy as np

from ..arrays import exceeds, in_any_state, over, sum_streams, whole_up
from ..physics.chillers import carnot_power_ratio
from ..quantity import Given, check, quantity

ups_medium_voltage_share = Given("1", "Share of the UPS's input fed at medium voltage", home="power", low=0, high=1,
                                 chosen=True)
transformer_temperature_limit = Given("degC", "Outdoor air above which transformers are derated", home="power", low=273)
transformer_temperature_derating = Given("1/K", "Loss of rating of transformers for each kelvin above that temperature",
                                         home="power", low=0)
electrical_room_carnot_share = Given("1", "Share of the Carnot cycle that electrical room coolers reach",
                                     home="power", low=0.1, high=0.9)
electrical_room_evaporator_temperature = Given("degC", "Evaporation temperature of electrical room coolers",
                                               home="power", low=273)
electrical_room_condenser_approach = Given("K", "Condensation above outdoor air of electrical room coolers",
                                           home="power", low=0)
electrical_room_smallest_lift = Given("K", "Least lift of electrical room coolers", home="power", low=1)
house_power_share = Given("1", "Lighting and house loads over IT power", home="power", low=0)
low_voltage_efficiency = Given("1", "Efficiency of low-voltage switchgear and cables", home="power", low=0.5, high=1)
chiller_medium_voltage_share = Given("1", "Share of chiller power fed at medium voltage", home="power", low=0, high=1,
                                     chosen=True)
transformer_capacity = Given("kVA", "Rating of a distribution transformer", home="power", low=1e3)
transformer_load_limit = Given("1", "Highest load of a distribution transformer over its rating", home="power",
                               low=0.1, high=1, chosen=True)
transformer_half_load_efficiency = Given("1", "Efficiency of a distribution transformer at half load", home="power",
                                         low=0.9, high=0.9999)
transformer_best_load = Given("1", "Load of best efficiency of a distribution transformer", home="power", low=0.1, high=1)
unity_power_factor = Given("W/VA", "Power factor at which transformer efficiency is stated", home="physics", low=0.1)
transformer_half_load = Given("1", "Load at which transformer efficiency is stated", home="physics", low=0.1, high=1)
substation_efficiency = Given("1", "Efficiency of substation transformers and medium-voltage cables", home="power",
                              low=0.9, high=1)
power_factor = Given("W/VA", "Power factor of the facility", home="power", low=0.8, high=1)


@quantity("1")
def transformer_site_factor(electrical_site_factor, yard_dry_bulb, transformer_temperature_limit,
                            transformer_temperature_derating):
    """Rating of transformers at the site over their rating, by elevation and the hottest air; never above 1."""
    hot = transformer_temperature_derating * np.maximum(yard_dry_bulb - transformer_temperature_limit, 0)
    return np.clip(electrical_site_factor - hot, 0, 1)


@quantity("MW", source="Carnot share")
def electrical_room_cooling_power(ups_loss, plant_share, electrical_room_evaporator_temperature, entering_dry_bulb,
                                  electrical_room_condenser_approach, electrical_room_carnot_share,
                                  electrical_room_smallest_lift):
    """Power of the electrical rooms' own coolers."""
    ratio = carnot_power_ratio(electrical_room_evaporator_temperature,
                               entering_dry_bulb + electrical_room_condenser_approach, electrical_room_carnot_share,
                               electrical_room_smallest_lift)
    return ups_loss * plant_share * ratio


@quantity("MW")
def fixed_overhead_power(fixed_cooling_overhead, it_power):
    """Cooling power that stands for a plant which is not modelled."""
    return fixed_cooling_overhead * it_power


@quantity("MW")
def rejector_power(dry_cooler_fan_power, tower_fan_power, rejection_pump_power, evaporative_pump_power):
    """Power of the rejectors' fans and pumps, evaporative coolers' included."""
    return sum_streams(dry_cooler_fan_power + tower_fan_power + rejection_pump_power + evaporative_pump_power)


@quantity("MW")
def cooling_power(terminal_power, loop_pump_power, rejector_power, chiller_power, electrical_room_cooling_power,
                  fixed_overhead_power, released_heat_fan_power):
    """Power of all cooling in each state."""
    return (sum_streams(terminal_power + loop_pump_power) + rejector_power + chiller_power
            + electrical_room_cooling_power + fixed_overhead_power + released_heat_fan_power)


@quantity("MW")
def low_voltage_power(ups_input_power, ups_medium_voltage_share, rack_battery_power, cooling_power, ups_cooling_power,
                      chiller_power, chiller_medium_voltage_share, house_power_share, it_power, low_voltage_efficiency):
    """Power into the low-voltage switchgear: UPS, racks with batteries, house loads, and cooling not on the UPS.

    What is fed at medium voltage passes by.
    """
    mechanical = cooling_power - ups_cooling_power - chiller_power * chiller_medium_voltage_share
    on_low_voltage = ups_input_power * (1 - ups_medium_voltage_share) + rack_battery_power
    return (on_low_voltage + mechanical + house_power_share * it_power) / low_voltage_efficiency


@quantity("kVA")
def transformer_apparent_power(low_voltage_power, power_factor):
    """Apparent power through the distribution transformers."""
    return low_voltage_power / power_factor


@quantity("1", total="sum")
def transformer_count(transformer_apparent_power, block_count, power_systems, power_systems_required,
                      transformer_capacity, transformer_load_limit, transformer_site_factor):
    """Distribution transformers of all power systems; rounded for each system."""
    load = in_any_state(transformer_apparent_power) / (block_count * power_systems_required)
    usable = transformer_capacity * transformer_load_limit * transformer_site_factor
    return block_count * power_systems * whole_up(load / usable)


@quantity("kW", source="Engineering Reference 25.2 (US DOE), transformer; 10 CFR 431.196 for the efficiency")
def transformer_no_load_loss(transformer_capacity, unity_power_factor, transformer_half_load,
                             transformer_half_load_efficiency, transformer_best_load):
    """Loss of one energised transformer without load, from its efficiency at a stated load and unity power factor."""
    loss = (transformer_capacity * unity_power_factor * transformer_half_load * (1 - transformer_half_load_efficiency)
            / transformer_half_load_efficiency)
    return loss / (1 + (transformer_half_load / transformer_best_load) ** 2)


@quantity("MW", source="Engineering Reference 25.2 (US DOE), transformer")
def transformer_loss(transformer_apparent_power, transformer_count, transformer_capacity, transformer_no_load_loss,
                     transformer_best_load):
    """Loss of all transformers, energised and sharing the load: no-load loss, and copper loss by its square."""
    share = over(transformer_apparent_power, transformer_count * transformer_capacity)
    return transformer_count * transformer_no_load_loss * (1 + (share / transformer_best_load) ** 2)


@quantity("MW")
def facility_power(low_voltage_power, transformer_loss, chiller_power, chiller_medium_voltage_share, ups_input_power,
                   ups_medium_voltage_share, substation_efficiency):
    """Power at the meter in each state."""
    medium = (low_voltage_power + transformer_loss + chiller_power * chiller_medium_voltage_share
              + ups_input_power * ups_medium_voltage_share)
    return medium / substation_efficiency


@check("error", "the site leaves electrical equipment nothing of its rating (factor {transformer_site_factor}); correct "
                "elevation, extreme_dry_bulb or the derating figures")
def electrical_equipment_works(transformer_site_factor):
    return ~exceeds(transformer_site_factor, 0)
