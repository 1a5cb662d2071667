"""Vapour-compression chillers as a share of the Carnot cycle.

Source: Gordon and Ng, Cool Thermodynamics, and the chiller curves of the comparison plants in docs/plant.md, which are this
form to within 0.13 %. Temperatures [K].
"""

import numpy as np


def carnot_power_ratio(evaporator, condenser, carnot_share, smallest_lift):
    """Compressor power over heat moved [W/W], at full load: (Tc - Te) / (share Te), the lift held above a least one [K].

    >>> round(1 / float(carnot_power_ratio(280.15, 320.15, 0.5, 5.0)), 3)
    3.502
    """
    return np.maximum(condenser - evaporator, smallest_lift) / (carnot_share * evaporator)


def part_load_power(load_share, fixed, proportional, square, smallest_load):
    """Power over full-load power at a load share [0..1]; below the smallest load the machine cycles."""
    x = np.maximum(load_share, smallest_load)
    return (fixed + x * (proportional + x * square)) * np.minimum(load_share / smallest_load, 1)
