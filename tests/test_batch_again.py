"""Tables that come from an earlier run: all of its columns are computed anew where they stand, and no other is touched."""

import csv
import io

import openpyxl
import pytest
import xlsxwriter

from dcestimate.batches import batch, run
from dcestimate.profiles import Library
from dcestimate.reports.numbers import Display

HEAD, GOOD = ("chip", "count", "region"), ("gb200", 1000, "us-east-1")


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.fixture(scope="module")
def done(library):
    """Rows through batch as a CSV: (rows, notes)."""
    def _done(rows, columns=None, **wanted):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        written = batch(library, text.getvalue().encode(), "fleet.csv", run.Wanted(run.parse_columns(columns), **wanted))
        content = b"".join(written.pieces).decode()
        return list(csv.reader(io.StringIO(content))), list(written.notes)
    return _done


@pytest.fixture(scope="module")
def in_workbook(library):
    def _done(content, columns=None, **wanted):
        written = batch(library, content, "fleet.xlsx", run.Wanted(run.parse_columns(columns), **wanted))
        return b"".join(written.pieces), list(written.notes)
    return _done


def test_columns_that_are_not_asked_for_this_time_are_computed_anew_too(done):
    before, _ = done([HEAD, GOOD, ("b200", 1, "zz")], "pue,rack_count,rack_limit,white_space", unit=Display("us").unit)
    assert before[0][-1] == "error"
    assert "white_space [ft2]" in before[0]
    before[1][1] = before[2][1] = 4000
    before[2][2] = "eu-north-1"
    after, notes = done(before, "annual_water,pue")
    fresh, _ = done([row[:3] for row in before], "pue,rack_count,rack_limit,white_space", unit=Display("us").unit)
    assert [row[:-2] for row in after] == fresh
    assert [after[0][-2:], after[1][-2], after[2][-2]] == [["error", "annual_water [ML]"], "", ""]
    assert any(note.startswith("computed anew 5 columns of an earlier run: pue [1], ") and
               all(header in note for header in before[0][3:]) for note in notes)


def test_headers_of_another_writing_stay(done):
    after, _ = done([(*HEAD, "PUE [1]", "Rack_Count [rack]"), (*GOOD, "stale", 7), ("b200", 1, "zz", "stale", 7)], "pue")
    assert after[0] == [*HEAD, "PUE [1]", "Rack_Count [rack]", "error"]
    assert (float(after[1][3]) > 1, after[1][4], after[2][3:5]) == (True, "29", ["", ""])


@pytest.mark.parametrize(("rows", "columns", "says"), [
    (1, "pue", ["read 1 row;", "added 1 column: pue [1]"]),
    (2, "pue,annual_energy", ["read 2 rows;", "added 2 columns: pue [1], annual_energy [GWh]"])])
def test_one_is_told_as_one(done, rows, columns, says):
    after, notes = done([HEAD, *[GOOD] * rows], columns)
    assert all(any(note.startswith(text) for note in notes) for text in says)
    count = len(says[1].split(","))
    anew = f"computed anew {count} column{'s' if count > 1 else ''} of an earlier run: "
    assert any(note.startswith(anew) for note in done(after, columns)[1])


def table(*beside):
    """A workbook [bytes] with a table, and cells beside it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Fleet")
    sheet.add_table(0, 0, 1, 2, {"columns": [{"header": header} for header in HEAD], "data": [GOOD]})
    for cell, text in beside:
        sheet.write(cell, text)
    book.close()
    return stream.getvalue()


def headers_of(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Fleet"]
    found, = sheet.tables.values()
    return [cell.value for cell in sheet[1]], found.column_names


def test_columns_beside_a_table_that_cannot_grow_are_not_added_twice(in_workbook):
    once, _ = in_workbook(table(("D1", "remark")), "pue,rack_count")
    again, notes = in_workbook(once, "pue,rack_count")
    assert headers_of(once)[0] == headers_of(again)[0] == [*HEAD, "remark", "pue [1]", "rack_count [rack]"]
    assert any("computed anew 2 columns" in note for note in notes)


def test_a_table_names_a_column_as_its_header_does_in_another_unit(in_workbook):
    once, _ = in_workbook(table(), "white_space,pue")
    again, _ = in_workbook(once, "white_space", unit=Display("us").unit)
    cells, columns = headers_of(again)
    assert cells == columns == [*HEAD, "white_space [ft2]", "pue [1]"]
