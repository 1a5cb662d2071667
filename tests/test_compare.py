"""Alternatives side by side: each column is the estimate of its own, and what cannot be compared is refused."""

import csv
import io
import json

import jsonschema
import pytest

from dcestimate.cli.main import main

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
    for label in ("All", "PUE, annual", "PUE, peak", "WUE", "Chillers", "Coolers, towers", "Building", "Yards"):
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
    (["--cooling", "dlc-dry,dlc-tower", "--power", "2n,n"], "one is compared at a time"),
    (["--cooling", "dlc-dry,dlc-dry"], "names one twice"),
    (["--cooling", "dlc-dry,"], "none between two commas"),
    (["--cooling", "dlc-dry,dlc-towr"], "dlc-tower"),
])
def test_what_cannot_be_compared_is_refused(capsys, more, says):
    assert main([*ASK, *more]) == 2
    assert says in " ".join(capsys.readouterr().err.split())
