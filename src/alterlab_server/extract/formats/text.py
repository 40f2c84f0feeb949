"""text: the body without markup."""

from turbohtml import PlainText

from alterlab_server.extract.formats.inputs import Content

_LAYOUT = PlainText(bullet="- ")


def render(content: Content) -> str:
    """The readable text, blocks parted by line breaks."""
    return content.body.to_text(_LAYOUT).strip()
