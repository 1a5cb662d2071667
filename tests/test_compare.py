"""Alternatives side by side: each column is the estimate of its own, and what cannot be compared is refused."""

import csv
import io
import json
import re
from pathlib import Path

import jsonschema
import pytest

from dcestimate.cli.main import main
from dcestimate.results import RESULTS

ASK = ["compare", "10k", "--chip", "gb300", "--region", "us-east-1"]
DESIGNS = "dlc-dry,dlc-tower,air-evaporative"


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_each_column_is_the_estimate_of_its_design(capsys):
    assert main([*ASK, "--cooling", DESIGNS, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["schema", "comparison"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))
    assert (found["axis"], [case["name"] for case in found["cases"]]) == ("cooling", DESIGNS.split(","))
    for case in found["cases"]:
        assert main(["estimate", *ASK[1:], "--cooling", case["name"], "--json"]) == 0
        alone = json.loads(capsys.readouterr().out)
        assert case["results"] == alone["totals"]["results"]


def test_the_table_fits_and_shows_what_an_engineer_decides_by(capsys):
    assert main([*ASK, "--cooling", DESIGNS]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    for label in ("All racks", "PUE, annual", "PUE, peak", "WUE", "Chillers", "Coolers, towers", "Building", "Yards"):
        assert label in out
    assert "compared by cooling" in out


def test_many_columns_go_below(capsys):
    chips = "h100,h200,b200,b300,gb200,gb300,mi300x,trainium2"
    assert main(["compare", "10k", "--chip", chips, "--region", "us-east-1"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("PUE, annual") > 1
    for chip in chips.split(","):
        assert chip in out


def test_csv_has_a_row_each(capsys):
    assert main(["cmp", "10k", "--chip", "h100", "--region", "us-east-1,eu-north-1", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["region"] for row in rows] == ["us-east-1", "eu-north-1"]


@pytest.mark.parametrize(("more", "says"), [
    ([], "no option has several values"),
    (["--cooling", "dlc-dry,dlc-tower", "--power", "2n,n", "--fabric", "efa,quantum-x800"], "one or two are compared"),
    (["--cooling", "dlc-dry,dlc-tower", "--per", "kg"], "chip, rack, MW, EFLOP"),
    (["--cooling", "dlc-dry,dlc-tower", "--show", "puue"], "Did you mean pue"),
    (["--plan", "example"], "plans bring their own"),
    (["--cooling", "dlc-dry,dlc-tower", "--in", "power=kg"], "no unit of power"),
    (["--cooling", "dlc-dry,dlc-dry"], "names one twice"),
    (["--cooling", "dlc-dry,"], "none between two commas"),
    (["--cooling", "dlc-dry,dlc-towr"], "dlc-tower"),
])
def test_what_cannot_be_compared_is_refused(capsys, more, says):
    assert main([*ASK, *more]) == 2
    assert says in " ".join(capsys.readouterr().err.split())


def document(capsys, *argv):
    assert main(["compare", *argv, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["schema", "comparison"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))
    return found


DIVISORS = {"chip": "installed_accelerator_count", "rack": "rack_count", "MW": "critical_it_power",
            "EFLOP": "peak_bf16_rate"}


@pytest.mark.parametrize("per", DIVISORS)
def test_sums_are_divided_and_nothing_else(capsys, per):
    found = document(capsys, "10k", "--chip", "h100,gb200", "--region", "us-east-1", "--per", per)
    assert found["per"] == {"name": per, "result": DIVISORS[per]}
    first = found["cases"][0]
    for case in found["cases"]:
        divisor = case["results"][DIVISORS[per]]["value"]
        assert set(case["normalised"]) == {name for name, item in RESULTS.items() if item.total == "sum"
                                           and case["results"][name].get("value") is not None}
        for name, value in case["normalised"].items():
            assert value["value"] == pytest.approx(case["results"][name]["value"] / divisor)
        assert case["differences"]["pue"] == pytest.approx(
            case["results"]["pue"]["value"] / first["results"]["pue"]["value"] - 1)
        assert case["differences"]["annual_energy"] == pytest.approx(
            case["normalised"]["annual_energy"]["value"] / first["normalised"]["annual_energy"]["value"] - 1)


def test_a_megawatt_of_a_megawatt_is_one(capsys):
    """What a row says of itself, per its own amount, whatever the chip."""
    assert main(["compare", "10k", "--chip", "h100,gb200", "--region", "us-east-1", "--per", "MW"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("IT, critical"))
    assert re.findall(r"[\d.]+", row) == ["1.000", "1.000"]


def test_rows_say_how_they_differ(capsys):
    """By the two JSON values themselves, with a sign; the base says nothing."""
    found = document(capsys, *ASK[1:], "--cooling", "dlc-dry,dlc-tower")
    base, other = (case["results"]["facility_peak_power"]["value"] for case in found["cases"])
    assert main([*ASK, "--cooling", "dlc-dry,dlc-tower"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Site, peak"))
    assert re.findall(r"[+-][\d.]+ %", row) == [f"{100 * (other / base - 1):+.1f} %"]


def test_numbers_are_short(capsys):
    """No cell has more than six digits before its point, whatever the size of the fleet."""
    for count in ("100", "100k", "3M"):
        assert main(["compare", count, "--chip", "h100", "--region", "us-east-1,us-east-2", "--show",
                     "facility_peak_power,annual_energy,annual_water,carbon_emissions,energy_cost,battery_energy"]) == 0
        out = capsys.readouterr().out.split("----", 1)[1]
        assert max(len(n.replace(",", "")) for n in re.findall(r"[\d,]+", out)) <= 6
    assert "MUSD/yr" in out


def test_notes_are_shown_once_with_whose_they_are(capsys):
    assert main([*ASK, "--cooling", DESIGNS]) == 0
    err = " ".join(capsys.readouterr().err.split())
    warnings = {case["name"]: {w.partition(": ")[2] for w in case["warnings"]} for case in document(
        capsys, *ASK[1:], "--cooling", DESIGNS)["cases"]}
    assert set.union(*warnings.values())
    for text in set.union(*warnings.values()):
        whose = [name for name, texts in warnings.items() if text in texts]
        assert err.count(" ".join(text.split())) == 1
        assert (f"{', '.join(whose)}: {' '.join(text.split())}" in err) == (len(whose) < 3)


def test_many_notes_are_cut_and_warnings_never(capsys):
    regions = "us-east-1,af-south-1,ap-east-1,ap-northeast-1,ap-south-2,ap-southeast-5,dallas-tx,eu-central-1,eu-west-2"
    ask = ["10k", "--chip", "gb300", "--cooling", "dlc-tower", "--region", regions]
    said = {text for case in document(capsys, *ask)["cases"] for text in case["warnings"]}
    warned, noted = ({" ".join(t.partition(": ")[2].split()) for t in said if t.startswith(level)}
                     for level in ("warning", "note"))
    assert warned
    errors = []
    for more in ([], ["-v"]):
        assert main(["compare", *ask, *more]) == 0
        errors.append(capsys.readouterr().err)
    short, whole = (" ".join(err.split()) for err in errors)
    assert all(text in short for text in warned)
    assert all(text in whole for text in warned | noted)
    fewer, all_ = (len(re.findall("^- ", err, re.M)) for err in errors)
    assert f"- {all_ - fewer + 1} more notes; -v shows them" in short
    assert fewer < all_


def test_chips_say_what_they_bring(capsys):
    assert main(["compare", "10k", "--chip", "h100,gb200", "--region", "us-east-1"]) == 0
    out = capsys.readouterr().out
    assert "  h100: dgx-h100, " in out
    assert "  gb200: gb200-nvl72, " in out
    assert "Dense BF16" in out


def test_a_mix_is_the_same_in_all(capsys):
    assert main(["compare", "10k", "--chip", "gb300:50%,gb200:50%", "--region", "us-east-1", "--cooling",
                 "dlc-dry,dlc-tower"]) == 0
    title = " ".join(capsys.readouterr().out.partition("\n\n")[0].split())
    assert title.startswith("10,000 accelerators, gb300-nvl72 + gb200-nvl72, us-east-1, ")
    assert "dlc-dry:" not in title


def test_two_axes_are_a_grid_of_their_own_estimates(capsys):
    ask = ["10k", "--chip", "gb300", "--region", "us-east-1,eu-north-1,ap-south-1", "--cooling", "dlc-dry,dlc-tower"]
    assert main(["compare", *ask, "--show", "pue", "--digits", "6"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "differences against us-east-1, dlc-dry" in " ".join(out.split())
    pairs = {line.split()[0]: re.findall(r"([\d.]+) +(=|[+-][\d.]+ %)", line) for line in out.splitlines()
             if re.match(r"\S+ +[\d.]+ +(=|[+-])", line)}
    rows = {region: [value for value, _ in row] for region, row in pairs.items()}
    assert list(rows) == ["us-east-1", "eu-north-1", "ap-south-1"]
    for region, cells in rows.items():
        for design, shown in zip(("dlc-dry", "dlc-tower"), cells, strict=True):
            assert main(["estimate", "10k", "--chip", "gb300", "--region", region, "--cooling", design, "--json"]) == 0
            alone = json.loads(capsys.readouterr().out)["totals"]["results"]["pue"]["value"]
            assert float(shown) == pytest.approx(alone, rel=1e-5)
    first = float(rows["us-east-1"][0])
    for value, by in (pair for row in pairs.values() for pair in row):
        assert by == "=" or float(by[:-2]) == pytest.approx(100 * (float(value) / first - 1), abs=0.06), value
    assert pairs["us-east-1"][0][1] == "="
    cells = {(region, design): float(x) for region, row in rows.items()
             for design, x in zip(("dlc-dry", "dlc-tower"), row, strict=True)}
    assert f"Least: {', '.join(min(cells, key=cells.get))}. Most: {', '.join(max(cells, key=cells.get))}." in out
    found = document(capsys, *ask)
    assert found["axes"] == ["region", "cooling"]
    assert [tuple(case["choice"].values()) for case in found["cases"]] == list(cells)


def test_a_grid_says_the_peak_unless_asked(capsys):
    ask = ["compare", "10k", "--chip", "gb300", "--region", "us-east-1,eu-north-1", "--cooling", "dlc-dry,dlc-tower"]
    assert main(ask) == 0
    assert "facility_peak_power [MW]" in capsys.readouterr().out
    assert main([*ask, "--per", "chip"]) == 0
    assert "facility_peak_power [kW per chip]" in capsys.readouterr().out
    assert main([*ask, "-f", "md", "--show", "pue,wue"]) == 0
    assert capsys.readouterr().out.count("| us-east-1 |") == 2
    assert main([*ask, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["region"], row["cooling"]) for row in rows] == [
        (region, design) for region in ("us-east-1", "eu-north-1") for design in ("dlc-dry", "dlc-tower")]


def test_csv_has_counts_without_a_point_and_no_negative_zero(capsys):
    assert main([*ASK, "--cooling", "dlc-dry,dlc-tower", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert not [(name, text) for row in rows for name, text in row.items() if re.fullmatch(r"-?\d+\.0|-0", text)]
    assert rows[0]["compute_rack_count [rack]"].isdigit()


def test_csv_is_divided_too(capsys):
    def column(*more):
        assert main([*ASK, "--cooling", "dlc-dry,dlc-tower", "--csv", *more]) == 0
        row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        return {name: row[name] for name in row if name.startswith(("facility_peak_power", "rack_count", "pue ["))}

    whole, per = column(), column("--per", "rack")
    assert float(per["facility_peak_power [MW/rack]"]) == pytest.approx(
        float(whole["facility_peak_power [MW]"]) / float(whole["rack_count [rack]"]))
    assert per["pue [1]"] == whole["pue [1]"]


def test_what_cannot_be_built_is_a_column_without_numbers(capsys):
    ask = ["10k", "--chip", "gb300", "--region", "us-east-1", "--space"]
    assert main(["compare", *ask, "air-hall,liquid-hall,rubin-hall"]) == 0
    out, err = capsys.readouterr()
    assert "differences against liquid-hall" in " ".join(out.split())
    row = next(line for line in out.splitlines() if line.startswith("Site, peak")).split()
    assert row[3] == "-"
    assert "! air-hall: cannot be built" in err
    found = document(capsys, *ask, "air-hall,liquid-hall")
    assert found["cases"][0]["results"] is None
    assert "no system fits a rack" in found["cases"][0]["reason"]
    assert main(["compare", *ask, "air-hall,dense-air-hall"]) == 2
    assert "none of these can be built" in capsys.readouterr().err


def plans(tmp_path):
    """The shipped example, and the same with half of its accelerators in the north."""
    text = (Path(__file__).resolve().parent.parent / "profiles" / "plans" / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text(text.replace('2027Q2 = "40k"', '2027Q2 = "20k"'), encoding="utf-8")
    return f"{tmp_path}/a.toml,{tmp_path}/b.toml"


def test_plans_are_compared_at_their_deadlines(capsys, tmp_path):
    """By the needs that the check of each plan has at its deadline, over its sites."""
    names = plans(tmp_path)
    found = document(capsys, "--plan", names)
    assert found["axis"] == "plan"
    for case in found["cases"]:
        main(["rollout", "check", case["name"], "--json"])
        checked = json.loads(capsys.readouterr().out)
        last = [cell["needs"] for cell in checked["cells"] if cell["quarter"] == checked["deadline"]]
        assert len(last) == 2
        for need, result in (("power", "facility_peak_power"), ("racks", "rack_count"), ("annual_water", "annual_water")):
            assert case["results"][result]["value"] == pytest.approx(sum(one[need]["value"] for one in last))
        assert (case["plan"]["feasible"], case["plan"]["deadline"]) == (checked["feasible"], checked["deadline"])
    assert main(["compare", "--plan", names]) == 0
    out = capsys.readouterr().out
    assert "Verdict" in out
    assert max(map(len, out.partition("\n\n")[2].splitlines())) <= 80  # below the title, which has the files' names
    assert "2027Q4" in out
    assert main(["compare", "--plan", names, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["region"] for row in rows] == ["us-east-1 + eu-north-1"] * 2


@pytest.mark.parametrize(("argv", "code", "says"), [
    (["--plan", "example,nowhere.toml"], 1, "no plan nowhere.toml"),
    (["--plan", "example,example"], 2, "names one twice"),
    (["--plan", "example,bad.toml"], 3, "bad.toml"),
    (["10k", "--plan", "example"], 2, "a count is stated too"),
    (["--plan", "example"], 2, "one plan is no comparison"),
    (["--chip", "gb300", "--region", "us-east-1", "--cooling", "dlc-dry,dlc-tower"], 2, "a count is missing"),
    (["10k", "--region", "us-east-1,us-east-2"], 2, "a chip is missing"),
])
def test_plans_that_cannot_be_compared(capsys, monkeypatch, tmp_path, argv, code, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text('schema = "dcestimate/plan/1"\nname = 3\n')
    assert main(["compare", *argv]) == code
    assert says in " ".join(capsys.readouterr().err.split())
