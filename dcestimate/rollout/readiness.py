"""When a site can take load: from orders, lead times, installation and commissioning, beside what has been observed."""

import math
import tomllib
from functools import lru_cache

from .. import amounts
from ..profiles import shipped
from ..units import from_si, to_si


@lru_cache(maxsize=1)
def figures():
    """{name: (low, mode, high) [s or W/s], source} of lead times and observed builds, read once."""
    path = shipped() / "readiness.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = document["sources"]
    found = {}
    for name, entry in document["figures"].items():
        unit = "W/s" if name == "observed_ramp" else "s"
        low, mode, high = (_si(entry.get(end, entry["value"]), unit) for end in ("low", "value", "high"))
        found[name] = low, mode, high, sources[entry["source"]]["title"]
    return found


def _si(text, unit):
    value, found = text.split()
    if found.rstrip("s") == "month":
        return float(value) * to_si(1, "year") / 12
    if unit == "s":
        return float(value) * to_si(1, found.rstrip("s"))
    return amounts.parse(text, "MW/yr")


def lead_time(site, equipment):
    """Time from order to delivery [s]: the site's own, or what is usual."""
    return site.lead_times.get(equipment, figures()[equipment][1])


def ready_quarter(site):
    """The first quarter in which a site can have load online, by its orders; None where it states none.

    Equipment is waited for in parallel, then installed and commissioned.
    """
    if not site.ordered:
        return None
    return max(delivered(site, equipment) for equipment in site.ordered)


def delivered(site, equipment):
    """The quarter by which one piece of equipment carries load."""
    return site.ordered[equipment] + _quarters(lead_time(site, equipment) + _put_in(equipment))


def _put_in(equipment):
    """Time from delivery to load [s]: installation and commissioning, of what is installed."""
    if equipment in ("interconnection", "shell"):
        return 0.0
    return figures()["installation"][1] + figures()["commissioning"][1]


def comes_last(site):
    """What a site with orders waits for the longest."""
    return max(site.ordered, key=lambda equipment: delivered(site, equipment))


def says_ready(site):
    """From when a site can take load, and what it waits for the longest, in words; nothing where it states no orders."""
    ready = ready_quarter(site)
    if ready is not None:
        last = comes_last(site)
        comes = "come" if last.endswith("s") else "comes"
        put_in = f" and {_months(_put_in(last))} to install and commission" if _put_in(last) else ""
        yield (f"{site.name} can take load from {ready}: {last} {comes} last, ordered in {site.ordered[last]}, "
               f"{_months(lead_time(site, last))} to deliver{put_in}")


def _months(time):
    count = round(time / to_si(1, "year") * 12)
    return f"{count} month" + "s" * (count != 1)


def faster_than_observed(plan, cells):
    """What a plan does faster than any site that has been watched, in words."""
    low, _, high, source = figures()["observed_ramp"]
    shortest = figures()["observed_build"]
    year = to_si(1, "year")
    for site in plan.sites:
        power = [cells[site.name, quarter].needs["power"] for quarter in plan.quarters]
        added, quarter = max(((power[n] - (power[n - 4] if n >= 4 else power[0]), plan.quarters[n])
                              for n in range(1, len(power))), default=(0.0, None))
        if added > high * year:
            yield (f"{site.name} adds {from_si(added, 'MW'):,.0f} MW in the year to {quarter}, faster than any site "
                   f"watched: {from_si(low * year, 'MW'):,.0f} to {from_si(high * year, 'MW'):,.0f} MW a year ({source})")
        begun, first = site.ordered.get("shell"), next((q for q in plan.quarters if cells[site.name, q].online), None)
        if begun is not None and first is not None and (first - begun + 1) * year / 4 < shortest[0]:
            yield (f"{site.name} has load {first - begun} quarters after its shell is ordered, sooner than any site "
                   f"watched: {shortest[0] / year * 12:.0f} to {shortest[2] / year * 12:.0f} months from land-clearing "
                   f"({source})")


def _quarters(time):
    """Whole quarters that a time takes [s]."""
    return math.ceil(time / (to_si(1, "year") / 4) * (1 - 1e-9))
