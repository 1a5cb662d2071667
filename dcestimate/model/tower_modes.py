"""How towers, the economizer's exchanger and water-cooled chillers work together: free, jointly, or by chillers alone.

Free, the exchanger's flow is turned down to what the heat needs and the condensers are shut. Jointly, exchanger and
condensers run side by side at full flow. Alone, the exchanger is shut. Capacity rates and heat are shares of the loop's
design heat, as in ``rejection``.
"""

import numpy as np

from ..arrays import away_from_zero, excess, over
from ..physics import exchangers, towers
from ..physics.chillers import carnot_power_ratio
from ..quantity import Given, quantity, solved

condenser_temperature_difference = Given("K", "Rise of tower water through condensers by design", home="cooling", low=1,
                                         chosen=True)


@quantity("1/K", where="tower_count")
def tower_exchanger_rate(economizer_share, rejection_temperature_difference):
    """Capacity rate of tower water through the economizer's exchanger by design."""
    return away_from_zero(economizer_share) / rejection_temperature_difference


@quantity("1/K", where="tower_count", source="Incropera and DeWitt, table 11.3: counterflow")
def tower_exchanger_conductance(exchanger_transfer_conductance, loop_capacity_rate, tower_exchanger_rate):
    """Heat that the economizer's exchanger moves at its design flow, a kelvin from loop return to tower water."""
    return exchangers.counterflow_conductance(exchanger_transfer_conductance, loop_capacity_rate, tower_exchanger_rate)


@quantity("1/K", where="tower_count")
def tower_condenser_rate(trim_share, tower_rating_compressor_share, condenser_temperature_difference):
    """Capacity rate of tower water through condensers by design."""
    return away_from_zero(trim_share) * (1 + tower_rating_compressor_share) / condenser_temperature_difference


@quantity("1/K", where="tower_count")
def tower_joint_rate(tower_exchanger_rate, tower_condenser_rate, trim_share):
    """Capacity rate of tower water when exchanger and condensers run side by side."""
    return tower_exchanger_rate + tower_condenser_rate * (trim_share > 0)


@quantity("1", where="tower_count")
def tower_pump_ratio(tower_joint_rate, rejection_temperature_difference):
    """Design flow of the tower pumps over that of the economizer's exchanger."""
    return tower_joint_rate * rejection_temperature_difference


@quantity("K", where="tower_count")
def tower_pump_rise(rejection_pump_design_power, pump_heat_share, loop_design_heat, rejection_temperature_difference):
    """Rise of the tower water by its pumps: their heat over their flow's capacity rate."""
    return over(rejection_pump_design_power * pump_heat_share, loop_design_heat) * rejection_temperature_difference


@quantity("degC", where="tower_count")
def tower_temperature_limit(entering_wet_bulb, tower_temperature_span):
    """Warmest tower water looked for."""
    return entering_wet_bulb + tower_temperature_span


def _full_speed_supply(flow_share, wet_bulb, terms, load, exchanger_rate, calibration, rated_rate, pump_rise):
    """Coldest tower water [K] when the exchanger alone runs, at a share of its flow, and takes all heat."""
    rate = flow_share * exchanger_rate
    coefficients = towers.at_liquid_gas_ratio(terms, calibration * rate / rated_rate)
    return wet_bulb + towers.approach_at_range(coefficients, load / rate + pump_rise)


@quantity("1", source="effectiveness and transfer units, inverted", where="tower_count")
def tower_setpoint_turndown(loop_load_share, loop_return_temperature, tower_setpoint, exchanger_transfer_conductance,
                            loop_capacity_rate, tower_exchanger_rate, turndown_low, turndown_high):
    """Design flow of the exchanger over that at which it takes all heat from water at the set point."""
    turndown = exchangers.counterflow_turndown(
        away_from_zero(loop_load_share), loop_return_temperature - tower_setpoint, exchanger_transfer_conductance,
        loop_capacity_rate, tower_exchanger_rate)
    return np.clip(turndown, turndown_low, turndown_high)


@solved("1", bracket=("turndown_low", "tower_setpoint_turndown"), steps=9, where="tower_count",
        source="effectiveness and transfer units; York correlation")
def tower_turndown(tower_turndown, entering_wet_bulb, tower_wet_bulb_terms, loop_load_share, tower_exchanger_rate,
                   tower_calibration, tower_rated_rate, tower_pump_rise, loop_return_temperature,
                   exchanger_transfer_conductance, loop_capacity_rate):
    """Design flow of the exchanger over that at which it takes all heat; 1 where no flow does.

    Where the towers hold their set point, that of the exchanger alone; else more, from warmer water at full fan speed.
    """
    supply = _full_speed_supply(1 / tower_turndown, entering_wet_bulb, tower_wet_bulb_terms, loop_load_share,
                                tower_exchanger_rate, tower_calibration, tower_rated_rate, tower_pump_rise)
    conductance = exchangers.counterflow_conductance(exchanger_transfer_conductance, loop_capacity_rate,
                                                     tower_exchanger_rate / tower_turndown)
    return excess(loop_load_share, conductance * (loop_return_temperature - supply))


@quantity("1", where="tower_count")
def tower_needed_flow_share(tower_turndown):
    """Share of the exchanger's design flow at which it takes all heat; all of it where none does."""
    return 1 / tower_turndown


@quantity("degC", where="tower_count")
def tower_free_temperature(tower_needed_flow_share, tower_setpoint, entering_wet_bulb, tower_wet_bulb_terms,
                           loop_load_share, tower_exchanger_rate, tower_calibration, tower_rated_rate, tower_pump_rise):
    """Tower water when the exchanger alone takes all heat."""
    return np.maximum(tower_setpoint, _full_speed_supply(
        tower_needed_flow_share, entering_wet_bulb, tower_wet_bulb_terms, loop_load_share, tower_exchanger_rate,
        tower_calibration, tower_rated_rate, tower_pump_rise))


@quantity("1", where="tower_count")
def tower_full_flow_heat(tower_setpoint, entering_wet_bulb, tower_wet_bulb_terms, loop_load_share, tower_exchanger_rate,
                         tower_calibration, tower_rated_rate, tower_pump_rise, loop_return_temperature,
                         tower_exchanger_conductance):
    """Heat that the exchanger could take alone at its full flow."""
    supply = _full_speed_supply(1, entering_wet_bulb, tower_wet_bulb_terms, loop_load_share, tower_exchanger_rate,
                                tower_calibration, tower_rated_rate, tower_pump_rise)
    return tower_exchanger_conductance * (loop_return_temperature - np.maximum(tower_setpoint, supply))


def _compressor_share(temperature, evaporator, lowest, approach, carnot_share, smallest_lift):
    """Compressor power over chilled heat at a temperature of the tower water [K]."""
    return carnot_power_ratio(evaporator, np.maximum(temperature, lowest) + approach, carnot_share, smallest_lift)


def _joint_range(temperature, loop_return, load, conductance, trim, compressor, rate, pump_rise):
    """Water range [K] with exchanger and condensers side by side."""
    free = np.clip(conductance * (loop_return - temperature), 0, load)
    return (free + (load - free) * trim * (1 + compressor)) / rate + pump_rise


@quantity("1", source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower", where="tower_count")
def tower_joint_terms(tower_wet_bulb_terms, tower_calibration, tower_joint_rate, tower_rated_rate):
    """Coefficients of the tower correlation at the flow of exchanger and condensers side by side."""
    return towers.at_liquid_gas_ratio(tower_wet_bulb_terms, tower_calibration * tower_joint_rate / tower_rated_rate)


@quantity("1", source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower", where="tower_count")
def tower_condenser_terms(tower_wet_bulb_terms, tower_calibration, tower_condenser_rate, tower_rated_rate):
    """Coefficients of the tower correlation at the flow of the condensers alone."""
    return towers.at_liquid_gas_ratio(tower_wet_bulb_terms, tower_calibration * tower_condenser_rate / tower_rated_rate)


@solved("degC", bracket=("entering_wet_bulb", "tower_temperature_limit"), steps=4, where="tower_count",
        source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower")
def tower_joint_full_speed_temperature(
        tower_joint_full_speed_temperature, entering_wet_bulb, tower_joint_terms, tower_joint_rate, tower_pump_rise,
        loop_return_temperature, loop_load_share, exchanger_conductance, trim_share,
        water_chiller_evaporator_temperature, water_chiller_lowest_condenser_water, water_chiller_condenser_approach,
        water_chiller_carnot_share, chiller_smallest_lift):
    """Coldest water with exchanger and condensers side by side: approach, range and compressor heat hang together."""
    compressor = _compressor_share(tower_joint_full_speed_temperature, water_chiller_evaporator_temperature,
                                   water_chiller_lowest_condenser_water, water_chiller_condenser_approach,
                                   water_chiller_carnot_share, chiller_smallest_lift)
    water_range = _joint_range(tower_joint_full_speed_temperature, loop_return_temperature, loop_load_share,
                               exchanger_conductance, trim_share, compressor, tower_joint_rate, tower_pump_rise)
    approach = towers.approach_at_range(tower_joint_terms, water_range)
    return tower_joint_full_speed_temperature - entering_wet_bulb - approach


@quantity("degC", where="tower_count")
def tower_joint_temperature(tower_setpoint, tower_joint_full_speed_temperature):
    """Tower water with exchanger and condensers side by side: the set point, or what they can make."""
    return np.maximum(tower_setpoint, tower_joint_full_speed_temperature)


@quantity("1", where="tower_count")
def tower_joint_free_heat(exchanger_conductance, loop_return_temperature, tower_joint_temperature, loop_load_share):
    """Heat that the exchanger takes beside the condensers."""
    return np.clip(exchanger_conductance * (loop_return_temperature - tower_joint_temperature), 0, loop_load_share)


@quantity("1", where="tower_count")
def tower_runs_free(tower_joint_free_heat, tower_full_flow_heat, loop_load_share, economizer_share, trim_share):
    """1 where the exchanger takes all heat: beside the condensers, so that these can be shut, and alone."""
    beside = (tower_joint_free_heat >= loop_load_share) | (trim_share == 0)
    return (beside & (tower_full_flow_heat >= loop_load_share) & (economizer_share > 0)) * 1.0


@quantity("1", where="tower_count")
def tower_runs_jointly(tower_runs_free, loop_return_temperature, tower_joint_temperature, economizer_minimum_difference,
                       economizer_share):
    """1 where exchanger and condensers run side by side."""
    worth = loop_return_temperature - tower_joint_temperature >= economizer_minimum_difference
    return (worth & (economizer_share > 0)) * (1 - tower_runs_free)


@quantity("degC", where="tower_count")
def tower_condenser_limit(tower_runs_free, tower_runs_jointly, entering_wet_bulb, tower_temperature_limit):
    """Warmest tower water looked for with condensers alone: none above the wet bulb where they do not run alone."""
    return np.where(tower_runs_free + tower_runs_jointly > 0, entering_wet_bulb, tower_temperature_limit)


@solved("degC", bracket=("entering_wet_bulb", "tower_condenser_limit"), steps=4, where="tower_count",
        source="York correlation: Engineering Reference 25.2 (US DOE), variable-speed tower")
def tower_condenser_full_speed_temperature(
        tower_condenser_full_speed_temperature, entering_wet_bulb, tower_condenser_terms, tower_condenser_rate,
        tower_pump_rise, loop_load_share, trim_share,
        water_chiller_evaporator_temperature, water_chiller_lowest_condenser_water, water_chiller_condenser_approach,
        water_chiller_carnot_share, chiller_smallest_lift):
    """Coldest water with condensers alone; the wet bulb where they do not run alone."""
    compressor = _compressor_share(tower_condenser_full_speed_temperature, water_chiller_evaporator_temperature,
                                   water_chiller_lowest_condenser_water, water_chiller_condenser_approach,
                                   water_chiller_carnot_share, chiller_smallest_lift)
    water_range = loop_load_share * trim_share * (1 + compressor) / tower_condenser_rate + tower_pump_rise
    approach = towers.approach_at_range(tower_condenser_terms, water_range)
    return tower_condenser_full_speed_temperature - entering_wet_bulb - approach


@quantity("1", where="tower_count")
def tower_free_share(tower_runs_free, tower_runs_jointly, tower_joint_free_heat, loop_load_share):
    """Share of the tower path's heat that its economizer takes."""
    return tower_runs_free + tower_runs_jointly * tower_joint_free_heat / away_from_zero(loop_load_share)


@quantity("degC", where="tower_count")
def tower_temperature(tower_runs_free, tower_runs_jointly, tower_free_temperature, tower_joint_temperature,
                      tower_setpoint, tower_condenser_full_speed_temperature):
    """Water leaving the towers."""
    alone = np.maximum(tower_setpoint, tower_condenser_full_speed_temperature)
    return np.where(tower_runs_free > 0, tower_free_temperature,
                    np.where(tower_runs_jointly > 0, tower_joint_temperature, alone))


@quantity("1/K", where="tower_count")
def tower_rate(tower_runs_free, tower_runs_jointly, tower_needed_flow_share, tower_exchanger_rate, tower_joint_rate,
               tower_condenser_rate):
    """Capacity rate of the water through the towers."""
    return np.where(tower_runs_free > 0, tower_needed_flow_share * tower_exchanger_rate,
                    np.where(tower_runs_jointly > 0, tower_joint_rate, tower_condenser_rate))


@quantity("1", where="tower_count")
def tower_flow_share(tower_rate, tower_joint_rate, tower_free_share, trim_share, loop_load_share):
    """Water through the towers over the pumps' design flow; none where neither exchanger nor condensers run."""
    return tower_rate / tower_joint_rate * ((tower_free_share > 0) | (trim_share > 0)) * (loop_load_share > 0)


@quantity("K", where="tower_count")
def tower_range(tower_temperature, tower_free_share, loop_load_share, trim_share, tower_rate, tower_pump_rise,
                water_chiller_evaporator_temperature, water_chiller_lowest_condenser_water,
                water_chiller_condenser_approach, water_chiller_carnot_share, chiller_smallest_lift):
    """Water range of the towers: the loop's heat and the compressors' over their flow, and the pumps'."""
    compressor = _compressor_share(tower_temperature, water_chiller_evaporator_temperature,
                                   water_chiller_lowest_condenser_water, water_chiller_condenser_approach,
                                   water_chiller_carnot_share, chiller_smallest_lift)
    heat = loop_load_share * (tower_free_share + (1 - tower_free_share) * trim_share * (1 + compressor))
    return heat / tower_rate + tower_pump_rise
