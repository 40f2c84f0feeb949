"""What kind of content a response holds: by its declared type, and by its first bytes where that says nothing."""

from alterlab_server.base.page import Page

HTML = "html"
XML = "xml"
JSON = "json"
TEXT = "text"
PDF = "pdf"
IMAGE = "image"
BINARY = "binary"

_TEXTS = frozenset((HTML, XML, JSON, TEXT))
_TELL_NOTHING = frozenset(("", "application/octet-stream", "binary/octet-stream", "application/x-download"))
# https://mimesniff.spec.whatwg.org/; what no text begins with, whatever the server calls it
_NO_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"\x1f\x8b\x08", BINARY),  # gzip
    (b"PK\x03\x04", BINARY),  # ZIP, and documents that are one
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    *_NO_TEXT,
    (b"GIF8", IMAGE),
    (b"BM", IMAGE),
    (b"II*\x00", IMAGE),
    (b"MM\x00*", IMAGE),
    (b"<?xml", XML),
    (b"<", HTML),
    (b"{", JSON),
    (b"[", JSON),
)
_SNIFFED_BYTES = 1445  # the resource header of the MIME sniffing standard


def content_kind(page: Page) -> str:
    """One of the kinds above."""
    declared = declared_kind(page.content_type)
    if declared is None:
        return _sniffed_kind(page.body)
    head = page.body[:_SNIFFED_BYTES].lstrip()
    if declared == PDF and head.startswith(b"<"):
        return HTML
    if declared in _TEXTS:
        return next((kind for magic, kind in _NO_TEXT if head.startswith(magic)), declared)
    return declared


def declared_kind(media_type: str) -> str | None:
    """The kind that a media type names; None for one that tells nothing."""
    if media_type in _TELL_NOTHING:
        return None
    main, _, sub = media_type.partition("/")
    if media_type in {"text/html", "application/xhtml+xml"}:
        return HTML
    if sub == "xml" or (sub.endswith("+xml") and main != "image"):
        return XML
    if sub in {"json", "x-ndjson"} or sub.endswith("+json"):
        return JSON
    if media_type in {"application/pdf", "application/x-pdf"}:
        return PDF
    if main == "image":
        return IMAGE
    return TEXT if main == "text" or sub in {"javascript", "x-javascript", "ecmascript"} else BINARY


def _sniffed_kind(body: bytes) -> str:
    head = body[:_SNIFFED_BYTES]
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return IMAGE
    for magic, kind in _MAGIC:
        if text.startswith(magic):
            return kind
    return BINARY if b"\x00" in head else TEXT
