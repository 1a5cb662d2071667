"""What the model is made of: figures it is given, quantities it computes, checks it makes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

from .arrays import alike, solve


@dataclass
class Given:
    """A figure that a profile or the user states.

    ``unit`` is the unit it is reported in; inside the model it is coherent SI. ``home`` names the kinds of profile
    that may state it, the last one winning. ``low`` and ``high`` bound it [SI], ``above`` is a bound it may not reach.
    A ``stream`` figure may differ between the air and the liquid stream, a ``state`` figure is a column of the climate
    file. ``optional`` figures may be absent: what depends on them is then reported as missing, with the reason. A
    ``whole`` figure counts things. A ``chosen`` figure is a decision of the design, such as a spare or a set point, and
    holds still when the uncertain ones are drawn; ``moves_with`` names the figure whose quantile this one then shares.
    """

    unit: str
    meaning: str
    home: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    stream: bool = False
    state: bool = False
    optional: bool = False
    whole: bool = False
    chosen: bool = False
    moves_with: str = ""
    total: object = None
    name: str = ""
    room: str = ""

    def breach(self, value):
        """(word, bound) of the bound that a value in SI breaches, or None: ("below", 0.0)."""
        if self.whole and value != round(value):
            return "not whole; the nearest is", float(round(value))
        for bound, breached, word in ((self.low, lambda b: value < b, "below"), (self.high, lambda b: value > b, "above"),
                                      (self.above, lambda b: value <= b, "not above")):
            if bound is not None and breached(bound):
                return word, bound
        return None


@dataclass
class Quantity:
    """A result: a function of named figures and quantities, with its unit, its source and how it totals."""

    name: str
    unit: str
    function: Callable
    source: str
    total: object
    choices: tuple = ()
    where: str = ""
    parameters: tuple = ()
    needs: tuple = ()
    solved: bool = False
    room: str = ""
    call: Callable = field(default=None, repr=False)

    @property
    def meaning(self):
        return inspect.getdoc(self.function).split("\n\n")[0].replace("\n", " ")

    def __call__(self, *args, **kwargs):
        return self.call(*args, **kwargs)


@dataclass
class Check:
    """A condition of the field; ``function`` says where it is breached, ``message`` is what the user then reads."""

    level: str
    message: str
    function: Callable
    name: str = ""
    parameters: tuple = ()
    room: str = ""

    def __call__(self, *arrays):
        return self.function(*alike(arrays))


def _parameters(function):
    return function.__code__.co_varnames[: function.__code__.co_argcount]


def quantity(unit, *, source="definition", total=None, choices=(), where=""):
    """Declare a quantity.

    ``total`` says how it totals over deployments: "sum", "largest", ("mean", weight), or None for not at all.
    ``choices`` makes it a text: the function returns an index into them. ``where`` names a share without which the
    quantity is zero, so that it need not be computed.
    """

    def declare(function):
        parameters = _parameters(function)
        needs = parameters if not where or where in parameters else (*parameters, where)
        return Quantity(function.__name__, unit, function, source, total, tuple(choices), where,
                        parameters, needs, call=function)

    return declare


def solved(unit, *, bracket, steps, source, total=None, where=""):
    """Declare a quantity that has no closed form: the root of its residual between two named quantities.

    The function's first parameter is the unknown, named like the function; it returns the residual, which rises
    through zero inside the bracket. The number of steps is fixed, so that arrays are solved at once and the result
    repeats.
    """

    def declare(residual):
        parameters = _parameters(residual)[1:]
        needs = tuple(dict.fromkeys((*parameters, *bracket, *((where,) if where else ()))))

        def root(low, high, *args):
            return solve(residual, low, high, steps, *args)

        return Quantity(residual.__name__, unit, residual, source, total, (), where,
                        (*bracket, *parameters), needs, solved=True, call=root)

    return declare


def check(level, message):
    """Declare a check; ``level`` is "error", "warning" or "note"."""

    def declare(function):
        return Check(level, message, function, function.__name__, _parameters(function))

    return declare
