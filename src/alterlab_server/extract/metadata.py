"""What a page says about itself in its head."""

from dataclasses import dataclass
from typing import Any

from alterlab_server.extract.document import Document

_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title", "headline")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl", "sailthru.author")
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "dc.date",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "date",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The declared facts of a page; None where it declares none. Dates are as the page writes them."""

    title: str | None
    author: str | None
    published: str | None
    modified: str | None
    values: dict[str, Any]


def read_metadata(document: Document) -> Metadata:
    """Read title, author, dates and the other facts from `<title>`, `<link>` and `<meta>`."""
    values = {
        "description": document.first_meta(*_DESCRIPTIONS),
        "keywords": _keywords(document),
        "language": document.language,
        "canonical_url": _link(document, "canonical"),
        "site_name": document.first_meta("og:site_name", "application-name"),
        "image": _address(document, document.first_meta(*_IMAGES)),
        "favicon": _link(document, "icon"),
        "robots": document.first_meta("robots"),
        "open_graph": {name[3:]: found[0] for name, found in document.meta.items() if name.startswith("og:")},
    }
    author = document.first_meta(*_AUTHORS)
    return Metadata(
        title=_title(document),
        # Some publishers give a profile's address where the standard asks for a name.
        author=None if author and author.startswith(("http://", "https://")) else author,
        published=document.first_meta(*_PUBLISHED),
        modified=document.first_meta(*_MODIFIED),
        values={name: value for name, value in values.items() if value},
    )


def _title(document: Document) -> str | None:
    declared = document.first_meta(*_TITLES)
    if declared:
        return declared
    for tag in ("title", "h1"):
        element = document.tree.find(tag)
        if element is not None and (text := " ".join(element.text.split())):
            return text
    return None


def _keywords(document: Document) -> list[str]:
    joined = ",".join(document.meta.get("keywords", ()) + document.meta.get("article:tag", ()))
    return list(dict.fromkeys(word for part in joined.split(",") if (word := part.strip())))


def _link(document: Document, relation: str) -> str | None:
    for element in document.tree.iter_elements("link"):
        if relation in (element.attr("rel") or "").lower().split():
            return _address(document, element.attr("href"))
    return None


def _address(document: Document, href: str | None) -> str | None:
    return document.absolute(href) if href else None
