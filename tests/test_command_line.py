"""The command line as scripts rely on it: streams, exit codes, options, files, settings, and what bad input meets."""

import csv
import errno
import io
import itertools
import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import jsonschema
import pytest

from dcestimate import units
from dcestimate.cli.main import main
from dcestimate.errors import UsageError
from dcestimate.estimation import estimate
from dcestimate.profile_kinds import GRAPH
from dcestimate.profiles import shipped
from dcestimate.request import lines, parse_setting

ROOT = Path(__file__).resolve().parent.parent
PROFILES = shipped()
WHERE = ["--chip", "gb200", "--region", "us-east-1"]
ASK = ["estimate", "10k", *WHERE]
MIX = ["estimate", "500k", "--chip", "gb300:60%,trainium2:40%", "--region", "us-east-1:70%,eu-north-1:30%"]
FOLDERS = {"chip": "chips", "system": "systems", "fabric": "fabrics", "cooling": "cooling", "power": "power",
           "space": "spaces",
           "workload": "workloads", "region": "regions"}
ERROR = {"type": "object", "required": ["error"], "additionalProperties": False, "properties": {"error": {
    "type": "object", "required": ["code", "message", "hint", "exit"], "additionalProperties": False, "properties": {
        "code": {"type": "string", "pattern": "^[a-z_]+$"}, "message": {"type": "string", "minLength": 5},
        "hint": {"type": "string"}, "exit": {"enum": [1, 2, 3, 4]}}}}}


def no_rubbish(text):
    assert "Traceback" not in text
    assert "\x1b" not in text
    found = re.search(r"\b(nan|NaN|inf|Infinity|None)\b", text)
    assert not found, text[max(found.start() - 60, 0) : found.end() + 20]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """An empty home and working folder, 80 columns, no settings."""
    for name in [n for n in os.environ if n.startswith("DCESTIMATE_")] + ["SOURCE_DATE_EPOCH", "NO_COLOR",
                                                                          "FORCE_COLOR"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


@pytest.fixture
def cli(capsys):
    """Run a command: (exit code, standard output, error stream)."""

    def run(*argv):
        code = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def ok(cli):
    """Run a command that must succeed; its standard output."""

    def run(*argv):
        code, out, err = cli(*argv)
        assert code == 0, err
        return out

    return run


@pytest.fixture
def fails(cli):
    """Run a command that must fail with a code, for people and again for a machine; the error as the latter gets it."""

    def run(wanted, *argv):
        code, out, err = cli(*argv)
        assert (code, out) == (wanted, ""), err
        assert err.startswith("error: ")
        assert "fault of dcestimate" not in err
        code, out, err = cli("--json", *argv)
        assert (code, out) == (wanted, "")
        found = json.loads(err)
        jsonschema.validate(found, ERROR)
        assert found["error"]["exit"] == wanted
        return found["error"]

    return run


def dcestimate(*argv, **options):
    """A real process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    settings = {"capture_output": True, "text": True, "timeout": 120, "env": environment, **options}
    return subprocess.run([sys.executable, "-m", "dcestimate", *map(str, argv)], check=False, **settings)


# --- streams


def test_the_result_goes_to_standard_output_and_the_rest_to_the_error_stream(cli):
    code, out, err = cli(*ASK)
    assert code == 0
    assert out.startswith("10,000 x gb200 in us-east-1")
    assert "-v lists" in err
    assert "Next:" in err
    for word in ("-v lists", "Next:", "warning", "note"):
        assert word not in out


@pytest.mark.parametrize("format", ["table", "json", "csv", "tsv", "md", "jsonl"])
def test_quiet_silences_everything_but_the_result(cli, format):
    loud, quiet = cli(*ASK, "-f", format), cli(*ASK, "-f", format, "-q")
    assert quiet == (0, loud[1], "")


def test_quiet_still_shows_errors(cli):
    code, out, err = cli("estimate", "10k", "--chip", "gb2000", "--region", "us-east-1", "-q")
    assert (code, out) == (2, "")
    assert "gb200" in err


def test_verbose_lists_assumptions_and_sources_beside_the_result(cli):
    plain, verbose, timed = (cli(*ASK, *more) for more in ((), ("-v",), ("-vv",)))
    assert plain[1] == verbose[1] == timed[1]
    assert len(verbose[2]) > 3 * len(plain[2])
    assert "storage_power_share" in verbose[2]
    assert "https://" in verbose[2]
    assert re.search(r"\d s\b", timed[2])
    assert not re.search(r"\d s after", verbose[2])


def test_json_is_exactly_one_document(ok):
    assert isinstance(json.loads(ok(*ASK, "--json", "-q")), dict)
    for line in ok(*MIX, "-f", "jsonl").splitlines():
        assert json.loads(line)["results"]["pue"]["value"] > 1


@pytest.mark.parametrize("argv", [
    ("why", "pue", "10k", "--chip", "gb200:50%,h100:50%", "--region", "us-east-1"),
    ("profiles", "list"), ("regions", "list"), ("units", "list"), ("units", "convert", "1 MW", "kW"),
    ("profiles", "validate"),
    ("profiles", "show", "gb200"), ("regions", "show", "us-east-1")], ids=lambda a: " ".join(a[:3]))
def test_every_json_document_is_one_object(cli, argv):
    code, out, err = cli(*argv, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert isinstance(found, dict)
    assert found["schema"].startswith("dcestimate/")


@pytest.mark.parametrize("argv", [("profiles", "list"), ("regions", "list"), ("profiles", "list", "--kind", "system")],
                         ids=" ".join)
def test_listed_numbers_are_plain_in_csv_and_numbers_in_json(ok, argv):
    """Thousands separators are for tables; a missing figure is an empty cell."""
    rows = list(csv.reader(io.StringIO(ok(*argv, "--csv"))))
    for name, column in zip(rows[0], zip(*rows[1:], strict=True), strict=True):
        if "[" in name:
            for cell in column:
                assert cell == "" or float(cell) is not None
    found = json.loads(ok(*argv, "--json"))
    entries = found if isinstance(found, list) else next(v for v in found.values() if isinstance(v, list))
    assert not re.search(r'"\d{1,3}(,\d{3})+"', json.dumps(entries))


def test_listed_csv_has_the_figures_in_full(ok):
    """The shipped figure itself is the oracle, not what a table rounds it to."""
    stated = {p.stem: tomllib.loads(p.read_text())["carbon_intensity"]["value"]
              for p in (PROFILES / "regions").glob("*.toml")}
    rows = list(csv.DictReader(io.StringIO(ok("regions", "list", "--csv"))))
    column = next(name for name in rows[0] if name.startswith("carbon"))
    assert "carbon_intensity" in column
    for row in rows:
        assert float(row[column]) == float(stated[row["region"]].split()[0])


# --- exit codes


def test_without_arguments_help_and_exit_2(cli):
    code, out, err = cli()
    assert (code, err) == (2, "")
    assert out.startswith("Usage: dcestimate")


@pytest.mark.parametrize("argv", [("-h",), ("--help",), ("help",)], ids=" ".join)
def test_top_level_help(ok, argv):
    out = ok(*argv)
    for command in ("estimate", "why", "profiles", "regions", "units", "schema", "help"):
        assert re.search(rf"^  {command}\b", out, re.M)
    assert max(map(len, out.splitlines())) <= 80


def test_exit_codes_are_listed(ok):
    listed = dict(line.split(None, 1) for line in ok("help", "exit-codes").splitlines() if line[0].isdigit())
    assert set(listed) == {"0", "1", "2", "3", "4", "130"}


def test_interrupted(cli, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dcestimate.estimation.estimate", interrupt)
    code, out, _ = cli(*ASK)
    assert (code, out) == (130, "")


def test_a_fault_of_ours_is_one_line_and_exit_1(cli, monkeypatch):
    def fault(*_):
        raise ZeroDivisionError("division by\nzero")

    monkeypatch.setattr("dcestimate.estimation.estimate", fault)
    code, out, err = cli(*ASK)
    assert (code, out) == (1, "")
    assert err.startswith("error: ZeroDivisionError: division by")
    assert "--debug" in err
    code, _, err = cli(*ASK, "--json")
    assert code == 1
    jsonschema.validate(json.loads(err), ERROR)


def test_debug_shows_the_traceback_and_keeps_the_exit_code(home):
    done = dcestimate("estimate", "10k", "--chip", "gb2000", "--region", "us-east-1", "--debug")
    assert "Traceback" in done.stderr
    assert done.returncode == 2
    assert done.stdout == ""


# --- bad input: each with the exit code, and with what the error must name

LONG = "9" * 10_000
BAD = [
    # the count
    ("bare fraction", ["estimate", "1.5", *WHERE], ["1.5", "fraction", "2"]),
    ("zero", ["estimate", "0", *WHERE], ["0", "above zero"]),
    ("negative", ["estimate", "-3", *WHERE], ["-3", "above zero"]),
    ("negative with k", ["estimate", "-5k", *WHERE], ["-5k", "above zero"]),
    ("negative behind --", ["estimate", *WHERE, "--", "-3"], ["-3", "above zero"]),
    ("decimal comma", ["estimate", "1,5", *WHERE], ["1,5"]),
    ("power tower", ["estimate", "9**9**9", *WHERE], ["9**9**9"]),
    ("overflow", ["estimate", "1e999", *WHERE], ["1e999"]),
    ("not a number", ["estimate", "nan", *WHERE], ["nan", "100k"]),
    ("infinite", ["estimate", "inf", *WHERE], ["inf", "100k"]),
    ("empty count", ["estimate", "", *WHERE], ["count is missing", "100k"]),
    ("long count", ["estimate", LONG, *WHERE], ["10000 characters", "100k"]),
    ("fraction of a chip", ["estimate", "1.23456k", *WHERE], ["1.23456k", "1235"]),
    ("too many", ["estimate", "9" * 20, *WHERE], ["more than there can be"]),
    ("no count", ["estimate", *WHERE], ["COUNT"]),
    ("count with unit", ["estimate", "5 MW", *WHERE], ["5 MW"]),
    # names
    ("chip", ["estimate", "1k", "--chip", "gb2000", "--region", "us-east-1"], ["unknown chip 'gb2000'", "gb200"]),
    ("chip h1000", ["estimate", "1k", "--chip", "H1000", "--region", "us-east-1"], ["unknown chip 'H1000'", "h100"]),
    ("region", ["estimate", "1k", "--chip", "gb200", "--region", "us-esat-1"],
     ["unknown region 'us-esat-1'", "us-east-1"]),
    ("region far off", ["estimate", "1k", "--chip", "gb200", "--region", "mars"],
     ["unknown region 'mars'", "regions list"]),
    ("cooling", [*ASK, "--cooling", "dcl-dry"], ["unknown cooling 'dcl-dry'", "dlc-dry"]),
    ("power", [*ASK, "--power", "n-plus-2"], ["unknown power 'n-plus-2'", "n-plus-1"]),
    ("space", [*ASK, "--space", "liquid-hal-x"], ["unknown space", "liquid-hall"]),
    ("fabric", [*ASK, "--fabric", "quantm-2"], ["unknown fabric 'quantm-2'", "quantum-2"]),
    ("system", [*ASK, "--system", "gb200-nvl27"], ["unknown system", "gb200-nvl72"]),
    ("workload", [*ASK, "--workload", "trainng"], ["unknown workload 'trainng'", "training"]),
    ("long chip", ["estimate", "1k", "--chip", LONG, "--region", "us-east-1"], ["unknown chip", "profiles list"]),
    ("long region", ["estimate", "1k", "--chip", "gb200", "--region", LONG], ["unknown region", "regions list"]),
    ("empty chip", ["estimate", "1k", "--chip", "", "--region", "us-east-1"], ["chip is missing"]),
    ("empty region", ["estimate", "1k", "--chip", "gb200", "--region", ""], ["region is missing"]),
    ("empty cooling", [*ASK, "--cooling", ""], ["cooling", "profiles list --kind cooling"]),
    ("no chip", ["estimate", "1k", "--region", "us-east-1"], ["chip is missing", "--chip"]),
    ("no region", ["estimate", "1k", "--chip", "gb200"], ["region is missing", "--region"]),
    ("ambiguous prefix", ["estimate", "1k", "--chip", "gb", "--region", "us-east-1"], ["gb200", "gb300"]),
    ("two coolings", [*ASK, "--cooling", "dlc-dry,dlc-tower"], ["dlc-dry,dlc-tower", "one"]),
    ("system of another chip", [*ASK, "--system", "dgx-h100"], ["dgx-h100", "h100-sxm", "gb200"]),
    ("option", [*ASK, "--coolin", "dlc-dry"], ["--coolin", "--cooling"]),
    ("option without value", [*ASK, "--cooling"], ["--cooling"]),
    ("command", ["estimat", "1k", *WHERE], ["estimat", "estimate"]),
    ("command of a group", ["profiles", "lst"], ["lst", "list"]),
    ("no command of a group", ["regions"], ["ommand"]),
    ("help of nothing", ["help", "nonsense"], ["nonsense"]),
    # mixes
    ("shares short of one", ["estimate", "1k", "--chip", "gb200:60%,h100:30%", "--region", "us-east-1"],
     ["0.9", "100 %"]),
    ("shares over one", ["estimate", "1k", "--chip", "gb200:60%,h100:60%", "--region", "us-east-1"], ["1.2", "100 %"]),
    ("lone share", ["estimate", "1k", "--chip", "gb200:60%", "--region", "us-east-1"], ["0.6"]),
    ("missing share", ["estimate", "1k", "--chip", "gb200:60%,h100", "--region", "us-east-1"],
     ["h100", "no share", "%"]),
    ("zero share", ["estimate", "1k", "--chip", "gb200:0%,h100:100%", "--region", "us-east-1"], ["gb200", "0%"]),
    ("negative share", ["estimate", "1k", "--chip", "gb200:-10%,h100:110%", "--region", "us-east-1"],
     ["gb200", "-10%"]),
    ("nan share", ["estimate", "1k", "--chip", "gb200:nan,h100:50%", "--region", "us-east-1"], ["nan", "60%"]),
    ("word share", ["estimate", "1k", "--chip", "gb200:x%,h100:50%", "--region", "us-east-1"], ["x%", "60%"]),
    ("share without a name", ["estimate", "1k", "--chip", ":40%,gb200:60%", "--region", "us-east-1"], ["chip"]),
    ("empty share", ["estimate", "1k", "--chip", "gb200:,h100:50%", "--region", "us-east-1"], ["gb200", "share"]),
    ("chip twice", ["estimate", "1k", "--chip", "gb200:60%,gb200:40%", "--region", "us-east-1"], ["gb200", "twice"]),
    ("chip twice by its system", ["estimate", "1k", "--chip", "gb200:60%,gb200-nvl72:40%", "--region", "us-east-1"],
     ["gb200", "twice"]),
    ("region twice by its alias", ["estimate", "1k", "--chip", "gb200", "--region", "us-east-1:50%,virginia:50%"],
     ["us-east-1", "twice"]),
    ("workload twice", [*ASK, "--workload", "inference:2/3,inference:1/3"], ["inference", "twice"]),
    ("workload shares", [*ASK, "--workload", "inference:60%,training:30%"], ["0.9", "100 %"]),
    # settings
    ("set nothing", [*ASK, "--set", ""], ["rack_power_limit=140 kW/rack"]),
    ("set no value", [*ASK, "--set", "rack_power_limit="], ["rack_power_limit"]),
    ("set a bare number", [*ASK, "--set", "rack_power_limit=140"], ["'140' has no unit", "140 kW/rack"]),
    ("set the wrong unit", [*ASK, "--set", "rack_power_limit=140 kg"], ["140 kg", "kW/rack"]),
    ("set a decimal comma", [*ASK, "--set", "rack_power_limit=1,5 kW/rack"], ["1,5 kW/rack", "1.5 kW/rack"]),
    ("set a ton", [*ASK, "--set", "dry_cooler_unit_capacity=100 ton"], ["ton", "tonne", "100 TR"]),
    ("set a tower", [*ASK, "--set", "rack_power_limit=9**9**9"], ["9**9**9", "kW/rack"]),
    ("set nan", [*ASK, "--set", "pump_efficiency=nan"], ["pump_efficiency", "nan"]),
    ("set overflow", [*ASK, "--set", "rack_power_limit=1e999 kW/rack"], ["rack_power_limit", "999"]),
    ("set long", [*ASK, "--set", f"rack_power_limit={LONG} kW/rack"], ["rack_power_limit", "characters"]),
    ("set a long name", [*ASK, "--set", f"{LONG}=5 kW"], ["unknown input"]),
    ("set an unknown", [*ASK, "--set", "rack_power_limt=140 kW/rack"], ["rack_power_limt", "rack_power_limit"]),
    ("set a result", [*ASK, "--set", "pue=1.1"], ["pue", "result", "cannot be set"]),
    ("set below", [*ASK, "--set", "pump_efficiency=0"], ["pump_efficiency", "0.05"]),
    ("set above", [*ASK, "--set", "pump_efficiency=1.2"], ["pump_efficiency", "above 1"]),
    ("set a negative", [*ASK, "--set", "rack_power_limit=-5 kW/rack"], ["-5 kW/rack", "above 0"]),
    ("set a temperature for a difference", [*ASK, "--set", "air.terminal_approach=5 degC"],
     ["5 degC", "difference", "5 K"]),
    ("set a stream of none", [*ASK, "--set", "air.rack_power_limit=140 kW/rack"],
     ["air.rack_power_limit", "rack_power_limit"]),
    ("set another stream", [*ASK, "--set", "water.terminal_approach=5 K"],
     ["water.terminal_approach", "terminal_approach"]),
    ("set the count", [*ASK, "--set", "accelerator_count=5 chip"], ["accelerator_count", "count"]),
    ("set the weather", [*ASK, "--set", "bin_dry_bulb=5 degC"], ["bin_dry_bulb"]),
    ("set a temperature ratio", [*ASK, "--set", "pump_efficiency=5 degF/degC"], ["pump_efficiency"]),
    ("a rack too weak", [*ASK, "--set", "rack_power_limit=1 kW/rack"], ["gb200-nvl72", "rack"]),
    ("a rack of nothing", [*ASK, "--set", "rack_power_limit=0 kW/rack"], ["rack"]),
    # display
    ("format", [*ASK, "-f", "yaml"], ["yaml", "json"]),
    ("units", [*ASK, "-u", "imperial"], ["imperial", "si", "us"]),
    ("digits zero", [*ASK, "--digits", "0"], ["0", "--digits 4"]),
    ("digits many", [*ASK, "--digits", "400"], ["400", "--digits 4"]),
    ("digits word", [*ASK, "--digits", "four"], ["--digits"]),
    ("seed word", [*ASK, "--seed", "x"], ["--seed"]),
    ("in without unit", [*ASK, "--in", "power"], ["power", "--in power=GW"]),
    ("in of no dimension", [*ASK, "--in", "powr=GW"], ["powr", "power"]),
    ("in of another dimension", [*ASK, "--in", "power=kg"], ["kg", "power=MW"]),
    ("in of no unit", [*ASK, "--in", "power=GWW"], ["GWW", "GW"]),
    ("in tower", [*ASK, "--in", "power=9**9**9"], ["9**9**9"]),
    ("profile folder", [*ASK, "-P", "/nonexistent/folder"], ["/nonexistent/folder", "--profiles"]),
    # other commands
    ("why nothing", ["why", "pue"], ["count is missing", "100k"]),
    ("why unknown", ["why", "puue", "10k", *WHERE], ["puue", "pue"]),
    ("why long", ["why", LONG, "10k", *WHERE], ["unknown result"]),
    ("why negative count", ["why", "pue", "-3", *WHERE], ["-3", "above zero"]),
    ("why to a negative depth", ["why", "pue", "10k", *WHERE, "--depth", "-1"], ["depth"]),
    ("kind", ["profiles", "list", "--kind", "chp"], ["chp", "chip"]),
    ("kind of show", ["profiles", "show", "gb200", "--kind", "chp"], ["chp", "chip"]),
    ("profile", ["profiles", "show", "gb2000"], ["gb2000", "gb200"]),
    ("profile of another kind", ["profiles", "show", "gb200", "--kind", "region"], ["gb200", "regions list"]),
    ("region to show", ["regions", "show", "us-esat-1"], ["us-esat-1", "us-east-1"]),
    ("column", ["regions", "list", "--sort", "carbn"], ["carbn", "carbon_intensity"]),
    ("provider", ["regions", "list", "--provider", "Amazn"], ["Amazn"]),
    ("document", ["schema", "estimat"], ["estimat", "estimate"]),
    ("convert a bare number", ["units", "convert", "5", "MW"], ["'5' has no unit", "5 MW"]),
    ("convert a ton", ["units", "convert", "100 ton", "kW"], ["tonne", "short_ton", "TR"]),
    ("convert a decimal comma", ["units", "convert", "1,5 MW", "kW"], ["1,5 MW", "1.5 MW"]),
    ("convert a tower", ["units", "convert", "9**9**9", "kW"], ["9**9**9"]),
    ("convert overflow", ["units", "convert", "1e999 W", "kW"], ["999"]),
    ("convert nan", ["units", "convert", "nan W", "kW"], ["nan"]),
    ("convert nothing", ["units", "convert", "", "kW"], ["missing"]),
    ("convert to nothing", ["units", "convert", "5 MW", ""], ["MW"]),
    ("convert long", ["units", "convert", LONG, "kW"], ["10000 characters"]),
    ("convert to a long unit", ["units", "convert", "5 MW", "W" * 10_000], ["unit"]),
    ("convert to an unknown unit", ["units", "convert", "5 MW", "kWW"], ["kWW", "kW"]),
    ("convert kVA", ["units", "convert", "5 kVA", "kW"], ["kVA", "kW"]),
    ("convert a temperature ratio", ["units", "convert", "5 degF/degC", "kW"], ["degF/degC"]),
    ("validate a missing file", ["profiles", "validate", "/nonexistent/chip.toml"], ["/nonexistent/chip.toml"]),
]


@pytest.mark.parametrize(("argv", "named"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_is_exit_2_with_the_fix(fails, argv, named):
    error = fails(2, *argv)
    said = f"{error['message']} {error['hint']}"
    for piece in named:
        assert piece in said
    assert error["hint"] or ";" in error["message"]  # what to do, here or there
    assert "\n" not in error["message"]
    assert len(error["message"]) < 300
    assert "nvalid" not in said


def test_a_result_that_is_set_is_told_its_own_figures_first(fails):
    hint = fails(2, *ASK, "--set", "storage_power=1 MW")["hint"]
    assert re.search(r": storage_power_share\b", hint)


@pytest.mark.parametrize("result", GRAPH.quantities)
def test_a_result_that_is_set_is_told_figures_that_move_it(result):
    """Whole names of figures it rests on, and at least one when it rests on any."""
    with pytest.raises(UsageError) as caught:
        parse_setting(f"{result}=1")
    assert result in caught.value.message
    rests_on = {n for n in GRAPH.needed(result) if n in GRAPH.givens and not GRAPH.givens[n].state}
    named = set(re.findall(r"[a-z0-9_]+", caught.value.hint.rpartition(":")[2]))
    assert named <= rests_on
    assert named or not rests_on


@pytest.mark.parametrize("chips",
                         [["gb200", "h100"], ["gb200", "h100", "mi300x"],
                          ["gb200", "h100", "mi300x", "trainium2", "b200", "b300"]],
                         ids=len)
def test_the_mix_that_an_error_proposes_is_accepted(cli, fails, chips):
    hint = fails(2, "estimate", "10k", "--chip", ",".join(chips), "--region", "us-east-1")["hint"]
    proposed = re.search(r"--chip (\S+%)", hint)[1]
    code, _, err = cli("estimate", "10k", "--chip", proposed, "--region", "us-east-1")
    assert code == 0, err


@pytest.mark.parametrize("setting",
                         ["pump_efficiency=0", "pump_efficiency=2", "rack_power_limit=-5 kW/rack", "switch_radix=1",
                                     "block_capacity=1 W", "extreme_dry_bulb=500 degC", "elevation=9 km"])
def test_the_setting_that_an_error_proposes_is_accepted(cli, fails, setting):
    proposed = re.search(r'--set "([^"]+)"', fails(2, *ASK, "--set", setting)["hint"])[1]
    code, _, err = cli(*ASK, "--set", proposed)
    assert code == 0, err


EXTREMES = [(name, bound) for name, given in GRAPH.givens.items() if not given.state and name != "accelerator_count"
            for bound in ("low", "high", "above") if getattr(given, bound) is not None]


@pytest.mark.parametrize(("name", "bound"), EXTREMES, ids=[f"{n}-{b}" for n, b in EXTREMES])
def test_no_figure_within_its_bounds_makes_the_tool_fail(library, name, bound):
    """At its own bound, or just above one that it may not reach: finite results, or a refusal in words."""
    given = GRAPH.givens[name]
    value = units.from_si(float(getattr(given, bound)), given.unit)
    text = f"{value + 1e-6 if bound == 'above' else value!r} {given.unit}".removesuffix(" 1")
    for count, chip, cooling in (("1k", "gb300", "dlc-tower"), ("1k", "h100", "air-evaporative"),
                                 ("1k", "gb200", "dlc-dry")):
        try:
            found = estimate(library,
                             lines(library, count, chip, "us-east-1", cooling=cooling, settings=[f"{name}={text}"]))
        except UsageError:
            continue
        no_rubbish(repr([r.value for r in found.results.values() if not isinstance(r.value, type(None))]))


def test_an_error_for_a_machine_is_all_there_is_on_the_error_stream(cli):
    for argv in ((*ASK, "--chip", "zzz", "--json"),
                 ("--json", "estimate", "10k", "--chip", "zzz", "--region", "us-east-1"),
                 ("-f", "json", "estimate", "nan", *WHERE), ("estimate", "nan", *WHERE, "--format", "json"),
                 ("estimate", "nan", *WHERE, "--format=json"), ("estimate", "nan", *WHERE, "-fjson"),
                 ("estimate", "nan", *WHERE, "-f", "JSON"), ("estimate", "nan", *WHERE, "-f", "jsonl")):
        code, out, err = cli(*argv)
        assert (code, out) == (2, ""), argv
        assert err.count("\n") == 1, argv
        jsonschema.validate(json.loads(err), ERROR)


def test_codes_of_errors_tell_them_apart(fails):
    assert fails(2, "estimate", "1k", "--chip", "zz", "--region", "us-east-1")["code"] == "unknown_chip"
    assert fails(2, "estimate", "1k", "--chip", "gb200", "--region", "zz")["code"] == "unknown_region"
    assert fails(2, *ASK, "--cooling", "zz")["code"] == "unknown_cooling"
    assert fails(2, *ASK, "--set", "zz=1")["code"] == "unknown_input"
    assert fails(2, "why", "zz", "1k", *WHERE)["code"] == "unknown_result"
    assert fails(2, "estimate", "nan", *WHERE)["code"] == "quantity"


# --- global options on either side of the command

GLOBALS = [["-f", "csv"], ["--format", "json"], ["--format=tsv"], ["-fmd"], ["--json"], ["--csv"], ["-u", "us"],
           ["--units=us"],
           ["--in", "power=GW"], ["--in=power=GW", "--in", "area=acre"], ["--digits", "6"], ["--full"], ["-q"],
           ["--no-color"],
           ["-s", "pump_efficiency=0.9"], ["--set", "pump_efficiency=0.9", "--set=air.terminal_approach=5 K"], ["-v"],
           ["--seed", "7"], ["-qf", "csv"], ["-qv"], ["--debug"]]


@pytest.mark.parametrize("options", GLOBALS, ids=" ".join)
def test_global_options_stand_before_or_after_the_command(cli, options):
    after = cli(*ASK, *options)
    assert after[0] == 0, after[2]
    assert cli(*options, *ASK) == after
    assert cli("est", *options, *ASK[1:]) == after


def test_global_options_stand_before_or_inside_a_group(cli):
    plain = cli("regions", "list", "--json")
    assert plain[0] == 0
    assert cli("--json", "regions", "list") == plain
    code, _, err = cli("regions", "--json", "list")
    assert code == 0, err


def test_aliases_of_commands(ok):
    assert ok("est", *ASK[1:]) == ok(*ASK)
    assert ok("explain", "pue", "1k", *WHERE) == ok("why", "pue", "1k", *WHERE)


def test_capitals_of_formats_do_not_matter(ok):
    assert ok(*ASK, "-f", "JSON") == ok(*ASK, "--json")


@pytest.mark.parametrize("options", [["--json", "--csv"], ["-f", "csv", "--json"], ["-f", "json", "--csv"]],
                         ids=" ".join)
def test_two_formats_contradict_each_other(cli, options):
    code, out, err = cli(*ASK, *options)
    assert (code, out) == (2, "")
    assert "json" in err
    assert "csv" in err


def test_a_format_that_a_command_does_not_have(cli):
    code, out, err = cli("why", "pue", "10k", *WHERE, "-f", "csv")
    assert (code, out) == (2, "")
    assert "'csv'" in err
    assert "table, json" in err


# --- what is shown


def results(text):
    return json.loads(text)["deployments"][0]["results"]


def test_us_units_are_the_same_results(ok):
    si = next(csv.DictReader(io.StringIO(ok(*ASK, "--csv"))))
    us = next(csv.DictReader(io.StringIO(ok(*ASK, "--csv", "-u", "us"))))
    assert float(us["white_space [ft2]"]) == pytest.approx(float(si["white_space [m2]"]) / 0.3048**2)
    assert float(us["site_area [acre]"]) == pytest.approx(float(si["site_area [ha]"]) * 1e4 / 4046.8564224)
    assert float(us["coolant_flow [gpm]"]) == pytest.approx(float(si["coolant_flow [L/min]"]) / 3.785411784)
    assert us["pue [1]"] == si["pue [1]"]
    assert results(ok(*ASK, "--json", "-u", "us")) == results(ok(*ASK, "--json"))
    assert "ft2" in ok(*ASK, "-u", "us")


def test_a_dimension_in_a_unit(ok):
    mw = next(csv.DictReader(io.StringIO(ok(*ASK, "--csv"))))
    gw = next(csv.DictReader(io.StringIO(ok(*ASK, "--csv", "--in", "power=GW", "--in", "area=acre"))))
    assert float(gw["facility_peak_power [GW]"]) == pytest.approx(float(mw["facility_peak_power [MW]"]) / 1e3,
                                                                  rel=1e-12)
    assert float(gw["white_space [acre]"]) == pytest.approx(float(mw["white_space [m2]"]) / 4046.8564224, rel=1e-12)
    assert "grid_connection [MVA]" in gw
    assert "rack_power [kW/rack]" in gw
    assert re.search(r"Facility peak +0\.0\d+ GW", ok(*ASK, "--in", "power=GW"))


@pytest.mark.parametrize("digits", [1, 3, 6, 12])
def test_digits(ok, digits):
    shown = re.search(r"PUE, annual +([\d.]+)", ok(*ASK, "--digits", digits))[1]
    value = results(ok(*ASK, "--json"))["pue"]["value"]
    assert shown == f"{value:.{digits - 1}f}"


def test_digits_never_round_whole_parts_away(ok):
    assert re.search(r"Accelerators +10,008 ", ok(*ASK, "--digits", "1"))


REQUESTS = {
    "100k gb200": ["100k", *WHERE], "1M h100": ["1M", "--chip", "h100-sxm", "--region", "us-east-1"],
    "1 gb200": ["1", *WHERE],
    "1 h100": ["1", "--chip", "h100-sxm", "--region", "eu-north-1"], "mix of four": MIX[1:],
    "mix of workloads": ["100k", *WHERE, "--workload", "inference:2/3,training:1/3"],
    "four workloads": ["100k", *WHERE, "--workload", "inference:40%,training:30%,hpl:20%,idle:10%"],
    "three chips": ["9k", "--chip", "mi300x:1/3,trainium2:1/3,gb200:1/3", "--region", "ap-southeast-1"],
    "a thousand million": ["1B", "--chip", "tpu-v7", "--region", "ap-south-1"],
    **{f"{chip} in {region}": ["100k", "--chip", chip, "--region", region]
       for chip, region in zip(sorted(p.stem for p in (PROFILES / "chips").glob("*.toml")),
                               [p.stem for p in sorted((PROFILES / "regions").glob("*.toml"))] * 2, strict=False)},
    **{f"{cooling} cooling": ["100k", *WHERE, "--cooling", cooling]
       for cooling in sorted(p.stem for p in (PROFILES / "cooling").glob("*.toml"))},
}


@pytest.mark.parametrize("shown", [[], ["-u", "us"], ["--digits", "7"]], ids=["si", "us", "7 digits"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_the_screen_fits_80_columns(cli, request_, shown):
    code, out, err = cli("estimate", *request_, *shown)
    assert code == 0, err
    wide = [line for line in (out + err).splitlines() if len(line) > 80]
    assert not wide
    no_rubbish(out)
    assert out.isascii()


@pytest.mark.parametrize("columns", ["100", "120", "300", "20", "0", "x"])
def test_the_screen_follows_the_terminal_up_to_120(ok, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    for argv in (ASK, MIX):
        longest = max(map(len, ok(*argv).splitlines()))
        assert longest <= (max(int(columns), 80) if columns in ("100", "120") else 120)


LISTINGS = [["profiles", "list", "--kind", kind] for kind in FOLDERS] + [["regions", "list"], ["units", "list"]]


@pytest.mark.parametrize("argv", LISTINGS, ids=" ".join)
def test_listings_fit_80_columns(ok, argv):
    assert max(map(len, ok(*argv).splitlines())) <= 80


@pytest.mark.parametrize("result", ["facility_peak_power", "pue", "annual_water", "rack_count", "white_space"])
def test_why_fits_80_columns(cli, result):
    code, out, err = cli("why", result, "100k", *WHERE, "--full")
    assert code == 0
    wide = [line for line in (out + err).splitlines() if len(line) > 80 and "https://" not in line]
    assert not wide


EVERYTHING = [
    ASK, MIX, [*ASK, "--csv"], [*ASK, "-f", "md"], [*ASK, "-f", "tsv"], [*MIX, "-f", "jsonl"], [*MIX, "--json"],
    [*MIX, "--full"],
    ["why", "facility_peak_power", "10k", *WHERE], ["why", "rack_limit", "10k", *WHERE],
    ["why", "pue", "10k", *WHERE, "--json"],
    ["why", "tdp", "10k", *WHERE, "-v"], ["why", "energy_cost", *MIX[1:]],
    ["why", "pue", "10k", *WHERE, "--depth", "1"],
    *LISTINGS, ["regions", "list", "--sort", "region"], ["units", "convert", "100 TR", "kW"], ["schema"],
    ["schema", "why"],
    ["schema", "profile"], ["schema", "error"], ["profiles", "validate"],
    *(["regions", "show", p.stem] for p in sorted((PROFILES / "regions").glob("*.toml"))),
    *(["profiles", "show", p.stem, "--kind", kind] for kind, folder in FOLDERS.items()
      for p in sorted((PROFILES / folder).glob("*.toml"))[:2]),
]


@pytest.mark.parametrize("argv", EVERYTHING, ids=" ".join)
def test_no_command_prints_rubbish(cli, argv):
    code, out, err = cli(*argv)
    assert code == 0, err
    assert out.endswith("\n")
    if argv[0] != "schema":
        no_rubbish(out)


# --- files


@pytest.mark.parametrize(("suffix", "format"), [(".json", "json"), (".csv", "csv"), (".tsv", "tsv"), (".md", "md"),
                                                (".jsonl", "jsonl"), (".txt", "table"), (".JSON", "json")])
def test_the_suffix_says_the_format(ok, suffix, format):
    shown = ok(*ASK, "-f", format)
    assert ok(*ASK, "-o", f"out{suffix}") == ""
    assert Path(f"out{suffix}").read_text() == shown
    assert [p.name for p in Path().iterdir()] == [f"out{suffix}"]


def test_a_stated_format_wins_over_the_suffix(ok):
    ok(*ASK, "-o", "out.txt", "-f", "csv")
    assert Path("out.txt").read_text() == ok(*ASK, "--csv")


def test_a_dash_is_standard_output(ok):
    assert ok(*ASK, "-o", "-", "--json") == ok(*ASK, "--json")
    assert not list(Path().iterdir())


@pytest.mark.parametrize("name", ["out.foo", "out"])
def test_a_suffix_that_says_nothing(cli, name):
    code, out, err = cli(*ASK, "-o", name)
    assert (code, out) == (2, "")
    assert f"'{name}'" in err
    assert ".json" in err
    assert "-f" in err
    assert not list(Path().iterdir())


def test_an_existing_file_is_replaced_and_keeps_its_mode(ok):
    target = Path("out.csv")
    target.write_text("old")
    target.chmod(0o640)
    ok(*ASK, "-o", target)
    assert target.read_text().startswith("chip,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_of_the_umask(ok):
    old = os.umask(0o027)
    try:
        ok(*ASK, "-o", "out.csv")
    finally:
        os.umask(old)
    assert stat.S_IMODE(Path("out.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(fails, monkeypatch, step):
    target = Path("out.json")
    target.write_text("old")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"os.{step}", full)
    error = fails(1, *ASK, "-o", target)
    assert "out.json" in error["message"]
    assert "No space left" in error["message"]
    assert target.read_text() == "old"
    assert [p.name for p in Path().iterdir()] == ["out.json"]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_beside_it(cli, monkeypatch):
    Path("out.json").write_text("old")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    assert cli(*ASK, "-o", "out.json")[0] == 130
    assert Path("out.json").read_text() == "old"
    assert [p.name for p in Path().iterdir()] == ["out.json"]


def test_a_folder_that_is_not_there(fails):
    assert "nowhere" in fails(1, *ASK, "-o", "nowhere/out.json")["message"]
    assert not Path("nowhere").exists()


def test_a_folder_that_is_a_file(fails):
    Path("file").write_text("old")
    fails(1, *ASK, "-o", "file/out.json")
    assert Path("file").read_text() == "old"


def test_a_target_that_is_a_folder(fails):
    Path("folder.json").mkdir()
    fails(1, *ASK, "-o", "folder.json")
    assert [p.name for p in Path().iterdir()] == ["folder.json"]
    assert not list(Path("folder.json").iterdir())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_an_unwritable_folder_leaves_the_old_file(fails):
    Path("locked").mkdir()
    target = Path("locked/out.json")
    target.write_text("old")
    Path("locked").chmod(0o555)
    try:
        fails(1, *ASK, "-o", target)
        assert target.read_text() == "old"
    finally:
        Path("locked").chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_device_or_pipe_is_never_replaced_by_a_file(cli):
    """Renaming over it would destroy it: for the superuser, /dev/null too. Write into it, or refuse."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        code, _, _ = cli(*ASK, "--csv", "-o", "pipe")
        assert stat.S_ISFIFO(os.stat("pipe").st_mode)
        assert code == 1 or os.read(reader, 1 << 16).startswith(b"chip,")
    finally:
        os.close(reader)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_stays_one_and_its_file_is_written(ok):
    Path("real.csv").write_text("old")
    os.symlink("real.csv", "link.csv")
    ok(*ASK, "-o", "link.csv")
    assert Path("link.csv").is_symlink()
    assert Path("real.csv").read_text().startswith("chip,")


def test_nothing_is_written_unasked(ok):
    ok(*ASK)
    ok("why", "pue", "1k", *WHERE)
    ok("profiles", "validate")
    assert not list(Path().iterdir())


# --- figures of one's own


def test_a_setting_moves_the_result_and_is_listed(ok, cli):
    plain, changed = (json.loads(ok(*ASK, "--json", *more)) for more in ((), ("--set", "storage_power_share=0.08")))
    a, b = (d["deployments"][0] for d in (plain, changed))
    assert b["results"]["storage_power"]["value"] == pytest.approx(2 * a["results"]["storage_power"]["value"])
    assert b["overrides"] == {"storage_power_share": "0.08"}
    assert b["inputs"]["storage_power_share"]["status"] == "given"
    assert a["overrides"] == {}
    assert "storage_power_share = 0.08" in cli(*ASK, "--set", "storage_power_share=0.08")[2]


def test_a_setting_of_one_stream_leaves_the_other(ok):
    inputs = json.loads(ok(*ASK, "--json", "--set", "air.terminal_approach=7 K"))["deployments"][0]["inputs"]
    before = json.loads(ok(*ASK, "--json"))["deployments"][0]["inputs"]
    assert inputs["air.terminal_approach"]["value"] == pytest.approx(7)
    assert inputs["liquid.terminal_approach"]["value"] == before["liquid.terminal_approach"]["value"]
    both = json.loads(ok(*ASK, "--json", "--set", "terminal_approach=7 K"))["deployments"][0]["inputs"]
    assert {both[k]["value"] for k in both if k.endswith("terminal_approach")} == {7}


def test_the_last_setting_wins(ok):
    twice = ok(*ASK, "--csv", "--set", "storage_power_share=0.01", "--set", "storage_power_share=0.08")
    assert twice == ok(*ASK, "--csv", "--set", "storage_power_share=0.08")


@pytest.mark.parametrize(("text", "same"), [("rack_power_limit=0.15 MW/rack", "rack_power_limit=150 kW/rack"),
                                            ("extreme_dry_bulb=104 degF", "extreme_dry_bulb=40 degC"),
                                            ("air.terminal_approach=9 delta_degF", "air.terminal_approach=5 K"),
                                            ("storage_power_share=4 %", "storage_power_share=0.04"),
                                            (" rack_power_limit = 150 kW/rack ", "rack_power_limit=150 kW/rack")])
def test_the_unit_of_a_setting_does_not_matter(ok, text, same):
    one, other = (results(ok(*ASK, "--json", "--set", t)) for t in (text, same))
    for name, result in one.items():
        if result.get("value") is not None:
            assert result["value"] == pytest.approx(other[name]["value"], rel=1e-9), name


def chip_file(folder, name, tdp, **header):
    texts = {"title": "A chip", "vendor": "Someone", "availability": "roadmap", "default_system": "dgx-h100", **header}
    Path(folder).mkdir(exist_ok=True)
    Path(folder, f"{name}.toml").write_text(
        'schema = "dcestimate/chip/1"\n' + "".join(f'{k} = "{v}"\n' for k, v in texts.items())
        + f'tdp = {{ value = "{tdp}", source = "guess", grade = "C" }}\n'
        '[sources.guess]\ntitle = "A guess"\npublisher = "me"\n')
    return folder


def test_a_profile_of_ones_own_overrides_a_shipped_one(ok):
    chip_file("mine", "h100-sxm", "650 W/chip")
    argv = ["estimate", "1k", "--chip", "h100-sxm", "--region", "us-east-1", "--json"]
    mine, theirs = (json.loads(ok(*argv, *more))["deployments"][0]["inputs"]["tdp"] for more in (("-P", "mine"), ()))
    assert (theirs["value"], mine["value"]) == (700, 650)
    assert mine["source"] == "A guess"
    assert "mine/h100-sxm.toml:6" in mine["place"]


def test_the_last_folder_wins(ok):
    chip_file("one", "h100-sxm", "650 W/chip")
    chip_file("two", "h100-sxm", "660 W/chip")
    argv = ["estimate", "1k", "--chip", "h100-sxm", "--region", "us-east-1", "--json", "-P"]
    for folders, tdp in ((("one", "two"), 660), (("two", "one"), 650)):
        found = ok(*argv, folders[0], "--profiles", folders[1])
        assert json.loads(found)["deployments"][0]["inputs"]["tdp"]["value"] == tdp


def test_a_profile_of_ones_own_adds_a_chip(ok):
    chip_file("mine", "Zeta9", "900 W/chip")
    out = ok("-P", "mine", "estimate", "1k", "--chip", "zeta", "--region", "us-east-1")
    assert "Zeta9" in out
    assert "Zeta9" in ok("profiles", "list", "-P", "mine")
    assert "A guess" in ok("profiles", "show", "Zeta9", "-P", "mine")


def test_a_broken_profile_of_ones_own_is_exit_3_with_every_fault(cli):
    chip_file("mine", "zeta", "900", availability="soon")
    argv = ("estimate", "1k", "--chip", "zeta", "--region", "us-east-1", "-P", "mine")
    code, out, err = cli(*argv)
    assert (code, out) == (3, "")
    assert "zeta.toml:4" in err
    assert "zeta.toml:6" in err
    code, out, err = cli(*argv, "--json")
    assert (code, out) == (3, "")
    error = json.loads(err)["error"]
    assert error["exit"] == 3
    assert "zeta.toml:4" in error["message"]
    assert "zeta.toml:6" in error["message"]


# --- settings of files and environment


def settings_file(path, text):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
    return path


def shows_us(text):
    return "ft2" in text


def test_a_settings_file_of_the_home(ok, home):
    settings_file(home / "config/dcestimate/config.toml", 'units = "us"\ndigits = 6\n')
    out = ok(*ASK)
    assert shows_us(out)
    assert re.search(r"PUE, annual +1\.\d{5} ", out)


def test_a_settings_file_of_the_nearest_parent(ok, home, monkeypatch):
    settings_file(home / "here/dcestimate.toml", 'units = "us"\n')
    Path("a/b").mkdir(parents=True)
    monkeypatch.chdir("a/b")
    assert shows_us(ok(*ASK))
    settings_file(home / "here/a/dcestimate.toml", 'units = "si"\n')
    assert not shows_us(ok(*ASK))


def test_the_order_of_settings(ok, home, monkeypatch):
    """Home < folder < named file < environment < options."""
    settings_file(home / "config/dcestimate/config.toml", 'units = "us"\n')
    assert shows_us(ok(*ASK))
    settings_file("dcestimate.toml", 'units = "si"\n')
    assert not shows_us(ok(*ASK))
    monkeypatch.setenv("DCESTIMATE_CONFIG", str(settings_file("named.toml", 'units = "us"\n')))
    assert shows_us(ok(*ASK))
    monkeypatch.setenv("DCESTIMATE_UNITS", "si")
    assert not shows_us(ok(*ASK))
    assert shows_us(ok(*ASK, "-u", "us"))


def test_auto_units_are_si(ok):
    assert ok(*ASK, "-u", "auto") == ok(*ASK, "-u", "si") == ok(*ASK)


def test_profile_folders_of_the_environment(ok, monkeypatch):
    chip_file("one", "zeta", "900 W/chip")
    chip_file("two", "eta", "901 W/chip")
    monkeypatch.setenv("DCESTIMATE_PROFILES", os.pathsep.join(["one", "two"]))
    listed = ok("profiles", "list")
    assert "zeta" in listed
    assert "eta " in listed


def test_profile_folders_of_a_settings_file(ok, home):
    chip_file("mine", "zeta", "900 W/chip")
    settings_file(home / "config/dcestimate/config.toml", f'profiles = ["{Path("mine").resolve()}"]\n')
    assert "zeta" in ok("profiles", "list")


@pytest.mark.parametrize(("text", "named"), [
    ('unit = "us"\n', ["unit ", "units", ":1"]), ('digits = 4\nunits = "us"\ncolour = 1\n', ["colour", ":3"]),
    ("= = =\n", ["line 1"]), (b"\xff\xfe\x00", []), ("units = 3\n", ["units"]),
    ('units = "imperial"\n', ["imperial", "si"]),
    ('digits = "x"\n', ["digits"]), ("digits = true\n", ["digits"]), ("digits = 99\n", ["digits", "99"]),
    ("profiles = 3\n", ["profiles"]), ("profiles = [3]\n", ["profiles"])],
    ids=["unknown key", "third line", "not TOML", "binary", "number for units", "unknown units", "word for digits",
         "true for digits",
         "too many digits", "number for profiles", "list of numbers"])
def test_a_faulty_settings_file_is_exit_3_and_named(fails, home, text, named):
    settings_file(home / "config/dcestimate/config.toml", text)
    message = fails(3, *ASK)["message"]
    assert "config.toml" in message
    for piece in named:
        assert piece in message


@pytest.mark.parametrize(("name", "value"),
                         [("DCESTIMATE_UNITS", "imperial"), ("DCESTIMATE_PROFILES", "/nonexistent/folder"),
                                             ("DCESTIMATE_CONFIG", "/nonexistent/config.toml")])
def test_a_bad_environment_is_named(cli, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    code, out, err = cli(*ASK)
    assert code in (1, 2, 3)
    assert out == ""
    assert value in err
    assert "fault of dcestimate" not in err


@pytest.mark.parametrize("value", ["soon", "9" * 30, "-1e5", "1.5"])
def test_a_bad_source_date_is_named(cli, monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    code, out, err = cli(*ASK, "--json")
    assert (code, out) == (2, "")
    assert "SOURCE_DATE_EPOCH" in json.loads(err)["error"]["message"]


def test_settings_do_not_reach_the_cheap_answers(ok, home):
    settings_file(home / "config/dcestimate/config.toml", "= = =\n")
    assert ok("--version")
    assert ok("-h")


# --- the other commands


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_profile_is_listed(ok, kind):
    out = ok("profiles", "list", "--kind", kind, "--csv")
    listed = {row[0] for row in csv.reader(io.StringIO(out))} - {"name"}
    assert listed == {p.stem for p in (PROFILES / FOLDERS[kind]).glob("*.toml")}


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_profile_is_shown_with_its_sources(ok, kind):
    for path in sorted((PROFILES / FOLDERS[kind]).glob("*.toml")):
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        found = json.loads(ok("profiles", "show", path.stem, "--kind", kind, "--json"))
        assert found["title"] == stated["title"]
        assert set(found["sources"]) >= set(stated["sources"])
        assert {figure["source"] for figure in found["figures"].values()} <= set(found["sources"])
        assert all(not check.endswith("FAULT") for check in found["checks"])


@pytest.mark.parametrize("units", ["si", "us"])
@pytest.mark.parametrize("kind", FOLDERS)
def test_ranges_are_in_the_unit_of_their_value(ok, kind, units):
    """A range holds its value as both are printed, the range to three digits."""
    for path in sorted((PROFILES / FOLDERS[kind]).glob("*.toml"))[:12]:
        for row in csv.DictReader(io.StringIO(ok("profiles", "show", path.stem, "--kind", kind, "--csv", "-u", units))):
            if ".." not in row["P10..P90"]:
                continue
            low, high = (float(end.replace(",", "").lstrip("'")) for end in row["P10..P90"].split(".."))
            value = float(row["value"].split()[0].replace(",", "").lstrip("'"))
            slack = 0.006 * max(abs(low), abs(high))
            assert low - slack <= value <= high + slack, (path.stem, row)


def test_a_pressure_and_a_flow_have_their_own_units(ok):
    out = ok("profiles", "show", "dlc-tower", "--full")
    for name, value, ends in (("liquid.terminal_pressure", "35 psi", "20.0..45.0"),
                              ("rejection_pump_pressure", "208.66 kPa", "167..250")):
        assert re.search(rf"^{re.escape(name)} +{re.escape(value)} +{re.escape(ends)} ", out, re.M)


def test_a_profile_shows_its_own_figures_and_all_in_full(ok):
    own = tomllib.loads((PROFILES / "cooling" / "dlc-tower.toml").read_text(encoding="utf-8"))
    short, full = ok("profiles", "show", "dlc-tower"), ok("profiles", "show", "dlc-tower", "--full")
    assert "figures are those of air-chiller; --full shows them" in " ".join(short.split())
    for name in own:
        if isinstance(own[name], dict) and "value" in own[name]:
            assert re.search(rf"^{name} ", short, re.M)
    assert not re.search(r"^cycles_of_concentration ", short, re.M)
    assert re.search(r"^cycles_of_concentration ", full, re.M)
    assert max(map(len, (line for line in full.splitlines() if "://" not in line))) <= 80
    lines = full.splitlines()
    broken = [before.split()[0] for before, line in itertools.pairwise(lines)
              if re.fullmatch(r"[a-z_]+", line)]
    assert broken
    assert all(name.endswith(("_", ".")) for name in broken)  # after a mark, not inside a word


def test_a_system_shows_its_reconciliation(ok):
    """8 x 700 W of chips in a system of 10.2 kW, from the vendor's own figures."""
    out = ok("profiles", "show", "dgx-h100")
    assert re.search(r"8 x 700 W = 5\.6 kW <= system 10\.2 kW +ok", out)


@pytest.mark.parametrize("column", ["extreme_dry_bulb", "extreme_wet_bulb", "carbon_intensity", "energy_price"])
def test_regions_are_sorted_by_what_their_files_say(ok, column):
    stated = {p.stem: tomllib.loads(p.read_text()).get(column) for p in (PROFILES / "regions").glob("*.toml")}
    rows = list(csv.DictReader(io.StringIO(ok("regions", "list", "--sort", column, "--csv"))))
    values = [float(stated[row["region"]]["value"].split()[0]) if stated[row["region"]] else float("inf") for row in rows]
    assert values == sorted(values)  # those without a value last
    assert len(rows) == len(stated)


def test_regions_of_a_provider(ok):
    providers = [tomllib.loads(p.read_text())["provider"] for p in (PROFILES / "regions").glob("*.toml")]
    assert ok("regions", "list", "--csv").count("\n") == 1 + len(providers)
    for provider in set(providers):
        assert ok("regions", "list", "--provider", provider.lower(), "--csv").count("\n") == 1 + providers.count(provider)


@pytest.mark.parametrize("name", ["gb200-nvl72", "h100-sxm", "trainium3", "us-east-1", "air-tower", "2n"])
def test_a_profile_is_shown_within_80_columns(ok, name):
    """But for addresses, which are not broken."""
    assert [line for line in ok("profiles", "show", name).splitlines() if len(line) > 80 and "://" not in line] == []


def test_a_listing_says_what_is_not_sold_yet(ok):
    listed = ok("profiles", "list", "--csv")
    for path in (PROFILES / "chips").glob("*.toml"):
        line = next(line for line in listed.splitlines() if line.startswith(f"{path.stem},"))
        assert ("(roadmap)" in line) == (tomllib.loads(path.read_text())["availability"] == "roadmap")


def test_a_region_is_shown_with_its_weather(ok):
    out = ok("regions", "show", "virginia")
    for piece in ("us-east-1", "39.7", "28.9", "NREL TMY3", "onebuilding", "396.25", "published", "1.15"):
        assert piece.lower() in out.lower()


@pytest.mark.parametrize(("value", "unit", "shown"), [
    ("100 TR", "kW", 351.6852842), ("25 degC", "degF", 77), ("1 MGD", "gpm", 694.4444444), ("15 %", "1", 0.15),
    ("300 cfm", "m3/s", 0.1415842330), ("1,000 kW", "MW", 1)])
def test_convert(ok, value, unit, shown):
    number, _, of = ok("units", "convert", value, unit).strip().partition(" ")
    assert (float(number), of) == (pytest.approx(shown, rel=1e-9), unit)
    assert json.loads(ok("units", "convert", value, unit, "--json"))["value"] == pytest.approx(shown, rel=1e-9)


def test_convert_a_negative_temperature(ok):
    assert ok("units", "convert", "--", "-40 degC", "degF").strip() == "-40 degF"


def test_every_unit_is_listed(ok):
    from dcestimate.vocabulary import SPELLINGS

    rows = list(csv.reader(io.StringIO(ok("units", "list", "--csv"))))[1:]
    assert {word for row in rows for word in (row[0], *row[1].split(", ")) if word} == set(SPELLINGS)


@pytest.mark.parametrize("document", ["estimate", "why", "profile", "error"])
def test_schemas_are_schemas(ok, document):
    found = json.loads(ok("schema", document))
    jsonschema.Draft202012Validator.check_schema(found)
    assert json.loads(ok("schema")) == json.loads(ok("schema", "estimate"))


def test_why_reads_the_formula_and_the_place_of_each_figure(ok):
    out = ok("why", "it_nameplate_power", "10k", *WHERE, "--full")
    assert out.startswith("it_nameplate_power = ")
    assert re.search(r"= compute_power \+ network_power \+ storage_power \+\s+management_power", out)
    assert "profiles/systems/gb200-nvl72.toml:" in out
    assert "ASSUMPTION" in out
    assert "command line" in out


def test_why_goes_as_deep_as_it_is_asked(ok):
    depth = [ok("why", "pue", "10k", *WHERE, "--depth", n).count("\n") for n in (0, 1, 2)]
    assert depth[0] < depth[1] < depth[2] < ok("why", "pue", "10k", *WHERE, "--full").count("\n")


def why_blocks(text):
    """[(levels in, name, whether it is said to stand above)] of an explanation."""
    return [(len(found[1]) // 2, found[2], line.endswith("(above)")) for line in text.splitlines()
            if (found := re.match(r"^( *)([\w.]+) = ", line))]


@pytest.mark.parametrize("result", ["pue", "facility_peak_power", "annual_water", "peak_day_water", "generator_count",
                                    "white_space", "energy_cost", "tdp"])
def test_why_is_a_screen_and_says_how_to_see_more(cli, result):
    code, out, err = cli("why", result, "10k", *WHERE)
    assert code == 0
    assert out.count("\n") <= 60  # one level is shown however long
    assert ("--depth" in err) == (out != cli("why", result, "10k", *WHERE, "--full")[1])


@pytest.mark.parametrize("depth", ["1", "2", "3", "5"])
@pytest.mark.parametrize("result", ["pue", "facility_peak_power", "annual_water", "site_area"])
def test_what_is_said_to_stand_above_does(ok, result, depth):
    """With all of its own levels that the depth allows: no fewer than it would have where it is named again."""
    found = why_blocks(ok("why", result, "10k", *WHERE, "--depth", depth))
    assert max(level for level, _, _ in found) == int(depth)
    for place, (level, name, above) in enumerate(found):
        if above:
            assert any(other == name and not said and before <= level for before, other, said in found[:place])


def test_a_formula_says_first_what_it_returns(ok):
    out = ok("why", "facility_power", "10k", *WHERE, "--depth", "0")
    assert out.index("= medium / substation_efficiency") < out.index("with medium = low_voltage_power +")


def test_why_as_data_is_whole_unless_a_depth_is_asked_for(ok):
    def names(*more):
        steps = json.loads(ok("why", "pue", "10k", *WHERE, "--json", *more))["deployments"][0]["steps"]
        assert len({step["name"] for step in steps}) == len(steps)
        return [step["name"] for step in steps]

    assert names("--depth", "1") == ["pue", "annual_energy", "annual_it_energy"]
    assert set(names("--depth", "3")) < set(names())
    assert "tdp" in names()


COMMANDS = ["estimate", "why", "profiles list", "profiles show", "profiles validate", "regions list", "regions show",
            "regions near", "units list", "units convert", "schema"]


@pytest.mark.parametrize("command", [*COMMANDS, "regions new", "profiles", "regions", "units", "est", "explain"])
def test_help_of_each_command(ok, command):
    for option in ("-h", "--help"):
        out = ok(*command.split(), option)
        assert out.startswith("Usage: dcestimate")
        assert max(map(len, out.splitlines())) <= 80
    if command in COMMANDS:
        assert "Example: dcestimate" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_in_the_help_runs(ok, command):
    chip_file(".", "mychip", "900 W/chip")
    example = re.search(r"Example: dcestimate (.+)", ok(*command.split(), "-h"))[1]
    assert ok(*shlex.split(example))


def test_the_full_screen_has_the_metrics_of_the_field(ok):
    """Energy reuse, carbon, source water and the components of ASHRAE 90.4, with the edition that each is of."""
    ask = ("estimate", "1000", "--chip", "gb300", "--region", "us-east-1")
    full = ok(*ask, "--full", "--set", "heat_reuse_share=0.3")
    for said in ("ERF", "ERE", "CUE", "WUE, source", "MLC", "ELC", "ISO/IEC 30134-6:2021", "ASHRAE 90.4-2019"):
        assert said in full
        assert said not in ok(*ask)


def test_the_examples_of_the_top_level_run(ok):
    examples = re.findall(r"^  dcestimate (.+)$", ok("-h"), re.M)
    assert len(examples) >= 3
    for example in examples:
        assert ok(*shlex.split(example))


def test_every_option_of_the_top_level_help_exists(ok):
    """What the text promises, a command takes: those under a command that command, all others estimate or why."""
    top = ok("-h")
    promised = set(re.findall(r"--[a-z-]+", top)) - {"--version"}
    compares = set(re.findall(r"--[a-z-]+", re.search(r"^  compare .*\n(( {6,}.*\n)*)", top, re.M)[1]))
    assert compares
    assert compares <= set(re.findall(r"--[a-z-]+", ok("compare", "-h")))
    assert promised - compares <= set(re.findall(r"--[a-z-]+", ok("estimate", "-h") + ok("why", "-h")))


# --- real processes


@pytest.mark.parametrize("argv", [["--version"], ["-V"], ["-h"], ["--help"], ["help"], [], ["help", "exit-codes"]],
                         ids=lambda a: " ".join(a) or "nothing")
def test_cheap_answers_import_nothing_heavy(argv):
    code = (f"import sys\nfrom dcestimate.cli.main import main\nmain({argv!r})\n"
            "heavy = ('numpy', 'pint', 'typer', 'pydantic', 'tabulate')\n"
            "print([m for m in heavy if m in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert done.stdout


def test_versions(ok):
    out = ok("--version")
    assert re.fullmatch(r"dcestimate \d+\.\d+\.\d+\nprofiles [0-9a-f]{12}\nschemas (dcestimate/[a-z]+/\d+(, )?)+\n",
                        out)
    assert ok(*ASK, "--version") == out


def test_head_closes_quietly():
    """The reader goes away after a line, long before the document is through."""
    with subprocess.Popen([sys.executable, "-m", "dcestimate", *MIX, "--json", "-q"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "{\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        process.wait(60)
    assert process.returncode in (0, -signal.SIGPIPE, 128 + signal.SIGPIPE)


@pytest.mark.parametrize("argv",
                         [[*ASK, "-q"], [*ASK, "--json", "-q"], ["-h"], ["--version"], ["estimate", "-h"],
                          ["help", "exit-codes"],
                                  ["units", "convert", "1 MW", "kW"], []], ids=lambda a: " ".join(a[-2:]) or "nothing")
def test_a_reader_that_is_gone_is_no_error(argv):
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([sys.executable, "-m", "dcestimate", *argv], stdout=write, stderr=subprocess.PIPE,
                              text=True,
                              cwd=ROOT, timeout=60, check=False)
    finally:
        os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 2 if not argv else 0, -signal.SIGPIPE, 128 + signal.SIGPIPE)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no full device here")
@pytest.mark.parametrize("argv", [[*ASK, "-q"], [*ASK, "--json", "-q"], ["-h"], ["--version"], ["estimate", "-h"],
                                  ["profiles", "validate", "-q"]], ids=lambda a: " ".join(a[-2:]))
def test_a_full_device_as_standard_output_is_exit_1_in_one_line(argv):
    """Only ever as the shell would open it, never as -o."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "dcestimate", *argv], stdout=full, stderr=subprocess.PIPE,
                              text=True,
                              cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr
    assert "fault of dcestimate" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_control_c_is_130(tmp_path):
    """The process waits for a document on a pipe, so the signal finds it at work."""
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen([sys.executable, "-m", "dcestimate", "why", "pue", "--from", tmp_path / "pipe"],
                          stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        opened = threading.Event()

        def feed():
            with open(tmp_path / "pipe", "w"):
                opened.set()
                process.wait(60)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        assert opened.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        feeder.join(60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.parametrize("env",
                         [{"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, {"FORCE_COLOR": "1", "GITHUB_ACTIONS": "true"},
                                 {"NO_COLOR": "1", "TERM": "dumb"}], ids=lambda e: " ".join(e))
def test_no_terminal_changes_the_answer(env, home):
    plain = dcestimate(*ASK, "-v")
    assert plain.returncode == 0
    assert dcestimate(*ASK, "-v", env=env).stdout == plain.stdout
    assert "\x1b" not in dcestimate("estimate", "-h", env=env).stdout


def test_a_comma_locale_does_not_matter(home):
    plain = dcestimate(*ASK, "--csv").stdout
    assert dcestimate(*ASK, "--csv", env={"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}).stdout == plain


def test_two_processes_give_the_same_bytes(home):
    first, second = (dcestimate(*MIX, "--json", "-q", env={"PYTHONHASHSEED": str(seed)}).stdout for seed in (1, 2))
    assert first == second
    assert first.startswith("{")
