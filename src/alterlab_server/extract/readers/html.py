"""HTML."""

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.emails import reveal_emails
from alterlab_server.extract.readers.source import Source
from alterlab_server.extract.readers.streamed import place_streamed


def read(source: str, url: str) -> Source:
    """Parse a page."""
    document = Document(source, url)
    place_streamed(document.tree)
    reveal_emails(document.tree)
    return Source(document, verbatim={"raw": source})
