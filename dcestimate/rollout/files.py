"""The file of a plan: finding it, how large it may be, and which format it has."""

from pathlib import Path

from ..errors import OutputError, ProfileError
from ..profiles import shipped

LARGEST = {".toml": 5_000_000, ".csv": 5_000_000, ".xlsx": 50_000_000}  # bytes
OTHERS = {".xlsm": ".xlsx", ".xls": ".xlsx", ".xlsb": ".xlsx", ".ods": ".xlsx", ".numbers": ".xlsx", ".tsv": ".csv",
          ".txt": ".csv", ".tab": ".csv", ".json": ".toml", ".yaml": ".toml", ".yml": ".toml"}


def find(name):
    """The path of a plan: a file, or a plan that is shipped, by its bare name.

    :raises OutputError: when there is neither.
    """
    path = Path(name)
    try:
        if path.is_file():
            return path
        folder_named = path.is_dir()
    except OSError as error:  # a name too long for any file
        raise OutputError(f"there is no plan {str(name)[:60]}: {error.strerror}.", "Name a file.") from None
    folder = shipped() / "plans"
    known = folder / f"{path.stem}.toml"
    if str(path) in (path.stem, path.name, f"profiles/plans/{path.name}") and known.is_file():
        return known
    if folder_named:
        raise OutputError(f"{name} is a folder.", "Name the file of a plan.")
    there = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none"
    raise OutputError(f"there is no plan {name}.", f"Name a file, or a shipped plan: {there}.")


def read(name, library):
    """A plan from a TOML document, or from a CSV or XLSX table as ``layout`` describes it.

    :raises ProfileError: with every fault of the file.
    :raises OutputError: when there is no such file, or it cannot be read.
    """
    from .document import plan

    return plan(source(find(name)), library)


def source(path):
    """What a file says, whatever its format."""
    suffix = path.suffix.lower()
    if suffix not in LARGEST:
        kept = OTHERS.get(suffix)
        fix = f"save it as {path.stem}{kept}" if kept else "name it .toml, .csv or .xlsx, as which it is"
        raise ProfileError([f"{path}: is no TOML, CSV or XLSX by its name; {fix}"])
    try:
        size = path.stat().st_size
        if size > LARGEST[suffix]:
            raise ProfileError([f"{path}: has {size:,} bytes, more than the {LARGEST[suffix]:,} of any plan; keep the plan "
                                "alone in it"])
        content = path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}.") from None
    if suffix == ".toml":
        from . import toml_text

        return toml_text.read(_text(content, path, "save it as UTF-8"), str(path))
    from . import sheets, table, workbooks

    if suffix == ".csv":
        return table.read(sheets.of_csv(_text(content, path, 'save it as "CSV UTF-8"'), str(path)))
    return table.read(workbooks.of_workbook(content, str(path)))


def _text(content, path, fix):
    """The text of a file.

    :raises ProfileError: with the line where it is not UTF-8.
    """
    if content.startswith(b"PK\x03\x04"):
        raise ProfileError([f"{path}: is a zip archive; if it is a workbook, name it .xlsx"])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ProfileError([f"{path}:1: is UTF-16; {fix}"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProfileError([f"{path}:{line}: byte {content[error.start]:#04x} is not UTF-8; {fix}"]) from None
    if "\0" in text:
        raise ProfileError([f"{path}:{text.count(chr(10), 0, text.index(chr(0))) + 1}: is not text; {fix}"])
    return text
