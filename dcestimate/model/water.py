"""Water: what towers, adiabatic and evaporative coolers and humidifiers evaporate, lose as drift and drain."""

import numpy as np

from ..arrays import in_any_state, outside, over, sum_streams, year_sum
from ..physics import moist_air
from ..quantity import Given, check, quantity

cycles_of_concentration = Given("1", "Cycles of concentration: minerals in the basin over those in make-up water",
                                home="cooling", low=1.01)
drift_share = Given("1", "Drift over water circulated in towers", home="cooling", low=0, high=0.1)
water_density = Given("kg/m3", "Density of water", home="physics", low=900)


@quantity("MW")
def tower_heat(loop_heat, tower_share, water_chiller_power, rejection_pump_power, pump_heat_share):
    """Heat that the towers reject: the loop's, the compressors' and the pumps'."""
    return (loop_heat + rejection_pump_power * pump_heat_share) * tower_share + water_chiller_power


@quantity("kg/s", where="tower_count")
def tower_water_flow(loop_design_heat, tower_share, tower_rate, tower_flow_share, rejection_fluid_heat_capacity):
    """Water through the towers."""
    return loop_design_heat * tower_share * tower_rate * (tower_flow_share > 0) / rejection_fluid_heat_capacity


@quantity("kg/s", where="tower_count")
def tower_airflow(tower_fan_speed, loop_design_heat, tower_share, tower_rated_rate, rejection_fluid_heat_capacity,
                  tower_water_air_ratio, air_density_ratio, entering_humidity_ratio):
    """Moist air through the towers; fans move volume, so it thins with the air's density."""
    full = loop_design_heat * tower_share * tower_rated_rate / (rejection_fluid_heat_capacity * tower_water_air_ratio)
    return full * tower_fan_speed * air_density_ratio * (1 + entering_humidity_ratio)


@quantity("J/kg", where="tower_count")
def tower_leaving_enthalpy(entering_enthalpy, tower_heat, tower_airflow):
    """Enthalpy of the air leaving the towers, which takes all their heat."""
    return entering_enthalpy + over(tower_heat, tower_airflow, 0 * entering_enthalpy)


@quantity("kg/kg", source="Engineering Reference 25.2 (US DOE), cooling towers: saturated exit", where="tower_count")
def tower_leaving_humidity_ratio(tower_leaving_enthalpy, tower_temperature, atmospheric_pressure):
    """Humidity ratio of the air leaving the towers, saturated."""
    return moist_air.saturated_exit(tower_leaving_enthalpy, tower_temperature, atmospheric_pressure)[1]


@quantity("degC", where="tower_count")
def tower_leaving_air_temperature(tower_leaving_enthalpy, tower_leaving_humidity_ratio):
    """Air leaving the towers."""
    return moist_air.dry_bulb(tower_leaving_enthalpy, tower_leaving_humidity_ratio)


@check("warning", "tower_leaving_humidity_ratio: air leaves the towers at {tower_leaving_air_temperature} in {state}, "
                  "further from their water of {tower_temperature} than the 15 K within which it is found to 0.03 K")
def leaving_air_is_found(tower_leaving_air_temperature, tower_temperature, tower_flow_share, loop_load_share):
    distance = np.abs(tower_leaving_air_temperature - tower_temperature)
    return outside(distance, 0, moist_air.FARTHEST_GUESS) * (tower_flow_share * loop_load_share > 0)


@check("warning", "adiabatic_humidity_gain: the entering wet bulb of {entering_wet_bulb} in {state} is below the 0 degC to "
                  "which its relation holds, and pads would freeze; set adiabatic_effectiveness=0 or raise "
                  "terminal_supply_temperature")
def pads_stay_above_freezing(adiabatic_humidity_gain, dry_free_share, entering_wet_bulb):
    return (adiabatic_humidity_gain * dry_free_share > 0) * np.maximum(moist_air.FREEZING - entering_wet_bulb, 0)


@quantity("kg/s", where="tower_count")
def tower_evaporation(tower_airflow, tower_leaving_humidity_ratio, entering_humidity_ratio, loop_load_share):
    """Water that the towers evaporate, counted per kilogram of moist air as the engine that it is compared with does.

    Per kilogram of dry air, as mass is kept, it would be more by the humidity ratio of the air that leaves: 1 % in cool, 2
    to 5 % in warm climates.
    """
    leaving, entering = (w / (1 + w) for w in (tower_leaving_humidity_ratio, entering_humidity_ratio))
    return tower_airflow * np.maximum(leaving - entering, 0) * (loop_load_share > 0)


@quantity("kg/s", where="dry_cooler_count")
def adiabatic_evaporation(adiabatic_humidity_gain, dry_cooler_running_count, dry_cooler_unit_capacity,
                          entering_humidity_ratio, dry_cooler_air_temperature_difference, air_density_ratio,
                          dry_free_share):
    """Water that the dry coolers' adiabatic assist evaporates, into the air of fans at full speed."""
    airflow = (dry_cooler_running_count * dry_cooler_unit_capacity * air_density_ratio
               / (moist_air.heat_capacity(entering_humidity_ratio) * dry_cooler_air_temperature_difference))
    return airflow * adiabatic_humidity_gain * (dry_free_share > 0)


@quantity("degC", where="outside_air_share")
def evaporative_leaving_temperature(dry_bulb, wet_bulb, outside_air_temperature, evaporative_idle_effectiveness,
                                    evaporative_effectiveness, evaporative_lowest_dry_bulb):
    """Air after the evaporative cooler for its water: a wet pad takes up a little even when it is not called for."""
    wet = (dry_bulb > evaporative_lowest_dry_bulb) * (evaporative_effectiveness > 0)
    return outside_air_temperature - evaporative_idle_effectiveness * wet * (dry_bulb - wet_bulb)


@quantity("kg/kg", where="outside_air_share")
def evaporative_humidity_gain(dry_bulb, evaporative_leaving_temperature, wet_bulb, outdoor_humidity_ratio):
    """Water that the evaporative coolers put into each kilogram of the outside air."""
    gain = moist_air.adiabatic_humidity_gain(dry_bulb, evaporative_leaving_temperature, wet_bulb, outdoor_humidity_ratio)
    return gain * (dry_bulb > evaporative_leaving_temperature)


@quantity("kg/s", where="outside_air_share")
def evaporative_evaporation(outside_airflow, evaporative_humidity_gain):
    """Water that the evaporative coolers put into the outside air."""
    return outside_airflow * evaporative_humidity_gain


@quantity("kg/kg", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eqs 12, 20 and 21", where="humidified_share")
def humidifier_humidity_ratio(outside_supply_temperature, humidifier_relative_humidity, humidifier_dew_point,
                              atmospheric_pressure):
    """Least humidity ratio of supply air, by its dew point and by its relative humidity."""
    return np.maximum(
        moist_air.relative_humidity_ratio(outside_supply_temperature, humidifier_relative_humidity, atmospheric_pressure),
        moist_air.saturation_humidity_ratio(humidifier_dew_point, atmospheric_pressure))


@check("warning", "humidifiers bring supply air to a dew point of {humidifier_dew_point}, above the "
                  "outside_air_dew_point_limit of {outside_air_dew_point_limit} at which outside air is too humid; lower "
                  "humidifier_dew_point")
def humidifiers_stop_below_the_limit(humidifier_dew_point, outside_air_dew_point_limit, humidified_share):
    return np.maximum(humidifier_dew_point - outside_air_dew_point_limit, 0) * (humidified_share > 0)


@quantity("kg/s", where="humidified_share")
def outside_air_humidification(outside_airflow, humidified_share, humidifier_humidity_ratio, outdoor_humidity_ratio,
                               evaporative_humidity_gain):
    """Water that humidifiers put into outside air which is too dry; that it cools a little is left out."""
    dry = humidifier_humidity_ratio - outdoor_humidity_ratio - evaporative_humidity_gain
    return outside_airflow * humidified_share * np.maximum(dry, 0)


@quantity("kg/s", source="ASHRAE Handbook - Fundamentals 2017, chapter 1, eq 33: latent heat", where="coil_latent_share")
def coil_condensate(carried_heat, coil_latent_share, terminal_supply_temperature):
    """Water that the coils take from the air and humidifiers give back, whose evaporation takes the heat that it brings."""
    return carried_heat * coil_latent_share / moist_air.latent_heat(terminal_supply_temperature)


@quantity("kg/s")
def humidification(outside_air_humidification, coil_condensate):
    """Water that humidifiers put into the air of halls, in each state."""
    return sum_streams(outside_air_humidification + coil_condensate)


@quantity("kg/s")
def evaporation(tower_evaporation, adiabatic_evaporation, evaporative_evaporation):
    """Water evaporated, in each state."""
    return sum_streams(tower_evaporation + adiabatic_evaporation + evaporative_evaporation)


@quantity("kg/s")
def drift(tower_water_flow, drift_share):
    """Water that leaves the towers as droplets."""
    return sum_streams(tower_water_flow * drift_share)


@quantity("kg/s", source="minerals in make-up leave by drift and blowdown")
def blowdown(evaporation, cycles_of_concentration, drift):
    """Water drained so that minerals stay below the chosen concentration."""
    return np.maximum(evaporation / (cycles_of_concentration - 1) - drift, 0)


@quantity("kg/s")
def water_consumption(evaporation, humidification, drift):
    """Water that does not return: evaporation, humidification and drift."""
    return evaporation + humidification + drift


@quantity("kg/s")
def make_up_water(water_consumption, blowdown):
    """Water supplied: consumption and blowdown."""
    return water_consumption + blowdown


@quantity("ML", total="sum")
def annual_water(make_up_water, hours, water_density):
    """Make-up water over the year."""
    return year_sum(make_up_water, hours) / water_density


@quantity("ML", total="sum")
def annual_water_consumption(water_consumption, hours, water_density):
    """Water consumed over the year: make-up without blowdown."""
    return year_sum(water_consumption, hours) / water_density


@quantity("m3/d", total="sum")
def peak_day_water(make_up_water, water_density):
    """Make-up water of 24 h at the state that takes the most, an upper bound."""
    return in_any_state(make_up_water) / water_density


@quantity("L/kWh", source="ISO/IEC 30134-9:2022", total=("mean", "annual_it_energy"))
def wue(annual_water, annual_it_energy):
    """Water usage effectiveness: make-up water over IT energy, both of the year."""
    return annual_water / annual_it_energy
