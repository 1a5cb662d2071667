"""Regions of one's own: weather files read, mended or refused, and made places that the model takes."""

import csv
import io
import json
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import psychrolib
import pytest

from dcestimate.cli.main import main
from dcestimate.errors import ProfileError
from dcestimate.estimation import estimate
from dcestimate.profiles import Library
from dcestimate.request import lines
from dcestimate.weather import design_weather, files, region
from dcestimate.weather.hours import HOURS, LENGTHS, Weather, hour_of_year
from dcestimate.weather.places import distance

psychrolib.SetUnitSystem(psychrolib.SI)
DATA = Path(__file__).resolve().parent / "data" / "weather"
LOCATION = ["LOCATION", "Springfield.AP", "OR", "USA", "TMY-made", "999990", "44.05", "-123.02", "-8.0", "140.0"]
# 0.4 % dry bulb and coincident, 0.4 % wet bulb and coincident, extreme wet bulb, 20-year dry bulb: of a made place
STATED = {"cooling_dry_bulb": 31.4, "cooling_dry_bulb_coincident_wet_bulb": 23.1, "cooling_wet_bulb": 24.8,
          "cooling_wet_bulb_coincident_dry_bulb": 29.3, "extreme_wet_bulb": 29.9, "extreme_dry_bulb": 41.2}


def _year():
    """A year that could be: seasons, days, spells of weather; dry bulb and dew point [degC], pressure [Pa]."""
    hour, noise = np.arange(HOURS), np.random.default_rng(7).standard_normal((2, HOURS))
    spell = np.zeros((2, HOURS))
    for i in range(1, HOURS):
        spell[:, i] = 0.98 * spell[:, i - 1] + noise[:, i] * 0.4
    season, day = -np.cos(2 * np.pi * (hour / 24 - 20) / 365), -np.cos(2 * np.pi * (hour % 24 - 3) / 24)
    dry = 12 + 11 * season + 4 * day + 1.2 * spell[0]
    dew = dry - np.maximum(3 + 1.5 * season + 3 * day + 1.5 * spell[1], 0)
    return dry.round(1), dew.round(1), (99650 + 300 * spell[1]).round()


DRY, DEW, PRESSURE = _year()
HUMIDITY = np.array([psychrolib.GetRelHumFromTDewPoint(t, min(d, t)) for t, d in zip(DRY, DEW, strict=True)]) * 100


def calendar(leap=False):
    """(month, day, hour 1..24) of each hour."""
    return [(month, day, hour) for month, length in enumerate(LENGTHS, 1)
            for day in range(1, length + 1 + (leap and month == 2)) for hour in range(1, 25)]


def design_conditions(edition="2009"):
    """The header's line in the layout of an edition of the Handbook, holding ``STATED``."""
    s = STATED
    heating = ["Heating", "1", "-9.1", "-7.0", "-15.2", "1.0", "-5.5", "-12.4", "1.3", "-4.2", "9.9", "6.1", "8.8",
               "5.9", "1.6", "170"]
    cooling = ["Cooling", "7", "14.2", s["cooling_dry_bulb"], s["cooling_dry_bulb_coincident_wet_bulb"], 30.2, 22.4, 28.5,
               21.6, s["cooling_wet_bulb"], s["cooling_wet_bulb_coincident_dry_bulb"], 23.9, 28.4, 22.7, 27.5, 3.9, 330,
               22.9, 17.8, 26.5, 21.8, 16.6, 25.6, 20.8, 15.6, 24.9, 75.1, 29.4, 71.2, 28.3, 67.5, 27.4]
    years = [-8.6, 37.5, 3.6, 1.9, -11.2, 38.9, -13.3, 40.1, -15.4, s["extreme_dry_bulb"], -18.0, 42.6]
    winds = [8.4, 7.3, 6.5]
    if edition == "2009":
        title, cooling, extremes = "Climate Design Data 2009 ASHRAE Handbook", [*cooling, 1044], [
            *winds, s["extreme_wet_bulb"], *years]
    else:
        title = f"{edition} ASHRAE Handbook -- Fundamentals - Chapter 14 Climatic Design Information"
        cooling, extremes = [*cooling, s["extreme_wet_bulb"]], [*winds, *years]
    heating += ["0.487"] if edition == "2021" else []
    extremes += [-9.9] if edition == "2017" else []
    return ["DESIGN CONDITIONS", "1", title, "", *heating, *map(str, cooling), "Extremes", *map(str, extremes)]


class Epw:
    """An EPW in the making: ``header`` by its first words, ``rows`` of cells."""

    def __init__(self, design=None, per_hour=1, leap=False, dates=None):
        self.header = {
            "LOCATION": list(LOCATION), "DESIGN CONDITIONS": design or ["DESIGN CONDITIONS", "0"],
            "TYPICAL/EXTREME PERIODS": ["TYPICAL/EXTREME PERIODS", "0"],
            "GROUND TEMPERATURES": ["GROUND TEMPERATURES", "0"],
            "HOLIDAYS/DAYLIGHT SAVINGS": ["HOLIDAYS/DAYLIGHT SAVINGS", "No", "0", "0", "0"],
            "COMMENTS 1": ["COMMENTS 1", "made, not measured"], "COMMENTS 2": ["COMMENTS 2", ""],
            "DATA PERIODS": ["DATA PERIODS", "1", str(per_hour), "Data", "Sunday", " 1/ 1", "12/31"]}
        self.rows = []
        for month, day, hour in dates or calendar(leap):
            i = hour_of_year(month, min(day, LENGTHS[month - 1]), hour - 1)
            for part in range(per_hour):
                self.rows.append(["2015", str(month), str(day), str(hour), str(60 * (part + 1) // per_hour), "?9?9?9?9E0",
                                  f"{DRY[i]}", f"{DEW[i]}", f"{HUMIDITY[i]:.0f}", f"{PRESSURE[i]:.0f}"] + ["0"] * 25)

    def text(self):
        return "\r\n".join(",".join(cells) for cells in (*self.header.values(), *self.rows)) + "\r\n"

    def write(self, path, encoding="utf-8"):
        path.write_bytes(self.text().encode(encoding))
        return path

    def row_of(self, month, day, hour):
        return next(i for i, r in enumerate(self.rows) if r[1:4] == [str(month), str(day), str(hour)])


@pytest.fixture
def made(tmp_path):
    """Read an EPW in the making."""

    def read(epw, **options):
        return files.read(epw.write(tmp_path / "site.epw"), **options)

    return read


@pytest.fixture
def faults(made):
    """What is said of a faulty EPW."""

    def read(epw, **options):
        with pytest.raises(ProfileError) as error:
            made(epw, **options)
        assert error.value.exit == 3
        assert all(problem.startswith("site.epw") for problem in error.value.problems)
        return str(error.value)

    return read


@pytest.fixture
def cli(capsys, monkeypatch, tmp_path):
    """Run a command in an empty folder: (exit code, standard output, error stream)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("DCESTIMATE_PROFILES", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*argv):
        code = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "fault of dcestimate" not in err
        return code, out, err

    return run


def said(error):
    """Wrapped text on one line."""
    return " ".join(error.split())


# --- from file to estimate


@pytest.mark.parametrize("edition", ["2009", "2017", "2021"])
def test_an_epw_becomes_a_region_that_an_estimate_takes(cli, tmp_path, edition):
    """The whole way as a user goes it, the last step by the very command that the tool proposes."""
    epw = Epw(design_conditions(edition)).write(tmp_path / "site.epw")
    code, out, err = cli("regions", "new", "my-site", "--epw", epw, "--out", "sites")
    assert code == 0, err
    assert max(map(len, (out + err).splitlines())) <= 80
    assert sorted(p.name for p in Path("sites").iterdir()) == ["my-site.csv", "my-site.toml"]
    assert [p.name for p in Path().iterdir()] == ["sites"]
    assert "Springfield AP (OR, USA)" in out
    document = tomllib.loads(Path("sites/my-site.toml").read_text())
    for name, value in STATED.items():
        assert document[name]["value"] == f"{value} degC"
        assert document[name]["grade"] == "B"
        assert edition in document["sources"][document[name]["source"]]["title"]
    assert document["design_weather"] == "published"
    assert (document["latitude"], document["longitude"]) == (44.05, -123.02)
    assert document["elevation"]["value"] == "140 m"
    assert {k: document["grid_frequency"][k] for k in ("value", "source", "grade")} == {"value": "60 Hz", "grade": "C",
                                                                                       "source": "assumption"}
    assert "licence" in document["climate_attribution"]
    assert cli("profiles", "validate", "sites/my-site.toml")[0] == 0
    command = re.search(r"Next: dcestimate (.+)", said(err))[1]
    code, out, err = cli(*shlex.split(command), "--json")
    assert code == 0, err
    results = json.loads(out)["deployments"][0]["results"]
    assert 1 < results["pue"]["value"] < results["peak_pue"]["value"]
    assert results["carbon_emissions"]["value"] is None
    assert cli("regions", "show", "my-site", "-P", "sites")[0] == 0


def test_bins_stand_for_the_hours(made):
    weather = made(Epw())
    dry, wet, hours = region.bins(weather)
    assert round(hours.sum(), 6) == HOURS
    assert (dry * hours).sum() / HOURS == pytest.approx(weather.dry_bulb.mean() - 273.15, abs=0.01)
    assert (wet * hours).sum() / HOURS == pytest.approx(weather.wet_bulb.mean() - 273.15, abs=0.01)
    assert (wet <= dry).all()


def test_bins_are_those_of_the_shipped_climates(library):
    """Hours that lie in the middle of a shipped climate's bins fall into these bins again."""
    for name in ("us-east-1", "us-east-2", "phoenix-az"):  # of one year, so of whole hours
        dry, wet, seconds = library.load("region", name).bins
        count = np.rint(seconds / 3600).astype(int)
        weather = Weather(np.repeat(dry, count), np.repeat(wet, count), "", 0, [], [])
        bins = region.bins(weather)
        shipped = dict(zip(zip(dry.round(2), wet.round(2), strict=True), count, strict=True))
        ours = {(round(d + 273.15, 2), round(w + 273.15, 2)): h for d, w, h in zip(*bins, strict=True)}
        same = sum(abs(ours[k] - shipped[k]) < 1 for k in ours if k in shipped)
        assert same > 0.97 * len(shipped), name  # two decimals of a mean may lie over an edge


def test_a_day_of_a_real_file(tmp_path):
    """24 hours of NREL's TMY3 (public domain) of San Francisco Intl Ap as climate files hold them, for a year; the wet
    bulbs are EnergyPlus's of the same hours, which it takes from the relative humidity in whole per cent: 0.3 K."""
    source = (DATA / "tmy3-day.epw").read_text().splitlines()
    with pytest.raises(ProfileError, match=r"tmy3-day.epw:28: ends at 15 July hour 24, after 24 of 8,760 hours"):
        files.read(DATA / "tmy3-day.epw")
    rows = [f"{1976 + month},{month},{day},{rest}" for month, length in enumerate(LENGTHS, 1)
            for day in range(1, length + 1) for rest in (row.split(",", 3)[3] for row in source[4:])]
    (tmp_path / "year.epw").write_text("\n".join([*source[:4], *rows]))
    found = files.read(tmp_path / "year.epw")
    assert (found.place.title, found.place.station) == ("San Francisco Intl Ap (CA, USA)", "TMY3, WMO 724940")
    assert (found.place.latitude, found.place.longitude, found.place.elevation) == (37.62, -122.4, 2)
    theirs = [11.389, 11.29, 11.29, 11.191, 11.463, 11.64, 11.906, 12.52, 13.097, 13.677, 14.525, 15.182, 15.905, 15.509,
              15.18, 14.752, 14.17, 13.558, 12.915, 12.592, 12.245, 11.906, 11.742, 11.564]
    assert found.wet_bulb[-24:] - 273.15 == pytest.approx(theirs, abs=0.3)
    assert (found.dry_bulb.max() - 273.15, found.years) == (pytest.approx(21.7), "1977-1988 (typical year)")


@pytest.mark.parametrize(("chip", "cooling"), [
    ("h100-sxm", "air-evaporative"), ("h100-sxm", "air-chiller"), ("gb200", "dlc-dry"), ("gb200", "dlc-tower")])
def test_bins_give_the_energy_of_the_hours(cli, made, tmp_path, chip, cooling):
    """A climate of 8,760 rows is the finest there is; in 47 regions bins of 1 K were within 0.19 % of its cooling energy
    (reference climate.md), so a year's energy is within 0.2 %."""
    epw = Epw(design_conditions()).write(tmp_path / "site.epw")
    assert cli("regions", "new", "my-site", "--epw", epw, "--out", "sites", "-q")[0] == 0
    annual = []
    for hourly in (False, True):
        if hourly:
            weather = files.read(epw)
            rows = [f"{d:.4f},{w:.4f},1" for d, w in zip(weather.dry_bulb - 273.15, weather.wet_bulb - 273.15, strict=True)]
            Path("sites/my-site.csv").write_text("\n".join(["dry_bulb [degC],wet_bulb [degC],hours [h]", *rows]) + "\n")
        library = Library("sites")
        annual.append(estimate(library, lines(library, "10k", chip, "my-site", cooling=cooling)).deployments[0])
    for name, tolerance in (("annual_energy", 0.002), ("annual_water", 0.02)):
        binned, exact = (float(d.results[name]) for d in annual)
        assert binned == pytest.approx(exact, rel=tolerance, abs=0.1 if name == "annual_water" else 0)


# --- wet bulb, design values


def test_wet_bulb_is_psychrolibs(made):
    """psychrolib stops within 0.001 K, the project within 0.0003 K, but for the step from ice to water at 0 degC."""
    weather = made(Epw())
    for i in range(0, HOURS, 7):
        theirs = psychrolib.GetTWetBulbFromTDewPoint(DRY[i], min(DEW[i], DRY[i]), PRESSURE[i])
        assert weather.wet_bulb[i] - 273.15 == pytest.approx(theirs, abs=0.01 if abs(theirs) > 0.1 else 0.3)


def test_relative_humidity_stands_in_for_a_dew_point(made):
    epw = Epw()
    for i, row in enumerate(epw.rows):
        row[7], row[8] = "99.9", f"{HUMIDITY[i]:.3f}"
    found = made(epw).wet_bulb - 273.15
    for i in range(0, HOURS, 31):
        theirs = psychrolib.GetTWetBulbFromRelHum(DRY[i], HUMIDITY[i] / 100, PRESSURE[i])
        assert found[i] == pytest.approx(theirs, abs=0.01 if abs(theirs) > 0.1 else 0.3)


def test_estimated_design_weather_adds_what_a_years_maximum_lacks(made):
    weather = made(Epw())
    found, title, _, warnings = design_weather.of(weather)
    assert title == ""
    assert {v.grade for v in found.values()} == {"C"}
    assert found["extreme_dry_bulb"].value == pytest.approx(273.15 + DRY.max() + 1.6)
    assert found["extreme_wet_bulb"].value == pytest.approx(weather.wet_bulb.max() + 2.6)
    above = (found["cooling_dry_bulb"].value - 273.15 + 1e-6 < DRY).sum()
    assert above <= 35 <= (found["cooling_dry_bulb"].value - 273.15 - 1e-6 <= DRY).sum()
    near = np.abs(DRY + 273.15 - found["cooling_dry_bulb"].value) <= 0.5
    assert found["cooling_dry_bulb_coincident_wet_bulb"].value == pytest.approx(weather.wet_bulb[near].mean())
    assert any("published values" in w for w in warnings)


@pytest.mark.parametrize("change", ["short", "text", "order", "heading"])
def test_a_header_in_another_layout_is_not_believed(made, change):
    cells = design_conditions()
    at = cells.index("Cooling")
    if change == "short":
        cells = cells[:at + 9]
    elif change == "text":
        cells[at + 3] = "hot"
    elif change == "order":
        cells[at + 3], cells[at + 5] = "20", "35"
    else:
        cells[at] = "Summer"
    found, title, _, warnings = design_weather.of(made(Epw(cells)))
    assert (title, {v.grade for v in found.values()}) == ("", {"C"})
    assert any("not laid out" in w for w in warnings)


def test_a_header_of_another_place_is_not_believed(made, monkeypatch):
    monkeypatch.setitem(STATED, "cooling_dry_bulb", 38.9)
    monkeypatch.setitem(STATED, "extreme_dry_bulb", 46.0)
    found, title, _, warnings = design_weather.of(made(Epw(design_conditions())))
    assert (title, found["cooling_dry_bulb"].grade) == ("", "C")
    assert any("another place" in w for w in warnings)


def test_extremes_that_the_header_lacks_are_shifted(made):
    """As for shipped regions: the file's maximum, shifted by published less own 0.4 %, and the allowance."""
    cells = design_conditions()
    weather = made(Epw(cells[:cells.index("Extremes")]))
    found, title, _, warnings = design_weather.of(weather)
    own = design_weather.of(made(Epw()))[0]
    shift = STATED["cooling_dry_bulb"] + 273.15 - own["cooling_dry_bulb"].value
    assert found["extreme_dry_bulb"].value == pytest.approx(weather.dry_bulb.max() + max(shift, 0) + 1.6)
    assert "2009" in title
    assert [found[n].grade for n in ("cooling_dry_bulb", "extreme_dry_bulb")] == ["B", "C"]
    assert any("extreme_dry_bulb" in w for w in warnings)


def test_an_hour_above_the_published_extreme_counts(made, monkeypatch):
    epw = Epw(design_conditions())
    i = int(DRY.argmax())
    epw.rows[i][6], epw.rows[i][7] = "44.7", "15.0"
    found, _, notes, _ = design_weather.of(made(epw))
    assert found["extreme_dry_bulb"].value == pytest.approx(273.15 + 44.7)
    assert any("above the published extreme" in n for n in notes)


# --- what an EPW may be like


@pytest.mark.parametrize("change", ["lf", "bom", "latin-1", "utf-16", "blank end", "quoted", "from 0", "from July",
                                    "spaces", "ragged end"])
def test_harmless_differences(made, tmp_path, change):
    epw, path = Epw(), tmp_path / "site.epw"
    plain = made(epw)
    text = epw.text()
    if change == "lf":
        path.write_bytes(text.replace("\r\n", "\n").encode())
    elif change == "bom":
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    elif change == "latin-1":
        path.write_bytes(text.replace("Springfield.AP", "Zürich\x85").encode("latin-1"))
    elif change == "utf-16":
        path.write_bytes(text.encode("utf-16"))
    elif change == "blank end":
        path.write_bytes(text.encode() + b"\r\n  \r\n\x1a")
    elif change == "quoted":
        path.write_bytes(text.replace("Springfield.AP", '"Springfield, East"').encode())
    elif change == "spaces":
        path.write_bytes(text.replace(",2,", ", 2,").encode())
    elif change == "ragged end":
        path.write_bytes(text.rstrip().removesuffix(",0,0").encode())
    elif change == "from 0":
        for row in epw.rows:
            row[3] = str(int(row[3]) - 1)
        epw.write(path)
    else:
        begin = epw.row_of(7, 1, 1)
        epw.rows = epw.rows[begin:] + epw.rows[:begin]
        epw.write(path)
    found = files.read(path)
    tolerance = 1.0 if change == "ragged end" else 1e-9  # its last hour is filled
    assert np.sort(found.dry_bulb) == pytest.approx(np.sort(plain.dry_bulb), abs=tolerance)
    assert found.wet_bulb.mean() == pytest.approx(plain.wet_bulb.mean(), abs=1e-3)


def test_a_typical_year_keeps_its_months_and_says_their_years(made):
    epw, years = Epw(), [1991, 1985, 2003, 1999, 1991, 2001, 1978, 1988, 1990, 1985, 2002, 1979]
    for row in epw.rows:
        row[0] = str(years[int(row[1]) - 1])
    found = made(epw)
    assert found.years == "1978-2003 (typical year)"
    assert any("typical year" in n and "1985" in n for n in found.notes)
    assert any("1 K warmer" in n for n in found.notes)
    assert (found.dry_bulb == made(Epw()).dry_bulb).all()


def test_29_february_is_left_out(made):
    found = made(Epw(leap=True))
    assert len(found.dry_bulb) == HOURS
    assert "29 February is left out: 24 rows" in found.notes
    assert (found.dry_bulb == made(Epw()).dry_bulb).all()


def test_several_years_weigh_the_same(made):
    epw = Epw()
    second = [["2016", *row[1:6], f"{float(row[6]) + 1:.1f}", f"{float(row[7]) + 1:.1f}", *row[8:]] for row in epw.rows]
    epw.rows += second
    found = made(epw)
    assert (found.year_count, found.years) == (2, "2015-2016")
    dry, _, hours = region.bins(found)
    assert round(hours.sum(), 6) == HOURS
    assert (dry * hours).sum() / HOURS == pytest.approx(DRY.mean() + 0.5, abs=0.01)


def test_records_of_parts_of_an_hour_are_averaged(made):
    epw = Epw(per_hour=4)
    for i, row in enumerate(epw.rows):
        row[6] = f"{float(row[6]) + (-0.6, -0.2, 0.2, 0.6)[i % 4]:.1f}"
        row[7] = f"{float(row[7]) - 1:.1f}"
    found = made(epw)
    assert found.dry_bulb - 273.15 == pytest.approx(DRY, abs=1e-9)
    assert any("4 records an hour are averaged" in n for n in found.notes)


@pytest.mark.parametrize("gap", [1, 3])
def test_short_gaps_are_bridged_and_said(made, gap):
    epw = Epw()
    begin = epw.row_of(5, 3, 9)
    for row in epw.rows[begin:begin + gap]:
        row[6] = "99.9"
    for row in epw.rows[100:100 + gap]:
        row[7], row[8] = "99.9", "999"
    found = made(epw)
    bridge = np.linspace(DRY[begin - 1], DRY[begin + gap], gap + 2)
    assert found.dry_bulb[begin - 1:begin + gap + 1] - 273.15 == pytest.approx(bridge)
    assert found.filled == 2 * gap
    assert any(n.startswith(f"filled by straight lines: {2 * gap} hours without") for n in found.notes)


def test_rows_that_are_not_there_are_gaps_too_even_over_new_year(made):
    epw = Epw()
    del epw.rows[epw.row_of(5, 3, 9)]
    del epw.rows[-1]
    found = made(epw)
    assert (len(found.dry_bulb), found.filled) == (HOURS, 2)
    assert found.dry_bulb[-1] - 273.15 == pytest.approx((DRY[-2] + DRY[0]) / 2)


def test_a_missing_pressure_is_the_standard_atmospheres(made):
    epw = Epw()
    for row in epw.rows:
        row[9] = "999999"
    found = made(epw)
    assert any("no pressure" in n and "140 m" in n for n in found.notes)
    warm = found.wet_bulb > 274  # at 0 degC wet bulb steps from ice to water
    assert found.wet_bulb[warm] == pytest.approx(made(Epw()).wet_bulb[warm], abs=0.1)  # 10 hPa of weather are 0.1 K at most


def test_humidity_beyond_saturation_by_rounding_is_said(made):
    epw = Epw()
    epw.rows[5000][7] = f"{DRY[5000] + 0.3:.1f}"
    found = made(epw)
    assert found.wet_bulb[5000] == pytest.approx(found.dry_bulb[5000], abs=1e-3)
    assert any("taken as saturated: 1 hour more humid" in n for n in found.notes)


def test_what_contradicts_itself_is_a_warning(made):
    epw = Epw()
    epw.header["LOCATION"][9] = "1609"
    for row in epw.rows:
        row[8] = "99"
    warnings = made(epw).warnings
    assert any("does not fit 1,609 m" in w for w in warnings)
    assert any("dew point and relative humidity disagree" in w for w in warnings)


# --- what it may not be like


def test_a_file_that_ends_early_says_where(faults):
    epw = Epw()
    epw.rows = epw.rows[:epw.row_of(8, 31, 5) + 1]
    text = faults(epw)
    assert "site.epw:5821: ends at 31 August hour 5, after 5,813 of 8,760 hours" in text
    assert "there is nothing of September to December;" in text
    assert "whole year is wanted" in text


def test_a_file_cut_within_a_row_says_where(faults, tmp_path):
    text = Epw().text()
    (tmp_path / "cut.epw").write_text(text[:len(text) // 2])
    with pytest.raises(ProfileError, match=r"cut\.epw:\d+: ends at \d+ \w+ hour \d+, after [\d,]+ of 8,760 hours"):
        files.read(tmp_path / "cut.epw")


@pytest.mark.parametrize("cells", [slice(6, 7), slice(7, 9)])
def test_a_long_gap_names_lines_and_hours(faults, cells):
    epw = Epw()
    begin = epw.row_of(5, 3, 9)
    for row in epw.rows[begin:begin + 5]:
        row[cells] = ["9999"] * len(row[cells])
    text = faults(epw)
    assert (f"site.epw:{begin + 9}: lines {begin + 9} to {begin + 13} have no value: 5 hours from 3 May hour 9 to 3 May "
            "hour 13") in text
    assert "up to 3 in a row are filled" in text


def test_a_missing_month_is_named(faults):
    epw = Epw(dates=[d for d in calendar() if d[0] != 3])
    assert "744 hours from 1 March hour 1 to 31 March hour 24, so nothing is left of March" in faults(epw)


@pytest.mark.parametrize(("column", "text", "says"), [
    (6, "abc", 'column 7 (dry bulb) is "abc"; a number in degC is wanted, or 99.9 where it is missing'),
    (6, "12;5", 'column 7 (dry bulb) is "12;5"'), (6, "nan", 'column 7 (dry bulb) is "nan"'),
    (7, "--", 'column 8 (dew point) is "--"'), (9, "1e999", 'column 10 (station pressure) is "1e999"'),
    (6, "77.0", "column 7 (dry bulb) is 77.0 degC, not -70 to 60"), (6, "-9999", "column 7 (dry bulb) is -9999 degC"),
    (8, "140", "column 9 (relative humidity) is 140 %, not 0 to 110"),
    (9, "995", "column 10 (station pressure) is 995 Pa, not 31,000 to 120,000"),
    (1, "x", 'column 2 (month) is "x"; a whole number is wanted'), (2, "1.5", 'column 3 (day) is "1.5"'),
    (1, "13", "month 13, day 26, hour 17 is no hour of a year"),
    (0, "9e30", 'column 1 (year) is "9e30"; a whole number is wanted'), (3, "25", "month 6, day 26, hour 25")])
def test_a_faulty_value_is_named_by_line_and_column(faults, column, text, says):
    epw = Epw()
    i = epw.row_of(6, 26, 17)
    epw.rows[i][column] = text
    assert f"site.epw:{i + 9}: {says}" in faults(epw)


def test_all_faults_come_at_once_but_not_thousands(faults):
    epw = Epw()
    for row in epw.rows[10:40]:
        row[6] = "x"
    text = faults(epw)
    assert text.count("column 7") == 8
    assert "and 22 more lines" in text


def test_air_that_cannot_be(faults):
    epw = Epw()
    epw.rows[4000][6:9] = ["45.0", "44.0", "95"]
    assert "site.epw:4009: " in (text := faults(epw))
    assert "45.0 degC with a wet bulb of 44" in text


def test_rows_twice_or_out_of_order(faults):
    epw = Epw()
    epw.rows.insert(200, list(epw.rows[199]))
    assert "site.epw:209: 9 January hour 8 comes twice, first in line 208" in faults(epw)
    epw = Epw()
    epw.rows[300], epw.rows[301] = epw.rows[301], epw.rows[300]
    assert "comes after 13 January hour 14" in faults(epw)
    months = {m: [d for d in calendar() if d[0] == m] for m in range(1, 13)}
    swapped = Epw(dates=[d for m in (2, 1, *range(3, 13)) for d in months[m]])
    assert "1 January hour 1 comes after 28 February hour 24" in faults(swapped)


@pytest.mark.parametrize(("cell", "text", "says"), [
    (6, "north", 'latitude (column 7) is "north"'), (7, "262", 'longitude (column 8) is "262"'),
    (9, "-999", "--elevation")])
def test_a_faulty_location(faults, made, cell, text, says):
    epw = Epw()
    epw.header["LOCATION"][cell] = text
    assert says in faults(epw)
    assert made(epw, site={"latitude": 44.0, "longitude": -123.0, "elevation": 150.0}).place.elevation == 150


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.zip", b"PK\x03\x04rest", "is a zip archive"), ("a.htm", b"\n<!DOCTYPE html><html>", "is a web page"),
    ("a.ddy", b"! The following Location and Design Day data", "name the .epw that comes with it"),
    ("a.bin", b"\x01\x02\0\0", "is not text"), ("a.epw", b"  \n", "is empty"), ("b.epw", b"", "is empty"),
    ("c.epw", b"hello\nworld\n", "is no EPW: it begins with")])
def test_what_is_no_weather_file(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ProfileError, match=says):
        files.read(tmp_path / name, format=files.EPW)


def test_a_fault_writes_nothing_and_is_exit_3(cli, tmp_path):
    epw = Epw()
    epw.rows = epw.rows[:3000]
    code, out, err = cli("regions", "new", "my-site", "--epw", epw.write(tmp_path / "site.epw"), "--out", "sites")
    assert (code, out) == (3, "")
    assert err.startswith("error: site.epw:3008: ends at")
    assert not Path("sites").exists()
    code, _, err = cli("regions", "new", "my-site", "--epw", tmp_path / "site.epw", "--json")
    assert (code, json.loads(err)["error"]["exit"]) == (3, 3)


# --- CSV


def sheet(header="time,dry_bulb [degC],relative_humidity [%],pressure [Pa]", years=(2015,), step=1, cells=None):
    """Text of a CSV of hours; ``cells`` makes a row of the time and the hour of the year."""
    cells = cells or (lambda at, i: f"{at},{DRY[i]},{HUMIDITY[i]:.3f},{PRESSURE[i]:.0f}")
    out = [header]
    for year in years:
        for month, day, hour in calendar(year % 4 == 0)[::step]:
            i = hour_of_year(month, min(day, LENGTHS[month - 1]), hour - 1)
            out.append(cells(f"{year}-{month:02}-{day:02}T{hour - 1:02}:00", i))
    return "\n".join(out) + "\n"


SITE = {"latitude": 44.05, "longitude": -123.02, "elevation": 140.0}


@pytest.fixture
def table(tmp_path):
    """Read a CSV."""

    def read(text, site=SITE, encoding="utf-8"):
        (tmp_path / "hours.csv").write_bytes(text.encode(encoding))
        return files.read(tmp_path / "hours.csv", site=site)

    return read


def test_a_csv_is_as_good_as_an_epw(table, made):
    from_csv, from_epw = table(sheet()), made(Epw())
    assert from_csv.dry_bulb == pytest.approx(from_epw.dry_bulb)
    assert from_csv.wet_bulb == pytest.approx(from_epw.wet_bulb, abs=0.01)
    assert from_csv.years == "2015"


@pytest.mark.parametrize(("header", "cells"), [
    ("time,temperature_2m (°C),relative_humidity_2m (%),surface_pressure (hPa)",
     lambda at, i: f"{at},{DRY[i]},{HUMIDITY[i]:.3f},{PRESSURE[i] / 100}"),
    ("Date/Time,Tdb [F],RH [%],Pressure [mbar]",
     lambda at, i: f"{at.replace('T', ' ')},{DRY[i] * 1.8 + 32:.4f},{HUMIDITY[i]:.3f},{PRESSURE[i] / 100}"),
    ("timestamp,temp_f,rh_pct,pressure_kpa",
     lambda at, i: f"{at}Z,{DRY[i] * 1.8 + 32:.4f},{HUMIDITY[i]:.3f},{PRESSURE[i] / 1000}"),
    ("time,Dry Bulb (K),Relative Humidity (1),Pressure (Pa)",
     lambda at, i: f"{at}+00:00,{DRY[i] + 273.15:.2f},{HUMIDITY[i] / 100:.5f},{PRESSURE[i]}"),
    ("time;air temperature [°C];dew point [°C];station pressure [Pa];station",
     lambda at, i: f"{at};{DRY[i]};{min(DEW[i], DRY[i])};{PRESSURE[i]};x"),
    ("date\ttime\tdrybulb [degC]\tdewpoint [degF]\tpressure [Pa]",
     lambda at, i: "\t".join((*at.split("T"), f"{DRY[i]}", f"{min(DEW[i], DRY[i]) * 1.8 + 32:.3f}", f"{PRESSURE[i]}"))),
], ids=["open-meteo", "degF", "suffixes", "kelvin", "semicolons", "tabs"])
def test_columns_are_known_by_name_and_unit(table, made, header, cells):
    wanted = made(Epw())
    found = table(sheet(header, cells=cells))
    assert found.dry_bulb == pytest.approx(wanted.dry_bulb, abs=1e-3)
    assert found.wet_bulb == pytest.approx(wanted.wet_bulb, abs=0.02)


def test_a_wet_bulb_column_is_taken_as_it_is(table):
    wet = np.minimum(DRY, DRY - 0.4 * np.maximum(DRY - DEW, 0)).round(2)
    found = table(sheet("time,dry_bulb [degC],wet_bulb [degC]", cells=lambda at, i: f"{at},{DRY[i]},{wet[i]}"))
    assert np.abs(found.wet_bulb - 273.15 - wet)[np.abs(wet) > 0.3].max() < 0.01


@pytest.mark.parametrize(("header", "says"), [
    ("time,dry_bulb,relative_humidity [%],p [Pa]",
     'column "dry_bulb" has no unit; write "dry_bulb [degC]" or "[degF]"'),
    ("time,temp [degC],rh,p [Pa]", 'column "rh" has no unit; write "rh [%]" or "[1]"'),
    ("time,temp [degC],rh [g/kg],p [Pa]", 'column "rh [g/kg]" is in "g/kg", no unit of relative humidity; write "rh [%]"'),
    ("time,temp [degC],rh [%],pressure", 'column "pressure" has no unit; write "pressure [hPa]"'),
    ("time,temp [degC],wind [m/s],p [Pa]", "has no column of humidity"),
    ("time,temp [degC],temperature [degC],rh [%]", 'columns "temp [degC]" and "temperature [degC]" are both dry bulb'),
    ("time,sunshine,rain,wind", "has no column of dry bulb in its first 60 lines")])
def test_a_header_that_leaves_something_open(table, header, says):
    with pytest.raises(ProfileError, match=re.escape(says)):
        table(sheet(header))


@pytest.mark.parametrize(("change", "says"), [
    (lambda r: [*r[:90], r[90].replace(f",{DRY[89]},", ",x,"), *r[91:]],
     'hours.csv:91: "dry_bulb [degC]" is "x", which is no number'),
    (lambda r: [r[0], *(re.sub(r",(-?[\d.]+),", lambda m: f",{float(m[1]) * 1.8 + 32:.1f},", x, count=1) for x in r[1:])],
     "not -70 to 60 degC (is the unit right?)"),
    (lambda r: [r[0], *(x.replace("2015-02-03", "03/02/2015") for x in r[1:])], "write it as 2024-01-31T05:00"),
    (lambda r: r[:4000], "hours.csv:4000: ends at 16 June 14:00, after 3,999 of 8,760 hours"),
    (lambda r: [*r[:500], *r[510:]], "rows are missing after line 500: 10 hours from 21 January 19:00 to 22 January 04:00"),
    (lambda r: [*r[:500], r[499], *r[500:]], "comes twice"),
    (lambda r: [*r[:500], r[500].replace("T", "T", 1) + ",1", *r[501:], "2016-01-01T00:00,1,50,99000"],
     "ends at 1 January 00:00, 1 hour after 1 whole year from 1 January 00:00"),
    (lambda r: [*r[:70], "2015-01-03T21:00,5", *r[71:]], "hours.csv:71: has 2 columns, and the header in line 1 has 4"),
    (lambda r: r[:1], "has no row after its header"), (lambda r: [r[0], *r[1::3]], "rows are 3 h apart")])
def test_faulty_rows(table, change, says):
    with pytest.raises(ProfileError, match=re.escape(says)):
        table("\n".join(change(sheet().splitlines())) + "\n")


def test_several_years_with_a_leap_day(table):
    found = table(sheet(years=(2019, 2020, 2021)))
    assert (found.year_count, found.years) == (3, "2019-2021")
    assert any("29 February is left out: 24 rows" in n for n in found.notes)
    assert found.dry_bulb.mean() - 273.15 == pytest.approx(DRY.mean())
    assert round(region.bins(found)[2].sum(), 6) == HOURS


@pytest.mark.parametrize("count", [HOURS, HOURS + 24, 2 * HOURS])
def test_rows_without_time(table, count):
    year = 2016 if count == HOURS + 24 else 2015
    text = sheet("dry_bulb [degC],rh [%]", years=(year, 2015)[:1 + (count == 2 * HOURS)],
                 cells=lambda at, i: f"{DRY[i]},{HUMIDITY[i]:.2f}")
    found = table(text)
    assert len(found.dry_bulb) % HOURS == 0
    assert found.dry_bulb[:HOURS] - 273.15 == pytest.approx(DRY)
    assert any("1 January 00:00" in n for n in found.notes)
    with pytest.raises(ProfileError, match="ends at 28 July 07:00, after 5,000 of 8,760 hours"):
        table("\n".join(text.splitlines()[:5001]))


def test_half_hours_are_averaged(table):
    rows = sheet().splitlines()
    halves = [rows[0], *(half for row in rows[1:] for half in (row, row.replace(":00,", ":30,", 1)))]
    found = table("\n".join(halves))
    assert found.dry_bulb - 273.15 == pytest.approx(DRY)
    assert any("2 records an hour are averaged" in n for n in found.notes)


def test_open_meteo_says_its_place(tmp_path):
    """The lines before the header as Open-Meteo writes them; the file itself holds three days only, so it ends early."""
    with pytest.raises(ProfileError, match="ends at 3 January 23:00, after 72 of 8,760 hours"):
        files.read(DATA / "open-meteo.csv")
    text = (DATA / "open-meteo.csv").read_text(encoding="utf-8").splitlines()[:3]
    body = sheet("time,temperature_2m (°C),relative_humidity_2m (%)",
                 cells=lambda at, i: f"{at},{DRY[i]},{HUMIDITY[i]:.0f}")
    (tmp_path / "om.csv").write_text("\n".join(text) + "\n" + body, encoding="utf-8")
    place = files.read(tmp_path / "om.csv").place
    assert (place.latitude, place.longitude, place.elevation) == (52.5, 13.4, 38.0)
    assert files.read(tmp_path / "om.csv", site={"elevation": 99.0}).place.elevation == 99


def test_a_time_in_another_order_is_read_as_its_heading_says(table):
    """TMY3 as NREL hands it out: 12/31/1988, 24:00 is the last hour of a year."""
    dates = calendar()

    def cells(at, i):
        month, day, hour = dates[i]
        return f"{month:02}/{day:02}/1988,{hour:02}:00,{DRY[i]},{HUMIDITY[i]:.2f}"

    found = table(sheet("Date (MM/DD/YYYY),Time (HH:MM),Dry-bulb (C),RHum (%)", cells=cells))
    assert found.dry_bulb - 273.15 == pytest.approx(DRY)


def test_a_region_from_a_csv(cli):
    Path("hours.csv").write_text(sheet())
    new = ("regions", "new", "my-site", "--csv", "hours.csv", "--out", "sites")
    code, out, err = cli(*new)
    assert (code, out) == (2, "")
    assert '--lat 40.1 --lon -82.8 --elevation "300 m"' in said(err)
    code, out, err = cli(*new, "--lat", "44.05", "--lon", "-123.02", "--elevation", "460 ft")
    assert code == 0, err
    assert out.startswith("my-site")  # a table: "--csv FILE" is no format
    assert "does not say its country" in err
    document = tomllib.loads(Path("sites/my-site.toml").read_text())
    assert (document["elevation"]["value"], document["climate_grade"], document["country"]) == ("140.21 m", "B", "USA")
    assert cli("profiles", "validate", "sites/my-site.toml")[0] == 0


def test_a_csv_may_be_of_the_place_of_another_region(cli, library):
    Path("hours.csv").write_text(sheet())
    assert cli("regions", "new", "my-site", "--csv", "hours.csv", "--from", "eu-north-1", "--out", "sites")[0] == 0
    mine, base = Library("sites").load("region", "my-site"), library.load("region", "eu-north-1")
    assert (mine.header.latitude, mine.header.country) == (base.header.latitude, "SWE")
    assert mine.figures["elevation"].value == base.figures["elevation"].value


def test_the_format_csv_is_not_lost(cli, tmp_path):
    """"--csv" names a file here; without one, and before the command, it is the format that it is elsewhere."""
    epw = Epw(design_conditions()).write(tmp_path / "site.epw")
    new = ("regions", "new", "my-site", "--epw", epw)
    for argv in (("--csv", *new), (*new, "--csv"), (*new, "-f", "csv")):
        code, out, err = cli(*argv)
        assert code == 0, err
        assert {r["figure"]: r["value"] for r in csv.DictReader(io.StringIO(out))}["extreme_dry_bulb"] == "41.2 degC"
    assert "is an EPW" in cli("regions", "new", "my-site", "--csv", epw)[2]
    assert list(Path().iterdir()) == []
    found = json.loads(cli(*new, "--json")[1])
    assert (found["figures"]["extreme_dry_bulb"]["value"], found["weather"]["hours"]) == ("41.2 degC", HOURS)


# --- names, files, and what the user states


@pytest.mark.parametrize(("name", "says"), [
    ("My Site", "my-site"), ("a_b", "a-b"), ("../x", "Write e.g. x"), ("", "my-site"), ("-x", "x"),
    ("x" * 50, "at most 40"),
    ("us-east-1", "already means the region us-east-1"), ("ohio", "already means the region us-east-2")])
def test_names_that_cannot_be(cli, tmp_path, name, says):
    epw = Epw().write(tmp_path / "site.epw")
    code, _, err = cli("regions", "new", "--epw", epw, "--out", "sites", "--", name)
    assert code == 2
    assert says in said(err)
    assert not Path("sites").exists()


def test_files_are_replaced_only_by_force(cli, tmp_path):
    epw = Epw().write(tmp_path / "site.epw")
    new = ("regions", "new", "my-site", "--epw", epw, "--out", "deep/sites", "-q")
    assert cli(*new) == (0, cli(*new[:-3], "-q")[1], "")
    Path("deep/sites/my-site.toml").write_text("mine")
    code, _, err = cli(*new)
    assert code == 2
    assert "--force" in err
    assert Path("deep/sites/my-site.toml").read_text() == "mine"
    assert cli(*new, "--force")[0] == 0
    assert Path("deep/sites/my-site.toml").read_text() != "mine"
    Path("file").write_text("")
    code, _, err = cli(*new[:5], "--out", "file")
    assert code == 1
    assert "cannot write into file" in err


def test_a_known_name_stands_in_by_force(cli, tmp_path):
    epw = Epw(design_conditions()).write(tmp_path / "site.epw")
    assert cli("regions", "new", "us-east-1", "--epw", epw, "--out", "sites", "--force")[0] == 0
    assert "Springfield" in cli("regions", "show", "us-east-1", "-P", "sites")[1]
    assert "Springfield" not in cli("regions", "show", "us-east-1")[1]


def test_grid_and_market_of_another_region(cli, tmp_path, library):
    epw = Epw(design_conditions()).write(tmp_path / "site.epw")
    assert cli("regions", "new", "my-stockholm", "--epw", epw, "--from", "stockholm", "--out", "sites")[0] == 0
    assert cli("profiles", "validate", "sites/my-stockholm.toml", "-P", "sites")[0] == 0
    mine, base = Library("sites").load("region", "my-stockholm"), library.load("region", "eu-north-1")
    for name in (*region.GRID, "carbon_intensity", "energy_price"):
        assert mine.figures[name].value == base.figures[name].value
    assert mine.header.carbon_basis == base.header.carbon_basis
    assert mine.figures["extreme_dry_bulb"].text == "41.2 degC"
    assert mine.header.published == []


def test_what_the_user_states_stands_in_the_file(cli, tmp_path):
    epw = Epw().write(tmp_path / "site.epw")
    code, out, err = cli("regions", "new", "my-site", "--epw", epw, "--out", "sites", "--set",
                         "carbon_intensity=300 g/kWh", "--set", "energy_price=80 USD/MWh", "--set",
                         "extreme_wet_bulb=27.5 degC", "--set", "grid_frequency=50 Hz", "--title", 'The "site" \\ Süd',
                         "--lat", "44.3", "--lon", "-123.0", "--elevation", "300 m")
    assert code == 0, err
    document = tomllib.loads(Path("sites/my-site.toml").read_text(encoding="utf-8"))
    for name, value in (("carbon_intensity", "300 g/kWh"), ("energy_price", "80 USD/MWh"), ("elevation", "300 m"),
                        ("extreme_wet_bulb", "27.5 degC"), ("grid_frequency", "50 Hz")):
        assert (document[name]["value"], document[name]["source"]) == (value, "given")
    assert document["title"] == 'The "site" \\ Süd'
    assert document["climate_grade"] == "B"  # the station is 28 km away
    assert "160 m above the station" in said(err)
    assert "the weather is not corrected" in said(err)
    code, out, _ = cli("estimate", "1k", "--chip", "h100-sxm", "--region", "my-site", "-P", "sites", "--json")
    results = json.loads(out)["deployments"][0]["results"]
    energy = results["annual_energy"]["value"]
    assert results["carbon_emissions"]["value"] == pytest.approx(energy * 300, rel=1e-6)
    assert results["energy_cost"]["value"] == pytest.approx(energy * 1000 * 80, rel=1e-6)


@pytest.mark.parametrize(("options", "says"), [
    (["--set", "carbon_intensity=300"], "has no unit"), (["--set", "pue=1.2"], "is a result"),
    (["--set", "tdp=700 W/chip"], "no figure of a region"), (["--elevation", "300"], "--elevation"),
    (["--lat", "95", "--lon", "0"], "latitude"), (["--lat", "5"], "without --lon"),
    (["--lon", "190", "--lat", "0"], "-170 is the same"), (["--country", "US"], "three letters"),
    (["--from", "atlantis"], "unknown region"), (["--set", "extreme_dry_bulb=20 degC"], "below cooling_dry_bulb"),
    (["--set", "extreme_dry_bulb=200 degC"], "above"), (["--csv", "b.csv"], "two weather files"),
    (["--set", "elevation=5000 m"], "above 4000")])
def test_statements_that_cannot_be(cli, tmp_path, options, says):
    epw = Epw().write(tmp_path / "site.epw")
    code, out, err = cli("regions", "new", "my-site", "--epw", epw, "--out", "sites", *options)
    assert (code, out) == (2, ""), err
    assert says in said(err)
    assert not Path("sites").exists()


@pytest.mark.parametrize(("mean", "swing", "zone"), [(31, 1, "0"), (25, 2, "1"), (22, 5, "2"), (17, 7, "3"), (12, 10, "4"),
                                               (10, 12, "5"), (7, 12, "6"), (3, 14, "7"), (-5, 18, "8")])
def test_thermal_zones_are_the_standards(made, mean, swing, zone):
    """Sines whose degree days, by the integral of a sine over a base, lie within the zone's bounds."""
    weather = made(Epw())
    weather.dry_bulb = 273.15 + mean - swing * np.cos(2 * np.pi * np.arange(HOURS) / HOURS)
    heating, cooling = region.degree_days(weather)
    daily = mean - swing * np.cos(2 * np.pi * np.arange(365) / 365)
    assert heating == pytest.approx(np.maximum(18.3 - daily, 0).sum(), abs=5)
    assert cooling == pytest.approx(np.maximum(daily - 10, 0).sum(), abs=5)
    assert region.build(Library(), "my-site", weather).header["ashrae_zone"] == f"{zone} (letter not known)"


# --- near, show


def test_distances():
    """A quarter of a meridian is 10,002 km on the ellipsoid; London to Paris is 344 km, to Sydney 16,994 km."""
    assert distance(0, 0, 90, 0) / 1e3 == pytest.approx(10002, rel=0.002)
    assert distance(51.5074, -0.1278, 48.8566, 2.3522) / 1e3 == pytest.approx(343.6, abs=2)
    assert distance(51.5074, -0.1278, -33.8688, 151.2093) / 1e3 == pytest.approx(16994, abs=30)
    assert distance(10, 179.5, 10, -179.5) / 1e3 == pytest.approx(109.5, abs=1)
    assert distance(5, 5, 5, 5) == 0


def test_the_nearest_regions(cli, library):
    code, out, err = cli("regions", "near", "39.0,-77.5", "--csv")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (rows[0]["region"], len(rows)) == ("us-east-1", 5)
    away = [float(r["distance [km]"]) for r in rows]
    assert away == sorted(away)
    assert away[0] < 20
    assert float(rows[0]["extreme_dry_bulb [degC]"]) == 39.7
    assert cli("regions", "near", "39.0,-77.5", "--full", "--csv")[1].count("\n") == 1 + len(library.names("region"))
    assert cli("regions", "near", "39.0,-77.5", "--count", "2", "--csv")[1].count("\n") == 3


@pytest.mark.parametrize("place", [["-33.9,151.2"], ["-33.9", "151.2"], ["-33.9,", "151.2"], ["--", "-33.9,151.2"],
                                   ["-33.9,151.2", "--count", "3"]])
def test_south_and_west_are_no_options(cli, place):
    code, out, err = cli("regions", "near", *place)
    assert code == 0, err
    assert out.splitlines()[4].startswith("ap-southeast-2")


def test_near_tells_what_to_do_where_nothing_is_near(cli):
    err = said(cli("regions", "near", "64.1,-21.9")[2])
    assert re.search(r"the nearest is 1,\d{3} km away", err)
    assert "dcestimate regions new NAME --epw FILE.epw --lat 64.1 --lon -21.9 --out DIR" in err
    assert "grade C" in said(cli("regions", "near", "65.6,22.1")[2])


@pytest.mark.parametrize(("place", "says"), [
    (["here"], "no latitude and longitude"), (["39.0"], "39.0,-77.5"), (["1", "2", "3"], "degrees"),
    (["-120,45"], "Latitude comes first"), (["45,282.5"], "-77.5 is the same"), (["nan,1"], "latitude"),
    (["39,0,-77,5"], "39.0,-77.5")])
def test_places_that_cannot_be(cli, place, says):
    code, out, err = cli("regions", "near", *place)
    assert (code, out) == (2, "")
    assert says in said(err)


def test_a_region_of_low_grade_tells_how_to_better_it(cli, library):
    for name in library.names("region"):
        profile = library.load("region", name)
        poor = profile.header.climate_grade != "A" or any(profile.figures[n].grade == "C" for n in design_weather.NAMES)
        out = said(cli("regions", "show", name)[1])
        command = f"dcestimate regions new my-{name} --epw FILE.epw --from {name} --out DIR"
        assert (command in out) == poor
        assert "onebuilding" in out


