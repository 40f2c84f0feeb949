"""Plain text."""

from html import escape

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source


def read(source: str, url: str) -> Source:
    """Take text as it is: blank lines part its paragraphs."""
    paragraphs = (block.strip("\n") for block in source.replace("\r\n", "\n").split("\n\n"))
    markup = "\n".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in paragraphs if block.strip())
    return Source(Document(markup, url), verbatim={"raw": source, "text": source.strip()}, whole=True)
