"""Whether time grows in proportion to deployments and to bins of weather."""

from dataclasses import replace

import numpy as np
from fleet import fleet
from timing import median_time

DEPLOYMENTS = 1, 10, 100, 1_000, 10_000
BINS = 100, 300, 1_000, 3_000, 8_760
COOLINGS = "air-chiller", "dlc-dry", "dlc-tower"


def run():
    """A table over each: a column of time each that stays level is a cost in proportion."""
    from dcestimate.profiles import Library

    library = Library()
    deployments(library)
    bins(library)


def deployments(library):
    """Mixed over all regions, where few can be computed together, and all of one design in one region."""
    from dcestimate.estimation import estimate

    lines = {"mixed": list(fleet(library, max(DEPLOYMENTS)))}
    lines["one design"] = [replace(lines["mixed"][0], count=1000 + i) for i in range(max(DEPLOYMENTS))]
    estimate(library, lines["mixed"][:100])
    print(f"\n{'deployments':16}" + "".join(f"{name + ':':>16}{'time':>10}{'each':>14}" for name in lines))
    for count in DEPLOYMENTS:
        row = ""
        for each in lines.values():
            spent = median_time(lambda few=each[:count]: estimate(library, few).totals["annual_energy"],
                                9 if count <= 10 else 3 if count <= 100 else 1)
            row += f"{spent * 1e3:>23,.1f} ms{spent / count * 1e3:>11.3f} ms"
        print(f"{count:<16,}" + row)


def bins(library):
    """One deployment whose weather is cut into more and more bins: a fixed part and one a bin."""
    from dcestimate.figures import figures, to_arrays
    from dcestimate.profile_kinds import GRAPH
    from dcestimate.request import lines

    print(f"\n{'bins of one deployment':28}" + "".join(f"{name:>24}" for name in COOLINGS))
    print(f"{'':28}" + f"{'time':>13}{'each':>11}" * len(COOLINGS))
    times = {}
    for count in BINS:
        row = ""
        for cooling in COOLINGS:
            line = lines(library, "100k", "gb200" if "dlc" in cooling else "h100-sxm", "us-east-1", cooling=cooling)[0]
            taken = figures(library, line)
            given = to_arrays([taken], [0], [line.count])
            spread = np.linspace(0, given["bin_hours"].shape[-1] - 1, count)
            whole = np.arange(given["bin_hours"].shape[-1])
            for name in ("bin_dry_bulb", "bin_wet_bulb"):
                given[name] = np.interp(spread, whole, given[name].ravel()).reshape(1, 1, 1, -1)
            given["bin_hours"] = np.full((1, 1, 1, count), given["bin_hours"].sum() / count)
            times[cooling, count] = median_time(lambda given=given, taken=taken: GRAPH.evaluate(given, taken.missing), 30)
            row += f"{times[cooling, count] * 1e3:>10.2f} ms{times[cooling, count] / count * 1e6:>8.2f} us"
        print(f"{count:<28,}" + row)
    row = ""
    for cooling in COOLINGS:
        slope, fixed = np.polyfit(BINS, [times[cooling, count] for count in BINS], 1)
        row += f"{fixed * 1e3:>10.2f} ms{slope * 1e6:>8.2f} us"
    print(f"{'fixed, and each more':28}" + row)
