"""Moist air and the standard atmosphere.

Source: ASHRAE Handbook - Fundamentals 2017, chapter 1; equation numbers are its. Temperatures are absolute [K],
humidity ratios kg of water per kg of dry air, enthalpies J per kg of dry air above dry air and water at 0 degC.
"""

import numpy as np

FREEZING = 273.15
TRIPLE = 273.16
HEAT_OF_DRY_AIR = 1006.0  # J/(kg K)
HEAT_OF_VAPOUR = 1860.0  # J/(kg K)
DRIEST = 0.1  # Pa, of air whose dew point is asked for
FARTHEST_GUESS = 15.0  # K, of the guess that saturated_exit is given
# of a wet bulb over either: latent heat [kJ/kg], its fall and the heat capacity of the water [kJ/(kg K)] as in eqs 33 and
# 35, and Magnus' two constants
WATER = 2501, 2.326, 4.186, 17.62, 243.12
ICE = 2830, 0.24, 2.1, 22.46, 272.62


def standard_pressure(elevation):
    """Pressure of the standard atmosphere [Pa] at an elevation [m]; -5000 to 11000 m (eq 3)."""
    return 101325.0 * (1 - 2.25577e-5 * elevation) ** 5.2559


def _over_ice(t):
    polynomial = 6.3925247 + t * (-9.677843e-3 + t * (6.2215701e-7 + t * (2.0747825e-9 - 9.484024e-13 * t)))
    return np.exp(-5.6745359e3 / t + polynomial + 4.1635019 * np.log(t))


def _over_water(t):
    polynomial = 1.3914993 + t * (-4.8640239e-2 + t * (4.1764768e-5 - 1.4452093e-8 * t))
    return np.exp(-5.8002206e3 / t + polynomial + 6.5459673 * np.log(t))


def saturation_pressure(temperature):
    """Pressure of saturated water vapour [Pa], over ice below the triple point; 173.15 to 473.15 K (eqs 5, 6)."""
    water = _over_water(temperature)
    below = temperature < TRIPLE
    return np.where(below, _over_ice(temperature), water) if np.any(below) else water


def saturation_humidity_ratio(temperature, pressure):
    """Humidity ratio of saturated air [kg/kg] (eq 21)."""
    vapour = saturation_pressure(temperature)
    return 0.621945 * vapour / (pressure - vapour)


def humidity_ratio(dry_bulb, wet_bulb, pressure):
    """Humidity ratio [kg/kg] from dry and wet bulb (eqs 33, 35), never below zero."""
    t, tw = dry_bulb - FREEZING, wet_bulb - FREEZING
    saturated = saturation_humidity_ratio(wet_bulb, pressure)
    water = ((2501 - 2.326 * tw) * saturated - 1.006 * (t - tw)) / (2501 + 1.86 * t - 4.186 * tw)
    ice = ((2830 - 0.24 * tw) * saturated - 1.006 * (t - tw)) / (2830 + 1.86 * t - 2.1 * tw)
    return np.maximum(np.where(tw >= 0, water, ice), 0)


def latent_heat(temperature):
    """Latent heat of water [J/kg] at a temperature [K]; 0 to 50 degC, as in eq 33.

    >>> round(float(latent_heat(FREEZING + 20.0)) / 1e3)
    2454
    """
    return (WATER[0] - WATER[1] * (temperature - FREEZING)) * 1e3


def wet_bulb(dry_bulb, humidity, pressure):
    """Wet bulb [K] of air at a dry bulb [K] and humidity ratio [kg/kg]; inverse of ``humidity_ratio``.

    Within 1.5e-4 K of the root at -60 to 45 degC and 75 kPa or more, and 5e-3 K at up to 55 degC. Where one root over water
    and one over ice exist, just above and below 0 degC, it is that over water. Enthalpy gives a guess, and Halley's method
    takes a step with Magnus' saturation pressure (Sonntag 1990), within 0.2 % of eqs 5 and 6, and one with theirs.
    """
    t = dry_bulb - FREEZING
    sensible = (1.006 + 1.86 * humidity) * t
    enthalpy = sensible + 2501 * humidity
    over_water = enthalpy >= 2501 * saturation_humidity_ratio(FREEZING, pressure)
    tw = 31 * np.log(np.maximum(enthalpy + 55, 5) / (76 - 1.135e-4 * pressure))  # within some 3 K of saturated air
    latent, loss, heat, a, b = (WATER if np.all(over_water) else
                                (np.where(over_water, *pair) for pair in zip(WATER, ICE, strict=True)))
    enthalpy, capacity, steepness = sensible + latent * humidity, 1.006 + heat * humidity, a * b
    for exact in (False, True):
        span = tw + b
        vapour = saturation_pressure(tw + FREEZING) if exact else 611.2 * np.exp(a * tw / span)
        share = vapour / (pressure - vapour)
        growth = steepness * (1 + share) / (span * span)  # of saturated humidity, relative to it [1/K]
        saturated = 0.621945 * share
        held = (latent - loss * tw) * saturated
        rise = held * growth
        slope = rise + capacity - loss * saturated
        excess = held + capacity * tw - enthalpy
        tw = tw - excess * slope / (slope * slope - 0.5 * excess * rise * growth)
    return np.minimum(tw + FREEZING, dry_bulb)


def vapour_pressure(humidity, pressure):
    """Partial pressure of the water vapour [Pa] (eq 20)."""
    return pressure * humidity / (0.621945 + humidity)


def dew_point(vapour):
    """Dew point [K] of air of a vapour pressure [Pa] (eqs 37, 38), frost point below freezing.

    Within 0.04 K at -20 to 60 degC.

    >>> (dew_point(np.array([611.2, 2338.8])) - FREEZING).round(1)
    array([ 0., 20.])
    """
    x = np.log(np.maximum(vapour, DRIEST) / 1e3)
    water = 6.54 + x * (14.526 + x * (0.7389 + x * 0.09486)) + 0.4569 * np.exp(0.1984 * x)
    return FREEZING + np.where(water >= 0, water, 6.09 + x * (12.608 + x * 0.4959))


def relative_humidity_ratio(dry_bulb, relative_humidity, pressure):
    """Humidity ratio [kg/kg] at a relative humidity [0..1] (eqs 12, 20)."""
    vapour = relative_humidity * saturation_pressure(dry_bulb)
    return 0.621945 * vapour / (pressure - vapour)


def heat_capacity(humidity):
    """Heat capacity of moist air per kg of dry air [J/(kg K)] (from eq 30)."""
    return HEAT_OF_DRY_AIR + HEAT_OF_VAPOUR * humidity


def specific_volume(dry_bulb, humidity, pressure):
    """Volume of moist air per kg of dry air [m3/kg] (eq 26)."""
    return 287.042 * dry_bulb * (1 + 1.607858 * humidity) / pressure


def enthalpy(dry_bulb, humidity):
    """Enthalpy [J/kg] (eq 30)."""
    t = dry_bulb - FREEZING
    return HEAT_OF_DRY_AIR * t + humidity * (2501e3 + HEAT_OF_VAPOUR * t)


def dry_bulb(enthalpy_, humidity):
    """Dry bulb [K] of air of an enthalpy [J/kg] and humidity ratio [kg/kg]; inverse of ``enthalpy`` (eq 30)."""
    return FREEZING + (enthalpy_ - humidity * 2501e3) / heat_capacity(humidity)


def adiabatic_humidity_gain(dry_bulb, leaving, wet_bulb, humidity):
    """Water taken up [kg/kg] by air cooled from its dry bulb to a leaving temperature [K] along its wet bulb.

    Holds for liquid water, so for wet bulbs above 0 degC (eq 33).
    """
    t, out, tw = dry_bulb - FREEZING, leaving - FREEZING, wet_bulb - FREEZING
    before, after = 2501 + 1.86 * t - 4.186 * tw, 2501 + 1.86 * out - 4.186 * tw
    return (humidity * (before - after) + 1.006 * (t - out)) / after


def saturated_exit(enthalpy_out, guess, pressure):
    """Temperature [K] and humidity ratio [kg/kg] of saturated air of a given enthalpy [J/kg].

    Three Newton steps from a guess [K] near it: within 0.003 K when the guess is within 8 K, 0.03 K within 15 K.
    """
    t = guess
    for _ in range(3):
        saturated = saturation_humidity_ratio(t, pressure)
        slope = HEAT_OF_DRY_AIR + 2501e3 * saturated * (1 + saturated / 0.621945) * 5423.0 / t**2
        t = t + (enthalpy_out - enthalpy(t, saturated)) / slope
    return t, saturation_humidity_ratio(t, pressure)
