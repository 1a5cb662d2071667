"""The weather of a region as operating states: two design states, the year in bins, and the design weather again.

Design weather is the published extreme, never the typical year's maximum. The dry and the wet extreme do not coincide,
so each is taken with the other temperature that goes with it.
"""

import numpy as np

from ..arrays import SHORT, at_design, exceeds, join_states
from ..physics import moist_air
from ..quantity import Given, check, quantity

elevation = Given("m", "Elevation above sea level", home="region", low=-430, high=4000, chosen=True)
extreme_dry_bulb = Given("degC", "20-year extreme dry bulb", home="region", low=220, high=340)
extreme_wet_bulb = Given("degC", "Extreme annual wet bulb", home="region", low=220, high=313,
                         moves_with="extreme_dry_bulb")
cooling_dry_bulb = Given("degC", "0.4 % cooling design dry bulb", home="region", low=220, high=340,
                         moves_with="extreme_dry_bulb")
cooling_dry_bulb_coincident_wet_bulb = Given("degC", "Mean wet bulb coincident with the 0.4 % dry bulb",
                                             home="region", low=220, high=313, moves_with="extreme_dry_bulb")
cooling_wet_bulb = Given("degC", "0.4 % design wet bulb", home="region", low=220, high=313,
                         moves_with="extreme_dry_bulb")
cooling_wet_bulb_coincident_dry_bulb = Given("degC", "Mean dry bulb coincident with the 0.4 % wet bulb",
                                             home="region", low=220, high=340, moves_with="extreme_dry_bulb")
recirculation_allowance = Given("K", "Rise of the dry bulb entering rejectors by air that they breathe again",
                                home="defaults", low=0)
wet_recirculation_allowance = Given("K", "Rise of the wet bulb entering rejectors by air that they breathe again",
                                    home="defaults", low=0)
bin_dry_bulb = Given("degC", "Mean dry bulb of each weather bin", home="climate", state=True, low=180, high=340)
bin_wet_bulb = Given("degC", "Mean wet bulb of each weather bin", home="climate", state=True, low=180, high=313)
bin_hours = Given("h", "Hours of each weather bin in the year", home="climate", state=True, low=0)


@quantity("Pa", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 3")
def atmospheric_pressure(elevation):
    """Pressure of the standard atmosphere at the site."""
    return moist_air.standard_pressure(elevation)


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 33 and 35")
def cooling_dry_bulb_humidity_ratio(cooling_dry_bulb, cooling_dry_bulb_coincident_wet_bulb, atmospheric_pressure):
    """Humidity ratio of the 0.4 % dry bulb and its coincident wet bulb."""
    return moist_air.humidity_ratio(cooling_dry_bulb, cooling_dry_bulb_coincident_wet_bulb, atmospheric_pressure)


@quantity("degC", source="ASHRAE Handbook - Fundamentals 2017, chapter 1")
def dry_design_wet_bulb(extreme_dry_bulb, cooling_dry_bulb_humidity_ratio, atmospheric_pressure, extreme_wet_bulb):
    """Wet bulb of the dry design state.

    The extreme has the humidity ratio of the 0.4 % dry bulb, as dry heat does; never above the extreme wet bulb.
    """
    coincident = moist_air.wet_bulb(extreme_dry_bulb, cooling_dry_bulb_humidity_ratio, atmospheric_pressure)
    return np.minimum(coincident, extreme_wet_bulb)


@quantity("degC")
def wet_design_dry_bulb(extreme_wet_bulb, cooling_wet_bulb_coincident_dry_bulb, cooling_wet_bulb, extreme_dry_bulb):
    """Dry bulb of the wet design state.

    The extreme has the wet-bulb depression of the 0.4 % wet bulb; never above the extreme dry bulb.
    """
    coincident = extreme_wet_bulb + (cooling_wet_bulb_coincident_dry_bulb - cooling_wet_bulb)
    return np.minimum(coincident, extreme_dry_bulb)


@quantity("degC")
def dry_bulb(extreme_dry_bulb, wet_design_dry_bulb, bin_dry_bulb):
    """Outdoor dry bulb in each state."""
    return join_states(extreme_dry_bulb, wet_design_dry_bulb, bin_dry_bulb)


@quantity("degC")
def wet_bulb(dry_design_wet_bulb, extreme_wet_bulb, bin_wet_bulb, dry_bulb):
    """Outdoor wet bulb in each state, never above the dry bulb."""
    return np.minimum(join_states(dry_design_wet_bulb, extreme_wet_bulb, bin_wet_bulb), dry_bulb)


@quantity("h")
def hours(bin_hours):
    """Hours of each state in the year: those of its bin, none for the design states."""
    none = 0 * bin_hours[..., :1]
    return join_states(none, none, bin_hours)


@quantity("1")
def design_states():
    """1 in the design states, 0 elsewhere."""
    return (np.arange(SHORT) < 2).reshape(1, 1, 1, -1) * 1.0


@quantity("1")
def peak_states(design_states):
    """1 in the states of design weather at the expected IT peak, 0 elsewhere."""
    return design_states[..., ::-1]


@quantity("1")
def year_states(design_states, peak_states):
    """1 in the weather bins, 0 elsewhere."""
    return 1 - design_states - peak_states


@quantity("degC")
def entering_dry_bulb(dry_bulb, recirculation_allowance, year_states):
    """Dry bulb entering rejectors and condensers: by design, with what they breathe again of their own discharge."""
    return dry_bulb + recirculation_allowance * (1 - year_states)


@quantity("degC")
def entering_wet_bulb(wet_bulb, wet_recirculation_allowance, year_states, entering_dry_bulb):
    """Wet bulb entering rejectors, never above the dry bulb."""
    return np.minimum(wet_bulb + wet_recirculation_allowance * (1 - year_states), entering_dry_bulb)


@quantity("degC")
def yard_dry_bulb(entering_dry_bulb):
    """Hottest air by design in the yard, which rejectors warm: what generators and transformers stand in."""
    return at_design(entering_dry_bulb)


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 33 and 35", where="outside_air_share")
def outdoor_humidity_ratio(dry_bulb, wet_bulb, atmospheric_pressure):
    """Humidity ratio of the outdoor air that halls draw in, in each state."""
    return moist_air.humidity_ratio(dry_bulb, wet_bulb, atmospheric_pressure)


@quantity("Pa", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 20", where="outside_air_share")
def outdoor_vapour_pressure(outdoor_humidity_ratio, atmospheric_pressure):
    """Vapour pressure of the outdoor air that halls draw in, in each state."""
    return moist_air.vapour_pressure(outdoor_humidity_ratio, atmospheric_pressure)


@quantity("degC", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 37 and 38", where="outside_air_share")
def outdoor_dew_point(outdoor_vapour_pressure):
    """Dew point of the outdoor air that halls draw in, in each state."""
    return moist_air.dew_point(outdoor_vapour_pressure)


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 33 and 35")
def entering_humidity_ratio(entering_dry_bulb, entering_wet_bulb, atmospheric_pressure):
    """Humidity ratio of the air entering rejectors in each state."""
    return moist_air.humidity_ratio(entering_dry_bulb, entering_wet_bulb, atmospheric_pressure)


@quantity("J/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 30")
def entering_enthalpy(entering_dry_bulb, entering_humidity_ratio):
    """Enthalpy of the air entering rejectors in each state."""
    return moist_air.enthalpy(entering_dry_bulb, entering_humidity_ratio)


@quantity("kg/m3", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 26")
def entering_air_density(entering_dry_bulb, entering_humidity_ratio, atmospheric_pressure):
    """Dry air in a cubic metre of the air entering rejectors in each state."""
    return 1 / moist_air.specific_volume(entering_dry_bulb, entering_humidity_ratio, atmospheric_pressure)


@check("warning", "the climate holds {highest_bin_dry_bulb}, above extreme_dry_bulb of {extreme_dry_bulb}: one of them is "
                  "wrong or old; compare both with a newer record of the place")
def design_weather_covers_the_year(highest_bin_dry_bulb, extreme_dry_bulb):
    return exceeds(highest_bin_dry_bulb, extreme_dry_bulb)


@check("warning", "the climate holds a wet bulb of {highest_bin_wet_bulb}, above extreme_wet_bulb of {extreme_wet_bulb}: "
                  "one of them is wrong or old; compare both with a newer record of the place")
def design_weather_covers_the_years_humidity(highest_bin_wet_bulb, extreme_wet_bulb):
    return exceeds(highest_bin_wet_bulb, extreme_wet_bulb)


@quantity("degC")
def highest_bin_wet_bulb(bin_wet_bulb):
    """The weather bin of the year with the highest wet bulb."""
    return bin_wet_bulb.max(-1, keepdims=True)


@quantity("degC")
def highest_bin_dry_bulb(bin_dry_bulb):
    """The hottest weather bin of the year."""
    return bin_dry_bulb.max(-1, keepdims=True)
