"""Cooling towers: the York approach correlation.

Source: Engineering Reference 25.2 (US DOE), variable-speed tower, YorkCalc. Holds for wet bulbs of -34.4 to 26.7
degC, ranges of 1.1 to 22.2 K and liquid-to-gas ratios (relative to design) of up to 8; inputs are held to these limits.
"""

import numpy as np

FREEZING = 273.15
LOWEST_WET_BULB, HIGHEST_WET_BULB = 273.15 - 34.4, 273.15 + 26.6667
SMALLEST_RANGE, LARGEST_RANGE = 1.1111, 22.2222
SMALLEST_LIQUID_GAS_RATIO, LARGEST_LIQUID_GAS_RATIO = 1e-3, 8.0

# rows: wet bulb^0..2 [degC] within range^0..2 [K] within liquid-to-gas^0..2
YORK = np.array([
    -0.359741205, -0.055053608, 0.0023850432, 0.173926877, -0.0248473764, 0.00048430224,
    -0.005589849456, 0.0005770079712, -0.00001342427256, 2.84765801111111, -0.121765149, 0.0014599242,
    1.680428651, -0.0166920786, -0.0007190532, -0.025485194448, 0.0000487491696, 0.00002719234152,
    -0.0653766255555556, -0.002278167, 0.0002500254, -0.0910565458, 0.00318176316, 0.000038621772,
    -0.0034285382352, 0.00000856589904, -0.000001516821552]).reshape(3, 3, 3)  # fmt: skip


def york_terms(wet_bulb):
    """The nine coefficients left once the wet bulb [K] is known; axes: liquid-to-gas power, range power, then its own."""
    t = np.clip(wet_bulb, LOWEST_WET_BULB, HIGHEST_WET_BULB) - FREEZING
    return np.stack([np.stack([c[0] + t * (c[1] + t * c[2]) for c in row]) for row in YORK])


def at_liquid_gas_ratio(terms, liquid_gas_ratio):
    """The three coefficients, by range power, left once the liquid-to-gas ratio over design [-] is known too."""
    g = np.minimum(liquid_gas_ratio, LARGEST_LIQUID_GAS_RATIO)
    return terms[0] + g * (terms[1] + g * terms[2])


def approach_at_range(terms, water_range):
    """Leaving water above wet bulb [K] for a water range [K]; ``terms`` as of ``at_liquid_gas_ratio``."""
    r = np.clip(water_range, SMALLEST_RANGE, LARGEST_RANGE)
    return terms[0] + r * (terms[1] + r * terms[2])


def york_approach(wet_bulb, water_range, liquid_gas_ratio):
    """Leaving water above wet bulb [K]: wet bulb [K], water range [K], liquid-to-gas ratio over design [-]."""
    return approach_at_range(at_liquid_gas_ratio(york_terms(wet_bulb), liquid_gas_ratio), water_range)


def york_liquid_gas_ratio(terms, water_range, approach):
    """The liquid-to-gas ratio over design [-] at which the tower has this approach [K]: the correlation, inverted.

    It is a quadratic in the ratio, so the inverse is closed; ``terms`` as of ``york_terms``. Where no ratio up to the
    limit gives so large an approach, the limit.
    """
    r = np.clip(water_range, SMALLEST_RANGE, LARGEST_RANGE)
    a, b, c = terms[:, 0] + r * (terms[:, 1] + r * terms[:, 2])
    a = a - approach
    discriminant = b**2 - 4 * a * c
    ratio = -2 * a / (b + np.sqrt(np.maximum(discriminant, 0)))
    ratio = np.where(discriminant < 0, LARGEST_LIQUID_GAS_RATIO, ratio)
    return np.clip(ratio, SMALLEST_LIQUID_GAS_RATIO, LARGEST_LIQUID_GAS_RATIO)
