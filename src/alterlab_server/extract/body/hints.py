"""What a page's head declares that helps to find its body."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import orjson

from alterlab_server.extract.document import Document

_JSON_LD = 'script[type="application/ld+json"]'
_TYPE = re.compile(r'"@type"\s*:\s*"(\w{3,40})"')
_BODY = re.compile(r'"articleBody"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')
# In its quotes; a shorter one is no text.
_BODY_LENGTH = 82
_SEGMENT = re.compile(r"[a-z]{2,}")
# The address says by its first segments what a page is.
_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class Hints:
    """The title, description, Open Graph type and Schema.org types of a page, and the words of its address.

    `article` is the text of the article as JSON-LD has it, in lower case.
    """

    title: str = ""
    description: str = ""
    og_type: str = ""
    types: frozenset[str] = frozenset()
    article: str = ""
    path: frozenset[str] = frozenset()
    path_depth: int = 0


def read_hints(document: Document) -> Hints:
    """Read the head of a page; broken JSON-LD counts as well."""
    declared = "".join([script.text for script in document.tree.select(_JSON_LD)])
    bodies = (found[1] for found in _BODY.finditer(declared)) if "articleBody" in declared else ()
    article = next((body for body in bodies if len(body) >= _BODY_LENGTH), "")
    address = document.first_meta("og:url") or _canonical(document) or document.url
    segments = [segment for segment in _path(address).split("/") if segment]
    return Hints(
        document.heading_title,
        _plain(document.first_meta("og:description", "description") or "")[:400],
        (document.first_meta("og:type") or "").lower(),
        frozenset(_TYPE.findall(declared)),
        _plain(_unquoted(article)) if article else "",
        frozenset(word for segment in segments[:_SEGMENTS] for word in _SEGMENT.findall(segment)[:4]),
        len(segments),
    )


def _plain(text: str) -> str:
    return " ".join(unescape(text).lower().split())


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower()
    except ValueError:  # a page may declare anything
        return ""


def _canonical(document: Document) -> str:
    link = document.tree.find("link", attrs={"rel": "canonical"})
    return (link.attr("href") or "") if link is not None else ""


def _unquoted(literal: str) -> str:
    try:
        return str(orjson.loads(literal))
    except orjson.JSONDecodeError:
        return literal
