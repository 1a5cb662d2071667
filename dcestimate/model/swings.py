"""Swings of synchronous training: how fast the load moves, and the storage that keeps the grid from following.

All accelerators of a training job compute and wait together, so their power steps within seconds; a grid takes a slope.
"""

import numpy as np

from ..quantity import Given, quantity

swing_share = Given("1", "Step of training power when accelerators wait for each other, over their expected peak",
                    home="defaults", low=0, high=1)
swing_time = Given("s", "Time that such a step takes", home="defaults", above=0)
grid_ramp_limit = Given("MW/min", "Steepest change that the grid accepts of one site", home="defaults region", above=0)


@quantity("MW", total="sum")
def power_swing(it_peak_power, swing_share, training_share):
    """Step of IT power when a training job waits or starts, all jobs together."""
    return it_peak_power * swing_share * training_share


@quantity("MW/s", total="sum")
def power_ramp(power_swing, swing_time):
    """Slope of that step."""
    return power_swing / swing_time


@quantity("min", total="largest")
def smoothing_time(power_swing, grid_ramp_limit):
    """Time over which storage hands a step to the grid."""
    return power_swing / grid_ramp_limit


@quantity("kWh", source="triangle between the step and the ramp-limited grid", total="sum")
def smoothing_energy(power_swing, smoothing_time):
    """Storage that turns a step into the slope that the grid accepts."""
    return power_swing * smoothing_time / 2


@quantity("kWh", source="the larger of the triangle and what a battery of that power holds", total="sum")
def smoothing_battery_energy(smoothing_energy, power_swing, battery_discharge_rate):
    """Storage that smooths the step if it is of batteries, which give their energy no faster than so many times an hour."""
    return np.maximum(smoothing_energy, power_swing / battery_discharge_rate)
