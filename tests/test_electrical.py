"""The electrical plant: chains, counts, and what a site or a topology does to them."""

import numpy as np
import pytest

from dcestimate.errors import InfeasibleError

CHAINS = ("n-plus-1", "n-plus-1-eco", "rack-batteries", "dc-800")


def test_redundancy_moves_counts_load_and_losses(run):
    found = {p: run("20k", "gb200", power=p) for p in ("n", "n-plus-1", "2n", "distributed-3-to-2", "distributed-4-to-3")}
    modules = {p: d.ups_module_count for p, d in found.items()}
    assert modules["n"] < modules["n-plus-1"] < modules["2n"]
    assert modules["distributed-4-to-3"] <= modules["distributed-3-to-2"] < modules["2n"]
    assert found["2n"].ups_load_fraction == pytest.approx(found["n"].ups_load_fraction / 2, rel=0.01)
    assert found["2n"].power_ppue > found["n"].power_ppue
    assert found["2n"].transformer_count == 2 * found["n"].transformer_count
    assert found["2n"].battery_energy == pytest.approx(2 * found["n"].battery_energy, rel=0.01)


def test_a_catcher_idles_but_burns(run):
    """Block redundant: the idle system carries nothing, so the others carry what N would."""
    block = run("20k", "gb200", power="block-redundant-4-plus-1", settings=("ups_module_capacity=0.5 MW",))
    idle_free = run("20k", "gb200", power="block-redundant-4-plus-1",
                    settings=("ups_module_capacity=0.5 MW", "power_systems=4", "power_systems_idle=0"))
    assert block.ups_load_fraction == pytest.approx(idle_free.ups_load_fraction, rel=1e-3)
    assert block.ups_module_count == idle_free.ups_module_count * 5 / 4
    assert block.power_ppue > idle_free.power_ppue


def test_eco_mode_saves_by_its_share_of_time(run):
    """Energy falls in proportion to the time, and nothing that is sized for the extremes moves."""
    none, half, whole = (run("20k", "gb200", power="n", settings=(f"ups_eco_share={share}",)) for share in (0, 0.5, 1))
    assert half.annual_energy == pytest.approx((none.annual_energy + whole.annual_energy) / 2, rel=1e-4)
    assert whole.annual_energy < none.annual_energy
    for name in ("facility_peak_power", "ups_module_count", "transformer_count", "grid_connection", "cooling_load"):
        assert whole[name] == none[name], name


def test_eco_mode_loses_what_the_maker_states(run):
    """Eaton states 99 % for the 9395XR in energy saver mode, and up to 97.5 % in double conversion."""
    for share, stated in ((0, 0.975), (1, 0.99)):
        v = run("20k", "gb200", power="n", settings=(f"ups_eco_share={share}",)).deployments[0].values()
        efficiency = (v["ups_output_power"] / v["ups_input_power"])[..., 2:-2]
        assert stated - 0.01 < efficiency.mean() <= stated + 1e-3


def test_racks_with_batteries_pass_the_ups(run):
    """The UPS is left with pumps and fans; each rack's batteries hold its power for four minutes at the end of life."""
    d = run("20k", "gb200", power="rack-batteries")
    v = d.deployments[0].values()
    assert v["ups_output_power"].max() < 0.05 * v["it_power"].max()
    racks = d.critical_it_power * 1e3
    ups = v["ups_output_power"][..., :2].max() / 1e3
    by_hand = [max(kw * minutes / 60 / (0.9 * 0.8), kw / 12) for kw, minutes in ((racks, 4), (ups / 0.96, 5))]
    assert d.battery_energy == pytest.approx(sum(by_hand), rel=1e-6)
    without = run("20k", "gb200", power="n-plus-1")
    assert d.ups_module_count * 0.25 < 0.1 * without.ups_module_count * 1.25
    assert d.it_average_power == without.it_average_power


def test_direct_current_saves_at_the_meter_what_is_claimed(run):
    """NVIDIA claims up to 5 % end to end for 800 V; it comes off the meter, and not all of it shows in PUE."""
    alternating, direct = (run("20k", "gb200", power=power) for power in ("n-plus-1", "dc-800"))
    saving = 1 - direct.facility_average_power / alternating.facility_average_power
    assert 0.01 < saving < 0.05
    assert direct.system_nameplate_power == pytest.approx(alternating.system_nameplate_power * (1 - 0.015))
    assert 1 - direct.pue / alternating.pue < saving
    assert direct.transformer_count < 0.5 * alternating.transformer_count


@pytest.mark.parametrize("power", CHAINS)
def test_every_chain_closes(run, power):
    """Meter = IT + all losses + cooling + house loads, in every state, whatever passes the UPS or the transformers."""
    v = run("20k", "gb200", power=power).deployments[0].values()
    switchgear = v["low_voltage_power"] * (1 - v["low_voltage_efficiency"])
    substation = v["facility_power"] * (1 - v["substation_efficiency"])
    spent = (v["it_power"] + v["distribution_loss"] + v["ups_loss"] + switchgear + v["transformer_loss"] + substation
             + v["cooling_power"] + v["house_power_share"] * v["it_power"])
    assert v["facility_power"] == pytest.approx(spent, rel=1e-12)


def test_thin_and_hot_air_take_rating_away(run):
    """0.4 % a 100 m above 1,000 m, and for transformers 1 % a kelvin above 40 degC."""
    high = run("20k", "gb200", settings=("elevation=3000 m", "extreme_dry_bulb=41 degC")).deployments[0].values()
    assert high["electrical_site_factor"].item() == pytest.approx(1 - 0.08)
    above = high["yard_dry_bulb"].item() - 273.15 - 40
    assert high["transformer_site_factor"].item() == pytest.approx(1 - 0.08 - 0.01 * above)
    small = ("ups_module_capacity=0.25 MW", "transformer_capacity=250 kVA")
    low, thin = (run("20k", "gb200", settings=(*small, f"elevation={z} m")) for z in (1000, 3000))
    assert thin.ups_module_count / low.ups_module_count == pytest.approx(1 / 0.92, rel=0.03)
    assert thin.transformer_count > low.transformer_count


def test_a_chiller_that_starts_across_the_line_sizes_the_generators(run):
    """Six times its power (Kohler, Power Systems Topics 103) on top of all that runs: five more than with a drive."""
    soft, direct = (run("20k", "gb300", settings=(f"motor_start_factor={factor}",)) for factor in (1, 6))
    v = direct.deployments[0].values()
    more = direct.generator_count - soft.generator_count
    assert 0 < more <= v["block_count"].item() * (1 + 5 * v["chiller_running_power"].item()
                                                  // v["generator_unit_capacity"].item())
    assert soft.generator_count == run("20k", "gb300", settings=("motor_start_factor=1", "generator_step_limit=1")
                                       ).generator_count


def test_a_large_step_takes_sets_that_bear_it(graph):
    """Two megawatts in one step of sets that bear a quarter of their rating: eight megawatts of sets, whatever runs."""
    load = graph.quantities["generator_block_load"]
    assert load(3e6, 1, 0.5e6, 2e6, 0.25) == 8e6
    assert load(30e6, 1, 0.5e6, 2e6, 0.25) == 31.5e6


def test_racks_on_direct_current_have_no_batteries_of_the_other_kind(run):
    """The rectifiers that stand for the UPS hold them; racks that pass the UPS would have no rectifier at all."""
    with pytest.raises(InfeasibleError, match="racks on direct current"):
        run("20k", "gb200", power="dc-800", settings=("rack_battery_share=1",))


def test_racks_on_direct_current_have_circuits_of_two_conductors(run):
    """800 V x 60 A x 0.8 are 38.4 kW a circuit, where three phases of 415 V carry 34.5 kVA x 0.98."""
    direct, poor = (run("20k", "gb200", power="dc-800", settings=s) for s in ((), ("it_power_factor=0.9 W/VA",)))
    circuits = direct.deployments[0].values()
    assert circuits["rack_circuit_power"].item() == pytest.approx(38.4e3 * circuits["circuits_per_feed"].item())
    assert poor.deployments[0].values()["rack_circuit_power"] == circuits["rack_circuit_power"]
    alternating = run("20k", "gb200", power="n-plus-1").deployments[0].values()
    assert alternating["rack_circuit_power"].item() == pytest.approx(34.502e3 * 0.98 * circuits["circuits_per_feed"].item(),
                                                                    rel=1e-4)


def test_batteries_in_racks_take_no_room(run):
    """Battery and electrical rooms are for what the UPS carries."""
    racks, ups = (run("20k", "gb200", power=power) for power in ("rack-batteries", "n-plus-1"))
    assert racks.ups_battery_energy < 0.05 * racks.battery_energy
    assert racks.support_space < 0.8 * ups.support_space


def test_switchgear_follows_the_current(graph):
    """2,500 kVA at 415 V are 3,478 A, with 80 % continuous load 4,347 A: one lineup of 5,000 A, or two of 4,000 A."""
    power = np.full((1, 1, 1, 1), 2.5e6)
    current = graph.quantities["low_voltage_current"](power, 1, 1, 3**0.5, 415)
    assert current.item() == pytest.approx(3478, abs=0.5)
    count = graph.quantities["switchgear_count"]
    frames = [count(current, share, frame, 1, 1, 1).item() for share, frame in ((0.8, 5000), (0.8, 4000), (1, 4000))]
    assert frames == [1, 2, 1]
    assert count(current, 0.8, 5000, 1, 1, 3).item() == 3


def test_a_substation_stands_the_loss_of_a_transformer(run):
    """Firm capacity is that of one transformer fewer."""
    d = run("100k", "gb300")
    assert (d.substation_transformer_count - 1) * 100 >= d.grid_connection > (d.substation_transformer_count - 2) * 100


def test_feeders_carry_a_block_with_a_system_failed(run):
    """10 MW blocks take tens of amperes at 34.5 kV: one feeder to a system; at 4.16 kV they take two of 1,200 A."""
    d = run("20k", "gb200", power="2n")
    blocks = d.deployments[0].values()["block_count"].item()
    assert d.feeder_count == 2 * blocks
    low = run("20k", "gb200", power="2n", settings=("medium_voltage=4.16 kV",))
    assert low.feeder_count == 2 * blocks * -(-low.feeder_current / 0.8 // 1200)
    assert low.feeder_count > d.feeder_count
