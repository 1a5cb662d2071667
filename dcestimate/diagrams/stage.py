"""A stage of a chain, and how the model's arrays are read for it."""

from dataclasses import dataclass

import numpy as np

from .. import units

EXTREMES = ("dry", "wet")


@dataclass(frozen=True)
class Equipment:
    """What stands at a stage: so many of a name, spares included, each of a rating [unit], which may be None."""

    name: str
    count: int
    rating: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Stage:
    """A stage of a chain: what enters, what goes on, what is lost, and what joins or leaves it [unit of the diagram].

    ``joins`` and ``leaves`` are (name, amount) of branches; inflow and joins equal outflow, leaves and loss. ``end`` names
    where the outflow goes when it is not the next stage, ``equipment`` what stands there, and ``levels`` are (name, value,
    unit) of voltages, temperatures and the like.
    """

    name: str
    inflow: float
    outflow: float
    loss: float = 0.0
    joins: tuple = ()
    leaves: tuple = ()
    end: str = ""
    equipment: tuple = ()
    levels: tuple = ()

    @property
    def entering(self):
        return self.inflow + sum(amount for _, amount in self.joins)

    @property
    def gap(self):
        """What the stage does not account for: nothing but rounding."""
        return self.entering - (self.outflow + self.loss + sum(amount for _, amount in self.leaves))


class Moment:
    """Reads arrays of the model at a moment, in the unit of a diagram."""

    def __init__(self, values, at, unit):
        self.at, self.unit, self.states = at, unit, values["hours"].shape[-1]

    def site(self, x):
        """Of the site."""
        return units.from_si(float(self.at(np.broadcast_to(x, (1, 1, 1, self.states))).sum()), self.unit)

    def one(self, x, stream):
        """Of one stream."""
        return self.site(np.broadcast_to(x, (1, 1, 2, np.shape(x)[-1]))[:, :, stream:stream + 1])

    def both(self, x):
        """Of both streams together."""
        return self.one(x, 0) + self.one(x, 1)


def some(*branches):
    """Branches that carry anything."""
    return tuple((name, amount) for name, amount in branches if amount)


def figure(v, name, unit, stream=0):
    """A figure that no state changes, of a stream or of both [unit]."""
    return units.from_si(float(np.broadcast_to(v[name], (1, 1, 2, 1))[0, 0, stream, 0]), unit)


def stands(v, *rows, stream=0):
    """Equipment from (name, count, rating, unit), counts and ratings by their names in the model; none of what is 0."""
    found = (Equipment(name, round(figure(v, count, "1", stream)), rating and figure(v, rating, unit, stream), unit)
             for name, count, rating, unit in rows)
    return tuple(one for one in found if one.count)


def weather_of(v, state, degrees):
    """The weather of a state in words, in such degrees."""
    dry, wet = (units.from_si(float(v[bulb].reshape(-1)[state]), degrees) for bulb in ("dry_bulb", "wet_bulb"))
    return f"{dry:.1f} {degrees} dry, {wet:.1f} {degrees} wet bulb"
