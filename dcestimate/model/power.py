"""The electrical plant: losses in series from the IT input to the meter, and the modules it takes.

Critical power is split into equal blocks. A topology is four numbers: systems of a block, systems that must carry it,
systems that idle, and spare modules of a system; N is 1, 1, 0, 0 and four to make three 4, 3, 0, 0.
"""

import numpy as np

from ..arrays import FORGIVEN, at_design, exceeds, in_any_state, outside, over, sum_streams, whole_up
from ..physics.chillers import carnot_power_ratio
from ..quantity import Given, check, quantity

block_capacity = Given("MW", "Largest critical IT power of one block", home="power", low=1e3, chosen=True)
power_systems = Given("1", "Power systems of a block", home="power", low=1, whole=True, chosen=True)
power_systems_required = Given("1", "Power systems that must be able to carry a block", home="power", low=1, whole=True,
                               chosen=True)
power_systems_idle = Given("1", "Power systems that idle until another fails", home="power", low=0, whole=True,
                           chosen=True)
ups_spare_modules = Given("1", "Spare UPS modules of a power system", home="power", low=0, whole=True, chosen=True)
ups_module_capacity = Given("MW", "Rating of a UPS module", home="power", low=1e3, chosen=True)
ups_medium_voltage_share = Given("1", "Share of the UPS's input fed at medium voltage", home="power", low=0, high=1,
                                 chosen=True)
rack_battery_share = Given("1", "Share of IT power that batteries in the racks carry, so that it passes no UPS",
                           home="power", low=0, high=1, chosen=True)
ups_fixed_loss = Given("1", "Loss of a UPS over its rating: fixed part", home="power", low=0)
ups_proportional_loss = Given("1", "Loss of a UPS over its rating: part that follows the load", home="power", low=0)
ups_square_loss = Given("1", "Loss of a UPS over its rating: part that follows its square", home="power", low=0)
ups_eco_share = Given("1", "Share of the year in which the UPS runs in eco mode: its bypass, watched", home="power", low=0,
                      high=1, chosen=True)
ups_eco_fixed_loss = Given("1", "Loss of a UPS in eco mode over its rating: fixed part", home="power", low=0)
ups_eco_proportional_loss = Given("1", "Loss of a UPS in eco mode over its rating: part that follows the load",
                                  home="power", low=0)
ups_eco_square_loss = Given("1", "Loss of a UPS in eco mode over its rating: part that follows its square", home="power",
                            low=0)
electrical_altitude_limit = Given("m", "Elevation above which UPS and transformers are derated", home="power", low=0)
electrical_altitude_derating = Given("1/m", "Loss of rating of UPS and transformers for each metre above that elevation",
                                     home="power", low=0)
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


@quantity("1", total="sum")
def block_count(critical_it_power, block_capacity):
    """Equal blocks that the critical power is built in."""
    return whole_up(critical_it_power / block_capacity)


@quantity("1")
def electrical_site_factor(elevation, electrical_altitude_limit, electrical_altitude_derating):
    """Rating of UPS and transformers at the site over their rating: thin air cools less; never above 1."""
    return np.clip(1 - electrical_altitude_derating * np.maximum(elevation - electrical_altitude_limit, 0), 0, 1)


@quantity("1")
def transformer_site_factor(electrical_site_factor, dry_design_dry_bulb, transformer_temperature_limit,
                            transformer_temperature_derating):
    """Rating of transformers at the site over their rating, by elevation and the hottest air; never above 1."""
    hot = transformer_temperature_derating * np.maximum(dry_design_dry_bulb - transformer_temperature_limit, 0)
    return np.clip(electrical_site_factor - hot, 0, 1)


@quantity("MW")
def rack_battery_power(it_power, distribution_loss, rack_battery_share):
    """Power of IT and its feeds that batteries in the racks carry through an outage: it passes no UPS."""
    return (it_power + distribution_loss) * rack_battery_share


@quantity("MW")
def ups_output_power(it_power, distribution_loss, rack_battery_power, terminal_power, terminal_ups_share, loop_pump_power,
                     loop_pump_ups_share):
    """Power that the UPS carries: IT and its feeds' loss but for racks with batteries, and pumps and fans that may not stop."""
    return it_power + distribution_loss - rack_battery_power + sum_streams(terminal_power * terminal_ups_share
                                                                           + loop_pump_power * loop_pump_ups_share)


@quantity("1")
def ups_modules_required(ups_output_power, block_count, power_systems_required, ups_module_capacity,
                         electrical_site_factor):
    """UPS modules that one power system of a block needs, without spares."""
    return whole_up(at_design(ups_output_power)
                    / (block_count * power_systems_required * ups_module_capacity * electrical_site_factor))


@quantity("1", total="sum")
def ups_module_count(block_count, power_systems, ups_modules_required, ups_spare_modules):
    """UPS modules of all systems, spares included; rounded for each system."""
    return block_count * power_systems * (ups_modules_required + ups_spare_modules * (ups_modules_required > 0))


@quantity("1")
def ups_loaded_modules(ups_module_count, power_systems, power_systems_idle):
    """UPS modules that share the load."""
    return ups_module_count * (power_systems - power_systems_idle) / power_systems


@quantity("1")
def ups_state_load_fraction(ups_output_power, ups_loaded_modules, ups_module_capacity):
    """Load of the modules that share it, over their rating, in each state."""
    return over(ups_output_power, ups_loaded_modules * ups_module_capacity)


@quantity("1", total=("mean", "critical_it_power"))
def ups_load_fraction(ups_state_load_fraction):
    """Load of the UPS modules at the design state over their rating."""
    return at_design(ups_state_load_fraction)


@quantity("1")
def ups_eco_time(ups_eco_share, year_states):
    """Share of the time in eco mode: what is chosen over the year, none at the extremes, for which plant is sized."""
    return ups_eco_share * year_states


def _mixed(eco_time, in_eco_mode, converting):
    return eco_time * in_eco_mode + (1 - eco_time) * converting


@quantity("MW", source="loss of fixed, proportional and square parts: Schneider Electric white paper 108")
def ups_loss(ups_state_load_fraction, ups_loaded_modules, ups_module_count, ups_module_capacity, ups_eco_time,
             ups_fixed_loss, ups_proportional_loss, ups_square_loss, ups_eco_fixed_loss, ups_eco_proportional_loss,
             ups_eco_square_loss):
    """Loss of the UPS modules, each at its own load and part of the time in eco mode; idle ones draw their fixed loss."""
    x = ups_state_load_fraction
    fixed = _mixed(ups_eco_time, ups_eco_fixed_loss, ups_fixed_loss)
    loaded = fixed + x * (_mixed(ups_eco_time, ups_eco_proportional_loss, ups_proportional_loss)
                          + x * _mixed(ups_eco_time, ups_eco_square_loss, ups_square_loss))
    return (ups_loaded_modules * loaded + (ups_module_count - ups_loaded_modules) * fixed) * ups_module_capacity


@quantity("MW")
def ups_input_power(ups_output_power, ups_loss):
    """Power into the UPS."""
    return ups_output_power + ups_loss


@quantity("MW", source="Carnot share")
def electrical_room_cooling_power(ups_loss, plant_share, electrical_room_evaporator_temperature, dry_bulb,
                                  electrical_room_condenser_approach, electrical_room_carnot_share,
                                  electrical_room_smallest_lift):
    """Power of the electrical rooms' own coolers."""
    return ups_loss * plant_share * carnot_power_ratio(electrical_room_evaporator_temperature,
                                         dry_bulb + electrical_room_condenser_approach, electrical_room_carnot_share,
                                         electrical_room_smallest_lift)


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
def low_voltage_power(ups_input_power, ups_medium_voltage_share, rack_battery_power, cooling_power, terminal_power, terminal_ups_share,
                      loop_pump_power, loop_pump_ups_share, chiller_power, chiller_medium_voltage_share, house_power_share,
                      it_power, low_voltage_efficiency):
    """Power into the low-voltage switchgear: UPS, racks with batteries, house loads, and cooling on neither of them.

    What is fed at medium voltage passes by.
    """
    on_ups = sum_streams(terminal_power * terminal_ups_share + loop_pump_power * loop_pump_ups_share)
    mechanical = cooling_power - on_ups - chiller_power * chiller_medium_voltage_share
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
    share = transformer_apparent_power / (transformer_count * transformer_capacity)
    return transformer_count * transformer_no_load_loss * (1 + (share / transformer_best_load) ** 2)


@quantity("MW")
def facility_power(low_voltage_power, transformer_loss, chiller_power, chiller_medium_voltage_share, ups_input_power,
                   ups_medium_voltage_share, substation_efficiency):
    """Power at the meter in each state."""
    medium = (low_voltage_power + transformer_loss + chiller_power * chiller_medium_voltage_share
              + ups_input_power * ups_medium_voltage_share)
    return medium / substation_efficiency


@check("warning", "ups_loss: the modules carry {ups_state_load_fraction} of their rating in {state}, above the 1 that the "
                  "curve of their losses holds to; raise ups_spare_modules or ups_module_capacity")
def ups_within_its_curve(ups_state_load_fraction):
    return outside(ups_state_load_fraction, 0, 1 + FORGIVEN)


@check("error", "the site leaves electrical equipment nothing of its rating (factor {transformer_site_factor}); correct "
                "elevation, extreme_dry_bulb or the derating figures")
def electrical_equipment_works(transformer_site_factor):
    return ~exceeds(transformer_site_factor, 0)


@check("error", "power_systems_required of {power_systems_required} is above power_systems of {power_systems}; "
                "a block cannot need more systems than it has")
def enough_power_systems(power_systems_required, power_systems):
    return power_systems_required > power_systems


@check("error", "{power_systems_idle} idle power systems leave fewer than the {power_systems_required} that must carry "
                "a block; lower power_systems_idle")
def enough_loaded_systems(power_systems, power_systems_idle, power_systems_required):
    return power_systems - power_systems_idle < power_systems_required
