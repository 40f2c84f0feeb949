"""HTML."""

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source


def read(source: str, url: str) -> Source:
    """Parse a page."""
    return Source(Document(source, url), verbatim={"raw": source})
