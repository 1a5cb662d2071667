"""Workbooks of planners through batch: which parts change, what the cells then hold, and what is refused."""

import datetime
import io
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate.batches import batch, run
from dcestimate.batches.archive import with_parts
from dcestimate.cli.main import main
from dcestimate.errors import ProfileError, UsageError
from dcestimate.estimation import estimate
from dcestimate.profiles import Library
from dcestimate.request import lines
from dcestimate.results import RESULTS

ROOT = Path(__file__).resolve().parent.parent
HEADERS = ("Site", "GPU type", "GPU count", "Region", "IT load [MW]")
FLEET = (("Ashburn", "gb200", 10_000, "us-east-1"), ("Lulea", "h100-sxm", 8_000, "eu-north-1"),
         ("Mumbai", "b200", 4_000, "ap-south-1"))
DEFAULT = [f"{name} [{RESULTS[name].unit}]" for name in run.DEFAULT]


@pytest.fixture(scope="module")
def library():
    return Library()


def planners(rows=FLEET, table=False, totals=False):
    """A planner's workbook [bytes]: two sheets and all that openpyxl would lose of them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    fleet, notes = book.add_worksheet("Fleet"), book.add_worksheet("Notes")
    head = book.add_format({"bold": True, "bg_color": "#DDEEFF", "border": 1})
    whole, load = book.add_format({"num_format": "#,##0", "border": 1}), book.add_format({"num_format": '0.0 "MW"'})
    for row, (site, chip, count, region) in enumerate(rows, 1):
        fleet.write_row(row, 0, [site, chip])
        fleet.write_number(row, 2, count, whole)
        fleet.write_string(row, 3, region)
        fleet.write_formula(row, 4, f"=C{row + 1}*0.002", load, count * 0.002)
    last = len(rows)
    if table:
        columns = [{"header": header} for header in HEADERS]
        columns[0]["total_string"], columns[2]["total_function"] = "Total", "sum"
        fleet.add_table(0, 0, last + totals, 4, {"name": "FleetTable", "columns": columns, "total_row": totals})
    else:
        fleet.write_row(0, 0, HEADERS, head)
        fleet.autofilter(0, 0, last, 4)
    fleet.set_column("A:A", 30)
    fleet.set_column("B:E", 14)
    fleet.set_row(0, 28)
    fleet.freeze_panes(1, 1)
    fleet.conditional_format(1, 2, last, 2, {"type": "data_bar", "data_bar_2010": True})
    fleet.conditional_format(1, 4, last, 4, {"type": "3_color_scale"})
    fleet.data_validation(1, 1, last, 1, {"validate": "list", "source": ["gb200", "h100-sxm", "b200"]})
    fleet.write_comment("C2", "checked with finance")
    fleet.add_sparkline(last + 3, 0, {"range": f"Fleet!C2:C{last + 1}"})
    fleet.insert_textbox(last + 5, 0, "Draft, do not forward")
    notes.write("A1", "Fleet total")
    notes.write_formula("B1", "=SUM(Counts)", None, sum(count for _, _, count, _ in rows))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"=Fleet!$C$2:$C${last + 1}", "trendline": {"type": "linear"}})
    notes.insert_chart("D2", chart)
    book.define_name("Counts", f"=Fleet!$C$2:$C${last + 1}")
    book.set_properties({"title": "Fleet plan"})
    book.close()
    return stream.getvalue()


def made(*rows, **sheets):
    """A workbook [bytes] by openpyxl: rows of its sheet "Fleet", and further sheets by name."""
    book = openpyxl.Workbook()
    book.active.title = "Fleet"
    for sheet, content in [(book.active, rows), *((book.create_sheet(name), found) for name, found in sheets.items())]:
        for row in content:
            sheet.append(row)
    return saved(book)


def opened(content, **how):
    """A workbook as openpyxl has it, which warns of what it does not read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), **how)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEAD = ("chip", "count", "region")
GOOD = ("gb200", 1000, "us-east-1")


@pytest.fixture(scope="module")
def done(library):
    def _done(content, columns=None, sheet=None, **wanted):
        written = batch(library, content, "fleet.xlsx", run.Wanted(run.parse_columns(columns), **wanted), sheet)
        return b"".join(written.pieces), list(written.notes), written
    return _done


def records(content, sheet="Fleet", header=1):
    """The rows of a sheet as {header: value}."""
    rows = list(opened(content, data_only=True)[sheet].iter_rows(header, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def changed(before, after):
    """Names of the parts that differ; their order must not."""
    old, new = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    assert old.namelist() == new.namelist()
    assert new.testzip() is None
    return {name for name in old.namelist() if old.read(name) != new.read(name)}


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


# ---- a real planner's workbook

def test_only_the_parts_that_hold_the_columns_change(done):
    before = planners()
    after, *_ = done(before)
    names = set(zipfile.ZipFile(io.BytesIO(before)).namelist())
    assert any("chart" in name for name in names)
    assert any("comment" in name for name in names)
    assert changed(before, after) == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


def test_parts_that_do_not_change_are_not_packed_anew(done):
    before = planners()
    after, *_ = done(before)
    for info in zipfile.ZipFile(io.BytesIO(before)).infolist():
        again = zipfile.ZipFile(io.BytesIO(after)).getinfo(info.filename)
        if info.filename not in ("xl/worksheets/sheet1.xml", "xl/styles.xml"):
            packed = [content[one.header_offset:][30 + len(one.filename):][:one.compress_size]
                      for content, one in ((before, info), (after, again))]
            assert packed[0] == packed[1]
            assert (info.date_time, info.CRC) == (again.date_time, again.CRC)


def test_within_the_sheet_all_else_stays(done):
    """Without the cells that were added, the sheet is the one it was, but for the range and the widths it states."""
    before = planners()
    after, *_ = done(before)
    old, new = (part(content, "xl/worksheets/sheet1.xml") for content in (before, after))
    left = re.sub(rb'<c r="[F-L]\d+"[^>]*?(?:/>|>.*?</c>)', b"", new)
    left = re.sub(rb'<col min="(?:[6-9]|1[0-2])"[^>]*/>', b"", left).replace(b'spans="1:12"', b'spans="1:5"').replace(
        b'<dimension ref="A1:L4"', b'<dimension ref="A1:E4"')
    assert left == old
    assert b"sparkline" in new
    assert b"x14:dataBar" in new


def test_styles_are_only_added(done):
    before = planners()
    after, *_ = done(before)
    old, new = (part(content, "xl/styles.xml") for content in (before, after))
    old_formats, new_formats = (re.findall(rb"<xf .*?(?:/>|</xf>)", re.search(rb"<cellXfs.*?</cellXfs>", xml, re.S)[0])
                                for xml in (old, new))
    assert new_formats[:len(old_formats)] == old_formats
    assert int(re.search(rb'<cellXfs count="(\d+)"', new)[1]) == len(new_formats) > len(old_formats)
    for block in (b"fonts", b"fills", b"borders", b"dxfs"):
        assert re.search(b"<%s.*?(</%s>|/>)" % (block, block), old)[0] in new


def test_the_columns_hold_the_results_of_estimate(done, library):
    after, *_ = done(planners())
    for record, (_, chip, count, region) in zip(records(after), FLEET, strict=False):
        expected = estimate(library, lines(library, count, chip, region)).deployments[0]
        for name, header in zip(run.DEFAULT, DEFAULT, strict=True):
            assert record[header] == pytest.approx(expected.results[name].value, rel=1e-12, abs=1e-12)


def test_cells_look_like_their_neighbours(done):
    after, *_ = done(planners())
    sheet = opened(after)["Fleet"]
    assert sheet["F1"].font.b
    assert sheet["F1"].fill.fgColor.rgb == sheet["E1"].fill.fgColor.rgb
    assert sheet["F2"].number_format == "#,##0"
    assert sheet["F2"].border.left.style == "thin"
    assert sheet["H2"].number_format == "#,##0.000"
    assert sheet.column_dimensions["A"].width == pytest.approx(30.7, abs=0.1)
    assert sheet.column_dimensions["H"].width > len("facility_peak_power")


def test_a_second_run_changes_nothing(done):
    once, *_ = done(planners())
    again, notes, _ = done(once)
    assert changed(once, again) == set()
    assert any("computed anew 7 columns" in note for note in notes)


def test_a_print_area_that_leaves_columns_out_is_told(done):
    book = opened(planners())
    book["Fleet"].print_area = "A1:F9"
    _, notes, _ = done(saved(book))
    assert any("the print area of the sheet, A1:F9, leaves them out" in note for note in notes)
    book["Fleet"].print_area = "A1:Z9"
    _, notes, _ = done(saved(book))
    assert not any("print area" in note for note in notes)


def test_a_table_takes_the_columns_in(done):
    before = planners(table=True, totals=True)
    after, *_ = done(before)
    assert changed(before, after) == {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/tables/table1.xml"}
    table = opened(after)["Fleet"].tables["FleetTable"]
    assert table.ref == "A1:L5"
    assert table.autoFilter.ref == "A1:L4"
    assert table.column_names == [*HEADERS, *DEFAULT]
    assert len({column.id for column in table.tableColumns}) == 12
    total = records(after)[3]  # is no deployment
    assert (total["Site"], total["rack_count [rack]"]) == ("Total", None)


def test_a_table_with_something_beside_it_does_not_grow(done):
    book = opened(planners(table=True))
    book["Fleet"]["F2"] = "see notes"
    before = saved(book)
    after, notes, _ = done(before)
    assert records(after)[0]["rack_count [rack]"] > 0
    assert opened(after)["Fleet"]["G1"].value == "rack_count [rack]"
    assert any("does not take in what is new" in note for note in notes)


def test_libreoffice_reads_it(done, tmp_path, soffice):
    after, *_ = done(planners(table=True))
    (tmp_path / "out.xlsx").write_bytes(after)
    subprocess.run([soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
                    "csv", "--outdir", str(tmp_path / "csv"), str(tmp_path / "out.xlsx")], check=True, capture_output=True,
                   timeout=180)
    shown = (tmp_path / "csv" / "out.csv").read_text().splitlines()
    assert shown[0].split(",")[:12] == [*HEADERS, *DEFAULT]
    assert float(shown[1].split(",")[5]) == records(after)[0]["rack_count [rack]"]


# ---- other writers and other shapes

def with_sheet(content, change):
    name = "xl/worksheets/sheet1.xml"
    return with_parts(content, {name: change(part(content, name))})


@pytest.mark.parametrize("change", [
    lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml),  # places may be left out
    lambda xml: re.sub(rb"<dimension[^>]*/>", b"", xml),
    lambda xml: re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x="),
    lambda xml: xml.replace(b"<row ", b"\n  <row ").replace(b"<c ", b"\n    <c ").replace(b"</row>", b"\n  </row>")])
def test_sheets_may_be_written_in_other_ways(done, change):
    after, *_ = done(with_sheet(made(HEAD, GOOD, GOOD), change), "rack_count")
    assert [record["rack_count [rack]"] for record in records(after)] == [29, 29]


def test_headers_may_stand_anywhere(done):
    before = made(["Fleet plan"], [], [None, *HEAD, None, "note"], [None, *GOOD, None, "x"], [], [None, *GOOD, None, "y"],
                  ["Total", None, 2000])
    after, notes, _ = done(before, "rack_count")
    sheet = opened(after)["Fleet"]
    assert [sheet[f"G{row}"].value for row in range(1, 8)] == [None, None, "rack_count [rack]", 29, None, 29, None]
    assert any("row 7: no deployment" in note for note in notes)


def test_empty_cells_with_a_format_are_filled(done):
    book = opened(made(HEAD, GOOD))
    book.active["D2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.active["F2"].font = openpyxl.styles.Font(bold=True)
    after, *_ = done(saved(book), "rack_count,pue")
    sheet = opened(after).active
    assert [sheet[name].value for name in ("D1", "D2", "E1")] == ["rack_count [rack]", 29, "pue [1]"]
    assert sheet["F2"].font.b


def test_formulas_in_our_columns_are_kept(done):
    once, *_ = done(made(HEAD, GOOD, GOOD), "rack_count")
    book = opened(once)
    book.active["D3"] = "=D2*2"
    after, notes, _ = done(saved(book), "rack_count")
    assert opened(after).active["D3"].value == "=D2*2"
    assert any("kept 1 formula in columns of results" in note for note in notes)


def test_the_sheet_is_the_first_that_has_the_columns_or_the_named_one(done):
    before = made(["nothing"], Other=[HEAD, GOOD], Third=[HEAD, GOOD])
    after, notes, _ = done(before, "pue")
    assert changed(before, after) >= {"xl/worksheets/sheet2.xml"}
    assert any("the first of 2" in note for note in notes)
    assert "xl/worksheets/sheet3.xml" in changed(before, done(before, "pue", "third")[0])
    with pytest.raises(UsageError, match="has no sheet"):
        done(before, sheet="Fourth")


def test_hidden_sheets_are_read_only_when_named(done):
    book = opened(made(["nothing"], Hidden=[HEAD, GOOD]))
    book["Hidden"].sheet_state = "hidden"
    with pytest.raises(ProfileError, match="sheet Fleet, row 1: has no column"):
        done(saved(book))
    assert records(done(saved(book), "rack_count", "Hidden")[0], "Hidden")[0]["rack_count [rack]"] == 29


# ---- rows that fail

DATE = datetime.date(2027, 1, 1)


@pytest.mark.parametrize(("cells", "says"), [
    (("gb200", DATE, "us-east-1"), "the count is a date"), (("gb200", "#REF!", "us-east-1"), "the error #REF!"),
    (("gb200", True, "us-east-1"), "TRUE"), (("gb200", "=1000*2", "us-east-1"), "formula without a stored value"),
    (("gb200", datetime.time(1), "us-east-1"), "the count"), (("gb200", 0.5, "us-east-1"), "fraction of a chip"),
    (("gb200", "1.000", "us-east-1"), "the count '1.000' may be 1 or 1000. Write 1 or 1000."),
    (("gb200", 1.125, "us-east-1"), "'1.125' is a fraction of a chip"),
    (("gb200", None, "us-east-1"), "the count is missing"), (("H1000", 5, "us-east-1"), "unknown chip"),
    ((DATE, 5, "us-east-1"), "the chip is a date"), (("gb200", -5, "us-east-1"), "not above zero")])
def test_a_row_that_fails_says_why(done, cells, says):
    after, _, written = done(made(HEAD, cells, GOOD), "rack_count")
    bad, good = records(after)
    assert says in bad["error"]
    assert bad["rack_count [rack]"] is None
    assert (good["rack_count [rack]"], good["error"]) == (29, None)
    assert len(written.answer.errors) == 1


def test_numbers_of_cells_have_no_doubtful_mark(done):
    after, *_ = done(made(("chip", "GPUs (k)", "region"), ("gb200", 1.125, "us-east-1"), ("gb200", "1,000", "us-east-1")),
                     "accelerator_count")
    assert [record["accelerator_count [chip]"] for record in records(after)] == [1125, 1_000_000]


def test_a_formula_counts_as_its_stored_value(done):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Fleet")
    sheet.write_row(0, 0, HEAD)
    sheet.write_formula(1, 0, '="gb"&200', None, "gb200")
    sheet.write_formula(1, 1, "=2*36", None, 72)
    sheet.write_string(1, 2, "us-east-1")
    book.close()
    after, *_ = done(stream.getvalue(), "system_count")
    assert records(after)[0]["system_count [system]"] == 1  # an NVL72 holds 72
    assert opened(after)["Fleet"]["B2"].value == "=2*36"


def test_merged_cells_fail_their_rows(done):
    book = opened(made(HEAD, GOOD, ("x", 1000, "us-east-1")))
    book.active.merge_cells("A2:A3")
    good, bad = records(done(saved(book), "rack_count")[0])
    assert good["rack_count [rack]"] == 29
    assert "merged into A2" in bad["error"]


def test_headings_and_totals_are_no_deployments(done):
    book = opened(made(("Site", *HEAD), ("Europe",), ("a", *GOOD), ("Total", None, 1000), (None, None, 1000),
                       ("x", None, 1000)))
    book.active.merge_cells("A2:D2")
    after, _, written = done(saved(book), "rack_count")
    assert [record["rack_count [rack]"] for record in records(after)] == [None, 29, None, None, None]
    assert written.answer.idle == [0, 2]
    assert list(written.answer.errors) == [3, 4]


# ---- what is refused

def merged_headers():
    book = opened(made((*HEAD, "note"), GOOD))
    book.active.merge_cells("C1:D1")
    return saved(book)


def bomb():
    stream = io.BytesIO(made(HEAD, GOOD))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 50_000_000)
    return stream.getvalue()


def twice():
    stream = io.BytesIO(made(HEAD, GOOD))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return stream.getvalue()


def encrypted():
    content = bytearray(made(HEAD, GOOD))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(("make", "says"), [
    (merged_headers, "sheet Fleet, cell C1:D1: headers are merged; unmerge them"), (bomb, "more than 200 times"),
    (twice, "has a part twice"), (encrypted, "is encrypted"),
    (lambda: made(("chip", "count"), GOOD), "sheet Fleet, row 1: has no column for region"),
    (lambda: made(("GPU", "accelerator", *HEAD[1:]), ("a", "b", "c")), "both name the chip"),
    (lambda: made(("GPU", "GPU", "count", "region"), ("a", "b", "c")), "cell B1: "),
    (lambda: made(HEAD, GOOD)[:-300], "is not a workbook"), (lambda: made(), "has no column"),
    (lambda: with_sheet(made(HEAD, GOOD), lambda xml: re.sub(rb' r="([A-Z]*)2"', rb' r="\g<1>1048577"', xml)),
     "row 1048577: a sheet ends with row 1,048,576"),
    (lambda: with_sheet(made(HEAD, GOOD), lambda xml: xml.replace(b'"C2"', b'"XFE2"')), "beyond column XFD"),
    (lambda: with_sheet(made(HEAD, GOOD), lambda xml: b"<!DOCTYPE x>" + xml), "is not written as spreadsheets write it"),
    (lambda: with_sheet(made(HEAD, GOOD), lambda xml: xml.replace(b'r="A2"', b"r='A2'")), "is not written"),
    (lambda: with_sheet(made(HEAD, GOOD), lambda xml: xml[:200]), "fleet.xlsx")])
def test_workbooks_that_cannot_be_read_are_refused(done, make, says):
    with pytest.raises(ProfileError, match=re.escape(says)) as caught:
        done(make())
    assert "fleet.xlsx" in str(caught.value)


def test_strict_open_xml_is_refused(done):
    before, names = made(HEAD, GOOD), ("xl/workbook.xml", "xl/worksheets/sheet1.xml")
    strict = {name: part(before, name).replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                               b"http://purl.oclc.org/ooxml/spreadsheetml/main") for name in names}
    with pytest.raises(ProfileError, match="Strict Open XML"):
        done(with_parts(before, strict))


def test_hidden_columns_are_told(done):
    _, notes, _ = done(with_sheet(made(HEAD, GOOD), lambda xml: xml.replace(
        b"<sheetData>", b'<cols><col min="4" max="16384" hidden="1"/></cols><sheetData>')), "rack_count")
    assert any("hidden in the sheet: 1 column of results, D;" in note for note in notes)


def test_a_workbook_comes_in_by_standard_input(tmp_path):
    out = tmp_path / "out.xlsx"
    subprocess.run([sys.executable, "-m", "dcestimate", "batch", "-", "-o", str(out)], input=planners(), check=True,
                   cwd=ROOT,
                   capture_output=True)
    assert records(out.read_bytes())[0]["rack_count [rack]"] > 0


def test_no_room_at_the_right_end(done):
    with pytest.raises(ProfileError, match="no room for 7 more columns"):
        done(with_sheet(made((*HEAD, "note"), GOOD), lambda xml: xml.replace(b'"D1"', b'"XFA1"')))


# ---- text is never a formula

@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=20) | st.sampled_from(["=1+1", "@SUM(A1)", "+1", "<f>1</f>", "_x000D_", "]]>", "&#61;1",
                                                    "\t=1"]))
def test_text_is_never_turned_into_a_formula(done, text):
    """The text goes out again in the error of its row."""
    before = io.BytesIO()
    book = xlsxwriter.Workbook(before, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Fleet")
    for column, header in enumerate(HEAD):
        sheet.write_string(0, column, header)
    sheet.write_string(1, 0, re.sub("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "?", text) or "x")
    sheet.write_number(1, 1, 5)
    sheet.write_string(1, 2, "us-east-1")
    book.close()
    after, *_ = done(before.getvalue(), "rack_count")
    xml = part(after, "xl/worksheets/sheet1.xml")
    assert b"<f" not in xml
    assert opened(after)["Fleet"]["A2"].value == opened(before.getvalue())["Fleet"]["A2"].value


# ---- the command

@pytest.fixture
def fleet(tmp_path):
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(planners())
    return path


def test_the_command(fleet, tmp_path, capsys):
    out = tmp_path / "out.xlsx"
    assert main(["batch", str(fleet), "-o", str(out), "--sheet", "Fleet"]) == 0
    assert changed(fleet.read_bytes(), out.read_bytes()) == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "read 3 rows" in captured.err
    assert "behind column E of sheet Fleet" in captured.err


@pytest.mark.parametrize("arguments", [[], ["-o", "out.csv"], ["-o", "out.xlsm"], ["-o", "fleet.xlsx"], ["-o", "out.html"]])
def test_a_workbook_goes_into_a_file_of_its_kind_and_not_into_itself(fleet, arguments, monkeypatch, capsys):
    monkeypatch.chdir(fleet.parent)
    before = fleet.read_bytes()
    assert main(["batch", "fleet.xlsx", *arguments]) == 2
    assert capsys.readouterr().out == ""
    assert [path.name for path in fleet.parent.iterdir()] == ["fleet.xlsx"]
    assert fleet.read_bytes() == before


PARTS = ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/tables/table1.xml")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(PARTS), damages=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(
    [b"", b"<", b'"', b"/>", b"9", b"'", b"<f/>", b"&amp;"])), min_size=1, max_size=3))
def test_a_damaged_workbook_is_refused_or_changes_where_it_should(done, name, damages):
    before = planners(table=True)
    content = part(before, name)
    for place, length, instead in damages:
        at = round(place * len(content))
        content = content[:at] + instead + content[at + length:]
    before = with_parts(before, {name: content})
    try:
        after, *_ = done(before, "rack_count")
    except (ProfileError, UsageError):
        return
    assert changed(before, after) <= {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", *PARTS}
    assert not changed(before, after) & {"xl/workbook.xml", "xl/sharedStrings.xml"}
