"""Readers: one a kind of body, from bytes to what the formats are made of."""

import re
from collections.abc import Callable
from dataclasses import replace

from alterlab_server.extract.bounds import INPUT_BYTES, cut_input
from alterlab_server.extract.readers import html, json, markdown, pdf, text, xml
from alterlab_server.extract.readers.charset import decode
from alterlab_server.extract.readers.kind import Kind, kind_of
from alterlab_server.extract.readers.source import Source

__all__ = ["Source", "read"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_TEXT_READERS: dict[Kind, Callable[[str, str], Source]] = {
    "html": html.read,
    "json": json.read,
    "text": text.read,
    "markdown": markdown.read,
    "xml": xml.read,
}


def read(body: bytes | str, content_type: str, url: str) -> Source:
    """Read a body by its kind. Raises `Unprocessable` for a PDF that cannot be read."""
    kind = kind_of(body[:1024].encode("utf-8", "replace") if isinstance(body, str) else body, content_type)
    if kind == "pdf" and isinstance(body, bytes):
        return pdf.read(body, url)
    decoded, encoding = (_encodable(body), "") if isinstance(body, str) else decode(body, content_type)
    fits = encoding == "utf-8" and len(body) <= INPUT_BYTES
    taken, note = (decoded, None) if fits else cut_input(decoded)
    source = _TEXT_READERS.get(kind, html.read)(taken, url)
    return source if note is None else replace(source, verbatim={"raw": decoded}, truncated=note)


def _encodable(text: str) -> str:
    """The text with U+FFFD in place of halves of surrogate pairs, which no answer could hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
