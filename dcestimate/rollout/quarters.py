"""Quarters of a plan: what a date falls in, counting, and text."""

import datetime
import re
from dataclasses import dataclass

from ..errors import UsageError

YEARS = range(2000, 2101)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year; ``index`` counts quarters since year 0.

    >>> Quarter.of("2027Q4"), Quarter.of("2027-12"), Quarter.of("2027-12-31") + 1
    (2027Q4, 2027Q4, 2028Q1)
    """

    index: int

    @classmethod
    def of(cls, text):
        """The quarter of "2027Q4", "2027-12", "2027-12-31" or a date.

        :raises UsageError: for anything else.
        """
        if isinstance(text, datetime.date) and text.year in YEARS:
            return cls(text.year * 4 + (text.month - 1) // 3)
        text = str(text).strip()
        found = re.fullmatch(r"([0-9]{4})-?[Qq]([1-4])", text)
        if found and int(found[1]) in YEARS:
            return cls(int(found[1]) * 4 + int(found[2]) - 1)
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", text)
        if found and int(found[1]) in YEARS:
            try:
                return cls.of(datetime.date(int(found[1]), int(found[2]), int(found[3] or 1)))
            except ValueError:
                pass
        raise UsageError(f"'{text[:40]}' is no quarter.", 'Write e.g. "2027Q4", "2027-12" or "2027-12-31".')

    def __add__(self, quarters):
        return Quarter(self.index + quarters)

    def __sub__(self, other):
        """Quarters between two, or the quarter so many earlier."""
        return self.index - other.index if isinstance(other, Quarter) else Quarter(self.index - other)

    def __str__(self):
        return f"{self.index // 4}Q{self.index % 4 + 1}"

    __repr__ = __str__


ALWAYS = Quarter(0)  # before any plan


def from_to(first, last):
    """Every quarter from one to another, both included."""
    return tuple(Quarter(index) for index in range(first.index, last.index + 1))
