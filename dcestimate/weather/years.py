"""Rows of weather made whole years: put on the calendar, short gaps filled, long ones refused, wet bulbs found.

29 February is left out, parts of an hour are averaged, and months of different years make a typical year.
"""

from dataclasses import replace

import numpy as np

from ..physics import moist_air
from .hours import FAULTS_SHOWN, HOURS, MONTHS, Faults, Weather, hour_of_year, month_of, when

LONGEST_GAP = 3  # hours that a straight line bridges; the TMY3 files themselves do so up to 5
MOST_FILLED = 0.02  # of all hours
HIGHEST_WET = 311.15  # 38 degC, beyond the records of the Earth
OLD = 2011  # the first year of the newest typical-year files


def whole_years(rows, elevation):
    """The hours of a file as whole years without gaps.

    :param elevation: metres above the sea, for hours without a pressure.
    :raises ProfileError: for rows out of order, twice or missing, a file that ends early, and air that cannot be.
    """
    faults, warnings = Faults(rows.path), []
    rows, hour, first = _by_hour(rows, faults)
    notes = list(rows.notes)
    at, total = _calendar(rows, hour, first, faults)

    def spread(values, empty=np.nan):
        out = np.full(total, empty)
        out[at] = values
        return out

    line, hour = spread(rows.line, 0), (hour[0] + np.arange(total)) % HOURS
    values = {name: spread(column) for name, column in rows.values.items()}
    pressure = _pressure(values.get("pressure", np.full(total, np.nan)), elevation, notes, warnings)
    dry = values["dry_bulb"]
    ratio = _humidity_ratio(dry, values, pressure, notes, warnings)
    missing = np.isnan(dry) | np.isnan(ratio)
    _check_gaps(missing, line, hour, first, faults)
    good = np.flatnonzero(~missing)
    dry, ratio = (np.interp(np.arange(total), good, series[good], period=total) for series in (dry, ratio))
    if missing.any():
        notes.append(f"filled by straight lines: {_hours(missing.sum())} without a value, at most {LONGEST_GAP} in a row")
    saturated = moist_air.saturation_humidity_ratio(dry, pressure)
    above = int(((ratio > saturated * 1.005) & ~missing).sum())
    if above:
        notes.append(f"taken as saturated: {_hours(above)} more humid than saturated air, as rounding makes them")
    wet = moist_air.wet_bulb(dry, np.minimum(ratio, saturated), pressure)
    for i in np.flatnonzero(wet > HIGHEST_WET)[:FAULTS_SHOWN * 2]:
        faults.add(int(line[i]), f"{when(hour[i], first)} is {dry[i] - 273.15:.1f} degC with a wet bulb of "
                                 f"{wet[i] - 273.15:.1f} degC, more than is ever met; check humidity and units")
    faults.stop()
    return Weather(dry, wet, _years(rows, total, notes), int(missing.sum()), notes, warnings)


def _hours(count):
    return f"{count:,} hour{'s' if count != 1 else ''}"


def _by_hour(rows, faults):
    """(rows of hourly means without 29 February, hour of a 365-day year of each, what the file calls its first hour)."""
    if not len(rows.line):
        faults.add(0, "has no hours of weather; a whole year of 8,760 is wanted")
        faults.stop()
    first = int(rows.hour.max() == 24)
    if first and rows.hour.min() == 0:
        faults.add(int(rows.line[rows.hour.argmin()]), "hour is 0, and elsewhere 24; count from 0 to 23 or from 1 to 24")
        faults.stop()
    keep, notes = (rows.month != 2) | (rows.day != 29), list(rows.notes)
    if not keep.all():
        notes.append(f"29 February is left out: {(~keep).sum()} rows")
    hour = hour_of_year(rows.month, rows.day, rows.hour - first)[keep]
    line, year = rows.line[keep], rows.year[keep]
    values = {name: column[keep] for name, column in rows.values.items()}
    step = np.diff(hour) % HOURS
    if len(step) and np.median(step) > 1:
        faults.add(int(line[1]), f"rows are {int(np.median(step))} h apart; hourly weather is wanted")
        faults.stop()
    if len(step) and (step == 0).mean() > 0.4:  # below that rows are hourly, and an hour that comes twice is a fault
        starts = np.flatnonzero(np.concatenate([[1], step]))
        notes.append(f"{len(hour) / len(starts):.3g} records an hour are averaged to hourly values")
        values = {name: _means(column, starts) for name, column in values.items()}
        line, year, hour = line[starts], year[starts], hour[starts]
    return replace(rows, line=line, year=year, values=values, notes=notes), hour, first


def _means(values, starts):
    """Means of the stretches that begin at ``starts``; what has no value is left out of its mean."""
    known = np.add.reduceat((~np.isnan(values)).astype(float), starts)
    return np.add.reduceat(np.nan_to_num(values), starts) / np.where(known, known, np.nan)


def _calendar(rows, hour, first, faults):
    """Each row's hour from the first one on, and the hours of the whole years that they span."""
    def named(i):
        return when(hour[i], first)

    step = np.diff(hour) % HOURS
    for i in np.flatnonzero((step == 0) | (step > HOURS // 2)):
        if step[i] == 0:
            faults.add(int(rows.line[i + 1]), f"{named(i + 1)} comes twice, first in line {rows.line[i]}; keep one row an "
                                              "hour, in standard time without daylight saving")
        else:
            faults.add(int(rows.line[i + 1]), f"{named(i + 1)} comes after {named(i)} in line {rows.line[i]}; put the rows "
                                              "in order of time")
    faults.stop()
    at = np.concatenate([[0], np.cumsum(step)])
    count = int(at[-1]) + 1
    years = -(-count // HOURS)
    if years * HOURS - count <= LONGEST_GAP:
        return at, years * HOURS
    months = _months_without(hour)
    lacking = f"; there is nothing of {months}" if months else ""
    if years == 1:
        says = (f"ends at {named(-1)}, after {count:,} of 8,760 hours{lacking}; a whole year is wanted: fetch the file "
                "again, or take another")
    else:
        says = (f"ends at {named(-1)}, {_hours(count - (years - 1) * HOURS)} after {years - 1} whole "
                f"year{'s' if years > 2 else ''} from {named(0)}; whole years are wanted: cut the rest off, or complete it")
    faults.add(int(rows.line[-1]), says)
    faults.stop()


def _months_without(hours):
    """Months that none of the hours is in: "March", "May to August", "March, May", "" when there is none."""
    lacking = sorted(set(range(len(MONTHS))) - set(month_of(hours).tolist()))
    if len(lacking) > 2 and lacking[-1] - lacking[0] == len(lacking) - 1:
        return f"{MONTHS[lacking[0]]} to {MONTHS[lacking[-1]]}"
    return ", ".join(MONTHS[i] for i in lacking)


def _pressure(pressure, elevation, notes, warnings):
    """Station pressure [Pa], the standard atmosphere's where a file has none."""
    standard = moist_air.standard_pressure(elevation)
    missing = np.isnan(pressure)
    if not missing.all():
        mean = float(pressure[~missing].mean())
        if abs(mean / standard - 1) > 0.05:
            warnings.append(f"the file's mean pressure of {mean / 100:,.0f} hPa does not fit {elevation:,.0f} m, where "
                            f"about {standard / 100:,.0f} hPa is usual; check the elevation")
    if missing.any():
        what = "there is no pressure" if missing.all() else f"pressure is missing in {_hours(missing.sum())}"
        notes.append(f"{what}; the standard atmosphere at {elevation:,.0f} m is used")
    return np.where(missing, standard, pressure)


def _humidity_ratio(dry, values, pressure, notes, warnings):
    """Humidity ratio [kg/kg] from the first kind of humidity that an hour has."""
    ratios = {"dew_point": lambda x: moist_air.saturation_humidity_ratio(x, pressure),
              "relative_humidity": lambda x: moist_air.relative_humidity_ratio(dry, x, pressure),
              "wet_bulb": lambda x: moist_air.humidity_ratio(dry, x, pressure)}
    found, used = np.full(len(dry), np.nan), []
    for name, ratio in ratios.items():
        gaps = np.isnan(found)
        if name in values and gaps.any():
            found = np.where(gaps, ratio(values[name]), found)
            used += [name.replace("_", " ")] if (~np.isnan(found[gaps])).any() else []
    if len(used) > 1:
        notes.append(f"humidity is taken from the {used[0]}, and from the {used[1]} where it is missing")
    if {"dew_point", "relative_humidity"} <= set(values):
        vapour = moist_air.saturation_pressure(values["dew_point"]) / moist_air.saturation_pressure(dry)
        apart = (np.abs(vapour - values["relative_humidity"]) > 0.1) & (dry > moist_air.FREEZING)
        if apart.mean() > 0.01:
            warnings.append(f"dew point and relative humidity disagree by more than 10 % in {_hours(apart.sum())}; the dew "
                            "point is used")
    return found


def _check_gaps(missing, line, hour, first, faults):
    """Refuse gaps that are too long, or too many, by their lines and hours."""
    total = len(missing)
    if missing.all():
        faults.add(0, "has no hour with both a dry bulb and a humidity")
        faults.stop()
    begins = int(np.flatnonzero(~missing)[0])  # a gap may reach over the end of the year
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.roll(missing, -begins).astype(int), [0]])))
    for start, end in edges.reshape(-1, 2):
        if end - start <= LONGEST_GAP:
            continue
        gap = (begins + np.arange(start, end)) % total
        inside = [int(n) for n in line[gap] if n]
        before = int(line[gap[0] - 1])
        months = _months_without(np.delete(hour, gap))
        where = f"lines {inside[0]} to {inside[-1]} have no value" if inside else f"rows are missing after line {before}"
        whole = f", so nothing is left of {months}" if months else ""
        ends = f"{when(hour[gap[0]], first)} to {when(hour[gap[-1]], first)}"
        faults.add(inside[0] if inside else before,
                   f"{where}: {end - start:,} hours from {ends}{whole}; up to {LONGEST_GAP} in a row are filled: complete "
                   "the file, or take another")
    if not faults.found and missing.sum() > MOST_FILLED * total:
        faults.add(0, f"{missing.sum():,} of {total:,} hours have no dry bulb or no humidity, more than "
                      f"{MOST_FILLED * 100:g} %; complete the file, or take another")
    faults.stop()


def _years(rows, total, notes):
    """What years the hours are of, as a listing says it."""
    years = sorted(set(rows.year.tolist()) - {0})
    if not years:
        return "years not stated"
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    changes = int((np.diff(rows.year) != 0).sum())
    typical = total == HOURS and len(years) > 1 and not (changes == 1 and years[1] - years[0] == 1)
    if typical:
        notes.append(f"a typical year: its months come from {', '.join(map(str, years))}")
    if years[-1] < OLD:
        notes.append(f"the weather is of {span}; that of 2011-2025 is about 1 K warmer, so this flatters free cooling")
    return f"{span} (typical year)" if typical else span
