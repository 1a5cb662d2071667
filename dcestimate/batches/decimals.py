"""How a table writes its numbers: with a decimal point, or with a decimal comma and points between thousands."""

import re

from ..errors import QuantityError

TOKEN = re.compile(r"[+-]?\d[\d.,]*")
BARE = re.compile(r"[+-]?[\d.,]*\d[\d.,]*")
EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
POINT, COMMA = ".", ","


class Number(str):
    """A number that a cell of a workbook holds as one: its mark is the decimal point, whatever the planner's language."""

    __slots__ = ()


def mark(number):
    """The decimal mark that a number shows, "" where it shows none.

    >>> mark("12,5"), mark("1.234.567"), mark("1,234.5"), mark("1.500"), mark("12")
    (',', ',', '.', '', '')
    """
    marks = re.sub(r"[^.,]", "", number)
    if not marks or EITHER.fullmatch(number.lstrip("+-")):
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    return marks if len(marks) == 1 else COMMA if marks[0] == POINT else POINT


def shown(cells):
    """The one decimal mark that numbers of a table show, "" where they show none or both."""
    marks = {mark(cell) for cell in cells if (POINT in cell or COMMA in cell) and BARE.fullmatch(cell)} - {""}
    return marks.pop() if len(marks) == 1 else ""


def with_point(text, decimal):
    """A text whose first number is written with that decimal mark, rewritten with a point and no thousands marks.

    >>> with_point("1.234,5 kW", ","), with_point("12,5", ""), with_point("gb200", ",")
    ('1234.5 kW', '12.5', 'gb200')

    :raises QuantityError: when the number may be two things, or is written the other way.
    """
    found = TOKEN.match(text)
    if not found or not re.search(r"[.,]", found[0]):
        return text
    number = found[0]
    own = decimal or mark(number)
    if not own:
        whole, part = re.split("[.,]", number)
        raise QuantityError(f"'{number}' may be {whole}.{part} or {whole}{part}.",
                            f"Write {whole}{part}, or {whole}.{part}0.")
    other = COMMA if own == POINT else POINT
    if not re.fullmatch(rf"[+-]?(\d{{1,3}}([{other}]\d{{3}})+|\d+)([{own}]\d*)?", number):
        raise QuantityError(f"'{number}' is not written as the other numbers of the file, which have a decimal "
                            f"{'comma' if own == COMMA else 'point'}.", "Write it like them.")
    return number.replace(other, "").replace(own, POINT) + text[found.end():]


def readings(text):
    """What a text such as "1.000" or "1,500k" may be: with a decimal mark, or with one between thousands; else none.

    >>> readings("1.000"), readings("1,500k"), readings("12.5")
    (('1', '1000'), ('1.5k', '1500k'), ())
    """
    found = TOKEN.match(text)
    if not found or not EITHER.fullmatch(found[0].lstrip("+-")):
        return ()
    whole, part = re.split("[.,]", found[0])
    rest = text[found.end():]
    return f"{whole}.{part}".rstrip("0").rstrip(POINT) + rest, whole + part + rest


def with_mark(number, decimal):
    """A number as text with a decimal point, with the mark of the table."""
    return number.replace(POINT, COMMA) if decimal == COMMA else number
