"""What the rooms of this package hand on: rows as a file holds them, whole years of hours, faults with their lines."""

from dataclasses import dataclass, field

import numpy as np

from ..errors import ProfileError

HOURS = 8760
FAULTS_SHOWN = 8
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_STARTS = np.cumsum((0, *LENGTHS[:-1])) * 24


class Faults:
    """What is wrong with a file, each with its line; all of it is reported together."""

    def __init__(self, path):
        self.path, self.found = path, []

    def add(self, line, message):
        self.found.append((line, message))

    def stop(self):
        """
        :raises ProfileError: when anything was found.
        """
        if self.found:
            found = sorted(self.found)
            more = len(found) - FAULTS_SHOWN
            raise ProfileError([f"{self.path}:{line}: {says}" if line else f"{self.path}: {says}"
                                for line, says in found[:FAULTS_SHOWN]]
                               + ([f"{self.path}: and {more:,} more lines with faults"] if more > 0 else []))


@dataclass
class Place:
    """Where the weather is for: degrees, metres, the station as its file names it, how far that is away [m] (None when
    the file does not say), how much higher the place is than it [m], and the names of what the user stated, and of what is
    that of another region."""

    title: str
    country: str
    latitude: float
    longitude: float
    elevation: float
    station: str = ""
    away: float | None = None
    rise: float = 0.0
    stated: tuple = ()
    inherited: tuple = ()


@dataclass
class Rows:
    """Rows as a file holds them, each array of shape (rows,): line number, calendar year (0 when unknown), month 1..12,
    day, and hour, which a file counts from 0 to 23 or from 1 to 24. ``values`` are "dry_bulb" [K] and, as far as there are
    any, "dew_point" [K], "relative_humidity" [1], "wet_bulb" [K] and "pressure" [Pa]."""

    path: str
    line: np.ndarray
    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    hour: np.ndarray
    values: dict
    notes: list = field(default_factory=list)


@dataclass
class Weather:
    """Dry bulb [K] and wet bulb [K], one value an hour over one or more whole years, how many of them were filled, and
    the file they are from: ``design`` are the cells of an EPW's line of design conditions."""

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    years: str
    filled: int
    notes: list
    warnings: list
    path: str = ""
    format: str = ""
    place: Place | None = None
    design: tuple = ()

    @property
    def year_count(self):
        return len(self.dry_bulb) // HOURS


def calendar(leap=False):
    """Month 1..12, day 1..31 and hour 0..23 of each hour of a year, of shape (hours, 3)."""
    return np.array([(month, day, hour) for month, length in enumerate(LENGTHS, 1)
                     for day in range(1, length + 1 + (leap and month == 2)) for hour in range(24)])


def hour_of_year(month, day, hour):
    """Hour of a 365-day year, 0 for the first of 1 January, from month 1..12, day 1..31 and hour 0..23."""
    return _STARTS[np.asarray(month) - 1] + (np.asarray(day) - 1) * 24 + hour


def month_of(hours):
    """Month, 0..11, of hours of the year."""
    return np.searchsorted(_STARTS, hours, "right") - 1


def when(hour, first_hour=0):
    """An hour of the year as its file says it.

    >>> when(0), when(8759, first_hour=1)
    ('1 January 00:00', '31 December hour 24')
    """
    month = int(month_of(hour))
    day, of_day = divmod(int(hour - _STARTS[month]), 24)
    return f"{day + 1} {MONTHS[month]} " + (f"hour {of_day + 1}" if first_hour else f"{of_day:02d}:00")
