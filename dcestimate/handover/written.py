"""A hand-over as the file that its name asks for."""

from pathlib import Path

from ..errors import UsageError

FORMATS = ("xlsx", "html", "md")


def format_of(path):
    """The format that the ending of a name asks for.

    :raises UsageError: when it asks for none of these.
    """
    found = Path(path).suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise UsageError(f"{path} ends in none of {', '.join(f'.{one}' for one in FORMATS)}.", "Name it e.g. report.xlsx.")
    return found


def written(handover, library, format, display, command):
    """A hand-over as bytes of a workbook, or as the text of a page or of Markdown; ``command`` gives it again."""
    if format == "xlsx":
        from . import workbook

        return workbook.of(handover, library)
    from . import markdown, page, story

    told = story.of(handover, display, command)
    return page.html(told) if format == "html" else markdown.markdown(told)
