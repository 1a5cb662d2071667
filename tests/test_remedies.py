"""Plants without enough chillers: what is said mends them when it is taken by the letter, and asks nothing that breaks."""

import re

import pytest

from dcestimate.cli.main import main

NONE = "trim_share=0"
MISSED, ADVISED = "supply temperature is missed", "would hold without chillers"


def said(estimate_, words):
    return [text for text in estimate_.warnings if words in text]


def advised(estimate_):
    """What a user would copy from the notes: settings of supply temperatures."""
    found = [re.search(r"(?:air|liquid)\.terminal_supply_temperature=[\d.]+ degC", text)
             for text in said(estimate_, ADVISED)]
    return tuple(match[0] for match in found)


@pytest.mark.parametrize(("chip", "region", "cooling", "settings"), [
    ("gb300", "us-east-1", "dlc-dry", ("air.trim_share=1",)),
    ("gb300", "us-east-1", "dlc-tower", ("air.trim_share=1",)),
    ("gb300", "us-east-1", "water-source", ()),
    ("h100-sxm", "eu-north-1", "air-direct", ("air.terminal_supply_temperature=20 degC",)),
    # limits put away, so that rises of tens of kelvin are advised, by which the air thins
    ("h100-sxm", "ap-southeast-1", "air-chiller", ("inlet_air_limit=70 degC",)),
    ("gb300", "us-west-1", "dlc-dry", ("inlet_air_limit=70 degC", "coolant_supply_limit=80 degC",
                                       "adiabatic_effectiveness=0")),
    ("h100-sxm", "eu-south-2", "air-tower", ("inlet_air_limit=70 degC",)),
    ("h100-sxm", "us-east-1", "air-direct", ("inlet_air_limit=70 degC", "evaporative_effectiveness=0",
                                             "outside_air_dew_point_limit=40 degC")),
])
def test_the_supply_that_is_advised_holds(run, chip, region, cooling, settings):
    settings = (NONE, *settings)
    one = run("20k", chip, region, settings=settings, cooling=cooling)
    assert said(one, MISSED)
    assert advised(one)
    mended = run("20k", chip, region, settings=(*settings, *advised(one)), cooling=cooling)
    assert not said(mended, MISSED)
    assert mended["largest_unmet_heat"] == 0


@pytest.mark.parametrize(("chip", "region", "cooling", "limit"), [
    ("h100-sxm", "ap-southeast-1", "air-chiller", "inlet_air_limit"),  # 26 K above 24 degC, and systems bear 30 degC
    ("gb300", "me-central-1", "dlc-dry", "coolant_supply_limit"),  # 8 K above 40 degC, and racks bear 45 degC
    ("h100-sxm", "us-east-1", "rear-door", "inlet_air_limit"),  # air leaves a door no colder than its water
])
def test_no_supply_is_advised_that_the_systems_do_not_bear(run, chip, region, cooling, limit):
    one = run("20k", chip, region, settings=(NONE,), cooling=cooling)
    assert said(one, MISSED)
    assert not advised(one)
    assert advised(run("20k", chip, region, settings=(NONE, f"{limit}=70 degC"), cooling=cooling))


def test_the_assist_that_is_advised_holds(run):
    dry = (NONE, "air.trim_share=1", "extreme_dry_bulb=43 degC", "liquid.terminal_supply_temperature=49 degC",
           "air.adiabatic_effectiveness=0")
    one = run("10k", "gb300", settings=(*dry, "liquid.adiabatic_effectiveness=0"), cooling="dlc-dry")
    setting = re.search(r"liquid\.adiabatic_effectiveness=[\d.]+", *said(one, "adiabatic assist"))[0]
    mended = run("10k", "gb300", settings=(*dry, setting), cooling="dlc-dry")
    assert mended["largest_unmet_heat"] == 0


def test_an_assist_is_advised_for_one_stream_where_none_helps_the_other(run):
    """Air at 24 degC is beyond any assist in Virginia, coolant at 44 degC is not."""
    short = (NONE, "adiabatic_effectiveness=0", "liquid.terminal_supply_temperature=44 degC")
    one = run("10k", "gb300", settings=short, cooling="dlc-dry")
    text, = said(one, "adiabatic assist")
    setting = re.search(r"liquid\.adiabatic_effectiveness=[\d.]+", text)[0]
    mended = run("10k", "gb300", settings=(*short, setting), cooling="dlc-dry")
    assert not said(mended, "coolant's supply temperature is missed")
    assert said(mended, "air's supply temperature is missed")


@pytest.mark.parametrize(("region", "cooling"), [("ap-southeast-1", "dlc-tower"), ("us-east-1", "dlc-tower"),
                                                 ("phoenix-az", "dlc-dry"), ("me-central-1", "dlc-dry")])
def test_trim_chillers_are_no_smaller_than_is_said(run, region, cooling):
    """Beside towers they are larger: their own heat warms the water, so that the economizer takes less."""
    one = run("10k", "gb300", region, settings=("liquid.trim_share=0",), cooling=cooling)
    least = float(one["liquid_unmet_heat"])
    assert said(one, "trim chillers for at least")
    mended = run("10k", "gb300", region, cooling=cooling)
    v = mended.deployments[0].values()
    carried = (v["dry_residual_heat"] + v["tower_residual_heat"])[0, 0, 1].max() / 1e6
    assert carried >= least * (1 - 1e-9)
    assert (carried > 1.3 * least) == (cooling == "dlc-tower")


def test_a_hall_on_outside_air_without_chillers_says_what_it_misses(run):
    """Dry air of 32.4 degC in Stockholm misses 24 degC of supply by that and what the fans add."""
    one = run("20k", "h100-sxm", "eu-north-1", cooling="air-direct",
              settings=(NONE, "evaporative_effectiveness=0", "air.terminal_supply_temperature=24 degC"))
    v = one.deployments[0].values()
    fans = v["air_handler_rise"][0, 0, 0, 0].item()
    assert one["air_supply_shortfall"] == pytest.approx(32.38 - 24 + fans, abs=1e-6)
    assert said(one, "air's supply temperature is missed by 9.") or said(one, "air's supply temperature is missed by 8.")
    assert not said(one, "neither economizers nor chillers")


@pytest.mark.parametrize(("region", "limit", "enough"), [
    ("us-east-1", "outside_air_dew_point_limit", "29 degC"), ("us-west-2", "outside_air_dry_bulb_limit", "50 degC"),
])
def test_a_lock_out_without_chillers_is_named_and_mended_by_its_limit(run, region, limit, enough):
    settings = (NONE, "air.terminal_supply_temperature=30 degC")
    one = run("20k", "h100-sxm", region, cooling="air-direct", settings=settings)
    text, = said(one, "locks outside air out")
    assert limit in text
    assert text.startswith("warning: ")
    assert not advised(one)
    assert not said(run("20k", "h100-sxm", region, cooling="air-direct", settings=(*settings, f"{limit}={enough}")),
                    "locks outside air out")
    sufficient = re.search(rf"{limit}=([\d.]+) degC", text)[1]
    for value, holds in ((float(sufficient), True), (float(sufficient) - 0.3, False)):
        mended = run("20k", "h100-sxm", region, cooling="air-direct", settings=(*settings, f"{limit}={value} degC"))
        assert (not said(mended, f"above {limit}")) == holds


def test_heat_that_nothing_takes_is_said_to_have_nothing(run):
    one = run("20k", "h100-sxm", cooling="air-chiller", settings=(NONE, "economizer_share=0"))
    assert said(one, "neither economizers nor chillers")
    assert not said(one, MISSED)


def test_what_is_said_is_in_the_units_that_are_shown(capsys):
    """In US units too the advice holds when it is taken by the letter."""
    asked = ["estimate", "10k", "--chip", "gb300", "--region", "phoenix-az", "--cooling", "dlc-dry", "-s",
             "liquid.trim_share=0", "-u", "us"]
    assert main(asked) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert re.search(r"missed by [\d.]+ delta_degF in the wet design state \([\d.]+ degF dry", told)
    assert "degC" not in told
    setting = re.search(r"liquid\.terminal_supply_temperature=[\d.]+ degF", told)[0]
    assert main([*asked, "-s", setting]) == 0
    assert "supply temperature is missed" not in " ".join(capsys.readouterr().err.split())
