"""The chain of water, from the main to the air and the drain."""

from ..amounts import percent
from ..arrays import year_sum
from .stage import EXTREMES, Stage, figure, some, weather_of


def moments(deployment, v, degrees):
    """The peak day, and the year."""
    state = int(v["make_up_water"].reshape(-1).argmax())
    named = f"{EXTREMES[state]} extreme" if state < len(EXTREMES) else "weather bin"
    thirst = f": 24 h of the thirstiest state, an upper bound ({named}, {weather_of(v, state, degrees)})"
    yield f"peak day{thirst if v['make_up_water'].any() else ''}", "m3/d", lambda x: x[..., state]
    yield "volume of the year", "ML", lambda x: year_sum(x, v["hours"])[..., 0]


def notes(v):
    """What of it does not come back."""
    if v["annual_water"].any():
        share = float(v["annual_water_consumption"].sum() / v["annual_water"].sum())
        yield f"{percent(share)} of the year's make-up is consumed; the rest goes down the drain"


def stages(v, at):
    """From the main to the air and the drain."""
    density = v["water_density"]
    make_up, evaporated, humidified, drift, blowdown = (at.site(v[q] / density) for q in (
        "make_up_water", "evaporation", "humidification", "drift", "blowdown"))
    yield Stage("make-up", make_up, evaporated, leaves=some(("humidifiers, to the air", humidified),
                                                            ("drift, to the air", drift),
                                                            ("blowdown, to the drain", blowdown)),
                levels=(("cycles of concentration", figure(v, "cycles_of_concentration", "1"), ""),))
    yield Stage("evaporation", evaporated, 0.0, leaves=some(
        ("towers, to the air", at.both(v["tower_evaporation"] / density)),
        ("adiabatic pads, to the air", at.both(v["adiabatic_evaporation"] / density)),
        ("evaporative coolers, to the air", at.both(v["evaporative_evaporation"] / density))))
