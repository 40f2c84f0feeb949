"""Markdown (CommonMark, with GitHub's tables, strikethrough and tasks)."""

import re

from markdown_it import MarkdownIt

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source

# A task of GitHub's flavour, as the parser leaves it.
_TASK = re.compile(r"(<li>(?:\n<p>)?)\[([ xX])\](?=\s)")
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(source: str, url: str) -> Source:
    """Read markdown as the page that it stands for."""
    markup = _TASK.sub(_check_box, _PARSER.render(source))
    return Source(Document(markup, url), verbatim={"raw": source}, whole=True)


def _check_box(found: re.Match[str]) -> str:
    return f'{found[1]}<input type="checkbox"{"" if found[2] == " " else " checked"}>'
