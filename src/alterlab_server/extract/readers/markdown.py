"""Markdown (CommonMark, with GitHub's tables and strikethrough)."""

from markdown_it import MarkdownIt

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(source: str, url: str) -> Source:
    """Read markdown as the page that it stands for."""
    return Source(Document(_PARSER.render(source), url), verbatim={"raw": source}, whole=True)
