"""The documents the tool writes: their schemas, that they repeat, that they lead back to the request and add up."""

import csv
import io
import json
import math
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from dcestimate.cli.main import main
from dcestimate.estimation import estimate
from dcestimate.profile_kinds import KINDS
from dcestimate.profiles import Library, shipped
from dcestimate.reports import machine
from dcestimate.request import lines_from_json

WHERE = ["--chip", "gb200", "--region", "us-east-1"]
REQUESTS = {
    "single": ["100k", *WHERE],
    "air": ["1M", "--chip", "h100-sxm", "--region", "eu-north-1"],
    "one chip": ["1", *WHERE],
    "mixed": ["500k", "--chip", "gb300:60%,trainium2:40%", "--region", "us-east-1:70%,eu-north-1:30%"],
    "thirds": ["100001", "--chip", "gb200:1/3,h100:1/3,mi300x:1/3", "--region", "ap-south-1"],
    "settings": ["100k", *WHERE, "--set", "rack_power_limit=0.15 MW/rack", "--set",
                 "air.terminal_approach=9 delta_degF",
                 "--set", "extreme_dry_bulb=104 degF", "--set", "storage_power_share=4 %"],
    "settings of a mix": ["9k", "--chip", "gb200:2/3,h100:1/3", "--region", "us-east-1", "--set",
                          "pump_efficiency=0.7"],
    "setting twice": ["1k", *WHERE, "--set", "pump_efficiency=0.7", "--set", "pump_efficiency=0.8"],
    "both streams, then one": ["1k", *WHERE, "--set", "terminal_approach=6 K", "--set", "air.terminal_approach=7 K"],
    "one stream, then both": ["1k", *WHERE, "--set", "air.terminal_approach=7 K", "--set", "terminal_approach=6 K"],
    "workloads": ["100k", *WHERE, "--workload", "inference:2/3,training:1/3"],
    "one workload": ["100k", *WHERE, "--workload", "inference"],
    "workload settings": ["100k", *WHERE, "--set", "training_average_share=0.9"],
    "designs": ["20k", "--chip", "dgx-h100", "--region", "virginia", "--cooling", "air-tower", "--power", "2n",
                "--space", "air-hall",
                "--fabric", "ethernet-400g"],
    "fixed overhead": ["20k", *WHERE, "--cooling", "fixed-overhead"],
}

PUBLIC = {  # the vocabulary that scripts rely on, each with its report unit; None is text
    "accelerator_count": "chip", "installed_accelerator_count": "chip", "stranded_accelerator_count": "chip",
    "system_count": "system",
    "compute_rack_count": "rack", "network_rack_count": "rack", "storage_rack_count": "rack",
    "management_rack_count": "rack",
    "rack_count": "rack", "rack_power": "kW/rack", "rack_limit": None,
    "leaf_switch_count": "1", "spine_switch_count": "1", "core_switch_count": "1", "switch_count": "1",
    "transceiver_count": "1",
    "system_nameplate_power": "kW/system", "system_average_power": "kW/system", "compute_power": "MW",
    "network_power": "MW",
    "storage_power": "MW", "management_power": "MW", "it_nameplate_power": "MW", "critical_it_power": "MW",
    "it_peak_power": "MW",
    "it_average_power": "MW", "cluster_average_power": "MW",
    "air_heat_load": "MW", "liquid_heat_load": "MW", "electrical_room_heat_load": "MW", "cooling_load": "MW",
    "cooling_load_refrigeration": "TR",
    "supply_airflow": "m3/s", "coolant_flow": "L/min", "air_handler_count": "1", "cdu_count": "1", "chiller_count": "1",
    "heat_rejection_unit_count": "1", "chiller_capacity": "MW", "heat_rejection_capacity": "MW",
    "economizer_hours": "h",
    "partial_economizer_hours": "h",
    "ups_module_count": "1", "ups_load_fraction": "1", "transformer_count": "1", "generator_count": "1",
    "generator_capacity": "MW",
    "battery_energy": "kWh", "fuel_volume": "m3", "feeder_current": "A", "grid_connection": "MVA",
    "facility_peak_power": "MW", "facility_expected_peak_power": "MW", "facility_average_power": "MW",
    "annual_energy": "GWh",
    "pue": "1", "peak_pue": "1", "cooling_ppue": "1", "power_ppue": "1",
    "wue": "L/kWh", "annual_water": "ML", "annual_water_consumption": "ML", "peak_day_water": "m3/d",
    "white_space": "m2", "support_space": "m2", "building_area": "m2", "yard_area": "m2", "site_area": "ha",
    "floor_load": "kg/m2",
    "power_density": "kW/m2", "carbon_emissions": "t/yr", "energy_cost": "USD/yr",
}
SUMS = [n for n,
        unit in PUBLIC.items() if unit is not None and (n.endswith("_count") or unit in ("MW", "MVA", "GWh", "ML",
                                                                                         "TR"))
        and n not in ("ups_load_fraction",)]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    for name in ("DCESTIMATE_UNITS", "DCESTIMATE_PROFILES", "DCESTIMATE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def out(capsys):
    """The standard output of a command that succeeds."""

    def run(*argv):
        code = main([str(a) for a in argv])
        found = capsys.readouterr()
        assert code == 0, found.err
        return found.out

    return run


@pytest.fixture
def document(out):
    return lambda *request: json.loads(out("estimate", *request, "--json"))


def strict(text):
    """JSON read by the letter: no NaN, no Infinity, no name twice."""
    def refuse(word):
        raise ValueError(word)

    def once(pairs):
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def valid(found, schema):
    validator = jsonschema.Draft202012Validator(schema)
    assert not [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(found)]


# --- schemas


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_estimates_keep_to_their_schema(out, request_):
    schema = json.loads(out("schema", "estimate"))
    valid(strict(out("estimate", *request_, "--json")), schema)
    valid(strict(out("estimate", *request_, "--json", "--timestamp", "-u", "us", "--in", "power=GW")), schema)


@pytest.mark.parametrize("spoil", [
    lambda d: d.pop("totals"), lambda d: d.update(schema="dcestimate/estimate/2"), lambda d: d.update(deployments=[]),
    lambda d: d["deployments"][0]["results"].pop("pue"),
    lambda d: d["deployments"][0]["results"]["pue"].update(value="1.1"),
    lambda d: d["deployments"][0]["results"]["pue"].update(unit="%"),
    lambda d: d["deployments"][0]["results"]["pue"].update(value=None),
    lambda d: d["deployments"][0]["results"].update(pue2={"value": 1.0, "unit": "1"}),
    lambda d: d["deployments"][0]["inputs"]["tdp"].update(status="guess"),
    lambda d: d["deployments"][0]["inputs"]["tdp"].pop("source"),
    lambda d: d["deployments"][0]["results"]["rack_limit"].update(text="luck")],
    ids=["totals", "schema", "deployments", "result", "text", "unit", "null", "another", "status", "source", "choice"])
def test_the_schema_of_an_estimate_tells_good_from_bad(out, document, spoil):
    """A schema that everything fits would prove nothing."""
    found = document("1k", *WHERE)
    spoil(found)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, json.loads(out("schema", "estimate")))


@pytest.mark.parametrize("result",
                         ["facility_peak_power", "pue", "rack_limit", "tdp", "energy_cost", "annual_water",
                          "core_switch_count"])
@pytest.mark.parametrize("name", ["single", "mixed", "settings"])
def test_explanations_keep_to_their_schema(out, result, name):
    found = strict(out("why", result, *REQUESTS[name], "--json"))
    valid(found, json.loads(out("schema", "why")))
    assert found["result"] == result


@pytest.mark.parametrize("argv", [
    ("estimate", "nan", *WHERE), ("estimate", "1k", "--chip", "zz", "--region", "us-east-1"),
    ("estimate", "1k", *WHERE, "--cooln", "x"),
    ("estimate", "1k", *WHERE, "-o", "nowhere/out.json"), ("why", "pue", "--from", "bad.json"),
    ("units", "convert", "5", "kW")],
    ids=lambda a: " ".join(a[:2]))
def test_errors_keep_to_their_schema(out, capsys, argv):
    schema = json.loads(out("schema", "error"))
    Path("bad.json").write_text("{}")
    code = main([*argv, "--json"])
    found = capsys.readouterr()
    assert found.out == ""
    error = strict(found.err)
    valid(error, schema)
    assert error["error"]["exit"] == code
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"error": {"code": "x"}}, schema)


@pytest.mark.parametrize("kind", [k for k in KINDS if KINDS[k].folder])
def test_shipped_profiles_keep_to_the_schema_of_profiles(out, kind):
    """Read as TOML by another reader and checked by another validator."""
    schema = json.loads(out("schema", "profile"))
    one = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"}
    for path in (shipped() / KINDS[kind].folder).glob("*.toml"):
        valid(json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str)), one)


def test_the_schema_of_profiles_tells_good_from_bad(out):
    schema = json.loads(out("schema", "profile"))
    chip = tomllib.loads((shipped() / "chips/h100-sxm.toml").read_text())
    for spoil in (lambda d: d.update(tpd=d["tdp"]), lambda d: d["tdp"].pop("source"), lambda d: d.pop("vendor"),
                  lambda d: d.update(schema="dcestimate/chop/1"), lambda d: d.update(tdp="700 W/chip"),
                  lambda d: d["tdp"].update(grade="D")):
        bad = json.loads(json.dumps(chip))
        spoil(bad)
        assert not jsonschema.Draft202012Validator(schema).is_valid(bad)


# --- contents


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_the_public_names_and_units(document, request_):
    found = document(*request_)
    for results in [d["results"] for d in found["deployments"]] + [found["totals"]["results"]] + [
            r["results"] for r in found["totals"]["by_region"].values()]:
        assert set(PUBLIC) <= set(results)
        for name, unit in PUBLIC.items():
            one = results[name]
            if unit is None:
                assert one.get("text") or one["reason"]
            else:
                assert one["unit"] == unit
                assert one["value"] is None or math.isfinite(one["value"])
                assert one["value"] is not None or one["reason"]


def test_the_order_of_the_top_level(document):
    assert list(document("1k", *WHERE)) == ["schema", "tool_version", "profiles_version", "deployments", "totals",
                                            "assumptions",
                                            "warnings", "sources"]
    one = document("1k", *WHERE)["deployments"][0]
    assert [k for k in one if k in ("inputs", "results", "overrides")] == ["inputs", "results", "overrides"]


def test_the_order_of_results_is_that_of_the_schema(out, document):
    schema = json.loads(out("schema", "estimate"))
    stated = list(schema["$defs"]["results"]["properties"])
    assert list(document("1k", *WHERE)["deployments"][0]["results"]) == stated


def test_names_are_snake_case(document):
    found = document(*REQUESTS["mixed"])
    for one in found["deployments"]:
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in one["results"])
        assert all(re.fullmatch(r"((air|liquid)\.)?[a-z][a-z0-9_]*", name) for name in one["inputs"])


def test_every_input_has_value_unit_status_and_source(document):
    for one in document(*REQUESTS["settings of a mix"])["deployments"]:
        for name, given in one["inputs"].items():
            assert {"value", "unit", "status", "source"} <= set(given), name
            assert given["status"] in ("given", "profile", "default", "assumption")
            assert given["source"], name
        assert one["inputs"]["pump_efficiency"]["status"] == "given"
        assert one["inputs"]["chip"]["status"] == "given"
        assert one["inputs"]["cooling"]["status"] == "default"
        assert one["inputs"]["storage_power_share"]["status"] == "assumption"
        assert one["inputs"]["tdp"]["status"] == "profile"


def test_inputs_are_what_the_profile_says(document):
    """The file itself, read by another reader, is the oracle."""
    inputs = document("1k", "--chip", "h100-sxm", "--region", "us-east-1")["deployments"][0]["inputs"]
    for folder, name in (("chips", "h100-sxm"), ("regions", "us-east-1"), ("fabrics", "quantum-2")):
        text = (shipped() / folder / f"{name}.toml").read_text()
        for key, entry in tomllib.loads(text).items():
            if isinstance(entry, dict) and "value" in entry:
                number, _, unit = entry["value"].partition(" ")
                assert inputs[key]["value"] == pytest.approx(float(number), rel=1e-12), key
                assert inputs[key]["unit"] == (unit or "1")
                line = int(inputs[key]["place"].rpartition(":")[2])
                assert text.splitlines()[line - 1].startswith(f"{key} =")


def test_assumptions_are_listed_once_each(document):
    found = document(*REQUESTS["single"])
    named = [a["name"] for a in found["assumptions"]]
    assumed = [n for n, i in found["deployments"][0]["inputs"].items() if i["status"] == "assumption"]
    assert len(set(named)) == len(named)
    assert set(assumed) <= set(named)


def test_a_result_that_cannot_be_had_says_why(out, document):
    """A region without a price: null with the reason in JSON, an empty cell in CSV, a dash on the screen."""
    Path("mine/climate").mkdir(parents=True)
    text = (shipped() / "regions/us-east-1.toml").read_text()
    text = re.sub(r"^energy_price = .*\n", "", text, flags=re.M)
    text = re.sub(r"\[sources\.eia-electric-power-annual\]\n(.+\n)+", "", text)
    Path("mine/nowhere-1.toml").write_text(text.replace('aliases = ["virginia"', 'aliases = ["elsewhere"'))
    request = ["1k", "--chip", "gb200", "--region", "nowhere-1", "-P", "mine"]
    found = document(*request)
    cost = found["deployments"][0]["results"]["energy_cost"]
    assert cost["value"] is None
    assert cost["unit"] == "USD/yr"
    assert "energy_price" in cost["reason"]
    valid(found, json.loads(out("schema", "estimate")))
    row = next(csv.DictReader(io.StringIO(out("estimate", *request, "--csv"))))
    assert row["energy_cost [USD/yr]"] == ""
    assert re.search(r"Electricity +- ", out("estimate", *request))
    mixed = document("2k", "--chip", "gb200", "--region", "nowhere-1:50%,us-east-2:50%", "-P", "mine")
    assert mixed["totals"]["results"]["energy_cost"]["value"] is None
    assert "energy_price" in mixed["totals"]["results"]["energy_cost"]["reason"]
    valid(mixed, json.loads(out("schema", "estimate")))


# --- repeatability and the clock


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_the_same_request_gives_the_same_bytes(out, request_):
    first = out("estimate", *request_, "--json")
    assert out("estimate", *request_, "--json") == first
    assert out("--seed", "5", "estimate", *request_, "--json") == first
    assert not re.search(r"\b(NaN|Infinity)\b", first)
    strict(first)


def test_numbers_round_trip(out):
    """Each number is written as Python's repr writes it, so nothing is lost."""
    text = out("estimate", *REQUESTS["single"], "--json")
    for number in re.findall(r'"value": (-?[\d.][\d.e+-]*)', text):
        assert repr(json.loads(number)) == number


def test_no_clock_unless_asked(document):
    assert "timestamp" not in document("1k", *WHERE)


@pytest.mark.parametrize(("epoch", "shown"), [("0", "1970-01-01T00:00:00"), ("1000000000", "2001-09-09T01:46:40")])
def test_the_source_date_is_the_timestamp(out, document, monkeypatch, epoch, shown):
    plain = document("1k", *WHERE)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    found = document("1k", *WHERE)
    assert found.pop("timestamp").startswith(shown)
    assert found == plain
    assert json.loads(out("estimate", "1k", *WHERE, "--json", "--timestamp"))["timestamp"].startswith(shown)


def test_a_timestamp_on_request(document):
    import datetime

    stamp = datetime.datetime.fromisoformat(document("1k", *WHERE, "--timestamp")["timestamp"])
    assert abs(datetime.datetime.now(datetime.UTC) - stamp) < datetime.timedelta(minutes=5)


# --- back to the request


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_json_leads_back_to_the_same_json(out, tmp_path, request_):
    text = out("estimate", *request_, "--json")
    path = tmp_path / "estimate.json"
    path.write_text(text)
    library = Library()
    again = estimate(library, lines_from_json(library, path))
    assert machine.as_json(machine.document(again, library)) == text


@pytest.mark.parametrize("name", ["single", "settings", "workloads", "mixed", "both streams, then one"])
def test_why_from_a_file_is_why_from_the_request(out, name):
    out("estimate", *REQUESTS[name], "-o", "estimate.json")
    for result in ("pue", "facility_peak_power"):
        for more in ([], ["--json"], ["-v"]):
            assert out("why", result, "--from", "estimate.json", *more) == out("why", result, *REQUESTS[name], *more)


def test_why_from_standard_input(out, monkeypatch):
    text = out("estimate", *REQUESTS["single"], "--json")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert out("why", "pue", "--from", "-") == out("why", "pue", *REQUESTS["single"])


def test_why_with_profiles_of_ones_own(out):
    Path("mine").mkdir()
    text = (shipped() / "chips/h100-sxm.toml").read_text()
    Path("mine/Zeta.toml").write_text(re.sub(r"aliases = .*", 'aliases = ["z-chip"]',
                                             text.replace('"700 W/chip"', '"800 W/chip"')))
    out("estimate", "1k", "--chip", "z-chip", "--region", "us-east-1", "-P", "mine", "-o", "estimate.json")
    assert "800 W/chip" in out("why", "tdp", "--from", "estimate.json", "-P", "mine")


def edited(document, change):
    one = document["deployments"][0]
    change(one["inputs"], one)
    return document


EDITS = {
    "no deployments": lambda d: d.update(deployments=[]),
    "text for a count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value="x")),
    "negative count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=-5)),
    "no chips": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=0)),
    "fraction of a chip": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=1.5)),
    "true for a count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=True)),
    "null count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=None)),
    "NaN count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=math.nan)),
    "huge count": lambda d: edited(d, lambda i, _: i["accelerator_count"].update(value=10**30)),
    "NaN share": lambda d: edited(d, lambda i, _: i["workload"].update(value="training:nan")),
    "unknown workload": lambda d: edited(d, lambda i, _: i["workload"].update(value="sleeping:1.0")),
    "short share": lambda d: edited(d, lambda i, _: i["workload"].update(value="training:0.5")),
    "unknown chip": lambda d: edited(d, lambda i, _: i["chip"].update(value="gb2000")),
    "list for a chip": lambda d: edited(d, lambda i, _: i["chip"].update(value=["gb200"])),
    "chip of another system": lambda d: edited(d, lambda i, _: i["chip"].update(value="h100-sxm")),
    "no inputs": lambda d: d["deployments"][0].pop("inputs"),
    "no region": lambda d: edited(d, lambda i, _: i.pop("region")),
    "result set": lambda d: edited(d, lambda _, o: o.update(overrides={"pue": "1.1"})),
    "beyond bounds": lambda d: edited(d, lambda _, o: o.update(overrides={"pump_efficiency": "7"})),
    "list of overrides": lambda d: edited(d, lambda _, o: o.update(overrides=[])),
    "another schema": lambda d: d.update(schema="dcestimate/estimate/99"),
    "list": lambda d: d.update(deployments={}),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_an_edited_document_is_refused_in_words(document, capsys, change):
    """Whatever was done to it: exit 2 or 3, nothing on standard output, no fault of ours."""
    found = document("1k", *WHERE)
    change(found)
    Path("edited.json").write_text(json.dumps(found))
    code = main(["why", "pue", "--from", "edited.json"])
    shown = capsys.readouterr()
    assert code in (2, 3), shown.err
    assert shown.out == ""
    assert "fault of dcestimate" not in shown.err
    assert shown.err.startswith("error: ")


@pytest.mark.parametrize("change",
                         [lambda i: i["chip"].update(value="GB200"), lambda i: i["cooling"].update(value="dlc")],
                         ids=["capitals", "alias"])
def test_a_document_may_name_things_as_the_command_line_does(document, out, change):
    found = document("1k", *WHERE)
    change(found["deployments"][0]["inputs"])
    Path("edited.json").write_text(json.dumps(found))
    assert out("why", "pue", "--from", "edited.json").startswith("pue = ")


@pytest.mark.parametrize("content",
                         [b"", b"x", b"[]", b"{}", b"null", b"3", b'{"deployments": 3}', b"\xff\xfe\x00",
                          b"[" * 100_000,
                                     b'{"a":' * 100_000], ids=lambda c: repr(c[:12]))
def test_what_is_no_document_is_exit_3(capsys, content):
    Path("bad.json").write_bytes(content)
    code = main(["why", "pue", "--from", "bad.json"])
    shown = capsys.readouterr()
    assert (code, shown.out) == (3, ""), shown.err
    assert shown.err.startswith("error: bad.json")
    assert len(shown.err) < 500


def test_a_document_that_cannot_be_read_is_no_fault_of_its_contents(capsys):
    """Exit 3 says that a file is faulty; one that is not there is exit 1, or 2 for the option."""
    code = main(["why", "pue", "--from", "nowhere.json"])
    shown = capsys.readouterr()
    assert code in (1, 2)
    assert "nowhere.json" in shown.err


# --- CSV


@pytest.mark.parametrize("name", REQUESTS)
def test_csv_is_the_json_in_full(out, name):
    found = strict(out("estimate", *REQUESTS[name], "--json"))
    rows = list(csv.DictReader(io.StringIO(out("estimate", *REQUESTS[name], "--csv"))))
    assert len(rows) == len(found["deployments"])
    for row, one in zip(rows, found["deployments"], strict=True):
        for result, value in one["results"].items():
            if "text" in value:
                assert row[result] == value["text"]
            elif value["value"] is None:
                assert row[f"{result} [{value['unit']}]"] == ""
            else:
                cell = row[f"{result} [{value['unit']}]"]
                assert float(cell) == value["value"]
                assert cell in (repr(value["value"]), repr(int(value["value"])))
        for asked in ("chip", "system", "region", "cooling", "power", "space", "fabric"):
            assert row[asked] == one["inputs"][asked]["value"]


def test_csv_header(out):
    header = next(csv.reader(io.StringIO(out("estimate", *REQUESTS["mixed"], "--csv"))))
    assert len(set(header)) == len(header)
    for cell in header:
        assert re.fullmatch(r"[a-z][a-z0-9_]*( \[[A-Za-z0-9/%_]+\])?", cell)
    for name, unit in PUBLIC.items():
        assert (f"{name} [{unit}]" if unit else name) in header


def test_tsv_is_the_csv_with_tabs(out):
    comma, tab = (out("estimate", *REQUESTS["mixed"], "-f", f) for f in ("csv", "tsv"))
    assert list(csv.reader(io.StringIO(tab), delimiter="\t")) == list(csv.reader(io.StringIO(comma)))
    assert "\r" not in comma + tab


def test_jsonl_is_the_deployments(out):
    found = strict(out("estimate", *REQUESTS["mixed"], "--json"))
    per_line = [strict(line) for line in out("estimate", *REQUESTS["mixed"], "-f", "jsonl").splitlines()]
    assert per_line == found["deployments"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"], ids=repr)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start):
    text = machine.as_separated(["name", f"{start}header"], [[f"{start}1+1", "plain"]])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    shown = start.replace("\r", " ")  # a carriage return would break the line
    assert rows == [["name", f"'{shown}header"], [f"'{shown}1+1", "plain"]]


@pytest.mark.parametrize("number", [-1.5, -3, -1e-300, 0.1 + 0.2, 1e22, 10**15, 0, 5e-324])
def test_numbers_are_never_marked_nor_rounded(number):
    cell = machine.as_separated(["x"], [[number]]).splitlines()[1]
    assert cell == repr(number)
    assert float(cell) == number


def test_whole_numbers_have_no_point_and_nothing_no_sign():
    assert machine.as_separated(["x", "y"], [[1389.0, -0.0]]).splitlines()[1] == "1389,0"


def test_commas_quotes_and_line_breaks_survive():
    row = ['a,"b"', "two\nlines", "semi;colon", ""]
    assert list(csv.reader(io.StringIO(machine.as_separated(list("wxyz"), [row]), newline="")))[1] == row


@pytest.mark.parametrize("name", ["=1+1", "@sum", "+x", "=HYPERLINK"])
def test_a_chip_with_a_dangerous_name(out, name):
    Path("mine").mkdir()
    text = re.sub(r"aliases = .*", "aliases = []", (shipped() / "chips/h100-sxm.toml").read_text())
    Path(f"mine/{name}.toml").write_text(text)
    for command, column in ((["estimate", "1k", f"--chip={name}", "--region", "us-east-1"], "chip"),
                            (["profiles", "list"], "name")):
        cells = [row[column] for row in csv.DictReader(io.StringIO(out(*command, "-P", "mine", "--csv")))]
        assert f"'{name}" in cells
        assert name not in cells


def test_markdown_has_one_cell_a_column(out):
    lines = out("estimate", *REQUESTS["single"], "-f", "md").splitlines()
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
    assert re.fullmatch(r"(\| --- )+\|", lines[1])
    assert machine.as_markdown(["a|b"], [["c|d\ne"]]).splitlines()[2] == "| c\\|d e |"


# --- totals


@pytest.mark.parametrize("name", ["mixed", "thirds", "settings of a mix"])
def test_counts_powers_and_volumes_add_up(document, name):
    found = document(*REQUESTS[name])
    parts = [d["results"] for d in found["deployments"]]
    for result in SUMS:
        whole = math.fsum(p[result]["value"] for p in parts)
        assert found["totals"]["results"][result]["value"] == pytest.approx(whole, rel=1e-12), result
        regions = math.fsum(r["results"][result]["value"] for r in found["totals"]["by_region"].values())
        assert regions == pytest.approx(whole, rel=1e-12), result


def test_each_region_is_the_sum_of_its_lines(document):
    found = document(*REQUESTS["mixed"])
    assert set(found["totals"]["by_region"]) == {"us-east-1", "eu-north-1"}
    for region, total in found["totals"]["by_region"].items():
        parts = [d["results"] for d in found["deployments"] if d["inputs"]["region"]["value"] == region]
        assert len(parts) == 2
        for result in SUMS:
            assert total["results"][result]["value"] == pytest.approx(math.fsum(p[result]["value"] for p in parts),
                                                                      rel=1e-12)


def test_effectiveness_is_weighted_by_energy(document):
    """PUE of several is all energy over all IT energy, and WUE all water over all IT energy."""
    found = document(*REQUESTS["mixed"])
    parts = [d["results"] for d in found["deployments"]]
    hours = 8760
    facility = math.fsum(p["annual_energy"]["value"] * 1e3 for p in parts)
    it = math.fsum(p["it_average_power"]["value"] * hours for p in parts)
    water = math.fsum(p["annual_water"]["value"] * 1e6 for p in parts)
    totals = found["totals"]["results"]
    assert totals["pue"]["value"] == pytest.approx(facility / it, rel=1e-12)
    assert totals["wue"]["value"] == pytest.approx(water / (it * 1e3), rel=1e-12)
    plain = sum(p["pue"]["value"] for p in parts) / len(parts)
    assert totals["pue"]["value"] != pytest.approx(plain, rel=1e-4)


def test_peak_effectiveness_is_weighted_by_power(document):
    found = document(*REQUESTS["mixed"])
    parts = [d["results"] for d in found["deployments"]]
    facility, it = (math.fsum(p[n]["value"] for p in parts) for n in ("facility_peak_power", "critical_it_power"))
    assert found["totals"]["results"]["peak_pue"]["value"] == pytest.approx(facility / it, rel=1e-12)


def test_the_powers_of_it_are_in_order(document):
    for request in REQUESTS.values():
        for one in document(*request)["deployments"]:
            average, peak, critical, nameplate = (one["results"][n]["value"] for n in (
                "it_average_power", "it_peak_power", "critical_it_power", "it_nameplate_power"))
            assert 0 < average <= peak <= critical * (1 + 1e-12)
            assert critical <= nameplate * (1 + 1e-12)


def test_one_deployment_is_its_own_total(document):
    found = document(*REQUESTS["single"])
    assert found["totals"]["results"] == found["deployments"][0]["results"]
    assert found["totals"]["by_region"] == {"us-east-1": {"results": found["deployments"][0]["results"]}}


def test_a_mix_has_as_many_chips_as_were_asked(document):
    """By largest remainder: 100,001 in thirds are 33,334, 33,334 and 33,333."""
    found = document(*REQUESTS["thirds"])
    assert sorted(d["results"]["accelerator_count"]["value"] for d in found["deployments"]) == [33_333, 33_334, 33_334]
    assert found["totals"]["results"]["accelerator_count"]["value"] == 100_001


def test_racks_are_not_shared_between_lines(document):
    """1,000 chips of 72 a rack take 14 racks, 500 twice take 7 each and 100 ten times would take 2 each."""
    for share, racks in (("us-east-1", 14), ("us-east-1:50%,eu-north-1:50%", 14),
                         ("us-east-1:90%,eu-north-1:10%", 13 + 2)):
        found = document("1000", "--chip", "gb200", "--region", share)
        assert found["totals"]["results"]["compute_rack_count"]["value"] == racks
