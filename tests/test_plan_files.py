"""Files of plans: three formats of one content, and every fault told with its place and the fix."""

import contextlib
import datetime
import io
import re
import tomllib
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate import units
from dcestimate.cli.main import main
from dcestimate.errors import DcestimateError, OutputError, ProfileError
from dcestimate.profiles import shipped
from dcestimate.rollout import sheets, workbooks
from dcestimate.rollout.as_table import rows
from dcestimate.rollout.files import read
from dcestimate.rollout.quarters import Quarter

openpyxl = pytest.importorskip("openpyxl")

EXAMPLE = (shipped() / "plans" / "example.toml").read_text(encoding="utf-8")
TABLE = rows(tomllib.loads(EXAMPLE))
START = 'schema = "dcestimate/plan/1"\ndeadline = "2027Q4"\nfleet.mix = { gb300 = "100 %" }\n'
SITE = '[[site]]\nregion = "us-east-1"\n'
HEADER = "site,region,what,unit,value,2026Q4,2027Q1,2027Q4,note\n"
FLEET = HEADER + "fleet,,deadline,,2027Q4,,,,\nfleet,,mix.gb300,%,100,,,,\n"


@pytest.fixture
def faults(plan_of, tmp_path):
    """The faults of a file, its folder taken off; a file without any fails."""
    def _faults(content, name="plan.toml"):
        with pytest.raises(ProfileError) as caught:
            plan_of(content, name)
        assert caught.value.exit == 3
        assert all(problem.startswith(f"{tmp_path}/{name}") for problem in caught.value.problems)
        assert "\n" not in "".join(caught.value.problems)
        return [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]

    return _faults


def book(table, change=None, **sheet):
    """A workbook [bytes] of rows of cells, changed by a function of its sheet."""
    made = openpyxl.Workbook()
    made.active.title = sheet.get("title", "Plan")
    for row in table:
        made.active.append([cell if cell != "" else None for cell in row])
    if change:
        change(made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def typed(text):
    """Rows of cells of a CSV text, numbers as numbers."""
    return [[float(cell) if sheets.DECIMAL.fullmatch(cell) else cell for cell in line.split(",")]
            for line in text.splitlines()]


def repacked(content, change):
    """A workbook whose parts a function of (name, bytes) has changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


# one content, three formats


@pytest.mark.parametrize(("name", "made"), [("plan.csv", sheets.as_csv(TABLE)),
                                            ("plan.xlsx", workbooks.as_workbook(TABLE))])
def test_the_example_is_the_same_plan_in_every_format(plan_of, name, made):
    example = plan_of(EXAMPLE)
    assert replace(plan_of(made, name), path="") == replace(example, path="")


RICH = START + '''start = "2026Q4"
notes = ["two sites"]
[allocate]
objective = "chip-quarters"
[settings]
provision_ratio = "0.9"
[[site]]
name = "north"
region = "us-east-1"
added = { 2027Q1 = "1k", 2027Q2 = "2k" }
mix = { gb300 = "50 %", trainium2 = "50 %" }
cooling_design = "dlc-tower"
power = { 2027Q1 = "9 MW", 2027Q2 = "8000 kW" }
generators = 12
existing = { power = "2 MW" }
ramp = "30k"
ordered = { substation = "2025Q1" }
lead_time = { substation = "24 months" }
per_accelerator = { power = "2.1 kW/chip" }
whole = "rack"
note = "the utility takes a megawatt back"
[[site]]
name = "south"
region = "eu-north-1"
chips = { gb300 = { 2026Q4 = "1k" }, trainium2 = { 2027Q1 = "500", 2027Q2 = "2k" } }
whole = "12 MW"
[[shared]]
name = "river"
sites = ["north", "south"]
water = { 2027Q1 = "3 MGD" }
existing = { water = "1 MGD" }
note = "permit of 2025"
'''


def test_racks_are_counted_and_power_is_not(plan_of):
    """A bare number is a limit of racks and of generators, in a table too; of power it is refused with its units."""
    site = '[[site]]\nregion = "us-east-1"\n'
    plans = [plan_of(START + site + stated) for stated in ("racks = 900\n", 'racks = "900"\n', 'racks = "900 racks"\n',
                                                           "racks = { 2027Q1 = 900 }\n")]
    assert [list(plan.sites[0].limits["racks"].values()) for plan in plans] == [[900.0]] * 4
    assert plan_of(START + site + "generators = 12\n").sites[0].limits["generators"]
    document = tomllib.loads(START + site + "racks = 900\n")
    assert list(plan_of(sheets.as_csv(rows(document)), "plan.csv").sites[0].limits["racks"].values()) == [900.0]
    for stated, says in (("power = 900", "has no unit. Write e.g. \"900 MW\""), ("racks = 9.5", "no unit")):
        with pytest.raises(ProfileError, match=says):
            plan_of(START + site + stated)


def test_a_limit_bears_what_is_there(plan_of):
    """At the line of the quarter in which the limit is below the load that exists, for a site and for what is shared."""
    site = '[[site]]\nregion = "us-east-1"\nexisting = { power = "12 MW" }\n'
    assert plan_of(START + site + 'power = "12 MW"')
    for stated, since in (('power = "9 MW"', ""), ('power = { 2026Q4 = "9 MW", 2027Q1 = "20 MW" }', " in 2026Q4")):
        with pytest.raises(ProfileError, match=f"power is 9 MW{since}, below the 12 MW of existing load"):
            plan_of(START + site + stated)


def test_everything_that_a_document_states_fits_in_a_table(plan_of):
    document = tomllib.loads(RICH)
    stated = plan_of(RICH)
    table = plan_of(sheets.as_csv(rows(document)), "plan.csv")
    assert replace(table, path="", notes=()) == replace(stated, path="", notes=())
    site = table.sites[0]
    half = {Quarter.of("2027Q1"): 500, Quarter.of("2027Q2"): 1500}
    assert site.chips == {"gb300": half, "trainium2": half}
    assert table.sites[1].chips == {"gb300": {Quarter.of("2026Q4"): 1000},
                                    "trainium2": {Quarter.of("2027Q1"): 500, Quarter.of("2027Q2"): 2000}}
    assert table.sites[1].whole == pytest.approx(12e6)
    assert table.shared[0].members == ("north", "south")
    assert dict(site.designs) == {"cooling": "dlc-tower"}
    assert site.limits["power"] == {Quarter.of("2027Q1"): 9e6, Quarter.of("2027Q2"): 8e6}


def test_remarks_of_the_written_table_become_rows_by_a_name(plan_of):
    lines = sheets.as_csv(TABLE).splitlines()
    hint = next(n for n, line in enumerate(lines) if line.startswith("#,,ramp"))
    lines[hint] = "us-east-1,,ramp,,7500" + "," * (lines[0].count(",") - 4)
    assert plan_of("\n".join(lines), "plan.csv").sites[0].ramp == 7500


def test_overrides_are_shown_as_given(plan_of):
    assert plan_of(RICH).notes == ("two sites", "north: grid power of 2.1 kW/chip as given, in place of the model's")


@pytest.mark.parametrize("text", ['"2027Q4"', '"2027-12"', '"2027-12-31"', "2027-12-31", '"2027-q4"'])
def test_dates_are_written_as_people_write_them(plan_of, text):
    assert plan_of(START.replace('"2027Q4"', text) + SITE).deadline == Quarter.of("2027Q4")


def test_a_limit_without_a_quarter_holds_always(plan_of):
    found = plan_of(START + SITE + 'chips = { 2027Q3 = "1k" }\npower = "60 MW"\n')
    assert found.quarters == (Quarter.of("2027Q3"), Quarter.of("2027Q4"))
    assert found.sites[0].available("power", Quarter.of("2027Q3")) == units.to_si(60, "MW")


def test_chips_beyond_the_deadline_are_left_out_and_said_to_be(plan_of):
    found = plan_of(START + SITE + 'chips = { 2027Q4 = "1k", 2028Q1 = "2k" }\n')
    assert found.notes == ("chips planned for 2028Q1 and later come after the deadline and are left out",)
    assert found.quarters == (Quarter.of("2027Q4"),)


# what cells may hold


def test_a_number_is_in_the_unit_of_its_row_and_a_text_in_its_own(plan_of):
    table = FLEET + 'a,us-east-1,power,MW,,60,"70,000 kW",0.08 GW,\na,,chips,k,,20,20.5,50,\n'
    found = plan_of(table, "plan.csv").sites[0]
    assert list(found.limits["power"].values()) == pytest.approx([60e6, 70e6, 80e6])
    assert list(found.chips["gb300"].values()) == [20_000, 20_500, 50_000]


def test_dates_percents_and_numbers_as_text_in_a_workbook(plan_of):
    table = typed(FLEET + "a,us-east-1,power,MW,,60,,,\na,,chips,,,20000,,30000,\n")
    table[0][5] = datetime.datetime(2026, 12, 31)
    table[1][4] = datetime.date(2027, 12, 31)
    table[3][6] = "61"

    def change(sheet):
        sheet["E3"], sheet["E3"].number_format, sheet["D3"] = 1, "0%", None

    found = plan_of(book(table, change), "plan.xlsx")
    assert found.deadline == Quarter.of("2027Q4")
    assert found.mix == (("gb300", 1.0),)
    assert list(found.sites[0].limits["power"].values()) == [60e6, 61e6]


def test_the_sheet_is_plan_or_the_first_that_shows(plan_of):
    table = typed(FLEET + "a,us-east-1,chips,,,20000,,,\n")

    def change(sheet):
        sheet.parent.create_sheet("Cover", 0)["A1"] = "Ours"
        sheet.parent.create_sheet("Notes")

    assert plan_of(book(table, change), "plan.xlsx").notes == ()

    def hide(sheet):
        change(sheet)
        sheet.parent["Cover"].sheet_state = "hidden"

    found = plan_of(book(table, hide, title="Sites"), "plan.xlsx")
    assert found.notes == ('sheet "Sites" is read, the first of 2; to choose another, name it Plan',)


def test_a_formula_that_yields_nothing_is_an_empty_cell(plan_of):
    made = book(typed(FLEET + "a,us-east-1,chips,,,20000,,,\n"), lambda sheet: sheet.__setitem__("H4", '=IF(1,"","")'))
    stored = repacked(made, lambda name, part: re.sub(
        rb'<c r="H4"( t="\w+")?>(<f>.*?</f>)<v ?/?>(</v>)?', rb'<c r="H4" t="str">\2<v></v>', part))
    assert len(plan_of(stored, "plan.xlsx").sites[0].chips) == 1


# faults of a document


DOCUMENTS = {
    "empty": ("", 'plan.toml:1: schema is missing; write schema = "dcestimate/plan/1"'),
    "no site": (START, "plan.toml:1: there is no site; add [[site]] and its region"),
    "one table": (START + '[site]\nregion = "us-east-1"\n',
                  "plan.toml:4: site is one table; write [[site]] and its region"),
    "no region": (START + '[[site]]\nname = "a"\n', 'plan.toml:4: site "a" has no region; write e.g. region = "us-east-1"'),
    "unknown quarter": (START + SITE + 'chips = { 2027Q5 = "5k" }\n',
                        "plan.toml:6: chips: '2027Q5' is no quarter. Write e.g. \"2027Q4\", \"2027-12\" or"),
    "far quarter": (START.replace('"2027Q4"', "9999-12-31") + SITE, "plan.toml:2: deadline: '9999-12-31' is no quarter."),
    "limit shrinks": (START + SITE + '[site.power]\n2026Q4 = "60 MW"\n2027Q1 = "40 MW"\n',
                      "plan.toml:8: power falls from 60 MW in 2026Q4 to 40 MW in 2027Q1; say why in note, or mend it"),
    "shares": (START.replace("100 %", "90 %") + SITE, "plan.toml:3: mix: the chip shares add up to 0.9, not 1. Write"),
    "workload shares": (START + 'fleet.workload = { training = "1/2", inference = "1/3" }\n' + SITE,
                        "plan.toml:4: workload: the workload shares add up to 0.8333, not 1. Write"),
    "deadline first": (START + 'start = "2028Q1"\n' + SITE,
                       "plan.toml:2: deadline 2027Q4 is before the start, 2028Q1; put one of the two right"),
    "no deadline": (START.replace('deadline = "2027Q4"\n', "") + SITE,
                    'plan.toml:1: deadline is missing; write e.g. deadline = "2027Q4"'),
    "one key twice": (START + SITE + 'region = "eu-north-1"\n', "plan.toml:6: region is stated a second time; keep one"),
    "one table twice": (START + "[settings]\n[settings]\n" + SITE,
                        "plan.toml:5: [settings] is stated a second time; keep one"),
    "two sites": (START + SITE + SITE, 'plan.toml:6: site "us-east-1" is there twice; give each a name of its own'),
    "one quarter twice": (START + SITE + 'chips = { 2027Q4 = 5, 2027-12 = 6 }\n',
                          "plan.toml:6: chips in 2027Q4 is stated twice; keep one"),
    "objective of the fleet": (START + 'fleet.objective = "deadline"\n' + SITE,
                               "plan.toml:4: objective is not a key here; it belongs in the table [allocate]"),
    "unknown key": (START + SITE + 'powr = "60 MW"\n', "plan.toml:6: powr is not a key here; did you mean power?"),
    "unknown top key": ("dedline = 1\n" + START + SITE, "plan.toml:1: dedline is not a key here; did you mean deadline?"),
    "unknown limit": (START + SITE + 'existing = { powr = "6 MW" }\n',
                      "plan.toml:6: powr is no limit; did you mean power?"),
    "unknown equipment": (START + SITE + 'ordered = { upss = "2026Q1" }\n',
                          "plan.toml:6: upss is no equipment; did you mean ups?"),
    "negative": (START + SITE + 'power = "-60 MW"\n', "plan.toml:6: power is -60 MW, below 0; write 0 or more"),
    "nan": (START + SITE + "power = nan\n", "plan.toml:6: power: nan is not a value. Write e.g. \"250 MW\"."),
    "inf": (START + SITE + 'power = "inf MW"\n', "plan.toml:6: power: infinity is not a value."),
    "no unit": (START + SITE + "power = 60\n", "plan.toml:6: power: '60' has no unit. Write e.g. \"60 MW\"."),
    "dimension": (START + SITE + 'power = "60 m2"\n',
                  "plan.toml:6: power: '60 m2' is in m2, which is not a quantity in MW."),
    "override": (START + SITE + 'per_accelerator = { power = "2 kW" }\n',
                 "plan.toml:6: per_accelerator.power: '2 kW' is in kW"),
    "counts fall": (START + SITE + 'chips = { 2026Q4 = "6k", 2027Q1 = "5k" }\n',
                    "plan.toml:6: chips falls from 6,000 in 2026Q4 to 5,000 in 2027Q1; chips are counted since the start"),
    "supply falls": (START + 'fleet.supply.gb300 = { 2026Q4 = "6k", 2027Q1 = "5k" }\n' + SITE,
                     "plan.toml:4: supply.gb300 falls from 6,000 in 2026Q4 to 5,000 in 2027Q1;"),
    "negative count": (START + SITE + "chips = { 2026Q4 = -5 }\n", "plan.toml:6: chips: '-5' is not above zero. Write"),
    "part of a chip": (START + SITE + "chips = { 2026Q4 = 5.5 }\n", "plan.toml:6: chips: '5.5' is a fraction of a chip."),
    "true": (START + SITE + "chips = { 2026Q4 = false }\n",
             "plan.toml:6: chips: False is not a count. Write a whole number, e.g."),
    "no quarter": (START + SITE + 'chips = "20k"\n',
                   'plan.toml:6: chips is 20k without a quarter; write e.g. { 2027Q4 = "20k" }'),
    "chips and added": (START + SITE + 'chips = { 2026Q4 = "6k" }\nadded = { 2026Q4 = "6k" }\n',
                        "plan.toml:7: chips and added both say how many; keep one of the two"),
    "unknown chip": (START.replace("gb300", "gb3000") + SITE,
                     "plan.toml:3: mix.gb3000: unknown chip 'gb3000'. Did you mean gb300"),
    "unknown region": (START + SITE.replace("us-east-1", "us-esat-1"),
                       "plan.toml:5: region: unknown region 'us-esat-1'. Did you mean us-"),
    "unknown design": (START + SITE + 'cooling_design = "dlc-towr"\n',
                       "plan.toml:6: cooling_design: unknown cooling 'dlc-towr'. Did you mean dlc-tower"),
    "a design for a limit": (START + SITE + 'cooling = "dlc-tower"\n',
                             "plan.toml:6: cooling is not a key here; did you mean cooling_design?"),
    "system of another chip": (START + SITE + 'system = "dgx-h100"\n', "plan.toml:6: system: system 'dgx-h100' holds h100"),
    "no chip": (START.replace('fleet.mix = { gb300 = "100 %" }\n', "") + SITE,
                'plan.toml:3: neither the site nor the fleet says which chips; write e.g. mix = { gb300 = "100 %" }'),
    "empty mix": (START.replace('gb300 = "100 %"', "") + SITE, "plan.toml:3: mix names no chip; write e.g. mix ="),
    "whole": (START + SITE + 'whole = "chip"\n',
              'plan.toml:6: whole is "chip"; there are system, rack, hall, and halls such as "12 MW"'),
    "whole of so much": (START + SITE + 'whole = "12 acre"\n', "plan.toml:6: whole: '12 acre'"),
    "chips and quarters": (START + SITE + 'chips = { gb300 = { 2026Q4 = "1k" }, 2027Q1 = "2k" }\n',
                           "plan.toml:6: chips names 2027Q1 beside chips; write quarters in each chip"),
    "chips of a chip and a mix": (START + SITE + 'chips = { gb300 = { 2026Q4 = "1k" } }\nmix = { gb300 = "100 %" }\n',
                                  "plan.toml:7: chips says already which chips; leave mix out"),
    "chips that fall": (START + SITE + 'chips = { gb300 = { 2026Q4 = "2k", 2027Q1 = "1k" } }\n',
                        "plan.toml:6: chips.gb300 falls from 2,000 in 2026Q4 to 1,000 in 2027Q1"),
    "a chip under two names": (START + SITE + 'chips = { gb300 = { 2026Q4 = "2k" }, GB300 = { 2026Q4 = "1k" } }\n',
                               "plan.toml:6: chips names gb300 twice; keep one"),
    "shared by one": (START + SITE + '[[shared]]\nname = "river"\nsites = ["us-east-1"]\npower = "1 MW"\n',
                      "plan.toml:8: sites names not two sites or more"),
    "shared by a stranger": (START + SITE + '[[shared]]\nname = "r"\nsites = ["us-east-1", "north"]\npower = "1 MW"\n',
                             "plan.toml:8: north is no site; there are us-east-1"),
    "shared without limits": (START + SITE + '[[shared]]\nname = "river"\nsites = ["us-east-1", "us-east-1"]\n',
                              "plan.toml:6: river limits nothing; write e.g. power"),
    "shared under a site's name": (START + SITE + '[[shared]]\nname = "us-east-1"\nwater = "1 MGD"\n',
                                   'plan.toml:7: there is a "us-east-1" already'),
    "shared without a name": (START + SITE + '[[shared]]\nwater = "1 MGD"\n', "plan.toml:6: name is"),
    "lead time": (START + SITE + 'lead_time = { ups = "2 fortnights" }\n',
                  'plan.toml:6: lead_time.ups is "2 fortnights"; write e.g. "24 months" or "65 weeks"'),
    "setting": (START + '[settings]\nprovision_ratoi = "0.9"\n' + SITE,
                "plan.toml:5: settings.provision_ratoi: unknown input"),
    "objective": (START + '[allocate]\nobjective = "most"\n' + SITE,
                  'plan.toml:5: objective is "most"; there are deadline, chip-quarters'),
    "not a table": (START.replace('{ gb300 = "100 %" }', "5") + "settings = 5\n" + SITE,
                    'plan.toml:4: settings is "5", not a table'),
    "list of numbers": (START + "site = [1]\n", 'plan.toml:4: a site is "1", not a table'),
    "a long number": (START + SITE + f"power = {'9' * 5000}\n", "plan.toml:1: is not TOML: Exceeds the limit"),
    "a long hexadecimal": (START + SITE + f"power = 0x{'f' * 5000}\n",
                           "plan.toml:6: power: 'a number of thousands of digits' does not start with a number."),
    "deep": (START + "x = " + "[" * 5000, "plan.toml:1: is not TOML: it is nested too deeply"),
    "no TOML": (START + "chips\n", "plan.toml:4: is not TOML: "),
    "cut off": (START + 'name = "', "plan.toml:4: is not TOML: "),
    "a table as TOML": (FLEET, "plan.toml:1: is not TOML: "),
    "Latin-1": (START.encode() + b'name = "Gen\xe8ve"\n', "plan.toml:4: byte 0xe8 is not UTF-8; save it as UTF-8"),
    "UTF-16": (START.encode("utf-16"), "plan.toml:1: is UTF-16; save it as UTF-8"),
    "binary": (bytes(range(256)) * 9, "plan.toml:2: byte 0x80 is not UTF-8; save it as UTF-8"),
    "zeros": (b"\0" * 99, "plan.toml:1: is not text; save it as UTF-8"),
    "a name for a terminal": (START + 'name = "\\u001b[31mred"\n' + SITE, 'plan.toml:4: name is "?[31mred"; write a text'),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_fault_of_a_document_has_its_line_and_the_fix(faults, name):
    content, wanted = DOCUMENTS[name]
    assert any(problem.startswith(wanted) for problem in faults(content)), faults(content)


def test_all_faults_of_a_document_are_told_in_its_order(faults):
    found = faults(START.replace("gb300", "gb3000") + SITE + 'powr = "6 MW"\nwater = "6 MW"\n[[site]]\nwhole = 3\n')
    assert [problem.split(":")[1] for problem in found] == ["3", "6", "7", "8", "9"]


def test_a_limit_may_shrink_with_a_note(plan_of):
    assert plan_of(START + SITE + 'power = { 2026Q4 = "60 MW", 2027Q1 = "40 MW" }\nnote = "sold"\n').sites
    assert plan_of(FLEET + "a,us-east-1,power,MW,,60,40,,sold\n", "plan.csv").sites


# faults of a table


TABLES = {
    "no header": ("a,b\n1,2\n", "plan.csv:1: has no header in its first 20 rows; write site,region,what,unit,value,2027Q1"),
    "nothing": ("", "plan.csv:1: has no header"),
    "only a header": (HEADER, "plan.csv:1: there is no site; add a row of a site, its region, what chips and a number"),
    "no deadline": (HEADER + "a,us-east-1,mix,,gb300,,,,\n",
                    "plan.csv:1: deadline is missing; write e.g. a row of site fleet, what deadline, value 2027Q4"),
    "semicolons": (FLEET.replace(",", ";"), "plan.csv:1: columns are separated by semicolons; write commas, and points"),
    "tabs": (FLEET.replace(",", "\t"), "plan.csv:1: columns are separated by tabs;"),
    "decimal comma": (FLEET + 'a,us-east-1,power,MW,,"60,5",,,\n',
                      "plan.csv:4: column 2026Q4: power: ambiguous number '60,5 MW'. Write 60.5 MW."),
    "unknown column": (FLEET.replace("note", "nots"), 'plan.csv:1: column nots: "nots" is no column; did you mean note?'),
    "unknown quarter": (FLEET.replace("2027Q1", "2027Q5"),
                        'plan.csv:1: column 2027Q5: "2027Q5" is no column; there are site, region, what, unit, value,'),
    "a quarter twice": (FLEET.replace("2027Q1", "2026-12"),
                        "plan.csv:1: column 2026-12: quarter 2026Q4 has a column already; keep one"),
    "a column twice": (FLEET.replace("note", "unit"), "plan.csv:1: column unit: column unit is there twice; keep one"),
    "no region column": (FLEET.replace("region", "note", 1).replace(",note\n", ",\n"),
                         "plan.csv:1: the header has no column region;"),
    "no heading": (FLEET.replace(",note", ",") + "a,us-east-1,ramp,,5,,,,7\n",
                   "plan.csv:1: has no heading over cells that say something"),
    "no region": (FLEET + "a,,chips,,,5,,,\n", 'plan.csv:4: column site: site "a" has no region; write e.g. us-east-1 in'),
    "two regions": (FLEET + "a,us-east-1,chips,,,5,,,\na,us-west-2,ramp,,5,,,,\n",
                    'plan.csv:5: column region: site "a" is in us-west-2 here and in us-east-1 in row 4; give each'),
    "one kind twice": (FLEET + "a,us-east-1,chips,,,5,,,\na,us-east-1,chips,,,,6,,\n",
                       "plan.csv:5: column what: chips of a is stated already in row 4; keep one of the two rows"),
    "mix in two ways": (FLEET + "fleet,,mix,,gb300,,,,\n",
                        "plan.csv:4: column what: mix of fleet is stated already in row 3"),
    "no site": (FLEET + ",us-east-1,chips,,,5,,,\n", "plan.csv:4: column site: site is empty; write one in every row"),
    "unknown kind": (FLEET + "a,us-east-1,powr,MW,,5,,,\n", 'plan.csv:4: column what: what is "powr"; did you mean power?'),
    "of the fleet": (FLEET + "a,us-east-1,total,,5,,,,\n",
                     'plan.csv:4: column what: what is "total"; that is of the fleet; write it with site fleet'),
    "of a site": (FLEET + "fleet,,ramp,,5,,,,\n", 'plan.csv:4: column what: what is "ramp"; that is of a site'),
    "unknown limit": (FLEET + "a,us-east-1,existing.powr,MW,5,,,,\n",
                      "plan.csv:4: column value: powr is no limit; did you mean power?"),
    "a table alone": (FLEET + "a,us-east-1,existing,MW,5,,,,\n",
                      "plan.csv:4: column what: what is existing alone; write e.g. existing.power"),
    "nothing said": (FLEET + "a,us-east-1,power,MW,,,,,\n",
                     "plan.csv:4: power says nothing; write it under a quarter, or delete the row"),
    "value and quarters": (FLEET + "a,us-east-1,power,MW,5,5,,,\n",
                           "plan.csv:4: column value: power has a value and quarters; empty the value, or the quarters"),
    "undated": (FLEET + "a,us-east-1,chips,,5,,,,\n",
                "plan.csv:4: column value: chips is 5 without a quarter; write e.g. 5 under"),
    "dated": (FLEET + "a,us-east-1,whole,,,rack,,,\n",
              "plan.csv:4: column 2026Q4: whole does not change over time; write it in column value"),
    "unit of a count": (FLEET + "a,us-east-1,chips,MW,,5,,,\n",
                        'plan.csv:4: column unit: unit is "MW"; chips counts accelerators: leave it empty, or write k'),
    "unit of a date": (FLEET.replace("deadline,,", "deadline,yr,"),
                       "plan.csv:2: column unit: deadline has no unit; empty the"),
    "no unit": (FLEET + "a,us-east-1,power,,,5,,,\n",
                "plan.csv:4: column 2026Q4: power: '5' has no unit. Write e.g. \"5 MW\"."),
    "dimension": (FLEET + "a,us-east-1,power,m2,,5,,,\n",
                  "plan.csv:4: column 2026Q4: power: '5 m2' is in m2, which is not"),
    "negative": (FLEET + "a,us-east-1,power,MW,,-5,,,\n",
                 "plan.csv:4: column 2026Q4: power is -5 MW, below 0; write 0 or more"),
    "nan": (FLEET + "a,us-east-1,power,MW,,nan,,,\n", "plan.csv:4: column 2026Q4: power: nan is not a value."),
    "limit shrinks": (FLEET + "a,us-east-1,power,MW,,60,40,,\n",
                      "plan.csv:4: column 2027Q1: power falls from 60 MW in 2026Q4 to 40 MW in 2027Q1; say why in note"),
    "counts fall": (FLEET + "a,us-east-1,chips,,,60,,40,\n",
                    "plan.csv:4: column 2027Q4: chips falls from 60 in 2026Q4 to 40"),
    "error": (FLEET + "a,us-east-1,chips,,,#REF!,,,\n", "plan.csv:4: column 2026Q4: chips holds the error #REF!; mend"),
    "error first": (FLEET + "#N/A,us-east-1,chips,,,5,,,\n",
                    "plan.csv:4: column site: holds the error #N/A; mend its formula"),
    "short row": (FLEET + "a,us-east-1,chips,,,5\n",
                  "plan.csv:4: has 6 columns, and the header in row 1 has 9; write a comma for each empty cell"),
    "long row": (FLEET + "a,us-east-1,power,MW,,60,70,80,,1,000\n",
                 "plan.csv:4: has 10 columns, and the header in row 1 has 9; quote a text that holds a comma"),
    "open quote": (FLEET + 'a,us-east-1,chips,,,"5,,,\n',
                   "plan.csv:4: a quote that opens here is never closed; nothing after"),
    "text after a quote": (FLEET + 'a,us-east-1,chips,,,"5"6,,,\n', "plan.csv:4: has text behind a closing quote; double"),
    "many rows": (FLEET + "#\n" * 5000, "plan.csv:5001: has more than the 5,000 rows or 250 columns of any plan"),
    "many columns": (FLEET + "," * 300, "plan.csv:4: has more than the 5,000 rows or 250 columns of any plan"),
    "long cell": (FLEET + "a" * 200_000, "plan.csv:4: field larger than field limit"),
    "Latin-1": (FLEET.encode() + b"Gen\xe8ve,us-east-1,ramp,,5,,,,\n",
                'plan.csv:4: byte 0xe8 is not UTF-8; save it as "CSV UTF-8"'),
    "UTF-16": (FLEET.encode("utf-16"), 'plan.csv:1: is UTF-16; save it as "CSV UTF-8"'),
    "a workbook": (workbooks.as_workbook(TABLE), "plan.csv: is a zip archive; if it is a workbook, name it .xlsx"),
    "schema": (FLEET + "fleet,,schema,,dcestimate/plan/2,,,,\n",
               'plan.csv:4: column value: schema is "dcestimate/plan/2";'),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_fault_of_a_table_has_its_row_column_and_the_fix(faults, name):
    content, wanted = TABLES[name]
    assert any(problem.startswith(wanted) for problem in faults(content, "plan.csv")), faults(content, "plan.csv")


def test_what_follows_from_a_fault_is_not_told(faults):
    found = faults(HEADER + "fleet,,deadline,yr,2027Q4,,,,\nfleet,,mix.gb300,%,#N/A,,,,\na,us-east-1,chips,,,#N/A,,,\n",
                   "plan.csv")
    assert len(found) == 3, found


def test_a_table_may_begin_with_a_mark_and_remarks_and_hold_empty_rows(plan_of):
    text = "\ufeff# ours\r\n\r\n" + (FLEET + ",,,,,,,,\n# more\na,us-east-1,chips,,,5,,,\n").replace("\n", "\r\n")
    assert plan_of(text, "plan.csv").sites[0].chips == {"gb300": {Quarter.of("2026Q4"): 5}}


# faults of a workbook


def workbook(change):
    return book(typed(FLEET + "a,us-east-1,power,MW,,60,70,,\na,us-east-1,chips,,,5,,,\n"), change)


def put(cell, value, **style):
    def _put(sheet):
        sheet[cell] = value
        for name, setting in style.items():
            setattr(sheet[cell], name, setting)

    return _put


def erring(sheet):
    sheet["F4"] = "#DIV/0!"
    sheet["F4"].data_type = "e"


CELLS = {
    "formula": (put("F4", "=50+10"),
                "cell F4: power holds a formula without a stored value; open the workbook in a spreadsheet"),
    "formula in the header": (put("F1", "=2026"), "cell F1: the heading holds a formula without a stored value"),
    "formula for a site": (put("A4", "=A5"), "cell A4: holds a formula without a stored value"),
    "error": (erring, "cell F4: power holds the error #DIV/0!; mend its formula"),
    "true": (put("F4", True), "cell F4: power is TRUE; write a number or a text"),
    "time": (put("F4", datetime.time(3, 4)), "cell F4: power is 03:04:00, a time of day; write a number"),
    "date": (put("F5", datetime.date(2027, 1, 1)), "cell F5: chips is a date; write a number, and format the cell as one"),
    "date for a kind": (put("C5", datetime.date(2027, 1, 1)), "cell C5: is a date; write the what as text"),
    "percent": (put("F4", 0.6, number_format="0%"), "cell F4: power: '60 %' is in %, which is not a quantity in MW."),
    "merged": (lambda sheet: sheet.merge_cells("A4:A5"),
               "cell A4: cells A4:A5 are merged; unmerge them and fill every one"),
    "a year": (put("F1", 2026), 'cell F1: "2026" is no column; there are site'),
    "beyond": (put("J5", 7), "row 5: has 10 columns, and the header in row 1 has 9"),
    "limit shrinks": (put("G4", 50),
                      "cell G4: power falls from 60 MW in 2026Q4 to 50 MW in 2027Q1; say why in note, or mend it"),
    "part of a chip": (put("F5", 5.5), "cell F5: chips: '5.5' is a fraction of a chip."),
    "decimal comma": (put("F4", "60,5"), "cell F4: power: ambiguous number '60,5 MW'. Write 60.5 MW."),
    "far row": (put("A600000", "a"), "cell A600000: lies beyond the 5,000 rows and 250 columns of any plan; empty it"),
    "far column": (put("ZZ4", "a"), "cell ZZ4: lies beyond the 5,000 rows and 250 columns of any plan; empty it"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_fault_of_a_workbook_has_its_cell_and_the_fix(faults, name):
    change, wanted = CELLS[name]
    found = faults(workbook(change), "plan.xlsx")
    assert any(problem.startswith(f"plan.xlsx: sheet Plan, {wanted}") for problem in found), found


def _grown(name, part, filler):
    return part + filler if name == "xl/styles.xml" else part


# each stands for forty of the one before
ENTITIES = (b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 999 + b'">'
            + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 40) for c in range(97, 106)) + b"]>")
FILES = {
    "not a zip": (b"PK is no zip", "plan.xlsx: is not a workbook: File is not a zip file; save it as .xlsx"),
    "cut": (workbooks.as_workbook(TABLE)[:3000], "plan.xlsx: is not a workbook"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "plan.xlsx: has a password or is an old .xls; save it"),
    "another archive": (repacked(workbooks.as_workbook(TABLE), lambda name, part: part).replace(b"[Content_Types].xml",
                                                                                              b"[Content_Tapes].xml"),
                        "plan.xlsx: is a zip archive but not a workbook; save it as .xlsx"),
    "bomb": (repacked(workbooks.as_workbook(TABLE), lambda name, part: _grown(name, part, b" " * 30_000_000)),
             "plan.xlsx: xl/styles.xml unpacks 2"),
    "large part": (repacked(workbooks.as_workbook(TABLE), lambda name, part: _grown(
        name, part, b"".join(b"<!--%d-->" % (n * n) for n in range(700_000)))), "plan.xlsx: xl/styles.xml has "),
    "damaged": (repacked(workbooks.as_workbook(TABLE), lambda name, part: part[:90] if "sheet1" in name else part),
                "plan.xlsx: cannot be read as a workbook: "),
    "entities": (repacked(workbooks.as_workbook(TABLE), lambda name, part: ENTITIES + part.replace(
        b"<sheetData>", b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>')
                          if "sheet1" in name else part), "plan.xlsx: cannot be read as a workbook: "),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_plain_workbook_is_refused_before_it_is_unpacked(faults, name):
    content, wanted = FILES[name]
    assert faults(content, "plan.xlsx")[0].startswith(wanted)


def test_a_workbook_that_claims_too_much_is_refused(faults):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        for n in range(12):
            archive.writestr(f"xl/{n}.bin", bytes(9_000_000))
    assert faults(stream.getvalue(), "plan.xlsx") == ["plan.xlsx: unpacks to 108,000,000 bytes, more than the "
                                                      "100,000,000 of "
                                                      "any plan; keep the plan alone in it"]


@pytest.mark.parametrize(("name", "size"), [("plan.toml", 5_000_001), ("plan.csv", 5_000_001), ("plan.xlsx", 50_000_001)])
def test_a_large_file_is_refused_unread(tmp_path, library, name, size):
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(size)
    says = r"has [\d,]+ bytes, more than the [\d,]+ of any plan; keep the plan alone in it"
    with pytest.raises(ProfileError, match=says):
        read(path, library)


@pytest.mark.parametrize(("name", "wanted"), [("plan.ods", "save it as plan.xlsx"), ("plan.tsv", "save it as plan.csv"),
                                              ("plan", "name it .toml, .csv or .xlsx, as which it is")])
def test_other_formats_are_refused(faults, name, wanted):
    assert faults("x", name) == [f"{name}: is no TOML, CSV or XLSX by its name; {wanted}"]


# files that are not there, and the command line


def test_a_missing_file_or_a_folder_is_no_plan(tmp_path, library):
    with pytest.raises(OutputError, match=r"there is no plan .*none\.toml.*example"):
        read(tmp_path / "none.toml", library)
    with pytest.raises(OutputError, match="is a folder"):
        read(tmp_path, library)
    with pytest.raises(OutputError, match="there is no plan"):
        read("x" * 5000, library)
    assert main(["rollout", "check", str(tmp_path / "none.toml")]) == 1


def test_the_command_tells_every_fault_and_exits_3(tmp_path, capsys):
    path = tmp_path / "plan.csv"
    path.write_text(HEADER + "a,,chips,,,5,,,\n")
    assert main(["rollout", "check", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"error: {path}:1: deadline is missing; write e.g. a row of site fleet, what deadline, value 2027Q4",
        f'error: {path}:2: column site: site "a" has no region; write e.g. us-east-1 in column region',
        f"error: {path}:2: column site: neither the site nor the fleet says which chips; write e.g. a row of what "
        "mix.gb300, "
        "unit %, value 100"]


@pytest.mark.parametrize("suffix", ["toml", "csv", "xlsx"])
def test_a_new_plan_is_written_in_every_format_and_checks(tmp_path, capsys, suffix):
    path = tmp_path / f"plan.{suffix}"
    assert main(["rollout", "new", "-o", str(path)]) == 0
    assert main(["rollout", "check", str(path)]) == 0
    assert "FEASIBLE" in capsys.readouterr().out
    assert main(["rollout", "new", "-o", str(path)]) == 2
    assert "exists, and may be a plan that was worked on" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["gb300", "trainium2"])
def test_a_supply_of_what_no_site_has(tmp_path, capsys, name):
    """By the chip where the mix names its system, or of another chip: it would limit nothing."""
    path = tmp_path / "plan.toml"
    path.write_text('schema = "dcestimate/plan/1"\ndeadline = "2027Q4"\n[fleet]\nmix = { gb300-nvl72 = "100 %" }\n'
                    f'supply = {{ {name} = {{ 2027Q1 = 100 }} }}\n[[site]]\nregion = "us-east-1"\n'
                    "chips = { 2027Q1 = 720 }\n", encoding="utf-8")
    assert main(["rollout", "check", str(path)]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert f"{path}:5: no site has {name}; write the supply of what the mix or chips name: gb300-nvl72" in told


@pytest.mark.parametrize(("wrong", "says"), [
    ('power = "100 MVA"', 'power is "100 MVA", not in MW; write connection = "100 MVA"'),
    ('connection = { 2027Q1 = "90 MW" }', 'connection is "90 MW", not in MVA; write power = "90 MW"'),
    ('heat = "20 kTR"', "heat: 'kTR' is not a unit. Write \"20000 TR\"")])
def test_the_unit_of_another_limit(tmp_path, capsys, wrong, says):
    path = tmp_path / "plan.toml"
    path.write_text('schema = "dcestimate/plan/1"\ndeadline = "2027Q4"\n[fleet]\nmix = { gb300 = "100 %" }\ntotal = "1k"\n'
                    f'[[site]]\nregion = "us-east-1"\n{wrong}\n', encoding="utf-8")
    assert main(["rollout", "check", str(path)]) == 3
    assert f"error: {path}:8: {says}" in capsys.readouterr().err


def test_a_workbook_needs_a_file_and_other_commands_write_none(tmp_path, capsys):
    assert main(["rollout", "new", "-f", "xlsx"]) == 2
    assert main(["rollout", "new", "--json"]) == 2
    assert main(["rollout", "check", "example", "-o", str(tmp_path / "plan.xlsx")]) == 2
    assert not list(tmp_path.iterdir())


def test_json_says_which_sites_override_the_model(tmp_path, capsys):
    import json

    path = tmp_path / "plan.toml"
    path.write_text(START + SITE + 'chips = { 2027Q4 = "1k" }\npower = "9 MW"\nper_accelerator = { power = "2 kW/chip" }\n')
    assert main(["rollout", "check", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["overrides"] == {"us-east-1": {"power": {"value": 0.002, "unit": "MW/chip"}}}
    assert found["cells"][-1]["needs"]["power"]["value"] == 2.0


# whatever a file holds


MARKS = st.sampled_from(list("=[]{}\"'#,;.-0179eEnQ %\n\t\\\0é\u202e"))
LOOSE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _mutated(text, changes, dropped):
    lines = [line for n, line in enumerate(text.splitlines(keepends=True)) if n not in dropped]
    text = "".join(lines)
    for at, mark in changes:
        at = int(at * len(text))
        text = text[:at] + mark + text[at + 1:]
    return text


def _reads_or_complains(path, content, library):
    path.write_bytes(content)
    found = None
    try:
        read(path, library)
    except DcestimateError as error:
        found = error
    assert found is None or found.exit == 3
    assert found is None or all(str(path) in problem for problem in found.problems)


@LOOSE
@given(changes=st.lists(st.tuples(st.floats(0, 1), MARKS), max_size=4), dropped=st.sets(st.integers(0, 40), max_size=3))
def test_a_changed_document_is_read_or_refused(tmp_path, library, changes, dropped):
    text = "\n".join(line.partition("#")[0] if line[:1] != "#" else line[1:] for line in EXAMPLE.splitlines())
    _reads_or_complains(tmp_path / "plan.toml", _mutated(text, changes, dropped).encode(), library)


@LOOSE
@given(changes=st.lists(st.tuples(st.floats(0, 1), MARKS), max_size=4), dropped=st.sets(st.integers(0, 20), max_size=3))
def test_a_changed_table_is_read_or_refused(tmp_path, library, changes, dropped):
    _reads_or_complains(tmp_path / "plan.csv", _mutated(sheets.as_csv(TABLE), changes, dropped).encode(), library)


@LOOSE
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused(tmp_path, library, changes):
    content = bytearray(workbooks.as_workbook(TABLE))
    for at, byte in changes:
        content[int(at * (len(content) - 1))] = byte
    _reads_or_complains(tmp_path / "plan.xlsx", bytes(content), library)


@LOOSE
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
                          lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                              st.text(max_size=6) | st.sampled_from(["gb300", "2027Q4", "power"]), inner, max_size=3)),
       at=st.sampled_from(["fleet", "site", "settings", "allocate", "notes", "name", "deadline", "fleet.mix",
                           "fleet.supply", "fleet.total", "fleet.workload", "site.chips", "site.power", "site.mix",
                           "site.existing",
                           "site.region", "site.ordered", "site.lead_time", "site.note", "site.whole", "site.system"]))
def test_any_value_anywhere_is_read_or_refused(library, value, at):
    from dcestimate.rollout.document import plan as of
    from dcestimate.rollout.source import Source
    from dcestimate.rollout.toml_text import EXAMPLES

    content = tomllib.loads(EXAMPLE)
    table, _, key = at.rpartition(".")
    (content["site"][0] if table == "site" else content[table] if table else content)[key] = value
    with contextlib.suppress(ProfileError):
        of(Source("plan.toml", content, {(): (1, "plan.toml:1")}, EXAMPLES), library)
