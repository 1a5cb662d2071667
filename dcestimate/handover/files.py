"""What is handed over of a file: an estimate as JSON, a workbook of either kind, or a plan."""

from pathlib import Path

from ..errors import OutputError
from ..request import lines_from_json
from ..rollout.files import LARGEST, find
from . import content


def of_file(library, name, mend=True):
    """The hand-over of a file: a JSON estimate, a workbook of either kind, or a plan.

    :raises OutputError: when there is no such file.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return content.of_lines(library, lines_from_json(library, name))
    if suffix == ".xlsx" and Path(name).is_file():
        from .workbook import request

        held = request.of_file(library, name, mend)
        if held:
            return held
    return content.of_plan(library, name, mend)


def names_a_file(text):
    """Whether the first thing a user wrote is a file or a shipped plan, and not a count."""
    if Path(text).suffix.lower() in (*LARGEST, ".json"):
        return True
    try:
        find(text)
    except OutputError:
        return False
    return True
