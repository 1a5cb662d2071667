"""Halls on outside air: what they draw in, what locks it out, and what is said when it does not suffice."""

import re

import numpy as np
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


# humidity, against psychrolib


DRY = {"region": "ca-west-1", "cooling": "air-evaporative"}


def year_of(values, name):
    """A quantity's weather bins, in SI."""
    array = np.broadcast_to(values[name], (1, 1, values[name].shape[2], values["dry_bulb"].shape[-1]))
    return array[0, 0, 0, 2:-2]


def celsius(values, name):
    return year_of(values, name) - 273.15


def test_humidifiers_add_what_outside_air_lacks(run):
    """Bin by bin: outside air by an energy balance of its own, brought to -9 degC of dew point or 8 % where it is drier."""
    v = run("100k", "h100-sxm", **DRY).deployments[0].values()
    pressure = v["atmospheric_pressure"].item()
    heat = year_of(v, "stream_heat") * year_of(v, "outside_air_free_share")
    setpoint, outside = celsius(v, "air_handler_setpoint"), celsius(v, "outside_air_temperature")
    dry = 0
    for n, (dry_bulb, wet_bulb) in enumerate(zip(celsius(v, "dry_bulb"), celsius(v, "wet_bulb"), strict=True)):
        humidity = psychrolib.GetHumRatioFromTWetBulb(dry_bulb, wet_bulb, pressure)
        least = max(psychrolib.GetHumRatioFromTDewPoint(-9, pressure),
                    psychrolib.GetHumRatioFromRelHum(setpoint[n], 0.08, pressure))
        rise = year_of(v, "air_handler_temperature_difference")[n] + setpoint[n] - outside[n]
        airflow = heat[n] / ((1006 + 1860 * humidity) * rise)
        wanted = airflow * max(least - humidity - year_of(v, "evaporative_humidity_gain")[n], 0)
        # within 2e-3 of what is put in: the coldest bins are read over ice, where psychrolib stops its root at 1e-3 K
        assert year_of(v, "outside_air_humidification")[n] == pytest.approx(wanted, rel=2e-3, abs=1e-3)
        dry += wanted > 0
    assert 50 < dry < len(setpoint)


def test_humidified_air_is_water_and_no_energy(run):
    none, all_ = (run("100k", "h100-sxm", settings=(f"humidified_share={share}",), **DRY).deployments[0]
                  for share in (0, 1))
    assert all_.wue > 2 * none.wue
    assert all_.pue == none.pue
    assert all_.annual_water_consumption - none.annual_water_consumption == pytest.approx(
        all_.annual_water - none.annual_water)  # humidifiers drain nothing


def test_air_too_humid_is_shut_out_unless_return_air_dries_it(run):
    """70 % of relative humidity, minded from 10 K below the set point on: there, and nowhere else, chillers run for it."""
    free, minded = (run("100k", "h100-sxm", "us-east-1", cooling="air-direct", settings=settings).deployments[0].values()
                    for settings in ((), ("outside_air_humidity_limit=0.7", "supply_air_float=10 K")))
    pressure, shut = minded["atmospheric_pressure"].item(), 0
    for n, (dry_bulb, wet_bulb) in enumerate(zip(celsius(minded, "dry_bulb"), celsius(minded, "wet_bulb"), strict=True)):
        humid = psychrolib.GetRelHumFromTWetBulb(dry_bulb, wet_bulb, pressure)
        unmixed = dry_bulb >= celsius(minded, "air_handler_setpoint")[n] - 10
        before = year_of(free, "outside_air_allowed")[n]
        if abs(humid - 0.7) > 0.002:
            assert year_of(minded, "outside_air_allowed")[n] == (0 if unmixed and humid > 0.7 else before)
            shut += unmixed and humid > 0.7 and before
    assert shut > 20


def test_air_that_floats_is_let_in_as_it_comes(run):
    """Below its set point by no more than the float nothing is mixed in: all of the air that moves is outside air."""
    held, floating = (run("100k", "h100-sxm", cooling="air-direct", settings=(f"supply_air_float={kelvin} K",),
                          region="us-east-1").deployments[0].values() for kelvin in (0, 10))
    below = celsius(held, "air_handler_setpoint") - celsius(held, "outside_air_temperature")
    within = (below > 0) & (below < 10)
    assert (year_of(floating, "outside_supply_temperature") == year_of(floating, "outside_air_temperature"))[within].all()
    assert (year_of(floating, "outside_airflow") > year_of(held, "outside_airflow"))[within].all()
    difference = year_of(held, "air_handler_temperature_difference")
    assert (year_of(floating, "outside_airflow") / year_of(held, "outside_airflow"))[within] == pytest.approx(
        ((difference + below) / difference)[within])


def test_wet_coils_lose_water_and_no_heat(run):
    """A sensible heat ratio of 0.95: a twentieth of what the loop carries, over the 2,445 kJ/kg of water at 24 degC."""
    dry, wet = (run("100k", "h100-sxm", cooling="air-chiller", settings=(f"air.coil_latent_share={share}",)).deployments[0]
                for share in (0, 0.05))
    v = wet.values()
    carried = (v["carried_heat"][..., 0, :] * v["hours"][..., 0, :]).sum()  # [J]
    litres = 0.05 * carried / 2445e3 / 0.9982
    assert (wet.annual_water - dry.annual_water) * 1e6 == pytest.approx(litres, rel=1e-3)  # ML; the latent heat is rounded
    assert wet.annual_energy == dry.annual_energy


def test_humidifiers_and_the_lock_out_do_not_contradict_each_other(run):
    settings = ("humidified_share=1", "humidifier_dew_point=20 degC")
    found = run("100k", "h100-sxm", "us-west-2", cooling="air-evaporative", settings=settings)
    assert any("above the outside_air_dew_point_limit of 17 degC" in text and "lower humidifier_dew_point" in text
               for text in found.warnings)
    plain = run("100k", "h100-sxm", "us-west-2", cooling="air-evaporative")
    assert not any("humidifier" in text for text in plain.warnings)


def test_damp_air_is_named_with_its_limit(run):
    settings = ("outside_air_humidity_limit=0.4", "supply_air_float=0 K")
    text, = [t for t in lock_outs(run("100k", "h100-sxm", cooling="air-direct", region="eu-north-1", settings=settings))
             if "relative humidity" in t]
    assert "above outside_air_humidity_limit of 0.4 and locks outside air out" in text
    bare = run("100k", "h100-sxm", cooling="air-direct", region="eu-north-1",
               settings=(*settings, "air.trim_share=0", "air.economizer_share=0"))
    advice = next(text for text in bare.warnings if "locks outside air out" in text)
    limit = float(re.search(r"set outside_air_humidity_limit=([0-9.]+)$", advice)[1])
    short = [any("relative humidity" in text for text in run(
        "100k", "h100-sxm", cooling="air-direct", region="eu-north-1", settings=(
            f"outside_air_humidity_limit={value}", *settings[1:], "air.trim_share=0", "air.economizer_share=0")).warnings)
        for value in (limit, limit - 0.001)]
    assert short == [False, True]
