"""Hourly weather as a CSV of one's own: columns are known by name, and each says its unit.

    time,dry_bulb [degC],relative_humidity [%]
    2024-01-01T00:00,3.1,85

Humidity is a dew point, a relative humidity or a wet bulb, in this order when there are several; pressure is optional.
Lines before the header, such as Open-Meteo writes, may give latitude, longitude and elevation.
"""

import csv
import datetime
import math
import re
from itertools import pairwise

import numpy as np

from .. import units
from .hours import HOURS, Faults, Rows, calendar

PREAMBLE = 60  # lines in which the header is looked for
NAMES = {
    "dry_bulb": "drybulb drybulbtemperature temperature temp tdb db airtemperature airtemp temperature2m t2m tair "
                "ambienttemperature outdoortemperature outdoordrybulb outdoorairtemperature outdoorairdrybulb",
    "dew_point": "dewpoint dewpointtemperature dewpoint2m tdp dp tdew d2m",
    "relative_humidity": "relativehumidity relativehumidity2m rh rh2m relhum rhum humidity outdoorrelativehumidity",
    "wet_bulb": "wetbulb wetbulbtemperature wetbulbtemperature2m twb wb",
    "pressure": "pressure surfacepressure stationpressure atmosphericpressure airpressure barometricpressure",
    "time": "time timestamp datetime date dateandtime localtime utc validtime timeutc datetimeutc timelocal",
}
KNOWN = {name: quantity for quantity, names in NAMES.items() for name in names.split()}
HUMIDITY = ("dew_point", "relative_humidity", "wet_bulb")
TEMPERATURE = ("degC", "degF", "K"), 203.15, 333.15, "-70 to 60 degC (is the unit right?)"
# units, lowest and highest in SI, how to say them
KINDS = {"dry_bulb": TEMPERATURE, "dew_point": TEMPERATURE, "wet_bulb": TEMPERATURE,
         "relative_humidity": (("%", "1"), 0.0, 1.1, "0 to 110 %"),
         "pressure": (("hPa", "Pa", "kPa", "mbar", "bar", "psi"), 31e3, 120e3, "310 to 1,200 hPa")}
SPELLINGS = {unit.lower(): unit for allowed, *_ in KINDS.values() for unit in allowed} | {
    "c": "degC", "celsius": "degC", "deg c": "degC", "f": "degF", "fahrenheit": "degF", "deg f": "degF", "kelvin": "K",
    "pct": "%", "percent": "%", "mb": "mbar"}
EMPTY = ("", "nan", "na", "n/a", "null", "none", "-")
_SUFFIX = re.compile(r"(.+?)[\s_](degc|degf|celsius|fahrenheit|c|f|k|%|pct|percent|hpa|kpa|pa|mbar)", re.I)


def read(lines, path):
    """What a CSV of hourly weather holds.

    :param lines: its lines of text.
    :returns: (Rows, {"latitude", "longitude" [deg], "elevation" [m]} as far as lines before the header say).
    :raises ProfileError: with every fault, each with its line.
    """
    faults = Faults(path)
    number, separator, header = _header(lines, faults)
    columns, times = _columns(header, number, faults)
    faults.stop()
    order = next((o for i in times if len(o := re.findall("YYYY|MM|DD", header[i].upper())[:3]) == 3), None)
    line, dates, table = [], [], []
    for n, text in enumerate(lines[number:], number + 1):
        row = next(csv.reader([text], delimiter=separator), []) if '"' in text else text.split(separator)
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if len(cells) < len(header):
            if n != len(lines):  # the last is where a file was cut
                faults.add(n, f"has {len(cells)} columns, and the header in line {number} has {len(header)}")
            continue
        line.append(n)
        dates.append(_date(" ".join(cells[i] for i in times), order, n, faults) if times else (0, 1, 1, 0))
        table.append([_value(cells[i], n, header[i], name, unit, faults) for name, (i, unit) in columns.items()])
    if not line:
        faults.add(number, "has no row after its header")
    faults.stop()
    year, month, day, hour = np.array(dates).T
    notes = []
    if not times:
        month, day, hour = np.resize(calendar(leap=len(line) == HOURS + 24), (len(line), 3)).T
        notes.append("rows have no time; the first is taken as 1 January 00:00")
    values = dict(zip(columns, np.array(table).T, strict=True))
    if columns.get("relative_humidity", ("", "1"))[1] != "1" and np.nan_to_num(values["relative_humidity"]).max() <= 0.015:
        cell = header[columns["relative_humidity"][0]]
        faults.add(number, f'"{cell[:40]}" is never above 1.5 %; if it is a share of 1, write "relative_humidity [1]"')
        faults.stop()
    return Rows(path, np.array(line), year, month, day, hour, values, notes), _preamble(lines[:number - 1], separator)


def _header(lines, faults):
    """(line number, separator, cells) of the header."""
    for number, line in enumerate(lines[:PREAMBLE], 1):
        for separator in ",;\t":
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
            if len(cells) > 1 and any(_name_and_unit(cell)[0] == "dry_bulb" for cell in cells):
                return number, separator, cells
    faults.add(0, f"has no column of dry bulb in its first {PREAMBLE} lines; write a header such as \"time,dry_bulb [degC],"
                  'relative_humidity [%]"')
    faults.stop()


def _name_and_unit(cell):
    """(quantity or None, unit or "") of a heading such as "temperature_2m (°C)" or "rh_pct"."""
    text = cell.strip().replace("°", "deg").replace("℃", "degC").replace("℉", "degF")
    bracket = re.fullmatch(r"(.*?)[\s_]*[\[(]([^\])]*)[\])]", text)
    name, unit = bracket.groups() if bracket else (text, "")
    suffix = _SUFFIX.fullmatch(name)
    if suffix and not unit and _plain(name) not in KNOWN:
        name, unit = suffix.groups()
    return KNOWN.get(_plain(name)), unit.strip()


def _plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _columns(header, number, faults):
    """({quantity: (column, unit)}, columns of date and time)."""
    columns, times = {}, []
    for i, cell in enumerate(header):
        name, unit = _name_and_unit(cell)
        if name == "time":
            times.append(i)
        elif name in columns:
            faults.add(number, f'columns "{header[columns[name][0]]}" and "{cell}" are both {name.replace("_", " ")}; keep '
                               "one")
        elif name:
            allowed = KINDS[name][0]
            columns[name] = i, SPELLINGS.get(unit.lower())
            if columns[name][1] not in allowed:
                says = f'is in "{unit[:20]}", no unit of {name.replace("_", " ")}' if unit else "has no unit"
                plain = re.sub(r"\s*[\[(].*", "", cell)
                faults.add(number, f'column "{cell[:40]}" {says}; write "{plain} [{allowed[0]}]" or "[{allowed[1]}]"')
    if not set(columns) & set(HUMIDITY):
        faults.add(number, 'has no column of humidity; add one such as "relative_humidity [%]", "dew_point [degC]" or '
                           '"wet_bulb [degC]"')
    if len(times) > 2:
        faults.add(number, f"has {len(times)} columns of time; keep one, or a date and a time")
    return columns, times


def _value(text, number, heading, name, unit, faults):
    """A cell in SI, NaN where it is empty."""
    if text.lower() in EMPTY:
        return math.nan
    _, low, high, bounds = KINDS[name]
    try:
        value = units.to_si(float(text), unit)
    except ValueError:
        comma = f"; write {text.replace(',', '.')} for a decimal" if re.fullmatch(r"-?\d+,\d+", text) else ""
        faults.add(number, f'"{heading[:40]}" is "{text[:20]}", which is no number{comma}; leave it empty where it is '
                           "missing")
        return math.nan
    if not low <= value <= high:  # also what is not finite
        faults.add(number, f'"{heading[:40]}" is {text[:20]}, not {bounds}; leave it empty where it is missing')
        return math.nan
    return value


def _date(text, order, number, faults):
    """(year, month, day, hour) of a time, whose parts are in ISO's order unless the heading states another."""
    parts = re.findall(r"\d+", text)
    if order and len(parts) > 3:
        named = dict(zip(order, map(int, parts), strict=False))
        date = named["YYYY"], named["MM"], named["DD"], int(parts[3])
        if 1 <= date[1] <= 12 and 1 <= date[2] <= 31 and date[3] <= 24:
            return date
    elif not order:
        plain = re.sub(r"^(\d{4})/(\d{1,2})/(\d{1,2})\b", lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", text)
        try:
            moment = datetime.datetime.fromisoformat(plain)
            return moment.year, moment.month, moment.day, moment.hour
        except ValueError:
            pass
    faults.add(number, f'time is "{text[:30]}"; write it as 2024-01-31T05:00, or say its order in the heading, as in "date '
                       '[MM/DD/YYYY]"')
    return 0, 1, 1, 0


def _preamble(lines, separator):
    """Place of the weather from lines before the header: a row of names over a row of numbers, or "Latitude: 45.8"."""
    found = {}
    rows = [next(csv.reader([line], delimiter=separator), []) for line in lines]
    for names, numbers in pairwise(rows):
        found |= {name.strip().lower(): cell for name, cell in zip(names, numbers, strict=False)}
    for line in lines:
        match = re.match(r"\W*(latitude|longitude|elevation)\b[^:=]*[:=]\s*([-+\d.]+)", line, re.I)
        if match:
            found[match[1].lower()] = match[2]
    place = {}
    for name in ("latitude", "longitude", "elevation"):
        try:
            place[name] = float(found[name])
        except (KeyError, ValueError):
            continue
    return place
