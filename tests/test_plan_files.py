"""Plan documents: every fault with file, line and what to do, all of a file at once, and nothing guessed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate.cli.main import main
from dcestimate.errors import DcestimateError, ProfileError
from dcestimate.profiles import shipped
from dcestimate.rollout.files import read
from dcestimate.rollout.quarters import Quarter

PLAN = """schema = "dcestimate/plan/1"
name = "good"
deadline = "2027Q4"
[fleet]
total = "10k"
mix = { gb300 = "60 %", trainium2 = "40 %" }
[[site]]
region = "us-east-1"
chips = { 2027Q1 = "2k", 2027Q4 = "10k" }
power = { 2027Q1 = "50 MW", 2027Q3 = "100 MW" }
"""
FAULTS = {
    "a site without a region": ('region = "us-east-1"\n', "", 7, "no region"),
    "an unknown region": ("us-east-1", "us-esat-1", 8, "us-east-1"),
    "an unknown quarter": ("2027Q3 =", "2027Q5 =", 10, "no quarter"),
    "a limit that shrinks": ('"100 MW"', '"10 MW"', 10, "say why in note"),
    "shares that do not add up": ('"40 %"', '"30 %"', 6, "add up to 0.9"),
    "an unknown chip": ("trainium2 =", "trayniumm2 =", 6, "trayniumm2"),
    "a deadline before the start": ('deadline = "2027Q4"', 'deadline = "2027Q4"\nstart = "2028Q1"', 3, "before the start"),
    "no deadline": ('deadline = "2027Q4"\n', "", 1, "deadline is missing"),
    "no site": (PLAN[PLAN.index("[[site]]"):], "", 1, "no site"),
    "counts that fall": ('"10k" }', '"1k" }', 9, "counted since the start"),
    "a fraction of a chip": ('"10k" }', '"10.0005" }', 9, "fraction"),
    "a unit of another dimension": ('"50 MW"', '"50 m2"', 10, "m2"),
    "no unit": ('"50 MW"', '"50"', 10, "no unit"),
    "a decimal comma": ('"50 MW"', '"1,5 MW"', 10, "1.5 MW"),
    "a negative limit": ('"50 MW"', '"-50 MW"', 10, "below 0"),
    "not a number": ('"50 MW"', '"nan MW"', 10, "nan"),
    "an unknown key": ("power =", "powr =", 10, "did you mean power"),
    "both chips and added": ("power =", 'added = { 2027Q1 = "5k" }\npower =', 10, "keep one"),
    "two sites of one name": ("[[site]]", '[[site]]\nregion = "us-east-1"\n[[site]]', 9, "twice"),
    "another schema": ("plan/1", "plan/2", 1, "dcestimate/plan/1"),
    "two of one key": ("power =", 'power = "1 MW"\npower =', 11, "second time"),
    "no TOML": ("[fleet]", "[fleet", 4, "TOML"),
    "an order of nothing known": ("power =", 'ordered = { rockets = "2026Q1" }\npower =', 10, "rockets"),
    "a lead time in furlongs": ("power =", 'lead_time = { substation = "3 furlongs" }\npower =', 10, "24 months"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told(fault, tmp_path, library):
    before, after, line, says = FAULTS[fault]
    assert before in PLAN
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace(before, after, 1))
    with pytest.raises(ProfileError) as caught:
        read(path, library)
    told = [problem for problem in caught.value.problems if says in problem]
    assert told, caught.value.problems
    assert told[0].startswith(f"{path}:{line}: ")


def test_all_faults_of_a_file_at_once(tmp_path, library):
    text = PLAN
    for fault in ("an unknown quarter", "shares that do not add up", "counts that fall", "an unknown region"):
        text = text.replace(*FAULTS[fault][:2], 1)
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        read(path, library)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(("content", "code"), [(b"\x00\xff\x80", 3), (b"", 3), (b"#" * 6_000_000, 3), (None, 1)])
def test_what_is_no_plan(tmp_path, capsys, content, code):
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    assert main(["rollout", "check", str(path)]) == code
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "Traceback" not in error


def test_chips_after_the_deadline_are_left_out_and_said(tmp_path, library):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace('"10k" }', '"10k", 2028Q2 = "20k" }'))
    plan = read(path, library)
    assert plan.quarters[-1] == plan.deadline
    assert any("2028Q2" in note for note in plan.notes)


def test_dates_of_a_document(tmp_path, library):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace('deadline = "2027Q4"', "deadline = 2027-12-31"))
    assert read(path, library).deadline == Quarter.of("2027Q4")


def test_what_is_added_is_counted_up(tmp_path, library):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace("chips = {", "added = {"))
    site = read(path, library).sites[0]
    assert [site.planned(Quarter.of(text)) for text in ("2026Q4", "2027Q2", "2027Q4")] == [0, 2_000, 12_000]


@pytest.mark.parametrize("name", ["example", "aws-1m-gpus", "aws-1m-gpus-hopper"])
def test_shipped_plans_are_read_by_name(name, library):
    assert read(name, library).sites


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_broken_plan_never_breaks_the_tool(tmp_path, library, data):
    """The example with lines dropped and characters changed."""
    lines = (shipped() / "plans" / "example.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if data.draw(st.integers(0, 9)) > 0]
    text = "\n".join(kept)
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, max(len(text) - 1, 0)))
        text = text[:at] + data.draw(st.sampled_from(['"', "=", "{", "5", "x", "\n", "-", "]", "Q"])) + text[at + 1:]
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    try:
        read(path, library)
    except DcestimateError as error:
        assert str(error)


# tables


@pytest.fixture
def table(tmp_path, capsys):
    """The example as a table: a path of a format."""
    def made(suffix):
        path = tmp_path / f"plan{suffix}"
        assert main(["rollout", "new", "-o", str(path)]) == 0
        capsys.readouterr()
        return path

    return made


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_says_what_the_document_says(table, library, suffix):
    """The example written as a table is read as the plan that the TOML text is, its workload in whole per cent."""
    plan, other = read(table(suffix), library), read(table(".toml"), library)
    assert (plan.total, plan.mix, plan.deadline, plan.quarters, plan.supply) == (
        other.total, other.mix, other.deadline, other.quarters, other.supply)
    for one, two in zip(plan.sites, other.sites, strict=True):
        assert (one.name, one.region, one.chips, one.limits) == (two.name, two.region, two.chips, two.limits)


@pytest.mark.parametrize(("before", "after", "says"), [
    ("us-east-1,us-east-1,power,MW,,60,,150,,\n",
     "us-east-1,us-east-1,power,MW,,60,,150,,\nus-east-1,us-east-1,power,MW,,1,,,,\n", "power"),
    ("2027Q1,", "2027Q5,", "2027Q5"),
    (",MW,,60,", ",m2,,60,", "m2"),
    (",MW,,60,", ',MW,,"60,5",', "60"),
    ("mix.gb300,%,70", "mix.gb300,%,60", "add up"),
])
def test_a_fault_of_a_table_names_its_cell(table, capsys, before, after, says):
    path = table(".csv")
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert main(["rollout", "check", str(path)]) == 3
    error = capsys.readouterr().err
    assert says in error
    assert str(path) in error


def test_a_formula_without_its_value_is_told(table, capsys):
    import openpyxl

    path = table(".xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 60)
    cell.value = "=30+30"
    book.save(path)
    assert main(["rollout", "check", str(path)]) == 3
    error = capsys.readouterr().err
    assert cell.coordinate in error
    assert "formula" in error


def test_a_zip_bomb_is_not_opened(tmp_path, capsys):
    import zipfile

    path = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    assert main(["rollout", "check", str(path)]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff\x80" * 100, b"PK\x03\x04 cut off"])
def test_what_is_no_table(tmp_path, capsys, suffix, content):
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(content)
    assert main(["rollout", "check", str(path)]) == 3
    assert "Traceback" not in capsys.readouterr().err
