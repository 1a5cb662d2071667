"""How numbers and units are written for people."""

from .. import units
from ..errors import QuantityError, UsageError

COUNTS = ("chip", "system", "rack", "system/rack")
US = {"m2": "ft2", "ha": "acre", "m3": "gal", "ML": "Mgal", "L/kWh": "gal/kWh", "m3/d": "gpd", "m3/s": "cfm",
      "L/min": "gpm", "L/d": "gpd", "kg/m2": "lb/ft2", "kW/m2": "W/ft2", "degC": "degF", "m2/rack": "ft2/rack",
      "kg/rack": "lb/rack",
      "m": "ft", "kg": "lb", "K": "delta_degF", "Pa": "psi", "km": "mile"}
DIMENSIONS = {"power": "MW", "apparent_power": "MVA", "energy": "GWh", "area": "m2", "volume": "m3", "flow": "m3/s",
              "temperature": "degC", "mass": "kg", "length": "m", "current": "A", "heat": "MW", "water": "m3"}


def number(value, digits=4, whole=False):
    """A number with thousands separators and so many significant digits; whole parts are never rounded away.

    >>> number(1234567.891), number(0.0123456), number(12.3456), number(100008.0, whole=True)
    ('1,234,568', '0.01235', '12.35', '100,008')
    """
    if whole or value == 0:
        return f"{value:,.0f}"
    magnitude = f"{abs(value):e}".partition("e")[2]
    decimals = min(max(digits - 1 - int(magnitude), 0), 20)
    return f"{value:,.{decimals}f}"


class Display:
    """The units and digits a user asked to see."""

    def __init__(self, system="si", wanted=(), digits=4):
        if system not in ("si", "us"):
            raise UsageError(f"units are '{str(system)[:40]}'.", "Write si or us.")
        self.system, self.digits = system, digits
        self.wanted = [self._dimension(text) for text in wanted]

    @staticmethod
    def _dimension(text):
        dimension, equals, unit = text.partition("=")
        if not equals or dimension.strip() not in DIMENSIONS:
            raise UsageError(f"'{text[:40]}' is not a dimension and a unit.",
                             f"Write e.g. --in power=GW; dimensions: {', '.join(DIMENSIONS)}.")
        reference = DIMENSIONS[dimension.strip()]
        try:
            fits = units.same_dimension(unit.strip(), reference)
        except QuantityError as error:
            raise UsageError(f"--in {text}: {error.message}", error.hint) from None
        if not fits:
            raise UsageError(f"--in {text}: {unit} is no unit of {dimension}.", f"Write e.g. {dimension}={reference}.")
        return unit.strip()

    def unit(self, unit):
        """The unit to show for a report unit."""
        for wanted in self.wanted:
            if unit != "1" and units.same_dimension(wanted, unit):
                return wanted
        return US.get(unit, unit) if self.system == "us" else unit

    def convert(self, value, unit):
        """(value, unit) to show for a value in its report unit."""
        shown = self.unit(unit)
        if shown == unit:
            return value, unit
        return units.from_si(units.to_si(float(value), unit), shown), shown

    def text(self, result, whole=False):
        """A result with its unit, "-" when it cannot be had; counts are whole and need no unit."""
        if result.value is None:
            return "-"
        if isinstance(result, str):
            return str(result)
        value, unit = self.convert(result, result.unit)
        if whole and unit in (*COUNTS, "1"):
            return number(value, whole=True)
        whole = (whole and float(value).is_integer()) or unit == "h"
        return f"{number(value, self.digits, whole)} {unit}".removesuffix(" 1")
