"""What the head of a page says about it."""

from typing import Any

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.text import plain, unique
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles.article import MODIFIED_META
from alterlab_server.extract.structured.rules import without_empty

MAX_KEYWORDS = 50
MAX_LINKS = 200

# Metadata key to the `<meta>` names that hold it, the best first.
_TEXTS = {
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "site_name": ("og:site_name", "application-name"),
    "robots": ("robots",),
    "generator": ("generator",),
}
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def metadata(page: Page) -> dict[str, Any]:
    """The page's description, keywords, canonical address, picture and the like; a key for each that it declares."""
    document = page.document
    links = _links(document)
    found: dict[str, Any] = {key: plain(document.first_meta(*names)) for key, names in _TEXTS.items()}
    found |= {
        "keywords": _keywords(document),
        "language": document.language,
        "canonical_url": _address(document, links.get("canonical")),
        "image": _address(document, document.first_meta(*_IMAGES)),
        "favicon": _address(document, links.get("icon")),
        "modified_at": iso_date(document.first_meta(*MODIFIED_META), page.language),
        "open_graph": {name[3:]: values[0] for name, values in document.meta.items() if name.startswith("og:")},
    }
    return without_empty(found)


def _keywords(document: Document) -> list[str]:
    values = (*document.meta.get("keywords", ()), *document.meta.get("article:tag", ()))
    return unique(word for value in values for part in value.split(",") if (word := plain(part)))[:MAX_KEYWORDS]


def _address(document: Document, href: str | None) -> str | None:
    return None if href is None else document.absolute(href)


def _links(document: Document) -> dict[str, str]:
    """Where the first `<link>` with each relation leads, as it stands there."""
    found: dict[str, str] = {}
    for element in document.tree.select("link[rel][href]")[:MAX_LINKS]:
        for relation in (element.attr("rel") or "").lower().split():
            found.setdefault(relation, element.attr("href") or "")
    return found
