"""A forward proxy for tests: HTTP CONNECT, or SOCKS5, with or without a password, over TLS or not."""

import asyncio
import base64
import contextlib
import ssl
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from tests.site.relay import relay
from tests.support.closing import close


class TestProxy:
    """`async with TestProxy("socks5", "user:secret") as proxy: proxy.url`. `tunnels` lists what it was asked for."""

    __test__ = False

    def __init__(self, scheme: str = "http", credentials: str = "", context: ssl.SSLContext | None = None) -> None:
        self._scheme = scheme
        self._credentials = credentials
        self._context = context
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.tunnels: list[str] = []

    @property
    def url(self) -> str:
        at = f"{self._credentials}@" if self._credentials else ""
        return f"{self._scheme}://{at}127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        await close(self._server, self._tasks)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_tunnel = self._socks5 if self._scheme == "socks5" else self._connect
        try:
            target = await open_tunnel(reader, writer)
            if target is not None:
                self.tunnels.append(f"{target[0]}:{target[1]}")
                onward = await asyncio.open_connection(*target)
                await relay((reader, writer), onward)
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of both sides left
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int] | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        expected = "Basic " + base64.b64encode(self._credentials.encode()).decode()
        if self._credentials and expected not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return None
        method, authority, _ = head.split(" ", 2)
        assert method == "CONNECT", head
        writer.write(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
        host, _, port = authority.rpartition(":")
        return host.strip("[]"), int(port)

    async def _socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int] | None:
        methods = await reader.readexactly((await reader.readexactly(2))[1])
        wanted = 2 if self._credentials else 0
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return None
        writer.write(bytes([5, wanted]))
        if self._credentials:
            name = await reader.readexactly((await reader.readexactly(2))[1])
            secret = await reader.readexactly((await reader.readexactly(1))[0])
            right = f"{name.decode()}:{secret.decode()}" == self._credentials
            writer.write(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return None
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = str(ip_address(await reader.readexactly(4 if kind == 1 else 16)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        return host, port
