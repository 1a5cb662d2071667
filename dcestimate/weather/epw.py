"""EnergyPlus weather files (EPW): their header and hourly rows.

Source: EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary", whose limits and missing codes
these are. Its hour 1 ends at 1:00.
"""

import csv
import math
import re

import numpy as np

from .hours import LENGTHS, Faults, Place, Rows

COLUMNS = 10  # up to pressure; a file has 35, and what follows is not used here
HEADER_LINES = 40  # among which DATA PERIODS is looked for; files have 8
# column of the row, name, what it is, its unit, where it is missing, lowest and highest
VALUES = ((6, "dry_bulb", "dry bulb", "degC", 99.9, -70, 60), (7, "dew_point", "dew point", "degC", 99.9, -70, 60),
          (8, "relative_humidity", "relative humidity", "%", 999, 0, 110),
          (9, "pressure", "station pressure", "Pa", 999999, 31000, 120000))
NUMBERS = ((6, "latitude", "--lat", -90, 90), (7, "longitude", "--lon", -180, 180),
           (9, "elevation", "--elevation", -430, 4000))
BLANK = ("", "-", "unknown", "n/a", "999", "999999", "0")


def read(lines, path, stated=()):
    """What an EPW holds.

    :param lines: its lines of text.
    :param stated: names of what the header need not say: "latitude", "longitude", "elevation".
    :returns: (Place, Rows, cells of the DESIGN CONDITIONS line).
    :raises ProfileError: with every fault, each with its line.
    """
    faults = Faults(path)
    place = _location(lines[0], stated, faults)
    header = {}
    for number, line in enumerate(lines[:HEADER_LINES], 1):
        heading = re.match(r'\s*"?(DESIGN CONDITIONS|DATA PERIODS)', line, re.I)
        if heading:
            header[heading[1].upper()] = number
    if "DATA PERIODS" not in header:
        faults.add(1, "has no line DATA PERIODS in its header, after which the hours would follow")
        faults.stop()
    rows = _rows(lines, header["DATA PERIODS"], path, faults)
    faults.stop()
    design = _cells(lines[header["DESIGN CONDITIONS"] - 1]) if "DESIGN CONDITIONS" in header else []
    return place, rows, design


def _cells(line):
    return [cell.strip() for cell in next(csv.reader([line]), [])]


def _location(line, stated, faults):
    cells = _cells(line) + [""] * 10
    found = {}
    for column, name, option, low, high in NUMBERS:
        try:
            found[name] = float(cells[column])
            if not low <= found[name] <= high:
                raise ValueError
        except ValueError:
            found[name] = math.nan
            if name not in stated:
                faults.add(1, f'LOCATION: {name} (column {column + 1}) is "{cells[column][:20]}"; a number from {low} to '
                              f"{high} is wanted: mend it, or give {option}")
    city, state, country, source, station = (text if text.lower() not in BLANK else "" for text in cells[1:6])
    title = re.sub(r"[._]", " ", city).strip()
    where = ", ".join(filter(None, (state, country)))
    return Place(f"{title} ({where})" if title and where else title, country.upper(), **found,
                 station=", ".join(filter(None, (source, station and f"WMO {station}"))))


def _rows(lines, header, path, faults):
    """The rows after the header."""
    found = []
    numbered = [(n, line.split(",")) for n, line in enumerate(lines[header:], header + 1) if line.strip("\x1a \t")]
    if len(numbered) > 1 and len(numbered[-1][1]) < len(numbered[-2][1]):
        numbered.pop()  # cut off within the row
    for number, cells in numbered:
        if len(cells) < COLUMNS:
            faults.add(number, f"has {len(cells)} columns; a row has 35, of which the first {COLUMNS} are used")
            continue
        date = _date(cells, number, faults)
        values = [_value(cells, number, *column, faults) for column in VALUES]
        if date:
            found.append((number, *date, *values))
    table = np.array(found, dtype=float).reshape(len(found), 9).T
    line, year, month, day, hour = table[:5].astype(int)
    dry, dew, humidity, pressure = table[5:]
    return Rows(path, line, year, month, day, hour, {
        "dry_bulb": dry + 273.15, "dew_point": dew + 273.15, "relative_humidity": humidity / 100, "pressure": pressure})


def _date(cells, number, faults):
    """(year, month, day, hour) of a row, None when it has a fault."""
    date = []
    for i, what in enumerate(("year", "month", "day", "hour")):
        if not re.fullmatch(r"\s*\d{1,4}(\.0*)?\s*", cells[i]):
            faults.add(number, f'column {i + 1} ({what}) is "{cells[i].strip()[:20]}"; a whole number is wanted')
            return None
        date.append(int(float(cells[i])))
    _, month, day, hour = date
    if not 1 <= month <= 12 or not 1 <= day <= LENGTHS[month - 1] + (month == 2) or not 0 <= hour <= 24:
        faults.add(number, f"month {month}, day {day}, hour {hour} is no hour of a year")
        return None
    return date


def _value(cells, number, column, name, what, unit, missing, low, high, faults):
    """A number of a row, NaN where it is missing."""
    text = cells[column].strip()
    if not text:
        return math.nan
    try:
        value = float(text)
        if not math.isfinite(value):
            raise ValueError
    except ValueError:
        faults.add(number, f'column {column + 1} ({what}) is "{text[:20]}"; a number in {unit} is wanted, or {missing} '
                           "where it is missing")
        return math.nan
    if value < missing and not low <= value <= high:
        faults.add(number, f"column {column + 1} ({what}) is {text[:20]} {unit}, not {low:,} to {high:,}; write {missing} "
                           "where it is missing")
    return value if low <= value <= high and value < missing else math.nan
