"""What dry coolers and towers have in common: shares, the exchanger between loop and rejectors, pumps, and their totals.

Per watt of the loop's design heat every flow is one over a temperature rise, so conductances and capacity rates are
shares of that heat a kelvin.
"""

import numpy as np

from ..arrays import away_from_zero, sum_streams
from ..physics import exchangers
from ..physics.drives import drive_power
from ..quantity import Given, check, quantity

tower_share = Given("1", "Share of the loop's heat that towers serve; dry coolers serve the rest", home="cooling",
                    stream=True, low=0, high=1, chosen=True)
economizer_share = Given("1", "Share of the loop's heat that passes the economizer's exchanger", home="cooling",
                         stream=True, low=0, high=1, chosen=True)
exchanger_approach = Given("K", "Loop supply above rejection supply at the economizer's exchanger by design",
                           home="cooling", stream=True, above=0)
rejection_temperature_difference = Given("K", "Rise of the rejection fluid through the economizer's exchanger by design",
                                         home="cooling", stream=True, low=1, chosen=True)
rejection_fluid_density = Given("kg/m3", "Density of the rejection loop's fluid", home="cooling", low=500)
rejection_fluid_heat_capacity = Given("J/kg/K", "Heat capacity of the rejection loop's fluid", home="cooling", low=500)
rejection_setpoint_difference = Given("K", "Loop supply above what the rejectors aim at to cool alone", home="cooling",
                                      stream=True, low=0.1, chosen=True)
rejection_pump_pressure = Given("Pa", "Pressure rise of the rejection loop's pumps at design flow", home="cooling",
                                low=0)
rejection_spare_units = Given("1", "Spare rejectors a block", home="cooling", low=0, whole=True, chosen=True)
economizer_minimum_difference = Given("K", "Loop return above rejection supply at which an economizer runs", home="cooling",
                                      low=0, chosen=True)
turndown_low = Given("1", "Least turndown of the rejection flow: the design flow itself", home="physics", low=1)
turndown_high = Given("1", "Most turndown of the rejection flow looked for", home="physics", above=1)


@quantity("degC")
def free_cooling_temperature(loop_supply_temperature, rejection_setpoint_difference):
    """Temperature that the rejectors aim at, so that they cool alone."""
    return loop_supply_temperature - rejection_setpoint_difference


@quantity("1/K")
def loop_capacity_rate(loop_load_share, loop_temperature_difference):
    """Capacity rate of the facility loop over its design heat; its flow follows its heat."""
    return away_from_zero(loop_load_share) / loop_temperature_difference


@quantity("1")
def exchanger_design_effectiveness(exchanger_approach, loop_temperature_difference, rejection_temperature_difference):
    """Effectiveness that the design approach asks of the economizer's exchanger."""
    return (np.maximum(loop_temperature_difference, rejection_temperature_difference)
            / (loop_temperature_difference + exchanger_approach))


@quantity("1", source="Incropera and DeWitt, table 11.3: counterflow")
def exchanger_transfer_units(exchanger_design_effectiveness, loop_temperature_difference,
                             rejection_temperature_difference):
    """Transfer units of the economizer's exchanger by design."""
    ratio = (np.minimum(loop_temperature_difference, rejection_temperature_difference)
             / np.maximum(loop_temperature_difference, rejection_temperature_difference))
    return exchangers.counterflow_transfer_units(exchanger_design_effectiveness, ratio)


@quantity("1/K")
def exchanger_transfer_conductance(exchanger_transfer_units, loop_temperature_difference,
                                   rejection_temperature_difference):
    """UA of the economizer's exchanger over the loop's design heat."""
    return exchanger_transfer_units / np.maximum(loop_temperature_difference, rejection_temperature_difference)


@quantity("MW")
def economizer_design_heat(loop_design_heat, economizer_share):
    """Largest heat that passes the economizer's exchanger in any state."""
    return loop_design_heat * economizer_share


@quantity("1/K", source="Incropera and DeWitt, table 11.3: counterflow", where="economizer_design_heat")
def exchanger_full_flow_conductance(exchanger_transfer_conductance, loop_capacity_rate, rejection_temperature_difference):
    """Heat that the exchanger moves at full rejection flow, a kelvin from loop return to rejection supply."""
    return exchangers.counterflow_conductance(exchanger_transfer_conductance, loop_capacity_rate,
                                              1 / rejection_temperature_difference)


@quantity("1/K")
def exchanger_conductance(exchanger_full_flow_conductance, economizer_share):
    """Heat that the economizer's exchanger moves at full rejection flow, a kelvin: none without an economizer."""
    return economizer_share * exchanger_full_flow_conductance


@quantity("MW")
def rejection_pump_design_power(loop_design_heat, rejection_fluid_density, rejection_fluid_heat_capacity,
                                rejection_temperature_difference, rejection_pump_pressure, pump_efficiency):
    """Power of pumps that move the economizer's design flow, were there no spares."""
    flow = loop_design_heat / (rejection_fluid_density * rejection_fluid_heat_capacity * rejection_temperature_difference)
    return flow * rejection_pump_pressure / pump_efficiency


@quantity("MW", source="affinity laws", where="dry_cooler_count")
def dry_pump_power(rejection_pump_design_power, tower_share, dry_flow_share, pump_spare_share, pump_flow_exponent,
                   pump_minimum_flow):
    """Power of the dry coolers' pumps, spares running too; off where nothing flows."""
    return (dry_flow_share > 0) * drive_power(rejection_pump_design_power * (1 - tower_share), dry_flow_share,
                                              1 + pump_spare_share, pump_flow_exponent, pump_minimum_flow)


@quantity("MW", source="affinity laws", where="tower_count")
def tower_pump_power(rejection_pump_design_power, tower_share, tower_pump_ratio, tower_flow_share, pump_spare_share,
                     pump_flow_exponent, pump_minimum_flow):
    """Power of the towers' pumps, spares running too; off where nothing flows."""
    return (tower_flow_share > 0) * drive_power(rejection_pump_design_power * tower_share * tower_pump_ratio,
                                                tower_flow_share, 1 + pump_spare_share, pump_flow_exponent,
                                                pump_minimum_flow)


@quantity("MW")
def rejection_pump_power(dry_pump_power, tower_pump_power):
    """Power of the rejection loops' pumps."""
    return dry_pump_power + tower_pump_power


@quantity("MW", total="sum")
def heat_rejection_capacity(dry_cooler_count, dry_cooler_unit_capacity, tower_count, tower_unit_capacity,
                            source_exchanger_capacity):
    """Installed capacity of dry coolers and towers."""
    units = sum_streams(dry_cooler_count * dry_cooler_unit_capacity + tower_count * tower_unit_capacity)
    return units - source_exchanger_capacity


@quantity("1", total="sum")
def heat_rejection_unit_count(dry_cooler_count, tower_count, source_exchanger_count):
    """Dry coolers and tower cells, spares included; air-cooled chillers have their own condensers."""
    return sum_streams(dry_cooler_count + tower_count) - source_exchanger_count


@check("error", "no exchanger comes as close as asked, an effectiveness of {exchanger_design_effectiveness}; raise "
                "exchanger_approach, or lower rejection_temperature_difference")
def exchanger_can_come_that_close(exchanger_design_effectiveness):
    return (exchanger_design_effectiveness >= 1).any(-2, keepdims=True)
