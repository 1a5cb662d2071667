"""Where heat is taken up: air handlers and coolant distribution units.

Both streams are written once. A *terminal* is an air handler (air) or a coolant distribution unit (liquid); its *flow*
is of air or of coolant.
"""

import numpy as np

from ..arrays import air_stream, at_design, join_streams, liquid_stream, over, whole_up
from ..physics import moist_air
from ..physics.drives import drive_power
from ..quantity import Given, check, quantity

plant_share = Given("1", "1 for a modelled plant, 0 where a fixed overhead stands for it", home="cooling", low=0, high=1,
                    chosen=True)
fixed_cooling_overhead = Given("1", "Cooling power over IT power that stands for a plant", home="cooling", low=0)
air_temperature_difference = Given("K", "Rise of the air through a system", home="system", low=1)
coolant_temperature_difference = Given("K", "Rise of the coolant through a system", home="defaults cooling system", low=1)
in_rack_cdu_share = Given("1", "Share of coolant pumping inside the systems' rated power", home="defaults system",
                          low=0, high=1)
inlet_air_limit = Given("degC", "Highest inlet air of a system", home="system", low=273)
coolant_supply_limit = Given("degC", "Highest coolant supply of a system", home="defaults system", low=273)
terminal_supply_temperature = Given("degC", "Temperature supplied to the equipment: air or coolant", home="cooling",
                                    stream=True, low=273, high=340, chosen=True)
terminal_approach = Given("K", "Supplied to the equipment above supplied by the facility loop", home="cooling",
                          stream=True, low=0)
terminal_unit_capacity = Given("kW", "Heat one terminal can take", home="cooling", stream=True, above=0, chosen=True)
terminal_unit_flow = Given("m3/s", "Flow one terminal can move", home="cooling", stream=True, above=0, chosen=True)
terminal_spare_units = Given("1", "Spare terminals a block", home="cooling", stream=True, low=0, whole=True,
                             chosen=True)
terminal_pressure = Given("Pa", "Pressure rise of the terminals' fans or pumps at design flow", home="cooling",
                          stream=True, low=0)
terminal_efficiency = Given("1", "Efficiency of the terminals' fans or pumps with motor and drive", home="cooling",
                            stream=True, low=0.05, high=1)
terminal_flow_exponent = Given("1", "Exponent of power over flow of the terminals' fans or pumps", home="cooling",
                               stream=True, low=1, high=3)
terminal_minimum_flow = Given("1", "Least flow of a terminal over its design flow", home="cooling", stream=True,
                              low=0, high=1)
terminal_bypass_share = Given("1", "Flow that misses the equipment, over the flow through it", home="cooling",
                              stream=True, low=0)
terminal_heat_share = Given("1", "Share of the terminals' power that warms what they move", home="cooling",
                            stream=True, low=0, high=1)
terminal_ups_share = Given("1", "Share of the terminals' power that the UPS feeds", home="cooling", stream=True,
                           low=0, high=1, chosen=True)
room_relative_humidity = Given("1", "Relative humidity of the supply air, for its density", home="cooling", low=0, high=1,
                               chosen=True)
coolant_density = Given("kg/m3", "Density of the coolant", home="cooling", low=500)
coolant_heat_capacity = Given("J/kg/K", "Heat capacity of the coolant", home="cooling", low=500)


@quantity("K")
def terminal_temperature_difference(air_temperature_difference, coolant_temperature_difference):
    """Rise of air and of coolant through the equipment."""
    return join_streams(air_temperature_difference, coolant_temperature_difference)


@quantity("J/m3/K", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 26 and 30")
def air_heat_capacity(terminal_supply_temperature, room_relative_humidity, atmospheric_pressure):
    """Heat capacity of a cubic metre of supply air, thinner with altitude."""
    supply = air_stream(terminal_supply_temperature)
    humidity = moist_air.relative_humidity_ratio(supply, room_relative_humidity, atmospheric_pressure)
    return moist_air.heat_capacity(humidity) / moist_air.specific_volume(supply, humidity, atmospheric_pressure)


@quantity("J/m3/K")
def terminal_heat_capacity(air_heat_capacity, coolant_density, coolant_heat_capacity):
    """Heat capacity of a cubic metre of supply air and of coolant."""
    return join_streams(air_heat_capacity, coolant_density * coolant_heat_capacity)


@quantity("m3/s")
def terminal_flow(terminal_heat, terminal_bypass_share, terminal_heat_capacity, terminal_temperature_difference):
    """Air or coolant that carries the heat, with what misses the equipment."""
    return terminal_heat * (1 + terminal_bypass_share) / (terminal_heat_capacity * terminal_temperature_difference)


@quantity("m3/s", total="sum")
def supply_airflow(terminal_flow):
    """Air that the air handlers supply by design."""
    return at_design(air_stream(terminal_flow))


@quantity("L/min", total="sum")
def coolant_flow(terminal_flow):
    """Coolant that the coolant distribution units supply by design."""
    return at_design(liquid_stream(terminal_flow))


@quantity("1")
def terminal_facility_share(in_rack_cdu_share, plant_share):
    """Share of the terminals that the facility brings: all of the air's, and what coolant pumping the racks do not."""
    return join_streams(plant_share, (1 - in_rack_cdu_share) * plant_share)


@quantity("1")
def terminal_units_required(terminal_heat, terminal_flow, terminal_unit_capacity, terminal_unit_flow):
    """Terminals needed by design, not yet whole: by heat or by flow, whichever needs more."""
    return at_design(np.maximum(terminal_heat / terminal_unit_capacity, terminal_flow / terminal_unit_flow))


@quantity("1")
def terminal_unit_count(terminal_units_required, block_count, terminal_spare_units, terminal_facility_share):
    """Terminals bought: whole in each block, with its spares; none where the racks bring their own."""
    needed = whole_up(terminal_units_required / block_count)
    return block_count * whole_up((needed + terminal_spare_units * (needed > 0)) * terminal_facility_share)


@quantity("1", total="sum")
def air_handler_count(terminal_unit_count):
    """Air handlers, spares included."""
    return air_stream(terminal_unit_count)


@quantity("1", total="sum")
def cdu_count(terminal_unit_count):
    """Coolant distribution units outside the racks, spares included."""
    return liquid_stream(terminal_unit_count)


@quantity("1")
def terminal_installed_ratio(terminal_unit_count, terminal_units_required):
    """Installed over needed terminals; all of them run and share the flow."""
    return over(terminal_unit_count, terminal_units_required * (terminal_unit_count > 0), 1)


@quantity("1")
def terminal_load_share(terminal_heat):
    """Heat taken up over that at the design state."""
    return over(terminal_heat, at_design(terminal_heat))


@quantity("MW")
def terminal_design_power(terminal_flow, terminal_pressure, terminal_efficiency, terminal_facility_share):
    """Power of the terminals' fans and pumps outside the racks at design flow, were there no spares."""
    return at_design(terminal_flow) * terminal_pressure / terminal_efficiency * terminal_facility_share


@quantity("MW", source="affinity laws")
def terminal_power(terminal_design_power, terminal_load_share, terminal_installed_ratio, terminal_flow_exponent,
                   terminal_minimum_flow):
    """Power of the terminals' fans and pumps, spares running too."""
    return drive_power(terminal_design_power, terminal_load_share, terminal_installed_ratio, terminal_flow_exponent,
                       terminal_minimum_flow)


@quantity("MW")
def stream_heat(terminal_heat, terminal_power, terminal_heat_share):
    """Heat that each stream hands on, the terminals' own included."""
    return terminal_heat + terminal_power * terminal_heat_share


@quantity("degC", total="largest")
def supply_air_temperature(terminal_supply_temperature):
    """Air supplied to the equipment."""
    return air_stream(terminal_supply_temperature)


@quantity("degC", total="largest")
def coolant_supply_temperature(terminal_supply_temperature):
    """Coolant supplied to the equipment."""
    return liquid_stream(terminal_supply_temperature)


@quantity("K")
def inlet_air_margin(inlet_air_limit, supply_air_temperature):
    """Highest inlet air that the system allows above the air supplied."""
    return inlet_air_limit - supply_air_temperature


@quantity("K")
def coolant_supply_margin(coolant_supply_limit, coolant_supply_temperature):
    """Highest coolant supply that the system allows above the coolant supplied."""
    return coolant_supply_limit - coolant_supply_temperature


@check("warning", "supply air of {supply_air_temperature} is above the {inlet_air_limit} that the system allows; lower "
                  "air.terminal_supply_temperature")
def supply_air_within_limit(inlet_air_margin, plant_share, supply_air_temperature, inlet_air_limit):
    return (inlet_air_margin < 0) & (plant_share > 0)


@check("warning", "coolant of {coolant_supply_temperature} is above the {coolant_supply_limit} that the system allows; "
                  "lower liquid.terminal_supply_temperature")
def coolant_within_limit(coolant_supply_margin, liquid_share, plant_share, coolant_supply_temperature,
                         coolant_supply_limit):
    return (coolant_supply_margin < 0) & (liquid_share > 0) & (plant_share > 0)
