"""A plan as the text that rebuilds it, whatever file it came in."""

from dataclasses import dataclass

from ..rollout import document, files, sheets, table, toml_text
from ..rollout.as_table import rows

FORMATS = {"toml": toml_text.read, "csv": lambda text, name: table.read(sheets.of_csv(text, name))}


@dataclass(frozen=True)
class PlanText:
    """What a plan's file says: the file's name without its folder, the format, and the text."""

    name: str
    format: str
    text: str

    @property
    def source(self):
        """What the text says, as the document that every format gives."""
        return FORMATS[self.format](self.text, self.name)

    def plan(self, library):
        """The plan.

        :raises ProfileError: with every fault of the text.
        """
        return document.plan(self.source, library)


def of_file(library, name):
    """The text of a plan's file; a workbook's as the table that it holds.

    :raises ProfileError: with every fault of the file, at its place there.
    """
    path = files.find(name)
    source = files.source(path)
    document.plan(source, library)
    if path.suffix.lower() == ".xlsx":
        return PlanText(path.name, "csv", sheets.as_csv(rows(source.content)))
    return PlanText(path.name, path.suffix.lower()[1:], path.read_text(encoding="utf-8-sig"))
