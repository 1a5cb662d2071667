"""Halls on outside air: what they draw in, what locks it out, and what is said when it does not suffice."""

import psychrolib
import pytest

from dcestimate import units

psychrolib.SetUnitSystem(psychrolib.SI)

STOCKHOLM = {"region": "eu-north-1", "cooling": "air-direct"}


def test_what_rejectors_breathe_again_does_not_enter_the_hall(run):
    """The extremes of Stockholm are 32.38 degC dry, and 25.34 wet with 30.85 dry: pads of 0.85 give 26.2 degC, enough.

    A condenser in the same yard stands in air that is warmer by the allowance.
    """
    found = [run("100k", "h100-sxm", settings=(f"recirculation_allowance={a} K", f"wet_recirculation_allowance={a} K"),
                 **STOCKHOLM) for a in (0, 5)]
    none, five = (one.deployments[0].values() for one in found)
    assert [one.chiller_count for one in found] == [0, 0]
    for name in ("outside_air_free_share", "outside_air_temperature"):
        assert (none[name] == five[name]).all()
    outdoors, entering = (units.from_si(five[name][0, 0, 0, [0, -2]], "degC") for name in ("dry_bulb", "entering_dry_bulb"))
    assert outdoors == pytest.approx(32.38)
    assert entering == pytest.approx(32.38 + 5)
    assert (five["entering_dry_bulb"] == five["dry_bulb"])[..., 2:-2].all()


def lock_outs(estimate_):
    return [text for text in estimate_.warnings if "locks outside air out" in text]


def test_humidity_that_sizes_chillers_is_named_with_its_limit_and_state(run):
    """Ashburn at its extreme wet bulb is 0.1 K of dew point above the limit, and that buys nearly all chillers."""
    one = run("100k", "h100-sxm", cooling="air-direct")
    text, = lock_outs(one)
    assert text.startswith("note: chillers of ")
    v = one.deployments[0].values()
    dry, wet = (units.from_si(v[name][..., 1].item(), "degC") for name in ("dry_bulb", "wet_bulb"))
    dew_point = psychrolib.GetTDewPointFromTWetBulb(dry, wet, v["atmospheric_pressure"].item())
    assert 27 < dew_point == pytest.approx(units.from_si(v["outdoor_dew_point"][..., 0, 1].item(), "degC"), abs=0.04)
    assert f"the wet design state ({dry:.1f} degC dry and {wet:.1f} degC wet bulb), whose dew point of 27." in text
    assert "above outside_air_dew_point_limit of 27 degC" in text
    higher = run("100k", "h100-sxm", cooling="air-direct", settings=("outside_air_dew_point_limit=28 degC",))
    assert not lock_outs(higher)
    assert higher.chiller_count < one.chiller_count / 2


def test_heat_that_sizes_chillers_is_named_with_its_limit_and_state(run):
    one = run("100k", "h100-sxm", "us-west-2", cooling="air-direct")
    text, = lock_outs(one)
    assert "are for the dry design state (45.8 degC" in text
    assert "dry bulb of 45.8 degC is above outside_air_dry_bulb_limit of 45 degC" in text
    assert not lock_outs(run("100k", "h100-sxm", "us-west-2", cooling="air-direct",
                             settings=("outside_air_dry_bulb_limit=50 degC",)))


@pytest.mark.parametrize("design", [
    STOCKHOLM,  # no chillers at all
    {"cooling": "air-chiller"},  # a closed hall
    {"cooling": "air-direct", "settings": ("evaporative_effectiveness=0", "outside_air_dew_point_limit=29 degC")},
])
def test_chillers_that_no_limit_asks_for_are_not_blamed_on_one(run, design):
    assert not lock_outs(run("100k", "h100-sxm", **design))
