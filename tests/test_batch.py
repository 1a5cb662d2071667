"""Tables of deployments as CSV: what is read, what comes back, and what stays as it was."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dcestimate.batches import batch, headers, matching, rows, run
from dcestimate.batches.csv_file import is_dangerous
from dcestimate.cli.main import main
from dcestimate.errors import ProfileError, QuantityError, UsageError
from dcestimate.estimation import estimate
from dcestimate.profiles import Library
from dcestimate.request import lines
from dcestimate.results import RESULTS

ROOT = Path(__file__).resolve().parent.parent
HEAD = "chip,count,region"


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.fixture(scope="module")
def done(library):
    """A CSV text through batch: (what comes back, the Written)."""
    def _done(text, columns=None, **wanted):
        content = text if isinstance(text, bytes) else text.encode()
        written = batch(library, content, "fleet.csv", run.Wanted(run.parse_columns(columns), **wanted))
        return b"".join(written.pieces), written
    return _done


@pytest.fixture(scope="module")
def records(done):
    """A CSV text through batch, as a list of {header: cell}."""
    def _records(text, columns=None, delimiter=",", **wanted):
        return list(csv.DictReader(io.StringIO(done(text, columns, **wanted)[0].decode("utf-8-sig")), delimiter=delimiter))
    return _records


# ---- what is computed

def test_a_row_has_the_results_of_estimate(records, library):
    found = records(f"{HEAD}\ngb200,100k,us-east-1\nh100-sxm,8000,eu-north-1\n", "all")
    for row, (count, chip, region) in zip(found, (("100k", "gb200", "us-east-1"), ("8000", "h100-sxm", "eu-north-1")),
                                          strict=True):
        expected = estimate(library, lines(library, count, chip, region)).deployments[0]
        for name, item in RESULTS.items():
            result = expected.results[name]
            if getattr(item, "choices", ()):
                assert row[name] == result
            elif result.value is None:
                assert row[f"{name} [{item.unit}]"] == ""
            else:
                assert float(row[f"{name} [{item.unit}]"]) == pytest.approx(result.value, rel=1e-12, abs=1e-12)


CHIPS = ("gb200", "gb300", "h100-sxm", "b200", "mi300x", "trainium2", "tpu-v6e")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(st.sampled_from(CHIPS), st.integers(1, 300_000),
                               st.sampled_from(["us-east-1", "eu-north-1", "ap-south-1", "me-central-1"]),
                               st.sampled_from(["", "air-chiller", "dlc-tower", "fixed-overhead"]),
                               st.sampled_from(["", "2n", "distributed-4-to-3"]),
                               st.sampled_from(["", "inference", "training:1/2,inference:1/2"])), min_size=1, max_size=12))
def test_rows_beside_each_other_do_not_change_each_other(rows, records, library):
    """The oracle is the same request alone; rounding of sums in another order allows 1e-12."""
    text = io.StringIO()
    csv.writer(text).writerows([("chip", "count", "region", "cooling", "power", "workload"), *rows])
    for row, (chip, count, region, cooling, power, workload) in zip(records(text.getvalue()), rows, strict=True):
        try:
            expected = estimate(library, lines(library, count, chip, region, cooling=cooling or None, power=power or None,
                                               workload=workload or None)).deployments[0]
        except UsageError as error:
            assert row["error"] == " ".join(str(error).split())
            continue
        assert not row.get("error")
        for name in run.DEFAULT:
            assert float(row[f"{name} [{RESULTS[name].unit}]"]) == pytest.approx(expected.results[name].value, rel=1e-12,
                                                                                 abs=1e-12)


def test_processes_agree_with_one(done, library, monkeypatch):
    from dcestimate.batches import workers

    text = HEAD + "\n" + "".join(f"{chip},{1000 + n},{region}\n" for n, (chip, region) in enumerate(
        [(c, r) for c in CHIPS for r in ("us-east-1", "eu-north-1")]))
    alone = done(text)[0]
    monkeypatch.setattr(workers, "MANY", 1)
    assert done(text, processes=2)[0] == alone


def test_a_mix_is_totalled(records, library):
    row = records(f'{HEAD}\n"gb300:60%,trainium2:40%",1000,"us-east-1:70%,eu-north-1:30%"\n',
                  "annual_energy,pue,rack_limit")
    expected = estimate(library, lines(library, 1000, "gb300:60%,trainium2:40%", "us-east-1:70%,eu-north-1:30%")).totals
    assert float(row[0]["annual_energy [GWh]"]) == pytest.approx(expected.annual_energy.value, rel=1e-12)
    assert float(row[0]["pue [1]"]) == pytest.approx(expected.pue.value, rel=1e-12)
    assert row[0]["rack_limit"] == (expected.rack_limit.value or "")


@pytest.mark.parametrize(("header", "cell"), [
    ("rack_power_limit [kW/rack]", "60"), ("Rack power limit (kW)", "60"), ("rack_power_limit_kw", "60"),
    ("RACK_POWER_LIMIT", "60 kW/rack"), ("set", "rack_power_limit=60 kW/rack"),
    ("Settings", "rack_power_limit = 60 kW/rack; ")])
def test_settings_come_from_columns(records, library, header, cell):
    row = records(f'{HEAD},"{header}"\nh100-sxm,8000,us-east-1,{cell}\nh100-sxm,8000,us-east-1,\n', "rack_count")
    expected = [int(estimate(library, lines(library, 8000, "h100-sxm", "us-east-1", settings=set_)).totals.rack_count)
                for set_ in (["rack_power_limit=60 kW/rack"], [])]
    assert [int(one["rack_count [rack]"]) for one in row] == expected
    assert expected[0] < expected[1]


def test_a_cell_goes_before_a_setting_of_all(records):
    text = f"{HEAD},energy_price [USD/MWh]\ngb200,1000,us-east-1,\ngb200,1000,us-east-1,200\n"
    free, dear = records(text, "energy_cost", settings=("energy_price=100 USD/MWh",))
    assert float(dear["energy_cost [USD/yr]"]) == pytest.approx(2 * float(free["energy_cost [USD/yr]"]), rel=1e-12)


# ---- headers

@pytest.mark.parametrize("names", ["Chip,GPU count,Region", "GPU type,GPUs,AWS region", "gpu_model,# of GPUs,REGION",
                                   "Accelerator,Qty,Cloud Region", "chip,chips [chip],location", "chip,count,region (AWS)"])
def test_headers_are_matched_by_name(records, names):
    assert float(records(f"{names}\ngb200,1000,us-east-1\n", "accelerator_count")[0]["accelerator_count [chip]"]) == 1000


def test_thousands_in_a_header_count(records):
    text = "chip,GPUs (k),region\ngb200,100,us-east-1\n"
    assert float(records(text, "accelerator_count")[0]["accelerator_count [chip]"]) == 100_000


def test_a_header_can_be_named(records):
    text = "Type,How many,Where\ngb200,1000,us-east-1\n"
    named = matching.parse_map(["chip=Type", "count=how many", "region=Where"])
    assert records(text, "rack_count", named=named)[0]["rack_count [rack]"]


@pytest.mark.parametrize(("names", "says"), [
    ("chip,count", "no column for region"), ("GPU type,gpu model,count,region", 'both name the chip'),
    ("chip,chip,count,region", "both name the chip"), ("chip,GPUs,chips,region", "both name the count"),
    ("chip,count [MW],region", "counts chips in mw"),
    ("chip,count,region,rack_power_limit [m2]", "no unit of rack_power_limit"),
    ("chip,count,region,pue [1],pue [1]", "stands twice"),
    ("chip,count,region,rack_power_limit [kW/rack],rack_power_limit_w", "both hold rack_power_limit")])
def test_headers_that_cannot_be_meant_are_told(done, names, says):
    with pytest.raises(ProfileError, match=re.escape(says)) as caught:
        done(names + "\n" + "gb200" + ",1" * names.count(",") + "\n")
    assert str(caught.value).startswith("fleet.csv:1")


def test_headers_below_a_title_are_found(done):
    back = done(f"Fleet plan 2027\n\n{HEAD}\ngb200,1000,us-east-1\n", "pue")[0].decode().splitlines()
    assert back[:2] == ["Fleet plan 2027", ""]
    assert back[2] == f"{HEAD},pue [1]"


def test_a_planners_own_power_in_megawatts_is_no_design(records):
    row = records("chip,count,region,Power\ngb200,1000,us-east-1,2.5\n", "pue")[0]
    assert row["Power"] == "2.5"
    assert float(row["pue [1]"]) >= 1


def test_the_output_of_estimate_is_a_table_for_batch(records, capsys):
    assert main(["estimate", "1000", "--chip", "gb200", "--region", "us-east-1", "--csv"]) == 0
    text = capsys.readouterr().out
    before, after = next(csv.DictReader(io.StringIO(text))), records(text, "all")[0]
    assert before.keys() <= after.keys()
    assert after["facility_peak_power [MW]"] == before["facility_peak_power [MW]"]


# ---- what stays as it was

def test_other_cells_stay_as_they_were_written(done):
    text = ('\ufeffSite;GPU type;"GPU count";region;IT load (MW)\r\n"a ""x""";gb200;1000;us-east-1;"12,5"\r\n'
            ' b ;h100-sxm;0800;eu-north-1;-3,50\r\n\r\nTotal;;1800;;9\r\n')
    back = done(text, "rack_count,pue")[0].decode()
    assert back.startswith("\ufeff")
    for before, after in zip(text.split("\r\n"), back.split("\r\n"), strict=True):
        assert after.startswith(before)
    assert back.split("\r\n")[3] == ""
    assert back.split("\r\n")[4] == "Total;;1800;;9;;"
    assert re.fullmatch(r"1,\d+", back.split("\r\n")[1].split(";")[-1])  # a decimal comma, as the file has them


@pytest.mark.parametrize("text", ["chip;count;region;n\ngb200;100.000;us-east-1;=1\nh100-sxm;5;eu-north-1;\n",
                                  "chip;count;region;'\tn\ngb200;5;us-east-1;\t\n=gb200;5;us-east-1;\n;;\t;\n",
                                  "chip\tcount\tregion\ngb200\t1000\tus-east-1", f"{HEAD}\rgb200,1000,us-east-1\r",
                                  f'{HEAD},note\ngb200,1000,us-east-1,"two\nlines"\n',
                                  f"{HEAD}\ngb200,1000,us-east-1,,,x\n", f"{HEAD},note\ngb200,1000,us-east-1\n"])
def test_a_second_run_takes_the_place_of_the_first(done, text):
    once = done(text)[0]
    again, written = done(once)
    assert again == once
    assert any(note.startswith("computed anew") for note in written.notes)


def test_a_second_run_mends_what_has_changed(records, done):
    once = done(f"{HEAD},note\ngb200,1000,us-east-1,x\nH1000,1000,us-east-1,y\n", "rack_count,pue")[0].decode()
    assert once.splitlines()[0].endswith("error")
    mended = once.replace("H1000", "gb200").replace("gb200,1000", "gb200,2000", 1) + "gb200,2000,us-east-1,z\n"
    first, second, third = records(mended, "rack_count,pue")
    assert first["rack_count [rack]"] == third["rack_count [rack]"] > second["rack_count [rack]"]
    assert second["error"] == ""
    assert second["note"] == "y"


@pytest.mark.parametrize("name", ["error", "Error"])
def test_an_error_column_of_the_planner_is_kept(records, name):
    row = records(f"{HEAD},{name}\nH1000,1000,us-east-1,5 %\n", "pue")[0]
    assert row[name] == "5 %"
    assert "unknown chip" in row["dcestimate_error"]


def test_utf_16_comes_back_as_such(done):
    text = "chip\tcount\tregion\ngb200\t1000\tus-east-1\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        back = done(("\ufeff" + text).encode(encoding))[0]
        assert back.decode(encoding).startswith("\ufeff" + text.splitlines()[0])


# ---- formulas

FORMULAS = ("=1+1", "+1+cmd", "-1+cmd", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－1+1", "＠x",
            "=HYPERLINK(\"http://x\",\"y\")")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_is_neutralised(done, text):
    stream = io.StringIO()
    csv.writer(stream).writerows([("chip", "count", "region", "note"), ("gb200", 1000, "us-east-1", text),
                                  (text, 1000, "us-east-1", "")])
    back = list(csv.reader(io.StringIO(done(stream.getvalue())[0].decode())))
    assert back[1][3] == f"'{text}"
    assert back[2][0] == f"'{text}"
    assert not any(is_dangerous(cell) for row in back for cell in row)


@pytest.mark.parametrize("number", ["-5", "+5", "-1.5e-3", "-3,5", "-1,234.5", "+12 %", "-.5", "-", "--"])
def test_numbers_and_dashes_are_not(done, number):
    back = list(csv.reader(io.StringIO(done(f'{HEAD},delta\ngb200,1000,us-east-1,"{number}"\n')[0].decode())))
    assert back[1][3] == number


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) |
       st.text("\r\t\n =+-@'1a\uff1d", max_size=6))
@example(text="\r")
@example(text="\t\r -")
@example(text="\r=")
@example(text="\t\n1")
def test_no_cell_comes_back_as_a_formula(text, done):
    """Dashes, spaces, tabs and carriage returns alone are none: strip what you will, nothing to compute is left."""
    stream = io.StringIO()
    csv.writer(stream).writerows([("chip", "count", "region", "note"), ("", "", "", text)])
    back = list(csv.reader(io.StringIO(done(stream.getvalue())[0].decode(), newline="")))
    cell = back[1][3]
    assert cell.lstrip("'") == text.lstrip("'") or cell.lstrip("'") == text
    harmless = re.fullmatch(r"[- \t\r]*|[-+]?[\d.,'\u00a0\u202f ]+([eE][-+]?\d+)?\s*%?", cell.lstrip(" "))
    assert harmless or not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


# ---- what is refused, and rows that fail

@pytest.mark.parametrize(("content", "says"), [
    (b"chip,count,region\ngb200,1,S\xe3o\n", r"fleet\.csv:2: byte 0xe3 is not UTF-8"),
    (b"chip,count,region\n\"gb200,1,us-east-1\n", r"fleet\.csv:2: a quote that opens here is never closed"),
    (b"chip,count,region\ngb200,1,\0\n", r"fleet\.csv:2: is not text"),
    (b"", "has no column for chip and count and region"),
    (b"\n\n", "has no column"), (b"just text", "has no column")])
def test_files_that_cannot_be_read_are_refused(done, content, says):
    with pytest.raises(ProfileError, match=says):
        done(content)


@pytest.mark.parametrize(("cells", "says"), [
    ("H1000,1000,us-east-1", "unknown chip 'H1000'"), ("gb200,,us-east-1", "the count is missing"),
    (",1000,us-east-1", "the chip is missing"), ("gb200,1000,", "the region is missing"),
    ("gb200,0,us-east-1", "not above zero"),
    ("gb200,2027-01-01,us-east-1", "not a whole number"), ("gb200,#REF!,us-east-1", "the error #REF!"),
    ("#N/A,1000,us-east-1", "the error #N/A"), ("gb200,1.5,us-east-1", "fraction of a chip"),
    ("gb200,1000,us-esat-1", "unknown region 'us-esat-1'. Did you mean"), ('"gb200,h100",1000,us-east-1', "has no share")])
def test_a_row_that_fails_says_why_and_the_others_are_computed(records, cells, says):
    bad, good = records(f"{HEAD}\n{cells}\ngb200,1000,us-east-1\n")
    assert says in bad["error"]
    assert not any(bad[key] for key in list(bad)[3:-1])
    assert good["error"] == ""
    assert good["rack_count [rack]"]


@pytest.mark.parametrize("cells", [",1000,", ",1000,,,note", ",#REF!,", ",2027-01-01,"])
def test_a_count_alone_is_not_passed_over(records, cells):
    bad, good = records(f"GPU type,count,Region,system,note\n{cells}\ngb200,1000,us-east-1,,\n")
    assert bad["error"] == ('the chip and the region are missing. Fill "GPU type" and "Region", or empty the whole row if '
                            "it is no deployment.")
    assert good["rack_count [rack]"]


@pytest.mark.parametrize("head", ["chip,count,region", "region,count,chip", "Site,count,chip,region"])
@pytest.mark.parametrize("cells", [",,", "Europe,,", '"* prices, 2027",,', "* draft", "Total,1000,", "Summe,1.000,",
                                   "Sub-total:,1000,", "Total,,"])
def test_headings_footnotes_and_totals_are_no_deployments(done, head, cells):
    found = done(f"{head}\n{cells}\n")[1].answer
    assert not found.errors


@pytest.mark.parametrize(("head", "cells"), [
    ("chip,count,region", "Totalled,1000,"), ("chip,count,region", "x,1000,"), ("chip,count,region", "gb200,,"),
    ("chip,count,region", '"gb300:60%,trainium2:40%",,'), ("chip,count,region", ",,x"),
    ("region,count,chip", "us-east-1,,"),
    ("Site,count,chip,region", "Total,1000,gb200,"), ("Site,count,chip,region", "x,1000,,"),
    ("chip,count,region", "#REF!,,")])
def test_half_a_deployment_is_one(done, head, cells):
    found = done(f"{head}\n{cells}\n")[1].answer
    assert list(found.errors) == [0]


def test_a_row_that_cannot_be_built_fails_alone(records):
    """No rack of 5 kW takes a system of 120 kW."""
    bad, good = records(f"{HEAD},rack_power_limit [kW/rack]\ngb200,1000,us-east-1,5\ngb200,1000,us-east-1,\n")
    assert "gb200-nvl72 in us-east-1" in bad["error"]
    assert good["rack_count [rack]"]


@pytest.mark.parametrize(("count", "load", "delimiter"), [
    ("1.000", "", ";"), ("1,000", "", ";"), ("1.000", "", "\t"), ("1.000", "", ","), ("1.000", '"2,5"|2.5', ","),
    ("1.000", "2,5|2.5", ";")])
def test_a_count_that_may_be_one_or_a_thousand_is_refused(records, count, load, delimiter):
    """A sheet in German has points between thousands, and some write it with commas between columns."""
    text = "chip,count,region,load,more\ngb200,COUNT,us-east-1,LOAD\ngb200,7,us-east-1,,\n".replace(",", delimiter)
    load = load.replace("|", delimiter)
    bad, good = records(text.replace("COUNT", count).replace("LOAD", load), "accelerator_count", delimiter)
    assert bad["error"] == f"the count '{count}' may be 1 or 1000. Write 1 or 1000."
    assert (bad["accelerator_count [chip]"], good["accelerator_count [chip]"]) == ("", "7")


@pytest.mark.parametrize(("count", "load", "is_"), [('"1,000"', "", "1000"), ("1.000", "2.5", "1"),
                                                   ('"1,000"', "2.5", "1000"),
                                                    ("1000.000", "", "1000")])
def test_in_a_file_with_decimal_points_a_comma_is_between_thousands(records, count, load, is_):
    row, = records(f"chip,count,region,load\ngb200,{count},us-east-1,{load}\n", "accelerator_count")
    assert row["accelerator_count [chip]"] == is_


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("load", ["2,5", "1.234,5", "1.234.567"])
@pytest.mark.parametrize(("count", "is_"), [("1.000", "1000"), ("1,000", "1"), ("1.500k", "1500000"), ("1,500k", "1500")])
def test_in_a_file_with_decimal_commas_a_point_is_between_thousands(records, count, is_, load, delimiter):
    text = delimiter.join(["chip", "count", "region", "load"]) + "\n" + delimiter.join(
        ["gb200", f'"{count}"', "us-east-1", f'"{load}"\n'])
    row, = records(text, "accelerator_count,pue", delimiter)
    assert row["accelerator_count [chip]"] == is_
    assert re.fullmatch(r"1,\d+", row["pue [1]"])  # written as the file has its numbers


@pytest.mark.parametrize("count", ["1e5", "1E+05", "100e3", "100k", "100,000"])
def test_counts_are_read_as_on_the_command_line(records, count, capsys):
    row, = records(f'{HEAD}\ngb200,"{count}",us-east-1\n', "accelerator_count")
    assert row["accelerator_count [chip]"] == "100000"
    assert main(["estimate", count, "--chip", "gb200", "--region", "us-east-1", "--csv"]) == 0
    assert "100000" in capsys.readouterr().out


def test_a_count_with_a_fraction_can_only_be_a_thousandfold(records):
    row, = records("chip;count;region\ngb200;1.500;us-east-1\n", delimiter=";")
    assert row["error"] == "the count '1.500' may be 1.5 or 1500. Write 1500."
    row, = records("chip;count;region\ngb200;1.500k;us-east-1\n", delimiter=";")
    assert row["error"] == "the count '1.500k' may be 1.5k or 1500k. Write 1.5k or 1500k."


def test_numbers_written_the_other_way_are_refused():
    with pytest.raises(QuantityError, match="decimal comma"):
        rows.with_point("12.5", ",")


@pytest.mark.parametrize("texts", [["chip"], ["=x"], ["chip=a", "chip=b"]])
def test_maps_that_say_nothing_are_refused(texts):
    with pytest.raises(UsageError):
        matching.parse_map(texts)


def test_a_map_to_nothing_is_refused(done):
    with pytest.raises(UsageError, match="no column of that name"):
        done(f"{HEAD}\ngb200,1,us-east-1\n", named={"chip": "Type"})


# ---- the command

@pytest.fixture
def fleet(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_text(f"{HEAD}\ngb200,1000,us-east-1\nH1000,1,us-east-1\n")
    return path


def test_the_command_writes_to_standard_output_and_says_what_it_did(fleet, capsys):
    assert main(["batch", str(fleet)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].startswith(f"{HEAD},rack_count [rack],")
    assert "row 3: unknown chip" in err
    assert "added 8 columns" in err
    assert list(fleet.parent.iterdir()) == [fleet]


def test_strict_exits_4_after_writing(fleet, tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert main(["batch", str(fleet), "-o", str(out), "--strict", "-q"]) == 4
    assert len(out.read_text().splitlines()) == 3
    assert capsys.readouterr() == ("", "")
    assert main(["batch", str(fleet), "-o", str(out), "--strict", "--exit-zero"]) == 0


def test_it_is_a_filter(fleet):
    done = subprocess.run([sys.executable, "-m", "dcestimate", "batch", "-", "-f", "csv"], input=fleet.read_bytes(),
                          capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.count(b"\n") == 3


def test_the_input_is_never_written_to(fleet, tmp_path, capsys):
    before = fleet.read_bytes()
    link, hard = tmp_path / "link.csv", tmp_path / "hard.csv"
    link.symlink_to(fleet)
    os.link(fleet, hard)
    for output in (fleet, link, hard, tmp_path / "." / "fleet.csv"):
        assert main(["batch", str(fleet), "-o", str(output)]) == 2
        assert "never written to" in capsys.readouterr().err
    assert fleet.read_bytes() == before


@pytest.mark.parametrize("arguments", [["--columns", "pux"], ["--columns", ","], ["--sheet", "x"], ["--json"],
                                       ["-o", "x.xlsx"], ["--map", "chip"], ["--set", "pue=1"]])
def test_bad_options_are_usage_errors(fleet, arguments, capsys, monkeypatch):
    monkeypatch.chdir(fleet.parent)
    assert main(["batch", str(fleet), *arguments]) == 2
    assert capsys.readouterr().out == ""
    assert list(fleet.parent.iterdir()) == [fleet]


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["batch", str(tmp_path / "none.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err


def test_units_of_the_user(fleet, capsys):
    assert main(["batch", str(fleet), "--columns", "white_space", "-u", "us"]) == 0
    feet = capsys.readouterr().out.splitlines()
    assert main(["batch", str(fleet), "--columns", "white_space"]) == 0
    metres = capsys.readouterr().out.splitlines()
    assert "white_space [ft2]" in feet[0]
    ratio = float(feet[1].split(",")[3]) / float(metres[1].split(",")[3])
    assert ratio == pytest.approx(10.7639104, rel=1e-8)  # ft2 per m2, NIST SP 811


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_leaves_the_old_file_and_nothing_beside_it(tmp_path, number):
    table, out = tmp_path / "fleet.csv", tmp_path / "out.csv"
    table.write_text(HEAD + "\n" + "".join(f"gb200,{1000 + n},us-east-1\n" for n in range(300)))
    out.write_text("old")
    code = ("import time, dcestimate.cli.session as s, sys\nfrom dcestimate.cli.main import main\n"
            "def slow(pieces):\n    for piece in pieces:\n        for line in piece.splitlines(True):\n"
            "            print('x', flush=True); time.sleep(0.005); yield line\n"
            "save = s.Session.save\ns.Session.save = lambda self, pieces: save(self, slow(pieces))\n"
            f"sys.exit(main(['batch', {str(table)!r}, '-o', {str(out)!r}]))")
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    for _ in range(20):
        process.stdout.readline()
    assert len(list(tmp_path.iterdir())) == 3  # the one that is being written
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fleet.csv", "out.csv"]


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("after", "again"), [(0.6, None), (1.0, None), (1.5, None), (2.0, None), (2.5, None), (1.5, 0.001),
                                              (2.0, 0.1), (2.5, 0.2)])
def test_interrupting_the_computation_leaves_nothing(tmp_path, after, again):
    """As a terminal does it, to all processes at once, once or twice, whether they work already or are only starting."""
    table = tmp_path / "fleet.csv"
    table.write_text(HEAD + "\n" + "".join(f"gb200,{1000 + n},us-east-1\n" for n in range(80_000)))
    process = subprocess.Popen([sys.executable, "-m", "dcestimate", "batch", str(table), "-o", str(tmp_path / "out.csv")],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    if again:
        time.sleep(again)
        os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)  # which also waits for whoever else holds the error stream
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"interrupted" in err
    assert [path.name for path in tmp_path.iterdir()] == ["fleet.csv"]


def test_there_is_no_bar_without_a_terminal(tmp_path, capsys, monkeypatch):
    from dcestimate.cli import batch as command

    monkeypatch.setattr(command, "SLOW", 0)
    table = tmp_path / "fleet.csv"
    table.write_text(HEAD + "\n" + "".join(f"gb200,{1000 + n},us-east-1\n" for n in range(10)))
    assert main(["batch", str(table)]) == 0
    assert "%" not in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("CI", raising=False)
    assert main(["batch", str(table)]) == 0
    assert "100%" in capsys.readouterr().err
    monkeypatch.setenv("CI", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["batch", str(table)]) == 0
    assert "%" not in capsys.readouterr().err


def test_the_page_names_every_header():
    page = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    for role, names in headers.SYNONYMS.items():
        row = re.search(rf"^\| {role} \| (.*?) \|", page, re.M)
        assert row[1] == ", ".join(names)
    for name in run.DEFAULT:
        assert f"`{name}`" in page


PIECES = ['"', ";", ",", "\t", "\n", "\r", "=", "-", "0", ".", " ", "[", "]", "#REF!", "chip", "error", "pue [1]", "'",
          "\u2028"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES) | st.integers(1, 6)), max_size=6))
def test_a_damaged_file_is_refused_or_comes_back_the_same_the_second_time(done, damages):
    text = ('Site;GPU type;GPU count;Region;rack_power_limit [kW/rack];note\r\n"a ""x""";gb200;100.000;us-east-1;150,5;\r\n'
            "b;h100-sxm;5;eu-north-1;;=1\r\n;;;;;\r\n")
    for place, damage in damages:
        at = round(place * len(text))
        text = text[:at] + (damage + text[at:] if isinstance(damage, str) else text[at + damage:])
    try:
        once = done(text, "rack_count,pue")[0]
    except (ProfileError, UsageError):
        return
    assert done(once, "rack_count,pue")[0] == once


def test_a_result_that_the_rows_state_is_not_added(done):
    with pytest.raises(UsageError, match="what the rows state themselves"):
        done("chip,accelerator_count [chip],region\ngb200,5,us-east-1\n", "accelerator_count")
