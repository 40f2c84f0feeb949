"""text: the body without markup."""

import re

from turbohtml import Element, PlainText

from alterlab_server.extract.formats.inputs import Content
from alterlab_server.extract.words import visible

_LAYOUT = PlainText(bullet="- ")
# The sign of an item whose first line is a block of its own stands in a line above it.
_PARTED_BULLET = re.compile(r"^( *(?:-|\d+\.)) \n\s*", re.MULTILINE)


def render(content: Content) -> str:
    """The readable text, blocks parted by line breaks."""
    return plain_text(content.body)


def plain_text(body: Element) -> str:
    """The text of an element as this format writes it."""
    text = body.to_text(_LAYOUT).strip()
    if "- \n" in text or ". \n" in text:  # most texts have none, and are not read line by line
        text = _PARTED_BULLET.sub(r"\1 ", text)
    return text if text.isascii() else visible(text).replace("\xa0", " ")
