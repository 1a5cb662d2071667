"""What a field of a plan may say, its faults told at the part of the source where it stands."""

import difflib
import itertools
import re

from .. import amounts, units
from ..errors import DcestimateError
from ..limits import ADDITIVE
from .quarters import ALWAYS, Quarter
from .source import shown

TIME = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(week|month|year)s?\s*")
COUNT = re.compile(r"\s*[0-9][0-9,_]*\s*")


class Fields:
    """Readers of fields: each is given the part, a path of keys, and what stands there."""

    def __init__(self, source, library):
        self.source, self.library, self.fault = source, library, source.fault

    def example(self, key, value=""):
        """How this format writes what is missing, such as a value."""
        return self.source.examples[key].replace("{}", value)

    def known(self, part, found, keys, elsewhere=None):
        """Faults of keys that there are not; ``elsewhere`` tells of some where they belong."""
        for key in found:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                fix = (elsewhere or {}).get(key) or (f"did you mean {near[0]}?" if near else f"there are {', '.join(keys)}")
                self.fault((*part, key), f"{shown(key)} is not a key here; {fix}")

    def table(self, part, key, found):
        """A table in a table, empty where there is none."""
        value = found.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault((*part, key), f'{key} is "{shown(value)}", not a table')
        return {}

    def ask(self, part, function, *arguments):
        """What a function makes of a text, its complaint a fault of the file, in which there are no options."""
        try:
            return function(*arguments)
        except DcestimateError as error:
            text = re.sub(r"--[\w-]+ ", "", str(error))
            self.fault(part, f"{key_of(part)}: {text}")
            return None

    def name(self, part, text):
        """A name as people read it in a table."""
        name = str(text) if isinstance(text, str | int) and not isinstance(text, bool) else ""
        if not name.strip() or not name.isprintable() or len(name) > 100:
            self.fault(part, f'name is "{shown(text)}"; write a text of at most 100 characters')
        return name.strip()

    def quarter(self, part, text):
        """A Quarter."""
        return self.ask(part, Quarter.of, text)

    def count(self, part, text):
        """A whole number of accelerators, 0 included."""
        if not isinstance(text, bool) and text in (0, "0"):
            return 0
        return self.ask(part, amounts.parse_count, text if isinstance(text, int | str) else shown(text))

    def amount(self, part, text, unit):
        """A quantity of 0 or more in SI; racks are counted, and their unit may be left out."""
        value = self.ask(part, amounts.parse, counted(text if isinstance(text, str) else shown(text), unit), unit)
        if value is not None and value < 0:
            self.fault(part, f"{key_of(part)} is {shown(text)}, below 0; write 0 or more")
        return value

    def limit(self, part, text, unit):
        """A limit; one that is another kind of grid limit by its unit is a fault that names that."""
        other = {"MW": ("connection", "MVA"), "MVA": ("power", "MW")}.get(unit)
        if other and key_of(part) in ("power", "connection") and _is_in(shown(text), other[1]):
            self.fault(part, f'{key_of(part)} is "{shown(text)}", not in {unit}; write {other[0]} = "{shown(text)}"')
            return None
        return self.amount(part, text, unit)

    def time(self, part, text):
        """A time in SI."""
        found = TIME.fullmatch(shown(text))
        if not found or len(found[1]) > 6:
            self.fault(part, f'{key_of(part)} is "{shown(text)}"; write e.g. "24 months" or "65 weeks"')
            return None
        year = units.to_si(1, "year")
        return float(found[1]) * {"week": units.to_si(1, "week"), "month": year / 12, "year": year}[found[2]]

    def dated(self, part, dated, parse):
        """{Quarter: value} of {"2027Q4": ...} in order, or of one value that holds always."""
        if not isinstance(dated, dict):
            value = parse(part, dated)
            return {} if value is None else {ALWAYS: value}
        if not dated:
            self.fault(part, f"{key_of(part)} is empty; state it for a quarter, or leave it out")
        values = {}
        for text, entry in dated.items():
            quarter, value = self.quarter((*part, text), text), parse((*part, text), entry)
            if quarter in values and quarter is not None:
                self.fault((*part, text), f"{key_of(part)} in {quarter} is stated twice; keep one")
            elif quarter is not None and value is not None:
                values[quarter] = value
                self.source.places.setdefault((*part, quarter), self.source.place((*part, text)))
        return dict(sorted(values.items()))

    def rising(self, part, values, why):
        """Faults of counts that fall."""
        for (before, less), (after, more) in itertools.pairwise(values.items()):
            if more < less:
                self.fault((*part, after), f"{key_of(part)} falls from {less:,.0f} in {before} to {more:,.0f} in {after}; "
                                           f"{why}")

    def falling(self, part, values, noted):
        """Faults of a limit that shrinks without a note."""
        unit = ADDITIVE[part[-1]].result_unit
        for (before, more), (after, less) in itertools.pairwise(values.items()):
            if less < more and not noted:
                much, little = (_written(x, unit) for x in (more, less))
                self.fault((*part, after), f"{part[-1]} falls from {much} in {before} to {little} in {after}; say why in "
                                           "note, or mend it")

    def above(self, part, values, existing):
        """A fault of a limit that does not bear what is there already, where it first does not."""
        unit = ADDITIVE[part[-1]].result_unit
        for quarter, value in values.items():
            if value < existing:
                limit, there = (_written(x, unit) for x in (value, existing))
                at, since = ((*part, quarter), f" in {quarter}") if quarter != ALWAYS else (part, "")
                self.fault(at, f"{part[-1]} is {limit}{since}, below the {there} of existing load; write the limit with "
                               "the existing load in it, or mend existing")
                return

    def each(self, part, key, site, known, what, parse):
        """{name: value} of a table of a site whose names are known."""
        found = {}
        for name, text in self.table(part, key, site).items():
            at = (*part, key, name)
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                means = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
                self.fault(at, f"{shown(name)} is no {what}; {means}")
            elif (value := parse(at, text)) is not None:
                found[name] = value
        return found


def _is_in(text, unit):
    """Whether a text is a quantity in a unit."""
    try:
        return amounts.parse(text, unit) is not None
    except DcestimateError:
        return False


def counted(text, unit):
    """A text with its unit where it is a bare count of racks."""
    return f"{text} {unit}" if unit == "rack" and COUNT.fullmatch(text) else text


def _written(value, unit):
    return f"{units.from_si(value, unit):,.10g} {unit}".removesuffix(" 1")


def key_of(part):
    """The name of a part in a fault: the last of its keys that is no quarter."""
    names = [str(key) for key in part if isinstance(key, str) and not key[:1].isdigit()]
    return ".".join(name for name in names if name not in ("fleet", "site"))
