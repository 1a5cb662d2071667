"""A planner's file with columns of results against what reading and writing the same file costs without any model."""

import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import missing, seconds

ROOT = Path(__file__).resolve().parent.parent
ROWS, SHEET_ROWS = 100_000, 10_000
CHIPS = ("gb200", "gb300", "h100-sxm", "h200-sxm", "b200", "mi300x", "trainium2", "tpu-v6e")
HEADERS = ("site", "chip", "GPU count", "region", "owner")


def run():
    """CSV against pandas, a workbook against openpyxl; whole processes for ours, so that their start is paid for."""
    if missing("batch", "pandas"):
        return
    print(f"\n{'batch':44}{'time':>12}{'other':>12}{'ratio':>8}{'target':>8}{'memory':>10}")
    with tempfile.TemporaryDirectory() as folder:
        csv_file(Path(folder))
        workbook(Path(folder))


def rows(count):
    """Deployments over all regions, no two alike."""
    from dcestimate.profiles import Library

    regions, chance = Library().names("region"), random.Random(1)
    for n in range(count):
        yield f"site {n}", CHIPS[n % len(CHIPS)], chance.randint(500, 500_000), regions[n % len(regions)], "owner"


def command(*arguments):
    """(wall time [s], peak memory of the largest process [GiB]) of a call, its processes joined."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "dcestimate", "batch", *map(str, arguments), "-q"], check=True, cwd=ROOT,
                   env={**os.environ, "PYTHONPATH": str(ROOT)})
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def csv_file(folder):
    """100,000 rows with the usual columns and with all, pandas reading and writing the same file."""
    import pandas

    given = folder / "fleet.csv"
    given.write_text("\n".join(",".join(map(str, row)) for row in (HEADERS, *rows(ROWS))) + "\n")
    for name, columns, target in (("the usual seven columns", "default", 12), ("all columns", "all", 3)):
        out = folder / f"{columns}.csv"
        spent, memory = command(given, "-o", out, "--columns", columns)
        added = pandas.read_csv(out).drop(columns=list(HEADERS))

        def other(added=added):
            pandas.concat([pandas.read_csv(given), added], axis=1).to_csv(folder / "pandas.csv", index=False)

        theirs = min(seconds(other) for _ in range(3))
        line(f"{ROWS:,} rows of CSV, {name}", spent, theirs, target, memory)
        out.unlink()


def workbook(folder):
    """10,000 rows of a workbook, openpyxl loading and saving it."""
    import openpyxl

    given = folder / "fleet.xlsx"
    book = openpyxl.Workbook()
    for row in (HEADERS, *rows(SHEET_ROWS)):
        book.active.append(row)
    book.save(given)
    theirs = min(seconds(lambda: openpyxl.load_workbook(given).save(io.BytesIO())) for _ in range(3))
    spent, memory = command(given, "-o", folder / "out.xlsx")
    line(f"{SHEET_ROWS:,} rows of a workbook", spent, theirs, 2, memory)


def line(name, spent, theirs, target, memory):
    print(f"{name:44}{spent:>10.2f} s{theirs:>10.2f} s{spent / theirs:>8.1f}{f'<= {target}':>8}{memory:>6.2f} GiB")
