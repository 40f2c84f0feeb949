"""A page as the rules of the profiles ask for it: each source is read at most once, and only when a rule needs it."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.graph import Graph
from alterlab_server.extract.structured.normalise.text import squeeze, unmarked
from alterlab_server.extract.structured.sources.jsonld import read_jsonld
from alterlab_server.extract.structured.sources.microdata import read_annotations
from alterlab_server.extract.structured.sources.state import read_state
from alterlab_server.extract.structured.visible.byline import shown_author, shown_date
from alterlab_server.extract.structured.visible.kitchen import Kitchen
from alterlab_server.extract.structured.visible.lines import visible_lines
from alterlab_server.extract.structured.visible.listed import shown_entries
from alterlab_server.extract.structured.visible.occasion import Occasion
from alterlab_server.extract.structured.visible.posting import Posting
from alterlab_server.extract.structured.visible.questions import shown_questions
from alterlab_server.extract.structured.visible.shop import Shop
from alterlab_server.extract.tidy.permalinks import without_permalink

MAX_HEADING = 300
MAX_HEADINGS = 20
# What stands between a page's own title and the name of its site.
TITLE_SEPARATOR = re.compile(r"\s+(?:[|·•«»–—│-]|::)\s+|\s*[|│]\s*")
# Shorter lines stand in many titles by chance.
MIN_HEADING_PART = 6
# Countries whose domains are sold to anybody.
_FOR_ANYBODY = frozenset({"ai", "cc", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv"})
_REGION = re.compile(r"-([a-z]{2})\b", re.IGNORECASE)
# Where a language is spoken, of those that are at home in one country.
_COUNTRIES = {"da": "dk", "is": "is", "ja": "jp", "nb": "no", "nn": "no", "no": "no", "sv": "se", "zh": "cn"}


class Page:
    """The document with its structured sources, and what rules often compare with."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def graphs(self) -> tuple[Graph, ...]:
        """The schema.org graphs that the page has, the most trusted syntax first."""
        graphs = (read_jsonld(self.document), *read_annotations(self.document))
        return tuple(graph for graph in graphs if graph.nodes)

    @cached_property
    def language(self) -> str:
        """ISO 639 code of the declared language in lower case; empty where none is declared."""
        return (self.document.language or "").split("-")[0].lower()[:3]

    @cached_property
    def country(self) -> str:
        """ISO 3166 code in lower case, of the host's ending, else of the declared language; may be empty."""
        host = self.document.url.split("//", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0].lower()
        suffix = host.rsplit(".", 1)[-1]
        if len(suffix) == 2 and suffix.isalpha() and (suffix not in _FOR_ANYBODY or host.endswith(f".com.{suffix}")):
            return suffix
        region = _REGION.search(self.document.language or "")
        return region[1].lower() if region else _COUNTRIES.get(self.language, "")

    @cached_property
    def address(self) -> str:
        """The address that the page gives itself, else the one it came from; may be empty."""
        canonical = self.document.tree.select_one('link[rel="canonical" i][href]')
        own = canonical.attr("href") if canonical is not None else self.document.first_meta("og:url")
        return (own or "").strip() or self.document.url

    @cached_property
    def titles(self) -> str:
        """What the page's head calls it, in one text for comparisons."""
        return " | ".join(filter(None, (self.window_title, self.document.first_meta("og:title"))))

    @cached_property
    def casefolded(self) -> tuple[str, str]:
        """The heading and the titles for comparisons without regard to case."""
        return (self.heading or "").casefold(), self.titles.casefold()

    @cached_property
    def heading(self) -> str | None:
        """The heading of level one that the page's title repeats, else the first that says something.

        Where the title only ends with that, as with a site's name, the heading of level two that it begins with.
        """
        return self._heading[0] if self._heading else None

    @cached_property
    def _heading(self) -> tuple[str, str] | None:
        """The heading without its permalink, and as its line shows it."""
        found = self._headings("h1")
        titles = self.titles.casefold()
        pair = next((pair for pair in found if pair[0].casefold() in titles), found[0] if found else None)
        before = self._before(pair[0]) if pair else None
        below = self._headings("h2") if before else []
        return next((heading for heading in below if heading[0].casefold() == before), pair)

    def _headings(self, tag: str) -> list[tuple[str, str]]:
        shown = [(heading, squeeze(heading.to_text())) for heading in self.document.tree.select(tag)[:MAX_HEADINGS]]
        return [(said[:MAX_HEADING], text[:MAX_HEADING]) for h, text in shown if (said := without_permalink(text, h))]

    def _before(self, site: str) -> str | None:
        """What the window's title has before a name that it ends with, for comparisons."""
        title, site = (self.window_title or "").casefold(), site.casefold()
        return next((title[: x.start()] for x in TITLE_SEPARATOR.finditer(title) if title[x.end() :] == site), None)

    @cached_property
    def lines(self) -> list[str]:
        """The non-empty lines of what the page shows."""
        return visible_lines(self.text)

    @cached_property
    def state(self) -> list[Any]:
        """The values that the page's scripts embed."""
        return read_state(self.document)

    @cached_property
    def text(self) -> str:
        """What the page shows, as plain text with the marks of its lists."""
        return self.document.tree.to_text()

    @cached_property
    def kitchen(self) -> Kitchen:
        """What the page shows of a recipe."""
        return Kitchen(self.text, self.lines)

    @cached_property
    def shop(self) -> Shop:
        """What the page shows of a product."""
        return Shop(self.document.tree, self.lines, self.heading_line)

    @cached_property
    def posting(self) -> Posting:
        """What the page shows of a job."""
        return Posting(self.document.tree, self.lines, self.heading_line, self.language, self.country)

    @cached_property
    def occasion(self) -> Occasion:
        """What the page shows of an event."""
        return Occasion(self.document.tree, self.lines, self.heading_line, self.language)

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether the page's address, heading or titles have one of these words in lower case."""
        return any(map(self._called.__contains__, words))

    @cached_property
    def _called(self) -> str:
        return f"{self.document.url} {self.heading or ''} {self.titles}".lower()

    @cached_property
    def questions(self) -> Found | None:
        """The questions that the page shows, with their answers."""
        return shown_questions(self.document)

    @cached_property
    def entries(self) -> Found | None:
        """The things that the page lists."""
        return shown_entries(self.document, self.country)

    @cached_property
    def author(self) -> Found | None:
        """The author in the page's byline."""
        return shown_author(self.document, self.lines, self.heading_line)

    @cached_property
    def date(self) -> Found | None:
        """The first date near the page's heading."""
        return shown_date(self.lines, self.heading_line, self.language)

    @cached_property
    def heading_line(self) -> int:
        """The number of the line that is the page's heading, or most of it or of the title; 0 where there is none."""
        _, heading = self._heading or ("", "")
        if len(heading) >= MIN_HEADING_PART and heading in self.lines:
            return self.lines.index(heading)
        names = f"{heading}\n{self.titles}"
        parts = [
            (len(line), -number)
            for number, line in enumerate(self.lines)
            if line in names and MIN_HEADING_PART <= len(line) <= MAX_HEADING
        ]
        return -max(parts)[1] if parts else 0

    @cached_property
    def window_title(self) -> str | None:
        """What `<title>` in the head says, as the page wrote it."""
        title = self.document.tree.select_one("head > title") or self.document.tree.select_one("title")
        return (unmarked(title.text)[:MAX_HEADING] or None) if title is not None else None
