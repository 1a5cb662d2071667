"""Workbooks verified: those of the tool agree, and whatever is changed in one is found."""

import json
import os
import re
import shutil
import time
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from dcestimate.cli.main import main
from dcestimate.errors import OutputError, ProfileError
from dcestimate.handover import content, recalculate, workbook
from dcestimate.handover.agreement import TOLERANCE
from dcestimate.handover.plan_text import PlanText
from dcestimate.handover.verify import KINDS, verify
from dcestimate.handover.workbook import results
from dcestimate.profiles import Library
from dcestimate.reports import schema
from dcestimate.request import lines
from dcestimate.rollout.sheets import letters
from dcestimate.version import profiles_version

REQUESTS = {
    "one": ("100k", "gb200", "eu-north-1", {}),
    "mix": ("300k", "gb300:60%,trainium2:40%", "us-east-1:70%,eu-north-1:30%", {"workload": "inference:2/3,training:1/3"}),
    "air": ("5k", "h100-sxm", "ap-south-1", {"cooling": "air-evaporative", "workload": "hpl"}),
    "set": ("20k", "gb200", "us-west-2", {"cooling": "dlc-tower", "settings": (
        "cycles_of_concentration=5", "liquid.terminal_approach=4 K", "energy_price=55 USD/MWh")}),
    "own": ("1000", "gb200", "eu-north-1", {}),  # with a profile of its own
}
SHORT = """schema = "dcestimate/plan/1"
name = "Too much, too soon"
deadline = "2027Q4"
[fleet]
mix = { gb200 = "100 %" }
[[site]]
region = "us-east-1"
power = { 2026Q4 = "20 MW", 2027Q4 = "40 MW" }
chips = { 2026Q4 = "5k", 2027Q4 = "30k" }
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder with a GB200 of another thermal design power."""
    folder = tmp_path_factory.mktemp("own")
    text = (Library().root / "chips" / "gb200.toml").read_text(encoding="utf-8")
    changed = text.replace('tdp = { value = "1200 W/chip"', 'tdp = { value = "1100 W/chip"')
    assert changed != text
    (folder / "gb200.toml").write_text(changed, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def files(library, own, tmp_path_factory):
    """{name: path} of the workbooks of five requests and two plans."""
    folder = tmp_path_factory.mktemp("reports")
    made = {}
    for name, (count, chip, region, more) in REQUESTS.items():
        one = Library([own]) if name == "own" else library
        made[name] = workbook.of(content.of_lines(one, lines(one, count, chip, region, **more)), one)
    made["example"] = workbook.of(content.of_plan(library, "example"), library)
    made["short"] = workbook.of(content.of_plan_text(library, PlanText("short.toml", "toml", SHORT)), library)
    for name, bytes_ in made.items():
        (folder / f"{name}.xlsx").write_bytes(bytes_)
    return {name: folder / f"{name}.xlsx" for name in made}


def cell(name, row):
    """The cell of a result, and its sheet's part of the file."""
    return f"{letters(results.COLUMN[name])}{row + 1}", "xl/worksheets/sheet2.xml"


RACKS = cell("compute_rack_count", results.FIRST)
TOTAL = cell("facility_peak_power", results.FIRST + 1)


def patched(path, to, part, old, new):
    """A copy of a workbook in which a text of one of its parts is another, all else being as it was."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            found = source.read(name).decode()
            changed, count = re.subn(old, new, found) if name == part else (found, 1)
            assert count == 1
            target.writestr(name, changed)
    return to


def edited(path, to, change):
    """A copy of a workbook that a hand changed and that a program saved which does not calculate."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(to)
    return to


@pytest.fixture(scope="module")
def tampered(files, library, tmp_path_factory):
    """{name: path} of workbooks that someone changed."""
    folder = tmp_path_factory.mktemp("tampered")
    one = files["one"]

    def patch(name, part, old, new):
        return patched(one, folder / f"{name}.xlsx", part, old, new)

    def edit(name, change):
        return edited(one, folder / f"{name}.xlsx", change)

    return {
        "number": patch("number", RACKS[1], rf'(<c r="{RACKS[0]}"[^>]*>)<v>1389</v>', r"\1<v>1388</v>"),
        "overwritten": patch("overwritten", TOTAL[1], rf'(<c r="{TOTAL[0]}"[^>]*>)<f>[^<]*</f><v>[^<]*</v>',
                             r"\1<v>240</v>"),
        "shorter": patch("shorter", TOTAL[1], rf'(<c r="{TOTAL[0]}"[^>]*><f>)SUM', r"\1MAX"),
        "cached": patch("cached", TOTAL[1], rf'(<c r="{TOTAL[0]}"[^>]*><f>[^<]*</f>)<v>[^<]*</v>', r"\1<v>240</v>"),
        "text": patch("text", "xl/sharedStrings.xml", "<t>Power at the meter averaged over the year.</t>",
                      "<t>Power at the meter.</t>"),
        "version": patch("version", "xl/sharedStrings.xml", profiles_version(library.root), "0123456789ab"),
        "resaved": edit("resaved", lambda book: book["Results"].__setitem__(RACKS[0], 1388)),
        "emptied": edit("emptied", lambda book: book["Results"].__setitem__(RACKS[0], None)),
        "added": edit("added", lambda book: book["Results"].__setitem__("A40", 7)),
    }


@pytest.fixture(scope="module")
def recalculated(files, tampered, soffice):
    """What LibreOffice makes of all of them, in one call."""
    paths = [*files.values(), *(path for name, path in tampered.items() if name not in ("emptied", "added"))]
    return dict(zip(paths, recalculate.recalculated(paths), strict=True))


@pytest.fixture
def at_once(recalculated, monkeypatch):
    """Verification that takes what LibreOffice computed from that one call."""
    monkeypatch.setattr(recalculate, "recalculated", lambda paths: [recalculated[path] for path in paths])


@pytest.mark.parametrize("name", [*REQUESTS, "example", "short"])
def test_a_report_agrees_with_the_model_and_with_itself(library, own, files, at_once, name):
    result = verify(Library([own]) if name == "own" else library, files[name])
    assert result.agrees, result.ordered[:5]
    assert result.recalculated_by.startswith("LibreOffice ")
    assert result.numbers > result.formulas > 500
    assert max(result.farthest, result.farthest_recalculated) < TOLERANCE


def found(library, path, **more):
    return [(one.kind, f"{one.sheet}!{one.cell}") for one in verify(library, path, **more).ordered]


def test_a_number_changed_by_hand_is_found(library, tampered, at_once):
    """The number itself first, then what a spreadsheet makes of it: the total and the racks of all kinds."""
    first, *rest = verify(library, tampered["number"]).ordered
    assert (first.kind, first.sheet, first.cell, first.found, first.wanted) == ("number", "Results", RACKS[0], 1388, 1389)
    assert first.about == "eu-north-1, compute_rack_count [rack]"
    assert {one.kind for one in rest} == {"recalculated"}
    after = {f"{one.sheet}!{one.cell}" for one in rest}
    assert {f"Results!{cell(name, results.FIRST + row)[0]}" for name in ("compute_rack_count", "rack_count")
            for row in (1, 4)} <= after


def test_an_overwritten_formula_is_found(library, tampered, at_once):
    first = verify(library, tampered["overwritten"]).ordered[0]
    assert (first.kind, first.cell, first.found) == ("formula", TOTAL[0], 240)
    assert first.wanted.startswith("=SUM(Results!") or first.wanted.startswith("=SUM($")
    first = verify(library, tampered["shorter"]).ordered[0]
    assert (first.kind, first.cell) == ("formula", TOTAL[0])
    assert first.found == first.wanted.replace("SUM", "MAX")


def test_a_stored_value_that_its_formula_does_not_have_is_found(library, tampered, at_once):
    assert found(library, tampered["cached"]) == [("value", f"Results!{TOTAL[0]}"), ("recalculated", f"Results!{TOTAL[0]}")]
    assert found(library, tampered["cached"], with_libreoffice=False) == [("value", f"Results!{TOTAL[0]}")]


def test_texts_count_too(library, tampered, at_once):
    kinds = {kind for kind, _ in found(library, tampered["text"])}
    assert kinds == {"text"}


def test_a_workbook_of_other_profiles_is_found(library, own, files, at_once):
    """Which profiles it was made with, then the figure that differs, then what follows from it."""
    ordered = verify(library, files["own"]).ordered
    assert [one.kind for one in ordered] == sorted((one.kind for one in ordered), key=KINDS.index)
    origin, figure, number = ordered[:3]
    assert (origin.about, origin.wanted) == ("own profiles", "none")
    assert re.fullmatch("[0-9a-f]{12}", origin.found)
    assert (figure.about, figure.found, figure.wanted) == ("tdp", 1100, 1200)
    assert number.kind == "number"
    assert [one.kind for one in ordered].count("figure") == 1


def test_other_shipped_profiles_are_found(library, tampered, at_once):
    first, *rest = verify(library, tampered["version"]).ordered
    assert (first.kind, first.about, first.found) == ("origin", "profiles", "0123456789ab")
    assert rest == []


def test_a_workbook_saved_without_values_is_told_once(library, tampered, at_once):
    result = verify(library, tampered["resaved"])
    kinds = [one.kind for one in result.ordered]
    assert kinds[:2] == ["number", "value"]
    assert set(kinds[2:]) == {"recalculated"}
    assert f"each of {result.formulas:,} formulas" in result.ordered[1].wanted
    racks = next(one for one in result.ordered if one.cell == cell("compute_rack_count", results.FIRST + 1)[0])
    assert (racks.found, racks.wanted) == (1388, 1389)


def test_cells_that_are_gone_or_new_are_found(library, tampered):
    assert ("number", f"Results!{RACKS[0]}") in found(library, tampered["emptied"], with_libreoffice=False)
    new = next(one for one in verify(library, tampered["added"], with_libreoffice=False).ordered if one.cell == "A40")
    assert (new.found, new.wanted) == (7, None)


def test_a_sheet_of_ones_own_is_told_and_what_reaches_out_is_never_computed(library, files, tmp_path, monkeypatch):
    def add(book, formula):
        book.create_sheet("Mine")["A1"] = formula

    quiet = edited(files["one"], tmp_path / "quiet.xlsx", lambda book: add(book, 1))
    assert verify(library, quiet, with_libreoffice=False).notes[0] == "sheet Mine is not ours and is not checked"
    monkeypatch.setattr(recalculate, "version", lambda: "LibreOffice")
    monkeypatch.setattr(recalculate, "recalculated", lambda paths: pytest.fail("it was computed"))
    for formula in ('=WEBSERVICE("http://example.com")', "='[other.xlsx]Sheet1'!A1", '=DDE("soffice";"a";"b")'):
        loud = edited(files["one"], tmp_path / "loud.xlsx", lambda book, formula=formula: add(book, formula))
        assert ("formula", "Mine!A1") in found(library, loud)


@pytest.mark.parametrize("content_", [b"", b"PK\x03\x04 broken", b"Deployment,pue\nx,1.1\n"], ids=["empty", "zip", "csv"])
def test_what_is_no_workbook_is_refused(library, tmp_path, content_):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content_)
    with pytest.raises(ProfileError, match=r"x\.xlsx: is n"):
        verify(library, path, with_libreoffice=False)


def test_what_is_said_of_any_workbook_is_said_of_a_report_too(library, files, tmp_path):
    """A password, an old format and an archive of something else, which only plans and tables were told of."""
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    for name, says in (("old", "save it as .xlsx without"), ("zip", "is a zip archive but not a workbook; give one that")):
        with pytest.raises(ProfileError, match=says):
            verify(library, tmp_path / f"{name}.xlsx", with_libreoffice=False)


def test_a_workbook_of_another_kind_or_a_bomb_is_refused(library, files, tmp_path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(ProfileError, match="no workbook of dcestimate"):
        verify(library, tmp_path / "other.xlsx", with_libreoffice=False)
    shutil.copy(files["one"], tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.xml", b" " * 50_000_000)
    with pytest.raises(ProfileError, match="unpacks to more"):
        verify(library, tmp_path / "bomb.xlsx", with_libreoffice=False)
    with pytest.raises(OutputError, match="cannot read"):
        verify(library, tmp_path / "none.xlsx", with_libreoffice=False)


@pytest.mark.parametrize(("old", "new", "says"), [
    ("<t>gb200-nvl72</t>", "<t>gb2000</t>", "unknown system 'gb2000'"), ("<t>100000</t>", "<t>many</t>", "many"),
    ("<t>request</t>", "<t>wish</t>", "neither a request nor a plan")])
def test_a_request_that_cannot_be_is_told(library, files, tmp_path, old, new, says):
    path = patched(files["one"], tmp_path / "x.xlsx", "xl/sharedStrings.xml", old, new)
    with pytest.raises(ProfileError, match=says) as error:
        verify(library, path, with_libreoffice=False)
    assert "x.xlsx: sheet Request: " in str(error.value)


def test_without_libreoffice_it_says_how_to_install_it(files, monkeypatch, capsys):
    monkeypatch.setattr(recalculate, "PROGRAMS", ())
    assert main(["verify", str(files["one"])]) == 1
    assert "apt-get install libreoffice-calc" in " ".join(capsys.readouterr().err.split())
    assert main(["verify", str(files["one"]), "--without-libreoffice"]) == 0
    assert "recalculated" not in capsys.readouterr().out


def test_own_profiles_may_lie_elsewhere(library, own, files, tmp_path):
    """It is what is in a folder that counts; where it lies is nowhere in the workbook."""
    shutil.copytree(own, tmp_path / "elsewhere" / "mine")
    assert verify(Library([tmp_path / "elsewhere" / "mine"]), files["own"], with_libreoffice=False).agrees
    with zipfile.ZipFile(files["own"]) as archive:
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert own.as_posix() not in texts
    assert "own profiles: gb200.toml:" in texts


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands for the program")
def test_a_libreoffice_that_hangs_or_fails_is_ended(files, monkeypatch, tmp_path):
    program, beat = tmp_path / "soffice", tmp_path / "beat"
    program.write_text(f"#!/bin/sh\n(while :; do echo x >> {beat}; sleep 0.05; done) &\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(recalculate, "PROGRAMS", (str(program),))
    monkeypatch.setattr(recalculate, "SLOW", 0.5)
    with pytest.raises(OutputError, match="took more than"):
        recalculate.recalculated([files["one"]])
    time.sleep(0.3)  # what was on its way has been written
    beats = beat.stat().st_size
    time.sleep(0.3)
    assert beat.stat().st_size == beats  # what it had started has ended too
    program.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(OutputError, match="did not recalculate"):
        recalculate.recalculated([files["one"]])
    program.write_text("not a program")
    with pytest.raises(OutputError, match="does not start"):
        recalculate.recalculated([files["one"]])


def test_the_command_line_round_trip(soffice, tmp_path, capsys, monkeypatch):
    """Report then verify, for real, from an estimate in JSON."""
    monkeypatch.chdir(tmp_path)
    where = ["--chip", "h100-sxm", "--region", "eu-north-1", "--set", "energy_price=50 USD/MWh"]
    assert main(["estimate", "1k", *where, "-o", "one.json"]) == 0
    assert main(["report", "one.json", "-o", "one.xlsx"]) == 0
    assert main(["report", "1k", *where, "-o", "two.xlsx"]) == 0
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    capsys.readouterr()
    assert main(["verify", "one.xlsx", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema.document("verification"))
    assert document["agrees"]
    assert document["recalculated"]["formulas"] == document["compared"]["formulas"]


def test_differences_are_listed_and_exit_4(library, files, own, tampered, capsys):
    assert main(["verify", str(files["own"]), "--without-libreoffice"]) == 4
    text = capsys.readouterr().out
    assert "tdp" in text
    assert "Should be" in text
    assert main(["verify", str(files["own"]), "--without-libreoffice", "--json"]) == 4
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema.document("verification"))
    assert {one["kind"] for one in document["findings"]} <= set(KINDS)
    of_findings = schema.document("verification")["properties"]["findings"]["items"]["properties"]
    assert of_findings["kind"]["enum"] == list(KINDS)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "findings": [{"kind": "guess"}]}, schema.document("verification"))
    assert main(["verify", str(files["own"]), "--without-libreoffice", "--exit-zero"]) == 0
    assert main(["verify", str(files["own"]), "--without-libreoffice", "-P", str(own)]) == 0
    assert main(["verify", str(Path(__file__))]) == 3


def test_long_lists_are_cut_and_counted(library, files, tmp_path, capsys):
    def change(book):
        for column in range(results.COLUMN["rack_count"], results.COLUMN["rack_count"] + 30):
            book["Results"].cell(30, column + 1).value = 1

    path = edited(files["one"], tmp_path / "many.xlsx", change)
    assert main(["verify", str(path), "--without-libreoffice"]) == 4
    text = capsys.readouterr().out
    assert "31 differences" in text  # and one that says no formula has a value
    assert "... and 11 more" in text


@pytest.mark.parametrize(("argv", "code", "says"), [
    (["report", "100k", "--chip", "gb200", "--region", "us-east-1"], 2, "needs a file"),
    (["report", "100k", "--chip", "gb200", "-o", "x.xlsx"], 2, "a region is missing"),
    (["report", "example", "--chip", "gb200", "-o", "x.xlsx"], 2, "says itself"),
    (["report", "none.toml", "-o", "x.xlsx"], 1, "there is no plan none.toml"),
    (["report", "-5", "--chip", "gb200", "--region", "us-east-1", "-o", "x.xlsx"], 2, "not above zero"),
    (["report", "100k", "--chip", "gb200", "--region", "us-east-1", "-o", "x.svg"], 2, "no format 'svg'"),
    (["verify", "x.xlsx", "--set", "tdp=1 W/chip"], 2, "--set has no effect"),
    (["verify", "x.xlsx", "--without-libreoffice"], 1, "cannot read x.xlsx")])
def test_what_cannot_be_asked_is_told(argv, code, says, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(argv) == code
    assert says in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "says"), [
    ("number", "A number was changed by hand: Results!{} (eu-north-1, compute_rack_count [rack]) says 1388, the model "
               "1389."),
    ("overwritten", "A formula was overwritten, changed or added: Results!{} (Total, facility_peak_power [MW]) holds 240"),
    ("cached", "1 formula is stored with another value than the model has: Results!{}. Open it in a spreadsheet program"),
    ("text", '2 texts were changed by hand: Summary!I15 (Facility, average, What it is) says "Power at the meter.", the'),
    ("version", "It was made with other profiles, 0123456789ab, than these"),
    ("resaved", "formulas hold no stored value: open it once in a spreadsheet program and save it, or make it again with"),
    ("own", "It was made with profiles of one's own, and none are named (tdp is 1100 there and 1200 here): name their "
            "folder with -P DIR, or make it again with 'dcestimate report'.")])
def test_the_screen_says_the_cause_before_the_cells_in_80_columns(files, tampered, name, says, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["verify", str((tampered | files)[name]), "--without-libreoffice"]) == 4
    text = capsys.readouterr().out
    cause, table = text.split("--json has them in full:")
    where = RACKS[0] if name == "number" else TOTAL[0]
    assert says.format(where) in " ".join(cause.partition("\n")[2].split())
    assert max(map(len, table.splitlines())) <= 80


def test_what_is_no_workbook_of_ours_says_what_to_give(files, tmp_path, capsys):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    for path, code, fix in ((tmp_path / "other.xlsx", 3, "give one that 'dcestimate report -o FILE.xlsx' wrote"),
                            (tmp_path / "none.xlsx", 1, "Give one that 'dcestimate report -o FILE.xlsx' wrote."),
                            (tmp_path, 1, "Name the workbook in it.")):
        assert main(["verify", str(path), "--without-libreoffice"]) == code
        assert fix in " ".join(capsys.readouterr().err.split())
