"""Ranges: how figures are drawn, what comes of simple draws, and how a user reads them."""

import csv
import io
import json

import jsonschema
import numpy as np
import pytest

import dcestimate as dce
from dcestimate import sweep, units
from dcestimate.cli.main import main
from dcestimate.errors import InfeasibleError
from dcestimate.estimation import estimate
from dcestimate.request import lines

UNIT = 1.2815515655446004  # standard normal score of the 90th percentile, from any table


@pytest.fixture
def deployment(run):
    return run("10k", "h100-sxm", "eu-central-1").deployments[0]


def fresh(library, count, chip, region, **options):
    """An estimate of one's own, to which ranges may be added."""
    return estimate(library, lines(library, count, chip, region, **options))


@pytest.fixture
def only(monkeypatch):
    """Let nothing vary but some figures."""
    original = sweep.varied

    def limit(*names):
        monkeypatch.setattr(sweep, "varied", lambda inputs: {n: i for n, i in original(inputs).items() if n in names})

    return limit


def drawn(deployment, name, samples=1000, seed=0):
    scores = sweep._scores(deployment.inputs, samples, seed, {})[name]
    return sweep.draws(deployment.inputs[name], scores)


# draws


@pytest.mark.parametrize("name", ["rated_system_power", "storage_power_share", "training_average_share", "extreme_dry_bulb",
                                  "air.terminal_approach", "carbon_intensity"])
def test_low_value_and_high_are_the_percentiles_of_the_draws(deployment, name):
    """A thousand equal slices hold each percentile to within one slice."""
    figure, values = deployment.inputs[name], np.sort(drawn(deployment, name))
    for level, end in ((0.1, figure.low), (0.5, figure.value), (0.9, figure.high)):
        k = int(level * 1000)
        assert values[k - 2] <= end * (1 + 1e-12), (name, level)
        assert values[k + 1] >= end * (1 - 1e-12), (name, level)


def test_each_slice_is_drawn_once():
    """A Latin hypercube: one draw in each slice of equal chance, but for the last hundredths, which are cut off."""
    scores = sweep._hypercube("chip/h100-sxm/tdp", 100, 0)
    cuts = [float(np.quantile(np.random.default_rng(1).normal(size=2_000_000), q)) for q in np.arange(0.05, 1, 0.05)]
    assert np.bincount(np.digitize(scores, cuts), minlength=20).tolist() == [5] * 20


def test_draws_repeat_by_seed_and_do_not_depend_on_other_figures(deployment, only):
    before = drawn(deployment, "rated_system_power")
    assert np.array_equal(before, drawn(deployment, "rated_system_power"))
    assert not np.array_equal(before, drawn(deployment, "rated_system_power", seed=1))
    only("rated_system_power")
    assert np.array_equal(before, drawn(deployment, "rated_system_power"))


def test_draws_of_different_figures_are_independent(deployment):
    scores = list({id(z): z for z in sweep._scores(deployment.inputs, 1000, 0, {}).values()}.values())
    correlation = np.abs(np.corrcoef(scores) - np.eye(len(scores)))
    assert correlation.max() < 0.2  # 5 standard errors of 1 / sqrt(1000) are 0.16; the largest of 10,000 pairs
    assert correlation.mean() < 0.03


def test_peak_and_average_of_a_workload_move_together(deployment):
    average, peak = (drawn(deployment, f"training_{kind}_share") for kind in ("average", "peak"))
    assert np.array_equal(np.argsort(average, kind="stable"), np.argsort(peak, kind="stable"))
    assert (average <= peak).all()


def test_draws_stay_inside_what_a_figure_can_be(run, graph):
    for chip, region in (("gb200", "us-east-1"), ("trainium2", "ap-south-1"), ("mi300a", "eu-north-1")):
        inputs = run("10k", chip, region).deployments[0].inputs
        for name, z in sweep._scores(inputs, 1000, 0, {}).items():
            given, values = graph.givens[name.rpartition(".")[2]], sweep.draws(inputs[name], z)
            assert not any(given.breach(float(v)) for v in (values.min(), values.max())), name


def test_what_the_user_or_the_design_decides_holds_still(library):
    one = fresh(library, "10k", "h100-sxm", "us-east-1", settings=["rated_system_power=10.2 kW/system"]).deployments[0]
    varied = sweep.varied(one.inputs)
    assert not {"rated_system_power", "chiller_spare_units", "block_capacity", "rack_power_limit"} & set(varied)
    assert "storage_power_share" in varied


# what comes of them, by hand


def test_a_result_that_follows_one_figure_has_its_range(library, only):
    """1,250 systems at 9.7 to 10.2 kW, of which the maker's maximum is the end: compute power is their product."""
    only("rated_system_power")
    found = sweep.add_ranges(fresh(library, "10k", "h100-sxm", "us-east-1"))
    figure = found.deployments[0].inputs["rated_system_power"]
    compute = found.deployments[0]["compute_power"]
    assert compute.low == pytest.approx(1250 * figure.low / 1e6, rel=5e-4)  # a slice of a thousand
    assert compute.high == pytest.approx(1250 * figure.high / 1e6, rel=5e-4)
    assert found.spread.figures == 1
    names, share = found.spread.drivers[0]
    assert names == ("rated_system_power",)
    assert share > 0.7  # all of it, but the upper half of the draws ends at the maximum, which is no straight line


def test_independent_ranges_add_in_quadrature(library, only):
    """Carbon is energy times intensity: logarithms of independent lognormals add, and spread by the root of squares."""
    only("carbon_intensity", "rated_system_power")
    found = sweep.add_ranges(fresh(library, "10k", "h100-sxm", "us-east-1"), 4000).deployments[0]
    logs = [np.log(found[name].high / found[name].low) for name in ("annual_energy", "carbon_emissions")]
    intensity = found.inputs["carbon_intensity"]
    assert logs[1] == pytest.approx(np.hypot(logs[0], np.log(intensity.high / intensity.low)), rel=0.03)


def test_deployments_that_share_a_figure_move_together(library, only):
    """One system in two regions: the range of the sum is the sum of the ranges, not their root of squares."""
    only("rated_system_power")
    found = sweep.add_ranges(fresh(library, "20k", "h100-sxm", "us-east-1:50%,eu-north-1:50%"))
    parts = [d["compute_power"] for d in found.deployments]
    whole = found.totals["compute_power"]
    assert whole.high - whole.low == pytest.approx(sum(p.high - p.low for p in parts), rel=1e-9)
    assert found.by_region["eu-north-1"]["compute_power"].low == parts[1].low


def test_deployments_of_different_systems_do_not(library, only):
    only("rated_system_power")
    found = sweep.add_ranges(fresh(library, "20k", "h100-sxm:50%,gb300:50%", "us-east-1"))
    parts, whole = [d["compute_power"] for d in found.deployments], found.totals["compute_power"]
    assert whole.high - whole.low < 0.9 * sum(p.high - p.low for p in parts)


def test_percentiles_are_those_of_all_results(library):
    one = fresh(library, "10k", "gb200", "eu-west-1")
    few = sweep.percentiles(one.deployments[0], ["pue", "facility_peak_power"], 300)
    sweep.add_ranges(one, 300)
    for name, (low, high) in few.items():
        assert (low, high) == pytest.approx((one[name].low, one[name].high), rel=1e-12)


def test_samples_that_cannot_be_built_are_left_out_and_counted(library, tmp_path):
    """Half of the draws of a 40 kW system are above a rack limit of 40 kW, which holds still."""
    path = tmp_path / "mine.toml"
    path.write_text('schema = "dcestimate/system/1"\ntitle = "Mine"\nvendor = "Me"\nchip = "h100-sxm"\nlike = "dgx-h100"\n'
                    'form = "node"\ndefault_fabric = "quantum-2"\ndefault_cooling = "air-chiller"\n'
                    'default_power = "n-plus-1"\ndefault_space = "air-hall"\n'
                    'rated_system_power = { value = "41 kW/system", low = "35 kW/system", high = "48 kW/system", '
                    'source = "assumption" }\n[sources.assumption]\ntitle = "A guess"\npublisher = "Me"\n')
    own = dce.Library([tmp_path])
    found = sweep.add_ranges(fresh(own, "800", "mine", "us-east-1", settings=["provision_ratio=1"]), 500)
    assert found.spread.left_out == pytest.approx(250, abs=15)
    path.write_text(path.read_text().replace('"35 kW', '"40.9 kW').replace('"48 kW', '"90 kW'))
    one = fresh(dce.Library([tmp_path]), "800", "mine", "us-east-1", settings=["rack_power_limit=41.1 kW/rack"])
    with pytest.raises(InfeasibleError, match="samples of mine in us-east-1"):
        sweep._enough(np.arange(100) < 20, one.deployments[0])


@pytest.mark.parametrize(("chip", "region"), [("gb200", "us-east-1"), ("h100-sxm", "ap-southeast-1"),
                                              ("trainium2", "eu-north-1"), ("tpu-v5p", "us-west-2")])
def test_every_range_is_ordered_and_the_main_ones_hold_their_value(library, chip, region):
    found = sweep.add_ranges(fresh(library, "50k", chip, region), 400)
    for name, result in found.results.items():
        if getattr(result, "low", None) is not None:
            assert result.low <= result.high, name
    for name in ("it_nameplate_power", "critical_it_power", "it_average_power", "facility_peak_power", "grid_connection",
                 "annual_energy", "pue", "peak_pue", "cooling_load", "annual_water", "white_space", "building_area"):
        result = found[name]
        assert result.low * (1 - 1e-9) <= result <= result.high * (1 + 1e-9), name


# as a user reads them


ASK = ["estimate", "10k", "--chip", "gb200", "--region", "us-east-1", "--range", "--samples", "50"]


def test_json_holds_low_and_high_and_what_is_behind_them(capsys):
    assert main([*ASK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    pue = found["deployments"][0]["results"]["pue"]
    assert pue["low"] < pue["high"]
    assert found["totals"]["results"]["pue"] == pue
    assert found["ranges"]["samples"] == 50
    assert main(["schema", "estimate"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))


def test_the_table_fits_and_says_what_moves_it(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(ASK) == 0
    out, err = capsys.readouterr()
    assert "P10..P90" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "50 samples" in err
    assert "facility peak" in err


def test_csv_has_columns_of_the_ends(capsys):
    assert main([*ASK, "--csv"]) == 0
    row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert float(row["pue_low [1]"]) < float(row["pue_high [1]"])
    assert main([*ASK[:-3], "--csv"]) == 0
    assert "pue_low [1]" not in next(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_the_same_seed_gives_the_same_bytes(capsys):
    for seed in ("0", "0", "7"):
        assert main([*ASK, "--json", "--seed", seed]) == 0
    one, two, other = capsys.readouterr().out.split('{\n  "schema"')[1:]
    assert one == two
    assert one != other


def test_too_few_samples_are_refused(capsys):
    assert main([*ASK[:-1], "5"]) == 2
    assert "20 to 100,000" in capsys.readouterr().err


def test_the_library_gives_them_too():
    found = dce.estimate("10k gb200", region="us-east-1", samples=50)
    assert found.pue.low < found.pue.high
    assert found.spread.samples == 50
    assert dce.estimate("10k gb200", region="us-east-1").pue.low is None


def test_figures_moved_alone_give_what_an_estimate_with_them_gives(library):
    """Each end of the first figures again as a setting of its own."""
    (deployment,) = fresh(library, "100k", "gb200", "us-east-1").deployments
    for names, *ends in sweep.moved_alone(deployment, "facility_peak_power")[:6]:
        for end, found in zip(("low", "high"), ends, strict=True):
            settings = [f"{name}={units.from_si(getattr(deployment.inputs[name], end), deployment.inputs[name].unit)!r} "
                        f"{deployment.inputs[name].unit}".removesuffix(" 1") for name in names]
            again = fresh(library, "100k", "gb200", "us-east-1", settings=settings)
            assert units.from_si(found, "MW") == pytest.approx(again["facility_peak_power"], rel=1e-9), names
