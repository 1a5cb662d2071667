"""Times as medians, of sides that take turns."""

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALL = 'pip install -e ".[benchmark]"'


def seconds(run):
    """How long one call takes [s]."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_time(run, rounds):
    """The median of some calls [s]."""
    return statistics.median(seconds(run) for _ in range(rounds))


def process(arguments, bytecode, codes=(0,)):
    """(processor time, time on the clock) [s] of a whole process of Python that keeps its bytecode in a folder.

    :raises RuntimeError: when it ends with another exit code than one of ``codes``.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, cwd=ROOT, env=environment, text=True)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    if done.returncode not in codes:
        raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, end - start


def alternate(sides, rounds):
    """{name: median time [s]} of {name: (call, calls a turn)}, all of them once in every round."""
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (run, calls) in sides.items():
            times[name].append(median_time(run, calls))
    return {name: statistics.median(each) for name, each in times.items()}


def missing(title, *packages):
    """Whether a package is not installed; if so, a line says how to install it."""
    absent = [name for name in packages if importlib.util.find_spec(name) is None]
    if absent:
        print(f"\n{title}: needs {', '.join(absent)}; {INSTALL}")
    return bool(absent)
