"""The server: plain sockets, so that it can break every rule."""

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme
from tests.site import (
    blocks,
    browser_captcha,
    browser_pages,
    content,
    documents,
    ordinary,
    redirects,
    shells,
    statuses,
    transport,
    tree,
    walls,
)
from tests.site.http2 import Http2Connection
from tests.site.registry import PAGES, find
from tests.site.wire import Request, Wire
from tests.support.closing import close
from tests.support.waiting import PATIENCE

GROUPS = (
    ordinary,
    documents,
    statuses,
    transport,
    redirects,
    content,
    shells,
    blocks,
    walls,
    browser_pages,
    browser_captcha,
    tree,
)
"""The modules that register pages."""

SECURE_NAME = "secure.example"
"""The name, beside the address, that the certificate of the site is for."""

_IDLE_SECONDS = 60.0
_TLS_HANDSHAKE = b"\x16"
_NOT_HERE = "<!doctype html><title>Not found</title><h1>Not found</h1><p>There is no such page on this site.</p>"


class HostileSite:
    """`async with HostileSite() as site: site.url("/slow-body")`. Keeps every request that it read in `requests`.

    `secure` opens a second port with TLS and HTTP/2, whose authority is in the file `ca_file`.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, secure: bool = False) -> None:
        self._host = host
        self._port = port
        self._secure = secure
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._open = contextlib.ExitStack()
        self.requests: list[Request] = []
        self.connections = 0
        self.secure_port = 0
        self.ca_file = ""

    @property
    def port(self) -> int:
        return self._port

    @property
    def base_url(self) -> str:
        return f"http://[{self._host}]:{self.port}" if ":" in self._host else f"http://{self._host}:{self.port}"

    def url(self, path: str) -> str:
        return self.base_url + path

    def secure_url(self, path: str, host: str | None = None) -> str:
        return f"https://{host or self._host}:{self.secure_port}{path}"

    @property
    def open_connections(self) -> int:
        return len(self._connections)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until `holds`, which is asked whenever a request came or a connection ended."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, future))
        self._look()
        async with asyncio.timeout(PATIENCE):
            await future

    async def __aenter__(self) -> Self:
        self._port = await self._listen(self._port, None)
        if self._secure:
            self.secure_port = await self._listen(0, self._certified())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            await close(server, self._connections)
        self._open.close()

    async def _listen(self, port: int, context: ssl.SSLContext | None) -> int:
        server = await asyncio.start_server(self._accept, self._host, port, ssl=context)
        self._servers.append(server)
        found: int = server.sockets[0].getsockname()[1]
        return found

    def _certified(self) -> ssl.SSLContext:
        authority = trustme.CA()
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self.ca_file = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(self._host, SECURE_NAME).configure_cert(context)
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._ended)
        task.add_done_callback(lambda _: writer.close())  # also when the task was cancelled before it began
        self.connections += 1

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._connections.discard(task)
        self._look()

    def _look(self) -> None:
        for holds, future in self._waiting:
            if not future.done() and holds():
                future.set_result(None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = writer.get_extra_info("ssl_object")
        try:
            if secure and secure.selected_alpn_protocol() == "h2":
                await Http2Connection(reader, writer, self._answer).serve()
            else:
                await self._serve_http1(reader, writer, secure=secure is not None)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ssl.SSLError):
            pass  # the client left, as it may
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _serve_http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, secure: bool) -> None:
        wire = Wire(reader, writer)
        while wire.keep:
            async with asyncio.timeout(_IDLE_SECONDS):
                request = await _read_request(reader, secure=secure)
            if request is None:
                return
            wire = Wire(reader, writer)
            await self._answer(request, wire)

    async def _answer(self, request: Request, wire: Wire) -> None:
        self.requests.append(request)
        self._look()
        found = find(request.path)
        if found is None:
            await wire.respond(_NOT_HERE, status=404)
        else:
            await found.handler(request, wire)


async def _read_request(reader: asyncio.StreamReader, *, secure: bool) -> Request | None:
    try:
        head = await reader.readexactly(1)
        if head == _TLS_HANDSHAKE:
            return None
        head += await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, target, headers, body, secure)


def listing() -> str:
    """All pages, one a line."""
    width = max(len(path) for path in PAGES)
    return "\n".join(f"  {path:{width}}  {found.says}" for path, found in sorted(PAGES.items()))
