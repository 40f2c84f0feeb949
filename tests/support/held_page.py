"""A page that is held back until the test lets it go."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from tests.support.closing import close
from tests.support.waiting import PATIENCE

_BODY = b"<!doctype html><title>Held</title><h1>Held</h1><p>" + b"These words were held back for a while. " * 20
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"


class HeldPage:
    """`async with HeldPage() as page`: `page.url` says nothing until `page.release()`, and answers at once after it."""

    def __init__(self) -> None:
        self._released = asyncio.Event()
        self._asked = asyncio.Condition()
        self._connections: set[asyncio.Task[None]] = set()
        self.requests = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await close(self._server, self._connections)

    async def asked(self, times: int = 1) -> None:
        """Wait until so many requests came."""
        async with asyncio.timeout(PATIENCE), self._asked:
            await self._asked.wait_for(lambda: self.requests >= times)

    def release(self) -> None:
        """Answer whoever waits, and whoever comes."""
        self._released.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            async with self._asked:
                self.requests += 1
                self._asked.notify_all()
            await self._released.wait()
            writer.write(_ANSWER % (len(_BODY), _BODY))
            await writer.drain()
