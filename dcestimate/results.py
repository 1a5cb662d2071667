"""What a result is: a float that knows its unit, a text, or the reason why there is none.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import units
from .errors import UnknownNameError
from .profile_kinds import GRAPH

RESULTS = {name: item for name, item in (*GRAPH.givens.items(), *GRAPH.quantities.items())
           if item.total is not None or getattr(item, "choices", ())}
NUMBERS = tuple(name for name, item in RESULTS.items() if not getattr(item, "choices", ()))


class Value(float):
    """A result: a float in its report unit, that knows the unit and converts through pint.

    ``low`` and ``high`` are its 10th and 90th percentile in the same unit, None unless ranges were asked for.
    """

    unit: str
    name: str
    low: float | None
    high: float | None

    def __new__(cls, value: float, unit: str, name: str = "", low: float | None = None, high: float | None = None) -> Value:
        self = super().__new__(cls, value)
        self.unit, self.name, self.low, self.high = unit, name, low, high
        return self

    @property
    def value(self) -> float:
        return float(self)

    def __getnewargs__(self):
        return float(self), self.unit, self.name, self.low, self.high

    def to(self, unit: str) -> pint.Quantity:
        """The result as a pint quantity in another unit.

        :raises QuantityError: when the unit is unknown; pint's DimensionalityError when it is of another dimension.
        """
        return units.quantity(float(self), self.unit).to(units.pint_unit(unit))

    def as_dict(self) -> dict:
        ends = {} if self.low is None else {"low": self.low, "high": self.high}
        return {"value": float(self), "unit": self.unit, **ends}

    def __repr__(self):
        return f"{float(self)!r} {self.unit}".rstrip(" 1") if self.unit == "1" else f"{float(self)!r} {self.unit}"


@dataclass(frozen=True)
class Missing:
    """A result that cannot be had, and why."""

    unit: str
    name: str
    reason: str
    value: None = None

    def as_dict(self) -> dict:
        return {"value": None, "unit": self.unit, "reason": self.reason}

    def __repr__(self):
        return f"None ({self.reason})"


class Text(str):
    """A result that is a choice, such as what bound the systems per rack."""

    unit = "text"

    @property
    def value(self) -> str:
        return str(self)

    def as_dict(self) -> dict:
        return {"text": str(self)}


if TYPE_CHECKING:
    from collections.abc import Iterator

    import pint

    from .result_names import Named
else:
    Named = object


class Results(Named):
    """Results by name, as items and as attributes."""

    results: dict[str, Value | Missing | Text]

    def __getitem__(self, name: str) -> Value | Missing | Text:
        if name not in self.results:
            raise UnknownNameError("result", name, _near(name), "'dcestimate schema estimate' lists all results.")
        return self.results[name]

    if not TYPE_CHECKING:  # to which Named states every name

        def __getattr__(self, name):
            if name.startswith("_") or name not in RESULTS:
                raise AttributeError(name)
            return self.results[name]

    def __contains__(self, name: object) -> bool:
        return name in self.results

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __dir__(self):
        return [*super().__dir__(), *RESULTS]

    def to_dict(self) -> dict[str, float | str | None]:
        """Every result as a plain number or text in its report unit."""
        return {name: result.value for name, result in self.results.items()}


def _near(name):
    return tuple(difflib.get_close_matches(name[:80], RESULTS, 3))
