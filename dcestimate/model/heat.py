"""IT power in each operating state, and the heat it leaves in air and in liquid."""

import numpy as np

from ..arrays import at_design, exceeds, join_streams, over, whole_up, year_sum
from ..quantity import Given, check, quantity

provision_ratio = Given("1", "Critical over nameplate IT power: 1 unless a cap is engineered", home="defaults",
                        low=0.05, high=1, moves_with="training_average_share")
liquid_share = Given("1", "Share of a system's heat that goes to liquid", home="system", low=0, high=1)
air_capture_share = Given("1", "Share of the heat in the racks' air that rear doors or tanks hand to liquid",
                          home="cooling", low=0, high=1)
immersed_share = Given("1", "Share of the systems that stand in tanks of fluid, which have no cold plates", home="cooling",
                       low=0, high=1, chosen=True)
rack_capture_limit = Given("kW/rack", "Heat of its air that the rear door or tank of one rack can take", home="cooling",
                           above=0)
liquid_release_share = Given("1", "Share of the systems' liquid heat that units in the room hand to its air",
                             home="cooling", low=0, high=1, chosen=True)
liquid_release_unit_capacity = Given("kW", "Liquid heat that one unit in the room can hand to its air", home="cooling",
                                     above=0, chosen=True)
liquid_release_unit_width = Given("m", "Width in a row of a unit that hands liquid heat to the room's air", home="cooling",
                                  low=0)
liquid_release_fan_share = Given("W/W", "Power of units that hand liquid heat to the room's air, over that heat",
                                 home="cooling", low=0)
rack_feed_efficiency = Given("1", "Efficiency of busways and rack feeds", home="power", low=0.5, high=1)


@quantity("MW", total="sum")
def it_nameplate_power(compute_power, network_power, storage_power, management_power):
    """Sum of the vendors' maximum powers of all IT equipment."""
    return compute_power + network_power + storage_power + management_power


@quantity("MW", total="sum")
def critical_it_power(it_nameplate_power, provision_ratio):
    """Provisioned IT power: what the electrical and cooling plant is built for."""
    return it_nameplate_power * provision_ratio


@quantity("MW", total="sum")
def it_peak_power(compute_peak_power, network_average_power, storage_power, management_power):
    """Expected coincident peak of all IT equipment."""
    return compute_peak_power + network_average_power + storage_power + management_power


@quantity("MW", total="sum")
def it_average_power(compute_average_power, network_average_power, support_average_power):
    """IT power averaged over the year."""
    return compute_average_power + network_average_power + support_average_power


@quantity("MW", total="sum")
def cluster_average_power(compute_average_power, fabric_average_power):
    """Average power of the systems and their fabric, as the TOP500 list measures it."""
    return compute_average_power + fabric_average_power


@quantity("MW")
def it_power(critical_it_power, it_average_power, it_peak_power, design_states, year_states, peak_states):
    """IT power in each state: critical by design, average over the year, expected peak."""
    return critical_it_power * design_states + it_average_power * year_states + it_peak_power * peak_states


@quantity("MW")
def liquid_it_heat(compute_power, provision_ratio, compute_average_power, compute_peak_power, liquid_share,
                   design_states, year_states, peak_states):
    """Heat that the systems give to liquid in each state."""
    compute = (compute_power * provision_ratio * design_states + compute_average_power * year_states
               + compute_peak_power * peak_states)
    return compute * liquid_share


@quantity("MW")
def distribution_loss(it_power, rack_feed_efficiency):
    """Loss of busways and rack feeds, which warms the white space."""
    return it_power / rack_feed_efficiency - it_power


@quantity("MW")
def room_heat(it_power, liquid_it_heat, distribution_loss):
    """Heat that reaches the air of the white space: what liquid does not take, and the feeds' loss."""
    return it_power - liquid_it_heat + distribution_loss


@quantity("kW/rack")
def rack_air_heat(rack_power, liquid_share):
    """Heat that one full compute rack gives to its air."""
    return rack_power * (1 - liquid_share)


@quantity("1")
def captured_share(air_capture_share, rack_capture_limit, rack_air_heat):
    """Share of the racks' air heat that rear doors or tanks take: all that passes them, or what they can."""
    return np.minimum(air_capture_share, over(rack_capture_limit, rack_air_heat, 1))


@check("warning", "{liquid_share} of these systems' heat goes to cold plates, which nothing in a tank of fluid has; name a "
                  "system that is built for immersion, or set liquid_share=0 for one that is converted")
def tanks_have_no_cold_plates(liquid_share, immersed_share):
    return immersed_share * liquid_share


@check("warning", "a full rack gives {rack_air_heat} to its air, above the {rack_capture_limit} that its rear door can "
                  "take; air handlers take the rest; raise rack_capture_limit for an active door, put fewer systems in a "
                  "rack by rack_power_limit, or choose a design with cold plates")
def rear_doors_take_the_heat_of_a_rack(captured_share, air_capture_share, rack_air_heat, rack_capture_limit):
    return exceeds(air_capture_share, captured_share)


@quantity("MW")
def captured_heat(room_heat, captured_share):
    """Heat of the racks' air that rear doors or tanks hand to liquid."""
    return room_heat * captured_share


@quantity("MW")
def released_heat(liquid_it_heat, liquid_release_share):
    """Heat of the systems' liquid that units in the room hand to its air."""
    return liquid_it_heat * liquid_release_share


@quantity("1", total="sum")
def liquid_release_unit_count(released_heat, liquid_release_unit_capacity):
    """Units that hand liquid heat to the room's air, beside the racks or in their rows; without spares."""
    return whole_up(at_design(released_heat) / liquid_release_unit_capacity)


@quantity("MW")
def released_heat_fan_power(released_heat, liquid_release_fan_share):
    """Power of the fans and pumps that hand liquid heat to the room's air."""
    return released_heat * liquid_release_fan_share


@quantity("MW")
def terminal_heat(room_heat, liquid_it_heat, captured_heat, released_heat, released_heat_fan_power):
    """Heat that air handlers (air) and coolant distribution units (liquid) take up, before their own power."""
    return join_streams(room_heat - captured_heat + released_heat + released_heat_fan_power,
                        liquid_it_heat + captured_heat - released_heat)


@quantity("GWh", total="sum")
def annual_it_energy(it_power, hours):
    """IT energy over the year."""
    return year_sum(it_power, hours)


@quantity("1", total=("mean", "it_nameplate_power"))
def it_load_factor(it_average_power, critical_it_power):
    """Average over critical IT power."""
    return it_average_power / critical_it_power


@check("error", "the expected peak of {it_peak_power} is above the critical power of {critical_it_power}; raise "
                "provision_ratio, or lower the peak share of the workload (training_peak_share and its like) to the cap")
def peak_within_critical(it_peak_power, critical_it_power):
    return exceeds(it_peak_power, critical_it_power)


@check("error", "the average of {it_average_power} is above the expected peak of {it_peak_power}; correct the "
                "workload's shares")
def average_within_peak(it_average_power, it_peak_power):
    return exceeds(it_average_power, it_peak_power)
