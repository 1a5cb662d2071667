"""Outside air that halls let in: how much heat it takes, what limits it, its evaporative coolers and its humidifiers."""

import numpy as np

from ..arrays import air_stream, at_design, liquid_stream, over
from ..physics import moist_air
from ..quantity import Given, check, quantity

outside_air_share = Given("1", "Share of a stream's heat that outside air may take", home="cooling", stream=True,
                          low=0, high=1, chosen=True)
outside_air_dew_point_limit = Given("degC", "Highest dew point at which outside air is let in", home="cooling", low=250,
                                    chosen=True)
outside_air_dry_bulb_limit = Given("degC", "Highest dry bulb at which outside air is let in", home="cooling", low=250,
                                   chosen=True)
evaporative_effectiveness = Given("1", "Effectiveness of the evaporative cooler in the outside air", home="cooling",
                                  low=0, high=1)
evaporative_idle_effectiveness = Given("1", "Effectiveness of the evaporative cooler when wet but not called for",
                                       home="cooling", low=0, high=1)
evaporative_lowest_dry_bulb = Given("degC", "Outdoor dry bulb below which the evaporative cooler is shut", home="cooling",
                                    low=250, chosen=True)
evaporative_pump_power_share = Given("W/W", "Pump power of the evaporative cooler over a stream's design heat",
                                     home="cooling", low=0)
outside_air_humidity_limit = Given("1", "Highest relative humidity outdoors at which air is let in unmixed; 1 for none",
                                   home="cooling", above=0, high=1, chosen=True)
supply_air_float = Given("K", "How far outside air may be below the set point of supply air before return air is mixed in",
                         home="cooling", low=0, high=30, chosen=True)
humidified_share = Given("1", "Share of the outside air that humidifiers keep from being too dry", home="cooling", low=0,
                         high=1, chosen=True)
humidifier_dew_point = Given("degC", "Dew point to which humidifiers bring supply air", home="cooling", low=200, high=300,
                             chosen=True)
humidifier_relative_humidity = Given("1", "Relative humidity to which humidifiers bring supply air", home="cooling", low=0,
                                     high=1, chosen=True)
coil_latent_share = Given("1", "Share of the coils' cooling that condenses water, which humidifiers give back: 1 less the "
                          "sensible heat ratio", home="cooling", stream=True, low=0, high=0.5)


@quantity("Pa", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 6", where="outside_air_share")
def outside_air_vapour_limit(outside_air_dew_point_limit):
    """Highest vapour pressure at which outside air is let in."""
    return moist_air.saturation_pressure(outside_air_dew_point_limit)


@check("note", "outside air takes the heat of the air; the {liquid_heat_load} that systems give to liquid have coolers and "
               "chillers of their own beside it")
def liquid_has_its_own_plant(liquid_heat_load, outside_air_share):
    return liquid_heat_load * (air_stream(outside_air_share) > 0) * (liquid_stream(outside_air_share) <= 0)


@quantity("1")
def humidity_limited(outside_air_share, outside_air_humidity_limit):
    """1 where a hall on outside air minds its relative humidity."""
    return (outside_air_share > 0) * (outside_air_humidity_limit < 1) * 1.0


@quantity("1", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 6 and 12", where="humidity_limited")
def unmixed_humidity(outdoor_vapour_pressure, dry_bulb, air_handler_setpoint, supply_air_float):
    """Relative humidity outdoors where air would be let in unmixed; none where return air is mixed in, which dries it."""
    unmixed = dry_bulb >= air_handler_setpoint - supply_air_float
    return unmixed * outdoor_vapour_pressure / moist_air.saturation_pressure(dry_bulb)


@quantity("1", where="outside_air_share")
def outside_air_allowed(outdoor_vapour_pressure, outside_air_vapour_limit, dry_bulb, outside_air_dry_bulb_limit,
                        unmixed_humidity, outside_air_humidity_limit):
    """1 where outside air is let in, 0 where it is locked out for humidity or heat."""
    dry_enough = (outdoor_vapour_pressure <= outside_air_vapour_limit) & (unmixed_humidity <= outside_air_humidity_limit)
    return dry_enough * (dry_bulb <= outside_air_dry_bulb_limit) * 1.0


@quantity("K", where="outside_air_share")
def air_handler_rise(terminal_temperature_difference, terminal_bypass_share, terminal_heat, terminal_power,
                     terminal_heat_share):
    """Rise of the air by the air handlers' own fans."""
    return (terminal_temperature_difference / (1 + terminal_bypass_share)
            * over(terminal_power * terminal_heat_share, terminal_heat))


@quantity("K", where="outside_air_share")
def air_handler_temperature_difference(terminal_temperature_difference, terminal_bypass_share, air_handler_rise):
    """Return above entering air of the air handlers: less than across the equipment by what misses it, more by the fans."""
    return terminal_temperature_difference / (1 + terminal_bypass_share) + air_handler_rise


@quantity("degC", where="outside_air_share")
def air_handler_setpoint(terminal_supply_temperature, air_handler_rise):
    """Air that must enter the air handlers' fans."""
    return terminal_supply_temperature - air_handler_rise


@quantity("degC", where="outside_air_share")
def outside_air_temperature(dry_bulb, wet_bulb, evaporative_effectiveness, evaporative_lowest_dry_bulb,
                            air_handler_setpoint):
    """Outside air after the evaporative cooler, which stops at what is wanted and is shut in the cold."""
    depression = (dry_bulb - wet_bulb) * (dry_bulb > evaporative_lowest_dry_bulb)
    return np.clip(air_handler_setpoint, dry_bulb - evaporative_effectiveness * depression, dry_bulb)


@quantity("1", where="outside_air_share")
def outside_air_free_share(air_handler_setpoint, air_handler_temperature_difference, outside_air_temperature,
                           outside_air_allowed, outside_air_share):
    """Share of a stream's heat that outside air takes."""
    above = outside_air_temperature - air_handler_setpoint
    return outside_air_share * outside_air_allowed * np.clip(1 - above / air_handler_temperature_difference, 0, 1)


@quantity("MW", where="outside_air_share")
def evaporative_pump_power(dry_bulb, wet_bulb, outside_air_temperature, outside_air_free_share, stream_heat,
                           evaporative_pump_power_share, evaporative_effectiveness, plant_share):
    """Power of the evaporative coolers' pumps, which follows how much they cool."""
    used = over(dry_bulb - outside_air_temperature, evaporative_effectiveness * (dry_bulb - wet_bulb))
    return (evaporative_pump_power_share * at_design(stream_heat) * used * (outside_air_free_share > 0) * plant_share)


@quantity("degC", where="outside_air_share")
def outside_supply_temperature(outside_air_temperature, air_handler_setpoint, supply_air_float):
    """Air entering the air handlers' fans while outside air cools: as it comes, or with return air mixed into colder."""
    return np.clip(outside_air_temperature, air_handler_setpoint - supply_air_float, air_handler_setpoint)


@quantity("kg/s", where="outside_air_share")
def outside_airflow(stream_heat, outside_air_free_share, outside_air_temperature, outside_supply_temperature,
                    air_handler_temperature_difference, outdoor_humidity_ratio, plant_share):
    """Outside air that carries away the heat it takes."""
    warmed = outside_supply_temperature + air_handler_temperature_difference - outside_air_temperature
    taken = stream_heat * outside_air_free_share * plant_share
    return over(taken, moist_air.heat_capacity(outdoor_humidity_ratio) * warmed)
