"""The unit vocabulary at work: SI floats to report units and back, and pint quantities for those who want them.

A unit is taken apart here and looked up in ``vocabulary.py``, which pint makes of ``units.txt``; pint itself is loaded only
for its quantities.
"""

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .errors import QuantityError
from .vocabulary import SPELLINGS, UNITS

LONGEST = 64  # characters of a text that is worth reading

_UNIT = re.compile(r"([A-Za-z_%]+)(?:\^|\*\*)?([23])?")
# spellings that mean one thing in this field, and spellings that do not
FOREIGN = {"MWe": "MW", "kWe": "kW", "°C": "degC", "℃": "degC", "°F": "degF", "℉": "degF", "µ": "u", "sq ft": "ft2",
           "sqft": "ft2", "sq. ft.": "ft2", "sq m": "m2", "sqm": "m2"}
_ANY_CASE = ("W", "kW", "MW", "GW", "TW", "Wh", "kWh", "MWh", "GWh", "TWh", "kVA", "MVA", "VA", "Hz", "TR", "MGD")
_REFUSED = {
    "ton": ("'ton' is ambiguous: tonne (1,000 kg), short_ton (907 kg) or TR (refrigeration ton, 3.517 kW).", "TR"),
    "tons": ("'tons' is ambiguous: tonne (1,000 kg), short_ton (907 kg) or TR (refrigeration ton, 3.517 kW).", "TR"),
    "mW": ("'mW' is milliwatt.", "MW"),
    "mWh": ("'mWh' is milliwatt hour.", "MWh"),
    "C": ("'C' is coulomb.", "degC"),
    "F": ("'F' is farad.", "degF"),
    "k": ("'k' alone is no unit.", "kW"),
    "M": ("'M' alone is no unit.", "MW"),
    "G": ("'G' alone is no unit.", "GW"),
    "T": ("'T' alone is no unit.", "TW"),
    "kVAr": ("'kVAr' is reactive power, which is not used here.", "kVA"),
    "MT": ("'MT' is ambiguous.", "tonne"),
    "unit": ("'unit' says nothing.", "chip"),
    "Gb": ("'Gb' is gigabit.", "GB"),
}
ABSOLUTE = ("degC", "degF", "celsius", "fahrenheit", "degree_Celsius", "degree_Fahrenheit")


@dataclass(frozen=True)
class Unit:
    """A unit taken apart: SI per unit, and powers of base units, such as (("kilogram", 1), ("second", -3))."""

    factor: float
    dimensionality: tuple

    @property
    def dimensionless(self):
        return not self.dimensionality

    def times(self, name, power):
        """This unit times a power of one of the vocabulary."""
        factor, dimensions = UNITS[name]
        powers = dict(self.dimensionality)
        for base, exponent in dimensions:
            powers[base] = powers.get(base, 0) + exponent * power
        return Unit(self.factor * factor**power, tuple(sorted((b, e) for b, e in powers.items() if e)))


@lru_cache(maxsize=1)
def registry():
    """The one pint registry, holding our vocabulary and nothing else."""
    import pint

    own = pint.UnitRegistry(None, on_redefinition="raise", autoconvert_offset_to_baseunit=True)
    own.load_definitions(str(Path(__file__).with_name("units.txt")))
    return own


@lru_cache(maxsize=1024)
def _parts(text):
    """((name, power), ...) of a unit such as "kW/rack", each name in our vocabulary.

    :raises QuantityError: naming the part that is not, with one that is.
    """
    rest, divide, parts = text.strip(), False, []
    if rest in ("", "1"):
        return ()
    if rest.startswith("1/"):
        rest, divide = rest[2:], True
    while rest:
        match = _UNIT.match(rest)
        if not match:
            raise QuantityError(f"'{short(rest)}' is not a unit.", *_hint(_nearest(rest)))
        name, power = match.groups()
        if power and name + power in SPELLINGS:
            name, power = name + power, None
        power = int(power or 1)
        parts.append((SPELLINGS[_spelling(name)], -power if divide else power))
        rest = rest[match.end():]
        if rest:
            if rest[0] not in "/*" or len(rest) == 1:
                raise QuantityError(f"'{short(text)}' is not one unit.", *_hint(match.group(0)))
            divide, rest = rest[0] == "/", rest[1:]
    return tuple(parts)


@lru_cache(maxsize=1024)
def parse_unit(text):
    """A Unit from text such as "kW/rack", each part of it in our vocabulary.

    :raises QuantityError: naming the part that is not, with one that is.
    """
    unit = Unit(1.0, ())
    for name, power in _parts(text):
        unit = unit.times(name, power)
    return unit


def pint_unit(text):
    """The same unit as pint has it."""
    unit = registry().Unit("")
    for name, power in _parts(text):
        unit = unit * registry().Unit(name) ** power
    return unit


def _spelling(name):
    if name in SPELLINGS:
        return name
    if name in FOREIGN:
        return FOREIGN[name]
    if name in _REFUSED:
        reason, instead = _REFUSED[name]
        raise QuantityError(reason, *_hint(instead))
    for known in _ANY_CASE:
        if known.lower() == name.lower():
            return known
    raise QuantityError(f"'{short(name)}' is not a unit.", *_hint(_nearest(name)))


def _nearest(name):
    lowered = {s.lower(): s for s in SPELLINGS}
    near = difflib.get_close_matches(name[:LONGEST].lower(), lowered, 1, 0.5)
    return lowered[near[0]] if near else "MW"


def _hint(unit):
    return f"Write {unit}.", unit


def short(text, longest=32):
    text = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return text if len(text) <= longest else text[: longest - 3] + "..."


@lru_cache(maxsize=1024)
def factor(unit):
    """SI per unit."""
    if unit in ABSOLUTE:
        return 1.0 if SPELLINGS[unit] == "degree_Celsius" else 5 / 9
    return parse_unit(unit).factor


@lru_cache(maxsize=64)
def offset(unit):
    """What is added after scaling a temperature to kelvin."""
    if unit not in ABSOLUTE:
        return 0.0
    return 273.15 if SPELLINGS[unit] == "degree_Celsius" else 273.15 - 32 * 5 / 9


def from_si(value, unit):
    """A value or array in SI, in a report unit."""
    return (value - offset(unit)) / factor(unit)


def to_si(value, unit):
    """A value or array in a report unit, in SI."""
    return value * factor(unit) + offset(unit)


def quantity(value, unit):
    """A pint quantity of our registry."""
    return registry().Quantity(value, pint_unit(unit))


def same_dimension(unit, other):
    return parse_unit(unit).dimensionality == parse_unit(other).dimensionality
