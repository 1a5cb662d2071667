"""What fits within limits: against every count tried one by one, against fresh estimates, and what bad input meets."""

import csv
import functools
import inspect
import io
import json

import jsonschema
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dcestimate
from dcestimate import limits as kinds
from dcestimate.arrays import exceeds
from dcestimate.capacities import capacity
from dcestimate.capacities.needs import SIZING
from dcestimate.capacities.search import solve
from dcestimate.cli.main import main
from dcestimate.errors import InfeasibleError, QuantityError, UsageError
from dcestimate.estimation import estimate
from dcestimate.figures import figures
from dcestimate.limits import KINDS, Limit
from dcestimate.parts import evaluate
from dcestimate.profiles import Library
from dcestimate.request import lines
from dcestimate.units import to_si

LIBRARY = Library()
DESIGNS = (("gb200", "us-east-1", ()), ("h100-sxm", "us-west-2", (("cooling", "air-tower"), ("power", "n-plus-1"))),
           ("gb300", "me-central-1", (("cooling", "dlc-tower"),)), ("trainium2", "eu-north-1", ()))
MOST = 1400  # counts of systems that are tried one by one
ASK = ["capacity", "--chip", "gb200", "--region", "us-east-1"]


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def line_of(design):
    chip, region, designs = design
    return lines(LIBRARY, 1, chip, region, **dict(designs))[0]


@functools.cache
def every_count(design):
    """Each limited result [SI] of 1, 2, 3, ... systems."""
    found = figures(LIBRARY, line_of(design))
    names, parts = [kind.result for kind in KINDS.values()], []
    for start in range(1, MOST + 1, 128):
        counts = np.arange(start, min(start + 128, MOST + 1)) * found.values["accelerators_per_system"]
        values = evaluate([found], [0], counts, (), names)
        parts.append([np.broadcast_to(values[name][0, :, 0, 0], len(counts)) for name in names])
    return dict(zip(names, np.concatenate(parts, axis=1), strict=True))


def limit_at(kind, value):
    return Limit(kind, float(value), 0.0, "")


def check_against_every_count(design, limits):
    found = solve(figures(LIBRARY, line_of(design)), limits)
    fits = np.all([~exceeds(every_count(design)[one.kind.result], one.value) for one in limits], axis=0)
    assert not fits[-200:].any(), "the limits must lie well inside what is tried"
    assert found.systems == np.argmin(fits)
    assert found.larger == fits[found.systems:].sum()
    assert found.largest == (np.flatnonzero(fits)[-1] + 1 if fits.any() else 0)
    return found


GROWING = [kind for kind in KINDS.values() if kind.additive]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DESIGNS), st.lists(st.sampled_from(GROWING), min_size=1, max_size=3, unique=True),
       st.floats(0.002, 0.6), st.floats(0.98, 1.02))
@example(DESIGNS[0], [KINDS["annual_water"]], 0.19693887179012848, 0.998046875)  # stepped down more than a block before
def test_equal_to_trying_every_count(design, chosen, share, beside):
    limits = []
    for kind in chosen:
        needs = every_count(design)[kind.result]
        limits.append(limit_at(kind, needs[int(share * MOST)] * beside))
    if all(one.value > 0 for one in limits):
        check_against_every_count(design, limits)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d[0])
def test_counts_that_fit_again_after_a_step_down_are_found(design):
    """Limits set inside a step down, where one count fails and the next fits again."""
    tried = 0
    for kind in GROWING:
        needs = every_count(design)[kind.result]
        downs = np.flatnonzero(np.diff(needs[:int(MOST * 0.6)]) < 0)
        for place in downs[:: max(len(downs) // 4, 1)]:
            value = (needs[place] + needs[place + 1]) / 2
            if (needs[-200:] > value).all():
                found = check_against_every_count(design, [limit_at(kind, value)])
                tried += 1
                assert found.largest > found.systems
    assert tried > 3


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(DESIGNS), st.floats(3, 4000), st.sampled_from(["power", "white_space", "water", "heat"]),
       st.floats(0.2, 5))
def test_a_fresh_estimate_is_within_every_limit_and_one_system_more_is_not(design, megawatts, other, share):
    line = line_of(design)
    first = kinds.limit("it_power", f"{megawatts} MW")
    fleet = capacity(LIBRARY, line, [first])
    second = limit_at(KINDS[other], to_si(float(fleet.estimate[KINDS[other].result]), KINDS[other].result_unit) * share)
    limits = [first, second]
    answer = capacity(LIBRARY, line, limits)
    each = answer.chips_per_system

    def fits(systems):
        made = estimate(LIBRARY, lines(LIBRARY, systems * each, line.chip, line.region, **dict(design[2])))
        return all(not exceeds(to_si(float(made[one.kind.result]), one.kind.result_unit), one.value) for one in limits)

    assert not fits(answer.systems + 1)
    assert answer.systems == 0 or fits(answer.systems)
    assert answer.largest == 0 or fits(answer.largest)
    assert answer.chips == answer.systems * each


@pytest.mark.parametrize("kind", GROWING, ids=lambda kind: kind.key)
def test_each_kind_binds_when_it_is_the_tightest(kind):
    """Every other limit leaves room for twice the fleet."""
    design, place = DESIGNS[2], 300
    needs = every_count(design)
    limits = [limit_at(one, needs[one.result][place] * (1 if one is kind else 2.5)) for one in GROWING]
    answer = capacity(LIBRARY, line_of(design), limits)
    assert [bound.limit.kind for bound in answer.binding] == [kind]
    assert answer.following.systems > answer.systems
    assert answer.room == answer.following.systems / answer.systems - 1
    bound = answer.binding[0]
    alone = capacity(LIBRARY, line_of(design), [bound.limit])
    assert (alone.systems, alone.largest) == (bound.systems, bound.largest)


@pytest.mark.parametrize("design", DESIGNS[:3], ids=lambda d: d[0])
@pytest.mark.parametrize("key", ["power", "it_power", "racks", "white_space", "building", "site", "heat"])
def test_what_a_unit_is_worth_is_what_a_tenth_more_brings(design, key):
    """The slope spans a tenth to both sides; rounding inside blocks moves either end by less than a block's share."""
    kind = KINDS[key]
    needs = every_count(design)[kind.result]
    first = limit_at(kind, needs[1100])
    answer = capacity(LIBRARY, line_of(design), [first])
    more = capacity(LIBRARY, line_of(design), [limit_at(kind, first.value * 1.1)])
    gained = answer.bounds[0].worth * first.value * 0.1
    assert gained == pytest.approx(more.systems - answer.systems, abs=0.02 * answer.systems)


@pytest.mark.parametrize(("key", "text", "value"), [
    ("floor_load", "200 psf", 200 * 0.45359237 / 0.3048**2), ("floor_load", "5 kPa", 5000 / 9.80665),
    ("floor_load", "1,200 kg/m2", 1200), ("white_space", "20,000 sq ft", 20000 * 0.3048**2),
    ("white_space", "500 sqm", 500)])
def test_limits_are_read_as_floors_are_rated_and_areas_written(key, text, value):
    assert kinds.limit(key, text).value == pytest.approx(value)


def test_a_floor_load_is_a_threshold():
    load = every_count(DESIGNS[0])["floor_load"][0]
    power = kinds.limit("power", "20 MW")
    within = capacity(LIBRARY, line_of(DESIGNS[0]), [power, limit_at(KINDS["floor_load"], load)])
    assert within.systems > 0
    assert [b.systems for b in within.bounds if b.limit.kind.key == "floor_load"] == [None]
    over = capacity(LIBRARY, line_of(DESIGNS[0]), [power, limit_at(KINDS["floor_load"], load * 0.999)])
    assert (over.systems, over.largest, [b.limit.kind.key for b in over.binding]) == (0, 0, ["floor_load"])


def test_what_a_plant_must_hold_in_any_state_is_known_here(graph):
    """Weather bins are left out of the search by where these are largest: they must be all that is held in any state."""
    for item in graph.order:
        if "in_any_state(" in inspect.getsource(item.function) and item.room not in ("feasibility", "lock_outs"):
            assert set(item.parameters) & {*SIZING, "tower_design_heat"}, item.name


def test_leaving_weather_out_changes_nothing():
    for design in DESIGNS:
        found = figures(LIBRARY, line_of(design))
        limits = [limit_at(kind, every_count(design)[kind.result][500] or 1.0) for kind in GROWING]
        quick = solve(found, limits)
        for count in (quick.systems, quick.systems + 1):
            for one in limits:
                whole = every_count(design)[one.kind.result][count - 1]
                # fewer bins are summed in another order
                assert quick.needs.at(one.kind.result, [count])[0] == pytest.approx(whole, rel=1e-14)


def test_alternatives_are_the_answers_of_their_own():
    limits = [kinds.limit("power", "30 MW"), kinds.limit("white_space", "1500 m2")]
    line = line_of(DESIGNS[0])
    found = capacity(LIBRARY, line, limits, alternatives=True)
    axes = {one.axis for one in found.alternatives}
    assert axes == {"cooling", "power", "chip"}
    assert all(one.name != getattr(line, one.axis) for one in found.alternatives)
    for one in found.alternatives:
        if one.axis == "cooling" and one.systems:
            alone = capacity(LIBRARY, lines(LIBRARY, 1, "gb200", "us-east-1", cooling=one.name)[0], limits)
            assert (alone.systems, alone.chips) == (one.systems, one.chips)
    named = capacity(LIBRARY, line, limits, chips=["h100", "dgx-b200"])
    assert [(one.name, one.system) for one in named.alternatives] == [("h100-sxm", "dgx-h100"), ("dgx-b200", "dgx-b200")]


# --- what is typed

@pytest.mark.parametrize(("text", "key", "value"), [
    ("250 MW", "power", 250e6), ("0.25 GW", "power", 250e6), ("80 MVA", "connection", 80e6), ("40 racks", "racks", 40),
    ("2,000 m2", "white_space", 2000), ("1000 ft2", "white_space", 1000 * 0.3048**2), ("2 ha", "site", 2e4),
    ("2000 m3/d", "water", 2000 / 86400), ("0.5 MGD", "water", 0.5e6 * 3.785411784e-3 / 86400),
    ("100 ML/yr", "annual_water", 1e5), ("100 m3/year", "annual_water", 100), ("1000 TR", "heat", 1000 * 3516.8528),
    ("1,200 kg/m2", "floor_load", 1200)])
def test_a_limit_says_by_its_unit_what_it_limits(text, key, value):
    found = kinds.recognised(text)
    assert found.kind.key == key
    assert found.value == pytest.approx(value, rel=1e-6)


def test_the_same_limit_in_any_words():
    for key, texts in {"annual_water": ("100 ML/yr", "100 ML", "100,000 m3/yr"), "racks": ("3k", "3000 racks", 3000),
                       "site": ("10 ha", "100,000 m2"), "water": ("86.4 m3/d", "1 L/s")}.items():
        values = [kinds.limit(key, text).value for text in texts]
        assert values == pytest.approx([values[0]] * len(values), rel=1e-9)


@pytest.mark.parametrize("text", ["5 kg", "100 ML", "250", "-5 MW", "0 MW", "nan MW", "inf MW", "1,5 MW", "100 ton",
                                  "12 chips", "", "MW", "1e40 MW"])
def test_a_limit_that_says_too_little_is_refused_with_what_would_do(text):
    with pytest.raises(QuantityError) as caught:
        kinds.recognised(text)
    assert caught.value.hint


def test_a_limit_that_is_missing_or_there_twice_is_refused():
    with pytest.raises(UsageError, match="a limit is missing"):
        kinds.read()
    with pytest.raises(UsageError, match="grid power is limited twice, 250 MW and 240 MW"):
        kinds.read(["250 MW"], grid="240 MW")
    with pytest.raises(UsageError, match="racks is limited twice"):
        kinds.read(racks=["3", "4"])
    with pytest.raises(UsageError, match="no limit"):
        kinds.read(chillers="3")
    assert [one.kind.key for one in kinds.read(grid=["250 MW", "260 MVA"])] == ["power", "connection"]


@pytest.mark.parametrize(("more", "says"), [
    ([], "a limit is missing"), (["250"], "has no unit"), (["-5 MW"], "not above zero"), (["5 kg"], "does not say what"),
    (["--racks", "-3"], "not above zero"), (["--racks", "2.5"], "fraction of a rack"),
    (["--water", "100 ML/yr"], "--annual-water"), (["--heat", "5 m2"], "heat: '5 m2'"),
    (["5 MW", "--grid", "6 MW"], "twice"),
    (["5 MW", "--region", "eu-north-1"], "one chip in one region"), (["5 MW", "--cooling", "dlc-towr"], "dlc-tower"),
    (["5 MW", "--set", "rack_power_limit=10 kW/rack"], "no system fits a rack"), (["5 MW", "--or-chip", "h1000"], "h100"),
    (["5 MW", "--format", "svg"], "no format")])
def test_bad_input_is_refused_with_the_fix(capsys, more, says):
    assert main([*ASK, *more]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in " ".join(err.split())
    assert "Traceback" not in err


def test_mixes_are_refused(capsys):
    assert main(["capacity", "5 MW", "--chip", "gb200:50%,h100:50%", "--region", "us-east-1"]) == 2
    assert "one chip in one region" in capsys.readouterr().err
    with pytest.raises(UsageError, match="one chip in one region"):
        dcestimate.capacity("5 MW", chip="gb200", region="us-east-1:50%,eu-north-1:50%")


def test_limits_that_stop_nothing_are_refused():
    with pytest.raises(UsageError, match="nothing here limits"):
        dcestimate.capacity("20 MGD", chip="h100-sxm", region="us-east-1", cooling="air-chiller")
    with pytest.raises(InfeasibleError):
        dcestimate.capacity("20 MW", chip="gb200", region="us-east-1", settings=["rack_power_limit=10 kW/rack"])


# --- what is printed

LIMITS = ["25 MW", "26 MVA", "--it-power", "21 MW", "--racks", "300", "--floor", "700 m2", "--building", "9000 m2",
          "--site", "6 ha", "--water", "1000 m3/d", "--annual-water", "5 ML/yr", "--heat", "6500 TR", "--generators", "20",
          "--floor-load", "900 kg/m2"]


def test_the_document_is_as_its_schema_says(capsys):
    assert main([*ASK, *LIMITS, "--json", "--or-chip", "gb300"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["schema", "capacity"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))
    assert [one["key"] for one in found["limits"]] == list(KINDS)
    assert found["chips"] == found["results"]["accelerator_count"]["value"]
    for one in found["limits"]:
        assert one["binds"] == (one["key"] in found["binding"])
        assert one["share"] <= 1 + 1e-9
        if one["key"] != "annual_water":
            assert one["used"]["value"] == pytest.approx(found["results"][one["result"]]["value"], rel=1e-9)


def test_the_table_fits_and_names_what_binds_and_what_is_next(capsys):
    assert main([*ASK, *LIMITS, "--alternatives"]) == 0
    out, err = capsys.readouterr()
    assert max(map(len, (out + err).splitlines())) <= 80
    for kind in KINDS.values():
        assert kind.label in out
    assert out.count("<- binds") == 1
    assert "Next: " in out
    assert "one more does not: " in out


def test_csv_has_a_row_for_each_limit(capsys):
    assert main([*ASK, "25 MW", "--floor", "700 m2", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["limit"] for row in rows] == ["power", "white_space"]
    assert len({row["systems [system]"] for row in rows}) == 1
    assert main([*ASK, "25 MW", "--floor", "700 m2", "--csv", "-u", "us"]) == 0
    feet = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert feet[1]["unit"] == "ft2"
    assert float(feet[1]["given"]) == pytest.approx(700 / 0.3048**2)
    assert float(feet[1]["chips_per_unit"]) == pytest.approx(float(rows[1]["chips_per_unit"]) * 0.3048**2)


def test_exit_4_with_the_whole_report_when_not_one_system_fits(capsys):
    small = [*ASK, "100 kW", "--racks", "500"]
    assert main(small) == 4
    out = capsys.readouterr().out
    assert "Not one system fits: grid power." in out
    assert "Racks" in out
    assert main([*small, "--exit-zero"]) == 0
    capsys.readouterr()
    assert main([*small, "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert (found["systems"], found["chips"], found["binding"]) == (0, 0, ["power"])


def test_larger_counts_are_stated_apart(capsys):
    needs = every_count(DESIGNS[0])["facility_peak_power"]
    place = int(np.flatnonzero(np.diff(needs) < 0)[5])
    value = (needs[place] + needs[place + 1]) / 2
    assert main([*ASK, f"{float(value)!r} W"]) == 0
    out = capsys.readouterr().out
    assert "larger count" in out
    assert f"{place:,} systems fit" in out


def test_the_alias_and_the_library_answer_alike(capsys):
    assert main(["cap", "25 MW", "--chip", "gb200", "--region", "us-east-1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    answer = dcestimate.capacity("25 MW", chip="gb200", region="us-east-1")
    assert (found["systems"], found["chips"]) == (answer.systems, answer.chips)
    assert answer.estimate.facility_peak_power <= 25


@pytest.mark.parametrize(("chip", "region"), [("h200,b200", "eu-west-1"), ("h200:50%,b200:50%", "eu-west-1"),
                                              ("h200", "eu-west-1,us-east-1")])
def test_several_are_refused_before_their_shares_are_asked_for(capsys, chip, region):
    assert main(["capacity", "100 MW", "--chip", chip, "--region", region]) == 2
    assert "capacity is asked for one chip in one region" in capsys.readouterr().err
