"""What kind of content a body is."""

from typing import Literal

Kind = Literal["html", "text", "markdown", "json", "xml", "pdf"]

_BY_TYPE: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
}
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")
# Comments are markdown as well, and files often begin with one.
_MARKDOWN_TYPES = frozenset(kind for kind, reader in _BY_TYPE.items() if reader == "markdown")
# Servers send feeds as HTML, and browsers look for these (https://mimesniff.spec.whatwg.org, section 7.3).
_FEEDS = (b"<rss", b"<feed", b"<rdf:rdf")


def kind_of(body: bytes, content_type: str) -> Kind:
    """The kind of a body, by its first bytes where they are unmistakable, else by its media type, else a guess."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    # A PDF reader looks for the mark in the first 1024 bytes; servers send PDF under many wrong types.
    if head.startswith(b"%pdf-"):
        return "pdf"
    media_type = content_type.partition(";")[0].strip().lower()
    if head.startswith(_MARKUP) and not (head.startswith(b"<!--") and media_type in _MARKDOWN_TYPES):
        return "html"
    if media_type == "text/html" and _is_feed(head):
        return "xml"
    if media_type in ("", "text/html") and head.startswith((b"{", b"[")):
        return "json"  # its reader takes what does not parse for a page
    if media_type in _BY_TYPE:
        return _BY_TYPE[media_type]
    if media_type.endswith("+json"):
        return "json"
    if media_type.endswith("+xml"):
        return "xml"
    if head.startswith(b"<?xml"):
        return "html" if b"<html" in head else "xml"
    return "text" if media_type.startswith("text/") else "html"


def _is_feed(head: bytes) -> bool:
    if head.startswith(b"<?xml"):
        return b"<html" not in head and any(mark in head for mark in _FEEDS)
    return head.startswith(_FEEDS)
