"""Physics against other programs, against limits, and against conservation of energy."""

import CoolProp.CoolProp as coolprop
import numpy as np
import psychrolib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcestimate.arrays import solve
from dcestimate.estimation import estimate
from dcestimate.physics import chillers, exchangers, moist_air, towers
from dcestimate.physics.drives import drive_power
from dcestimate.request import lines

psychrolib.SetUnitSystem(psychrolib.SI)
AIR = [(t, rh, p) for t in (-20.0, -5.0, 3.0, 12.0, 24.0, 35.0, 45.0) for rh in (0.1, 0.4, 0.7, 0.95)
       for p in (101325.0, 83431.0)]


@pytest.mark.parametrize(("t", "rh", "p"), AIR)
def test_moist_air_agrees_with_psychrolib(t, rh, p):
    """The same equations of the same handbook; the heat capacities are rounded alike, so only rounding is left."""
    humidity = psychrolib.GetHumRatioFromRelHum(t, rh, p)
    k = np.array(t + 273.15)
    assert moist_air.relative_humidity_ratio(k, rh, p) == pytest.approx(humidity, rel=1e-6)
    assert moist_air.saturation_pressure(k) == pytest.approx(psychrolib.GetSatVapPres(t), rel=1e-6)
    assert moist_air.enthalpy(k, humidity) == pytest.approx(psychrolib.GetMoistAirEnthalpy(t, humidity), rel=1e-4, abs=30)
    assert moist_air.specific_volume(k, humidity, p) == pytest.approx(
        psychrolib.GetMoistAirVolume(t, humidity, p), rel=1e-6)
    wet = psychrolib.GetTWetBulbFromHumRatio(t, humidity, p)
    assert moist_air.humidity_ratio(k, np.array(wet + 273.15), p) == pytest.approx(
        psychrolib.GetHumRatioFromTWetBulb(t, wet, p), rel=1e-6)
    # psychrolib stops within 0.001 K; between ice and water at 0 degC the inverse jumps
    assert moist_air.wet_bulb(k, np.array(humidity), p) - 273.15 == pytest.approx(wet, abs=0.02 if abs(wet) < 1 else 2e-3)


@pytest.mark.parametrize("t", [-20.0, -5.0, 0.0, 5.0, 10.0, 17.0, 27.0, 40.0, 60.0])
def test_dew_point_agrees_with_psychrolib(t):
    """The handbook's fit is within 0.04 K of the inverse of its own saturation pressure, which psychrolib solves."""
    vapour = psychrolib.GetSatVapPres(t)
    assert psychrolib.GetTDewPointFromVapPres(70.0, vapour) == pytest.approx(t, abs=1e-3)
    assert moist_air.dew_point(np.array(vapour)) - 273.15 == pytest.approx(t, abs=0.04)


def test_dew_point_of_dry_air_is_a_number():
    assert np.isfinite(moist_air.dew_point(np.array([0.0, 1e-9]))).all()


@pytest.mark.parametrize("t", [55.0, 67.0])
@pytest.mark.parametrize("rh", [0.02, 0.2, 0.7])
def test_wet_bulb_beyond_the_hottest_weather(t, rh):
    """67 degC is the highest dry bulb a figure may have; two steps leave 5e-3 K there at sea level, psychrolib 0.001."""
    humidity = psychrolib.GetHumRatioFromRelHum(t, rh, 101325.0)
    wet = psychrolib.GetTWetBulbFromHumRatio(t, humidity, 101325.0)
    assert moist_air.wet_bulb(np.array(t + 273.15), np.array(humidity), 101325.0) - 273.15 == pytest.approx(wet, abs=6e-3)


def test_dry_bulb_inverts_enthalpy():
    assert moist_air.dry_bulb(moist_air.enthalpy(303.15, 0.012), 0.012) == pytest.approx(303.15)


@pytest.mark.parametrize(("t", "rh"), [(10, 0.5), (25, 0.5), (35, 0.3), (40, 0.6)])
def test_moist_air_agrees_with_coolprop(t, rh):
    """A real-gas mixture: 0.3 % on humidity and density covers the enhancement factor that ideal gas leaves out."""
    humidity = moist_air.relative_humidity_ratio(t + 273.15, rh, 101325.0)
    assert humidity == pytest.approx(coolprop.HAPropsSI("W", "T", t + 273.15, "R", rh, "P", 101325), rel=6e-3)
    assert moist_air.specific_volume(t + 273.15, humidity, 101325.0) == pytest.approx(
        coolprop.HAPropsSI("V", "T", t + 273.15, "R", rh, "P", 101325), rel=2e-3)


@given(st.floats(-15, 45), st.floats(0.05, 1.0), st.floats(70e3, 104e3))
def test_wet_bulb_inverts_humidity_ratio(t, rh, p):
    dry = np.array(t + 273.15)
    humidity = moist_air.relative_humidity_ratio(dry, rh, p)
    wet = moist_air.wet_bulb(dry, humidity, p)
    assert wet <= dry + 1e-9
    if abs(wet - 273.15) > 1e-3:  # between ice and water the relation is not continuous
        assert moist_air.humidity_ratio(dry, wet, p) == pytest.approx(float(humidity), rel=1e-4, abs=1e-7)


def test_saturated_exit_inverts_enthalpy():
    t = np.linspace(275, 325, 50)
    humidity = moist_air.saturation_humidity_ratio(t, 101325.0)
    found, exit_humidity = moist_air.saturated_exit(moist_air.enthalpy(t, humidity), t + 8, 101325.0)
    np.testing.assert_allclose(found, t, atol=3e-3)  # three Newton steps
    np.testing.assert_allclose(exit_humidity, humidity, rtol=1e-3)


def test_adiabatic_cooling_reaches_saturation_at_the_wet_bulb():
    dry, wet = 308.15, 293.15
    before = moist_air.humidity_ratio(dry, wet, 101325.0)
    gain = moist_air.adiabatic_humidity_gain(dry, wet, wet, before)
    # equation 33 at t = tw is saturation, up to the handbook's rounded heat capacities
    assert before + gain == pytest.approx(moist_air.saturation_humidity_ratio(wet, 101325.0), rel=2e-3)


@given(st.floats(0.05, 12), st.floats(0.01, 1.0))
def test_exchangers_stay_below_their_limit(ntu, ratio):
    """Never above 1 - exp(-NTU), which is that of a capacity ratio of zero, and above nothing."""
    assert 0 < float(exchangers.crossflow_effectiveness(ntu, ratio)) <= 1 - np.exp(-ntu) + 1e-9


@given(st.floats(-20, 26), st.floats(2, 20), st.floats(0.2, 3))
def test_tower_correlation_inverts(wet_bulb, water_range, ratio):
    terms = towers.york_terms(np.array(wet_bulb + 273.15))
    approach = towers.york_approach(np.array(wet_bulb + 273.15), water_range, ratio)
    found = towers.york_liquid_gas_ratio(terms, water_range, approach)
    again = towers.york_approach(np.array(wet_bulb + 273.15), water_range, found)
    assert again == pytest.approx(float(approach), abs=1e-6)


def test_tower_approach_grows_as_the_wet_bulb_falls():
    wet = np.array([25.0, 20, 15, 10, 5, 0]) + 273.15
    assert np.all(np.diff(towers.york_approach(wet, 5.6, 1.0)) > 0)


def test_chiller_limits():
    """The Carnot limit itself at a share of 1; less lift never takes more power; no load takes none."""
    assert chillers.carnot_power_ratio(280.0, 310.0, 1.0, 1.0) == pytest.approx(30 / 280)
    lifts = chillers.carnot_power_ratio(280.0, np.linspace(285, 330, 20), 0.5, 10.0)
    assert np.all(np.diff(lifts) >= 0)
    assert chillers.part_load_power(0.0, 0.12, 0.58, 0.30, 0.1) == 0
    assert chillers.part_load_power(1.0, 0.12, 0.58, 0.30, 0.1) == pytest.approx(1)


def test_sharing_a_flow_saves_by_the_affinity_law():
    """N + R units at N/(N+R) of the flow use (N/(N+R))^(n-1) of the power."""
    alone, shared = drive_power(1.0, 1.0, 1.0, 3, 0.1), drive_power(1.0, 1.0, 5 / 4, 3, 0.1)
    assert shared / alone == pytest.approx((4 / 5) ** 2)


@given(st.floats(-3, 3), st.floats(0.2, 4))
def test_solver_finds_the_root_of_a_rising_function(root, steepness):
    low, high = np.full((1, 1, 1, 1), -5.0), np.full((1, 1, 1, 1), 5.0)
    found = solve(lambda x: np.expm1(steepness * (x - root)), low, high, 60)
    assert found == pytest.approx(root, abs=1e-6)


def test_solver_returns_the_nearer_end_without_a_root():
    low, high = np.zeros((1, 1, 1, 1)), np.ones((1, 1, 1, 1))
    assert solve(lambda x: x + 10, low, high, 5) == 0
    assert solve(lambda x: x - 10, low, high, 5) == 1


def test_solver_works_on_every_place_by_itself():
    """Roots at 0.25 and 0.5 beside a place without one; figures of one state serve them all."""
    low, high = np.zeros((1, 1, 1, 1)), np.ones((1, 1, 1, 1))
    roots = np.array([0.25, 0.5, 2.0]).reshape(1, 1, 1, 3)
    found = solve(lambda x, root, slope: slope * (x - root), low, high, 3, roots, np.full((1, 1, 1, 1), 2.0))
    assert found.ravel() == pytest.approx([0.25, 0.5, 1])


CHIPS = ["h100-sxm", "b200", "gb200", "gb300", "mi300x", "trainium2", "tpu-v7"]
COOLINGS = ["air-chiller", "air-evaporative", "air-tower", "dlc-dry", "dlc-tower", "fixed-overhead"]
POWERS = ["n", "n-plus-1", "2n", "distributed-3-to-2", "distributed-4-to-3", "block-redundant-4-plus-1"]
REGIONS = ["us-east-1", "us-west-2", "eu-north-1", "ap-southeast-1", "ap-south-1", "ap-northeast-1"]
REQUESTS = st.tuples(st.integers(1, 300_000), st.sampled_from(CHIPS), st.sampled_from(REGIONS),
                     st.sampled_from(COOLINGS), st.sampled_from(POWERS))


def one(library, request, **more):
    count, chip, region, cooling, power = request
    return estimate(library, lines(library, count, chip, region, cooling=cooling, power=power, **more)).deployments[0]


@settings(deadline=None, max_examples=60)
@given(REQUESTS)
def test_energy_balance_closes(library, request_):
    """Every watt at the meter leaves as heat: through outside air, coolers, condensers, towers, rooms and machines."""
    v = one(library, request_).values()

    def both(x):
        return np.sum(np.broadcast_to(x, (*x.shape[:2], 2, x.shape[3])), axis=2, keepdims=True)

    outside_air = both(v["stream_heat"] * v["outside_air_free_share"] * v["plant_share"])
    unmodelled = both(v["stream_heat"] * (1 - v["plant_share"]))
    dry_path = v["loop_heat"] * (1 - v["tower_share"])
    dry_coolers = both(dry_path * v["dry_free_share"])
    condensers = both(v["dry_residual_heat"] + v["air_chiller_power"])
    towers_ = both(v["tower_heat"])
    pump_losses = both((v["terminal_power"]) * (1 - v["terminal_heat_share"])
                       + v["loop_pump_power"] * (1 - v["pump_heat_share"])
                       + v["rejection_pump_power"] * (1 - v["pump_heat_share"] * v["tower_share"]))
    fans = both(v["dry_cooler_fan_power"] + v["tower_fan_power"] + v["evaporative_pump_power"])
    rooms = v["ups_loss"] + v["electrical_room_cooling_power"]
    switchgear = v["low_voltage_power"] * (1 - v["low_voltage_efficiency"])
    substation = v["facility_power"] * (1 - v["substation_efficiency"])
    other = v["transformer_loss"] + v["house_power_share"] * v["it_power"] + v["fixed_overhead_power"]
    out = (outside_air + unmodelled + dry_coolers + condensers + towers_ + pump_losses + fans + rooms + switchgear
           + substation + other)
    np.testing.assert_allclose(out, np.broadcast_to(v["facility_power"], out.shape), rtol=1e-9)


ONE_COOLER = 0.8  # MW


@settings(deadline=None, max_examples=60)
@given(REQUESTS)
def test_orders_that_must_hold(library, request_):
    d = one(library, request_)
    assert d.it_average_power <= d.it_peak_power <= d.critical_it_power <= d.it_nameplate_power * (1 + 1e-12)
    assert d.pue >= 1
    assert d.peak_pue >= 1
    assert d.facility_expected_peak_power <= d.facility_peak_power * (1 + 1e-9)
    if d.critical_it_power > ONE_COOLER:  # the fans of whole units can take more from a rack than chillers would
        assert d.facility_average_power <= d.facility_expected_peak_power
    assert d.annual_water_consumption <= d.annual_water
    assert d.economizer_hours + d.partial_economizer_hours <= 8760 + 1e-6
    assert d.pue == pytest.approx(d.cooling_ppue + d.power_ppue - 1)
    assert d.cooling_load == pytest.approx(d.air_heat_load + d.liquid_heat_load + d.electrical_room_heat_load)


@settings(deadline=None, max_examples=40)
@given(REQUESTS, st.integers(1, 50_000))
def test_more_accelerators_never_need_less(library, request_, more):
    few, many = one(library, request_), one(library, (request_[0] + more, *request_[1:]))
    for name in ("compute_rack_count", "rack_count", "switch_count", "critical_it_power", "installed_accelerator_count",
                 "annual_energy", "white_space"):
        assert many[name] >= few[name] * (1 - 1e-9), name


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(COOLINGS[:5]), st.floats(-10, 38), st.floats(0.3, 3))
def test_hotter_never_saves_within_a_mode(library, cooling, dry_bulb, step):
    """At equal humidity ratio and in the same mode (same free shares) a hotter state takes no less cooling power."""
    line = lines(library, "20k", "gb300", "us-east-1", cooling=cooling)[0]
    values = at_weather(library, line, np.array([dry_bulb, dry_bulb + step]) + 273.15)
    free = [values[n][..., 2:4] for n in ("outside_air_free_share", "dry_free_share", "tower_free_share")
            if values[n].shape[-1] > 1]
    modes = [np.where(f >= 1 - 1e-9, 2, np.where(f > 1e-9, 1, 0)) for f in free]
    if all((m[..., 0] == m[..., 1]).all() for m in modes):
        cooler, hotter = values["cooling_power"][0, 0, 0, 2:4]
        assert hotter >= cooler * (1 - 1e-6)


def at_weather(library, line, dry_bulbs, humidity=0.004):
    """The model's arrays for a year that consists of some dry bulbs [K] at one humidity ratio."""
    from dcestimate.figures import figures, to_arrays
    from dcestimate.profile_kinds import GRAPH

    taken = figures(library, line)
    arrays = to_arrays([taken], [0], [line.count])
    saturated = moist_air.saturation_humidity_ratio(dry_bulbs, 101325.0)
    wet = moist_air.wet_bulb(dry_bulbs, np.minimum(humidity, saturated), 101325.0)
    arrays["bin_dry_bulb"], arrays["bin_wet_bulb"] = (x.reshape(1, 1, 1, -1) for x in (dry_bulbs, wet))
    arrays["bin_hours"] = np.full_like(arrays["bin_dry_bulb"], 8760 * 3600 / len(dry_bulbs))
    return GRAPH.evaluate(arrays, taken.missing)


@settings(deadline=None, max_examples=20)
@given(st.floats(20, 400), st.sampled_from(["kW/rack", "MW/rack", "W/rack"]))
def test_the_unit_of_an_input_does_not_matter(library, kilowatts, unit):
    scale = {"kW/rack": 1, "MW/rack": 1e-3, "W/rack": 1e3}[unit]
    texts = (f"rack_power_limit={kilowatts:.6f} kW/rack", f"rack_power_limit={kilowatts * scale:.9f} {unit}")
    a, b = (one(library, (2000, "h100-sxm", "us-east-1", "air-chiller", "n"), settings=[t]) for t in texts)
    assert a.rack_count == pytest.approx(b.rack_count)
