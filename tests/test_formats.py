"""Formats: each that the help of a command lists is written, well formed; no other is taken."""

import csv
import datetime
import io
import json
import re
import shutil
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from dcestimate.cases import shipped
from dcestimate.cli.app import app
from dcestimate.cli.main import main

WHERE = ["--chip", "gb200", "--region", "us-east-1"]
ASK = {
    "estimate": ["1k", *WHERE], "capacity": ["5 MW", *WHERE], "compare": ["1k", *WHERE, "--cooling", "dlc-dry,dlc-tower"],
    "why": ["pue", "1k", *WHERE], "validate": ["--cases", "cases.csv", "--samples", "20"],
    "profiles list": [], "profiles show": ["gb200"], "profiles validate": ["mine.toml"],
    "regions list": [], "regions show": ["us-east-1"], "regions near": ["39", "-77.5"],
    "regions new": ["mine", "--csv", "hours.csv", "--lat", "50", "--lon", "8", "--elevation", "100 m", "--country", "DEU",
                    "--from", "eu-central-1"],
    "units list": [], "units convert": ["100 TR", "kW"], "schema": [],
    "diff": ["a.json", "b.json"], "report": ["1k", *WHERE],
    "rollout new": [], "rollout show": ["example"], "rollout check": ["example", "--exit-zero"], "rollout fit": ["example"],
}
OF_THEIR_FILES = {"batch", "verify"}  # what they write follows from what they read: tested where they are
ALL = ("table", "json", "jsonl", "csv", "tsv", "md", "svg", "toml", "xlsx", "html", "github")
IN_FILES = ("xlsx", "html")
DOCUMENTS = {("rollout new", "table"), ("report", "md"), ("rollout check", "github")}  # tested where they are made
SVG = {"why": ["why", "--diagram", "power", "1k", *WHERE]}


@pytest.fixture(autouse=True)
def files(monkeypatch, tmp_path):
    """A folder with what the commands read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    start = datetime.datetime(2023, 1, 1)
    hours = "\n".join(f"{start + datetime.timedelta(hours=h):%Y-%m-%dT%H:00},{10 + h % 24},{60 - h % 24}"
                      for h in range(8760))
    (tmp_path / "hours.csv").write_text(f"time,dry_bulb [degC],relative_humidity [%]\n{hours}\n")


def every_command():
    names = {command.name for command in app.registered_commands}
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    return names | {f"{name} {command.name}" for name, group in groups.items() for command in group.registered_commands}


def listed(capsys, name):
    """The formats that the help of a command names."""
    assert main([*name.split(), "--help"]) == 0
    found = re.search(r"--format FMT\s+([\w,\s]+?)\.", capsys.readouterr().out)
    return re.findall(r"\w+", found[1].replace(" or ", ", "))


def well_formed(text, kind):
    """Whether a text is what its format says."""
    if kind == "github":  # of what is at fault only
        return all(line.startswith("::error ") for line in text.splitlines())
    assert text.endswith("\n")
    if kind == "json":
        return isinstance(json.loads(text), dict)
    if kind == "jsonl":
        return all(isinstance(json.loads(line), dict) for line in text.splitlines())
    if kind in ("csv", "tsv"):
        rows = list(csv.reader(io.StringIO(text), delimiter="," if kind == "csv" else "\t"))
        return len(rows) > 1 and len(rows[0]) > 1 and {len(row) for row in rows} == {len(rows[0])}
    if kind == "md":
        lines = text.splitlines()
        return set(lines[1]) <= set("|- ") and len({len(re.findall(r"(?<!\\\\)\|", line)) for line in lines}) == 1
    if kind == "svg":
        return ElementTree.fromstring(text).tag.endswith("svg")
    return tomllib.loads(text) if kind == "toml" else not text.startswith(("{", "|"))


def test_every_command_is_asked():
    assert set(ASK) | OF_THEIR_FILES == every_command()


@pytest.mark.parametrize("name", ASK)
def test_what_the_help_lists_is_written_and_nothing_else(capsys, name, request):
    formats = listed(capsys, name)
    if name == "validate":
        _cases()
    if name == "profiles validate":
        _profile(request)
    if name == "diff":
        _estimates(capsys)
    assert set(formats) <= set(ALL)
    for kind in ALL:
        ask = SVG[name] if kind == "svg" and name in SVG else [*name.split(), *ASK[name]]
        target = ["-o", f"out.{kind}"] if kind in IN_FILES else []
        code = main([*ask, "-f", kind, *target])
        out, err = capsys.readouterr()
        if kind not in formats:
            assert (code, out) == (2, ""), kind
            assert f"no format '{kind}'" in err
            continue
        assert code == 0, err
        if kind not in IN_FILES and (name, kind) not in DOCUMENTS:
            assert well_formed(out, kind), kind


def _cases():
    """A published case, of those that the checkout holds."""
    head, first = shipped()[0].read_text(encoding="utf-8").splitlines()[:2]
    Path("cases.csv").write_text(f"{head}\n{first}\n", encoding="utf-8")


def _profile(request):
    """A shipped profile under another name."""
    shutil.copy(request.config.rootpath / "profiles" / "chips" / "gb200.toml", "mine.toml")


def _estimates(capsys):
    """Two estimates that differ."""
    for name, count in (("a", "1k"), ("b", "2k")):
        assert main(["estimate", count, *WHERE, "-o", f"{name}.json"]) == 0
    capsys.readouterr()
