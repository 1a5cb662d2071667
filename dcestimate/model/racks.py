"""How many systems a rack takes, what stops it, and how many racks there are."""

import numpy as np

from ..arrays import tightest, whole_down, whole_up
from ..quantity import Given, check, quantity

rack_scale = Given("system/rack", "Systems a rack when the system is its own rack, 0 when it is racked", home="form",
                   low=0)
system_height = Given("rack_unit/system", "Height of one system", home="system", above=0)
system_mass = Given("kg/system", "Mass of one system", home="system", above=0)

rack_power_limit = Given("kW/rack", "Power the hall can feed and cool in one rack", home="space", above=0, chosen=True)
rack_height = Given("rack_unit/rack", "Height of a rack", home="space", above=0, chosen=True)
reserved_height = Given("rack_unit/rack", "Height kept for patching and switches", home="space", low=0, chosen=True)
rack_mass_limit = Given("kg/rack", "Static load of a rack, its frame included", home="space cooling", above=0,
                        chosen=True)
rack_frame_mass = Given("kg/rack", "Mass of an empty rack with its power strips, or of a full tank without systems",
                        home="space cooling system", low=0)
circuits_per_feed = Given("1/rack", "Circuits of one feed in a rack; the other feed repeats them", home="space", above=0,
                          whole=True, chosen=True)
circuit_voltage = Given("V", "Line-to-line voltage of a rack circuit", home="region", above=0)
circuit_current = Given("A", "Rating of a rack circuit breaker", home="region", above=0)
circuit_continuous_share = Given("1", "Share of a breaker's rating that may be drawn continuously", home="region",
                                 above=0, high=1)
direct_current_voltage = Given("V", "Voltage between the conductors of a rack circuit of direct current", home="power",
                               above=0, chosen=True)
three_phase_factor = Given("1", "Square root of three", home="physics")
direct_power_factor = Given("W/VA", "Power factor of direct current", home="physics")
it_power_factor = Given("W/VA", "Power factor of the IT load", home="power", low=0.8, high=1)
network_rack_power = Given("kW/rack", "Power one network rack may hold", home="space", above=0)
storage_rack_power = Given("kW/rack", "Power of one storage rack", home="space", above=0)
management_rack_power = Given("kW/rack", "Power of one management rack", home="space", above=0)

LIMITS = ("power", "circuits", "rack units", "mass", "rack scale")


@quantity("kVA", source="definition; NEC 210.19 and 215.2 for the continuous share")
def circuit_capacity(three_phase_factor, circuit_voltage, circuit_current, circuit_continuous_share):
    """Apparent power that one three-phase rack circuit may carry continuously."""
    return three_phase_factor * circuit_voltage * circuit_current * circuit_continuous_share


@quantity("kW", source="definition; NEC 210.19 and 215.2 for the continuous share")
def direct_circuit_power(direct_current_voltage, circuit_current, circuit_continuous_share, direct_power_factor):
    """Power that one rack circuit of direct current may carry continuously, by its two conductors."""
    return direct_current_voltage * circuit_current * circuit_continuous_share * direct_power_factor


@quantity("kW/rack")
def rack_circuit_power(circuit_capacity, it_power_factor, direct_circuit_power, direct_current_share, circuits_per_feed):
    """Power that one feed can carry into a rack. Each feed carries the whole rack, so feeds are not added."""
    alternating = circuit_capacity * it_power_factor
    return (alternating + direct_current_share * (direct_circuit_power - alternating)) * circuits_per_feed


@quantity("system/rack")
def systems_by_power(rack_power_limit, system_nameplate_power):
    """Systems a rack takes by its power limit."""
    return whole_down(rack_power_limit / system_nameplate_power)


@quantity("system/rack")
def systems_by_circuits(rack_circuit_power, system_nameplate_power):
    """Systems a rack takes by the circuits of one feed."""
    return whole_down(rack_circuit_power / system_nameplate_power)


@quantity("system/rack")
def systems_by_height(rack_height, reserved_height, system_height):
    """Systems a rack takes by rack units."""
    return whole_down((rack_height - reserved_height) / system_height)


@quantity("system/rack")
def systems_by_mass(rack_mass_limit, rack_frame_mass, system_mass):
    """Systems a rack takes by its static load."""
    return whole_down((rack_mass_limit - rack_frame_mass) / system_mass)


@quantity("system/rack", total=("mean", "compute_rack_count"))
def systems_per_rack(systems_by_power, systems_by_circuits, systems_by_height, systems_by_mass, rack_scale):
    """Systems in a full rack: the tightest limit, or the one system that is the rack."""
    tightest_limit = np.minimum(np.minimum(systems_by_power, systems_by_circuits),
                                np.minimum(systems_by_height, systems_by_mass))
    return np.where(rack_scale > 0, np.minimum(rack_scale, systems_by_power), tightest_limit)


@quantity("1", choices=LIMITS)
def rack_limit(systems_by_power, systems_by_circuits, systems_by_height, systems_by_mass, rack_scale):
    """What bound the systems per rack."""
    bound = tightest(systems_by_power, systems_by_circuits, systems_by_height, systems_by_mass)
    return np.where(rack_scale > 0, len(LIMITS) - 1, bound)


@quantity("rack", total="sum")
def compute_rack_count(system_count, systems_per_rack):
    """Racks that hold systems."""
    return whole_up(system_count / systems_per_rack)


@quantity("kW/rack", total="largest")
def rack_power(systems_per_rack, system_nameplate_power):
    """Nameplate power of a full compute rack."""
    return systems_per_rack * system_nameplate_power


@quantity("rack_unit", total="sum")
def switch_rack_units(switch_count, storage_switch_count, switch_height, frontend_switch_count,
                      frontend_switch_height, management_switch_count, management_switch_height):
    """Height of all switches."""
    return ((switch_count + storage_switch_count) * switch_height + frontend_switch_count * frontend_switch_height
            + management_switch_count * management_switch_height)


@quantity("rack", total="sum")
def network_rack_count(switch_rack_units, rack_height, reserved_height, network_power, network_rack_power):
    """Racks that hold switches: by height or by power, whichever needs more."""
    by_height = switch_rack_units / (rack_height - reserved_height)
    return whole_up(np.maximum(by_height, network_power / network_rack_power))


@quantity("rack", total="sum")
def storage_rack_count(storage_power, storage_rack_power):
    """Racks that hold storage."""
    return whole_up(storage_power / storage_rack_power)


@quantity("rack", total="sum")
def management_rack_count(management_power, management_rack_power):
    """Racks that hold management servers."""
    return whole_up(management_power / management_rack_power)


@quantity("rack", total="sum")
def rack_count(compute_rack_count, network_rack_count, storage_rack_count, management_rack_count):
    """All racks."""
    return compute_rack_count + network_rack_count + storage_rack_count + management_rack_count


@quantity("kg/rack", total="largest")
def rack_mass(systems_per_rack, system_mass, rack_frame_mass):
    """Mass of a full compute rack."""
    return systems_per_rack * system_mass + rack_frame_mass


@check("error", "no system fits a rack: it needs {system_nameplate_power} and one feed of a rack carries "
                "{rack_circuit_power}, the hall allows {rack_power_limit}, {rack_height} and {rack_mass_limit}; raise "
                "the one that binds or choose another --space")
def a_system_fits(systems_per_rack, system_nameplate_power, rack_circuit_power, rack_power_limit, rack_height,
                  rack_mass_limit):
    return systems_per_rack < 1


@check("warning", "a rack-scale system of {system_nameplate_power} is above the {rack_circuit_power} that one feed of "
                  "a rack carries; raise circuits_per_feed")
def rack_scale_within_circuits(rack_scale, systems_by_circuits, system_nameplate_power, rack_circuit_power):
    return (rack_scale > 0) & (systems_by_circuits < 1)
