"""A planner's own table, each row a deployment: the same table back with columns of results."""


def batch(library, content, path, wanted, sheet=None):
    """A CSV or a workbook [bytes] with columns of results, as Written.

    :param path: what the file is called in messages; ``wanted`` says which results, and how; ``sheet`` names one.
    :raises ProfileError: when the file cannot be read, is of another kind than its name says, or lacks a column.
    """
    from ..errors import UsageError
    from . import kinds
    from .workers import Workers

    with Workers(library, wanted.processes) as workers:
        if kinds.kind_of(content, path) == kinds.WORKBOOK:
            from .workbook import batch as run

            return run(workers, content, path, wanted, sheet)
        if sheet is not None:
            raise UsageError(f"--sheet {sheet[:40]}: a CSV has no sheets.", "Leave it out.")
        from .csv_batch import batch as run

        return run(workers, content, path, wanted)


def to_file(library, path, out, wanted, sheet=None):
    """A file with columns of results, written into another of its kind, as Written with its bytes in ``pieces``.

    :raises OutputError: when the one cannot be read or the other not be written.
    """
    from dataclasses import replace
    from pathlib import Path

    from ..errors import OutputError, UsageError
    from ..output import save

    path, out = Path(path), Path(out)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}.") from None
    if out.exists() and out.samefile(path):
        raise UsageError(f"{out} is the file that is read, which is never written to.", "Name another.")
    if out.suffix.lower() != path.suffix.lower():
        raise UsageError(f"{path} comes back as {path.suffix}, and {out} would be none.",
                         f"Name it {out.stem}{path.suffix}.")
    found = batch(library, content, str(path), wanted, sheet)
    pieces = list(found.pieces)
    save(out, pieces)
    return replace(found, pieces=pieces, notes=list(found.notes))
