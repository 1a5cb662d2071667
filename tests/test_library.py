"""The library's face: the same answers as the command line gives, and errors in words of Python."""

from pathlib import Path

import pytest

import dcestimate as dce
from dcestimate.cli.main import main

HERE = {"region": "eu-north-1"}


def test_a_comparison_is_that_of_its_estimates():
    found = dce.compare("1k gb200", **HERE, cooling=["dlc-dry", "dlc-tower"])
    assert [case.name for case in found.cases] == ["dlc-dry", "dlc-tower"]
    for case in found.cases:
        assert case.amount("pue") == dce.estimate("1k gb200", **HERE, cooling=case.name).pue
    assert dce.compare("1k", chip="gb200,h100-sxm", **HERE, per="mw").per == "MW"
    with pytest.raises(dce.errors.UsageError, match="one plan is no comparison"):
        dce.compare(["example"])


def test_a_report_is_that_of_the_command_line_and_verifies(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert dce.report("1k gb200", "a.xlsx", **HERE) == Path("a.xlsx")
    assert main(["report", "1k", "--chip", "gb200", "--region", "eu-north-1", "-o", "b.xlsx"]) == 0
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()
    assert dce.verify("a.xlsx", with_libreoffice=False).agrees
    assert dce.report("example", tmp_path / "plan.md").read_text(encoding="utf-8").startswith("# ")
    text = dce.report("1k gb200", "a.html", **HERE, units="us").read_text(encoding="utf-8")
    assert "dcestimate.report(&#x27;1k gb200&#x27;" in text or "dcestimate.report('1k gb200'" in text


def test_a_table_comes_back_as_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("fleet.csv").write_text("GPU,count,region\ngb200,1k,eu-north-1\nnone,1k,eu-north-1\n", encoding="utf-8")
    found = dce.batch("fleet.csv", "a.csv", columns="pue", named={"chip": "GPU"})
    assert main(["batch", "fleet.csv", "--columns", "pue", "--map", "chip=GPU", "-o", "b.csv"]) == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes() == b"".join(found.pieces)
    assert len(found.answer.errors) == 1
    assert any("unknown chip" in note for note in found.notes)
    for out, says in (("fleet.csv", "never written to"), ("a.xlsx", "comes back as .csv")):
        with pytest.raises(dce.errors.UsageError, match=says):
            dce.batch("fleet.csv", out, named={"chip": "GPU"})
    with pytest.raises(dce.errors.UsageError, match="Write si or us"):
        dce.batch("fleet.csv", "a.csv", units="imperial")


@pytest.mark.parametrize(("call", "says"), [
    (lambda: dce.estimate("1k gb200"), "Name one with region=."),
    (lambda: dce.estimate("1k gb200", region="us-east-1,us-west-2"), 'region="us-east-1:50%,us-west-2:50%"'),
    (lambda: dce.estimate("1k gb200", **HERE, settings=["rack"]), 'settings=["rack_power_limit=140 kW/rack"]'),
    (lambda: dce.compare("1k gb200", **HERE), 'cooling="dlc-dry,dlc-tower,air-evaporative"'),
    (lambda: dce.compare("1k gb200", **HERE, per="x"), 'per="chip"'),
    (lambda: dce.report("1k gb200", "x.pdf", **HERE), "x.pdf ends in none of .xlsx, .html, .md."),
    (lambda: dce.report("example", "x.md", **HERE), "says itself what region= is to say"),
    (lambda: dce.verify("none.xlsx", with_libreoffice=False), "cannot read none.xlsx")])
def test_errors_name_arguments(call, says):
    with pytest.raises(dce.errors.DcestimateError) as raised:
        call()
    assert says in str(raised.value)
    assert "--" not in str(raised.value)
