"""The heading that names a page."""

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.escape import escape_text
from alterlab_server.extract.flow.model import Block, Heading, Inline
from alterlab_server.extract.tidy.permalinks import without_permalink
from alterlab_server.extract.words import visible


def page_heading(document: Document, title: str | None) -> Heading | None:
    """The page's only h1, when it says its title: a site's name or a slogan does not."""
    found = document.tree.find_all("h1")
    if len(found) != 1 or not title:
        return None
    text = visible(without_permalink(" ".join(found[0].text.split()), found[0]))
    said, named = text.casefold(), visible(title).casefold()
    if not text or not (said in named or named in said):
        return None
    return Heading(1, Inline(escape_text(text), text))


def headed(blocks: list[Block], heading: Heading | None) -> list[Block]:
    """The body under the page's heading, which is often cut away with what stands around it."""
    if heading is None or any(isinstance(block, Heading) and block.level == 1 for block in blocks):
        return blocks
    return [heading, *blocks]
