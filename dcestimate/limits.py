"""What can limit a site: each kind of limit with the result it bounds, how people write it, and how a value is read.
"""

import re
from dataclasses import dataclass

from . import amounts, units
from .errors import QuantityError, UsageError
from .profile_kinds import GRAPH


@dataclass(frozen=True)
class Kind:
    """A kind of limit: ``result`` may not exceed it.

    ``option`` is its name on the command line and ``example`` a value. ``unit`` is what it is stated in, which is not
    always the result's: a year's water is stated a year. A kind that is not ``additive`` does not grow with the fleet:
    the design is within it or nothing fits. Where more systems need less, ``blocks`` more blocks of them need as much
    again: many for water, as another block's coolers take a share of the heat of all.
    """

    key: str
    option: str
    result: str
    unit: str
    label: str
    example: str
    meaning: str
    additive: bool = True
    blocks: int = 1

    @property
    def result_unit(self):
        return GRAPH[self.result].unit

    @property
    def words(self):
        """The label as it stands inside a sentence."""
        return self.label[0].lower() + self.label[1:]


KINDS = {kind.key: kind for kind in (
    Kind("power", "grid", "facility_peak_power", "MW", "Grid power", "250 MW", "Grid power, critical IT at design weather"),
    Kind("connection", "grid", "grid_connection", "MVA", "Grid connection", "260 MVA", "Apparent power of the grid"),
    Kind("it_power", "it-power", "critical_it_power", "MW", "Critical IT power", "200 MW", "Critical IT power"),
    Kind("racks", "racks", "rack_count", "rack", "Racks", "3000", "Racks of all kinds"),
    Kind("white_space", "floor", "white_space", "m2", "White space", "60,000 ft2", "White space"),
    Kind("building", "building", "building_area", "m2", "Building", "70,000 m2", "Gross area of the buildings"),
    Kind("site", "site", "site_area", "ha", "Site", "40 acre", "Area of the site"),
    Kind("water", "water", "peak_day_water", "m3/d", "Water, peak day", "2 MGD", "Make-up water on the peak day",
         blocks=2),
    Kind("annual_water", "annual-water", "annual_water", "ML/yr", "Water, a year", "100 ML/yr", "Make-up water a year",
         blocks=8),
    Kind("heat", "heat", "cooling_load", "MW", "Heat", "50,000 TR", "Heat to be cooled by design, cooling_load"),
    Kind("generators", "generators", "generator_count", "1", "Generators", "120", "Generator sets, spares included"),
    Kind("floor_load", "floor-load", "floor_load", "kg/m2", "Floor load", "1,200 kg/m2", "Load of racks over their pitch",
         additive=False),
)}
ADDITIVE = {key: kind for key, kind in KINDS.items() if kind.additive}  # what sites and plans add up
COUNTED = ("racks", "generators")
GRAVITY = 9.80665  # m/s2: floors are also rated by the pressure on them
PSF = 47.88025898  # Pa: a pound-force on a square foot
_ACRES = ("acre", "hectare")


@dataclass(frozen=True)
class Limit:
    """A limit as it was given: its value in the SI of its result, and number and unit as they were written."""

    kind: Kind
    value: float
    number: float
    unit: str

    @property
    def text(self):
        return f"{self.number:,.10g} {self.unit}".rstrip()


def limit(key, text):
    """A limit of a kind from text such as "250 MW"; racks and generators are plain counts.

    :raises QuantityError: with a text that would do, when it is not understood or not above zero.
    """
    if key not in KINDS:
        raise UsageError(f"'{str(key)[:40]}' is no limit.", f"There are {', '.join(KINDS)}.")
    kind, text = KINDS[key], str(text).strip()
    try:
        if key in COUNTED:
            value = float(amounts.parse_count(re.sub(r"\s*racks?$", "", text) if key == "racks" else text,
                                              key.removesuffix("s")))
            return Limit(kind, value, value, "")
        number, unit = amounts.split(text, kind.unit)
        value = _value(kind, text, unit)
    except QuantityError as error:
        raise QuantityError(f"{kind.label.lower()}: {error.message}", error.hint, error.suggestion) from None
    if not value > 0:
        raise QuantityError(f"{kind.label.lower()} of '{text[:40]}' is not above zero.", f'Write e.g. "{kind.example}".',
                            kind.example)
    return Limit(kind, value, number, unit)


def _value(kind, text, unit):
    """A limit's value in the SI of its result."""
    if kind.key == "annual_water":
        if _known(unit) and units.same_dimension(unit, "ML"):
            return amounts.parse(text, "ML")  # of the year, though it does not say so
        return amounts.parse(text, kind.unit) * units.factor("yr")
    if kind.key == "water" and _of_a_year(unit):
        raise QuantityError(f"'{text[:40]}' is a year's water, not a day's.", f'Write --annual-water "{text[:40]}".',
                            kind.example)
    if kind.key == "floor_load" and unit == "psf":
        return amounts.split(text, kind.unit)[0] * PSF / GRAVITY
    if kind.key == "floor_load" and _known(unit) and units.same_dimension(unit, "kPa"):
        return amounts.parse(text, "kPa") / GRAVITY
    return amounts.parse(text, kind.unit)


def _known(unit):
    try:
        units.parse_unit(unit)
    except QuantityError:
        return False
    return True


def _of_a_year(unit):
    return unit.rpartition("/")[2] in ("yr", "year", "years", "a") and "/" in unit


def recognised(text):
    """The limit that a text states by its dimension alone, such as "250 MW" or "0.5 MGD".

    Power is at the meter, but for refrigeration tons; square metres and feet are white space, acres and hectares the
    site; what is a year is a year's water, any other flow a day's.

    :raises QuantityError: when it says too little; the hint names the options.
    """
    if re.match(r"\s*-\s*[.\d]", text):
        raise QuantityError(f"a limit of '{text.strip()[:40]}' is not above zero.", 'Write e.g. "250 MW".', "250 MW")
    key = _key(amounts.split(text, "MW")[1])
    if key is None:
        raise QuantityError(f"'{text.strip()[:40]}' does not say what it limits.",
                            f"Write {', '.join(_examples())}.", "250 MW")
    return limit(key, text)


def _key(unit):
    parsed = units.parse_unit(unit)
    kinds = {units.parse_unit(u).dimensionality: key for key, u in (
        ("power", "MW"), ("connection", "MVA"), ("racks", "rack"), ("white_space", "m2"), ("water", "m3/d"),
        ("floor_load", "kg/m2"))}
    key = kinds.get(parsed.dimensionality)
    name = units.SPELLINGS.get(unit, "")
    if name == "refrigeration_ton":
        return "heat"
    if key == "white_space" and name in _ACRES:
        return "site"
    if key == "water" and _of_a_year(unit):
        return "annual_water"
    return key


def _several(some):
    return [some] if isinstance(some, str | int | float) else some or ()


def _examples():
    options = {}
    for kind in KINDS.values():
        options.setdefault(kind.option, f'--{kind.option} "{kind.example}"')
    return options.values()


def read(texts=(), **named):
    """Limits from texts that say by their unit what they limit, and from a text or texts by the key of their kind.

    ``grid`` may be in MW or MVA.

    :raises UsageError: when there is none, or one twice.
    """
    found = [recognised(text) for text in texts]
    for key, text in [(key, text) for key, some in named.items() for text in _several(some)]:
        if key == "grid":
            key = "connection" if _key(amounts.split(str(text), "MW")[1]) == "connection" else "power"
        found.append(limit(key, text))
    if not found:
        raise UsageError("a limit is missing.", 'Write e.g. "250 MW", "260 MVA", "60,000 ft2", "0.5 MGD", or an option '
                                                "such as --racks 3000.")
    keys = [one.kind.key for one in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise UsageError(f"{KINDS[twice].label.lower()} is limited twice, "
                         f"{' and '.join(one.text for one in found if one.kind.key == twice)}.", "Keep the tighter one.")
    return sorted(found, key=lambda one: list(KINDS).index(one.kind.key))
