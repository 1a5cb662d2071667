"""Worked cases of others, each run through the model's own functions.

The cases are in data/worked_cases.csv with their sources, and each tolerance with its reason. A function below is named
after its case; it turns the case's inputs into figures, lets the model compute, and names the results as the case does.
"""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dcestimate import units
from dcestimate.estimation import total
from dcestimate.model import power, totals
from dcestimate.physics import exchangers, fat_tree, moist_air, towers
from dcestimate.physics.drives import drive_power
from dcestimate.profiles import GRAPH, Library

TABLE = Path(__file__).parent / "data" / "worked_cases.csv"
CASES = {row["id"]: row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())}
LIBRARY = Library()
ANSWERS = {}

OUT_OF_SCOPE = {
    "IT-04": "a power supply is one efficiency here, inside the vendor's maximum where there is one; it has no curve",
    "NET-11": "a third party's share of a published power, divided by a count: there is nothing to compute",
    "EL-13": "load steps and ramps are not modelled",
    "CO-11": "a regression of another tool; the chillers here are a share of the Carnot cycle",
    "CO-17": "rules of thumb and all heat evaporating water; evaporation here is that of saturated exit, CO-28",
    "CO-21": "three functions of another tool, with its own plant and its own controls",
    "CO-25": "stands on the regression of CO-11 and on a latent share, neither of which is here",
    "PU-02": "the ceilings of ASHRAE 90.4 are not reported",
    "PU-04": "reuse of heat is not modelled",
    "PU-09": "all heat evaporating water, as CO-17",
}

LEFT_OUT = {
    "IT-01 shortfall_pct": "1 less the ratio",
    "IT-06 network_share_of_IT_nameplate": "not a result",
    "IT-06 IT_expected_peak_MW": "a share of the critical power there; here each part of the load has its own peak",
    "IT-08 cap_ratio": "a ratio of two inputs",
    "IT-08 gpu_silicon_MW_at_cap": "a product of two inputs",
    "IT-08 gpu_silicon_share_of_facility": "a ratio of the above",
    "NET-12 host_single_port_equiv_kW": "modules in the systems are inside the systems' maximum here",
    "EL-12 additive_error_kW": "how wrong another way is",
    "CO-20 mode": "a name for the share",
    "CO-28 cases.0.latent_share_vs_hfg30": "over the all-latent rule of CO-17",
    "CO-28 cases.1.latent_share_vs_hfg30": "over the all-latent rule of CO-17",
    "CO-28 cases.2.latent_share_vs_hfg30": "over the all-latent rule of CO-17",
    "PU-01 mean_of_ratios_wrong": "how wrong another way is",
    "PU-06 CUE_kg_per_kWh_IT": "not a result",
    "PU-08 annual_MWh_if_PUE_on_nameplate": "how wrong another way is",
    "PU-08 error_factor": "how wrong another way is",
    "SP-01 pitch_m": "tiles, which floors are not counted in here",
    "RG-04 offsite_water_m3": "water of power stations is not modelled",
    "RG-05 flow_ratio": "a ratio of two inputs",
}


def answers(*cases):
    def take(function):
        ANSWERS.update(dict.fromkeys(cases, function))
        return function

    return take


def si(name, value):
    """A figure in SI as the model's array: from a text such as "12 K", from (numbers, unit), or from plain SI."""
    if isinstance(value, str):
        value = units.parse(value, GRAPH[name].unit)
    elif isinstance(value, tuple):
        value = units.to_si(np.array(value[0], dtype=float), value[1])
    array = np.asarray(value, dtype=float)
    return array if array.ndim == 4 else array.reshape(1, -1, 1, 1)


def streams(air, liquid):
    """An array of an air and a liquid stream, [SI]."""
    return np.array([air, liquid], dtype=float).reshape(1, 1, 2, 1)


def states(*values):
    """An array over states, [SI]: two design states first, and two of the expected peak last."""
    return np.array(values, dtype=float).reshape(1, 1, 1, -1)


def work_out(wanted, **figures):
    """The model's value of ``wanted`` [SI], through every quantity between it and the figures given."""
    values = {name: si(name, value) for name, value in figures.items()}
    chain, waiting = set(), [wanted]
    while waiting:
        name = waiting.pop()
        if name not in values and name not in chain:
            chain.add(name)
            waiting.extend(GRAPH[name].parameters)
    for item in GRAPH.order:
        if item.name in chain:
            values[item.name] = item(*(values[name] for name in item.parameters))
    return values[wanted]


def model(wanted, unit=None, **figures):
    """The model's value of ``wanted`` in a unit, its own when none is named: a float, or a list of them."""
    value = np.ravel(units.from_si(work_out(wanted, **figures), unit or GRAPH[wanted].unit))
    return float(value[0]) if value.size == 1 else value.tolist()


def shipped(kind, name, figure):
    """A figure of a shipped profile [SI]."""
    return LIBRARY.load(kind, name).figures[figure].value


def flat(tree, prefix=""):
    """{"a.0": x} of {"a": [x]}."""
    if not isinstance(tree, dict | list):
        return {prefix: tree}
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    return {k: v for key, value in pairs for k, v in flat(value, f"{prefix}.{key}" if prefix else str(key)).items()}


def tolerance(text, key):
    """{"rel": x} or {"abs": x} for a key, from "rel 1e-6; key rel 1e-3"; "exact" is nothing at all."""
    general, *special = (part.split() for part in text.split("; "))
    kind, *size = next((rest for name, *rest in special if key.startswith(name)), general)
    return {"abs": 0, "rel": 0} if kind == "exact" else {"abs": 0, "rel": 0, kind: float(size[0])}


@pytest.mark.parametrize("case", [case for case in CASES if case not in OUT_OF_SCOPE])
def test_the_model_agrees(case):
    row = CASES[case]
    expected, found = flat(json.loads(row["expected"])), flat(ANSWERS[case](json.loads(row["inputs"])))
    left_out = {key for key in expected if f"{case} {key}".startswith(tuple(n for n in LEFT_OUT if n.startswith(case)))}
    assert found.keys() == expected.keys() - left_out
    wrong = {key: (found[key], expected[key]) for key in found
             if found[key] != pytest.approx(expected[key], **tolerance(row["tolerance"], key))}
    assert not wrong, f"{row['what']}: (model, {row['source']})"


def test_every_case_is_answered_or_out_of_scope():
    assert ANSWERS.keys() | OUT_OF_SCOPE.keys() == CASES.keys()
    assert not ANSWERS.keys() & OUT_OF_SCOPE.keys()


def test_every_tolerance_has_its_reason():
    assert [i for i, row in CASES.items() if not (row["tolerance"] and row["reason"] and row["source"])] == []


# units


@answers("UN-01")
def _(g):
    texts = {"kW_per_ton_refrigeration": ("1 TR", "kW"), "kg_per_tonne": ("1 tonne", "kg"),
             "kg_per_short_ton": ("1 short_ton", "kg"), "m2_per_ft2": ("1 ft2", "m2"), "m2_per_acre": ("1 acre", "m2"),
             "L_per_US_gal": ("1 gal", "L"), "m3s_per_cfm": ("1 cfm", "m3/s"), "kW_per_hp": ("1 hp", "kW"),
             "W_per_m2_for_100_W_per_ft2": ("100 W/ft2", "W/m2"), "K_per_delta_degF": ("1 delta_degF", "K"),
             "kPa_per_psi": ("1 psi", "kPa"), "Lps_per_gpm": ("1 gpm", "L/s")}
    return {name: units.convert(*text)[0] for name, text in texts.items()}


@answers("UN-02")
def _(g):
    return {"T_degC": units.convert(f"{g['T_degF']} degF", "degC")[0],
            "dT_K": units.convert(f"{g['dT_degF']} delta_degF", "K")[0]}


# IT power


@answers("IT-01")
def _(g):
    peak = model("system_peak_power", "kW/system", system_nameplate_power=f"{g['node_rated_kW']} kW/system",
                 workload_peak_share=shipped("system", "dgx-h100", "training_peak_share"))
    return {"ratio": peak / g["node_rated_kW"]}


@answers("IT-03")
def _(g):
    parts = g["components_W"]
    node = {"accelerators_per_system": 8, "tdp": f"{parts['gpu'] / 8} W/chip",
            "host_power": f"{sum(parts.values()) - parts['gpu']} W/system"}

    def built_up(fans, supply):
        return model("built_up_system_power", "W/system", **node, server_fan_share=fans, power_supply_efficiency=supply)

    dc, ac = built_up(0, 1), built_up(g["fan_fraction_of_dc"], g["psu_eff"])
    return {"dc_W": dc, "fan_W": built_up(g["fan_fraction_of_dc"], 1) - dc, "ac_W": ac,
            "W_per_gpu": model("all_in_power", it_nameplate_power=ac, installed_accelerator_count=8),
            "overhead_factor_vs_gpu": ac / model("accelerator_power", "W/system", accelerators_per_system=8, tdp=node["tdp"])}


@answers("IT-06")
def _(g):
    switch = f"{g['switch_kW']} kW"
    fleet = {"accelerator_count": g["gpus"], "accelerators_per_system": g["gpus_per_node"], "spare_share": 0,
             "system_nameplate_power": f"{g['node_nameplate_kW']} kW/system", "storage_power_share":
             g["storage_frac_of_compute"], "management_power_share": g["mgmt_frac_of_compute"],
             "provision_ratio": g["provision_ratio"], "workload_average_share": g["avg_to_nameplate"],
             "idle_average_share": 0, "support_average_share": g["avg_to_nameplate"], "switch_maximum_power": switch,
             "switch_typical_power": f"{g['switch_kW'] * g['avg_to_nameplate']} kW", "storage_switch_count": 0,
             "frontend_switch_count": 0, "management_switch_count": 0, "switch_transceiver_count": 0,
             "transceiver_power": 0, "transceiver_power_in_switch_maximum": 1, "frontend_switch_maximum_power": 0,
             "frontend_switch_typical_power": 0, "management_switch_power": 0,
             **{f"{kind}_switch_count": count for kind, count in g["switches"].items()}}
    average = model("it_average_power", **fleet)
    return {"nodes": model("required_system_count", **fleet), "compute_MW": model("compute_power", **fleet),
            "network_MW": model("network_power", **fleet), "storage_MW": model("storage_power", **fleet),
            "network_W_per_gpu": model("all_in_power", **fleet, it_nameplate_power=work_out("network_power", **fleet)),
            "mgmt_MW": model("management_power", **fleet), "IT_nameplate_MW": model("it_nameplate_power", **fleet),
            "IT_provisioned_MW": model("critical_it_power", **fleet), "IT_average_MW": average,
            "annual_IT_MWh": model("annual_it_energy", "MWh", it_power=f"{average} MW", hours="8760 h")}


@answers("IT-08")
def _(g):
    site = {"facility_peak_power": f"{g['facility_MW']} MW", "installed_accelerator_count": g["gpus"]}
    assert not implausible(tdp=f"{g['gpu_TDP_W']} W/chip", **site)
    return {"W_per_gpu_facility": model("facility_power_per_accelerator", **site)}


def implausible(**figures):
    limits = [shipped("physics", "physics", f"{end}_plausible_tdp_multiple") for end in ("lowest", "highest")]
    return totals.tdp_multiple_is_plausible(work_out("tdp_multiple", **figures), *limits).item()


@answers("IT-09")
def _(g):
    racks = model("required_system_count", accelerator_count=g["claim_units"], accelerators_per_system=g["gpus_per_rack"])
    rack = {"system_nameplate_power": f"{g['rack_kW']} kW/system"}
    claimed = work_out("compute_power", system_count=g["claim_units"], **rack)
    assert implausible(facility_peak_power=claimed, installed_accelerator_count=g["claim_units"], tdp="1200 W/chip")
    return {"if_gpus_MW": model("compute_power", system_count=racks, **rack), "racks_if_gpus": racks,
            "if_racks_MW": model("compute_power", system_count=g["claim_units"], **rack)}


# networks


def fabric(g, wanted, **more):
    return model(wanted, switch_radix=g["radix"], oversubscription=g.get("oversub", 1), rail_count=g.get("rails", 1), **more)


@answers("NET-01")
def _(g):
    nodes = {"system_count": g["nodes_installed"], "fabric_ports_per_system": "8 1/system"}
    return {"leaf": fabric(g, "leaf_switch_count", **nodes), "spine": fabric(g, "spine_switch_count", **nodes)}


@answers("NET-02", "NET-05", "NET-07")
def _(g):
    results = {"tiers": "fabric_tier_count", "leaf": "leaf_switch_count", "spine": "spine_switch_count",
               "core": "core_switch_count", "switches": "switch_count", "cables_node_leaf": "endpoint_cable_count",
               "cables_leaf_spine": "leaf_spine_cable_count", "cables_spine_core": "spine_core_cable_count"}
    return {ours: fabric(g, name, endpoint_count=g["endpoints"]) for ours, name in results.items()}


@answers("NET-08")
def _(g):
    radix, down = g["radix"], fat_tree.down_ports(g["radix"], 1.0)
    return {"max_hosts_2tier": fat_tree.two_tier_limit(radix, down),
            "max_hosts_3tier": fat_tree.three_tier_limit(radix, down),
            "full_3tier_switches": fabric(g, "switch_count", endpoint_count=fat_tree.three_tier_limit(radix, down))}


BARE = {"storage_switch_count": 0, "frontend_switch_count": 0, "frontend_switch_maximum_power": 0,
        "management_switch_count": 0, "management_switch_power": 0, "transceiver_power_in_switch_maximum": 0}


@answers("NET-10")
def _(g):
    links = {"endpoint_count": g["endpoints"], "copper_link_share": 0, "ports_per_transceiver": g["ends_per_module"]}
    watts = {"switch_maximum_power": f"{g['W_per_switch']} W", "transceiver_power": f"{g['transceiver_W']} W"}
    network = {"unit": "kW", **links, **BARE}
    whole = units.to_si(fabric(g, "network_power", **network, **watts), "kW")
    return {"switch_kW": fabric(g, "network_power", **network, **{**watts, "transceiver_power": 0}),
            "switch_side_modules": fabric(g, "switch_transceiver_count", **links),
            "optics_kW": fabric(g, "network_power", **network, **{**watts, "switch_maximum_power": 0}),
            "total_W_per_gpu": model("all_in_power", it_nameplate_power=whole, installed_accelerator_count=g["endpoints"])}


@answers("NET-12")
def _(g):
    optics = {"switch_transceiver_count": g["modules"], "transceiver_power": f"{g['W_twin_port_max']} W"}
    return {"switch_optics_kW_max": model("network_power", "kW", switch_count=0, switch_maximum_power=0, **optics, **BARE)}
