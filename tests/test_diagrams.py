"""Chains of power, heat and water: every stage closes, and the ends are the results of the estimate."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from dcestimate.cli.main import main
from dcestimate.diagrams import diagrams

DESIGNS = [("h100-sxm", "air-chiller", ()), ("h100-sxm", "air-evaporative", ()), ("h100-sxm", "air-tower", ()),
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


def test_water_is_the_make_up(run):
    deployment = run("20k", "gb300", cooling="dlc-tower").deployments[0]
    _, year = diagrams(deployment, "water")
    assert year.stages[0].inflow * 365 / 1e3 == pytest.approx(deployment["annual_water"])


@pytest.mark.parametrize("kind", ["power", "heat", "water"])
def test_a_diagram_fits_the_terminal_and_can_be_drawn(capsys, monkeypatch, tmp_path, kind):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*ASK, kind, *WHERE]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert main([*ASK, kind, *WHERE, "-o", str(tmp_path / "chain.svg")]) == 0
    picture = ElementTree.parse(tmp_path / "chain.svg").getroot()
    assert picture.tag.endswith("svg")
    assert len(list(picture.iter())) > 20
    capsys.readouterr()
    assert main([*ASK, kind, *WHERE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in found["diagrams"]] == [kind, kind]


def test_what_is_no_diagram_is_refused(capsys):
    assert main([*ASK, "air", *WHERE]) == 2
    assert "power, heat, water" in capsys.readouterr().err
    assert main(["why"]) == 2
    assert "a result is missing" in capsys.readouterr().err
    assert main(["estimate", *WHERE, "-f", "svg"]) == 2
