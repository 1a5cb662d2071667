"""Worked cases of others, each run through the model's own functions.

``data/worked_cases.csv`` holds a case a line, with its source, and its tolerance with the reason. Its ``inputs`` name
figures and quantities of the model:

- a text such as "12 K" or a plain number; a list is as many deployments,
- {"air": ..., "liquid": ...} the two streams, {"states": [...]} the operating states,
- {"profile": "power/n"} the figure of that name in a shipped profile.

Its ``expected`` name what is asked of the model, in the same words, null where the source is silent:

- "fuel_volume L" a quantity in a unit,
- "ups_output_power over ups_input_power" one quantity over another, "1 TR in kW" a conversion,
- "all_heat_is_cooled breached" whether a check complains, 1 or 0.
"""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dcestimate import amounts, units
from dcestimate.estimation import total
from dcestimate.physics import moist_air, towers
from dcestimate.profile_kinds import GRAPH
from dcestimate.profiles import Library

TABLE = Path(__file__).parent / "data" / "worked_cases.csv"
CASES = {row["id"]: row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())}
LIBRARY = Library()

OUT_OF_SCOPE = {
    "IT-04": "a power supply is one efficiency here, inside the vendor's maximum where there is one; it has no curve",
    "NET-11": "a third party's share of a published power, divided by a count: there is nothing to compute",
    "CO-11": "a regression of another tool; the chillers here are a share of the Carnot cycle",
    "CO-17": "rules of thumb, and all heat evaporating water; evaporation here is that of saturated exit, CO-28",
    "CO-21": "three functions of another tool, with its own plant and controls",
    "CO-25": "stands on the regression of CO-11 and on a latent share, neither of which is here",
    "PU-09": "all heat evaporating water, as CO-17",
}


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


def work_out(wanted, figures):
    """A quantity or check of the model [SI], by way of every quantity between it and the figures given."""
    values = {name: array(name, value) for name, value in figures.items()}
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
    tower = {"tower_airflow": airflow, "outdoor_humidity_ratio": humidity.tolist(), "loop_load_share": 1,
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


BY_HAND = {"CO-13": approach_of_the_tower, "CO-28": evaporation_of_the_tower, "PU-01": pue_of_all_deployments}


def tolerance(text, key):
    """{"rel": x} or {"abs": x} for a key, from "rel 1e-6; fuel_volume rel 1e-2"; "exact" is no room at all."""
    general, *special = (part.split() for part in text.split("; "))
    kind, *size = next((rest for name, *rest in special if key.split()[0] == name), general)
    return {"rel": 0, "abs": 0} | ({} if kind == "exact" else {kind: float(size[0])})


@pytest.mark.parametrize("case", [case for case in CASES if case not in OUT_OF_SCOPE])
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


def test_every_case_is_answered_or_out_of_scope():
    """A case without a function of the model would fail above, so the two lists need only not overlap or stray."""
    assert OUT_OF_SCOPE.keys() | BY_HAND.keys() <= CASES.keys()
    assert not OUT_OF_SCOPE.keys() & BY_HAND.keys()
    in_the_models_words = {case for case, row in CASES.items() if case not in BY_HAND and all(
        " in " in key or key.split()[0] in {*GRAPH.quantities, *GRAPH.givens, *GRAPH.checks}
        for key in json.loads(row["expected"]))}
    assert in_the_models_words | BY_HAND.keys() | OUT_OF_SCOPE.keys() == CASES.keys()
    assert not in_the_models_words & OUT_OF_SCOPE.keys()


@pytest.mark.parametrize("column", ["what", "tolerance", "reason", "source", "grade"])
def test_every_case_has_its(column):
    assert [case for case, row in CASES.items() if not row[column]] == []
