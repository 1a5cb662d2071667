"""docs/plant.md: the plant against annual runs of EnergyPlus, archetype by climate; build.py writes it.

The parameters of a run (``p_*`` columns of the cases) become a cooling profile of the one plant: flows become rises at the
design heat of 1 MW, and conductances become approaches.
"""

import csv
import functools
import math
import textwrap
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data" / "energyplus"
ELEVATION = {"chicago": 201, "phoenix": 337, "san_francisco": 2, "sterling_va": 82, "singapore": 16}  # [m]
IT, MAIN_DENSITY, CONDENSER_DENSITY, WATER_HEAT = 1e6, 999.9, 995.8, 4185.0  # [W], [kg/m3], [kg/m3], [J/kg/K]
EXCHANGER_DENSITY = {"B": 999.1, "D": 995.8}
GLYCOL_DENSITY, GLYCOL_HEAT = 1020.0, 3880.0  # 30 % propylene glycol at some 25 degC
FAN_AIR_DENSITY, AIR_HEAT = 1.2, 1010.0
PUMP_HEAT = 0.9  # share of pump power that reaches the fluid
TOWER_RATING_WET_BULB = 25.6  # [degC]
COIL_CONDUCTANCE, COIL_WATER_DENSITY, COIL_WATER_HEAT = 77e3, 999.8, 4194.0  # chilled-water coil of the air handlers
LOW_SPEED_FAN, LOW_SPEED_CONDUCTANCE, LOW_SPEED = 3.2 / 20, 96 / 160, 0.5  # of a two-speed fluid cooler
HIGHEST_COP = {"air": 14, "water": 16}
CARNOT = {"air": (0.5, 3, 12), "water": (0.62, 2, 7)}  # share, evaporator and condenser approach [K]


def cases():
    """The annual runs: a dict a row."""
    with (DATA / "cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def profiles():
    """{path: text} of the archetypes' cooling profiles."""
    return {DATA / f"plant-{key(row)}.toml": profile(row) for row in cases()}


def key(row):
    """Short name of an archetype, such as "a1"."""
    return row["archetype"].partition("_")[0].lower()


# a run's parameters as a profile


class _Parameters:
    def __init__(self, row):
        self.row = row

    def __getattr__(self, name):
        text = self.row.get(f"p_{name}", "")
        return float({"True": "1", "False": "0"}.get(text, text or "0"))


def _effectiveness(conductance, one, other, of):
    smaller, larger = min(one, other), max(one, other)
    return float(of(np.array(conductance / smaller), np.array(smaller / larger))) * smaller


def profile(row):
    """The cooling profile of a run's archetype, as the text of a file."""
    from dcestimate.physics.exchangers import counterflow_effectiveness, crossflow_effectiveness

    p, name = _Parameters(row), key(row)
    group = name[0].upper()
    stream = "liquid" if group == "D" else "air"
    plain, streams = {}, {"air": {}, "liquid": {}}
    own = streams[stream]
    taken = IT + p.crah_fan_W
    heat = taken + PUMP_HEAT * p.main_pump_W
    supply = p.chw_T if group == "C" else p.supply_T
    kind = "water" if group == "B" else "air"
    share, evaporator, condenser = CARNOT[kind]
    plain |= {"pump_efficiency": 1, "pump_flow_exponent": 1, "pump_minimum_flow": 0, "pump_spare_share": 0,
              "pump_heat_share": PUMP_HEAT, "chiller_spare_units": 0, "chiller_staging_limit": 1,
              "rejection_spare_units": max(p.tower_cells - 1, 0),
              "air_chiller_unit_capacity": (p.chiller_cap_W / 1e3, "kW"),
              "water_chiller_unit_capacity": (p.chiller_cap_W / 1e3, "kW"),
              "air_chiller_altitude_derating": (0, "1/m"),
              "chiller_smallest_lift": (share * (supply - evaporator + 273.15) / HIGHEST_COP[kind], "K"),
              "cycles_of_concentration": p.cycles}
    for one in streams.values():
        one |= {"terminal_spare_units": 0, "terminal_bypass_share": 0, "terminal_unit_flow": (1e4, "m3/s"),
                "terminal_unit_capacity": (IT / 1e3, "kW"), "terminal_flow_exponent": 1, "terminal_minimum_flow": 0,
                "terminal_efficiency": 1, "terminal_heat_share": 1, "economizer_share": p.hx, "tower_share": 0,
                "trim_share": 1, "adiabatic_effectiveness": 0}
    own["terminal_approach"], own["terminal_supply_temperature"] = (4, "K"), (supply + 4, "degC")
    if group == "D":
        own["terminal_pressure"] = (0, "Pa")
    if group != "C":
        rate = p.main_flow_m3s * MAIN_DENSITY * WATER_HEAT
        own |= {"loop_temperature_difference": (heat / rate, "K"),
                "loop_pump_pressure": (p.main_pump_W * heat / (taken * p.main_flow_m3s), "Pa")}
        plain |= {"loop_fluid_density": (MAIN_DENSITY, "kg/m3"), "loop_fluid_heat_capacity": (WATER_HEAT, "J/kg/K")}
    if p.hx:
        density, capacity = (GLYCOL_DENSITY, GLYCOL_HEAT) if p.glycol else (EXCHANGER_DENSITY[group], WATER_HEAT)
        cold = p.hx_dem_flow_m3s * density * capacity
        own |= {"rejection_temperature_difference": (heat / cold, "K"),
                "exchanger_approach": (heat / _effectiveness(p.hx_UA, rate, cold, counterflow_effectiveness)
                                       - heat / rate, "K"),
                "rejection_setpoint_difference": (supply - p.rej_T_min, "K")}
        plain |= {"rejection_fluid_density": (density, "kg/m3"), "rejection_fluid_heat_capacity": (capacity, "J/kg/K"),
                  "rejection_pump_pressure": (p.rej_pump_W / p.rej_flow_m3s, "Pa"),
                  "economizer_minimum_difference": (p.hx_dT_min or 0.5, "K")}
    if p.dry_UA:
        air = p.dry_air_m3s * FAN_AIR_DENSITY * AIR_HEAT
        moved = _effectiveness(p.dry_UA, cold, air, crossflow_effectiveness)
        own["dry_cooler_approach"] = (heat / moved - heat / cold, "K")
        plain |= {"dry_cooler_air_temperature_difference": (heat / air, "K"),
                  "dry_cooler_unit_capacity": (heat * (1 + 1e-7) / 1e3, "kW"),  # one, whatever the rounding
                  "dry_cooler_fan_power_share": (p.dry_fan_W / heat, "W/W"), "dry_cooler_low_speed": LOW_SPEED,
                  "dry_cooler_fan_exponent": math.log(LOW_SPEED_FAN, LOW_SPEED),
                  "dry_cooler_air_side_exponent": math.log(LOW_SPEED_CONDUCTANCE, LOW_SPEED),
                  "dry_cooler_density_exponent": 0}
    if p.tower_cells:
        water = (p.hx_dem_flow_m3s * density + p.cond_flow_m3s * CONDENSER_DENSITY if p.cond_flow_m3s
                 else p.rej_flow_m3s * CONDENSER_DENSITY)
        capacity = water * WATER_HEAT * p.tower_range
        own |= {"tower_share": 1, "trim_share": 1 if p.cond_flow_m3s else 0}
        plain |= {"tower_unit_capacity": (capacity / p.tower_cells / 1e3, "kW"), "tower_approach": (p.tower_approach, "K"),
                  "tower_rating_range": (p.tower_range, "K"), "tower_rating_wet_bulb": (TOWER_RATING_WET_BULB, "degC"),
                  "tower_fan_power_share": (p.tower_fan_W / capacity, "W/W"), "tower_fan_exponent": 3,
                  "tower_minimum_fan_speed": 0.2, "drift_share": 2e-5,
                  "tower_water_air_ratio": (water / (p.tower_air_m3s * FAN_AIR_DENSITY), "kg/kg"),
                  "tower_setpoint_approach": (p.rej_wb_offset or 1, "K"),
                  "tower_highest_setpoint": (p.rej_T_max or p.rej_T_min, "degC")}
        if p.cond_flow_m3s:
            lift = TOWER_RATING_WET_BULB + p.tower_approach + condenser - (supply - evaporator)
            compressor = lift / (share * (supply - evaporator + 273.15))
            plain["condenser_temperature_difference"] = (
                (1 + compressor) * heat / (p.cond_flow_m3s * CONDENSER_DENSITY * WATER_HEAT), "K")
    if group == "C":
        heat, air = IT + p.fan_W, p.fan_flow_m3s * 1.19 * AIR_HEAT
        low, high = 1e3, 2e6  # capacity rate of the chilled water at which the coil takes all heat [W/K]
        for _ in range(60):
            rate = (low + high) / 2
            enough = _effectiveness(COIL_CONDUCTANCE, rate, air, counterflow_effectiveness) * (
                p.supply_T + IT / air - p.chw_T) > heat
            low, high = (low, rate) if enough else (rate, high)
        own |= {"terminal_supply_temperature": (p.supply_T, "degC"), "terminal_approach": (p.supply_T - p.chw_T, "K"),
                "outside_air_share": 1, "loop_temperature_difference": (heat / rate, "K"),
                "loop_pump_pressure": (p.main_pump_W / p.chw_flow_m3s, "Pa")}
        plain |= {"outside_air_dew_point_limit": (p.oa_dp_limit, "degC"),
                  "outside_air_dry_bulb_limit": (p.oa_db_limit, "degC"),
                  "evaporative_effectiveness": p.dec_eff, "evaporative_lowest_dry_bulb": (5, "degC"),
                  "evaporative_idle_effectiveness": 0.006,
                  "evaporative_pump_power_share": (p.dec_pump_W / heat * p.evaporative, "W/W"),
                  "loop_fluid_density": (COIL_WATER_DENSITY, "kg/m3"),
                  "loop_fluid_heat_capacity": (COIL_WATER_HEAT, "J/kg/K")}
    return _text(row["archetype"], plain, streams)


def _text(archetype, plain, streams):
    def figure(name, value):
        number, unit = value if isinstance(value, tuple) else (value, "")
        text = f"{float(number):.9g} {unit}".strip()
        return f'{name} = {{ value = "{text}", source = "run", low = "{text}", high = "{text}", grade = "A" }}'

    parts = [f'schema = "dcestimate/cooling/1"\ntitle = "{archetype}"\naliases = []\nlike = "air-chiller"\n']
    parts += ["\n".join(figure(n, v) for n, v in plain.items()) + "\n"]
    parts += [f"[{stream}]\n" + "\n".join(figure(n, v) for n, v in own.items()) + "\n"
              for stream, own in streams.items()]
    parts.append('[sources.run]\n'
                 'title = "Parameters of the run in cases.csv, as docs/plant_page.py turns them into figures"\n'
                 'publisher = "EnergyPlus 25.2"\nurl = "https://energyplus.net"\ndate = "2025"\n')
    return "\n".join(parts)


# the plant in a run's conditions


def estimate(library, row, weather):
    """A deployment of 1 MW of IT that never changes, in a run's plant; ``weather`` is "hours" or "bins"."""
    from dcestimate import estimation
    from dcestimate.physics import moist_air
    from dcestimate.request import lines

    p, group = _Parameters(row), key(row)[0]
    settings = ["rated_system_power=10 kW/system", "tdp=600 W/chip", "training_average_share=1", "training_peak_share=1",
                "storage_power_share=0", "management_power_share=0", "rack_feed_efficiency=1",
                "recirculation_allowance=0 K", "wet_recirculation_allowance=0 K", f"liquid_share={int(group == 'd')}",
                *(f"{kind}_ports_per_system=0 1/system" for kind in ("fabric", "storage", "frontend", "management"))]
    if group != "d":  # fans move the run's volume of air at the site's pressure, with the run's power
        pressure, supply = moist_air.standard_pressure(ELEVATION[row["climate"]]), p.supply_T + (4 if group != "c" else 0)
        rise = 12.0
        if group == "c":
            rise = IT / (p.fan_flow_m3s * pressure / (287.042 * 293.15) * 1020)
        humidity = moist_air.relative_humidity_ratio(supply + 273.15, 0.5, pressure)
        volume = moist_air.specific_volume(supply + 273.15, humidity, pressure)
        flow = IT / rise * volume / moist_air.heat_capacity(humidity)
        settings += [f"air_temperature_difference={rise:.9g} K",
                     f"air.terminal_pressure={(p.crah_fan_W + p.fan_W) / flow:.9g} Pa"]
    region = f"{weather}-{row['climate'].replace('_', '-')}"
    found = lines(library, "800", "h100-sxm", region, system="hgx-h100-8", cooling=f"plant-{key(row)}", settings=settings)
    return estimation.estimate(library, found).deployments[0]


def compare(library, row, weather="hours"):
    """What the plant makes of a run: relative differences, hours and cubic metres, by name."""
    deployment = estimate(library, row, weather)
    v = deployment.values()
    hours = v["hours"].ravel() / 3600
    power = (v["cooling_power"] - v["electrical_room_cooling_power"]).ravel() / 1e3
    energy, published = float((power * hours).sum()), float(row["cooling_kWh"])
    water, its_water = float(deployment.annual_water) * 1e3, float(row["makeup_m3"])
    peak = float(power[(hours > 0)].max())
    return {"energy": energy, "energy_difference": energy / published - 1,
            "peak_difference": peak / float(row["peak_cooling_kW"]) - 1,
            "water": water, "water_difference": water / its_water - 1 if its_water else 0.0, "water_m3": water - its_water,
            "free_hours": float(deployment.economizer_hours) - float(row["full_free_h"])}


@functools.cache
def compared(weather):
    """(case, what the plant makes of it) of every run, hour by hour or on bins."""
    from dcestimate.profiles import Library

    library = Library([DATA])
    return [(row, compare(library, row, weather)) for row in cases()]


# the page


def summary():
    """What the README says of it."""
    hourly = [(key(row)[0], found) for row, found in compared("hours")]
    most = {name: max(abs(found[name]) for group, found in hourly if group in groups) for name, groups in (
        ("energy_difference", "abd"), ("water_difference", "bd"), ("peak_difference", "abcd"))}
    open_ = max(abs(found["energy_difference"]) for group, found in hourly if group == "c")
    text = (f"- With the same parameters and weather, hour by hour, cooling energy of a year is within "
            f"{most['energy_difference']:.1%} of EnergyPlus 25.2 for eight closed plants in five climates, and within "
            f"{open_:.1%} for two halls open to outside air; tower water within {most['water_difference']:.1%}, the peak "
            f"hour within {most['peak_difference']:.1%} ([docs/plant.md](docs/plant.md)).").replace("%", " %")
    return "\n".join(textwrap.wrap(text, 120, subsequent_indent="  ", break_on_hyphens=False))


def page():
    """The page as text."""
    from dcestimate.reports.machine import as_markdown

    parts = [INTRODUCTION]
    for weather, title in (("hours", "Hour by hour"), ("bins", "On bins of 1 K")):
        rows, differences = [], []
        for row, found in compared(weather):
            its_water = float(row["makeup_m3"])
            water = (f"{found['water']:,.0f}", f"{its_water:,.0f}", f"{found['water_difference']:+.1%}")
            rows.append([*(row[name].replace("_", " ") for name in ("archetype", "climate")),
                         f"{found['energy'] / 1e3:,.1f}", f"{float(row['cooling_kWh']) / 1e3:,.1f}",
                         f"{found['energy_difference']:+.2%}", f"{found['peak_difference']:+.1%}",
                         *(water if its_water else "---"), f"{found['free_hours']:+.0f}"])
            differences.append(found["energy_difference"])
        parts.append(f"## {title}\n\nMean difference in energy {np.mean(differences):+.2%}.\n\n".replace("%", " %"))
        parts.append(as_markdown(HEADERS, rows).replace("%", " %"))
    return "\n".join(parts)


HEADERS = ["Plant", "Climate", "Ours [MWh]", "EnergyPlus [MWh]", "Difference", "Peak hour", "Water [m3]", "EnergyPlus [m3]",
           "Difference", "Free cooling [h]"]
INTRODUCTION = """\
# The plant against EnergyPlus

Fifty annual runs of EnergyPlus 25.2, ten plants in five climates for 1 MW of IT that never changes, beside what the plant
of this tool makes of the same parameters and the same weather. The plants are cooling profiles in `tests/data/energyplus/`,
made from the runs' parameters alone; none is fitted to a result. Energy is that of all cooling in a year, fans and pumps
included. Free cooling is the difference in hours in which no chiller runs.

Left out, because they cost less than the tolerance and would make the plant ugly: the 0.05 K by which exchangers undercut
their set point, free convection of towers below their least fan speed, chillers that do not start for the last few per
cent of heat, and the humidity that halls remember from hour to hour. Water that towers evaporate is counted per kilogram of
moist air, as the other program does; per kilogram of dry air it would be 2 to 5 % more.

Weather: NREL TMY3 (public domain) for the sites in the United States; for Singapore weather data by Open-Meteo.com (CC BY
4.0), ERA5 2022, which contains modified Copernicus Climate Change Service information.

Generated by `python docs/build.py`.
"""
