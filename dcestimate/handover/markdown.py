"""A story as Markdown: the same texts and tables; charts are left out."""

from functools import singledispatch
from urllib.parse import quote

from ..reports.machine import as_markdown
from .story.parts import (
    Bullets,
    Chain,
    Columns,
    Command,
    Figure,
    Fold,
    Link,
    Named,
    Prose,
    Row,
    Section,
    Short,
    Span,
    Table,
)

ADDRESS = "/:?#[]@!$&'()*+,;=%-._~"  # letters that mean something in an address
SIGNS = {"+": "+", "-": "-", ">": "to"}
SPECIAL = "\\`*_{}[]<>#~$&"  # bars are escaped by the tables that they would break


def markdown(story):
    """The whole document."""
    verdict = f"**{plain(story.verdict[1])}.** " if story.verdict else ""
    parts = [f"# {plain(story.title)}", verdict + plain(story.headline), *part(Bullets(story.warnings)),
             _table(("", ""), story.design), _table(("", "", ""), [(t.label, t.value, t.note) for t in story.tiles])]
    parts += [text for section in story.sections for text in part(section)]
    return "\n\n".join([*parts, plain(story.made_by)]) + "\n"


def plain(text):
    """Text whose marks Markdown takes for none of its own."""
    return "".join(f"\\{c}" if c in SPECIAL else c for c in str(text).replace("\n", " "))


def _table(headers, rows):
    return as_markdown([plain(h) for h in headers], [[cell(one) for one in row] for row in rows]).rstrip("\n")


@singledispatch
def part(one):
    """A part as paragraphs of Markdown."""
    raise TypeError(one)


@part.register
def _(one: Section):
    found = [text for p in one.parts for text in part(p)]
    return [f"## {plain(one.title)}", *found] if found else []


@part.register
def _(one: Prose):
    return [plain(one.text)]


@part.register
def _(one: Command):
    return [f"```sh\n{one.text}\n```"]


@part.register
def _(one: Bullets):
    return ["\n".join(f"- {cell(item)}" for item in one.items)] if one.items else []


@part.register
def _(one: Row | Columns):
    return [text for p in one.parts for text in part(p)]


@part.register
def _(one: Fold):
    return [f"### {plain(one.title)}", *(text for p in one.parts for text in part(p))]


@part.register
def _(one: Figure):
    return []


@part.register
def _(one: Chain):
    rows = [(s.name, s.amount, s.stands, "; ".join(f"{SIGNS[sign]} {text}" for sign, text in s.branches))
            for s in one.stages]
    headers = ("Stage", "In", "Equipment", "Joins (+), leaves (-), ends (to)")
    return [f"**{plain(one.title)}**", _table(headers, rows)] if rows else []


@part.register
def _(one: Table):
    return [f"**{plain(one.caption)}**", _table(one.headers, one.rows)]


@singledispatch
def cell(one):
    """A cell or item."""
    return plain(one)


@cell.register
def _(one: Link):
    if one.url.startswith(("https://", "http://")):
        return f"[{plain(one.text)}](<{quote(one.url, safe=ADDRESS)}>)"
    return plain(one.text)


@cell.register
def _(one: Named):
    return f"{plain(one.text)} (`{one.name}`)"


@cell.register
def _(one: Short):
    return f"**{plain(one.text)} !**"


@cell.register
def _(one: Span):
    return plain(one.text)
