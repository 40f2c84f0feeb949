"""The server: plain sockets, so that it can break every rule."""

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.site import blocks, content, ordinary, redirects, shells, statuses, transport
from tests.site.registry import PAGES, find
from tests.site.wire import Request, Wire

GROUPS = (ordinary, statuses, transport, redirects, content, shells, blocks)
"""The modules that register pages."""

_IDLE_SECONDS = 60.0


class HostileSite:
    """`async with HostileSite() as site: site.url("/slow-body")`. Keeps every request that it read in `requests`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections = 0
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    @property
    def port(self) -> int:
        return self._port

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self.port}"

    def url(self, path: str) -> str:
        return self.base_url + path

    @property
    def open_connections(self) -> int:
        return len(self._connections)

    async def until(self, holds: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until `holds`, which is asked whenever a request came or a connection ended."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, future))
        self._look()
        async with asyncio.timeout(seconds):
            await future

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._ended)
        self.connections += 1

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._connections.discard(task)
        self._look()

    def _look(self) -> None:
        for holds, future in self._waiting:
            if not future.done() and holds():
                future.set_result(None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(Wire(reader, writer)):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the client left, as it may
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, wire: Wire) -> bool:
        async with asyncio.timeout(_IDLE_SECONDS):
            request = await _read_request(wire.reader)
        if request is None:
            return False
        self.requests.append(request)
        self._look()
        found = find(request.path)
        if found is None:
            await wire.respond(NOT_HERE, status=404)
        else:
            await found.handler(request, wire)
        return wire.keep


NOT_HERE = "<!doctype html><title>Not found</title><h1>Not found</h1><p>There is no such page on this site.</p>"


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, target, headers, body)


def listing() -> str:
    """All pages, one a line."""
    width = max(len(path) for path in PAGES)
    return "\n".join(f"  {path:{width}}  {found.says}" for path, found in sorted(PAGES.items()))
