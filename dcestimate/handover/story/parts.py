"""What a page is made of, before it is HTML or Markdown: a story of sections, each of texts, tables, chains and figures."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """A text that leads to an address, where it is one of the web."""

    text: str
    url: str


@dataclass(frozen=True)
class Named:
    """What something is, and its name where it is set."""

    text: str
    name: str


@dataclass(frozen=True)
class Span:
    """A cell with a range drawn behind its text: from ``low`` to ``high``, shares of the column's width."""

    text: str
    low: float
    high: float


@dataclass(frozen=True)
class Short:
    """A cell of something that falls short."""

    text: str


@dataclass(frozen=True)
class Tile:
    """A number that is looked for first, with what it is and a note."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list; no more than ``printed`` of it goes on paper."""

    items: tuple
    printed: int | None = None


@dataclass(frozen=True)
class Command:
    """What one types."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table whose first cells name the rows; numbers stand in all columns but those in ``left``.

    ``total`` says that the last row sums up, and ``printed`` how many rows go on paper before it. A narrow screen has no
    room for many columns: there ``narrow`` rows are "cards", a cell below the other, or "facts", a value beside its name.
    """

    caption: str
    headers: tuple
    rows: tuple
    left: tuple = (0,)
    total: bool = False
    printed: int | None = None
    narrow: str = ""


@dataclass(frozen=True)
class Stage:
    """A stage of a chain: its name, what enters, that as a share of the largest, what stands there, and (sign, branch)."""

    name: str
    amount: str
    share: float
    stands: str
    branches: tuple
    goes_on: bool


@dataclass(frozen=True)
class Chain:
    """A chain of stages, drawn."""

    title: str
    stages: tuple


@dataclass(frozen=True)
class Figure:
    """A chart: what draws it as SVG text, what it says to those who do not see it, and (colour, series) of its legend."""

    title: str
    says: str
    draw: Callable = field(repr=False)
    keys: tuple = ()


@dataclass(frozen=True)
class Row:
    """Parts beside each other, below each other on a narrow screen; ``printed`` where paper has room for them."""

    parts: tuple
    printed: bool = True


@dataclass(frozen=True)
class Columns:
    """Parts that fill two columns, one after the other."""

    parts: tuple


@dataclass(frozen=True)
class Fold:
    """Parts that are there for those who ask, and not on paper."""

    title: str
    parts: tuple


@dataclass(frozen=True)
class Section:
    """Parts under a heading; ``printed`` where paper has room, ``second`` where the second sheet begins."""

    title: str
    parts: tuple
    printed: bool = True
    second: bool = False


@dataclass(frozen=True)
class Story:
    """All that a page says: title, what can be quoted, warnings, design as (what, names), and the rest.

    ``verdict`` is of a plan: whether it fits, and that in words.
    """

    title: str
    headline: str
    warnings: tuple
    design: tuple
    tiles: tuple
    sections: tuple
    made_by: str
    verdict: tuple | None = None
