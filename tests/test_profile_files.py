"""Profile files: a faulty one says everything that is wrong with it, with line and mend; the shipped ones are whole."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from dcestimate.cli.main import main
from dcestimate.errors import ProfileError, UnknownNameError
from dcestimate.profile_files import read, read_climate
from dcestimate.profile_kinds import KINDS
from dcestimate.profiles import Library, shipped

FOLDERS = {name: kind.folder for name, kind in KINDS.items() if kind.folder}
SHIPPED = [(kind, path) for kind, folder in FOLDERS.items() for path in sorted((shipped() / folder).glob("*.toml"))]
ALL = [*SHIPPED, *((kind, shipped() / f"{kind}.toml") for kind in ("defaults", "physics"))]
CHIP = """\
schema = "dcestimate/chip/1"
title = "A chip"
vendor = "Someone"
availability = "roadmap"
aliases = ["zed"]
default_system = "dgx-h100"

tdp = { value = "700 W/chip", source = "sheet", low = "650 W/chip", high = "750 W/chip", grade = "A" }
dense_bf16_rate = { value = "989 TFLOP/s/chip", source = "sheet" }

[sources.sheet]
title = "A data sheet"
publisher = "Someone"
"""
COOLING = """\
schema = "dcestimate/cooling/1"
title = "A design"
like = "dlc-dry"

pump_efficiency = { value = "0.7", source = "guess", grade = "C" }

[air]
terminal_approach = { value = "5 K", source = "guess", grade = "C" }

[liquid]
terminal_approach = { value = "6 K", source = "guess", grade = "C" }

[sources.guess]
title = "A guess"
publisher = "me"
"""
TDP = CHIP.splitlines()[7]
ERROR_LINE = re.compile(r"^(?P<place>[^\n]+?\.(?:toml|csv))(?::(?P<line>\d+))?: (?P<says>.+)$", re.S)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("DCESTIMATE_PROFILES", "DCESTIMATE_CONFIG", "DCESTIMATE_UNITS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cli(capsys):
    def run(*argv):
        code = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "fault of dcestimate" not in err, err
        return code, out, err

    return run


def write(text, name="zeta.toml"):
    path = Path("mine", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8") if isinstance(text, str) else path.write_bytes(text)
    return path


def faults(text, kind="chip", name="zeta.toml"):
    """[(line, what it says), ...] of a faulty file; each names the file."""
    path = write(text, name)
    with pytest.raises(ProfileError) as caught:
        Library(["mine"]).load(kind, path.stem)
    assert caught.value.exit == 3
    found = []
    for problem in caught.value.problems:
        match = ERROR_LINE.match(problem)
        assert match, problem
        assert match["place"].endswith(name)
        found.append((int(match["line"] or 0), match["says"]))
    return found


def line_of(text, start):
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def test_the_file_that_is_spoilt_here_is_whole(cli):
    """Else every fault below might be another's."""
    path = write(CHIP)
    assert Library(["mine"]).load("chip", "zeta").figures["tdp"].value == 700
    assert cli("profiles", "validate", path)[0] == 0
    assert cli("profiles", "validate", write(COOLING, "cool.toml"))[0] == 0
    assert cli("estimate", "1k", "--chip", "zeta", "--region", "us-east-1", "--cooling", "cool", "-P", "mine")[0] == 0


# --- one fault each: what replaces what, the start of the line it stands on, what must be said

TDP_ENTRY = '{ value = "700 W/chip", source = "sheet", low = "650 W/chip", high = "750 W/chip", grade = "A" }'
FAULTS = {
    "bare number": (TDP_ENTRY, "700", "tdp", ["tdp", "700", "W/chip", "source"]),
    "bare text": (TDP_ENTRY, '"700 W/chip"', "tdp", ["tdp", "700 W/chip", "value", "source"]),
    "true": (TDP_ENTRY, "true", "tdp", ["tdp", "value", "source"]),
    "list": (TDP_ENTRY, "[700]", "tdp", ["tdp", "value", "source"]),
    "number for value": ('value = "700 W/chip"', "value = 700", "tdp", ["tdp", "700", '"700 W/chip"']),
    "no unit": ('"700 W/chip"', '"700"', "tdp", ["tdp", '"700"', "unit", "700 W/chip"]),
    "wrong unit": ('"700 W/chip"', '"700 kg"', "tdp", ["tdp", "700 kg", "W/chip"]),
    "unit per another thing": ('"700 W/chip"', '"700 W/rack"', "tdp", ["tdp", "700 W/rack", "W/chip"]),
    "unknown unit": ('"700 W/chip"', '"700 Watts/chip"', "tdp", ["tdp", "Watts"]),
    "decimal comma": ('"700 W/chip"', '"0,7 kW/chip"', "tdp", ["tdp", "0,7 kW/chip", "0.7 kW/chip"]),
    "power tower": ('"700 W/chip"', '"9**9**9 W/chip"', "tdp", ["tdp", "9**9**9"]),
    "not a number": ('"700 W/chip"', '"nan W/chip"', "tdp", ["tdp", "nan"]),
    "overflow": ('"700 W/chip"', '"1e999 W/chip"', "tdp", ["tdp", "999"]),
    "long": ('"700 W/chip"', f'"{"9" * 10_000} W/chip"', "tdp", ["tdp", "characters"]),
    "empty value": ('"700 W/chip"', '""', "tdp", ["tdp", "missing"]),
    "negative": (TDP_ENTRY, '{ value = "-700 W/chip", source = "sheet" }', "tdp", ["tdp", "-700 W/chip", "0 W/chip"]),
    "wrong unit of low": ('low = "650 W/chip"', 'low = "650 kg"', "tdp", ["tdp", "low", "650 kg", "W/chip"]),
    "number for high": ('high = "750 W/chip"', "high = 750", "tdp", ["tdp", "high", "750", "W/chip"]),
    "above its own range": ('"700 W/chip"', '"800 W/chip"', "tdp", ["tdp", "800 W/chip", "range"]),
    "below its own range": ('"700 W/chip"', '"600 W/chip"', "tdp", ["tdp", "600 W/chip", "range"]),
    "range upside down": ('low = "650 W/chip", high = "750 W/chip"', 'low = "750 W/chip", high = "650 W/chip"', "tdp",
                          ["tdp", "low"]),
    "no source": ('source = "sheet", low', "low", "tdp", ["tdp", "source", "missing", "assumption"]),
    "no value": ('value = "700 W/chip", ', "", "tdp", ["tdp", "value", "missing"]),
    "empty source": ('source = "sheet", low', 'source = "", low', "tdp", ["tdp", "source"]),
    "undeclared source": ('source = "sheet", low', 'source = "shet", low', "tdp", ["tdp", "shet", "[sources]"]),
    "unknown grade": ('grade = "A"', 'grade = "D"', "tdp", ["tdp", "grade", "D", "A"]),
    "unknown kind": ('grade = "A"', 'kind = "guessed"', "tdp", ["tdp", "kind", "guessed", "measured"]),
    "unknown key of a figure": ('grade = "A"', 'grde = "A"', "tdp", ["tdp", "grde", "grade"]),
    "unused source": ("[sources.sheet]", '[sources.other]\ntitle = "x"\npublisher = "y"\n\n[sources.sheet]',
                      "[sources.other]", ["other"]),
    "source without a title": ('title = "A data sheet"\n', "", "[sources.sheet]", ["sheet", "title"]),
    "source without a publisher": ('publisher = "Someone"\n', "", "[sources.sheet]", ["sheet", "publisher"]),
    "unknown key of a source": ('title = "A data sheet"', 'titel = "x"\ntitle = "A data sheet"', "[sources.sheet]",
                                ["titel", "title"]),
    "date without quotes": ('publisher = "Someone"\n', 'publisher = "Someone"\ndate = 2026-10-01\n', "[sources.sheet]",
                            ["date"]),
    "text for a source": ("[sources.sheet]\ntitle", 'sources.sheet = "x"\n[sources.other]\ntitle', "", ["sheet"]),
    "unknown key": ("tdp =", "tpd =", "tpd", ["tpd", "tdp"]),
    "unknown text": ("vendor =", 'vender = "x"\nvendor =', "vender", ["vender", "vendor"]),
    "unknown table": ("[sources.sheet]", '[frobnicate]\nx = 1\n\n[sources.sheet]', "[frobnicate]", ["frobnicate"]),
    "figure of another kind": ("[sources.sheet]",
                               'pump_efficiency = { value = "0.7", source = "sheet" }\n\n[sources.sheet]',
                               "pump_efficiency", ["pump_efficiency", "cooling"]),
    "figure of a stream": ("[sources.sheet]",
                           '[air]\nterminal_approach = { value = "5 K", source = "sheet" }\n\n[sources.sheet]',
                           "terminal_approach", ["terminal_approach", "cooling"]),
    "stream of a figure that has none": ("tdp =", '[air]\ntdp =', "tdp", ["tdp"]),
    "missing vendor": ('vendor = "Someone"\n', "", "", ["vendor", "missing"]),
    "number for a title": ('title = "A chip"', "title = 5", "title", ["title", "5"]),
    "unknown availability": ('"roadmap"', '"soon"', "availability", ["availability", "soon", "shipping", "roadmap"]),
    "text for aliases": ('aliases = ["zed"]', 'aliases = "zed"', "aliases", ["aliases", "zed"]),
    "missing figure": (TDP + "\n", "", "", ["tdp", "missing", "W/chip"]),
    "like nothing": ("default_system", 'like = "h1000"\ndefault_system', "like", ["like", "h1000", "chip"]),
    "like itself": ("default_system", 'like = "zeta"\ndefault_system', "like", ["like", "zeta"]),
    "not TOML": ("vendor =", "vendor = =", "vendor", ["TOML"]),
    "unclosed": ('publisher = "Someone"\n', 'publisher = "Some', "", ["TOML"]),
    "key twice": ("vendor =", 'vendor = "x"\nvendor =', "vendor = \"Someone", ["TOML"]),
    "deep nesting": ("vendor =", f"x = {'[' * 5000}\nvendor =", "", []),
    "number for sources": ("[sources.sheet]", "sources = 3\n[other.sheet]", "", ["sources"]),
}


@pytest.mark.parametrize(("old", "new", "start", "says"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_named_with_its_line_and_its_mend(old, new, start, says):
    assert old in CHIP
    text = CHIP.replace(old, new, 1)
    found = faults(text)
    at = [said for line, said in found if not start or line == line_of(text, start)
          or (start.startswith("[") and line_of(text, start) <= line <= line_of(text, start) + 3)]
    assert at, found
    assert any(all(piece in said for piece in says) for said in at), found
    for _, said in found:
        assert "Traceback" not in said
        assert len(said) < 400


@pytest.mark.parametrize("name",
                         ["bare number", "wrong unit", "no source", "undeclared source", "unused source",
                          "unknown key of a figure",
                                  "above its own range", "unknown availability", "negative"])
def test_one_fault_is_one_message(name):
    old, new, _, _ = FAULTS[name]
    assert len(faults(CHIP.replace(old, new, 1))) == 1


@pytest.mark.parametrize("name", FAULTS)
def test_the_command_line_answers_a_faulty_file_with_3(cli, name):
    """Each of estimate, validate and show."""
    old, new, _, _ = FAULTS[name]
    path = write(CHIP.replace(old, new, 1))
    code, out, err = cli("profiles", "validate", path)
    assert code == 3
    assert "zeta.toml" in out + err
    code, out, err = cli("estimate", "1k", "--chip", "zeta", "--region", "us-east-1", "-P", "mine", "--json")
    assert (code, out) == (3, "")
    error = json.loads(err)["error"]
    assert error["exit"] == 3
    assert "zeta.toml" in error["message"]


STREAMS = {
    "stream figure in neither": ("[air]", "[water]", "[water]", ["water"]),
    "figure without a stream in one": ("terminal_approach = { value = \"5 K\"",
                                       "rack_power_limit = { value = \"5 kW/rack\"",
                                       "rack_power_limit", ["rack_power_limit"]),
    "common figure in a stream": ("[air]\n", '[air]\npump_spare_share = { value = "0.5", source = "guess" }\n',
                                  "pump_spare_share",
                                  ["pump_spare_share", "air", "above"]),
    "misspelt stream figure": ('terminal_approach = { value = "5 K"', 'terminal_aproach = { value = "5 K"',
                               "terminal_aproach",
                               ["terminal_aproach", "terminal_approach"]),
    "temperature for a difference": ('"5 K"', '"5 degC"', "terminal_approach", ["5 degC", "difference", "K"]),
    "beyond bounds": ('"0.7"', '"1.7"', "pump_efficiency", ["pump_efficiency", "1.7", "above 1"]),
    "number for a stream": ("[air]\nterminal_approach = { value = \"5 K\", source = \"guess\", grade = \"C\" }",
                            "air = 5", "air", ["air"]),
}


@pytest.mark.parametrize(("old", "new", "start", "says"), STREAMS.values(), ids=STREAMS)
def test_faults_of_streams(old, new, start, says):
    assert old in COOLING
    text = COOLING.replace(old, new, 1)
    found = faults(text, "cooling")
    assert any(line == line_of(text, start) and all(piece in said for piece in says) for line, said in found), found


def test_all_faults_of_a_file_come_together_in_its_order():
    text = (CHIP.replace('vendor = "Someone"\n', 'vendr = "Someone"\n').replace('"roadmap"',
                                                                                '"soon"').replace(TDP_ENTRY, "700")
            .replace('{ value = "989 TFLOP/s/chip", source = "sheet" }',
                     '{ value = "989 kg", source = "nowhere" }\naccelerator_memory = { value = "80 GB/chip" }\n'
                     'dense_fp8_rate = { value = "1 TFLOP/s/chip", source = "sheet", '
                     'low = "2 TFLOP/s/chip", high = "3 TFLOP/s/chip" }\n'
                     'colour = "red"')
            .replace("[sources.sheet]", '[sources.idle]\ntitle = "x"\npublisher = "y"\n\n[sources.sheet]'))
    found = faults(text)
    lines = [line for line, _ in found]
    assert lines == sorted(lines)
    said = "\n".join(f"{line}: {says}" for line, says in found)
    for start, piece in (("vendr", "vendr"), ("availability", "soon"), ("tdp", "700"), ("dense_bf16_rate", "989 kg"),
                         ("dense_bf16_rate", "nowhere"), ("accelerator_memory", "source is missing"),
                         ("dense_fp8_rate", "low"),
                         ("colour", "colour"), ("[sources.idle]", "idle")):
        assert re.search(rf"^{line_of(text, start)}: .*{re.escape(piece)}", said, re.M), (start, piece, said)


def test_a_missing_figure_is_reported_with_the_rest():
    """A second run must not bring up what the first could have said."""
    text = CHIP.replace(TDP + "\n", "").replace("989 TFLOP/s/chip", "989 kg")
    said = "\n".join(says for _, says in faults(text))
    assert "989 kg" in said
    assert "tdp is missing" in said


def test_a_broken_base_does_not_hide_the_file_itself():
    write(CHIP.replace('"700 W/chip"', '"700 kg"'), "base.toml")
    write(CHIP.replace("default_system", 'like = "base"\ndefault_system').replace("989 TFLOP/s/chip", "989 kg"),
          "zeta.toml")
    with pytest.raises(ProfileError) as caught:
        Library(["mine"]).load("chip", "zeta")
    said = "\n".join(caught.value.problems)
    assert "base.toml:8" in said
    assert "zeta.toml" in said


def test_two_that_are_like_each_other(cli):
    write(CHIP.replace("default_system", 'like = "b"\ndefault_system'), "a.toml")
    write(CHIP.replace("default_system", 'like = "a"\ndefault_system'), "b.toml")
    for argv in (("profiles", "validate", "-P", "mine"), ("profiles", "validate", "mine/a.toml", "-P", "mine"),
                 ("profiles", "show", "a", "-P", "mine")):
        code, out, err = cli(*argv)
        assert code == 3
        assert "like" in out + err


@pytest.mark.parametrize("content",
                         [b"\x00\x01\x02\xff", b"\xff\xfes\x00c\x00h\x00", b"", b"\x89PNG\r\n\x1a\n",
                          CHIP.encode("utf-16"),
                                     CHIP.replace("chip/1", "chip/2").encode(), b"schema = 3\n",
                          b'schema = "dcestimate/chop/1"\n', b'title = "x"\n', b"[[[\n"],
                         ids=["binary", "half of utf-16", "empty", "image", "utf-16", "later schema",
                              "number for schema", "unknown schema", "no schema",
                              "brackets"])
def test_what_is_no_profile_is_exit_3_and_named(cli, content):
    """Given as a file, and as one of a folder: there it would otherwise be passed over in silence."""
    path = write(content)
    code, out, err = cli("profiles", "validate", path)
    assert code == 3
    assert "mine/zeta.toml" in out + err
    code, out, err = cli("profiles", "validate", "-P", "mine")
    assert code == 3
    assert "zeta.toml" in out + err


def test_a_binary_file_beside_a_good_one_does_not_make_the_tool_fail(cli):
    """It may be refused, but in words."""
    write(CHIP, "eta.toml")
    write(b'schema = "dcestimate/chip/1"\n\xff\xfe', "zeta.toml")
    code, _, err = cli("estimate", "1k", "--chip", "zed", "--region", "us-east-1", "-P", "mine")
    assert code in (0, 3), err


def test_single_quotes_are_toml_too(cli):
    write(CHIP.replace('"', "'"), "zeta.toml")
    assert cli("estimate", "1k", "--chip", "zeta", "--region", "us-east-1", "-P", "mine")[0] == 0
    assert cli("estimate", "1k", "--chip", "zed", "--region", "us-east-1", "-P", "mine")[0] == 0


def test_windows_line_ends(cli):
    write(CHIP.replace("\n", "\r\n").encode(), "zeta.toml")
    assert cli("estimate", "1k", "--chip", "zeta", "--region", "us-east-1", "-P", "mine")[0] == 0
    write(CHIP.replace("700 W/chip", "700 kg").replace("\n", "\r\n").encode(), "zeta.toml")
    code, out, err = cli("profiles", "validate", "mine/zeta.toml")
    assert code == 3
    assert "zeta.toml:8" in out + err


def test_validate_says_what_is_good_and_what_is_not(cli):
    good, bad = write(CHIP, "eta.toml"), write(CHIP.replace("700 W/chip", "700 kg"), "zeta.toml")
    code, out, err = cli("profiles", "validate", good, bad)
    assert code == 3
    assert "mine/eta.toml: ok" in out
    assert "mine/zeta.toml:8: " in out
    assert "2 profiles, 1 fault" in err
    code, out, _ = cli("profiles", "validate", good, bad, "--json")
    assert code == 3
    found = json.loads(out)
    assert found["valid"] is False
    assert len(found["problems"]) == 1
    assert [p["problems"] == [] for p in found["profiles"]] == [True, False]


def test_validate_checks_folders_of_ones_own_with_the_shipped(cli):
    write(CHIP.replace("700 W/chip", "700 kg"), "zeta.toml")
    code, out, _ = cli("profiles", "validate", "-P", "mine")
    assert code == 3
    assert "mine/zeta.toml:8: " in out
    assert "profiles/chips/h100-sxm.toml: ok" in out


# --- reconciliation


def system(**changed):
    """A system of eight H100 with some figures replaced."""
    text = (shipped() / "systems/dgx-h100.toml").read_text(encoding="utf-8")
    for key, value in changed.items():
        text, done = re.subn(rf'^({key} = \{{ value = )"[^"]*"(.*?), low = "[^"]*", high = "[^"]*"', rf'\1"{value}"\2',
                             text, flags=re.M)
        if not done:
            text, done = re.subn(rf'^({key} = \{{ value = )"[^"]*"', rf'\1"{value}"', text, flags=re.M)
        if not done:
            text, done = re.subn(rf'^{key} = "[^"]*"', f'{key} = "{value}"', text, flags=re.M)
        assert done == 1, key
    return re.sub(r"^aliases = .*$", "aliases = []", text, flags=re.M)


def test_the_system_that_is_changed_here_reconciles(cli):
    assert cli("profiles", "validate", write(system(), "mysys.toml"))[0] == 0


@pytest.mark.parametrize(("changed", "says"), [
    ({"rated_system_power": "5.5 kW/system"}, "8 x 700 W = 5.6 kW <= system 5.5 kW"),
    ({"accelerators_per_system": "16 chip/system"}, "16 x 700 W = 11.2 kW <= system 10.2 kW"),
    ({"rated_system_power": "500 kW/system"}, "rack limit"),
    ({"chip": "h1000"}, "h1000"), ({"default_cooling": "dlc-wet"}, "dlc-wet"), ({"default_space": "hangar"}, "hangar"),
    ({"default_power": "n-plus-9"}, "n-plus-9"), ({"default_fabric": "string"}, "string")],
    ids=["chips over the system", "too many chips", "system over the rack", "chip", "cooling", "space", "power",
         "fabric"])
def test_figures_that_contradict_each_other_are_a_fault(cli, changed, says):
    code, out, err = cli("profiles", "validate", write(system(**changed), "mysys.toml"))
    assert code == 3, out + err
    assert says in out + err
    assert "mysys.toml" in out + err


def test_an_estimate_with_an_unknown_default_is_exit_3(cli):
    """The fault is in the file, whatever the user asked."""
    for changed, says in (({"default_cooling": "dlc-wet"}, "dlc-wet"), ({"chip": "h1000"}, "h1000")):
        write(system(**changed), "mysys.toml")
        code, out, err = cli("estimate", "1k", "--chip", "mysys", "--region", "us-east-1", "-P", "mine")
        assert (code, out) == (3, ""), err
        assert "mysys.toml" in err
        assert says in err


def test_a_region_whose_design_weather_is_below_its_usual_is_a_fault(cli):
    text = (shipped() / "regions/us-east-1.toml").read_text(encoding="utf-8")
    path = write(text.replace('extreme_dry_bulb = { value = "39.7 degC"', 'extreme_dry_bulb = { value = "30 degC"'),
                 "myregion.toml")
    code, out, err = cli("profiles", "validate", path)
    assert code == 3
    assert "dry bulb" in out + err


# --- climate files

HEADER = "dry_bulb [degC],wet_bulb [degC],hours [h]"
CLIMATES = {
    "hours short of a year": (f"{HEADER}\n10,5,4000\n20,15,4000\n", None, ["8000", "8760"]),
    "hours over a year": (f"{HEADER}\n10,5,8760\n20,15,1\n", None, ["8761", "8760"]),
    "wet above dry": (f"{HEADER}\n10,5,8000\n20,20.5,760\n", 3, ["20,20.5,760", "wet bulb"]),
    "words": (f"{HEADER}\n10,5,8000\nwarm,15,760\n", 3, ["warm,15,760"]),
    "not a number": (f"{HEADER}\n10,5,8000\nnan,15,760\n", 3, ["nan"]),
    "infinite": (f"{HEADER}\n10,5,8000\ninf,15,760\n", 3, ["inf"]),
    "infinite hours": (f"{HEADER}\n10,5,inf\n", 2, ["inf"]),
    "no hours": (f"{HEADER}\n10,5,8760\n20,15,0\n", 3, ["20,15,0"]),
    "negative hours": (f"{HEADER}\n10,5,8761\n20,15,-1\n", 3, ["-1"]),
    "hotter than earth": (f"{HEADER}\n10,5,8000\n99,15,760\n", 3, ["99,15,760"]),
    "fahrenheit": (f"{HEADER}\n86,75,8760\n", 2, ["86,75,8760"]),
    "two cells": (f"{HEADER}\n10,5,8000\n20,15\n", 3, ["20,15"]),
    "four cells": (f"{HEADER}\n10,5,8760,1\n", 2, ["10,5,8760,1"]),
    "semicolons": (f"{HEADER}\n10;5;8760\n", 2, ["10;5;8760"]),
    "decimal commas": (f"{HEADER}\n10,5,5,2,8760\n", 2, ["10,5,5,2,8760"]),
    "no header": ("10,5,8760\n", 1, ["dry_bulb [degC]"]),
    "header in fahrenheit": (f"{HEADER.replace('degC', 'degF')}\n10,5,8760\n", 1, ["dry_bulb [degC]"]),
    "columns in another order": ("wet_bulb [degC],dry_bulb [degC],hours [h]\n5,10,8760\n", 1, ["dry_bulb [degC]"]),
    "empty": ("", 1, ["dry_bulb [degC]"]),
    "header alone": (f"{HEADER}\n", None, ["8760"]),
    "comments alone": ("# nothing\n", 1, ["dry_bulb [degC]"]),
}


@pytest.mark.parametrize(("text", "line", "says"), CLIMATES.values(), ids=CLIMATES)
def test_faults_of_climate_files(text, line, says):
    path = write(text, "here.csv")
    with pytest.raises(ProfileError) as caught:
        read_climate(path, "here.csv")
    said = caught.value.problems
    placed = [p for p in said if line is None or p.startswith(f"here.csv:{line}: ")]
    assert any(all(piece in p for piece in says) for p in placed), said


def test_lines_of_a_climate_file_are_those_of_the_editor():
    """Comments and empty lines count."""
    path = write(f"# a\n\n{HEADER}\n# b\n10,5,8000\n\n20,25,760\n", "here.csv")
    with pytest.raises(ProfileError) as caught:
        read_climate(path, "here.csv")
    assert [p.partition(" ")[0] for p in caught.value.problems] == ["here.csv:7:"]


def test_every_fault_of_a_climate_file_is_reported():
    path = write("dry,wet,hours\n10,5,8000\nx,5,1\n20,25,760\n", "here.csv")
    with pytest.raises(ProfileError) as caught:
        read_climate(path, "here.csv")
    assert {p.partition(" ")[0] for p in caught.value.problems} == {"here.csv:1:", "here.csv:3:", "here.csv:4:"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", HEADER.encode("utf-16")], ids=["binary", "utf-16"])
def test_a_climate_file_that_is_no_text(content):
    path = write(content, "here.csv")
    with pytest.raises(ProfileError, match=r"here\.csv"):
        read_climate(path, "here.csv")


def test_a_climate_file_in_si():
    """One bin of 20/15 degC all year, in kelvin and seconds."""
    dry, wet, hours = read_climate(write(f"{HEADER}\n20,15,8760\n", "here.csv"), "here.csv")
    assert (dry.item(), wet.item(), hours.item()) == pytest.approx((293.15, 288.15, 8760 * 3600))


def test_hourly_rows_are_a_climate():
    rows = "".join(f"{20 + h % 24 / 10},{15},1\n" for h in range(8760))
    dry, _, hours = read_climate(write(f"{HEADER}\n{rows}", "here.csv"), "here.csv")
    assert len(dry) == 8760
    assert hours.sum() == pytest.approx(8760 * 3600)


def region(climate):
    text = (shipped() / "regions/us-east-1.toml").read_text(encoding="utf-8")
    text = re.sub(r"^aliases = .*$", "aliases = []", text, flags=re.M)
    return write(text.replace('climate = "us-east-1.csv"', f'climate = "{climate}"'), "myregion.toml")


def test_a_faulty_climate_beside_a_region_is_exit_3_with_its_line(cli):
    region("here.csv")
    write(f"{HEADER}\n10,5,8000\n20,25,760\n", "here.csv")
    argv = ("estimate", "1k", "--chip", "gb200", "--region", "myregion", "-P", "mine")
    code, out, err = cli(*argv)
    assert (code, out) == (3, "")
    assert "here.csv:3" in err
    assert cli("profiles", "validate", "mine/myregion.toml")[0] == 3
    write(f"{HEADER}\n10,5,8000\n20,15,760\n", "here.csv")
    assert cli(*argv)[0] == 0
    assert cli("profiles", "validate", "mine/myregion.toml")[0] == 0


def test_a_climate_that_is_not_there_is_exit_3(cli):
    region("nowhere.csv")
    code, out, err = cli("estimate", "1k", "--chip", "gb200", "--region", "myregion", "-P", "mine")
    assert (code, out) == (3, "")
    assert "nowhere.csv" in err


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", ""])
def test_a_climate_is_never_read_from_elsewhere_as_weather(cli, name):
    region(name)
    code, out, err = cli("estimate", "1k", "--chip", "gb200", "--region", "myregion", "-P", "mine")
    assert (code, out) == (3, ""), err


# --- the shipped profiles


def test_all_shipped_profiles_are_valid(cli):
    code, out, err = cli("profiles", "validate")
    assert code == 0, out
    assert len(out.splitlines()) == len(ALL)
    assert f"{len(ALL)} profiles, 0 faults" in err
    assert all(": ok" in line for line in out.splitlines())


@pytest.mark.parametrize(("kind", "path"), ALL, ids=[f"{k}-{p.stem}" for k, p in ALL])
def test_each_shipped_file_is_valid_alone(cli, kind, path):
    assert cli("profiles", "validate", path)[0] == 0


@pytest.mark.parametrize(("kind", "path"), ALL, ids=[f"{k}-{p.stem}" for k, p in ALL])
def test_each_shipped_source_is_used_and_each_used_one_declared(kind, path):
    """Read here as plain TOML, so that the reader's own check is checked."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [e for e in [*document.values(), *document.get("air", {}).values(), *document.get("liquid", {}).values()]
               if isinstance(e, dict) and "value" in e]
    used = {e["source"] for e in entries} | {p["source"] for p in document.get("published", ())}
    used |= {conflict["source"] for e in entries for conflict in e.get("conflicts", ())}
    assert used == set(document["sources"])
    assert entries or "like" in document


@pytest.mark.parametrize(("kind", "path"), ALL, ids=[f"{k}-{p.stem}" for k, p in ALL])
def test_each_figure_knows_its_line(kind, path):
    profile = read(path, kind, path.name, lambda other: Library().load(kind, other))
    text = path.read_text(encoding="utf-8").splitlines()
    for key, figure in profile.figures.items():
        if figure.profile is profile:
            assert re.match(rf'"?{key.rpartition(".")[2]}"?\s*=', text[figure.line - 1]), key
            assert f'"{figure.text}"' in text[figure.line - 1]


@pytest.mark.parametrize(("kind", "path"), ALL, ids=[f"{k}-{p.stem}" for k, p in ALL])
def test_links_and_titles_of_sources(kind, path):
    for name, source in tomllib.loads(path.read_text(encoding="utf-8"))["sources"].items():
        assert source["title"].strip(), name
        assert source["publisher"].strip(), name
        assert source.get("url", "") == "" or re.fullmatch(r"https?://\S+", source["url"]), name


@pytest.mark.parametrize("path", sorted((shipped() / "climate").glob("*.csv")), ids=lambda p: p.stem)
def test_each_shipped_climate_is_a_year(path):
    rows = [line.split(",") for line in path.read_text().splitlines() if line and not line.startswith("#")][1:]
    assert sum(float(h) for _, _, h in rows) == pytest.approx(8760, abs=0.01)
    assert all(float(wet) <= float(dry) for dry, wet, _ in rows)


def test_each_climate_belongs_to_a_region():
    named = {tomllib.loads(p.read_text())["climate"] for k, p in SHIPPED if k == "region"}
    assert named == {p.name for p in (shipped() / "climate").glob("*.csv")}


def test_every_name_that_a_profile_points_to_exists():
    names = {kind: {p.stem for k, p in SHIPPED if k == kind} for kind in FOLDERS}
    for kind, path in SHIPPED:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, to in (("chip", "system"), ("default_system", "system"), ("default_fabric", "fabric"),
                        ("default_cooling", "cooling"),
                        ("default_power", "power"), ("default_space", "space")):
            if key in document:
                assert document[key] in names["chip" if key == "chip" else to], (path.name, key)
        if "like" in document:
            assert document["like"] in names[kind]


def test_a_chip_and_its_default_system_name_each_other():
    for kind, path in SHIPPED:
        if kind == "chip":
            system_ = tomllib.loads(path.read_text())["default_system"]
            assert tomllib.loads((shipped() / "systems" / f"{system_}.toml").read_text())["chip"] == path.stem


def test_chips_fit_their_systems_and_systems_their_racks():
    """Chips x TDP <= system <= rack, computed here from the files."""
    def figure(folder, name, key):
        path = shipped() / folder / f"{name}.toml"
        while True:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            if key in document:
                number, _, unit = document[key]["value"].partition(" ")
                return float(number) * {"k": 1e3, "M": 1e6}.get(unit[:1] if unit[1:2] == "W" else "", 1.0)
            if "like" not in document:
                return None
            path = path.with_name(f"{document['like']}.toml")

    for kind, path in SHIPPED:
        if kind == "system":
            header = tomllib.loads(path.read_text(encoding="utf-8"))
            rated = figure("systems", path.stem, "rated_system_power")
            if rated:
                # a system may cap its chips below their own maximum, as Alps does with GH200
                tdp = figure("systems", path.stem, "tdp") or figure("chips", header["chip"], "tdp")
                assert figure("systems", path.stem, "accelerators_per_system") * tdp <= rated, path.stem
                assert rated <= figure("spaces", header["default_space"], "rack_power_limit"), path.stem


# --- names

SPELLINGS = {}
for _kind, _path in SHIPPED:
    for _spelling in (_path.stem, *tomllib.loads(_path.read_text(encoding="utf-8")).get("aliases", ())):
        SPELLINGS.setdefault((_kind, _spelling.lower()), []).append(_path.stem)
SHARED = [spelling for (_, spelling), names in SPELLINGS.items() if len(names) > 1]  # all of systems, see below


def plain(spelling):
    """A spelling as the look-up compares it: marks and spaces say nothing; the files are written in plain letters."""
    assert spelling.isascii()
    return re.sub(r"[ _./()-]", "", spelling.lower())


def test_names_and_aliases_are_unique_within_a_kind():
    """But for node types that makers sell with several chips, such as BullSequana XH3000: the chip resolves them."""
    meant = {}
    for (kind, spelling), names in SPELLINGS.items():
        meant.setdefault((kind, plain(spelling)), set()).update(names)
    shared = {key: names for key, names in meant.items() if len(names) > 1}
    for (kind, spelling), names in shared.items():
        assert kind == "system", spelling
        chips = [tomllib.loads((shipped() / "systems" / f"{name}.toml").read_text())["chip"] for name in names]
        assert len(set(chips)) == len(chips), (spelling, names)
    assert len(shared) < 40  # an exception, not the rule
    names = [(kind, plain(path.stem)) for kind, path in SHIPPED]
    assert len(set(names)) == len(names)  # a name goes before an alias, so names must differ by more than marks


@pytest.mark.parametrize("spelling", SHARED)
def test_a_shared_alias_is_resolved_by_the_chip(library, spelling):
    for name in SPELLINGS["system", spelling]:
        chip = library.load("system", name).header.chip
        assert library.find("system", spelling, among=library.systems_of(chip)) == ("system", name)
    named = [name for name in library.names("system") if plain(name) == plain(spelling)]
    if named:  # sd650n-v2 is the SD650-N V2, though its sister of 80 GB is one too
        assert library.find("system", spelling) == ("system", named[0])
    else:
        with pytest.raises(UnknownNameError, match="Did you mean"):
            library.find("system", spelling)


def test_names_and_aliases_of_chips_and_systems_do_not_clash():
    """--chip takes either: one spelling must not mean a chip and another chip's system."""
    chips = {s: n[0] for (k, s), n in SPELLINGS.items() if k == "chip"}
    systems = {s: n[0] for (k, s), n in SPELLINGS.items() if k == "system"}
    for spelling in set(chips) & set(systems):
        text = (shipped() / "systems" / f"{systems[spelling]}.toml").read_text()
        assert tomllib.loads(text)["chip"] == chips[spelling]


@pytest.mark.parametrize(("kind", "spelling"), [key for key in SPELLINGS if key[1] not in SHARED],
                         ids=[f"{k}-{s}" for k, s in SPELLINGS if s not in SHARED])
def test_every_name_and_alias_resolves_whatever_its_capitals(library, kind, spelling):
    wanted = (kind, SPELLINGS[kind, spelling][0])
    for text in (spelling, spelling.upper(), spelling.title(), f" {spelling} "):
        assert library.find(kind, text) == wanted


def test_every_unique_prefix_resolves_and_every_other_is_refused(library):
    """Of two letters or more: a single one may be a tick in a cell."""
    for kind in FOLDERS:
        spellings = {}
        for (of, spelling), names in SPELLINGS.items():
            if of == kind:
                spellings.setdefault(plain(spelling), set()).update(names)
        prefixes = {s[:n] for s in spellings for n in range(1, len(s))} - set(spellings)
        for prefix in prefixes:
            meant = {name for spelling, names in spellings.items() if spelling.startswith(prefix) for name in names}
            if len(meant) == 1 and len(prefix) > 1:
                assert library.find(kind, prefix.upper()) == (kind, meant.pop()), prefix
            else:
                with pytest.raises(UnknownNameError) as caught:
                    library.find(kind, prefix)
                assert set(re.findall(r"[a-z0-9-]+", caught.value.message.partition("Did you mean")[2])) & meant


@pytest.mark.parametrize(("spoken", "chip"), {
    "H100 SXM5": "h100-sxm", "h100 80gb": "h100-sxm", "H100": "h100-sxm", "h100 nvl": "h100-nvl", "H100 PCIe": "h100-pcie",
    "H200": "h200-sxm", "a100 80gb": "a100-sxm-80", "A100 40 GB": "a100-sxm-40", "A100": "a100-sxm-80", "gb200": "gb200",
    "GB200 NVL72": "gb200", "gb300 nvl72": "gb300", "blackwell ultra": "b300", "grace blackwell": "gb200",
    "grace blackwell ultra": "gb300", "grace hopper": "gh200", "gh200": "gh200", "vera rubin": "vr200",
    "Rubin Ultra": "rubin-ultra", "vr nvl144": "vr200", "v100": "v100-sxm", "p100": "p100-sxm",
    "L40S": "l40s", "l 40 s": "l40s", "RTX PRO™ 6000": "rtx-pro-6000-se",
    "blackwell": "b200", "hopper": "h100-sxm", "ampere": "a100-sxm-80", "rubin": "vr200",
    "rtx pro 6000": "rtx-pro-6000-se", "RTX 6000 Pro": "rtx-pro-6000-se", "rtx pro 4500": "rtx-pro-4500-se",
    "Tesla T4": "t4", "volta": "v100-sxm", "pascal": "p100-sxm",
    "trainium 2": "trainium2", "trn2": "trainium2", "Trn2 UltraServer": "trainium2", "tranium 3": "trainium3",
    "trainium": "trainium1", "inf2": "inferentia2", "Inferentia 2": "inferentia2", "tpu v5p": "tpu-v5p",
    "TPUv5e": "tpu-v5e", "tpu v7": "tpu-v7",
    "v6e": "tpu-v6e", "trillium": "tpu-v6e", "Ironwood": "tpu-v7", "gaudi-3": "gaudi3", "Gaudi 2": "gaudi2",
    "MI300X": "mi300x", "mi300": "mi300x", "MI 300 X": "mi300x", "mi300a": "mi300a", "AMD Instinct MI355X": "mi355x",
    "instinct mi325x": "mi325x", "mi250": "mi250x", "mi325": "mi325x", "mi350": "mi350x", "mi355": "mi355x",
    "ponte vecchio": "gpu-max-1550", "Intel Max 1550": "gpu-max-1550", "Maia 200": "maia200", "DGX H100": "h100-sxm",
    "HGX H100": "h100-sxm", "dgx b200": "b200", "p5.48xlarge": "h100-sxm",
}.items())
def test_spoken_names_mean_a_chip(library, spoken, chip):
    """What people say in a meeting; a family's name means its most sold part."""
    kind, name = library.find(("chip", "system"), spoken)
    assert (name if kind == "chip" else library.load("system", name).header.chip) == chip


@pytest.mark.parametrize(("spoken", "region"), {
    "São Paulo": "sa-east-1", "Zürich": "eu-central-2", "Luleå": "lulea-se", "Querétaro": "mx-central-1",
    "Québec": "ca-central-1", "N. Virginia": "us-east-1", "us east 1": "us-east-1", "US_EAST_1": "us-east-1"}.items())
def test_spoken_names_mean_a_region(library, spoken, region):
    assert library.find("region", spoken) == ("region", region)


@pytest.mark.parametrize(("kind", "typo", "meant"), [
    ("chip", "h10-sxm", "h100-sxm"), ("chip", "traniium2", "trainium2"), ("chip", "mi30x", "mi300x"),
    ("region", "us-esat-1", "us-east-1"),
    ("region", "eu-nroth-1", "eu-north-1"), ("cooling", "dlc-twoer", "dlc-tower"), ("system", "dgx-h1000", "dgx-h100"),
    ("power", "distributed-4-2-3", "distributed-4-to-3"), ("workload", "infernce", "inference")])
def test_a_typo_is_answered_with_the_nearest_name(library, kind, typo, meant):
    with pytest.raises(UnknownNameError) as caught:
        library.find(kind, typo)
    assert meant in caught.value.message
    assert caught.value.hint
    assert caught.value.exit == 2


@pytest.mark.parametrize("text",
                         ["", " ", "x" * 10_000, "../chips/h100-sxm", "h100-sxm.toml", "*", ".", "\0", "gb200\n"],
                         ids=lambda t: repr(t[:20]))
def test_odd_names_are_unknown_rather_than_read(library, text):
    try:
        found = library.find("chip", text)
    except UnknownNameError as error:
        said = error.message
    else:
        assert found == ("chip", text.strip())
        return
    assert len(said) < 200
    assert "\n" not in said


# --- both ways to the shipped folder


def test_the_shipped_folder_of_a_checkout():
    assert shipped() == Path(__file__).resolve().parent.parent / "profiles"


def test_the_shipped_folder_of_an_installed_package(monkeypatch, tmp_path):
    """Without a checkout beside it, the package's own copy."""
    import shutil

    from dcestimate import profiles

    package = tmp_path / "site/dcestimate"
    shutil.copytree(shipped(), package / "_profiles")
    monkeypatch.setattr(profiles, "__file__", str(package / "profiles.py"))
    assert profiles.shipped() == package / "_profiles"
    assert Library().names("chip") == sorted(p.stem for k, p in SHIPPED if k == "chip")
