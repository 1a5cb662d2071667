"""Generated text is up to date, and text that can be run is run."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build", ROOT / "docs" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_up_to_date(build, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    stale = [str(path.relative_to(ROOT)) for path, text in build.pages().items()
             if path.read_text(encoding="utf-8") != text]
    assert not stale, "run: python docs/build.py"


def test_every_block_of_the_readme_is_generated(build):
    assert set(re.findall(r"<!-- end ([\w-]+) -->", README)) == {*build.BLOCKS, "set-up"}


def test_the_public_table_holds_the_vocabulary(build):
    from test_house import PUBLIC

    assert sorted(" ".join(build.PUBLIC.values()).split()) == sorted(PUBLIC)


def test_type_checkers_know_the_library(build, tmp_path):
    """The tour of the README passes, and what it would not do does not."""
    wrong = {"result.pueh": "has no attribute", "dce.estimate(3.5)": "incompatible type",
             "result.pue.unite": "has no attribute", "result.energy_cost + 1": "Unsupported operand",
             'dce.report("1k gb200")': "Missing positional argument"}
    shown = {"designs": "Comparison", "book": "Path", "dce.verify(book)": "Verified", "table": "Written",
             "result.pue": "Value", "result.rack_limit": "Text | dcestimate.results.Missing"}
    path = tmp_path / "tour.py"
    lines = [*build.library_pages.TOUR.splitlines(), *wrong, *(f"reveal_type({code})" for code in shown)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "mypy", "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache"),
                           str(path)], capture_output=True, text=True, cwd=tmp_path, check=False,
                          env={**os.environ, "MYPYPATH": str(ROOT)})
    said = {int(line.split(":")[1]): line for line in reversed(done.stdout.splitlines()) if line.startswith("tour.py:")}
    first = len(lines) - len(wrong) - len(shown) + 1
    for number, text in enumerate((*wrong.values(), *shown.values()), first):
        assert text in said.pop(number), done.stdout
    assert not said


def test_commands_in_the_readme_run(capsys):
    import shlex

    from dcestimate.cli.main import main

    commands = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()
                if line.startswith("dcestimate ")]
    assert commands
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0, command
        assert capsys.readouterr().out


def test_help_lists_every_command():
    from dcestimate.cli.app import app
    from dcestimate.cli.help import HELP

    names = [c.name for c in app.registered_commands] + [g.name for g in app.registered_groups]
    for name in names:
        assert re.search(rf"^  {name} ", HELP, re.M), name


def test_an_installed_package_finds_its_own_profiles(tmp_path):
    """A wheel has its profiles inside the package; without a checkout beside it the loader takes those."""
    shutil.copytree(ROOT / "dcestimate", tmp_path / "site" / "dcestimate", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "profiles", tmp_path / "site" / "dcestimate" / "_profiles")
    code = "from dcestimate import profiles as p; print(p.shipped()); print(len(p.Library().names('chip')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path / "site",
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert done.stdout.splitlines()[0] == str(tmp_path / "site" / "dcestimate" / "_profiles")
    assert int(done.stdout.splitlines()[1]) > 0


def test_a_checkout_uses_its_own_profiles():
    from dcestimate.profiles import shipped

    assert shipped() == ROOT / "profiles"


def test_the_wheel_is_told_to_hold_the_profiles():
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert settings["force-include"] == {"profiles": "dcestimate/_profiles"}


def test_attribution_of_weather_is_kept():
    from dcestimate.profiles import Library

    library = Library()
    for name in library.names("region"):
        assert library.load("region", name).header.climate_attribution in README
