"""A planner's file with columns of results against what reading and writing the same file costs without any model."""

import io
import os
import random
import re
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
    """(wall time [s], peak memory of all of its processes together [GiB]) of a call."""
    start, peak = time.perf_counter(), 0.0
    process = subprocess.Popen([sys.executable, "-m", "dcestimate", "batch", *map(str, arguments), "-q"], cwd=ROOT,
                               env={**os.environ, "PYTHONPATH": str(ROOT)})
    while process.poll() is None:
        peak = max(peak, memory(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"batch ended with {process.returncode}")
    return time.perf_counter() - start, peak


def memory(process):
    """Memory that a process and those it started hold [GiB], where the system tells."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # ended meanwhile
        return 0.0
    held = re.search(r"VmRSS:\s+(\d+) kB", status)
    return (int(held[1]) if held else 0) / 2**20 + sum(memory(child) for child in children)


def csv_file(folder):
    """100,000 rows with the usual columns and with all, pandas reading and writing the same file."""
    import pandas

    given = folder / "fleet.csv"
    given.write_text("\n".join(",".join(map(str, row)) for row in (HEADERS, *rows(ROWS))) + "\n")
    for name, columns, target in (("the usual seven columns", "default", 12), ("all columns", "all", 3)):
        out = folder / f"{columns}.csv"
        spent, held = command(given, "-o", out, "--columns", columns)
        added = pandas.read_csv(out).drop(columns=list(HEADERS))

        def other(added=added):
            pandas.concat([pandas.read_csv(given), added], axis=1).to_csv(folder / "pandas.csv", index=False)

        theirs = min(seconds(other) for _ in range(3))
        line(f"{ROWS:,} rows of CSV, {name}", spent, theirs, target, held)
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
    spent, held = command(given, "-o", folder / "out.xlsx")
    line(f"{SHEET_ROWS:,} rows of a workbook", spent, theirs, 2, held)


def line(name, spent, theirs, target, held):
    print(f"{name:44}{spent:>10.2f} s{theirs:>10.2f} s{spent / theirs:>8.1f}{f'<= {target}':>8}{held:>6.2f} GiB")
