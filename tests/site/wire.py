"""One request as the site reads it, and the wire on which a page answers, well or badly."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What the client sent, and when it was read; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    secure: bool = False
    version: str = "1.1"
    at: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def base(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def query(self, name: str, default: str) -> str:
        return parse_qs(urlsplit(self.target).query).get(name, [default])[0]

    def cookie(self, name: str) -> str | None:
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return next((value for key, _, value in pairs if key == name), None)


@dataclass
class Wire:
    """The connection of one request. `keep` says whether the next request may come on it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keep: bool = True
    sent: list[int] = field(default_factory=list)

    async def raw(self, data: bytes) -> None:
        self.check()
        self.writer.write(data)
        await self.writer.drain()

    def check(self) -> None:
        """Raise when the client has left; a TLS transport says so only on its reading side."""
        if self.writer.is_closing() or self.reader.at_eof():
            raise ConnectionResetError

    async def head(self, status: int, *headers: tuple[str, str]) -> None:
        self.sent.append(status)
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
        await self.raw("\r\n".join([*lines, "", ""]).encode("utf-8"))

    async def respond(
        self,
        body: bytes | str,
        *headers: tuple[str, str],
        status: int = 200,
        content_type: str | None = "text/html; charset=utf-8",
    ) -> None:
        """A whole, correct response."""
        data = body.encode() if isinstance(body, str) else body
        typed = [("Content-Type", content_type)] if content_type else []
        await self.head(status, *typed, ("Content-Length", str(len(data))), *headers)
        await self.raw(data)

    async def redirect(self, location: str, status: int = 302, *headers: tuple[str, str]) -> None:
        await self.respond("", ("Location", location), *headers, status=status)

    async def until_gone(self) -> None:
        """Say nothing more until the client leaves."""
        self.keep = False
        while await self.reader.read(65536):
            pass

    def cut(self) -> None:
        """End the connection at once."""
        self.keep = False
        self.writer.transport.abort()
