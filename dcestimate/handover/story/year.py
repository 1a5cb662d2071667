"""A place through its year: what power and water are used for, over outdoor temperature, and for how many hours."""

from dataclasses import dataclass

import numpy as np

from ... import units
from ...arrays import YEAR, sum_streams, year_mean

EXTREMES = ("dry", "wet")
COMPUTING, REST = "Computing", "Other losses, house"
USES = {  # power by what it is used for, in the order of the chain; what is left over is losses but the UPS's
    COMPUTING: lambda v: v["it_power"],
    "Fans and pumps": lambda v: sum_streams(v["terminal_power"] + v["loop_pump_power"]) + v["released_heat_fan_power"],
    "Heat rejection": lambda v: v["rejector_power"],
    "Chillers": lambda v: v["chiller_power"],
    "Other cooling": lambda v: v["electrical_room_cooling_power"] + v["fixed_overhead_power"],
    "UPS losses": lambda v: v["ups_loss"],
}
COOLING = ("Fans and pumps", "Heat rejection", "Chillers", "Other cooling")
GROUPS = {COMPUTING: (COMPUTING,), "Cooling": COOLING, "Electrical": ("UPS losses", REST)}
GRAIN = 1.0  # of the temperature scale [K]


def by_design(deployments):
    """{use: power [W]} at the extreme that each deployment's peak comes from; the uses add up to the peak."""
    return _summed(deployments, lambda d, v: (lambda x: x[..., EXTREMES.index(str(d["facility_peak_weather"]))]))


def over_the_year(deployments):
    """{use: power [W]} as the mean of the year; the uses add up to the average."""
    return _summed(deployments, lambda d, v: (lambda x: year_mean(x, v["hours"])))


def beyond(uses):
    """{use: power [W]} of all but computing."""
    return {use: power for use, power in uses.items() if use != COMPUTING}


def grouped(uses):
    """{group of uses: power [W]}: computing, cooling and the electrical plant."""
    return {group: sum(uses[use] for use in members) for group, members in GROUPS.items()}


def _summed(deployments, reader):
    found = dict.fromkeys((*USES, REST), 0.0)
    for deployment in deployments:
        values = deployment.values()
        states = values["hours"].shape[-1]
        at = reader(deployment, values)
        own = {use: _one(at, x(values), states) for use, x in USES.items()}
        own[REST] = _one(at, values["facility_power"], states) - sum(own.values())
        for use, power in own.items():
            found[use] += power
    return found


def _one(at, x, states):
    return float(at(np.broadcast_to(x, (1, 1, 1, states))).sum())


@dataclass(frozen=True)
class Year:
    """The weather bins of a place, by whole kelvins of dry bulb, the coldest first.

    ``temperature`` [degC] is the middle of each; ``hours`` [h]; ``power`` is (least, mean, most) [W] of the bins at it,
    over all wet bulbs, ``it_power`` [W] and ``water`` [m3/s] the means. ``bins`` are (power [W], hours [h]) of every bin.
    """

    temperature: np.ndarray
    hours: np.ndarray
    power: tuple
    it_power: np.ndarray
    water: np.ndarray
    bins: tuple

    @property
    def overhead(self):
        """Facility over IT power at each temperature."""
        return self.power[1] / self.it_power

    def duration(self):
        """(hours, power [W]) of the load duration curve: for so many hours of the year the load is at least that."""
        power, hours = self.bins
        order = np.argsort(-power)
        return np.concatenate([[0], np.cumsum(hours[order])]), power[order]


def year(deployments):
    """The Year of deployments that stand in one place."""
    power = it_power = water = 0.0
    for deployment in deployments:
        v = deployment.values()
        hours = units.from_si(_bins(v["hours"], v), "h")
        power = power + _bins(v["facility_power"], v)
        it_power = it_power + _bins(v["it_power"], v)
        water = water + _bins(v["make_up_water"] / v["water_density"], v)
        dry_bulb = units.from_si(_bins(v["dry_bulb"], v), "degC")
    there = hours > 0
    power, it_power, water, hours, dry_bulb = (x[there] for x in (power, it_power, water, hours, dry_bulb))
    step, place = np.unique(np.floor(dry_bulb / GRAIN), return_inverse=True)
    whole = np.bincount(place, hours)

    def mean(x):
        return np.bincount(place, x * hours) / whole

    ends = [np.array([pick(power[place == n]) for n in range(len(step))]) for pick in (np.min, np.max)]
    return Year((step + 0.5) * GRAIN, whole, (ends[0], mean(power), ends[1]), mean(it_power), mean(water), (power, hours))


def _bins(x, values):
    return np.broadcast_to(x, (1, 1, 1, values["hours"].shape[-1]))[0, 0, 0, YEAR]
