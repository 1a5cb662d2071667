"""Numbers with units, and counts, as people write them: text to SI floats and whole numbers, and shares to text.

User text never reaches pint's expression parser: it is one number and one unit, each taken apart. What is refused is
refused with the piece that stands in the way and a text that itself parses.
"""

import math
import re

from .errors import QuantityError
from .units import ABSOLUTE, FOREIGN, LONGEST, factor, from_si, offset, parse_unit, short

LARGEST = 1e30
# digits with proper thousands groups, or plain; then a decimal part; then an exponent
_NUMBER = re.compile(r"([+-]?)((?:\d{1,3}(?:[,_ ]\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,5}))?(?![\d.,_])")
_DECIMAL_COMMA = re.compile(r"^([+-]?\d+),(\d{1,2}|\d{4,})\s*([A-Za-z%/0-9_]*)$")
_COUNT = re.compile(r"([+-]?)(\d{1,3}(?:[,_ ]\d{3})+|\d+)?(\.\d+)?(?:e([+-]?\d{1,3}))?\s*(k|m|b|thousand|million|billion)?",
                    re.I)
_GROUPED = re.compile(r"\d{1,3}(?:['’]\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,2}(?:,\d{2})+,\d{3}")  # by other peoples' custom
_MULTIPLES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "b": 10**9, "billion": 10**9}


def _number(text):
    """(float, rest of the text) from a text that starts with a number."""
    match = _NUMBER.match(text)
    if not match:
        return None, text
    sign, digits, exponent = match.groups()
    return float(f"{sign}{re.sub('[,_ ]', '', digits)}e{exponent or 0}"), text[match.end():].strip()


def parse(text, unit):
    """A value in SI from text such as "250 MW", which must have the dimension of ``unit``.

    A unit of "degC" wants an absolute temperature, a unit of "K" a difference. Shares may be written "15 %", "0.15"
    or "2/3".

    :raises QuantityError: with ``suggestion``, a text that itself parses.
    """
    value, found = split(text, unit)
    wanted = parse_unit(unit)
    if unit in ABSOLUTE:
        found = {"C": "degC", "F": "degF"}.get(found, found)
    if wanted.dimensionless and found == "":
        return _checked(value, text, unit)
    try:
        given = parse_unit(found)
    except QuantityError as error:
        tail = unit.partition("/")[2]
        meant = [u for u in (error.suggestion, "tonne", f"tonne/{tail}") if u and _fits(u, unit) and not (
            u in ABSOLUTE and unit not in ABSOLUTE)]
        if meant and found[1:] == meant[0]:
            value *= _MULTIPLES.get(found[0].lower(), 1)
        raise _wrong(text, error.message, value, meant[0] if meant else unit) from None
    if given.dimensionality != wanted.dimensionality:
        near = (f"{found}/{unit.partition('/')[2]}", found.replace("VA", "W"), found.replace("W", "VA"))
        meant = next((u for u in near if _fits(u, unit)), unit)
        raise _wrong(text, f"'{short(text)}' is in {found or 'no unit'}, which is not a {_dimension(unit)}.", value, meant)
    if found in ABSOLUTE and unit not in ABSOLUTE:
        raise _wrong(text, f"'{short(text)}' is a temperature, but a difference is wanted.", value, "K")
    if unit in ABSOLUTE and found.startswith("delta_"):
        raise _wrong(text, f"'{short(text)}' is a difference, but a temperature is wanted.", value, "degC")
    si = value * factor(found) + offset(found)
    if unit in ABSOLUTE and si < 0:
        raise _wrong(text, f"'{short(text)}' is below absolute zero.", 25.0, "degC")
    return _checked(si, text, unit)


def _fits(unit, wanted):
    try:
        return parse_unit(unit).dimensionality == parse_unit(wanted).dimensionality
    except QuantityError:
        return False


def _dimension(unit):
    return f"quantity in {unit}" if unit not in ("1", "") else "plain number"


def split(text, unit="MW"):
    """(number, unit text) from text such as "250 MW", without looking at the dimension.

    :raises QuantityError: naming what stands in the way; ``suggestion`` is a text that parses in ``unit``.
    """
    example = f"250 {unit}" if unit not in ("1", "") else "0.25"
    if not isinstance(text, str):
        raise QuantityError(f"{text!r} is not a quantity.", f'Write "{example}".', example)
    stripped = text.strip()
    if len(stripped) > LONGEST:
        raise QuantityError(f"'{short(stripped)}' is {len(stripped)} characters long, more than {LONGEST}.",
                            f'Write e.g. "{example}".', example)
    if not stripped:
        raise QuantityError("a quantity is missing.", f'Write e.g. "{example}".', example)
    plain = _plain_digits(stripped)
    if plain != stripped:
        raise QuantityError(f"'{short(stripped)}' has digits other than 0-9.", *_rewrite(plain, unit, example))
    stripped = _plain_spaces(stripped)
    quoted = re.match(r"^([+-]?\d{1,3}(?:['’]\d{3})+)(?!\d)(.*)$", stripped)
    if quoted:
        raise QuantityError(f"'{short(quoted[1])}' has thousands marks other than a comma.",
                            *_rewrite(re.sub("['’]", "", quoted[1]) + quoted[2], unit, example))
    dotted = re.match(r"^([+-]?\d{1,3}(?:\.\d{3}){2,})(?![\d.])(.*)$", stripped)
    if dotted:
        raise QuantityError(f"'{short(dotted[1])}' has more than one decimal point.",
                            *_rewrite(dotted[1].replace(".", "") + dotted[2], unit, example))
    fraction = re.fullmatch(r"(\d+)\s*/\s*(\d+)", stripped)
    if fraction and unit in ("1", "") and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2]), ""
    comma = _DECIMAL_COMMA.match(stripped)
    if comma:
        whole, decimals, rest = comma.groups()
        dotted = f"{whole}.{decimals} {rest}".strip()
        other = f", or {int(whole + decimals):,} {rest}".rstrip() if len(decimals) > 2 else ""
        raise QuantityError(f"ambiguous number '{short(stripped)}'.", f"Write {dotted}{other}.",
                            _rewrite(dotted, unit, example)[1])
    value, found = _number(stripped)
    if value is None:
        word = "nan" if stripped.lower().startswith(("nan", "+nan", "-nan")) else ""
        word = word or ("infinity" if re.match(r"[+-]?inf", stripped, re.I) else "")
        says = f"{word} is not a value" if word else f"'{short(stripped)}' does not start with a number"
        raise QuantityError(f"{says}.", f'Write e.g. "{example}".', example)
    found = FOREIGN.get(found, found)
    if found and re.match(r"[\^*(+±;#$\[\]{},.:=<>\\'\"-]", found):
        raise QuantityError(f"'{short(found)}' in '{short(stripped)}' is not part of a number and a unit.",
                            *_rewrite(f"{value:.15g} {_leading_unit(found, unit)}", unit, example))
    if not found and unit not in ("1", ""):
        instead = _instead(value, unit)
        raise QuantityError(f"'{short(stripped)}' has no unit.", f'Write e.g. "{instead}".', instead)
    if re.search(r"\s", found):
        raise QuantityError(f"'{short(found)}' is not one unit.",
                            *_rewrite(f"{value:.15g} {_leading_unit(found, unit)}", unit, example))
    return value, found


def _leading_unit(found, unit):
    match = re.match(r"[^A-Za-z%]*([A-Za-z%]+[23]?(?:/[A-Za-z_]+)*)", found)
    return match[1] if match and _fits(match[1], unit) else unit


def _plain_digits(text):
    """Digits of other scripts as 0-9; everything else as it is."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _plain_spaces(text):
    """No-break and thin spaces, which separate thousands in print, as plain ones."""
    return re.sub("[\u00a0\u2009\u202f]", " ", text)


def _rewrite(candidate, unit, example):
    """(hint, suggestion): the candidate if it parses, else an example."""
    try:
        parse(candidate, unit)
    except QuantityError as error:
        candidate = error.suggestion or example
    return f'Write "{candidate}".', candidate


def _wrong(text, message, value, unit):
    instead = _instead(value, unit)
    return QuantityError(message, f'Write "{instead}".', instead)


def _instead(value, unit):
    """A text that parses in a unit, with the value where that is a value at all."""
    if unit in ("1", ""):
        return "0.25"
    if unit in ABSOLUTE and not 0 <= value * factor(unit) + offset(unit) < LARGEST / 10:
        return "25 degC"
    fits = math.isfinite(value) and abs(value * factor(unit)) < LARGEST / 10
    return f"{value:.15g} {unit}" if fits else f"250 {unit}"


def _checked(value, text, unit):
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise _wrong(text, f"'{short(text)}' is too large.", math.inf, unit)
    return value


def parse_count(text, of="chip"):
    """A whole number of things, above zero: "500000", "500k", "1.2M", "1,000,000", "2 million", "1e5".

    :raises QuantityError: with ``suggestion``, a count that itself parses.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        raise _bad_count(f"{text!r} is not a count.")
    stripped = text.strip()
    if len(stripped) > LONGEST:
        raise _bad_count(f"'{short(stripped)}' is {len(stripped)} characters long, more than {LONGEST}.")
    if not stripped:
        raise _bad_count("a count is missing.")
    plain = _plain_digits(stripped)
    if plain != stripped:
        raise _bad_count(f"'{short(stripped)}' has digits other than 0-9.", plain)
    stripped = _plain_spaces(stripped)
    match = _COUNT.fullmatch(stripped)
    if not match or not (match[2] or match[3]):
        raise _no_count(stripped, of)
    sign, whole, decimals, exponent, multiple = match.groups()
    digits, decimals = re.sub("[,_ ]", "", whole or "0"), (decimals or ".")[1:]
    power = int(exponent or 0) - len(decimals)
    number = int(digits + decimals) * (_MULTIPLES[multiple.lower()] if multiple else 1) * 10 ** max(power, 0)
    scaled, remainder = divmod(number, 10 ** max(-power, 0))
    if sign == "-" or not (scaled or remainder):
        raise _bad_count(f"'{short(stripped)}' is not above zero.")
    if scaled > 10**12:
        raise _bad_count(f"'{short(stripped)}' is more than there can be.")
    if remainder:
        raise _bad_count(f"'{short(stripped)}' is a fraction of a {of}.", *_beside(scaled))
    return scaled


def _no_count(text, of):
    """The error of a text that no count is written as, with what it can only mean, if there is such."""
    comma = re.fullmatch(r"(\d+),(\d{1,2})(\s*[a-zA-Z]*)", text)
    if comma:
        whole, decimals, multiple = comma[1], comma[2], comma[3].strip()
        return _bad_count(f"ambiguous count '{short(text)}'.",
                          *([f"{whole}.{decimals}{multiple}"] if multiple else _beside(int(whole))))
    named = re.fullmatch(rf"(.*\w)\s*(?:chip|gpu|accelerator|{re.escape(of)})s?", text, re.I)
    number = named[1] if named else text
    meant = re.sub("[.,'’]", "", number) if _GROUPED.fullmatch(number) else number if named else ""
    return _bad_count(f"'{short(text)}' is not a whole number of {of}s.", *filter(None, [meant]))


def _beside(whole):
    """The whole numbers on both sides of a fraction; below one, where a share may be meant, there are none."""
    return (str(whole), str(whole + 1)) if whole else ()


def _bad_count(message, *meant):
    """An error with all that can be meant and is a count, or else an example that cannot be taken for an answer."""
    good = [text for text in meant if is_count(text)]
    if not good:
        return QuantityError(message, 'Write a whole number, e.g. "100k".', "100k")
    return QuantityError(message, "Write " + " or ".join(f'"{text}"' for text in good) + ".", good[0])


def is_count(text):
    """
    >>> is_count("1.5k"), is_count("1.5")
    (True, False)
    """
    try:
        return bool(parse_count(text))
    except (QuantityError, RecursionError):
        return False


def convert(text, to):
    """(value, unit text) of "100 TR" in another unit.

    :raises QuantityError: when the two differ in dimension, or either is not understood.
    """
    try:
        parse_unit(to)
    except QuantityError as error:
        raise QuantityError(error.message, error.hint, error.suggestion) from None
    if to in ("K", "kelvin") and split(text, to)[1] in (*ABSOLUTE, "C", "F"):
        return parse(text, "degC"), to  # a temperature in kelvin, not a difference
    return from_si(parse(text, to), to), to


def percent(share, sign=""):
    """A share in percent, to a tenth below ten; ``sign`` "+" shows that of what is above zero.

    >>> percent(0.0978), percent(24.6, "+"), percent(-0.0001), percent(-0.128, "+")
    ('9.8 %', '+2,460 %', '0.0 %', '-13 %')
    """
    value = round(share * 100, 0 if abs(share) >= 0.1 else 1) + 0.0  # without the sign of -0
    return f"{value:{sign if value else ''},.{0 if abs(share) >= 0.1 else 1}f} %"
