"""Clients that send too much, too slowly, or do not read what they asked for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from tests.support.serving import served
from tests.support.waiting import PATIENCE

from alterlab_server.web.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol

LARGE = 64 * 1_048_576
LINE = b"X-Filler: " + b"y" * 8_000 + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Hurried(BoundedHttpProtocol):
    request_seconds = 0.2
    stalled_seconds = 0.2


class App:
    """Tells the size of a body, or answers much; `left` is set when a client has gone before it had all."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Response = PlainTextResponse(b"x" * LARGE)
        if scope["path"] != "/large":
            answer = PlainTextResponse(str(len(await Request(scope, receive).body())))
        await answer(scope, receive, send)
        if (await receive())["type"] == "http.disconnect":
            self.left.set()


@contextlib.asynccontextmanager
async def connected(
    app: App, protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with served(app, http=protocol) as address:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        async with asyncio.timeout(PATIENCE):
            yield reader, writer
        writer.close()


async def status_line(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0]


async def test_requests_within_the_bounds_are_answered_one_after_the_other() -> None:
    async with connected(App()) as (reader, writer):
        for size in (0, 10, 3 * 1_048_576):
            writer.write(
                b"POST / HTTP/1.1\r\nHost: x\r\n" + 7 * LINE + b"Content-Length: %d\r\n\r\n" % size + b"y" * size
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(len(str(size))) == b"%d" % size


async def test_chunks_as_small_as_their_frames_are_taken() -> None:
    async with connected(App()) as (reader, writer):
        writer.write(CHUNKED + b"8\r\n12345678\r\n" * 50_000 + b"0\r\n\r\n")
        assert await status_line(reader) == b"HTTP/1.1 200 OK"
        assert await reader.readexactly(6) == b"400000"


@pytest.mark.parametrize("begin", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nX: ", b"GET /"])
async def test_a_head_that_does_not_end_is_refused(begin: bytes) -> None:
    async with connected(App()) as (reader, writer):
        writer.write(begin + (LINE if begin.endswith(b"\n") else b"y" * 8_000) * 40)
        assert await status_line(reader) == b"HTTP/1.1 431 Request Header Fields Too Large"
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""


async def test_trailers_that_do_not_end_are_cut_off() -> None:
    async with connected(App()) as (reader, writer):
        writer.write(CHUNKED + b"1\r\nx\r\n0\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(20):  # what is read together with the beginning of a request is not counted
                writer.write(LINE * (MAX_HEAD_BYTES // len(LINE)))
                await writer.drain()
            assert await reader.read() == b""


@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\nHost:"])
async def test_a_head_that_does_not_come_is_waited_for_a_while(begin: bytes) -> None:
    async with connected(App(), Hurried) as (reader, writer):
        writer.write(begin)
        assert await status_line(reader) == b"HTTP/1.1 408 Request Timeout"
        assert await reader.read() == b""


async def test_a_body_that_does_not_come_ends_its_connection() -> None:
    async with connected(App(), Hurried) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert await reader.read() == b""


async def test_who_reads_nothing_is_sent_nothing_more() -> None:
    app = App()
    async with connected(app, Hurried) as (_, writer):
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await app.left.wait()


async def test_who_reads_on_gets_all() -> None:
    async with connected(App()) as (reader, writer):
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await status_line(reader) == b"HTTP/1.1 200 OK"
        assert len(await reader.readexactly(LARGE)) == LARGE
