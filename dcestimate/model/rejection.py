"""What dry coolers and towers have in common: shares, the exchanger before them, pumps, and their totals."""

from ..physics.drives import drive_power
from ..quantity import Given, quantity

tower_share = Given("1", "Share of the loop's heat that towers serve; dry coolers serve the rest", home="cooling",
                    stream=True, low=0, high=1, chosen=True)
economizer_share = Given("1", "Share of the loop's heat that passes the economizer's exchanger", home="cooling",
                         stream=True, low=0, high=1, chosen=True)
exchanger_approach = Given("K", "Approach of the economizer's exchanger at design heat", home="cooling", stream=True,
                           low=0)
rejection_pump_pressure = Given("Pa", "Pressure rise of the rejection loop's pumps at design flow", home="cooling",
                                low=0)
rejection_spare_units = Given("1", "Spare rejectors a block", home="cooling", low=0, whole=True, chosen=True)


@quantity("degC")
def free_cooling_temperature(loop_supply_temperature, exchanger_approach, loop_load_share):
    """Temperature the rejection loop must reach to cool alone: the exchanger's approach shrinks with its load."""
    return loop_supply_temperature - exchanger_approach * loop_load_share


@quantity("MW", total="sum")
def heat_rejection_capacity(dry_cooler_count, dry_cooler_unit_capacity, tower_count, tower_unit_capacity):
    """Installed capacity of dry coolers and towers."""
    return (dry_cooler_count * dry_cooler_unit_capacity + tower_count * tower_unit_capacity).sum(-2, keepdims=True)


@quantity("1", total="sum")
def heat_rejection_unit_count(dry_cooler_count, tower_count):
    """Dry coolers and tower cells, spares included; air-cooled chillers have their own condensers."""
    return (dry_cooler_count + tower_count).sum(-2, keepdims=True)


@quantity("MW", source="affinity laws")
def rejection_pump_power(loop_design_heat, loop_fluid_density, loop_fluid_heat_capacity, loop_temperature_difference,
                         rejection_pump_pressure, pump_efficiency, loop_load_share, pump_spare_share,
                         pump_flow_exponent, pump_minimum_flow, tower_share, dry_free_share):
    """Power of the rejection loop's pumps: towers run with the load, dry coolers while they cool."""
    flow = loop_design_heat / (loop_fluid_density * loop_fluid_heat_capacity * loop_temperature_difference)
    running = (tower_share + (1 - tower_share) * (dry_free_share > 0)) * (loop_load_share > 0)
    return running * drive_power(flow * rejection_pump_pressure / pump_efficiency, loop_load_share,
                                 1 + pump_spare_share, pump_flow_exponent, pump_minimum_flow)
