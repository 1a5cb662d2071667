"""Headers of planners' tables: marks beside them, two of one name, and those that are not where they are looked for."""

import csv
import io
import re

import openpyxl
import pytest

from dcestimate.batches import batch, matching, run
from dcestimate.errors import ProfileError, UsageError
from dcestimate.profiles import Library

HEAD, GOOD = ("chip", "count", "region"), ("gb200", 1000, "us-east-1")


@pytest.fixture(scope="module")
def done(library):
    """Rows through batch as a CSV, as a list of {header: cell}."""
    def _done(*rows, named=()):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        wanted = run.Wanted(["accelerator_count"], matching.parse_map(named))
        written = batch(library, text.getvalue().encode(), "fleet.csv", wanted)
        return list(csv.DictReader(io.StringIO(b"".join(written.pieces).decode())))
    return _done


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.fixture(scope="module")
def in_workbook(library):
    """Sheets {name: rows} through batch, those whose names begin with "Hidden" not visible."""
    def _done(sheets, sheet=None):
        book, stream = openpyxl.Workbook(), io.BytesIO()
        book.remove(book.active)
        for name, rows in sheets.items():
            added = book.create_sheet(name)
            added.sheet_state = "hidden" if name.startswith("Hidden") else "visible"
            for row in rows:
                added.append(row)
        book.save(stream)
        return batch(library, stream.getvalue(), "fleet.xlsx", run.Wanted(["pue"]), sheet)
    return _done


@pytest.mark.parametrize("header", ["Region*", "Region:", "Region *:", "region\u2020", "AWS region\u00b9", "*Region",
                                    "Region (site)*"])
def test_marks_beside_a_header_do_not_matter(done, header):
    assert done(("chip", "count*", header), GOOD)[0]["accelerator_count [chip]"] == "1000"


def test_a_unit_before_a_mark_counts(done):
    assert done(("chip", "GPUs (k)*", "region"), GOOD)[0]["accelerator_count [chip]"] == "1000000"


@pytest.mark.parametrize("headers", [("chip", "count", "count", "region"), ("chip", "GPUs", "chips", "region")])
def test_the_advice_for_two_columns_of_one_name_works(done, headers):
    rows = headers, ("gb200", 7, 9, "us-east-1")
    with pytest.raises(ProfileError) as caught:
        done(*rows)
    first, second = re.findall(r'--map "([^"]+)"', str(caught.value))
    assert (first, second) == ("count=B", "count=C")
    assert [list(done(*rows, named=[advice])[0].values())[-1] for advice in (first, second, "count=c")] == ["7", "9", "9"]


def test_a_title_goes_before_a_letter(done):
    rows = ("chip", "b", "A", "region"), ("gb200", 7, 9, "us-east-1")
    assert done(*rows, named=["count=A"])[0]["accelerator_count [chip]"] == "9"
    assert done(*rows, named=["count=B"])[0]["accelerator_count [chip]"] == "7"
    assert done(*rows, named=["count=C"])[0]["accelerator_count [chip]"] == "9"
    with pytest.raises(UsageError, match="there is no column of that name"):
        done(*rows, named=["count=E"])


def test_a_title_that_stands_twice_is_told_by_letters(done):
    with pytest.raises(UsageError, match=re.escape('of that name. Write --map "count=B" or --map "count=C".')):
        done(("chip", "n", "n", "region"), ("gb200", 7, 9, "us-east-1"), named=["count=n"])


@pytest.mark.parametrize(("rows", "says"), [
    ([("chip", "count")], "fleet.csv:1: has no column for region, but chip, count; row 1 was searched: rename one"),
    ([("Plan",), ("GPU", "count"), ("a", 1)], "fleet.csv:2: has no column for region, but GPU, count; rows 1 to 3 were"),
    ([("x",)] * 24 + [HEAD, GOOD], "rows 1 to 20 were searched, and row 25 has them: delete rows above it")])
def test_what_was_searched_is_told(done, in_workbook, rows, says):
    with pytest.raises(ProfileError) as caught:
        done(*rows)
    assert says in str(caught.value)
    if "row 25" in says:
        with pytest.raises(ProfileError, match=re.escape(says)):
            in_workbook({"Fleet": rows})


@pytest.mark.parametrize(("sheets", "sheet", "says"), [
    ({"Fleet": [("x",)], "Hidden one": [HEAD, GOOD]}, None, 'and sheet Hidden one has them: write --sheet "Hidden one"'),
    ({"Notes": [("x",)], "Fleet": [HEAD, GOOD]}, "Notes", 'and sheet Fleet has them: write --sheet "Fleet"'),
    ({"Notes": [("x",)], "Fleet": [("chip", "count")]}, None, "sheet Fleet, row 1: has no column for region")])
def test_another_sheet_that_has_the_headers_is_named(in_workbook, sheets, sheet, says):
    with pytest.raises(ProfileError, match=re.escape(says)):
        in_workbook(sheets, sheet)
