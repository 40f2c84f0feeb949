"""The links and images of a page."""

from turbohtml import Element

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.images import image_source

# A page with more is a link farm or a trap; the frontier bounds its discoveries a page as well.
MAX_LINKS = 10_000


def page_links(document: Document) -> tuple[str, ...]:
    """The absolute http(s) addresses that a page links to, in document order, without repeats and fragments."""
    tree, addresses = document.tree, document.addresses
    anchors = tree.select("a" if tree.select_one("area") is None else "a,area")  # a single tag is indexed
    found: dict[str, None] = {}
    for anchor in anchors:
        href = anchor.attr("href")
        if href and (address := addresses.absolute(href.partition("#")[0])) is not None:
            found[address] = None
            if len(found) == MAX_LINKS:
                break
    return tuple(found)


def page_images(document: Document) -> tuple[str, ...]:
    """The absolute http(s) addresses of a page's images, in document order, without repeats."""
    sources = map(image_source, document.tree.select("img"))
    addresses = (document.absolute(source) for source in sources if source)
    return tuple(dict.fromkeys(address for address in addresses if address))[:MAX_LINKS]


def link_target(anchor: Element, document: Document) -> str | None:
    """Where an `<a>` leads, absolute; None for no http(s) address."""
    href = anchor.attr("href")
    return document.absolute(href) if href else None
