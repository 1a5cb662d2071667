"""What figures say of each other: every shipped profile closes, and the slips of this field are caught."""

import json
import re

import pytest

from dcestimate.cli.main import main
from dcestimate.consistency import grade_shares, node_power_is_assumed, reconciled
from dcestimate.profile_kinds import LISTED
from dcestimate.profiles import Library, shipped

ALL = [(kind, name) for kind in (*LISTED, "defaults", "physics") for name in Library().names(kind)]


@pytest.mark.parametrize(("kind", "name"), ALL, ids=lambda x: x)
def test_every_shipped_profile_is_consistent(library, kind, name):
    assert [str(f) for f in reconciled(library.load(kind, name), library) if f.state == "FAULT"] == []


def test_the_catalogue_is_as_large_as_promised(library):
    """At least 40 chips and 30 systems, and the 47 regions of the climate reference."""
    assert len(library.names("chip")) >= 40
    assert len(library.names("system")) >= 30
    assert len(library.names("region")) >= 47


def test_every_default_system_holds_its_chip(library):
    for name in library.names("chip"):
        system = library.named(library.load("chip", name), "system")
        assert library.named(system, "chip").name == name


@pytest.mark.parametrize("vendor", ["NVIDIA", "AWS"])
def test_no_default_system_of_these_makers_rests_on_an_assumed_power(library, vendor):
    assumed = [name for name in library.names("chip") if library.load("chip", name).header.vendor == vendor
               and node_power_is_assumed(library.named(library.load("chip", name), "system"))]
    assert assumed == []


def test_assumed_node_powers_have_a_range_and_grade_c(library):
    for name in library.names("system"):
        profile = library.load("system", name)
        if node_power_is_assumed(profile):
            host = profile.figures["host_power" if "host_power" in profile.figures else "rated_system_power"]
            assert host.low < host.value < host.high, name
            assert host.grade == "C", name


def test_roadmap_parts_are_marked(library):
    """The Rubin generation and AMD's MI400 series, whichever of them the catalogue has; nothing else."""
    chips = {name: library.load("chip", name).header for name in library.names("chip")}
    announced = {name for name, chip in chips.items() if re.search(r"\b(Rubin|MI4\d\d)", chip.title)}
    assert announced >= {"vr200", "rubin-ultra"}
    assert {name for name, chip in chips.items() if chip.availability == "roadmap"} == announced


def edited(tmp_path, kind, name, *changes):
    """A copy of a shipped profile with some text changed, in a folder of its own."""
    path = tmp_path / f"{name}.toml"
    text = (shipped() / kind / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert re.search(old, text), old
        text = re.sub(old, new, text, count=1)
    path.write_text(text, encoding="utf-8")
    return path


SLIPS = {
    "an FP8 rate of 30 TFLOP/s in the press": (
        "chips", "h100-sxm", [("1979 TFLOP/s/chip", "30 TFLOP/s/chip")], "dense FP8 is 0.0303 times BF16"),
    "a sparse rate sold as dense": (
        "chips", "h100-sxm", [("1979 TFLOP/s/chip", "3958 TFLOP/s/chip")], "dense FP8 is 4 times BF16"),
    "a rate of a rack": (
        "chips", "gb200", [("2500 TFLOP/s/chip", "180000 TFLOP/s/chip")], "dense BF16 150 TFLOP/s per W"),
    "cooling taken for rack power": (
        "systems", "gb200-nvl72", [("132 kW/system", "2400 kW/system"), ("140 kW/system", "2500 kW/system")],
        r"system 2,400.0 kW <= rack limit of liquid-hall [\d.]+ kW does not hold"),
    "accelerators that need more than their system": (
        "systems", "dgx-h100", [("10.2 kW/system", "4.1 kW/system"), ("9.7 kW/system", "4 kW/system")],
        "8 x 700 W = 5.6 kW <= system 4.1 kW does not hold"),
    "dies counted as packages": (
        "systems", "gb200-nvl72", [("72 chip/system", "288 chip/system"), ("72 chip/system", "288 chip/system"),
                                   ("72 chip/system", "288 chip/system")],
        "288 x 1,200 W = 345.6 kW <= system 132.0 kW does not hold"),
}


@pytest.mark.parametrize(("kind", "name", "changes", "says"), SLIPS.values(), ids=SLIPS)
def test_slips_are_caught(capsys, tmp_path, kind, name, changes, says):
    path = edited(tmp_path, kind, name, *changes)
    assert main(["profiles", "validate", str(path)]) == 3
    printed = capsys.readouterr()
    assert re.search(says, printed.out), printed.out


def test_a_chip_in_a_system_made_for_another_is_a_warning(capsys, tmp_path):
    """No fault: the way to ask for a chip that has no system of its own yet. Of the shipped ones none may do it."""
    path = edited(tmp_path, "chips", "h100-sxm", ('default_system = "dgx-h100"', 'default_system = "dgx-b200"'))
    assert main(["profiles", "validate", str(path)]) == 0
    assert "! " in (said := capsys.readouterr().err)
    assert "default system dgx-b200 holds b200" in said


def test_regions_whose_design_weather_cannot_be(capsys, tmp_path):
    path = edited(tmp_path, "regions", "us-east-2", ('cooling_wet_bulb_coincident_dry_bulb = { value = "30.5',
                                                     'cooling_wet_bulb_coincident_dry_bulb = { value = "20.5'))
    assert main(["profiles", "validate", str(path)]) == 3
    assert "coincident wet bulb <= dry bulb" in capsys.readouterr().out


def test_the_command_checks_everything(capsys):
    assert main(["profiles", "validate", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["valid"]
    assert len(printed["profiles"]) == len(ALL)


def test_shares_by_grade_are_counted(library):
    """DGX B200: whole numbers of figures, the shares of which add up."""
    found = re.fullmatch(r"(\d+) figures by grade: (\d+)% A, (\d+)% B, (\d+)% C; (\d+) assumptions",
                         grade_shares(library.load("system", "dgx-b200")))
    assert abs(sum(map(int, found.groups()[1:4])) - 100) <= 1


def test_conflicts_are_shown_with_the_reason_for_the_default(capsys):
    assert main(["profiles", "show", "gb200-nvl72"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Where sources disagree" in printed
    assert re.search(r"rated_system_power: 132 kW/system .* is the default; others say .*120 kW/system", printed)


def test_a_conflict_needs_a_reason_and_a_listed_source(capsys, tmp_path):
    path = edited(tmp_path, "chips", "b200", (r'tdp = \{ value = "1000 W/chip"(.*?) \}\n',
                                              r'tdp = { value = "1000 W/chip", source = "epoch-ml-hardware", '
                                              r'conflicts = [{ value = "1 kg", source = "nobody" }] }\n'))
    assert main(["profiles", "validate", str(path)]) == 3
    printed = capsys.readouterr().out
    for says in ('conflicts: value is "1 kg"', "conflicts and reason go together", 'source "nobody" is not under'):
        assert says in printed
