"""Responses that are slow, cut, wrong in length or without end."""

import gzip
import zlib

from tests.site.registry import page
from tests.site.wire import Request, Wire

PIECE = b"<p>one more paragraph of a page that goes on and on</p>\n" * 100
_HTML = ("Content-Type", "text/html; charset=utf-8")


@page("/slow-headers")
async def slow_headers(request: Request, wire: Wire) -> None:
    """Half a status line, then nothing."""
    await wire.raw(b"HTTP/1.1 200 O")
    await wire.until_gone()


@page("/slow-body")
async def slow_body(request: Request, wire: Wire) -> None:
    """Headers and a first piece of the body, then nothing."""
    await wire.head(200, _HTML, ("Content-Length", "100000"))
    await wire.raw(PIECE)
    await wire.until_gone()


@page("/silent")
async def silent(request: Request, wire: Wire) -> None:
    """Not a byte."""
    await wire.until_gone()


@page("/cut")
async def cut(request: Request, wire: Wire) -> None:
    """The connection ends before a byte was sent."""
    wire.cut()


@page("/cut-headers")
async def cut_headers(request: Request, wire: Wire) -> None:
    """The connection ends in the middle of the headers."""
    await wire.raw(b"HTTP/1.1 200 OK\r\nContent-Ty")
    wire.keep = False


@page("/cut-body")
async def cut_body(request: Request, wire: Wire) -> None:
    """Fewer bytes than Content-Length says, then the end."""
    await wire.head(200, _HTML, ("Content-Length", "100000"))
    await wire.raw(PIECE)
    wire.keep = False


@page("/too-long")
async def too_long(request: Request, wire: Wire) -> None:
    """More bytes than Content-Length says."""
    announced = b"<!doctype html><title>Short</title><p>Only this far, please.</p>"
    await wire.head(200, _HTML, ("Content-Length", str(len(announced))))
    await wire.raw(announced + b"and not this")
    wire.keep = False


@page("/two-lengths")
async def two_lengths(request: Request, wire: Wire) -> None:
    """Two Content-Length headers that contradict each other."""
    await wire.head(200, _HTML, ("Content-Length", "20"), ("Content-Length", "40"))
    await wire.raw(b"<p>twenty or forty?</p>" * 2)
    wire.keep = False


@page("/broken-chunks")
async def broken_chunks(request: Request, wire: Wire) -> None:
    """Chunked encoding whose second size is no number."""
    await wire.head(200, _HTML, ("Transfer-Encoding", "chunked"))
    await wire.raw(b"10\r\n<p>sixteen bytes\r\nzz\r\nmore</p>\r\n0\r\n\r\n")
    wire.keep = False


@page("/unended-chunks")
async def unended_chunks(request: Request, wire: Wire) -> None:
    """Chunked encoding without its last chunk."""
    await wire.head(200, _HTML, ("Transfer-Encoding", "chunked"))
    await wire.raw(b"10\r\n<p>sixteen bytes\r\n")
    wire.keep = False


@page("/endless")
async def endless(request: Request, wire: Wire) -> None:
    """A body without end."""
    await wire.head(200, _HTML, ("Transfer-Encoding", "chunked"))
    wire.keep = False
    while not wire.writer.is_closing():
        await wire.raw(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))


@page("/gzip-bomb")
async def gzip_bomb(request: Request, wire: Wire) -> None:
    """A small gzip body that unpacks to a gigabyte."""
    await wire.respond(_bomb(), ("Content-Encoding", "gzip"))


@page("/gzip-bomb-download")
async def gzip_bomb_download(request: Request, wire: Wire) -> None:
    """The same, to be saved."""
    headers = ("Content-Encoding", "gzip"), ("Content-Disposition", "attachment; filename=bomb.bin")
    await wire.respond(_bomb(), *headers, content_type="application/octet-stream")


@page("/gzip-broken")
async def gzip_broken(request: Request, wire: Wire) -> None:
    """Content-Encoding: gzip before what is no gzip."""
    await wire.respond(b"<p>This was never packed.</p>" * 20, ("Content-Encoding", "gzip"))


@page("/gzip")
async def gzipped(request: Request, wire: Wire) -> None:
    """A good page, packed."""
    body = b"<!doctype html><title>Packed</title>" + PIECE
    await wire.respond(gzip.compress(body), ("Content-Encoding", "gzip"))


@page("/huge-headers")
async def huge_headers(request: Request, wire: Wire) -> None:
    """A megabyte of headers."""
    await wire.raw(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        await wire.raw(b"X-Filler-%d: %b\r\n" % (number, b"f" * 1000))
    await wire.raw(b"Content-Length: 2\r\n\r\nok")
    wire.keep = False


@page("/odd-headers")
async def odd_headers(request: Request, wire: Wire) -> None:
    """Headers that look like a status line, fold, have no name, or hold bytes of no charset."""
    body = b"<!doctype html><title>Odd</title><p>The headers were odd, the page is not.</p>"
    odd = (b"HTTP/nonsense: 1", b"HTTP/1.1 abc: 2", b"X-Folded: one", b" and more", b": nameless", b"X-Bytes: \xff\xfe")
    await wire.raw(b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(odd) + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@page("/odd-status/*")
async def odd_status(request: Request, wire: Wire) -> None:
    """A status line that says what the path says."""
    status = request.path.rpartition("/")[2].encode()
    await wire.raw(b"HTTP/1.1 " + status + b" Odd\r\nContent-Length: 2\r\n\r\nok")


@page("/not-http")
async def not_http(request: Request, wire: Wire) -> None:
    """An answer in another language."""
    await wire.raw(b"220 mail.example ESMTP ready\r\n")
    wire.keep = False


def _bomb() -> bytes:
    """A gzip stream that would unpack to a gigabyte: one flushed block of 4 MiB, 256 times."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    block = packer.compress(b"a" * 4_194_304) + packer.flush(zlib.Z_FULL_FLUSH)
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return header + block * 256
