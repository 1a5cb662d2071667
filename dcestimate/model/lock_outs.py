"""What limits on outside air cost: chillers for weather in which a hall may not draw it in, or heat without cooling."""

import numpy as np

from ..arrays import in_any_state, over
from ..quantity import Given, check, quantity

dew_point_error = Given("K", "How far the dew point of a vapour pressure may be off", home="physics", low=0)


@quantity("MW", where="outside_air_share")
def chiller_rating_needed(dry_residual_heat, air_chiller_capacity_factor, tower_residual_heat,
                          water_chiller_capacity_factor, trim_share):
    """Rated capacity of chillers that each state asks for, spares and whole machines apart."""
    return trim_share * (over(dry_residual_heat, air_chiller_capacity_factor)
                         + over(tower_residual_heat, water_chiller_capacity_factor))


@quantity("MW", where="outside_air_share")
def let_in_chiller_rating(chiller_rating_needed, outside_air_allowed):
    """Rated capacity of chillers that the weather asks for in which outside air is let in."""
    return in_any_state(chiller_rating_needed * outside_air_allowed)


@quantity("MW", where="outside_air_share")
def lock_out_chiller_rating(chiller_rating_needed, let_in_chiller_rating, outside_air_share):
    """Rated capacity of chillers that a state asks for beyond all weather in which outside air is let in."""
    return np.maximum(chiller_rating_needed - let_in_chiller_rating, 0) * (outside_air_share > 0)


def _for_chillers(what, limit):
    """What a limit on outside air asks of chillers, in words."""
    return (f"chillers of {{chiller_rating_needed}} are for {{state}}, whose {what} is above {limit} of {{{limit}}} and "
            "locks outside air out; weather that lets it in asks for {let_in_chiller_rating}")


def _without_cooling(what, limit, sufficient):
    """What a limit on outside air leaves without cooling, and what would do, in words."""
    return (f"{{locked_out_heat}} finds no cooling in {{state}}, whose {what} is above {limit} of {{{limit}}} and locks "
            "outside air out; give the air trim chillers (air.trim_share=1), or where the systems bear it set "
            f"{limit}={{{sufficient}:up}}")


DEW_POINT = "dew point of {outdoor_dew_point}", "outside_air_dew_point_limit"
HUMIDITY = "relative humidity of {unmixed_humidity}", "outside_air_humidity_limit"
DRY_BULB = "dry bulb of {dry_bulb}", "outside_air_dry_bulb_limit"


@check("note", _for_chillers(*DEW_POINT))
def humidity_sizes_chillers(lock_out_chiller_rating, outdoor_vapour_pressure, outside_air_vapour_limit,
                            chiller_rating_needed, outdoor_dew_point, outside_air_dew_point_limit,
                            let_in_chiller_rating):
    return lock_out_chiller_rating * (outdoor_vapour_pressure > outside_air_vapour_limit)


@check("note", _for_chillers(*HUMIDITY))
def damp_air_sizes_chillers(lock_out_chiller_rating, unmixed_humidity, outside_air_humidity_limit, chiller_rating_needed,
                            let_in_chiller_rating):
    return lock_out_chiller_rating * (unmixed_humidity > outside_air_humidity_limit)


@check("note", _for_chillers(*DRY_BULB))
def heat_sizes_chillers(lock_out_chiller_rating, dry_bulb, outside_air_dry_bulb_limit, chiller_rating_needed,
                        let_in_chiller_rating):
    return lock_out_chiller_rating * (dry_bulb > outside_air_dry_bulb_limit)


@quantity("MW", where="outside_air_share")
def locked_out_heat(unmet_heat, outside_air_allowed, outside_air_share, economizer_share):
    """Heat of each stream that finds no cooling because outside air, which is all that it has, is locked out."""
    return unmet_heat * (1 - outside_air_allowed) * ((outside_air_share > 0) & (economizer_share <= 0))


@quantity("degC", where="outside_air_share")
def sufficient_dew_point_limit(locked_out_heat, outdoor_vapour_pressure, outside_air_vapour_limit, outdoor_dew_point,
                               dew_point_error):
    """Limit on the dew point that lets outside air in wherever heat finds no cooling for its humidity."""
    locked = (locked_out_heat > 0) & (outdoor_vapour_pressure > outside_air_vapour_limit)
    return in_any_state(locked * (outdoor_dew_point + dew_point_error))


@quantity("degC", where="outside_air_share")
def sufficient_dry_bulb_limit(locked_out_heat, dry_bulb, outside_air_dry_bulb_limit):
    """Limit on the dry bulb that lets outside air in wherever heat finds no cooling for its warmth."""
    return in_any_state((locked_out_heat > 0) * (dry_bulb > outside_air_dry_bulb_limit) * dry_bulb)


@quantity("1", where="humidity_limited")
def sufficient_humidity_limit(locked_out_heat, unmixed_humidity, outside_air_humidity_limit):
    """Limit on the relative humidity that lets outside air in wherever heat finds no cooling for it."""
    return in_any_state((locked_out_heat > 0) * (unmixed_humidity > outside_air_humidity_limit) * unmixed_humidity)


@check("warning", _without_cooling(*DEW_POINT, "sufficient_dew_point_limit"))
def humidity_leaves_cooling(locked_out_heat, outdoor_vapour_pressure, outside_air_vapour_limit, outdoor_dew_point,
                            outside_air_dew_point_limit, sufficient_dew_point_limit):
    return locked_out_heat * (outdoor_vapour_pressure > outside_air_vapour_limit)


@check("warning", _without_cooling(*HUMIDITY, "sufficient_humidity_limit"))
def damp_air_leaves_cooling(locked_out_heat, unmixed_humidity, outside_air_humidity_limit, sufficient_humidity_limit):
    return locked_out_heat * (unmixed_humidity > outside_air_humidity_limit)


@check("warning", _without_cooling(*DRY_BULB, "sufficient_dry_bulb_limit"))
def heat_leaves_cooling(locked_out_heat, dry_bulb, outside_air_dry_bulb_limit, sufficient_dry_bulb_limit):
    return locked_out_heat * (dry_bulb > outside_air_dry_bulb_limit)
