"""The blocks of a flow."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Inline:
    """A run of text within a block, as markdown and as plain text."""

    markdown: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    content: Inline


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    content: Inline


@dataclass(frozen=True)
class Image:
    """An image that stands by itself; `link` is where a click leads, or None."""

    url: str
    alt: str
    title: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Code:
    """A code block; `language` is empty where the page names none."""

    text: str
    language: str


@dataclass(frozen=True)
class Math:
    """A displayed formula in TeX."""

    tex: str


@dataclass(frozen=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True)
class Quote:
    """A block quote."""

    blocks: "Sequence[Block]"


@dataclass(frozen=True)
class Item:
    """A list item; `checked` is None for one that is no task, `number` for one of a bulleted list."""

    blocks: "Sequence[Block]"
    checked: bool | None = None
    number: int | None = None


@dataclass(frozen=True)
class List:
    """A list; `start` is the first number of an ordered one, None for a bulleted one. `loose` items are paragraphs."""

    items: Sequence[Item]
    start: int | None
    loose: bool


@dataclass(frozen=True)
class Definition:
    """Terms with their explanations."""

    terms: Sequence[Inline]
    meanings: "Sequence[Sequence[Block]]"


@dataclass(frozen=True)
class Definitions:
    """A definition list."""

    entries: Sequence[Definition]


@dataclass(frozen=True)
class Details:
    """A disclosure: a summary with what it hides."""

    summary: Inline
    blocks: "Sequence[Block]"


@dataclass(frozen=True)
class Table:
    """A table with its spans spread out: every row has one cell for each column."""

    caption: Inline | None
    header: Sequence[Inline]
    rows: Sequence[Sequence[Inline]]
    alignments: Sequence[str]


@dataclass(frozen=True)
class Footnote:
    """The text of a footnote, with the label that refers to it."""

    label: str
    blocks: "Sequence[Block]"


Block = Paragraph | Heading | Image | Code | Math | Rule | Quote | List | Definitions | Details | Table | Footnote
