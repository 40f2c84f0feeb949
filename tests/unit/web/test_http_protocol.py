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

from alterlab_server.base.clock import new_id
from alterlab_server.web.auth import Principal
from alterlab_server.web.held import HeldBytes
from alterlab_server.web.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol

LARGE = 32 * 1_048_576
BODY = 1_048_576
LINE = b"X-Filler: " + b"y" * 8_000 + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


GET_LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"


class Hurried(BoundedHttpProtocol):
    request_seconds = 0.2
    stalled_seconds = 0.2


class Narrow(BoundedHttpProtocol):
    incoming = HeldBytes(4 * BODY)
    unread = HeldBytes(2 * LARGE)


class App:
    """Tells the size of a body, or answers much; `left` is set when a client has gone before it had all.

    Callers give the name of their account in the query.
    """

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.accounts = {b"greedy": new_id(), b"slow": new_id()}
        self.answered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if account := self.accounts.get(scope["query_string"]):
            scope["state"]["principal"] = Principal(account, new_id(), 0, 0, 0, 0, 0, 0, "free")
        self.answered += 1
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
        writer.write(CHUNKED + b"8\r\n12345678\r\n" * 200_000 + b"0\r\n\r\n")
        assert await status_line(reader) == b"HTTP/1.1 200 OK"
        assert await reader.readexactly(7) == b"1600000"


@pytest.mark.parametrize("begin", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nX: ", b"GET /"])
async def test_a_head_that_does_not_end_is_refused(begin: bytes) -> None:
    async with connected(App()) as (reader, writer):
        writer.write(begin + (LINE if begin.endswith(b"\n") else b"y" * 8_000) * 40)
        assert await status_line(reader) == b"HTTP/1.1 431 Request Header Fields Too Large"
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""


@pytest.mark.parametrize(("address", "header"), [(0, MAX_HEAD_BYTES), (MAX_HEAD_BYTES // 2, MAX_HEAD_BYTES // 2)])
async def test_a_long_head_that_ends_is_refused(address: int, header: int) -> None:
    async with connected(App()) as (reader, writer):
        writer.write(b"GET /?%s HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"y" * address, b"y" * header))
        assert await status_line(reader) == b"HTTP/1.1 431 Request Header Fields Too Large"
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
        writer.write(GET_LARGE)
        await app.left.wait()


async def test_who_reads_on_gets_all() -> None:
    async with connected(App()) as (reader, writer):
        writer.write(GET_LARGE)
        assert await status_line(reader) == b"HTTP/1.1 200 OK"
        assert len(await reader.readexactly(LARGE)) == LARGE


async def test_who_makes_the_process_hold_too_much_loses_what_waited_longest() -> None:
    app = App()
    async with served(app, http=Narrow) as address, asyncio.timeout(PATIENCE):
        host, port = address.split(":")

        async def asking(account: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(GET_LARGE.replace(b" HTTP", b"?%s HTTP" % account, 1))
            await status_line(reader)
            return reader, writer

        slow, slow_writer = await asking(b"slow")
        greedy = [await asking(b"greedy") for _ in range(8)]
        assert Narrow.unread.by_owner().total() <= 2 * LARGE
        assert Narrow.unread.by_owner().keys() == {str(account) for account in app.accounts.values()}
        assert len(await slow.readexactly(LARGE)) == LARGE
        slow_writer.close()
        whole = 0
        for reader, writer in greedy:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                whole += len(await reader.readexactly(LARGE)) == LARGE
            writer.close()
        assert 1 <= whole <= 2
        assert not Narrow.unread.by_owner()


async def test_what_is_asked_before_the_last_answer_is_read_waits() -> None:
    app = App()
    async with connected(app) as (reader, writer):
        writer.write(GET_LARGE + GET_LARGE)
        await status_line(reader)
        writer.write(GET_LARGE)
        assert len(await reader.readexactly(LARGE // 2)) == LARGE // 2
        assert app.answered == 1
        await reader.readexactly(LARGE // 2)
        for _ in range(2):
            await status_line(reader)
            await reader.readexactly(LARGE)
        assert app.answered == 3


async def test_who_sends_too_much_at_once_loses_what_began_first() -> None:
    async with served(App(), http=Narrow) as address, asyncio.timeout(PATIENCE):
        host, port = address.split(":")

        async def sending(own: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(host, int(port), local_addr=(own, 0))
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (BODY + 1) + b"y" * BODY)
            return reader, writer

        clients = [await sending("127.0.0.2")]
        clients += [await sending("127.0.0.3") for _ in range(6)]
        with contextlib.suppress(ConnectionError):
            assert await clients[1][0].read() == b""
        for reader, writer in (clients[0], clients[-1]):
            writer.write(b"y")
            assert await status_line(reader) == b"HTTP/1.1 200 OK"
        for _, writer in clients:
            writer.close()
