"""The array operations of an evaluation, recorded once and run again by themselves: what numpy alone takes of its time."""

from typing import ClassVar

import numpy as np


class Recorded(np.ndarray):
    """An array that keeps every operation on it, and on what comes of it, in ``Recorded.calls``."""

    calls: ClassVar = []

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return self._kept(getattr(ufunc, method), inputs, options)

    def __array_function__(self, function, types, inputs, options):
        return self._kept(function, inputs, options)

    def _kept(self, function, inputs, options):
        inputs, options = _plain(inputs), _plain(options)
        Recorded.calls.append((function, _copied(inputs), options))
        return _recorded(function(*inputs, **options))


def operations(evaluate, arrays):
    """[(function, inputs, options)] that ``evaluate`` calls on ``arrays`` {name: array} and on what comes of them."""
    Recorded.calls.clear()
    with np.errstate(all="ignore"):
        evaluate({name: array.view(Recorded) for name, array in arrays.items()})
    return Recorded.calls[:]


def again(calls):
    """Run operations one after the other and do nothing else."""
    with np.errstate(all="ignore"):
        for function, inputs, options in calls:
            function(*inputs, **options)


def _each(change, value):
    if isinstance(value, dict):
        return {name: _each(change, one) for name, one in value.items()}
    return type(value)(_each(change, one) for one in value) if type(value) in (list, tuple) else change(value)


def _plain(value):
    return _each(lambda one: one.view(np.ndarray) if isinstance(one, Recorded) else one, value)


def _copied(value):
    return _each(lambda one: one.copy() if isinstance(one, np.ndarray) else one, value)


def _recorded(value):
    return _each(lambda one: one.view(Recorded) if isinstance(one, np.ndarray) else one, value)
