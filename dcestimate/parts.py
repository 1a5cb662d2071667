"""What is computed together: the model's arrays for many deployments at once, their results and which checks they breach.
"""

from decimal import ROUND_CEILING, Context
from functools import cache

import numpy as np

from . import units
from .arrays import make_long
from .errors import InfeasibleError, ModelError
from .figures import to_arrays
from .profile_kinds import GRAPH
from .results import RESULTS, Missing, Text, Value

OUTDOORS = ("dry_bulb", "wet_bulb")
SHOWN = frozenset((*RESULTS, *OUTDOORS, *(name for check in GRAPH.checks.values() for name in check.parameters)))
KINDS = ("every state", "the dry design state ({})", "the wet design state ({})", "the weather bin of {}")
CHUNK = 50_000  # weather bins of all deployments that are computed at once: their arrays stay in the processor's cache
FILLED = 5_000  # bins of no hours that shorter years may be filled up with: beyond, another chunk costs less
MANY = 10 * CHUNK  # bins from which on it pays to compute the lines of each cooling design apart


def evaluate(found, which, counts, changes=(), only=None):
    """Every array of the model for some deployments, or those that lead to the names in ``only``.

    ``changes`` are arrays [SI] by name that replace figures. What needs a figure that some of the sets in ``found`` miss
    has no meaning for their deployments, and is left out if all of them miss it.
    """
    missing = [name for name in found[0].missing if all(name in one.missing for one in found)]
    return GRAPH.evaluate({**to_arrays(found, which, counts), **dict(changes)}, missing, only)


def needed_for(names):
    """The names of what must be computed for some results: they, the weights they total by, and what errors look at."""
    weights = {RESULTS[name].total[1] for name in names if isinstance(RESULTS[name].total, tuple)}
    watched = {name for check in GRAPH.checks.values() if check.level == "error" for name in check.parameters}
    return {*names, *weights, *watched, *OUTDOORS}


def chunks(keys, known):
    """Lists of the places of lines that are computed together: years of much the same number of bins.

    Where they are many, each list is of one cooling design: what that does not have need not be computed.
    """
    bins = [len(known[key].climate[0]) for key in keys]
    many = sum(bins) > MANY
    designs = [key.cooling if many else "" for key in keys]
    found, filled = [], 0
    for i in sorted(range(len(keys)), key=lambda i: (designs[i], -bins[i], keys[i].region)):
        first = found[-1][0] if found else i
        filled += bins[first] - bins[i]
        if (not found or designs[i] != designs[first] or filled > FILLED
                or (len(found[-1]) + 1) * bins[first] > CHUNK):
            found.append([])
            filled = 0
        found[-1].append(i)
    return found


class Part:
    """The columns of some deployments that were computed together, and which checks they breach.

    ``errors`` are of those that cannot be had, by place; ``only`` names the results that are wanted.
    """

    def __init__(self, keys, counts, known, only=None):
        designs = list(dict.fromkeys(keys))
        index = {key: n for n, key in enumerate(designs)}
        found = [known[key] for key in designs]
        values = evaluate(found, [index[key] for key in keys], counts, only=SHOWN if only is None else only)
        self._size, self._states = len(keys), values["dry_bulb"].shape[-1]
        self._missing = [known[key].missing for key in keys]
        self.columns = {name: self._column(values[name]) for name in RESULTS
                        if name in values and (only is None or name in only)}
        self.errors = {}
        self._breached = list(self._check(values, keys))
        for name, column in self.columns.items():
            for n in np.flatnonzero(~np.isfinite(column)):
                if self.lacks(n, name):
                    column[n] = np.nan
                    continue
                self.errors.setdefault(int(n), ModelError(
                    f"{name} has no finite value for {keys[n].system} in {keys[n].region}"))

    def _column(self, array):
        return np.broadcast_to(array[:1, :, :1, :1], (1, self._size, 1, 1)).flatten()

    def lacks(self, n, *names):
        """Whether a deployment misses a figure that any of these results or other quantities needs."""
        return any(name in resting_on(given) for given in self._missing[n] for name in names)

    def _at(self, array, stream, state):
        """The value of each deployment in its stream and state."""
        array = make_long(array, self._states)
        places = [index if size > 1 else 0 * index
                  for index, size in zip((np.arange(self._size), stream, state), array.shape[1:], strict=True)]
        return array[0][tuple(places)]

    def _check(self, values, keys):
        """(check, where it is breached, what its message shows, of the worst stream and state) of those that are."""
        for check in GRAPH.checks.values():
            if any(name not in values for name in check.parameters):
                continue
            breach = np.asarray(check(*[values[name] for name in check.parameters]))[0]
            breach = np.broadcast_to(breach, (self._size, *breach.shape[1:]))
            where = breach.any((1, 2))
            if where.any():
                where = where & [not self.lacks(n, *check.parameters) for n in range(self._size)]
            if where.any():
                breach = make_long(breach, self._states)
                stream, state = np.divmod(breach.reshape(self._size, -1).argmax(1), breach.shape[2])
                shown = {name: self._at(values[name], stream, state) for name in (*check.parameters, *OUTDOORS)}
                shown["state"] = _kinds_of(state, breach.shape[2])
                if check.level != "error":
                    yield check, where, shown
                    continue
                for n in np.flatnonzero(where):
                    self.errors.setdefault(int(n), InfeasibleError(
                        f"{keys[n].system} in {keys[n].region}: {_message(check, shown, n, str)}."))

    def breaches(self):
        """(name, level, places, message of the first) of every check that some deployment breaches, errors apart."""
        for check, where, shown in self._breached:
            places = np.flatnonzero(where)
            yield check.name, check.level, places, _message(check, shown, places[0], str)

    def messages(self, n, unit_for=str):
        """Warnings and notes of one deployment; ``unit_for`` gives the unit that one of the model is shown in."""
        return [f"{check.level}: {_message(check, shown, n, unit_for)}"
                for check, where, shown in self._breached if where[n]]

    def results(self, n):
        """Results of one deployment, by name."""
        found = {}
        for name, item in RESULTS.items():
            if name not in self.columns or self.lacks(n, name):
                found[name] = Missing(item.unit, name, reason(name, self._missing[n]))
            elif getattr(item, "choices", ()):
                found[name] = Text(item.choices[round(float(self.columns[name][n]))])
            else:
                found[name] = Value(units.from_si(float(self.columns[name][n]), item.unit), item.unit, name)
        return found


def _kinds_of(state, states):
    """Places of operating states among ``KINDS``."""
    if states == 1:
        return 0 * state
    kinds = np.full(states, KINDS.index("the weather bin of {}"))
    kinds[[0, -2]], kinds[[1, -1]] = (KINDS.index(f"the {extreme} design state ({{}})") for extreme in ("dry", "wet"))
    return kinds[state]


def _state(kind, bulbs, unit):
    """An operating state in words: which it is, and its weather."""
    dry, wet = (units.from_si(float(bulb), unit) for bulb in bulbs)
    return KINDS[kind].format(f"{dry:.1f} {unit} dry and {wet:.1f} {unit} wet bulb")


class _Shown:
    """A number in a message; as "up" it is rounded up, for advice that must suffice when it is taken by the letter."""

    UP = Context(prec=3, rounding=ROUND_CEILING)

    def __init__(self, value, unit):
        self.value, self.unit = value, unit

    def __format__(self, how):
        number = f"{self.UP.create_decimal(self.value):f}" if how == "up" else f"{self.value:,.4g}"
        return f"{number} {self.unit}".removesuffix(" 1")


def _message(check, shown, n, unit_for):
    texts = {"state": _state(shown["state"][n], [shown[name][n] for name in OUTDOORS], unit_for("degC"))}
    for name in shown.keys() - {"state"}:
        item, value = GRAPH[name], float(shown[name][n])
        if getattr(item, "choices", ()):
            texts[name] = item.choices[round(value)]
        else:
            unit = unit_for(item.unit)
            texts[name] = _Shown(units.from_si(value, unit), unit)
    return check.message.format(**texts)


def reason(name, missing):
    """Why a result is none, for want of the figures in ``missing`` that it needs."""
    return "; ".join(why for given, why in missing.items() if name in resting_on(given))


@cache
def resting_on(given):
    """The name of a figure and of everything that depends on it."""
    return {given, *GRAPH.affected({given})}
