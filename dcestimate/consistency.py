"""What the figures of a profile say of each other: sums that must close, and bands that a fleet made of it must lie in."""

from dataclasses import dataclass

import numpy as np

from .arrays import exceeds
from .errors import DcestimateError, ProfileError
from .estimation import estimate
from .figures import figures as figures_of
from .parts import evaluate
from .request import lines
from .units import from_si

FLEET, REGION = 10_000, "us-east-1"
NODE_POWER = ("rated_system_power", "host_power", "server_fan_share", "power_supply_efficiency")


@dataclass(frozen=True)
class Finding:
    """Something that should hold, and whether it does: "ok", "WARNING" or "FAULT"."""

    text: str
    state: str

    def __str__(self):
        return f"{self.text}  {self.state}"


def _holds(text, holds, otherwise="FAULT"):
    return Finding(text, "ok" if holds else otherwise)


def grade_shares(profile):
    """How much of a profile is of which grade, and how much is assumed."""
    figures = profile.figures.values()
    count = max(len(figures), 1)
    grades = ", ".join(f"{sum(f.grade == g for f in figures) / count:.0%} {g}" for g in "ABC")
    return f"{len(figures)} figures by grade: {grades}; {sum(map(_assumed, figures))} assumptions"


def _assumed(figure):
    return figure.source == "assumption" and figure.kind != "convention"


def node_power_is_assumed(profile):
    """Whether the power of a system rests on judgement, because nobody publishes it."""
    return any(_assumed(profile.figures[name]) for name in NODE_POWER if name in profile.figures)


def reconciled(profile, library):
    """What a profile's figures say of each other, as findings."""
    try:
        return _BY_KIND.get(profile.kind, lambda *_: [])(profile, library)
    except ProfileError as error:
        return [Finding(error.problems[0], "FAULT")]


def _chip(profile, library):
    system = library.named(profile, "system")
    holds = library.named(system, "chip").name
    other = "" if holds == profile.name else f", not {profile.name}"
    return [_holds(f"default system {system.name} is known", True),
            # a user's chip without a system of its own may borrow another's
            _holds(f"default system {system.name} holds {holds}{other}", not other, "WARNING"),
            *_fits(profile, system), *_rates(profile, library)]


def _fits(profile, system):
    """A chip beside its default system: so many of it draw no more than the maker's maximum of the system."""
    rated = system.figures.get("rated_system_power")
    if rated is None or not rated.value or "tdp" in system.figures or "tdp" not in profile.figures:
        return []
    count, tdp = system.figures["accelerators_per_system"].value, profile.figures["tdp"].value
    return [_holds(f"{count:g} x {tdp:,.0f} W of TDP = {count * tdp / 1e3:,.1f} kW <= system {system.name} "
                   f"{rated.value / 1e3:,.1f} kW", count * tdp <= rated.value * (1 + 1e-9))]


def _rates(profile, library):
    """Peak rates beside power and beside each other: a sparse rate, or that of another precision, stands out."""
    physics = library.load("physics", "physics").figures
    rates = {name: profile.figures[f"dense_{name}_rate"].value for name in ("bf16", "fp8", "fp4")
             if f"dense_{name}_rate" in profile.figures}
    low, high = (physics[f"{end}_plausible_rate_per_power"].value for end in ("lowest", "highest"))
    most = physics["highest_plausible_precision_gain"].value
    found = []
    if "bf16" in rates:
        each, least, top = (from_si(x, "TFLOP/s/W") for x in (rates["bf16"] / profile.figures["tdp"].value, low, high))
        found.append(_holds(f"dense BF16 {each:.3g} TFLOP/s per W of TDP is {least:g} to {top:g}", least <= each <= top))
    for coarse, fine in (("bf16", "fp8"), ("fp8", "fp4"), ("bf16", "fp4")):
        if coarse in rates and fine in rates and (fine != "fp4" or coarse == "fp8" or "fp8" not in rates):
            gain, limit = rates[fine] / rates[coarse], most if coarse != "bf16" or fine != "fp4" else most**2
            found.append(_holds(f"dense {fine.upper()} is {gain:.3g} times {coarse.upper()}, 1 to {limit:.3g}",
                                1 <= gain <= limit))
    return found


def _system(profile, library):
    """Sums that must close in one system and its rack; then what a fleet of it draws, if they do.

    A slip in a sum is told as arithmetic, since an estimate made of it would only fail or tell it less plainly.
    """
    chip, space = (library.named(profile, kind) for kind in ("chip", "space"))
    for kind in ("fabric", "cooling", "power"):
        library.named(profile, kind)
    try:
        line = lines(library, FLEET, chip.name, REGION, system=profile.name)[0]
        given = figures_of(library, line)
        value = {name: float(np.max(array)) for name, array in evaluate([given], [0], [line.count]).items()}
        sums = _sums(value, space.name)
        if all(finding.state == "ok" for finding in sums):
            estimate(library, [line])  # complains of whatever else cannot be built
            sums += _beside_tdp(value)
    except DcestimateError as error:
        sums = [Finding(" ".join(str(error).split()), "FAULT")]
    return sums


def _sums(value, space):
    count, tdp, power, limit, liquid = (value[name] for name in (
        "accelerators_per_system", "tdp", "system_nameplate_power", "rack_power_limit", "liquid_share"))
    return [
        _holds(f"{count:g} x {tdp:,.0f} W = {count * tdp / 1e3:,.1f} kW <= system {power / 1e3:,.1f} kW",
               not exceeds(count * tdp, power)),
        _holds(f"system {power / 1e3:,.1f} kW <= rack limit of {space} {limit / 1e3:,.1f} kW", not exceeds(power, limit)),
        _holds(f"heat to liquid {liquid:.0%} + air {1 - liquid:.0%} = power", 0 <= liquid <= 1),
    ]


def _beside_tdp(value):
    multiple, low, suspicious, high = (value[name] for name in (
        "tdp_multiple", "lowest_plausible_tdp_multiple", "suspicious_tdp_multiple", "highest_plausible_tdp_multiple"))
    found = [_holds(f"the facility draws {multiple:.2f} times TDP, {low:g} to {high:g}", low <= multiple <= high)]
    if suspicious < multiple <= high:
        found.append(Finding(f"the facility draws {multiple:.2f} times TDP, above {suspicious:g}", "WARNING"))
    return found


def _region(profile, library):
    value = {name: profile.figures[name].value for name in (
        "extreme_dry_bulb", "cooling_dry_bulb", "cooling_dry_bulb_coincident_wet_bulb", "extreme_wet_bulb",
        "cooling_wet_bulb", "cooling_wet_bulb_coincident_dry_bulb")}
    return [
        _holds("0.4 % dry bulb <= extreme dry bulb", value["cooling_dry_bulb"] <= value["extreme_dry_bulb"]),
        _holds("0.4 % wet bulb <= extreme wet bulb", value["cooling_wet_bulb"] <= value["extreme_wet_bulb"]),
        _holds("coincident wet bulb <= dry bulb",
               value["cooling_dry_bulb_coincident_wet_bulb"] <= value["cooling_dry_bulb"]
               and value["cooling_wet_bulb"] <= value["cooling_wet_bulb_coincident_dry_bulb"]),
        _holds("bins add up to 8,760 h, wet bulb <= dry bulb", profile.bins is not None),
    ]


_BY_KIND = {"chip": _chip, "system": _system, "region": _region}
