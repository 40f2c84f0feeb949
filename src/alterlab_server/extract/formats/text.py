"""text: the body without markup."""

from turbohtml import Element, PlainText

from alterlab_server.extract.formats.inputs import Content

_LAYOUT = PlainText(bullet="- ")


def render(content: Content) -> str:
    """The readable text, blocks parted by line breaks."""
    return plain_text(content.body)


def plain_text(body: Element) -> str:
    """The text of an element as this format writes it."""
    return body.to_text(_LAYOUT).strip()
