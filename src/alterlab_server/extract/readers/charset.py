"""From bytes to text: the character encoding of a body."""

import codecs
import re

from turbohtml.detect import detect

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s{0,100}<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
# The encoding that browsers assume, and its usual labels (https://encoding.spec.whatwg.org/#names-and-labels).
_WESTERN = "whatwg-windows-1252"
_WESTERN_LABELS = frozenset("ascii us-ascii iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 windows-1252 cp1252".split())
# Browsers look for a declaration in the first 1024 bytes; pages put long inline scripts before it.
_PRESCAN_BYTES = 4096


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Decode a body and name the encoding that was used.

    A byte order mark decides, then the charset of the Content-Type, then a declaration in the markup, then
    validity as UTF-8, then letter frequencies. Bytes that do not fit become U+FFFD; nothing is raised. A body that
    calls itself UTF-8 and mostly is none is read as if it had said nothing; one that calls itself Western, as servers
    say of whatever they send, as UTF-8 where it is valid, and a Content-Type that does so yields to the markup.
    """
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(marked, "replace"), marked
    name = _declared(body, content_type)
    if name in (None, "utf-8", _WESTERN):
        try:
            return body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            if name is None or (name == "utf-8" and not _mostly_utf8(body)):
                name = detect(_undeclared(body)).codec or _WESTERN
    return body.decode(name, "replace"), name.removeprefix("whatwg-")


def _mostly_utf8(body: bytes) -> bool:
    """Whether no more sequences above ASCII are broken than are sound: one bad byte makes no page another charset."""
    above = [character for character in body.decode("utf-8", "replace") if character > "\x7f"]
    return above.count("\ufffd") * 2 <= len(above)


def _declared(body: bytes, content_type: str) -> str | None:
    header = _HEADER.search(content_type)
    said = _codec(header[1]) if header else None
    if said not in (None, _WESTERN):
        return said
    head = body[:_PRESCAN_BYTES]
    found = _META.search(head) or _XML.match(head)
    if found is None:
        return said
    name = _codec(found[1].decode("ascii", "replace")) or said
    # Markup that could be read as ASCII cannot be UTF-16: the WHATWG standard reads such a declaration as UTF-8.
    return "utf-8" if name and "utf-16" in name else name


def _undeclared(body: bytes) -> bytes:
    """The body without a declaration in its markup, which the detector would believe."""
    return _META.sub(b"", body[:_PRESCAN_BYTES]) + body[_PRESCAN_BYTES:]


def _codec(label: str) -> str | None:
    """The codec for a WHATWG encoding label, None for an unknown one."""
    label = label.lower()
    if label in ("utf-8", "utf8"):
        return "utf-8"
    if label in _WESTERN_LABELS:
        return _WESTERN
    try:
        codecs.lookup(f"whatwg-{label}")
    except LookupError:
        return None
    return f"whatwg-{label}"
