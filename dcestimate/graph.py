"""Order named functions by their parameters, evaluate them, and tell what a change affects."""

import difflib
from graphlib import CycleError, TopologicalSorter

import numpy as np

from .arrays import STREAMS
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
        """``values`` with some figures changed, recomputing only what depends on them."""
        affected = self.affected(changes)
        return self._run([q for q in self.order if q.name in affected], {**values, **changes},
                         {n for n in (*self.givens, *self.quantities) if n not in values and n not in changes})

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

    @staticmethod
    def _run(order, values, missing, whole=None):
        present = {}
        with np.errstate(all="ignore"):
            for item in order:
                if missing and not missing.isdisjoint(item.needs):
                    missing.add(item.name)
                    values.pop(item.name, None)
                elif item.where:
                    if item.where not in present:
                        present[item.where] = Present(values[item.where], values["accelerator_count"].shape[1])
                    present[item.where].compute(item, values, whole is None or item.name in whole)
                else:
                    values[item.name] = item.call(*[values[name] for name in item.parameters])
        return values


class Present:
    """The deployments and streams that have a thing, and what is computed for them alone; elsewhere it is zero.

    Their rows are gathered into one axis, so that what nobody has costs nothing.
    """

    def __init__(self, share, deployments):
        have = np.any(share, axis=(0, 3))
        self.all, self.none = have.all(), not have.any()
        self.shape = (deployments, len(STREAMS))
        self.deployments, self.streams = np.nonzero(np.broadcast_to(have, self.shape))
        self.rows = self.deployments * len(STREAMS) + self.streams
        self.gathered = {}

    def compute(self, item, values, whole):
        """Compute a quantity where it is not zero and, if it is needed ``whole``, add it to ``values`` on full axes."""
        if self.none:
            values[item.name] = np.zeros((1, 1, 1, 1))
        elif self.all:
            values[item.name] = item.call(*[values[name] for name in item.parameters])
        else:
            found = self.gathered[item.name] = item.call(*[self._gather(name, values) for name in item.parameters])
            if whole:
                values[item.name] = self._spread(found)

    def _spread(self, found):
        whole = np.zeros((*found.shape[:-3], *self.shape, found.shape[-1]))
        whole.reshape(*found.shape[:-3], -1, found.shape[-1])[..., self.rows, :] = found[..., 0, :]
        return whole

    def _gather(self, name, values):
        if name not in self.gathered:
            array = values[name]
            *_, deployments, streams, states = array.shape
            if deployments > 1 and streams > 1:
                array = array.reshape(*array.shape[:-3], -1, 1, states).take(self.rows, axis=-3)
            elif deployments > 1:
                array = array.take(self.deployments, axis=-3)
            elif streams > 1:
                array = array[..., 0, :, None, :].take(self.streams, axis=-3)
            self.gathered[name] = array
        return self.gathered[name]
