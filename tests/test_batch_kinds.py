"""Files of other kinds than a table has, or than their names say: each is refused with its true reason and what to do."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dcestimate.batches import kinds
from dcestimate.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
CSV = b"chip,count,region\ngb200,1000,us-east-1\n"


def workbook():
    stream, book = io.BytesIO(), openpyxl.Workbook()
    for line in CSV.decode().split():
        book.active.append(line.split(","))
    book.save(stream)
    return stream.getvalue()


def ole(*streams):
    """The head of an OLE compound file and a sector of its directory: [MS-CFB] 2.6.1 has entries of 128 bytes, which begin
    with the name in UTF-16.
    """
    entries = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams)]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(entries)


def archive(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as found:
        for name, content in parts.items():
            found.writestr(name, content)
    return stream.getvalue()


ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content="<x/>")
HTML = b"\n<HTML><table><tr><td>chip</td></tr></table>"


@pytest.mark.parametrize(("name", "content", "says"), [
    ("fleet.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "is protected by a password; empty it under"),
    ("fleet.xls", ole("Workbook"), "is an old .xls workbook; open it in a spreadsheet and save it as Excel Workbook (.xls"),
    ("fleet.xlsx", ole("Book"), "is an old .xls workbook"), ("fleet.xls", ole("WordDocument"), "no workbook that can"),
    ("fleet.ods", ODS, "is an OpenDocument file (.ods); open it"), ("fleet.xlsx", ODS, "is an OpenDocument file"),
    ("fleet.xlsb", archive(**{"xl/workbook.bin": b"x"}), "is a binary workbook (.xlsb)"),
    ("fleet.csv", workbook(), "holds a workbook (.xlsx), though it is named .csv; name it fleet.xlsx"),
    ("fleet.xls", workbook(), "though it is named .xls; name it fleet.xlsx"),
    ("fleet.xlsx", CSV, "holds text, though it is named .xlsx; if it is a CSV, name it fleet.csv"),
    ("fleet.XLS", CSV, "holds text, though it is named .xls; if it is a CSV, name it fleet.csv"),
    ("fleet.xlsx", CSV.decode().encode("utf-16"), "holds text"),
    ("fleet.xlsx", b"", "is empty"), ("fleet.xlsx", b"\0\1\2", "is not a workbook"),
    ("fleet.xls", HTML, "is a web page or XML"), ("fleet.csv", HTML, "is a web page or XML")])
def test_a_file_of_another_kind_is_refused_with_the_reason(name, content, says, tmp_path, capsys):
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["batch", str(path), "-o", str(tmp_path / "out.csv")]) == 3
    assert f"error: {path}: " in (err := capsys.readouterr().err)
    assert says in err
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("fleet.csv", CSV, "CSV"), ("fleet.txt", CSV, "CSV"), ("fleet", CSV, "CSV"), ("-", CSV, "CSV"),
    ("fleet.csv", b"", "CSV"), ("fleet.xlsx", workbook(), "workbook"),
    ("fleet.XLSM", workbook(), "workbook"), ("-", workbook(), "workbook")])
def test_kinds_that_are_read(name, content, kind):
    assert kinds.kind_of(content, name) == kind


@pytest.mark.parametrize(("name", "output", "fix"), [
    ("fleet.csv", "out.xlsx", "-o out.csv"), ("fleet.csv", "out.tsv", "-o out.csv"),
    ("fleet.xlsx", "out.csv", "-o out.xlsx"), ("fleet.xlsx", "out.xlsm", "-o out.xlsx"),
    ("fleet.xlsm", "out.xlsx", "-o out.xlsm")])
def test_a_file_comes_back_as_what_it_is(name, output, fix, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(CSV if name.endswith("csv") else workbook())
    assert main(["batch", name, "-o", output]) == 2
    assert fix in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_csv_is_not_asked_for_as_a_workbook(tmp_path, capsys):
    (tmp_path / "fleet.csv").write_bytes(CSV)
    assert main(["batch", str(tmp_path / "fleet.csv"), "-f", "xlsx"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("name", "content"), [("fleet.csv", CSV), ("fleet.xlsx", workbook())])
def test_a_dash_is_standard_output(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-m", "dcestimate", "batch", str(tmp_path / name), "-o", "-", "--columns", "pue"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    if name.endswith("csv"):
        assert done.stdout.splitlines()[0] == b"chip,count,region,pue [1]"
    else:
        assert openpyxl.load_workbook(io.BytesIO(done.stdout)).active["D1"].value == "pue [1]"
    assert [path.name for path in tmp_path.iterdir()] == [name]
