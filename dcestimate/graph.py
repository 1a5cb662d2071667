"""Order named functions by their parameters, evaluate them, and tell what a change affects."""

import difflib
from graphlib import CycleError, TopologicalSorter

import numpy as np

from .arrays import SHORT, STREAMS, make_long
from .errors import ModelError
from .quantity import Check, Given, Quantity


class Graph:
    """The model: every Given, Quantity and Check of some modules, in an order in which they can be computed."""

    def __init__(self, *modules):
        self.givens, self.quantities, self.checks, self.steps = {}, {}, {}, {}
        for module in modules:
            for name, item in vars(module).items():
                if isinstance(item, Given | Quantity | Check):
                    self._add(name, item, module.__name__.rpartition(".")[2])
        for item in (*self.quantities.values(), *self.checks.values()):
            for needed in getattr(item, "needs", item.parameters):
                self._resolve(needed, item.name)
        try:
            order = TopologicalSorter({q.name: q.needs for q in self.quantities.values()}).static_order()
            self.order = [self.quantities[name] for name in order if name in self.quantities]
        except CycleError as error:
            raise ModelError(f"circular definition: {' -> '.join(error.args[1])}") from None
        states = {name for name, given in self.givens.items() if given.state} | {q.name for q in self.order if not q.needs}
        self.varying = states | self.affected(states)

    def _add(self, name, item, room):
        if name in self.givens or name in self.quantities or name in self.checks:
            raise ModelError(f"{name} is defined twice, the second time in {room}")
        item.name, item.room = name, room
        kind = {Given: self.givens, Quantity: self.quantities, Check: self.checks}[type(item)]
        kind[name] = item

    def _resolve(self, needed, by):
        if needed not in self.givens and needed not in self.quantities:
            near = difflib.get_close_matches(needed, (*self.givens, *self.quantities), 1)
            raise ModelError(f"{by} needs {needed}, which nothing defines" + (f"; did you mean {near[0]}?" if near else ""))

    def __getitem__(self, name):
        return self.quantities.get(name) or self.givens[name]

    def evaluate(self, values, missing=(), only=None):
        """Compute every quantity from ``values`` (name -> array in SI); returns them together.

        Names in ``missing`` have no value, nor has anything that needs them. ``only`` names the quantities that are
        wanted: just they and what leads to them are computed; of the latter some are not returned, none that checks need.
        Arrays that are short stay so then, and are made long without it.
        """
        order, whole = (self.order, None) if only is None else self._steps(frozenset(only))
        return self._run(order, dict(values), set(missing), whole)

    def _steps(self, only):
        """What is to be computed for the quantities in ``only``, and the names of what is needed on full axes."""
        if only not in self.steps:
            wanted = self.leading_to(only)
            order = [q for q in self.order if q.name in wanted]
            elsewhere = {name for q in order for name in q.needs if getattr(self[name], "where", "") != q.where}
            looked_at = {name for check in self.checks.values() for name in check.parameters}
            self.steps[only] = order, only | elsewhere | looked_at
        return self.steps[only]

    def change(self, values, changes):
        """``values`` with some figures changed, recomputing only what depends on them.

        :raises ModelError: when the number of weather bins is to change, which all values hang on.
        """
        if "bin_hours" in changes and changes["bin_hours"].shape[-1] != values["bin_hours"].shape[-1]:
            raise ModelError("a change of weather has as many bins as before; evaluate anew for another number")
        affected = self.affected(changes)
        return self._run([q for q in self.order if q.name in affected], {**values, **changes},
                         {n for n in (*self.givens, *self.quantities) if n not in values and n not in changes},
                         known=values.keys() & self.quantities)

    def affected(self, names):
        """The names of all quantities that depend on any of ``names``."""
        reached = set(names)
        for item in self.order:
            if not reached.isdisjoint(item.needs):
                reached.add(item.name)
        return reached - set(names)

    def leading_to(self, names):
        """``names`` and the names of everything that any of them depends on."""
        wanted = set(names)
        for item in reversed(self.order):
            if item.name in wanted:
                wanted.update(item.needs)
        return wanted

    def needed(self, name):
        """The names of everything that ``name`` depends on, the nearest first."""
        reached, waiting = {}, [name]
        while waiting:
            for parameter in getattr(self[waiting.pop(0)], "needs", ()):
                if parameter not in reached:
                    reached[parameter] = True
                    waiting.append(parameter)
        return reached.keys()

    def _run(self, order, values, missing, whole=None, known=()):
        states, present = States(values, known), {}
        with np.errstate(all="ignore"):
            for item in order:
                if missing and not missing.isdisjoint(item.needs):
                    missing.add(item.name)
                    values.pop(item.name, None)
                elif item.where:
                    if item.where not in present:
                        present[item.where] = Present(values, item.where, states)
                    present[item.where].compute(item, whole is None or item.name in whole)
                elif item.name in self.varying:
                    states.compute(item, values, states.made)
                else:
                    values[item.name] = item.call(*[values[name] for name in item.parameters])
        if whole is None:
            states.lengthen()
        return values


class States:
    """Which quantities are short, with one value for all bins, and which long; where they meet the short are made long."""

    def __init__(self, values, known):
        bins = values["bin_hours"].shape[-1]
        self.count = bins + SHORT - 1
        self.values, self.made = values, {}
        self.short, self.long = set(), set()
        self.of_size = {SHORT: self.short, self.count: self.long} if bins > 1 else {}
        for name in known:
            self._note(name, values[name])

    def _note(self, name, array):
        kind = self.of_size.get(array.shape[-1])
        if kind is not None:
            kind.add(name)

    def compute(self, item, arrays, made):
        """Compute a quantity from arrays by name and add it to them; ``made`` keeps the short ones made long."""
        names = item.parameters
        if self.short.isdisjoint(names) or self.long.isdisjoint(names):
            found = item.call(*[arrays[name] for name in names])
        else:
            found = item.call(*[self._long(name, arrays, made) if name in self.short else arrays[name] for name in names])
        arrays[item.name] = found
        self._note(item.name, found)
        return found

    def _long(self, name, arrays, made):
        if name not in made:
            made[name] = make_long(arrays[name], self.count)
        return made[name]

    def lengthen(self):
        """Make every short quantity long."""
        for name in self.short & self.values.keys():
            self.values[name] = self._long(name, self.values, self.made)


class Present(dict):
    """The deployments and streams that have a thing, and what is computed for them alone; elsewhere it is zero.

    Their rows are gathered into one axis, so that what nobody has costs nothing: as a mapping it has arrays of them.
    """

    ZERO = np.broadcast_to(0.0, (1, 1, 1, 1))  # read-only, for it is everyone's

    def __init__(self, values, where, states):
        super().__init__()
        self.values, self.states, self.made = values, states, {}
        have = np.any(values[where], axis=(0, 3))
        self.all, self.none = have.all(), not have.any()
        self.shape = (values["accelerator_count"].shape[1], len(STREAMS))
        self.deployments, self.streams = np.nonzero(np.broadcast_to(have, self.shape))
        self.rows = self.deployments * len(STREAMS) + self.streams

    def compute(self, item, whole):
        """Compute a quantity where it is not zero and, if it is needed ``whole``, add it to the values on full axes."""
        if self.none:
            self.values[item.name] = self.ZERO
        elif self.all:
            self.states.compute(item, self.values, self.states.made)
        else:
            found = self.states.compute(item, self, self.made)
            if whole:
                self.values[item.name] = self._spread(found)

    def _spread(self, found):
        whole = np.zeros((*found.shape[:-3], *self.shape, found.shape[-1]))
        whole.reshape(*found.shape[:-3], -1, found.shape[-1])[..., self.rows, :] = found[..., 0, :]
        return whole

    def __missing__(self, name):
        array = self.values[name]
        *_, deployments, streams, states = array.shape
        if deployments > 1 and streams > 1:
            array = array.reshape(*array.shape[:-3], -1, 1, states).take(self.rows, axis=-3)
        elif deployments > 1:
            array = array.take(self.deployments, axis=-3)
        elif streams > 1:
            array = array[..., 0, :, None, :].take(self.streams, axis=-3)
        self[name] = array
        return array
