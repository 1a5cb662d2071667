"""Two estimates or plans against each other: what differs, what made it differ, and the gate on it."""

import csv
import io
import json
import math
import shutil
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate.cli.main import main
from dcestimate.differences import changes as changes_of
from dcestimate.differences.changes import ANOTHER, differences
from dcestimate.differences.sides import of_estimate, of_file
from dcestimate.estimation import estimate
from dcestimate.figures import figures
from dcestimate.profiles import Library, shipped
from dcestimate.request import lines

ASK = ("100k", "--chip", "gb200", "--region", "us-east-1")
SOME = ("facility_peak_power", "annual_energy", "annual_water", "pue", "rack_count", "white_space", "chiller_count")


@pytest.fixture
def kept(tmp_path, capsys):
    """The path of a JSON estimate: kept("a", "100k", "--chip", ...)."""

    def keep(name, *asked):
        path = tmp_path / f"{name}.json"
        assert main(["estimate", *asked, "-q", "-o", str(path)]) == 0
        capsys.readouterr()
        return str(path)

    return keep


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def as_json(capsys, *argv):
    code = main(["diff", *argv, "--json"])
    return code, json.loads(capsys.readouterr().out)


def a_side(library, *asked, **designs):
    """A side without a file."""
    return of_estimate(estimate(library, lines(library, *asked, **designs)))


def test_what_is_the_same_does_not_differ(kept, capsys):
    path = kept("a", *ASK)
    code, found = as_json(capsys, path, path, "--max", "pue=0 %")
    assert (code, found["changes"], found["causes"], found["failed"]) == (0, {}, [], [])
    assert main(["diff", path, path]) == 0
    assert "No result differs." in capsys.readouterr().out


def test_every_change_is_the_difference_of_two_estimates(kept, capsys):
    before, after = kept("a", *ASK), kept("b", *ASK, "--cooling", "dlc-tower")
    code, found = as_json(capsys, before, after)
    assert main(["schema", "diff"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))
    documents = [read(path)["totals"]["results"] for path in (before, after)]
    for name, change in found["changes"].items():
        assert (change["before"], change["after"]) == (documents[0][name], documents[1][name])
        assert change["before"] != change["after"]
    for name, result in documents[0].items():
        assert name in found["changes"] or result == documents[1][name] or math.isclose(
            result["value"], documents[1][name]["value"], rel_tol=1e-9)
    assert code == 0
    assert [cause["text"] for cause in found["causes"]] == ["cooling dlc-dry -> dlc-tower"]


@pytest.mark.parametrize(("more", "cause", "text"), [
    (("--cooling", "dlc-tower"), "cooling", "cooling dlc-dry -> dlc-tower"),
    (("--power", "2n"), "power", "power distributed-4-to-3 -> 2n"),
    (("--set", "power_factor=0.9 W/VA"), "power_factor", "power_factor 0.95 W/VA -> 0.9 W/VA"),
    (("--set", "liquid.terminal_supply_temperature=35 degC"), "terminal_supply_temperature", "24/40 degC -> 24/35 degC"),
    (("--workload", "inference"), "workload", "workload training -> inference"),
])
def test_a_single_cause_has_the_whole_change(kept, capsys, more, cause, text):
    _, found = as_json(capsys, kept("a", *ASK), kept("b", *ASK, *more))
    assert [one["name"] for one in found["causes"]] == [cause]
    assert text in found["causes"][0]["text"]
    for change in found["changes"].values():
        if change["change"] is not None:
            assert [part["name"] for part in change["because"]] == [cause]
            assert change["because"][0]["change"] == pytest.approx(change["change"], rel=1e-6)


def test_a_chip_brings_its_own_designs(kept, capsys):
    """What nobody stated follows from the chip, and is no cause of its own; what was stated is."""
    h100 = ("100k", "--chip", "h100", "--region", "us-east-1")
    _, found = as_json(capsys, kept("a", *h100), kept("b", *ASK))
    assert [one["name"] for one in found["causes"]] == ["chip"]
    assert "(dlc-dry, liquid-hall, spectrum-4)" in found["causes"][0]["text"] or "dlc-dry" in found["causes"][0]["text"]
    _, found = as_json(capsys, kept("c", *h100, "--cooling", "air-tower"), kept("d", *ASK, "--cooling", "dlc-tower"))
    assert {one["name"] for one in found["causes"]} == {"chip", "cooling"}


@pytest.mark.parametrize("more", [
    ("--chip", "gb300", "--region", "eu-north-1", "--cooling", "dlc-tower", "--power", "2n", "--set", "spare_share=5 %"),
    ("--chip", "gb200", "--region", "sa-east-1:60%,eu-north-1:40%", "--set", "power_factor=0.9 W/VA"),
])
def test_parts_add_up_to_the_change(kept, capsys, more):
    _, found = as_json(capsys, kept("a", *ASK), kept("b", "130k", *more))
    assert len(found["causes"]) > 1
    for name, change in found["changes"].items():
        if change["change"] is not None:
            total = sum(part["change"] for part in change["because"])
            assert total == pytest.approx(change["change"], rel=1e-5, abs=1e-9 * abs(change["before"]["value"])), name
            assert ANOTHER not in [part["name"] for part in change["because"]], name


def test_two_causes_have_the_mean_of_both_orders(library):
    """Shapley's value for two, worked by hand from four estimates."""
    asked = {"region": "us-east-1", "chip": "gb200"}
    at = {(count, cooling): estimate(library, lines(library, count, cooling=cooling, **asked)).results
          for count in ("100k", "150k") for cooling in ("dlc-dry", "dlc-tower")}
    found = differences(a_side(library, "100k", cooling="dlc-dry", **asked), a_side(library, "150k", cooling="dlc-tower",
                                                                                   **asked), SOME)
    for name in SOME:
        a, b, c, d = (float(at[key][name]) for key in (("100k", "dlc-dry"), ("150k", "dlc-dry"), ("100k", "dlc-tower"),
                                                       ("150k", "dlc-tower")))
        parts = dict(found.changes[name].because)
        wanted = {"count": ((b - a) + (d - c)) / 2, "cooling": ((c - a) + (d - b)) / 2}
        for cause, part in wanted.items():
            assert parts.get(cause, 0.0) == pytest.approx(part, abs=1e-6 * abs(d - a)), (name, cause)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1_000, 300_000), st.integers(1_000, 300_000),
       st.sampled_from(["us-east-1", "eu-north-1", "me-central-1"]),
       st.sampled_from(["dlc-dry", "dlc-tower"]), st.sampled_from(["gb200", "gb300", "h100"]))
def test_turned_round_every_part_changes_its_sign(library, before, after, region, cooling, chip):
    one = a_side(library, before, chip="gb200", region="us-east-1", cooling="dlc-dry")
    other = a_side(library, after, chip=chip, region=region, cooling=cooling)
    there, back = differences(one, other, SOME), differences(other, one, SOME)
    for name in SOME:
        if name in there.changes:
            parts, turned = dict(there.changes[name].because), dict(back.changes[name].because)
            scale = abs(there.changes[name].change)
            for cause in {*parts, *turned}:
                assert parts.get(cause, 0.0) == pytest.approx(-turned.get(cause, 0.0), abs=1e-5 * scale), (name, cause)


def test_many_causes_still_add_up(library):
    """More causes than every order can be counted of."""
    designs = {"cooling": "dlc-tower", "power": "2n", "workload": "inference"}
    changed = [f"{name}={value}" for name, value in (("spare_share", "4 %"), ("power_factor", "0.9 W/VA"), ("energy_price",
               "90 USD/MWh"), ("carbon_intensity", "100 g/kWh"))]
    found = differences(a_side(library, "100k", chip="gb200", region="us-east-1"),
                        a_side(library, "120k", chip="gb200", region="us-east-1", settings=changed, **designs))
    assert len(found.causes) > changes_of.reasons.EXACT
    for change in found.changes.values():
        if change.change is not None:
            assert sum(part for _, part in change.because) == pytest.approx(change.change, rel=1e-4)


def test_a_profile_that_changed_is_a_cause(tmp_path, kept, capsys):
    """An estimate keeps the figures it was made with: one made before a profile was edited tells so."""
    own = tmp_path / "profiles"
    shutil.copytree(shipped() / "systems", own / "systems")
    path = own / "systems" / "gb200-nvl72.toml"
    text = path.read_text(encoding="utf-8")
    assert '"132 kW' in text
    path.write_text(text.replace('"132 kW', '"120 kW'), encoding="utf-8")
    before, after = kept("a", *ASK, "-P", str(own)), kept("b", *ASK)
    _, found = as_json(capsys, before, after)
    assert found["changes"]["it_nameplate_power"]["because"][0]["name"] == "system_nameplate_power" or any(
        "120" in one["text"] and "132" in one["text"] for one in found["causes"])
    assert {one["name"] for one in found["causes"]}.isdisjoint({"chip", "cooling", "region"})


def test_a_number_that_no_input_explains_is_told_as_such(kept, capsys):
    path = kept("a", *ASK)
    document = read(path)
    document["totals"]["results"]["facility_peak_power"]["value"] *= 1.5
    other = path.replace("a.json", "b.json")
    Path(other).write_text(json.dumps(document), encoding="utf-8")
    _, found = as_json(capsys, path, other)
    assert [part["name"] for part in found["changes"]["facility_peak_power"]["because"]] == [ANOTHER]


def test_what_stands_on_one_side_only(kept, capsys):
    one = kept("a", "100k", "--chip", "gb200", "--region", "us-east-1:60%,eu-north-1:40%")
    other = kept("b", "60k", "--chip", "gb200", "--region", "us-east-1")
    _, found = as_json(capsys, one, kept("c", "100k", "--chip", "gb200", "--region", "us-east-1:60%,eu-west-1:40%"))
    assert [one["text"] for one in found["causes"]] == ["removed: eu-north-1", "added: eu-west-1"]
    assert as_json(capsys, one, other)[0] == 0


@pytest.mark.parametrize(("limit", "code"), [
    ("facility_peak_power=+5 %", 4), ("facility_peak_power=+50 %", 0), ("facility_peak_power=-1 %", 0),
    ("facility_peak_power=10 MW", 4), ("facility_peak_power=+90 MW", 0), ("facility_peak_power=90000 kW", 0),
    ("pue=1 %", 0), ("rack_count=+0 rack", 4), ("rack_count=-1 %", 0),
])
def test_the_gate(kept, capsys, limit, code):
    before, after = kept("a", *ASK), kept("b", "130k", *ASK[1:])
    assert main(["diff", before, after, "--max", limit]) == code
    assert ("FAIL" in capsys.readouterr().out) == (code == 4)
    assert main(["diff", before, after, "--max", limit, "--exit-zero"]) == 0
    capsys.readouterr()
    assert as_json(capsys, before, after, "--max", limit)[1]["failed"] == [limit] * (code == 4)


@pytest.mark.parametrize(("limit", "says"), [
    ("facility_peak_power", "bounds no result"), ("nothing=5 %", "bounds no result"), ("pue=5 MW", "5 MW"),
    ("facility_peak_power=5", "no unit"), ("rack_limit=5 %", "bounds no result"),
])
def test_gates_that_are_none(kept, capsys, limit, says):
    path = kept("a", *ASK)
    assert main(["diff", path, path, "--max", limit]) == 2
    assert says in capsys.readouterr().err


def test_two_plans(capsys, tmp_path):
    """Verdicts, what the documents say differently, and why the results differ."""
    text = (shipped() / "plans" / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    changed = text.replace("dlc-dry", "dlc-tower") if "dlc-dry" in text else text
    changed = changed.replace('name = "', 'name = "Other ', 1)
    (tmp_path / "b.toml").write_text(changed, encoding="utf-8")
    assert main(["diff", str(tmp_path / "a.toml"), str(tmp_path / "b.toml")]) == 0
    out = capsys.readouterr().out
    assert "verdict" in out
    assert "name: " in out
    code, found = as_json(capsys, "aws-1m-gpus", "aws-1m-gpus-hopper")
    assert code == 0
    assert {"what": "start", "before": "2026Q2", "after": "2025Q2"} in found["documents"]
    for name, change in found["changes"].items():
        if change["change"] is not None and name in SOME:
            assert sum(part["change"] for part in change["because"]) == pytest.approx(change["change"], rel=1e-5)


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_screen_fits(kept, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    before = kept("a", *ASK)
    after = kept("b", "2M", "--chip", "h100", "--region", "me-central-1", "--cooling", "air-tower",
                 "--set", "spare_share=5 %")
    for more in ((), ("--full",)):
        assert main(["diff", before, after, *more]) == 0
        assert max(map(len, capsys.readouterr().out.splitlines())) <= int(columns)


def test_rows_for_a_spreadsheet(kept, capsys):
    before, after = kept("a", *ASK), kept("b", *ASK, "--cooling", "dlc-tower")
    assert main(["diff", before, after, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    peak = next(row for row in rows if row["result"] == "facility_peak_power")
    assert float(peak["cooling"]) == pytest.approx(float(peak["change"]))
    assert main(["diff", before, after, "-f", "md"]) == 0
    assert "| facility_peak_power | MW |" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "code", "says"), [
    ("{", 3, "is not a JSON estimate"), ('{"schema": "x"}', 3, "is not a JSON estimate"), (None, 1, "cannot read")])
def test_files_that_are_none(tmp_path, capsys, kept, content, code, says):
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["diff", kept("a", *ASK), str(path)]) == code
    assert says in capsys.readouterr().err


def test_a_side_reads_what_was_kept(library, kept):
    """The figures of a side are those in its file, also where the shipped ones are others now."""
    path = kept("a", *ASK)
    document = read(path)
    document["deployments"][0]["inputs"]["power_factor"]["value"] = 0.8
    Path(path).write_text(json.dumps(document), encoding="utf-8")
    found = of_file(Library(), path)
    placed = next(iter(found.placed.values()))
    assert placed.figures.values["power_factor"] == 0.8
    assert figures(library, placed.line).values["power_factor"] != 0.8


def test_a_workbook_of_report_is_a_side_as_its_json_is(library, kept, tmp_path, capsys, monkeypatch):
    """What it holds is rebuilt; made with other profiles it is refused, for it does not bring their figures."""
    before, towers = kept("before", *ASK), kept("after", *ASK, "--cooling", "dlc-tower")
    for name in (before, towers):
        assert main(["report", name, "-o", name.replace("json", "xlsx")]) == 0
    capsys.readouterr()
    book = towers.replace("json", "xlsx")
    code, found = as_json(capsys, towers, book)
    assert (code, found["changes"]) == (0, {})
    assert as_json(capsys, before, book)[1]["changes"] == as_json(capsys, before, towers)[1]["changes"]
    monkeypatch.setattr("dcestimate.handover.workbook.request.profiles_version", lambda root: "0123456789ab")
    assert main(["diff", before, book]) == 3
    said = " ".join(capsys.readouterr().err.split())
    assert "after.xlsx: is a workbook made with profiles" in said
    assert "or give the estimate as JSON" in said
