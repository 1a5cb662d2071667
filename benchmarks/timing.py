"""Times as medians, of sides that take turns."""

import importlib.util
import statistics
import time

INSTALL = 'pip install -e ".[benchmark]"'


def seconds(run):
    """How long one call takes [s]."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_time(run, rounds):
    """The median of some calls [s]."""
    return statistics.median(seconds(run) for _ in range(rounds))


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
