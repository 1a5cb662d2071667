"""What carries the power from the grid to the blocks: substation, feeders and switchgear, counted by their current."""

import numpy as np

from ..arrays import in_any_state, whole_up
from ..quantity import Given, quantity

medium_voltage = Given("kV", "Voltage of the site's medium-voltage feeders", home="region", low=1e3, chosen=True)
medium_voltage_frame = Given("A", "Rating of a medium-voltage breaker", home="power", above=0, chosen=True)
low_voltage_frame = Given("A", "Rating of a low-voltage switchgear lineup", home="power", above=0, chosen=True)
substation_transformer_capacity = Given("MVA", "Rating of a substation transformer", home="power", above=0, chosen=True)
medium_voltage_connection = Given("MVA", "Largest connection that a utility serves at medium voltage, without a "
                                  "substation of the site", home="power", low=0, chosen=True)
substation_spare_units = Given("1", "Substation transformers that may fail with the site at full load", home="power",
                               low=0, whole=True, chosen=True)


@quantity("MVA", total="sum")
def grid_connection(facility_peak_power, power_factor):
    """Apparent power of the grid connection: the facility at design weather and critical IT power."""
    return facility_peak_power / power_factor


@quantity("1", total="sum")
def substation_transformer_count(grid_connection, substation_transformer_capacity, substation_spare_units,
                                 medium_voltage_connection):
    """Substation transformers, spares included, of each site; none where the utility serves it at medium voltage."""
    needed = whole_up(grid_connection / substation_transformer_capacity) + substation_spare_units
    return needed * (grid_connection > medium_voltage_connection)


@quantity("A", total="largest")
def feeder_current(generator_load, power_factor, block_count, three_phase_factor, medium_voltage):
    """Current of one block's medium-voltage feeders together at design weather, battery recharge included."""
    return generator_load / power_factor / (block_count * three_phase_factor * medium_voltage)


@quantity("1", source="NEC 210.19 and 215.2 for the continuous share", total="sum")
def feeder_count(feeder_current, circuit_continuous_share, medium_voltage_frame, power_systems, power_systems_required,
                 block_count):
    """Medium-voltage feeders, each with its breaker: as many to every power system of a block as its current takes."""
    current = feeder_current / power_systems_required
    return block_count * power_systems * whole_up(current / (circuit_continuous_share * medium_voltage_frame))


@quantity("A", total="largest")
def low_voltage_current(transformer_apparent_power, block_count, power_systems_required, three_phase_factor,
                        circuit_voltage):
    """Largest current of one power system's low-voltage switchgear, when the others have failed that may."""
    load = in_any_state(transformer_apparent_power) / (block_count * power_systems_required)
    return load / (three_phase_factor * circuit_voltage)


@quantity("1", source="NEC 210.19 and 215.2 for the continuous share", total="sum")
def switchgear_count(low_voltage_current, circuit_continuous_share, low_voltage_frame, power_systems, block_count,
                     transformer_count):
    """Low-voltage switchgear lineups: one to each transformer, or more where the current takes them."""
    by_current = whole_up(low_voltage_current / (circuit_continuous_share * low_voltage_frame))
    return np.maximum(transformer_count, block_count * power_systems * by_current)
