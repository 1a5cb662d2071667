"""Chains of power, heat and water: every stage closes, and the ends are the results of the estimate."""

import json
import re
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest

from dcestimate.cli.main import main
from dcestimate.diagrams.diagram import diagrams

DESIGNS = [("gb300", "water-source", ()), ("h100-sxm", "immersion", ()), ("h100-sxm", "air-direct", ()),
           ("h100-sxm", "air-chiller", ()), ("h100-sxm", "air-evaporative", ()), ("h100-sxm", "air-tower", ()),
           ("gb300", "dlc-dry", ()), ("gb300", "dlc-tower", ()), ("gb300", "liquid-to-air", ()),
           ("h100-sxm", "rear-door", ()), ("gb300", "fixed-overhead", ()), ("gb300", "dlc-dry", ("trim_share=0",)),
           ("gb300", "dlc-tower", ("tower_share=0.5",))]
ASK = ["why", "--diagram"]
WHERE = ["10k", "--chip", "gb300", "--region", "us-east-1"]


@pytest.mark.parametrize("kind", ["power", "heat", "water"])
@pytest.mark.parametrize(("chip", "cooling", "settings"), DESIGNS)
def test_every_stage_closes(run, chip, cooling, settings, kind):
    deployment = run("20k", chip, cooling=cooling, settings=settings).deployments[0]
    for diagram in diagrams(deployment, kind):
        largest = max((stage.inflow for stage in diagram.stages), default=0)
        for stage in diagram.stages:
            assert abs(stage.gap) <= 1e-9 * largest + 1e-12, stage


@pytest.mark.parametrize("power", ["n-plus-1", "2n", "n-plus-1-eco", "rack-batteries", "dc-800"])
def test_power_runs_from_the_meter_to_the_equipment(run, power):
    deployment = run("20k", "gb300", power=power).deployments[0]
    for diagram in diagrams(deployment, "power"):
        assert all(abs(stage.gap) <= 1e-9 * diagram.stages[0].inflow for stage in diagram.stages)
        assert all(stage.inflow >= 0 and stage.outflow >= 0 for stage in diagram.stages)
    design, year = diagrams(deployment, "power")
    assert design.stages[0].inflow == pytest.approx(deployment["facility_peak_power"])
    assert design.stages[-1].outflow == pytest.approx(deployment["critical_it_power"])
    assert year.stages[0].inflow == pytest.approx(deployment["facility_average_power"])
    assert year.stages[-1].outflow == pytest.approx(deployment["it_average_power"])
    for one, other in zip(design.stages, design.stages[1:], strict=False):
        assert one.outflow == pytest.approx(other.inflow)


@pytest.mark.parametrize(("chip", "cooling", "settings"), DESIGNS)
def test_water_is_that_of_the_peak_day_and_of_the_year(run, chip, cooling, settings):
    deployment = run("20k", chip, cooling=cooling, settings=settings).deployments[0]
    day, year = diagrams(deployment, "water")
    for diagram, result in ((day, deployment["peak_day_water"]), (year, deployment["annual_water"])):
        assert diagram.unit == result.unit
        assert sum(s.inflow for s in diagram.stages[:1]) == pytest.approx(result)
    assert ("upper bound" in day.moment) == (deployment["peak_day_water"] > 0)


@pytest.mark.parametrize(("chip", "cooling", "settings"), DESIGNS)
def test_heat_is_what_the_results_say(run, chip, cooling, settings):
    """The streams' heat by design, and all that enters the chain over the year also ends somewhere."""
    deployment = run("20k", chip, cooling=cooling, settings=settings).deployments[0]
    design, year, *worst = diagrams(deployment, "heat")
    assert bool(worst) == (deployment["largest_unmet_heat"] > 0)
    for diagram in worst:
        lost = sum(x for s in diagram.stages for name, x in s.leaves if name == "finds no cooling")
        assert lost == pytest.approx(deployment["largest_unmet_heat"])
    for stage in design.stages:
        if stage.name in ("air: hall", "liquid: hall"):
            assert stage.inflow == pytest.approx(deployment[f"{stage.name[:-6]}_heat_load"])
    for diagram in (design, year, *worst):
        first, *after = diagram.stages
        into = [s.inflow for s in after if s.name.endswith(("handlers", "CDUs"))]
        assert [x for _, x in first.leaves] == pytest.approx(into)
        starts = [first.inflow, *(s.inflow for s in after if s.name.endswith("rooms"))]
        joined = [x for s in diagram.stages for _, x in s.joins]
        left = [x for s in after for _, x in s.leaves] + [s.outflow for s in after if s.end]
        assert sum(left) == pytest.approx(sum(starts) + sum(joined))


COUNTS = {"substation": {"transformers": "substation_transformer_count"},
          "medium voltage": {"feeders": "feeder_count", "generators": "generator_count"},
          "transformers": {"transformers": "transformer_count"}, "low voltage": {"lineups": "switchgear_count"},
          "rack feeds": {"racks": "rack_count"}}


@pytest.mark.parametrize("power", ["n-plus-1", "2n", "distributed-4-to-3", "rack-batteries", "dc-800"])
def test_the_one_line_has_counts_and_voltages(run, power):
    deployment = run("20k", "gb300", power=power).deployments[0]
    stages = {s.name: s for s in diagrams(deployment, "power")[0].stages}
    for name, counts in COUNTS.items():
        assert {e.name: e.count for e in stages[name].equipment} == {k: deployment[v] for k, v in counts.items()}
    (modules,) = stages["rectifiers" if power == "dc-800" else "UPS"].equipment
    assert modules.count == deployment["ups_module_count"]
    assert stages["medium voltage"].levels == (("", pytest.approx(34.5), "kV"),)
    assert stages["low voltage"].levels == (("", pytest.approx(415), "V"),)
    assert stages["rack feeds"].levels[0] == ("", pytest.approx(800 if power == "dc-800" else 415), "V")
    assert stages["rack feeds"].end == "IT equipment"


def test_heat_that_others_use_is_noted(run):
    deployment = run("20k", "gb300", settings=("heat_reuse_share=0.3",)).deployments[0]
    assert "others use" in diagrams(deployment, "heat")[0].notes[0]
    assert diagrams(run("20k", "gb300").deployments[0], "heat")[0].notes == ()


@pytest.mark.parametrize("kind", ["power", "heat", "water"])
def test_a_diagram_fits_the_terminal_and_can_be_drawn(capsys, monkeypatch, tmp_path, kind):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*ASK, kind, *WHERE]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert main([*ASK, kind, *WHERE, "-o", str(tmp_path / "chain.svg")]) == 0
    capsys.readouterr()
    assert main([*ASK, kind, *WHERE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in found["diagrams"]] == [kind, kind]
    assert main(["schema", "diagram"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))


EM = 0.55  # mean width of a letter of Helvetica over its size, digits at 0.556 and small letters at 0.5
SIZES = {"head": 15, "note": 12}


@pytest.mark.parametrize("kind", ["power", "heat", "water"])
@pytest.mark.parametrize("more", [[], ["--cooling", "dlc-tower"], ["--power", "rack-batteries"],
                                  ["--chip", "gb300:60%,trainium2:40%"]], ids=" ".join)
def test_no_text_of_a_picture_is_cut(tmp_path, kind, more):
    where = WHERE[3:] if "--chip" in more else WHERE[1:]
    assert main([*ASK, kind, "1.2M", *where, *more, "-o", str(tmp_path / "chain.svg")]) == 0
    picture = ElementTree.parse(tmp_path / "chain.svg").getroot()
    width, height = float(picture.get("width")), float(picture.get("height"))
    texts = [one for one in picture.iter() if one.tag.endswith("text")]
    assert len(texts) > 8
    for one in texts:
        long = len(one.text) * EM * SIZES.get(one.get("class"), 13)
        assert float(one.get("y")) < height
        assert (float(one.get("x")) + long <= width) if one.get("text-anchor") == "start" else long < float(one.get("x"))
    boxes = [one for one in picture.iter() if one.tag.endswith("rect") and one.get("class") == "box"]
    left, room = (float(boxes[0].get(name)) for name in ("x", "width"))
    for one in texts:
        if one.get("class") == "note" and float(one.get("x")) == left + 10:
            assert 10 + len(one.text) * EM * SIZES["note"] <= room


def test_amounts_follow_the_units_asked_for(capsys):
    assert main([*ASK, "power", *WHERE, "--in", "power=GW", "--digits", "3"]) == 0
    assert "In [GW]" in capsys.readouterr().out
    assert main([*ASK, "water", *WHERE, "-u", "us"]) == 0
    assert "In [gpd]" in capsys.readouterr().out


def test_what_is_no_diagram_is_refused(capsys):
    assert main([*ASK, "air", *WHERE]) == 2
    assert "power, heat, water" in capsys.readouterr().err
    assert main(["why"]) == 2
    assert "a result is missing" in capsys.readouterr().err
    assert main(["estimate", *WHERE, "-f", "svg"]) == 2


@pytest.mark.parametrize("kind", ["power", "heat", "water"])
def test_the_weather_of_a_chain_is_in_the_units_that_are_shown(kind, capsys):
    ask = ["why", "--diagram", kind, "1k", "--chip", "gb200", "--region", "us-east-1", "--cooling", "dlc-tower", "-q"]

    def weather(*more):
        assert main([*ask, *more]) == 0
        found = re.search(r"([\d.]+) (deg\S) dry, ([\d.]+) (deg\S) wet bulb", " ".join(capsys.readouterr().out.split()))
        return float(found[1]), found[2], float(found[3]), found[4]

    dry, _, wet, _ = weather()
    assert weather("-u", "us") == (pytest.approx(dry * 1.8 + 32, abs=0.15), "degF", pytest.approx(wet * 1.8 + 32, abs=0.15),
                                   "degF")
    assert weather("-u", "us", "--json")[:2] == (dry, "degC")


def test_why_shows_the_units_that_are_asked_for(capsys):
    """Temperatures in degF, differences in delta degF; JSON stays in the units of the model."""
    ask = ["why", "facility_peak_power", "1k", "--chip", "gb200", "--region", "us-east-1", "--full", "-q"]
    assert main([*ask, "-u", "us"]) == 0
    text = capsys.readouterr().out
    assert "liquid.terminal_supply_temperature = 104 degF" in text
    assert "air.terminal_approach = 7.2 delta_degF" in text
    values = re.findall(r"^ *[\w.]+ = .*", text, re.M)
    assert not [value for value in values if re.search(r" (degC|K)$", value.removesuffix("  (above)"))]
    assert main([*ask, "-u", "us", "--json"]) == 0
    steps = {step["name"]: step for step in json.loads(capsys.readouterr().out)["deployments"][0]["steps"]}
    assert (steps["liquid.terminal_supply_temperature"]["value"], steps["liquid.terminal_supply_temperature"]["unit"]) == (
        40, "degC")
