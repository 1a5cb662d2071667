"""Interruptions at any moment: 130, no traceback, no half-written file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dcestimate.cli import main, start

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

# runs the program as "python -m" does, with something done when a module is first looked for
HOOKED = """
import os, runpy, signal, sys
class Hook:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {name!r}:
            {does}
sys.meta_path.insert(0, Hook)
sys.argv = ["dcestimate", *{arguments!r}]
runpy.run_module("dcestimate", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "fleet.csv"
    path.write_text("chip,count,region\ngb200,1000,us-east-1\n")
    return path


def begun(table, name, does):
    code = HOOKED.format(name=name, does=does, arguments=["batch", str(table), "-o", str(table.parent / "out.csv")])
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)


@pytest.mark.parametrize("name", ["dcestimate.cli.main", "dcestimate.cli.help", "dcestimate.errors", "typer",
                                  "dcestimate.cli.app", "tomllib", "numpy", "numpy.linalg", "dcestimate.batches.run",
                                  "dcestimate.batches.csv_batch", "dcestimate.model.power"])
def test_an_interruption_during_an_import(table, name):
    process = begun(table, name, "os.kill(os.getpid(), signal.SIGINT)")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")
    assert list(table.parent.iterdir()) == [table]


@pytest.mark.parametrize("after", [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4])
def test_an_interruption_at_any_time_of_the_start(table, after):
    process = begun(table, "dcestimate.cli.main", "os.write(1, b'x')")
    assert process.stdout.read(1) == b"x"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    out = table.parent / "out.csv"
    if process.returncode == 130:
        assert list(table.parent.iterdir()) == [table] or out.read_text().count("\n") == 2
    else:  # it was too late
        assert (process.returncode, out.read_text().count("\n")) == (0, 2)


def assert_interrupted(code):
    """A program of Python's own ends as one that was interrupted does, and says no more than that."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=ROOT, timeout=30)
    assert (done.returncode, done.stderr) == (130, b"interrupted\n")


def test_an_interruption_in_the_source_of_a_class_is_told_by_the_exit_code():
    """After exec() of a text the interpreter would end as if killed, which no shell shows as 130 of its own."""
    code = ("import sys\nfrom dcestimate.cli import main, start\n"
            "def interrupted(argv):\n    exec('raise KeyboardInterrupt')\n"
            "main._run = interrupted\nsys.argv = ['dcestimate', 'batch', 'x']\nstart.entry()")
    assert_interrupted(code)


def test_an_interruption_where_none_can_be_raised_comes_again():
    code = ("import sys, time\nfrom dcestimate.cli import main, start\n"
            "class Ending:\n    def __del__(self):\n        raise KeyboardInterrupt\n"
            "def work(argv):\n    Ending()\n    time.sleep(60)\n"
            "main._run = work\nsys.argv = ['dcestimate', 'batch', 'x']\nstart.entry()")
    assert_interrupted(code)


def test_a_caller_that_ignores_interruptions_is_not_overruled():
    code = ("import signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nfrom dcestimate.cli import start\n"
            "sys.argv = ['dcestimate', '--version']\n"
            "try:\n    start.entry()\nfinally:\n    print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, "
            "sys.unraisablehook is sys.__unraisablehook__)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.endswith("True True\n")


def test_an_error_that_an_interruption_caused_is_one(capsys, monkeypatch):
    def half_imported(argv):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise ImportError("half of a library") from None

    monkeypatch.setattr(main, "_run", half_imported)
    assert main.main(["batch", "x"]) == start.INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def test_the_version_costs_no_more_modules_than_it_did():
    """Those of the tool itself, and of others none that only handles interruptions or writes JSON."""
    code = ("import sys\nbefore = set(sys.modules)\nfrom dcestimate.cli import start\n"
            "sys.argv = ['dcestimate', '--version']\n"
            "try:\n    start.entry()\nfinally:\n    print(*sorted(set(sys.modules) - before))")
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
                          env={"PYTHONPATH": str(ROOT)})
    own = {"dcestimate", *(f"dcestimate.{name}" for name in ("version", "cli", "cli.start", "cli.main", "cli.help"))}
    found = set(done.stdout.split("\n")[-2].split())
    assert {name for name in found if name.startswith("dcestimate")} == own
    assert not found & {"json", "signal", "threading"}
