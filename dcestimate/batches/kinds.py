"""What kind of file a table comes in, by what it holds, and what to do where its name says another or we read none."""

from pathlib import PurePath

from ..errors import ProfileError

WORKBOOK, CSV = "workbook", "CSV"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OPENDOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."  # first in its archive, as its standard has it
PAGES = b"<html", b"<!doctype", b"<table", b"<?xml"
TEXTS, WORKBOOKS = (".csv", ".tsv", ".tab", ".txt"), (".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".xltx", ".xltm")  # spreadsheets that are not read
SAVE = "open it in a spreadsheet and save it as Excel Workbook (.xlsx)"


def kind_of(content, path):
    """WORKBOOK or CSV, for the content [bytes] of a file; "-" has no name that may say otherwise.

    :raises ProfileError: for any other kind, and for one that the name of the file denies.
    """
    fault = _foreign(content)
    if fault:
        raise ProfileError([f"{path}: {fault}"])
    kind, suffix = WORKBOOK if content.startswith(ZIP) else CSV, PurePath(path).suffix.lower()
    if suffix in (TEXTS + OTHERS if kind == WORKBOOK else WORKBOOKS + OTHERS):
        raise ProfileError([f"{path}: {_denied(content, kind, PurePath(path), suffix)}"])
    return kind


def _denied(content, kind, path, suffix):
    """What is wrong with content that is of another kind than its name says."""
    if kind == WORKBOOK:
        return f"holds a workbook (.xlsx), though it is named {suffix}; name it {path.with_suffix('.xlsx').name}"
    if not content.strip():
        return "is empty; save it anew in a spreadsheet"
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):  # as UTF-16 begins
        return f"is not a workbook; {SAVE}"
    return f"holds text, though it is named {suffix}; if it is a CSV, name it {path.with_suffix('.csv').name}"


def _foreign(content):
    """What is wrong with the content of a file that is neither a workbook that we read nor text, "" otherwise."""
    if content.startswith(OLE):
        if _streams(content, "EncryptedPackage"):
            return "is protected by a password; empty it under File > Info > Protect Workbook in Excel, and save the file"
        if _streams(content, "Workbook", "Book"):
            return f"is an old .xls workbook; {SAVE}"
        return f"is a file of old Office programs, and no workbook that can be read; {SAVE}"
    if content.startswith(ZIP):
        if content[30:].startswith(OPENDOCUMENT):
            return f"is an OpenDocument file (.ods); {SAVE}"
        if b"xl/workbook.bin" in content:
            return f"is a binary workbook (.xlsb); {SAVE}"
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower().startswith(PAGES):
        return f"is a web page or XML, as some programs export under the name of a table; {SAVE}"
    return ""


def _streams(content, *names):
    """Whether an OLE file has a stream of one of these names; its list of streams holds them as UTF-16."""
    return any(name.encode("utf-16-le") + b"\0\0" in content for name in names)
