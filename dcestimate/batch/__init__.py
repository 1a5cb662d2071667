"""A planner's own table, each row a deployment: the same table back with columns of results."""


def batch(library, content, path, wanted, sheet=None):
    """A CSV or a workbook [bytes] with columns of results, as Written.

    :param path: what the file is called in messages; ``wanted`` says which results, and how; ``sheet`` names one.
    :raises ProfileError: when the file cannot be read, is of another kind than its name says, or lacks a column.
    """
    from ..errors import UsageError
    from . import kinds

    if kinds.kind_of(content, path) == kinds.WORKBOOK:
        from .workbook import batch as run

        return run(library, content, path, wanted, sheet)
    if sheet is not None:
        raise UsageError(f"--sheet {sheet[:40]}: a CSV has no sheets.", "Leave it out.")
    from .csv_batch import batch as run

    return run(library, content, path, wanted)
