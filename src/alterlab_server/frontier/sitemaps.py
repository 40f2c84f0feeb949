"""Sitemaps (sitemaps.org), read as a stream: XML, an index of others, plain text; gzip or not."""

import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

# A sitemap of the standard has at most 50 MB and 50,000 URLs; some have more, and none may be without end.
MAX_BYTES = 52_428_800
MAX_ENTRIES = 1_000_000
MAX_FILES = 500
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"
_MAX_LOCATION = 8_192
# The standard has three levels; each open element is held twice, here and by the parser.
_MAX_DEPTH = 100


class Entry(NamedTuple):
    """An address in a sitemap; `is_sitemap` when it is that of another sitemap."""

    url: str
    is_sitemap: bool


def read_sitemap(body: bytes) -> Iterator[Entry]:
    """The entries of a sitemap file, as far as it can be read: what is broken ends it."""
    chunks = _unpacked(body)
    first = next(chunks, b"")
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    reader = _xml if start.startswith(b"<") else _text
    return reader(_chain(first, chunks))


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The body in pieces, unzipped when it is gzip, never more than MAX_BYTES."""
    left = MAX_BYTES
    unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if body.startswith(_GZIP) else None
    for start in range(0, len(body), _CHUNK):
        data = body[start : start + _CHUNK]
        while data and left > 0:
            try:
                piece = unzip.decompress(data, _CHUNK) if unzip else data
            except zlib.error:
                return
            data = unzip.unconsumed_tail if unzip else b""
            left -= len(piece)
            yield piece


def _text(chunks: Iterable[bytes]) -> Iterator[Entry]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from _lines(lines)
        rest = rest[:_MAX_LOCATION]
    yield from _lines([rest])


def _lines(lines: Iterable[bytes]) -> Iterator[Entry]:
    for line in lines:
        url = line.decode(errors="replace").strip()
        if url.startswith(("http://", "https://")):
            yield Entry(url, is_sitemap=False)


def _xml(chunks: Iterable[bytes]) -> Iterator[Entry]:
    found = _Found()
    for chunk in chunks:
        well_formed = found.feed(chunk)
        yield from found.taken()
        if not well_formed:
            return


class _Found:
    """Collects the text of each `<loc>`; what it stands in says whether that is a page or a sitemap."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.EntityDeclHandler = self._refuse
        self._path: list[str] = []
        self._location = ""
        self._entries: list[Entry] = []

    def feed(self, chunk: bytes) -> bool:
        """Read on; false when what comes is no XML any more."""
        try:
            self._parser.Parse(chunk, False)
        except (expat.ExpatError, _HostileError):
            return False
        return True

    def taken(self) -> list[Entry]:
        """What was found since the last call."""
        found, self._entries = self._entries, []
        return found

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) == _MAX_DEPTH:
            raise _HostileError
        self._path.append(name.rpartition(" ")[2].lower())
        self._location = ""

    def _end(self, _name: str) -> None:
        if self._path[-2:] in (["url", "loc"], ["sitemap", "loc"]) and self._location.strip():
            self._entries.append(Entry(self._location.strip(), is_sitemap=self._path[-2] == "sitemap"))
        self._path.pop()

    def _data(self, text: str) -> None:
        if self._path[-1] == "loc" and len(self._location) < _MAX_LOCATION:
            self._location += text

    def _refuse(self, *_declaration: object) -> None:
        raise _HostileError


class _HostileError(Exception):
    """A sitemap declares no entities and has no depth; a bomb does."""
