"""Receives a response piece by piece and stops it at its caps. All HTTP tiers feed it."""

import re
from collections.abc import Iterable, Mapping

from alterlab_server.fetch.http.exchange import Response

MAX_HEADER_BYTES = 262_144  # as Chromium's net::HttpStreamParser
_MAX_LENGTH_DIGITS = 18  # what fits into 64 bits; libcurl lets longer ones pass
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})\b")
REDIRECT_BODY_BYTES = 65_536  # nobody reads it; it is drained only so that the connection can be used again


class ResponseReceiver:
    """Collects header lines and body pieces; each call says whether more is wanted."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._header_bytes = 0
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._in_headers = True
        self.status = 0
        self.headers_too_large = False
        self.truncated = False

    @property
    def headers_complete(self) -> bool:
        """True when the empty line after the headers of a final response was seen."""
        return self.status >= 200 and not self._in_headers

    @property
    def body_started(self) -> bool:
        """True when a part of the body is here."""
        return bool(self._body)

    def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Take status and headers from a library that has read them all."""
        self.status = status
        self._headers = list(headers)
        self._in_headers = False

    def header_line(self, line: bytes) -> bool:
        """Take one raw header line; a status line starts a new block, so that 1xx answers leave nothing behind."""
        self._header_bytes += len(line)
        self.headers_too_large = self._header_bytes > MAX_HEADER_BYTES
        if status_line := _STATUS_LINE.match(line):
            self._headers.clear()
            self._in_headers = True
            self.status = int(status_line[1])
        elif not line.strip():
            self._in_headers = False
        elif self._in_headers:
            name, _, value = header_text(line).partition(":")
            self._headers.append((name.strip().lower(), value.strip()))
        return not self.headers_too_large

    def body_piece(self, data: bytes) -> bool:
        """Take one decoded piece of the body; false once the cap is passed."""
        room = self._limit() - len(self._body)
        self.truncated = len(data) > room
        self._body += data[:room] if self.truncated else data
        return not self.truncated

    def response(self) -> Response:
        """What was received so far."""
        return Response(
            status=self.status,
            headers=tuple(self._headers),
            body=bytes(self._body),
            truncated=self.truncated,
            original_bytes=announced_bytes(dict(self._headers)) if self.truncated else len(self._body),
        )

    def _limit(self) -> int:
        if 300 <= self.status < 400:
            return min(self._max_bytes, REDIRECT_BODY_BYTES)
        return self._max_bytes


def announced_bytes(headers: Mapping[str, str]) -> int | None:
    """How large a body is by its headers (names in lower case); None when they do not tell its decoded size."""
    length = headers.get("content-length", "")
    known = length.isdecimal() and len(length) <= _MAX_LENGTH_DIGITS and "content-encoding" not in headers
    return int(length) if known else None


def header_text(line: bytes) -> str:
    """A header as text: UTF-8 when it is, as servers do for Location, else Latin-1, which RFC 9110 allows."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
