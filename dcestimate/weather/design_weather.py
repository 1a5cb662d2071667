"""Design weather of a place: as published in the header of its weather file, else estimated from its hours.

Never the file's own maximum: in 39 comparisons with ASHRAE's values the hottest hour of a typical year lay 1.6 K off the
published extreme dry bulb and the wettest 2.6 K off the extreme wet bulb, so an estimate adds these.
"""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .. import units

NAMES = ("extreme_dry_bulb", "extreme_wet_bulb", "cooling_dry_bulb", "cooling_dry_bulb_coincident_wet_bulb",
         "cooling_wet_bulb", "cooling_wet_bulb_coincident_dry_bulb")
DRY_ALLOWANCE, WET_ALLOWANCE = 1.6, 2.6  # K above the hottest and the wettest hour
USUAL = {"cooling_dry_bulb": "0.4 % of hours above", "cooling_dry_bulb_coincident_wet_bulb": "mean coincident",
         "cooling_wet_bulb": "0.4 % of hours above", "cooling_wet_bulb_coincident_dry_bulb": "mean coincident"}
SHARE = 0.004  # of the hours are warmer than a 0.4 % value
APART = 3.0  # K between header and hours; more, and the header is another place's
PUBLISHED, FILE = "published-design-weather", "weather-file"


@dataclass
class DesignValue:
    """A design temperature [K], with its grade, the source it is from and how."""

    value: float
    grade: str
    source: str
    note: str


def of(weather):
    """Design weather of hourly weather.

    :returns: ({name: DesignValue}, title of the published source or "", notes, warnings).
    """
    derived = _derived(weather)
    header, title, notes, warnings = published(weather.design), "", [], []
    if header:
        title = header.pop("title")
        apart = max(abs(header[name] - derived[name]) for name in ("cooling_dry_bulb", "cooling_wet_bulb"))
        if apart > APART:
            warnings.append(f"the design conditions in the header are {apart:.1f} K from the file's own hours, as if of "
                            "another place or climate; they are not used")
            header, title = None, ""
    elif weather.design and len(weather.design) > 3:
        warnings.append("the design conditions in the header are not laid out as those of the ASHRAE Handbooks of 2009 to "
                        "2021; they are not used")
    if header:
        found = {name: DesignValue(header[name], "B", PUBLISHED, says) for name, says in USUAL.items()}
    else:
        found = {name: DesignValue(derived[name], "C", FILE, says) for name, says in USUAL.items()}
    for name, allowance, usual in (("extreme_dry_bulb", DRY_ALLOWANCE, "cooling_dry_bulb"),
                                   ("extreme_wet_bulb", WET_ALLOWANCE, "cooling_wet_bulb")):
        found[name] = _extreme(name, header or {}, derived, derived[usual], found[usual].value, allowance, notes)
    estimated = [name for name in NAMES if found[name].grade == "C"]
    if estimated:
        what = "the design weather" if len(estimated) > 2 else " and ".join(estimated)
        warnings.append(f"estimated from the file's hours: {what}; before sizing plant put in published values, such as "
                        "ASHRAE's for the nearest station")
    return {name: found[name] for name in NAMES}, title, notes, warnings


def _extreme(name, header, derived, derived_usual, usual, allowance, notes):
    """The extreme that the header states, the hours' own where those go beyond it, or an estimate."""
    highest = derived[name]
    kind = "dry bulb" if name == "extreme_dry_bulb" else "wet bulb"
    if name in header:
        if highest <= header[name] + 0.05:
            return DesignValue(header[name], "B", PUBLISHED, "20-year extreme" if kind == "dry bulb" else "extreme annual")
        notes.append(f"the file's highest {kind} of {highest - 273.15:.1f} degC is above the published extreme of "
                     f"{header[name] - 273.15:.1f} degC, and is taken in its place")
        return DesignValue(highest, "B", FILE, f"highest hour; {header[name] - 273.15:.1f} published")
    shift = usual - derived_usual
    value = max(highest + shift, highest) + allowance
    shifted = f" + {shift:.1f} published less own 0.4 %" if shift > 0 else ""
    return DesignValue(value, "C", FILE, f"highest hour {highest - 273.15:.1f}{shifted} + {allowance}")


def _derived(weather):
    """The same names from the hours themselves, extremes without any allowance [K]."""
    found = {"extreme_dry_bulb": float(weather.dry_bulb.max()), "extreme_wet_bulb": float(weather.wet_bulb.max())}
    for name, one, other, coincident in (
            ("cooling_dry_bulb", weather.dry_bulb, weather.wet_bulb, "cooling_dry_bulb_coincident_wet_bulb"),
            ("cooling_wet_bulb", weather.wet_bulb, weather.dry_bulb, "cooling_wet_bulb_coincident_dry_bulb")):
        found[name] = float(np.sort(one)[-1 - math.floor(SHARE * len(one))])
        found[coincident] = float(other[np.abs(one - found[name]) <= 0.5].mean())
    return found


def published(cells):
    """Design weather [K] of a DESIGN CONDITIONS line, with the ``title`` of its source; None when it holds none.

    The layout is that of the ASHRAE Handbooks: after "Cooling" come month, range, 0.4 %, 1 % and 2 % dry bulb each with its
    coincident wet bulb, the same of wet bulb, and 18 more; after "Extremes" three winds, up to the edition of 2013 the
    extreme wet bulb (later the last of "Cooling"), mean and deviation of yearly lowest and highest, and both once in 5, 10,
    20 and 50 years. What breaks the order that such values must have is not believed.
    """
    best = None
    for start in [i for i, cell in enumerate(cells or ()) if cell.lower() == "cooling"]:
        found = _one_set(cells, start)
        if found and (best is None or _edition(found["title"]) > _edition(best["title"])):
            best = found
    return best


def _edition(title):
    return max(re.findall(r"(?:19|20)\d\d", title), default="")


def _one_set(cells, start):
    cooling, end = _numbers(cells, start + 1)
    extremes = _numbers(cells, end + 1)[0] if end < len(cells) and cells[end].lower().startswith("extreme") else []
    if len(cooling) < 14 or not all(map(math.isfinite, cooling[:14])):
        return None
    month, _, dry, dry_wet, dry_1, _, dry_2, _, wet, wet_dry, wet_1, _, wet_2, _ = cooling[:14]
    if not (1 <= month <= 12 and 60 > dry >= dry_1 >= dry_2 and 38 > wet >= wet_1 >= wet_2 and wet <= wet_dry
            and dry_wet <= dry and wet <= dry and dry > -40):
        return None
    found = {"cooling_dry_bulb": dry, "cooling_dry_bulb_coincident_wet_bulb": dry_wet, "cooling_wet_bulb": wet,
             "cooling_wet_bulb_coincident_dry_bulb": wet_dry, **_extremes(extremes, cooling, dry, wet)}
    titles = [c for c in cells[2:start] if re.search(r"[A-Za-z]{4}", c) and c.lower() != "heating"]
    return {**{name: float(units.to_si(value, "degC")) for name, value in found.items()},
            "title": titles[-1] if titles else "source not named"}


def _extremes(extremes, cooling, dry, wet):
    """Extreme wet bulb and 20-year dry bulb as far as the numbers fit one of the two layouts."""
    for first, wet_bulb in ((4, extremes[3:4]), (3, cooling[31:32])):
        tail = extremes[first:first + 12]
        if len(tail) < 12 or not all(map(math.isfinite, tail)):
            continue
        pairs = [sorted(tail[i:i + 2]) for i in (0, 4, 6, 8, 10)]
        rising = all(a[1] <= b[1] and a[0] >= b[0] for a, b in pairwise(pairs))
        if not rising or not dry - 1 <= pairs[3][1] <= 60 or pairs[0][0] >= pairs[0][1]:
            continue
        found = {"extreme_dry_bulb": max(pairs[3][1], dry)}
        if wet_bulb and math.isfinite(wet_bulb[0]) and wet <= wet_bulb[0] <= min(wet + 12, 38):
            found["extreme_wet_bulb"] = wet_bulb[0]
        return found
    return {}


def _numbers(cells, start):
    """(numbers from a cell on, index of the first cell that is text); a blank or a dash is not a number."""
    found = []
    for i in range(start, len(cells)):
        try:
            found.append(float(cells[i]))
        except ValueError:
            if cells[i].strip() not in ("", "-", "N/A", "n/a"):
                return found, i
            found.append(math.nan)
    return found, len(cells)
