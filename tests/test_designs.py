"""Designs are figures: what a planner changes moves what it should, the way it should."""

import itertools

import pytest

from dcestimate.estimation import estimate
from dcestimate.profiles import Library
from dcestimate.request import lines

SIXTH = """
schema = "dcestimate/cooling/1"
title = "Half towers, half dry coolers on warm water"
like = "dlc-tower"

[air]
tower_share = { value = "0.5", source = "assumption", grade = "C", note = "a plant of two kinds" }

[liquid]
tower_share = { value = "0.5", source = "assumption", grade = "C", note = "a plant of two kinds" }

[sources.assumption]
title = "Engineering judgement"
publisher = "a planner"
"""


def test_a_sixth_design_from_a_file_lies_between_two(tmp_path, run):
    """With every other figure equal, half towers use about half the water of all towers, and dry coolers none."""
    (tmp_path / "half-and-half.toml").write_text(SIXTH)
    library = Library([tmp_path])
    half = estimate(library, lines(library, "20k", "gb300", "us-east-1", cooling="half-and-half"))
    wet, dry = (run("20k", "gb300", cooling="dlc-tower", settings=(f"tower_share={share}",)) for share in (1, 0))
    assert dry.annual_water == 0
    assert half.annual_water == pytest.approx(wet.annual_water / 2, rel=0.03)
    assert half.heat_rejection_unit_count > 0
    for name in ("annual_cooling_energy", "pue"):
        ends = sorted((dry[name], wet[name]))
        assert ends[0] * 0.999 <= half[name] <= ends[1] * 1.001


@pytest.mark.parametrize("name", ["annual_water", "peak_day_water"])
def test_shares_move_smoothly_between_designs(run, name):
    found = [run("20k", "gb300", cooling="dlc-tower", settings=(f"tower_share={share}", "tower_unit_capacity=100 kW"))[name]
             for share in (0, 0.25, 0.5, 0.75, 1)]
    assert found == sorted(found)
    steps = [b - a for a, b in itertools.pairwise(found)]
    assert max(steps) < 1.2 * min(steps)


def test_the_extremes_are_two_states(run):
    """A dry plant is sized by the dry extreme; towers' water temperature peaks in the wet one."""
    values = run("20k", "gb300", cooling="dlc-tower").deployments[0].values()
    dry_bulb, wet_bulb, water = (values[n][0, 0, -1, :2] for n in ("dry_bulb", "wet_bulb", "tower_temperature"))
    assert dry_bulb[0] > dry_bulb[1]
    assert wet_bulb[1] > wet_bulb[0]
    assert water[1] > water[0]
    assert run("20k", "h100-sxm", cooling="air-chiller")["facility_peak_weather"] == "dry"


def test_plant_is_sized_on_extremes_and_not_on_the_year(run):
    hotter = run("20k", "h100-sxm", cooling="air-chiller", settings=("extreme_dry_bulb=46 degC",))
    base = run("20k", "h100-sxm", cooling="air-chiller")
    assert hotter.facility_peak_power > base.facility_peak_power
    assert hotter.annual_energy == pytest.approx(base.annual_energy, rel=2e-3)


def test_altitude_thins_the_air(run):
    """methods: 1,609 m needs 21 % more air volume for the same heat (density ratio 0.8234)."""
    high, low = (run("20k", "h100-sxm", settings=(f"elevation={z} m",)) for z in (1609, 0))
    assert high.supply_airflow / low.supply_airflow == pytest.approx(1 / 0.8234, rel=2e-3)
    assert high.generator_capacity / high.generator_count < low.generator_capacity / low.generator_count


def test_a_liquid_cooled_rack_still_heats_the_room(run):
    d = run("72", "gb200")
    in_air = d.system_nameplate_power * (1 - 0.87) / 1e3
    assert d.air_heat_load > in_air
    assert run("72", "gb200", settings=("liquid_share=1",)).air_heat_load > 0


def test_fixed_overhead_is_the_cooling_that_was_asked_for(run):
    d = run("20k", "gb200", cooling="fixed-overhead", settings=("fixed_cooling_overhead=0.25",))
    electrical_rooms = run("20k", "gb200", cooling="fixed-overhead", settings=("fixed_cooling_overhead=0",))
    assert d.cooling_ppue - electrical_rooms.cooling_ppue == pytest.approx(0.25)
    assert d.chiller_count == d.cdu_count == d.heat_rejection_unit_count == d.annual_water == 0


@pytest.mark.parametrize(("setting", "moved"), [
    ("ups_module_capacity=2.5 MW", ["ups_module_count", "ups_load_fraction", "power_ppue"]),
    ("block_capacity=5 MW", ["ups_module_count", "ups_load_fraction", "generator_count", "feeder_current"]),
    ("transformer_capacity=4000 kVA", ["transformer_count", "power_ppue"]),
    ("fuel_time=24 h", ["fuel_volume"]),
    ("battery_depth_of_discharge=0.6", ["battery_energy"]),
    ("battery_end_of_life_share=0.7", ["battery_energy"]),
    ("battery_discharge_rate=2 1/h", ["battery_energy"]),
    ("cold_aisle_width=2.4 m", ["white_space", "floor_load"]),
    ("rack_depth=1.4 m", ["white_space", "floor_load"]),
    ("provision_ratio=0.9", ["critical_it_power", "chiller_count", "grid_connection"]),
    ("spare_share=3 %", ["system_count", "it_average_power"]),
    ("cycles_of_concentration=3", ["annual_water", "wue"]),
    ("oversubscription=2", ["spine_switch_count", "transceiver_count", "network_power"]),
    ("circuit_continuous_share=1", []),
])
def test_what_a_planner_changes_moves_what_it_should(run, setting, moved):
    base, changed = run("20k", "gb200"), run("20k", "gb200", settings=(setting,))
    for name in moved:
        assert changed[name] != base[name], name


def test_feeds_are_not_added_and_breakers_are_derated(run):
    """One feed must carry the rack: a circuit fewer a feed can take a system out of it."""
    base = run("1000", "h100-sxm")
    weaker = run("1000", "h100-sxm", settings=("circuits_per_feed=1 1/rack",))
    assert (base["rack_limit"], weaker["rack_limit"]) == ("power", "circuits")
    # 415 V x 60 A x sqrt(3) x 0.8 x 0.98 = 33.8 kW carries three systems of 10.2 kW, and 4 without the NEC share
    assert weaker.systems_per_rack == 3
    iec = run("1000", "h100-sxm", settings=("circuits_per_feed=1 1/rack", "circuit_continuous_share=1"))
    assert iec.systems_per_rack == 4


@pytest.mark.parametrize(("setting", "limit"), [("rack_mass_limit=400 kg/rack", "mass"),
                                                ("rack_height=20 rack_unit/rack", "rack units"),
                                                ("rack_power_limit=21 kW/rack", "power")])
def test_the_tightest_limit_is_named(run, setting, limit):
    d = run("1000", "h100-sxm", settings=(setting,))
    assert d["rack_limit"] == limit
    assert d.systems_per_rack < 4


def test_white_space_says_what_bound_it(run):
    assert run("1000", "h100-sxm")["white_space_limit"] == "racks"
    sparse = run("1000", "h100-sxm", settings=("white_space_power_limit=5 kW/m2",))
    assert sparse["white_space_limit"] == "power"
    assert sparse.white_space == pytest.approx(sparse.critical_it_power * 1000 / 5)


def test_a_price_that_is_missing_is_null_with_the_reason(tmp_path):
    from dcestimate.profiles import shipped

    text = (shipped() / "regions" / "us-east-1.toml").read_text()
    kept = [line for line in text.splitlines() if not line.startswith("energy_price")]
    kept = "\n".join(kept).replace("[sources.eia-electric-power-annual]", "[[unused]]", 1)
    kept = kept[: kept.index("[[unused]]")] + kept[kept.index("[", kept.index("[[unused]]") + 12):]
    aliases = 'aliases = ["virginia", "n-virginia", "ashburn", "iad"]'
    (tmp_path / "nowhere.toml").write_text(kept.replace(aliases, "aliases = []"))
    library = Library([tmp_path])
    d = estimate(library, lines(library, "1000", "h100-sxm", "nowhere"))
    assert d["energy_cost"].as_dict() == {"value": None, "unit": "USD/yr", "reason": "nowhere has no energy_price"}
    both = estimate(library, lines(library, "1000", "h100-sxm", "nowhere:50%,us-east-1:50%"))
    assert both["energy_cost"].value is None
    assert both.pue > 1


def test_design_weather_warns_where_it_is_derived(run):
    assert any("grade C" in w for w in run("1000", "h100-sxm", "eu-north-1").warnings)
    assert not any("grade C" in w for w in run("1000", "h100-sxm", "us-east-1").warnings)


def test_the_average_workload_mix_is_between_its_parts(run):
    power = {w: run("1000", "h100-sxm", workload=w).it_average_power
             for w in ("training", "inference", "idle", "inference:2/3,training:1/3")}
    assert power["idle"] < power["inference"] < power["inference:2/3,training:1/3"] < power["training"]


def test_samples_are_an_axis_of_their_own(library):
    """Draws of uncertain figures run at once and give what each gives alone."""
    import numpy as np

    from dcestimate.figures import figures, to_arrays
    from dcestimate.profile_kinds import GRAPH

    for cooling in ("dlc-dry", "dlc-tower", "air-evaporative"):
        line = lines(library, "20k", "gb300", "us-east-1", cooling=cooling)[0]
        taken = figures(library, line)
        arrays = to_arrays([taken], [0], [line.count])
        draws = {"rated_system_power": np.array([132e3, 140e3, 155e3]), "pump_efficiency": np.array([0.6, 0.7, 0.8])}
        together = GRAPH.evaluate({**arrays, **{n: d.reshape(3, 1, 1, 1) for n, d in draws.items()}}, taken.missing)
        for i in range(3):
            alone = GRAPH.evaluate({**arrays, **{n: d[i].reshape(1, 1, 1, 1) for n, d in draws.items()}}, taken.missing)
            for name in ("facility_peak_power", "annual_energy", "annual_water", "chiller_count", "battery_energy"):
                assert together[name].shape == (3, 1, 1, 1)
                assert together[name][i].item() == pytest.approx(alone[name].item(), rel=1e-12)


# designs that move heat between air and liquid, or take it to water


def test_rear_doors_and_tanks_leave_the_room_little_heat(run):
    """All heat leaves; rear doors take 95 % of the air's, tanks 97 %."""
    plain, doors, tanks = (run("10k", "h100-sxm", cooling=c) for c in ("air-chiller", "rear-door", "immersion"))
    for design, share in ((doors, 0.95), (tanks, 0.97)):
        whole = plain["air_heat_load"]
        assert design["air_heat_load"] == pytest.approx((1 - share) * whole, rel=0.03)
        assert design["air_heat_load"] + design["liquid_heat_load"] == pytest.approx(whole, rel=0.05)
        assert design["cdu_count"] > 0
    assert tanks.pue < doors.pue < plain.pue


def test_tanks_have_a_fluid_and_a_floor_of_their_own(run):
    """825 kg/m3 of 2.2 kJ/kg/K that warms by 7 K carry 12.7 MJ/m3; a tank of 2.3 x 1 m with aisles of 1.2 m takes 5.06 m2.

    The reference has 2,000 to 2,500 kg on a square metre of full tanks; here they are not full of systems.
    """
    tanks, racks = (run("10k", "h100-sxm", cooling=c) for c in ("immersion", "air-chiller"))
    heat = tanks.deployments[0].values()["terminal_heat"][0, 0, 1, :2].max()
    assert tanks["coolant_flow"] == pytest.approx(heat / (825 * 2200 * 7) * 60e3)
    assert tanks["rack_area"] == pytest.approx(2.3 * (2 * 1 + 1.2 + 1.2) / 2)
    assert tanks["compute_rack_count"] == racks["compute_rack_count"]
    assert 1500 < tanks["footprint_load"] < 2500
    assert any("footprint" in text for text in tanks.warnings)


def test_a_rear_door_takes_no_more_than_it_can(run):
    """Four of these systems give 57.2 kW to air: doors of 40 kW take 40 of them, ones of 70 kW the 95 % that pass."""
    settings = "rack_power_limit=60 kW/rack", "rack_height=48 rack_unit/rack", "circuit_current=125 A"
    small, large = (run("10k", "b200", cooling="rear-door", settings=(*settings, f"rack_capture_limit={limit} kW/rack"))
                    for limit in (40, 70))
    values = small.deployments[0].values()
    assert values["rack_air_heat"].item() / 1e3 == pytest.approx(57.2)
    assert (values["captured_heat"] / values["room_heat"])[0, 0, 0] == pytest.approx(40 / 57.2)
    values = large.deployments[0].values()
    assert (values["captured_heat"] / values["room_heat"])[0, 0, 0] == pytest.approx(0.95)
    assert small["air_handler_count"] > large["air_handler_count"]
    assert small["air_heat_load"] + small["liquid_heat_load"] == pytest.approx(
        large["air_heat_load"] + large["liquid_heat_load"], rel=0.02)  # but for fans and pumps
    assert any("rear door" in text for text in small.warnings)
    assert not any("rear door" in text for text in large.warnings)


def test_liquid_to_air_units_stand_in_the_rows(run):
    """Units of 70 kW as wide as a rack: as many positions as they are."""
    one, none = (run("10k", "gb300", cooling="liquid-to-air", settings=s) for s in ((), ("liquid_release_unit_width=0 m",)))
    heat = one.deployments[0].values()["liquid_it_heat"][0, 0, 0, :2].max()
    assert one["liquid_release_unit_count"] == -(-heat // 70e3)
    assert one["rack_position_count"] - none["rack_position_count"] == one["liquid_release_unit_count"]
    assert run("10k", "gb300")["liquid_release_unit_count"] == 0


def test_liquid_to_air_units_put_all_heat_into_the_hall(run):
    usual, released = (run("10k", "gb300", cooling=c) for c in ("dlc-dry", "liquid-to-air"))
    assert released["liquid_heat_load"] == 0
    assert released["air_heat_load"] > usual["air_heat_load"] + usual["liquid_heat_load"]  # with the units' own fans
    assert released.pue > usual.pue


@pytest.mark.parametrize(("temperature", "free"), [(10, True), (30, False)])
def test_source_water_cools_by_its_own_temperature_whatever_the_weather(run, temperature, free):
    found = [run("10k", "h100-sxm", region, cooling="water-source",
                 settings=(f"source_water_temperature={temperature} degC",)) for region in ("ap-southeast-1", "eu-north-1")]
    for one in found:
        assert (one["economizer_hours"] > 8759.99) == free
        assert one["annual_water"] == 0
    assert found[0]["cooling_ppue"] == pytest.approx(found[1]["cooling_ppue"], rel=0.01 if free else 0.2)


def test_source_water_passes_exchangers_indoors_and_no_dry_coolers(run):
    """Seawater of 1,025 kg/m3 and 4.0 kJ/kg/K that warms by 6 K carries 6.83 kWh a m3."""
    one, dry = (run("10k", "gb300", cooling=c) for c in ("water-source", "dlc-dry"))
    assert (one["heat_rejection_unit_count"], one["heat_rejection_capacity"]) == (0, 0)
    assert (dry["source_exchanger_count"], dry["source_water_flow"]) == (0, 0)
    v = one.deployments[0].values()
    needed = one["source_water_flow"] * 6.83
    heat = v["loop_design_heat"].sum() / 1e3
    whole = 2 * v["block_count"].item() * 2500  # each stream of each block has up to an exchanger more
    assert heat <= needed * 1.01 <= heat + whole
    assert one["source_exchanger_count"] * 2500 == pytest.approx(one["source_exchanger_capacity"] * 1e3)
    assert one["source_exchanger_capacity"] * 1e3 == pytest.approx(needed + whole, rel=0.01)  # and as many to spare
    generators = v["generator_capacity"].item() / 1e6 * v["generator_yard_area"].item() * 1e6
    chillers = one["chiller_capacity"] * v["dry_cooler_yard_area"].item() * 1e6
    assert one["yard_area"] == pytest.approx(generators + chillers)
    outdoors = run("10k", "gb300", cooling="water-source", settings=("source_exchanger_area=0 m2/MW",))
    assert one["support_space"] - outdoors["support_space"] == pytest.approx(6 * one["source_exchanger_capacity"])


def test_stored_chilled_water_is_the_loops_heat_for_its_time(run):
    """Ten minutes of Q at a rise of dT fill Q t / (rho c dT), over the share that can be used."""
    one = run("10k", "h100-sxm", cooling="air-chiller", settings=("thermal_storage_time=10 min",)).deployments[0]
    v = one.values()
    heat, rise = v["loop_design_heat"][0, 0, 0, 0], v["loop_temperature_difference"][0, 0, 0, 0]
    volume = heat * 600 / (1019.4 * 3938 * rise) / 0.9
    assert one["thermal_storage_volume"] == pytest.approx(volume, rel=1e-9)
    assert run("10k", "h100-sxm", cooling="air-chiller")["thermal_storage_volume"] == 0


def test_heat_that_others_use_lowers_ere_and_not_pue(run):
    usual, reused = (run("10k", "gb300", settings=s) for s in ((), ("liquid.heat_reuse_share=0.5",)))
    assert reused.pue == usual.pue
    assert (usual.erf, usual.ere) == (0, usual.pue)
    assert reused.ere == pytest.approx(reused.pue * (1 - reused.erf))
    assert 0.3 < reused.erf < 0.5  # half of the liquid's share of a facility's energy


def test_measures_of_a_site_hang_together(run):
    one = run("10k", "h100-sxm")
    assert one.mlc == pytest.approx(one.cooling_ppue - 1)
    assert one.cue == pytest.approx(one.carbon_emissions / one["annual_it_energy"] / 1e3)
    assert one.wue_source == pytest.approx(one.wue + 4.52 * one.pue)
    assert 0.03 < one.elc < 0.12


@pytest.mark.parametrize(("region", "zone", "ceiling"), [
    # addendum g of 90.4-2016 (2019), above 300 kW of IT: 1A .26, 2A .23, 3A .21, 5A .16
    ("ap-east-1", "1A", 0.26), ("dallas-tx", "2A", 0.23), ("atlanta-ga", "3A", 0.21), ("des-moines-ia", "5A", 0.16),
])
def test_mlc_stands_beside_the_ceiling_of_its_zone(run, library, region, zone, ceiling):
    assert library.load("region", region).header.ashrae_zone == zone
    one = run("10k", "h100-sxm", region, cooling="air-chiller")
    assert one["mlc_ceiling_share"] == pytest.approx(one.mlc / ceiling)


def test_a_zone_whose_ceiling_is_not_known_says_so(run):
    assert run("10k", "h100-sxm")["mlc_ceiling_share"].as_dict()["reason"] == "us-east-1 has no mlc_ceiling"


# plants that cannot hold their temperatures say so, by how much, and what mends it

DRY = ("trim_share=0", "extreme_dry_bulb=43 degC", "recirculation_allowance=0 K", "adiabatic_effectiveness=0",
       "air.trim_share=1", "air.terminal_supply_temperature=24 degC")


def warned(estimate_):
    return [text for text in estimate_.warnings if "supply temperature is missed" in text]


def test_a_dry_cooler_below_the_air_outside_says_by_how_much_it_misses(run):
    """Water at 40 degC from air at 43: the stated rise of the supply mends it, a tenth of a kelvin less does not."""
    one = run("10k", "gb300", settings=(*DRY, "liquid.terminal_supply_temperature=45 degC"))
    missed = float(one["liquid_supply_shortfall"])
    assert missed > 3  # even a perfect cooler leaves the fluid at the air's temperature
    assert one["liquid_shortfall_weather"] == "dry extreme"
    text, = warned(one)
    assert "coolant" in text
    assert "in the dry design state (43.0 degC dry" in text
    for rise, holds in ((missed + 0.01, True), (missed - 0.1, False)):
        mended = run("10k", "gb300", settings=(*DRY, f"liquid.terminal_supply_temperature={45 + rise:.6f} degC"))
        assert (not warned(mended)) == holds
        assert (mended["largest_unmet_heat"] == 0) == holds


def test_the_assist_that_is_named_would_do(run):
    one = run("10k", "gb300", settings=(*DRY, "liquid.terminal_supply_temperature=49 degC"))
    share = float(one["sufficient_liquid_assist"])
    assert 0 < share < 1
    assert any("adiabatic assist" in text for text in one.warnings)
    for effectiveness, holds in ((share + 0.005, True), (share - 0.02, False)):
        settings = [s for s in DRY if "adiabatic" not in s]
        mended = run("10k", "gb300", settings=(*settings, "liquid.terminal_supply_temperature=49 degC",
                                               f"liquid.adiabatic_effectiveness={effectiveness:.6f}",
                                               "air.adiabatic_effectiveness=0"))
        assert (mended["largest_unmet_heat"] == 0) == holds
