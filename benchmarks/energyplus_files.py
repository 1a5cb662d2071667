"""Files of EnergyPlus for a case of tests/data/energyplus: its plant as epJSON, its climate as EPW.

The plant is written from the same parameters (``p_*`` columns) that make the case's cooling profile, and chillers from
that profile's own figures, so that one file of parameters drives both engines.
"""

import csv
import tomllib

import numpy as np
import plant_page

from dcestimate.physics import moist_air

FREEZING = moist_air.FREEZING
WRITABLE = ("a1", "a2", "a3", "d1", "d2", "d3")  # chillers alone, or a dry cooler or tower behind an exchanger in series
CHILLED_WATER_RANGE, CONDENSER_AIR_RANGE = (8, 45), (15, 50)  # where the chiller curves are fitted and clamped [degC]
SKY = "0,0,300,0,0,0,0,0,0,0,0,2,5,5,9999,99999,9,999999999,10,0.1,0,88,0.2,0,0"  # radiation, wind, clouds and beyond
EXCHANGER_UNDERCUT = 0.05  # by which exchangers cool below the set point [K]
UNWANTED = """csv eso eio tabular sqlite json audit space_sizing zone_sizing system_sizing dxf bnd rdd mdd mtd shd dfs glhe
delightin delighteldmp delightdfdmp edd dbg perflog sln sci wrl screen extshd tarcog plant_component_sizing"""


def hours(climate):
    """Dry and wet bulb [degC] of a year's hours and whose weather it is."""
    with (plant_page.DATA / f"hours-{climate.replace('_', '-')}.csv").open(encoding="utf-8") as stream:
        attribution = next(stream).lstrip("# ").strip()
        rows = [(float(row[0]), float(row[1])) for row in list(csv.reader(stream))[1:]]
    return (*np.array(rows).T, attribution)


def place(climate):
    """Latitude and longitude of a climate [deg]."""
    text = (plant_page.DATA / f"hours-{climate.replace('_', '-')}.toml").read_text(encoding="utf-8")
    region = tomllib.loads(text)
    return region["latitude"], region["longitude"]


# weather


def weather_file(row):
    """The climate of a case as the text of an EPW; no radiation, which no plant here sees."""
    dry_bulb, wet_bulb, attribution = hours(row["climate"])
    elevation = plant_page.ELEVATION[row["climate"]]
    pressure = moist_air.standard_pressure(elevation)
    humidity = moist_air.humidity_ratio(dry_bulb + FREEZING, wet_bulb + FREEZING, pressure)
    vapour = moist_air.vapour_pressure(humidity, pressure)
    relative = np.clip(100 * vapour / moist_air.saturation_pressure(dry_bulb + FREEZING), 0, 100)
    dew_point = _dew_point(vapour)
    latitude, longitude = place(row["climate"])
    site = f"{latitude},{longitude},{round(longitude / 15)},{elevation}"
    lines = [f"LOCATION,{row['climate']},-,-,dcestimate,0,{site}", "DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0",
             "GROUND TEMPERATURES,0", "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", f"COMMENTS 1,{attribution.replace(',', ' ')}",
             "COMMENTS 2,dry and wet bulb as in tests/data/energyplus; pressure of the site's elevation; no radiation",
             "DATA PERIODS,1,1,Data,Sunday,1/1,12/31"]
    for i, day in enumerate(np.arange("2017-01-01", "2018-01-01", dtype="datetime64[D]").astype(object)):
        for hour in range(24):
            k = 24 * i + hour
            air = f"{dry_bulb[k]:.3f},{dew_point[k]:.3f},{relative[k]:.5f},{pressure:.1f}"
            lines.append(f"2017,{day.month},{day.day},{hour + 1},60,,{air},{SKY}")
    return "\n".join(lines) + "\n"


def _dew_point(vapour):
    """Dew point [degC] of a vapour pressure [Pa], by interpolation; the engine reads humidity from the relative one."""
    temperatures = np.arange(183.15, 333.15, 0.1)
    return np.interp(vapour, moist_air.saturation_pressure(temperatures), temperatures) - FREEZING


# plant


def plant_file(row, figures):
    """The plant of a case as a dict to be dumped as epJSON; ``figures`` are values of its cooling profile in SI."""
    p = plant_page._Parameters(row)
    plant = _setting()
    if p.hx:  # two loops that must agree
        plant["ConvergenceLimits"] = {"Limits": {"minimum_plant_iterations": 12, "maximum_plant_iterations": 20}}
    _meters(plant, ["Electricity:Plant"] + ["Water:Plant"] * bool(p.tower_cells))
    _loop(plant, "Main", _main_supply(plant, p, figures), [_load(plant, p)], p.main_flow_m3s,
          [p.supply_T - EXCHANGER_UNDERCUT, p.supply_T] if p.hx else [p.supply_T])
    if p.hx:
        rejector = _tower(plant, p) if p.tower_cells else _dry_cooler(plant, p)
        pump = _pump(plant, "Reject", "VariableSpeed", p.rej_pump_W, p.rej_flow_m3s)
        _loop(plant, "Reject", [pump, rejector], [_exchanger(plant, p, "demand")], p.rej_flow_m3s, [p.rej_T_min], p.glycol)
    return plant


def _setting():
    """What every run states: a year in steps of an hour, and as little output as can be had."""
    period = {"begin_month": 1, "begin_day_of_month": 1, "begin_year": 2017, "end_month": 12, "end_day_of_month": 31,
              "end_year": 2017}
    control = {f"do_{kind}_sizing_calculation": "No" for kind in ("zone", "system", "plant")}
    control |= {"run_simulation_for_sizing_periods": "No", "run_simulation_for_weather_file_run_periods": "Yes"}
    files = {f"output_{kind}": "No" for kind in UNWANTED.split()} | {"output_mtr": "Yes", "output_end": "Yes"}
    return {
        "Version": {"Version": {"version_identifier": "25.2"}},
        "SimulationControl": {"Control": control},
        "Building": {"Building": {}},
        "GlobalGeometryRules": {"Rules": {"starting_vertex_position": "UpperLeftCorner", "coordinate_system": "Relative",
                                          "vertex_entry_direction": "Counterclockwise"}},
        "Timestep": {"Step": {"number_of_timesteps_per_hour": 1}},
        "RunPeriod": {"Year": period},
        "OutputControl:Files": {"Files": files},
        "ScheduleTypeLimits": {"Any": {}},
    }


def _meters(plant, names):
    """The year's totals that are read afterwards [J], [m3]."""
    for name in names:
        _add(plant, "Output:Meter", name, {"key_name": name, "reporting_frequency": "RunPeriod"})


def _add(plant, kind, name, fields):
    plant.setdefault(kind, {})[name] = fields
    return kind, name


def _always(plant, value):
    """A schedule of one value."""
    fields = {"schedule_type_limits_name": "Any", "hourly_value": value}
    return _add(plant, "Schedule:Constant", f"Always {value:g}", fields)[1]


def _loop(plant, name, supply, demand, flow, setpoints, glycol=0):
    """One branch of components in series on each side of a loop; equipment after the pump keeps its own set point."""
    sides = {}
    for side, parts in (("supply", supply), ("demand", demand)):
        components = []
        for i, (kind, part, inlet, outlet) in enumerate(parts):
            before, after = f"{name} {side} {i}", f"{name} {side} {i + 1}"
            plant[kind][part] |= {inlet: before, outlet: after}
            components.append({"component_object_type": kind, "component_name": part, "component_inlet_node_name": before,
                               "component_outlet_node_name": after})
        _add(plant, "Branch", f"{name} {side}", {"components": components})
        _add(plant, "BranchList", f"{name} {side}", {"branches": [{"branch_name": f"{name} {side}"}]})
        sides[side] = f"{name} {side} 0", f"{name} {side} {len(parts)}"
    scheme = {}
    for i, ((kind, part, *_), own) in enumerate(zip(supply[1:], setpoints, strict=True), 1):
        before, after = f"{name} supply {i}", f"{name} supply {i + 1}"
        scheme |= {f"equipment_{i}_object_type": kind, f"equipment_{i}_name": part, f"operation_{i}_type": "Cooling",
                   f"component_{i}_flow_rate": flow, f"demand_calculation_{i}_node_name": before,
                   f"setpoint_{i}_node_name": after}
        _add(plant, "SetpointManager:Scheduled", f"{name} {i}", {
            "control_variable": "Temperature", "schedule_name": _always(plant, own),
            "setpoint_node_or_nodelist_name": after})
    kind, _ = _add(plant, "PlantEquipmentOperation:ComponentSetpoint", f"{name} operation", scheme)
    _add(plant, "PlantEquipmentOperationSchemes", f"{name} schemes", {
        "control_scheme_1_object_type": kind, "control_scheme_1_name": f"{name} operation",
        "control_scheme_1_schedule_name": _always(plant, 1)})
    loop = {"fluid_type": "Water", "plant_equipment_operation_scheme_name": f"{name} schemes",
            "loop_temperature_setpoint_node_name": sides["supply"][1], "maximum_loop_temperature": 90,
            "minimum_loop_temperature": 0, "maximum_loop_flow_rate": flow}
    if len(setpoints) > 1 or name != "Main":
        loop["plant_loop_volume"] = 0.1  # [m3]; none would average over two steps, more would store heat
    if glycol:
        _add(plant, "FluidProperties:Name", "Glycol", {"fluid_name": "Glycol", "fluid_type": "Glycol"})
        _add(plant, "FluidProperties:GlycolConcentration", "Glycol", {"glycol_type": "PropyleneGlycol",
                                                                      "glycol_concentration": glycol})
        loop |= {"fluid_type": "UserDefinedFluidType", "user_defined_fluid_type": "Glycol", "minimum_loop_temperature": -10}
    for side, own in (("supply", "plant"), ("demand", "demand")):
        loop |= {f"{own}_side_inlet_node_name": sides[side][0], f"{own}_side_outlet_node_name": sides[side][1],
                 f"{own}_side_branch_list_name": f"{name} {side}"}
    _add(plant, "PlantLoop", name, loop)


def _load(plant, p):
    """Heat of the hall on the main loop; negative is what the loop must cool."""
    kind, name = _add(plant, "LoadProfile:Plant", "Load", {
        "load_schedule_name": _always(plant, -(p.load_W + p.crah_fan_W)), "peak_flow_rate": p.main_flow_m3s,
        "flow_rate_fraction_schedule_name": _always(plant, 1)})
    return kind, name, "inlet_node_name", "outlet_node_name"


def _pump(plant, name, control, power, flow):
    """A pump of a power; its head is what leaves a plausible efficiency and moves no energy."""
    size = "design_flow_rate" if control == "ConstantSpeed" else "design_maximum_flow_rate"
    own = {size: flow, "design_power_consumption": power, "motor_efficiency": plant_page.PUMP_HEAT,
           "design_pump_head": 0.6 * power / flow, "pump_control_type": "Intermittent"}
    if control == "VariableSpeed":
        own["design_minimum_flow_rate"] = 0
    return *_add(plant, f"Pump:{control}", name, own), "inlet_node_name", "outlet_node_name"


def _main_supply(plant, p, figures):
    pump = _pump(plant, "Main", "ConstantSpeed", p.main_pump_W, p.main_flow_m3s)
    exchanger = [_exchanger(plant, p, "supply")] if p.hx else []
    return [pump, *exchanger, _chiller(plant, p, figures)]


def _chiller(plant, p, figures):
    """The air-cooled chiller of the profile, its curve of temperatures fitted to the Carnot share and approaches."""
    def figure(name):
        return float(np.ravel(figures[f"air_chiller_{name}"])[0])

    water, air = figure("rating_water") - FREEZING, figure("rating_air") - FREEZING
    range_of_air = figure("lowest_condenser_air") - FREEZING, CONDENSER_AIR_RANGE[1]
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(CHILLED_WATER_RANGE[0], CHILLED_WATER_RANGE[1] + 1.0),
                                                 np.arange(range_of_air[0], range_of_air[1] + 1.0)))
    power = _carnot_power(figure, x, y) / _carnot_power(figure, water, air)
    held = _carnot_power(figure, x, y) > 1 / plant_page.HIGHEST_COP["air"]
    terms = np.stack([np.ones_like(x), x, x**2, y, 0 * y, x * y], axis=1)
    fitted = np.linalg.lstsq(terms[held], power[held], rcond=None)[0]
    names = ("coefficient1_constant", "coefficient2_x", "coefficient3_x_2", "coefficient4_y", "coefficient5_y_2",
             "coefficient6_x_y")
    limits = dict(zip(("minimum_value_of_x", "maximum_value_of_x", "minimum_value_of_y", "maximum_value_of_y"),
                      (*CHILLED_WATER_RANGE, *range_of_air), strict=True))
    slopes = figure("evaporator_slope"), figure("condenser_slope")
    capacity = 1 - slopes[0] * water - slopes[1] * air, slopes[0], 0, slopes[1], 0, 0
    best = 1 / plant_page.HIGHEST_COP["air"] / _carnot_power(figure, water, air)
    _add(plant, "Curve:Biquadratic", "Capacity", dict(zip(names, capacity, strict=True)) | limits)
    _add(plant, "Curve:Biquadratic", "Power", dict(zip(names, map(float, fitted), strict=True)) | limits
         | {"minimum_curve_output": best})
    _add(plant, "Curve:Quadratic", "Part load", dict(zip(names, (
        figure("fixed_power"), figure("proportional_power"), figure("square_power")), strict=False))
        | {"minimum_value_of_x": 0, "maximum_value_of_x": 1.2})
    least = float(np.ravel(figures["chiller_minimum_load"])[0])
    own = {"reference_capacity": p.chiller_cap_W, "reference_cop": 1 / _carnot_power(figure, water, air),
           "reference_leaving_chilled_water_temperature": water, "reference_entering_condenser_fluid_temperature": air,
           "reference_chilled_water_flow_rate": p.main_flow_m3s, "minimum_part_load_ratio": least,
           "minimum_unloading_ratio": least, "maximum_part_load_ratio": 1, "condenser_type": "AirCooled",
           "chiller_flow_mode": "NotModulated", "condenser_inlet_node_name": "Chiller air",
           "cooling_capacity_function_of_temperature_curve_name": "Capacity",
           "electric_input_to_cooling_output_ratio_function_of_temperature_curve_name": "Power",
           "electric_input_to_cooling_output_ratio_function_of_part_load_ratio_curve_name": "Part load"}
    _add(plant, "OutdoorAir:Node", "Chiller air", {})
    return (*_add(plant, "Chiller:Electric:EIR", "Chiller", own), "chilled_water_inlet_node_name",
            "chilled_water_outlet_node_name")


def _carnot_power(figure, water, air):
    """Power per cooling at full load, at a chilled-water and a condenser-air temperature [degC]."""
    evaporator = water - figure("evaporator_approach")
    condenser = air + figure("condenser_approach")
    return (condenser - evaporator) / (figure("carnot_share") * (evaporator + FREEZING))


def _exchanger(plant, p, side):
    """The fluid-to-fluid exchanger ahead of the chiller, its side on either loop."""
    kind, name = "HeatExchanger:FluidToFluid", "Exchanger"
    if side == "supply":
        _add(plant, kind, name, {
            "heat_exchange_model_type": "CounterFlow", "heat_exchanger_u_factor_times_area_value": p.hx_UA,
            "loop_demand_side_design_flow_rate": p.hx_dem_flow_m3s, "loop_supply_side_design_flow_rate": p.main_flow_m3s,
            "control_type": "CoolingSetpointModulated", "heat_exchanger_setpoint_node_name": "Main supply 2",
            "minimum_temperature_difference_to_activate_heat_exchanger": p.hx_dT_min or 0.5,
            "heat_transfer_metering_end_use_type": "FreeCooling"})
    return kind, name, f"loop_{side}_side_inlet_node_name", f"loop_{side}_side_outlet_node_name"


def _dry_cooler(plant, p):
    low = plant_page.LOW_SPEED
    _add(plant, "OutdoorAir:Node", "Cooler air", {})
    return *_add(plant, "FluidCooler:TwoSpeed", "Dry cooler", {
        "performance_input_method": "UFactorTimesAreaAndDesignWaterFlowRate",
        "high_fan_speed_u_factor_times_area_value": p.dry_UA,
        "low_fan_speed_u_factor_times_area_value": p.dry_UA * plant_page.LOW_SPEED_CONDUCTANCE,
        "high_fan_speed_air_flow_rate": p.dry_air_m3s, "low_fan_speed_air_flow_rate": p.dry_air_m3s * low,
        "high_fan_speed_fan_power": p.dry_fan_W, "low_fan_speed_fan_power": p.dry_fan_W * plant_page.LOW_SPEED_FAN,
        "design_water_flow_rate": p.rej_flow_m3s, "design_entering_water_temperature": 52,
        "design_entering_air_temperature": 35, "design_entering_air_wet_bulb_temperature": 25.6,
        "outdoor_air_inlet_node_name": "Cooler air"}), "water_inlet_node_name", "water_outlet_node_name"


def _tower(plant, p):
    _add(plant, "OutdoorAir:Node", "Tower air", {})
    _add(plant, "Curve:Cubic", "Fan", {"coefficient1_constant": 0, "coefficient2_x": 0, "coefficient3_x_2": 0,
                                       "coefficient4_x_3": 1, "minimum_value_of_x": 0, "maximum_value_of_x": 1})
    return *_add(plant, "CoolingTower:VariableSpeed", "Tower", {
        "model_type": "YorkCalc", "design_inlet_air_wet_bulb_temperature": plant_page.TOWER_RATING_WET_BULB,
        "design_approach_temperature": p.tower_approach, "design_range_temperature": p.tower_range,
        "design_water_flow_rate": p.rej_flow_m3s, "design_air_flow_rate": p.tower_air_m3s,
        "design_fan_power": p.tower_fan_W, "fan_power_ratio_function_of_air_flow_rate_ratio_curve_name": "Fan",
        "minimum_air_flow_rate_ratio": 0.2, "fraction_of_tower_capacity_in_free_convection_regime": 0.1,
        "evaporation_loss_mode": "SaturatedExit", "drift_loss_percent": 0.002,
        "blowdown_calculation_mode": "ConcentrationRatio", "blowdown_concentration_ratio": p.cycles,
        "number_of_cells": int(p.tower_cells), "cell_control": "MaximalCell", "cell_minimum_water_flow_rate_fraction": 0.2,
        "outdoor_air_inlet_node_name": "Tower air"}), "water_inlet_node_name", "water_outlet_node_name"
