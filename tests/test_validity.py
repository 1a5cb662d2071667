"""Where formulas hold: outside, a result says which quantity, range and state, or is refused; inside it is silent.

Ranges are those of the sources of ``physics``; which inputs leave them is arithmetic that stands beside each case.
"""

import re

import numpy as np
import pytest

from dcestimate import units
from dcestimate.errors import InfeasibleError, UsageError
from dcestimate.physics import chillers, drives, moist_air, towers

RANGE = ("loop_temperature_difference", "rejection_temperature_difference", "condenser_temperature_difference")


def said(run, beginning, *request, settings=(), **designs):
    return [text for text in run("10k", *request, settings=tuple(settings), **designs).warnings if beginning in text]


@pytest.mark.parametrize(("beginning", "cooling", "region", "outside", "inside"), [
    # Singapore's extreme wet bulb is 29.7 degC and 1 K more in the plant; Stockholm's is below 26.7 degC
    ("note: tower_approach: the entering wet bulb of 30.7 degC in the wet design state", "air-tower", "ap-southeast-1", [],
     ["extreme_wet_bulb=25 degC"]),
    ("note: tower_approach: the entering wet bulb of", "air-tower", "eu-north-1", ["extreme_wet_bulb=27 degC"], []),
    # water that warms by 30 K in exchangers and condensers, and by less than 1.1 K
    ("warning: tower_range of", "air-tower", "eu-north-1", [f"{name}=30 K" for name in RANGE], []),
    ("warning: tower_range of", "air-tower", "eu-north-1", [f"{name}=1 K" for name in RANGE], []),
    # no ratio up to 8 gives an approach of 60 K
    ("warning: tower_approach of 60 K at the rating of 25.6 degC", "air-tower", "eu-north-1", ["tower_approach=60 K"],
     ["tower_approach=8 K"]),
    ("warning: tower_liquid_gas_ratio of", "air-tower", "eu-north-1", ["tower_approach=60 K"], ["tower_approach=8 K"]),
    ("warning: tower_leaving_humidity_ratio: air leaves", "air-tower", "eu-north-1", ["tower_approach=60 K"], []),
    # a coolant of 3 degC asks for pads in frost, one of 45 degC does not
    ("warning: adiabatic_humidity_gain: the entering wet bulb of -", "dlc-dry", "lulea-se",
     ["adiabatic_effectiveness=0.8", "terminal_supply_temperature=3 degC"], ["adiabatic_effectiveness=0.8"]),
])
def test_outside_a_range_the_result_says_so(run, beginning, cooling, region, outside, inside):
    chip = "gb300" if cooling == "dlc-dry" else "h100-sxm"
    text, = said(run, beginning, chip, region, settings=outside, cooling=cooling)
    assert not said(run, beginning, chip, region, settings=inside, cooling=cooling)
    if "at the rating" not in beginning:
        assert re.search(r"in the (wet design state|dry design state|weather bin) (\(|of )-?[\d.]+ degC dry and "
                         r"-?[\d.]+ degC wet bulb", text)


def test_the_state_that_is_named_is_the_worst(run):
    """The coldest bin of Luleå, whose wet bulb is the lowest of its weather file."""
    d = run("10k", "h100-sxm", "lulea-se", cooling="air-tower").deployments[0]
    text, = (w for w in d.warnings if "tower_approach" in w)
    coldest = units.from_si(d.values()["bin_wet_bulb"].min(), "degC")
    assert f"wet bulb of {coldest:.4g} degC in the weather bin of" in text


def test_ranges_in_texts_are_those_of_the_physics(graph):
    texts = {name: check.message for name, check in graph.checks.items()}
    low, high = (units.from_si(x, "degC") for x in (towers.LOWEST_WET_BULB, towers.HIGHEST_WET_BULB))
    assert f"{low:.1f} to {high:.1f} degC" in texts["wet_bulb_within_tower_correlation"]
    assert f"{towers.SMALLEST_RANGE:.1f} to {towers.LARGEST_RANGE:.1f} K" in texts["range_within_tower_correlation"]
    assert f"the {towers.LARGEST_LIQUID_GAS_RATIO:g} of" in texts["ratio_within_tower_correlation"]
    assert f"the {moist_air.FARTHEST_GUESS:g} K within" in texts["leaving_air_is_found"]


@pytest.mark.parametrize(("load", "warns"), [([0.2, 1.0], False), ([0.9, 1.05], True)])
def test_ups_above_their_curve(graph, load, warns):
    """Modules are sized for the design states, so just a year that draws more than they do gets there."""
    assert np.any(graph.checks["ups_within_its_curve"](np.array(load).reshape(1, 1, 1, -1))) == warns


@pytest.mark.parametrize(("cooling", "slope"), [("air-chiller", "air_chiller_condenser_slope=-0.3 1/K"),
                                                ("air-tower", "water_chiller_condenser_slope=-2 1/K")])
def test_a_chiller_without_capacity_is_refused(run, cooling, slope):
    """Air of 50 degC is 15 K above the rating of 35 degC, where a line that falls by 30 % a kelvin is far below zero."""
    with pytest.raises(InfeasibleError, match=r"capacity_factor of -.* in the .* leaves a chiller nothing"):
        run("10k", "h100-sxm", "me-central-1", cooling=cooling, settings=(slope,))


@pytest.mark.parametrize(("cooling", "chip", "setting", "hot"), [
    # facility water at 35 degC that warms by 16 K, from coolant that is supplied at 40 and warms by 10 K
    ("dlc-dry", "gb300", "liquid.loop_temperature_difference=16 K", "51 degC, warmer than the 50 degC"),
    # facility water at 20 degC that warms by 8 K, from air that is supplied at 24 and warms by 3 K, of which a part misses
    ("air-chiller", "h100-sxm", "air_temperature_difference=3 K", "28 degC, warmer than the 26.86 degC"),
])
def test_a_loop_warmer_than_what_heats_it_is_told(run, cooling, chip, setting, hot):
    text, = said(run, "warning: the facility loop would return at", chip, settings=[setting], cooling=cooling)
    assert hot in text
    assert not said(run, "warning: the facility loop would return at", chip, cooling=cooling)


@pytest.mark.parametrize(("beginning", "cooling", "chip", "outside", "inside"), [
    # curves fitted at 15 to 50 degC of air and 8 to 45 of chilled water, 13 to 36 and 8 to 25 where towers cool condensers
    ("note: air_chiller_power: air of 53.5 degC", "air-chiller", "h100-sxm", "extreme_dry_bulb=51 degC",
     "extreme_dry_bulb=47 degC"),
    ("note: air_chiller_power: chilled water of 6 degC", "air-chiller", "h100-sxm",
     "air.terminal_supply_temperature=10 degC", "air.terminal_supply_temperature=13 degC"),
    ("note: water_chiller_power: tower water of", "air-tower", "h100-sxm", "extreme_wet_bulb=35 degC",
     "extreme_wet_bulb=28 degC"),
    ("note: water_chiller_power: chilled water of 30 degC", "dlc-tower", "gb300",
     "liquid.terminal_supply_temperature=35 degC", "liquid.terminal_supply_temperature=30 degC"),
])
def test_chillers_beyond_their_curves_say_so(run, beginning, cooling, chip, outside, inside):
    assert said(run, beginning, chip, settings=[outside], cooling=cooling)
    assert not said(run, beginning.rpartition(" of")[0], chip, settings=[inside], cooling=cooling)


def test_a_loop_just_below_what_heats_it_is_not(run):
    assert not said(run, "warning: the facility loop would return at", "gb300", cooling="dlc-dry",
                    settings=["liquid.loop_temperature_difference=15 K"])


# the function contract of the methods reference: bounds that refuse, and limits that hold

@pytest.mark.parametrize("setting", [
    "elevation=4100 m", "power_factor=0.7 W/VA", "cycles_of_concentration=1", "dry_cooler_approach=0 K",
    "air_temperature_difference=0 K", "coolant_temperature_difference=0 K", "terminal_flow_exponent=3.5",
    "liquid_share=1.1", "tower_rating_wet_bulb=28 degC", "tower_rating_range=25 K", "transformer_load_limit=1.1",
    "chiller_staging_limit=1.1", "adiabatic_effectiveness=1.1", "provision_ratio=1.1", "outside_air_share=-0.1",
])
def test_a_figure_outside_its_bounds_is_refused(run, setting):
    with pytest.raises(UsageError, match=setting.partition("=")[0]):
        run("10k", "gb300", settings=(setting,))


@pytest.mark.parametrize(("held", "at_limit"), [
    # tower: inputs are held to the limits of the correlation
    (towers.york_approach(np.array(306.0), 5.6, 1.0), towers.york_approach(np.array(towers.HIGHEST_WET_BULB), 5.6, 1.0)),
    (towers.york_approach(np.array(290.0), 30.0, 1.0), towers.york_approach(np.array(290.0), towers.LARGEST_RANGE, 1.0)),
    (towers.york_approach(np.array(290.0), 0.2, 1.0), towers.york_approach(np.array(290.0), towers.SMALLEST_RANGE, 1.0)),
    (towers.york_approach(np.array(290.0), 5.6, 20.0), towers.york_approach(np.array(290.0), 5.6, 8.0)),
    # chiller: no less lift than the least, no less load than it cycles at, in proportion
    (chillers.carnot_power_ratio(280.0, 281.0, 0.6, 11.0), chillers.carnot_power_ratio(280.0, 291.0, 0.6, 11.0)),
    (chillers.part_load_power(0.05, 0.12, 0.5, 0.38, 0.1), chillers.part_load_power(0.1, 0.12, 0.5, 0.38, 0.1) / 2),
    # fan: no slower than the least speed
    (drives.drive_power(1.0, 0.1, 1.0, 3, 0.3), drives.drive_power(1.0, 0.3, 1.0, 3, 0.3)),
])
def test_a_limit_holds(held, at_limit):
    assert float(held) == pytest.approx(float(at_limit))


def test_head_pressure_is_held_in_the_cold(graph):
    """Below the lowest condenser water a chiller draws what it draws at it."""
    chiller = graph.quantities["water_chiller_power"]
    figures = {"tower_residual_heat": 1e6, "trim_share": 1, "water_chiller_capacity_factor": 1,
               "water_chiller_unit_capacity": 1e6,
               "water_chiller_installed_per_block": 1, "block_count": 1, "chiller_staging_limit": 1,
               "water_chiller_evaporator_temperature": 278.15, "water_chiller_lowest_condenser_water": 288.15,
               "water_chiller_condenser_approach": 7, "water_chiller_carnot_share": 0.62, "chiller_smallest_lift": 5,
               "water_chiller_fixed_power": 0.12, "water_chiller_proportional_power": 0.5,
               "water_chiller_square_power": 0.38, "chiller_minimum_load": 0.1}
    figures = {name: np.array(float(x)) for name, x in figures.items()}
    cold, at_limit, warm = (float(chiller(**figures, tower_temperature=np.array(t))) for t in (275.0, 288.15, 300.0))
    assert cold == at_limit < warm


def test_blowdown_is_never_negative(graph):
    """Many cycles of concentration ask for less than the drift already carries away."""
    assert graph.quantities["blowdown"](np.array(1.0), np.array(1000.0), np.array(0.01)) == 0
