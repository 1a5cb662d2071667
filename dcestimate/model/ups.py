"""What the UPS carries, in which modules, and what it loses; batteries in the racks may take its place.

Critical power is split into equal blocks. A topology is four numbers: systems of a block, systems that must carry it,
systems that idle, and spare modules of a system; N is 1, 1, 0, 0 and four to make three 4, 3, 0, 0.
"""

import numpy as np

from ..arrays import FORGIVEN, at_design, exceeds, outside, over, sum_streams, whole_up
from ..quantity import Given, check, quantity

block_capacity = Given("MW", "Largest critical IT power of one block", home="power", low=1e3, chosen=True)
power_systems = Given("1", "Power systems of a block", home="power", low=1, whole=True, chosen=True)
power_systems_required = Given("1", "Power systems that must be able to carry a block", home="power", low=1, whole=True,
                               chosen=True)
power_systems_idle = Given("1", "Power systems that idle until another fails", home="power", low=0, whole=True,
                           chosen=True)
ups_spare_modules = Given("1", "Spare UPS modules of a power system", home="power", low=0, whole=True, chosen=True)
ups_module_capacity = Given("MW", "Rating of a UPS module", home="power", low=1e3, chosen=True)
rack_battery_share = Given("1", "Share of IT power that batteries in the racks carry, so that it passes no UPS",
                           home="power", low=0, high=1, chosen=True)
ups_fixed_loss = Given("1", "Loss of a UPS over its rating: fixed part", home="power", low=0)
ups_proportional_loss = Given("1", "Loss of a UPS over its rating: part that follows the load", home="power", low=0)
ups_square_loss = Given("1", "Loss of a UPS over its rating: part that follows its square", home="power", low=0)
ups_eco_share = Given("1", "Share of the year in which the UPS runs in eco mode: its bypass, watched", home="power", low=0,
                      high=1)
ups_eco_fixed_loss = Given("1", "Loss of a UPS in eco mode over its rating: fixed part", home="power", low=0)
ups_eco_proportional_loss = Given("1", "Loss of a UPS in eco mode over its rating: part that follows the load",
                                  home="power", low=0)
ups_eco_square_loss = Given("1", "Loss of a UPS in eco mode over its rating: part that follows its square", home="power",
                            low=0)
electrical_altitude_limit = Given("m", "Elevation above which UPS and transformers are derated", home="power", low=0)
electrical_altitude_derating = Given("1/m", "Loss of rating of UPS and transformers for each metre above that elevation",
                                     home="power", low=0)


@quantity("1", total="sum")
def block_count(critical_it_power, block_capacity):
    """Equal blocks that the critical power is built in."""
    return whole_up(critical_it_power / block_capacity)


@quantity("1")
def electrical_site_factor(elevation, electrical_altitude_limit, electrical_altitude_derating):
    """Rating of UPS and transformers at the site over their rating: thin air cools less; never above 1."""
    return np.clip(1 - electrical_altitude_derating * np.maximum(elevation - electrical_altitude_limit, 0), 0, 1)


@quantity("MW")
def rack_battery_power(it_power, distribution_loss, rack_battery_share):
    """Power of IT and its feeds that batteries in the racks carry through an outage: it passes no UPS."""
    return (it_power + distribution_loss) * rack_battery_share


@quantity("MW")
def ups_cooling_power(terminal_power, terminal_ups_share, loop_pump_power, loop_pump_ups_share):
    """Power of the pumps and fans that may not stop, which the UPS feeds."""
    return sum_streams(terminal_power * terminal_ups_share + loop_pump_power * loop_pump_ups_share)


@quantity("MW")
def ups_output_power(it_power, distribution_loss, rack_battery_power, ups_cooling_power):
    """Power that the UPS carries: IT and its feeds' loss, but for racks with batteries, and pumps and fans."""
    return it_power + distribution_loss - rack_battery_power + ups_cooling_power


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


@quantity("MW", source="loss of fixed, proportional and square parts: Schneider Electric white paper 108")
def ups_loss(ups_state_load_fraction, ups_loaded_modules, ups_module_count, ups_module_capacity, ups_eco_time,
             ups_fixed_loss, ups_proportional_loss, ups_square_loss, ups_eco_fixed_loss, ups_eco_proportional_loss,
             ups_eco_square_loss):
    """Loss of the UPS modules, each at its own load and part of the time in eco mode; idle ones draw their fixed loss."""
    x = ups_state_load_fraction
    converting = ups_fixed_loss + x * (ups_proportional_loss + x * ups_square_loss)
    in_eco_mode = ups_eco_fixed_loss + x * (ups_eco_proportional_loss + x * ups_eco_square_loss)
    loaded = converting + ups_eco_time * (in_eco_mode - converting)
    idle = ups_fixed_loss + ups_eco_time * (ups_eco_fixed_loss - ups_fixed_loss)
    return (ups_loaded_modules * loaded + (ups_module_count - ups_loaded_modules) * idle) * ups_module_capacity


@quantity("MW")
def ups_input_power(ups_output_power, ups_loss):
    """Power into the UPS."""
    return ups_output_power + ups_loss


@check("warning", "ups_loss: the modules carry {ups_state_load_fraction} of their rating in {state}, above the 1 that the "
                  "curve of their losses holds to; raise ups_spare_modules or ups_module_capacity")
def ups_within_its_curve(ups_state_load_fraction):
    return outside(ups_state_load_fraction, 0, 1 + FORGIVEN)


@check("error", "direct_current_share of {direct_current_share} and rack_battery_share of {rack_battery_share} are more "
                "than all racks; racks on direct current hang on the rectifiers that stand for the UPS, lower one of them")
def racks_are_fed_one_way(direct_current_share, rack_battery_share):
    return exceeds(direct_current_share + rack_battery_share, 1)


@check("error", "power_systems_required of {power_systems_required} is above power_systems of {power_systems}; "
                "a block cannot need more systems than it has")
def enough_power_systems(power_systems_required, power_systems):
    return power_systems_required > power_systems


@check("error", "{power_systems_idle} idle power systems leave fewer than the {power_systems_required} that must carry "
                "a block; lower power_systems_idle")
def enough_loaded_systems(power_systems, power_systems_idle, power_systems_required):
    return power_systems - power_systems_idle < power_systems_required
