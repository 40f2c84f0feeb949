"""A page as the rules of the profiles ask for it: each source is read at most once, and only when a rule needs it."""

from functools import cached_property

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.graph import Graph
from alterlab_server.extract.structured.normalise.text import element_text, unmarked
from alterlab_server.extract.structured.sources.jsonld import read_jsonld
from alterlab_server.extract.structured.sources.microdata import read_microdata, read_rdfa

MAX_HEADING = 300


class Page:
    """The document with its structured sources, and what rules often compare with."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def graphs(self) -> tuple[Graph, ...]:
        """The schema.org graphs of the page, the most trusted syntax first."""
        return (read_jsonld(self.document), read_microdata(self.document), read_rdfa(self.document))

    @cached_property
    def language(self) -> str:
        """ISO 639 code of the declared language in lower case; empty where none is declared."""
        return (self.document.language or "").split("-")[0].lower()[:3]

    @cached_property
    def country(self) -> str:
        """ISO 3166 code in lower case, of the host's ending, else of the declared language; may be empty."""
        _, _, region = (self.document.language or "").partition("-")
        host = self.document.url.split("//", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        suffix = host.rsplit(".", 1)[-1].lower()
        if len(suffix) == 2 and suffix.isalpha():
            return suffix
        return region[-2:].lower() if len(region) >= 2 else ""

    @cached_property
    def heading(self) -> str | None:
        """The first heading of level one that says something."""
        texts = (element_text(h1) for h1 in self.document.tree.select("h1")[:5])
        return next((text[:MAX_HEADING] for text in texts if text), None)

    @cached_property
    def window_title(self) -> str | None:
        """What `<title>` in the head says, as the page wrote it."""
        title = self.document.tree.select_one("head > title") or self.document.tree.select_one("title")
        return (unmarked(title.text)[:MAX_HEADING] or None) if title is not None else None
