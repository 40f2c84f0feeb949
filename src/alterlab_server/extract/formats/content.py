"""content: the body for knowledge bases, with a hash that changes only when the content does."""

import hashlib
from typing import Any

from alterlab_server.extract.formats.inputs import Content
from alterlab_server.extract.formats.markdown import write
from alterlab_server.extract.roles import body_images


def render(content: Content) -> dict[str, Any]:
    """The body's markdown, its SHA-256, its words, images and links."""
    markdown = write(content.flow)
    return {
        "body_markdown": markdown,
        "content_hash": hashlib.sha256(markdown.encode()).hexdigest(),
        "word_count": content.words,
        "images": body_images(content.body, content.document),
        "links": list(content.links),
    }
