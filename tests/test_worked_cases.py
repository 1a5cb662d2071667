"""Worked cases of others, each run through the model's own functions.

``data/worked_cases.csv`` holds a case a line, with its source, and its tolerance with the reason. Its ``inputs`` name
figures and quantities of the model:

- a text such as "12 K" or a plain number; a list is as many deployments,
- {"air": ..., "liquid": ...} the two streams, {"states": [...]} the operating states,
- {"profile": "power/n"} the figure of that name in a shipped profile,
- under "design", a chip and a cooling design as shipped, whose whole plant the other figures then change.

Its ``expected`` name what is asked of the model, in the same words, null where the source is silent:

- "fuel_volume L" a quantity in a unit,
- "ups_output_power over ups_input_power" one quantity over another, "1 TR in kW" a conversion,
- "all_heat_is_cooled breached" whether a check complains, 1 or 0.

Of the published collection LP-01 is in test_rollout.py and the zones in test_zones.py. Not here, for the tool has no such
functions: UQ-01 and UQ-02 (Sobol indices, triangular and PERT distributions) and the capital costs of CS-01.
"""

import csv
import functools
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dcestimate import amounts, units
from dcestimate.estimation import total
from dcestimate.figures import figures as figures_of
from dcestimate.parts import evaluate
from dcestimate.physics import moist_air, towers
from dcestimate.profile_kinds import GRAPH
from dcestimate.profiles import Library
from dcestimate.request import lines

TABLE = Path(__file__).parent / "data" / "worked_cases.csv"
CASES = {row["id"]: row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())}
LIBRARY = Library()


def number(name, value):
    """A figure in SI: a text in its unit, a plain number, or None for an unknown."""
    return amounts.parse(value, GRAPH[name].unit) if isinstance(value, str) else np.nan if value is None else float(value)


def array(name, value):
    """A figure of a case as an array of the model: samples, deployments, streams, states."""
    value = value if isinstance(value, dict) else {"deployments": value}
    if "profile" in value:
        kind, profile = value["profile"].split("/")
        return array(name, LIBRARY.load(kind, profile).figures[name].value)
    if "air" in value:
        return np.array([number(name, value[s]) for s in ("air", "liquid")]).reshape(1, 1, 2, 1)
    (axis, items), = value.items()
    items = [number(name, item) for item in (items if isinstance(items, list) else [items])]
    return np.array(items).reshape((1, 1, 1, -1) if axis == "states" else (1, -1, 1, 1))


@functools.cache
def shipped(chip, cooling):
    """Every array of the model for a shipped design."""
    line = lines(LIBRARY, 1000, chip, "us-east-1", cooling=cooling)[0]
    return evaluate([figures_of(LIBRARY, line)], [0], [line.count])


def work_out(wanted, figures):
    """A quantity or check of the model [SI], by way of every quantity between it and the figures given."""
    values = {name: array(name, value) for name, value in figures.items() if name != "design"}
    if "design" in figures:
        values = GRAPH.change(shipped(*figures["design"]), values)
    asked = GRAPH.checks.get(wanted)
    chain, waiting = set(), list(asked.parameters if asked else [wanted])
    while waiting:
        name = waiting.pop()
        if name not in values and name not in chain:
            chain.add(name)
            waiting.extend(GRAPH.quantities[name].parameters)
    for item in GRAPH.order:
        if item.name in chain:
            values[item.name] = item(*(values[name] for name in item.parameters))
    return asked(*(values[name] for name in asked.parameters)) if asked else values[wanted]


def answer(key, figures):
    """What the model says to a key of ``expected``, in the key's unit."""
    if " in " in key:
        return amounts.convert(*key.split(" in "))[0]
    name, *rest = key.split()
    if rest[:1] == ["over"]:
        _, below, *unit = rest
        return units.from_si(work_out(name, figures) / work_out(below, figures), *(unit or ["1"]))
    if rest == ["breached"]:
        return work_out(name, figures) * 1.0
    return units.from_si(work_out(name, figures), *(rest or [GRAPH[name].unit]))


def approach_of_the_tower(case):
    """CO-13."""
    wet_bulb, water_range, ratio = np.array(case["cases_Twb_range_LG"]).T
    return {"approach_K": towers.york_approach(units.to_si(wet_bulb, "degC"), water_range, ratio).reshape(1, -1, 1, 1)}


def evaporation_of_the_tower(case):
    """CO-28: the tower's air takes up its heat and leaves saturated.

    The source counts water per kg of dry air. The model counts it per kg of moist air, as the program of the engine that
    it is compared with does: less by the humidity ratio of the air that leaves.
    """
    outdoor, pressure = units.to_si(np.array(case["T_degC"]), "degC"), case["pressure_Pa"]
    humidity = moist_air.relative_humidity_ratio(outdoor, np.array(case["relative_humidity"]), pressure)
    heat = amounts.parse(case["loop_heat"], "kW")
    airflow = heat / (4184 * amounts.parse(case["range"], "K") * case["water_over_air"])
    leaving, gained = moist_air.saturated_exit(moist_air.enthalpy(outdoor, humidity) + heat / airflow, 298.15, pressure)
    tower = {"tower_airflow": airflow, "entering_humidity_ratio": humidity.tolist(), "loop_load_share": 1,
             "tower_leaving_humidity_ratio": gained.tolist()}
    moist = {**tower, "tower_airflow": (airflow * (1 + humidity)).tolist()}
    assert work_out("tower_evaporation", moist).ravel() == pytest.approx(airflow * (gained - humidity) / (1 + gained))
    water = (airflow * (gained - humidity) / heat).reshape(1, -1, 1, 1)
    return {"leaving_air degC": units.from_si(leaving, "degC").reshape(1, -1, 1, 1),
            "evaporation kg/kWh": units.from_si(water, "kg/kWh")}


def pue_of_all_deployments(case):
    """PU-01: as an estimate totals its deployments."""
    energies = {"annual_energy": [f"{x} MWh" for x in case["facility_MWh"]],
                "annual_it_energy": [f"{x} MWh" for x in case["IT_MWh"]]}
    columns = {name: work_out(name, energies).ravel() for name in (*energies, "pue")}
    part, figures = SimpleNamespace(columns=columns), SimpleNamespace(missing={})
    return {"pue": total([SimpleNamespace(_part=part, _place=i, figures=figures) for i in range(3)])["pue"]}


def power_supply(case):
    """IT-04: the loss over its load as the model has it for UPS."""
    load, efficiency = np.array(case["load"]), np.array(case["efficiency"])
    fitted = np.linalg.lstsq(np.vander(load, 3, increasing=True), load / efficiency - load)[0]
    losses = dict(zip(("ups_fixed_loss", "ups_proportional_loss", "ups_square_loss"), map(float, fitted), strict=True))
    supply = {**losses, "ups_output_power": [f"{x} kW" for x in case["asked"]], "ups_module_capacity": "1 kW",
              "ups_loaded_modules": 1, "ups_module_count": 1, "ups_eco_time": 0,
              **{f"ups_eco_{part}_loss": {"profile": "power/n"} for part in ("fixed", "proportional", "square")}}
    return {"fixed, proportional, square": fitted.reshape(1, -1, 1, 1),
            "efficiency": answer("ups_output_power over ups_input_power", supply)}


def latent_heat(water):
    """Heat that a kilogram of water takes to evaporate [J/kg] at a temperature [K]: dry air a kelvin warmer gives it."""
    return moist_air.HEAT_OF_DRY_AIR / moist_air.adiabatic_humidity_gain(water + 1, water, water, 0)


def evaporation_by_rules(case):
    """CO-17."""
    water, outdoor = (units.to_si(case[name], "degC") for name in ("water_degC", "T_degC"))
    humidity = moist_air.relative_humidity_ratio(outdoor, case["relative_humidity"], case["pressure_Pa"])
    heat = amounts.parse(case["loop_heat"], "kW")
    airflow = heat / (case["water_heat_capacity"] * amounts.parse(case["range"], "K") * case["water_over_air"])
    tower = {"tower_heat": case["loop_heat"], "tower_airflow": airflow * (1 + humidity),
             "entering_humidity_ratio": humidity,
             "entering_enthalpy": moist_air.enthalpy(outdoor, humidity), "tower_temperature": f"{case['water_degC']} degC",
             "atmospheric_pressure": case["pressure_Pa"], "loop_load_share": 1}
    return {"all_latent kg/kWh": units.from_si(1 / latent_heat(water), "kg/kWh"),
            "all_latent %/K": 100 * case["water_heat_capacity"] / latent_heat(water),
            "tower kg/kWh": units.from_si(work_out("tower_evaporation", tower) / heat, "kg/kWh")}


def wue_of_latent_heat(case):
    """PU-09."""
    heat, water = amounts.parse(case["heat"], "MW"), units.to_si(case["water_degC"], "degC")
    figures = {"it_power": case["it_power"], "drift": case["drift"], "humidification": case["humidification"],
               "cycles_of_concentration": case["cycles_of_concentration"],
               "evaporation": (heat * np.array(case["latent_share"]) / latent_heat(water)).tolist()}
    return {f"{name} kg/kWh": answer(f"{name} over it_power kg/kWh", figures) for name in ("make_up_water", "blowdown")}


def pue_of_three_designs(case):
    """CO-21."""
    common = case.pop("common")
    return {name: answer("facility_power over it_power", common | figures) for name, figures in case.items()}


def hours_of_a_plant(case):
    """CO-25: each hour's tower is as large as its heat, for the source's fans draw a share of it."""
    water = units.to_si(np.array(case.pop("water_degC")), "degC")
    latent_share = case.pop("latent_share")
    heat = work_out("tower_heat", case)[0, 0, 0]
    states = case | {"tower_unit_capacity": {"states": heat.tolist()},
                     "evaporation": {"states": (heat * latent_share / latent_heat(water)).tolist()}}
    power, chillers, fans = (work_out(name, states) for name in ("facility_power", "chiller_power", "tower_fan_power"))
    it, chilled = (work_out(name, states)[:, :, :1] for name in ("it_power", "tower_residual_heat"))
    compressors = chillers * (1 + fans[:, :, :1] / heat)
    pue, wue = power / it, answer("make_up_water over it_power kg/kWh", states)
    return {"free": work_out("tower_free_share", states)[:, :, :1], "without_compressors": (power - compressors) / it,
            "COP": chilled / np.where(chillers > 0, chillers, np.nan), "PUE": pue, "PUE_mean": work_out("pue", states),
            "PUE_peak": pue.max(), "WUE": wue, "WUE_mean": wue.mean()}


BY_HAND = {"CO-13": approach_of_the_tower, "CO-17": evaporation_by_rules, "CO-21": pue_of_three_designs,
           "CO-25": hours_of_a_plant, "CO-28": evaporation_of_the_tower, "IT-04": power_supply,
           "PU-01": pue_of_all_deployments, "PU-09": wue_of_latent_heat}


def tolerance(text, key):
    """{"rel": x} or {"abs": x} for a key, from "rel 1e-6; fuel_volume rel 1e-2"; "exact" is no room at all."""
    general, *special = (part.split() for part in text.split("; "))
    kind, *size = next((rest for name, *rest in special if key.split()[0] == name), general)
    return {"rel": 0, "abs": 0} | ({} if kind == "exact" else {kind: float(size[0])})


@pytest.mark.parametrize("case", CASES)
def test_the_model_agrees(case):
    row = CASES[case]
    inputs, expected = json.loads(row["inputs"]), json.loads(row["expected"])
    by_hand = BY_HAND[case](inputs) if case in BY_HAND else None
    wrong = {}
    for key, value in expected.items():
        found = by_hand[key] if by_hand else answer(key, inputs)
        found, value = np.broadcast_arrays(found, array(key, value))
        known = ~np.isnan(value)
        if found[known] != pytest.approx(value[known], **tolerance(row["tolerance"], key)):
            wrong[key] = f"model {found.ravel()}, source {value.ravel()}"
    assert expected
    assert not wrong, row["what"]


def test_every_case_is_in_the_models_words_or_by_hand():
    """A case without a function of the model would fail above, so the table and the list need only not overlap or stray."""
    in_the_models_words = {case for case, row in CASES.items() if all(
        " in " in key or key.split()[0] in {*GRAPH.quantities, *GRAPH.givens, *GRAPH.checks}
        for key in json.loads(row["expected"])) and case not in BY_HAND}
    assert in_the_models_words | BY_HAND.keys() == CASES.keys()


@pytest.mark.parametrize("column", ["what", "tolerance", "reason", "source", "grade"])
def test_every_case_has_its(column):
    assert [case for case, row in CASES.items() if not row[column]] == []
