"""Content encodings, undone in bounded pieces: a small input never becomes a large allocation."""

import zlib
from collections.abc import Iterator
from typing import Protocol

from backports.zstd import ZstdDecompressor, ZstdError

ACCEPTED = "gzip, deflate, zstd"
PIECE_BYTES = 65_536
_GZIP = zlib.MAX_WBITS | 16
_GZIP_MAGIC = b"\x1f"


class DecodingError(Exception):
    """The body does not follow the encoding that its header names."""


class Decoder(Protocol):
    """Undoes one content encoding."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What `data` decodes to, in pieces of at most PIECE_BYTES; raises DecodingError."""
        ...

    def end(self) -> None:
        """Raises DecodingError when the encoded body is not complete."""
        ...


class _Identity:
    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data

    def end(self) -> None:
        return None


class _Zlib:
    """gzip, also several members in a row, and deflate with or without its zlib header."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._started = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                if self._wbits != _GZIP or not data.startswith(_GZIP_MAGIC):
                    return  # padding, which browsers ignore too
                self._inner = zlib.decompressobj(self._wbits)
            piece = self._decompressed(data)
            self._started = True
            data = self._inner.unconsumed_tail or self._inner.unused_data
            if piece:
                yield piece

    def _decompressed(self, data: bytes) -> bytes:
        try:
            return self._inner.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            if self._started or self._wbits != zlib.MAX_WBITS:
                raise DecodingError from error
        self._wbits = -zlib.MAX_WBITS  # deflate without the header that RFC 9110 asks for
        self._inner = zlib.decompressobj(self._wbits)
        return self._decompressed(data)

    def end(self) -> None:
        if self._started and not self._inner.eof:
            raise DecodingError


class _Zstd:
    def __init__(self) -> None:
        self._inner = ZstdDecompressor()
        self._started = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        while data or not self._inner.needs_input:
            if self._inner.eof:
                self._inner = ZstdDecompressor()
            try:
                piece = self._inner.decompress(data, PIECE_BYTES)
            except ZstdError as error:
                raise DecodingError from error
            data = self._inner.unused_data if self._inner.eof else b""
            if piece:
                yield piece
            if self._inner.eof and not data:
                return

    def end(self) -> None:
        if self._started and not self._inner.eof:
            raise DecodingError


class _Unread:
    """An encoding that was not asked for, and is sent all the same."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if data:
            raise DecodingError
        return iter(())

    def end(self) -> None:
        return None


def decoder(content_encoding: str) -> Decoder:
    """The decoder for a Content-Encoding header; what names no encoding, as many servers send it, leaves the body as it
    is.
    """
    match content_encoding.strip().lower():
        case "gzip" | "x-gzip":
            return _Zlib(_GZIP)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "zstd":
            return _Zstd()
        case "br" | "compress" | "x-compress":
            return _Unread()
        case _:
            return _Identity()
