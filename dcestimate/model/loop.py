"""The facility loop, which carries what outside air has not taken from the terminals to the rejectors."""

from ..arrays import exceeds, in_any_state, over
from ..physics.drives import drive_power
from ..quantity import Given, check, quantity

loop_temperature_difference = Given("K", "Rise of the facility loop", home="cooling", stream=True, low=1, chosen=True)
loop_fluid_density = Given("kg/m3", "Density of the facility loop's fluid", home="cooling", low=500)
loop_fluid_heat_capacity = Given("J/kg/K", "Heat capacity of the facility loop's fluid", home="cooling", low=500)
loop_pump_pressure = Given("Pa", "Pressure rise of the facility loop's pumps at design flow", home="cooling",
                           stream=True, low=0)
loop_pump_ups_share = Given("1", "Share of the loop pumps' power that the UPS feeds", home="cooling", stream=True,
                            low=0, high=1, chosen=True)
pump_efficiency = Given("1", "Efficiency of pumps with motor and drive", home="cooling", low=0.05, high=1)
pump_flow_exponent = Given("1", "Exponent of power over flow of pumps", home="cooling", low=1, high=3)
pump_minimum_flow = Given("1", "Least flow of a pump over its design flow", home="cooling", low=0, high=1)
pump_spare_share = Given("1", "Spare over needed pumps; all of them run", home="cooling", low=0, chosen=True)
pump_heat_share = Given("1", "Share of pump power that warms the fluid", home="cooling", low=0, high=1)


@quantity("degC")
def loop_supply_temperature(terminal_supply_temperature, terminal_approach):
    """Supply temperature of the facility loop."""
    return terminal_supply_temperature - terminal_approach


@quantity("degC")
def loop_return_temperature(loop_supply_temperature, loop_temperature_difference):
    """Return temperature of the facility loop, whose flow follows its heat."""
    return loop_supply_temperature + loop_temperature_difference


@quantity("degC")
def terminal_return_temperature(terminal_supply_temperature, terminal_temperature_difference, terminal_bypass_share):
    """Air and coolant that return from the equipment, with what missed it: the hot side of the terminals' exchangers."""
    return terminal_supply_temperature + terminal_temperature_difference / (1 + terminal_bypass_share)


@check("warning", "the facility loop would return at {loop_return_temperature}, warmer than the "
                  "{terminal_return_temperature} that returns from the equipment and heats it; lower its "
                  "loop_temperature_difference of {loop_temperature_difference}")
def loop_returns_below_its_heat(loop_return_temperature, terminal_return_temperature, carried_design_heat,
                                loop_temperature_difference):
    above = loop_return_temperature - terminal_return_temperature
    return above * exceeds(loop_return_temperature, terminal_return_temperature) * (carried_design_heat > 0)


@quantity("MW")
def carried_heat(stream_heat, outside_air_free_share, plant_share):
    """Heat that the facility loop carries: what outside air has not taken."""
    return stream_heat * (1 - outside_air_free_share) * plant_share


@quantity("MW")
def carried_design_heat(carried_heat):
    """Largest heat that the facility loop carries in any state."""
    return in_any_state(carried_heat)


@quantity("MW")
def loop_pump_design_power(carried_design_heat, loop_fluid_density, loop_fluid_heat_capacity,
                           loop_temperature_difference, loop_pump_pressure, pump_efficiency):
    """Power of the facility loop's pumps at design flow, were there no spares."""
    flow = carried_design_heat / (loop_fluid_density * loop_fluid_heat_capacity * loop_temperature_difference)
    return flow * loop_pump_pressure / pump_efficiency


@quantity("1")
def loop_load_share(carried_heat, carried_design_heat):
    """Heat that the facility loop carries over the largest it must carry."""
    return over(carried_heat, carried_design_heat)


@quantity("MW", source="affinity laws", where="carried_design_heat")
def loop_pump_power(loop_pump_design_power, loop_load_share, pump_spare_share, pump_flow_exponent, pump_minimum_flow):
    """Power of the facility loop's pumps, spares running too; off where there is nothing to carry."""
    running = drive_power(loop_pump_design_power, loop_load_share, 1 + pump_spare_share, pump_flow_exponent,
                          pump_minimum_flow)
    return running * (loop_load_share > 0)


@quantity("MW")
def loop_heat(carried_heat, loop_pump_power, pump_heat_share):
    """Heat that economizers and chillers take from the facility loop, its pumps' included."""
    return carried_heat + loop_pump_power * pump_heat_share


@quantity("MW")
def loop_design_heat(loop_heat):
    """Largest heat that economizers and chillers take from the facility loop in any state."""
    return in_any_state(loop_heat)
