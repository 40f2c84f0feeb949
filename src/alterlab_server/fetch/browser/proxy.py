"""The only way out of the browser: a proxy in this process that asks the egress gate about every connection.

Interception in the page is no control: redirects, WebSockets and workers pass it. A browser that knows no other way
than this proxy resolves no names and opens no connections of its own.
"""

import asyncio
import hmac
import logging
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import parse_url
from alterlab_server.fetch.browser.dial import MAX_HEAD_BYTES, Streams, dial
from alterlab_server.fetch.browser.heads import RequestHead, after_informational, closing, parse_head
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.exchange import PinnedProxy
from alterlab_server.fetch.outcome import Failure, Verdict

_log = logging.getLogger(__name__)

_CHUNK_BYTES = 65_536
_IDLE_SECONDS = 60.0
_MAX_CONNECTIONS = 3000  # a page with some hundred requests is a heavy one
_MAX_NOTED_FAILURES = 200
_MAX_UNAUTHENTICATED = 4  # a browser is asked once; more is somebody guessing
_ASK_CREDENTIALS = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="egress"\r\n'
    b"Content-Length: 0\r\n\r\n"
)
_CLOSING = b"Content-Length: 0\r\nConnection: close\r\n\r\n"
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\n" + _CLOSING
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\n" + _CLOSING
_LENGTH_REQUIRED = b"HTTP/1.1 411 Length Required\r\n" + _CLOSING
_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\n" + _CLOSING
_ESTABLISHED = b"HTTP/1.1 200 Connection Established\r\n\r\n"


class EgressSession:
    """One job's leave to use the proxy: its credentials, its budget of bytes, and why connections failed."""

    def __init__(self, max_bytes: int, upstream: PinnedProxy | None = None) -> None:
        self.username = secrets.token_hex(8)
        self.password = secrets.token_urlsafe(24)
        self.upstream = upstream
        self.received = 0
        self._max_bytes = max_bytes
        self._opened = 0
        self._failures: dict[tuple[str, int], Failure] = {}
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def exhausted(self) -> bool:
        """True when the job has received or asked for all that it may."""
        return self.received >= self._max_bytes or self._opened > _MAX_CONNECTIONS

    def failure(self, host: str, port: int) -> Failure | None:
        """Why the last connection to this host and port failed, if it did."""
        return self._failures.get((host, port))

    def note(self, host: str, port: int, failure: Failure | None) -> None:
        """Remember how a connection to this host and port went; None when it succeeded."""
        if failure is None:
            self._failures.pop((host, port), None)
        elif len(self._failures) < _MAX_NOTED_FAILURES:
            self._failures[(host, port)] = failure

    def attach(self, connection: asyncio.Task[None]) -> None:
        """Tie a connection to the job, so that it ends with it."""
        self._opened += 1
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    def end(self) -> None:
        """Cut all connections."""
        for connection in tuple(self._connections):
            connection.cancel()


class EgressProxy:
    """An HTTP proxy on a free loopback port that serves only whom a session was opened for."""

    def __init__(self, gate: Gate, ca_file: str | None = None) -> None:
        self._gate = gate
        self._tls = ssl.create_default_context()
        if ca_file:
            self._tls.load_verify_locations(ca_file)
        self._sessions: dict[str, EgressSession] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it listens, as a browser is told; it must have been started."""
        if self._server is None:
            raise RuntimeError("the proxy has not been started")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen, unless it does already."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)

    async def close(self) -> None:
        """Stop listening and cut all connections."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @contextmanager
    def session(self, max_bytes: int, upstream: PinnedProxy | None = None) -> Iterator[EgressSession]:
        """Let one job through, for as long as the block lasts."""
        session = EgressSession(max_bytes, upstream)
        self._sessions[session.username] = session
        try:
            yield session
        finally:
            del self._sessions[session.username]
            session.end()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve((reader, writer)))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, client: Streams) -> None:
        try:
            if authenticated := await self._authenticate(client):
                await self._exchange(client, *authenticated)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            _log.debug("a browser connection ended: %r", error)
        finally:
            client[1].close()

    async def _authenticate(self, client: Streams) -> tuple[EgressSession, RequestHead] | None:
        """Read requests until one carries the credentials of a session; a browser sends them when asked."""
        reader, writer = client
        for _ in range(_MAX_UNAUTHENTICATED):
            async with asyncio.timeout(_IDLE_SECONDS):
                head = parse_head(await reader.readuntil(b"\r\n\r\n"))
            if head is None:
                writer.write(_BAD_REQUEST)
                return None
            user, password = head.credentials
            session = self._sessions.get(user)
            if session is not None and hmac.compare_digest(session.password.encode(), password.encode()):
                return session, head
            if head.body_bytes is None:
                writer.write(_LENGTH_REQUIRED)
                return None
            await _skip(reader, head.body_bytes)
            writer.write(_ASK_CREDENTIALS)
        return None

    async def _exchange(self, client: Streams, session: EgressSession, head: RequestHead) -> None:
        if task := asyncio.current_task():
            session.attach(task)
        if (wanted := _destination(head)) is None:
            client[1].write(_BAD_REQUEST)
            return
        host, port, path = wanted
        server = await self._connect(host, port, session)
        session.note(host, port, server if isinstance(server, Failure) else None)
        if isinstance(server, Failure):
            _refuse(client, head, server)
            return
        try:
            if path is None:
                client[1].write(_ESTABLISHED)
                await _tunnel(client, server, session)
            else:
                await _forward(client, server, session, head, path)
        finally:
            server[1].close()

    async def _connect(self, host: str, port: int, session: EgressSession) -> Streams | Failure:
        if session.exhausted:
            return Failure(Verdict.TOO_LARGE, "The page has received all the bytes that one page may.")
        target = await self._gate.admit_host(host, port)
        return target if isinstance(target, Failure) else await dial(target, session.upstream, self._tls)


def _destination(head: RequestHead) -> tuple[str, int, str | None] | None:
    """Host, port and path of a request; no path for a tunnel, and None for what is no proxy request."""
    if head.method == "CONNECT":
        host, _, port = head.target.rpartition(":")
        return (host.strip("[]"), int(port), None) if host and port.isdecimal() else None
    try:
        url = parse_url(head.target)
    except InvalidUrl:
        return None
    return url.host, url.port, url.path


def _refuse(client: Streams, head: RequestHead, failure: Failure) -> None:
    """Say no. A plain request gets no answer at all, which the browser reports as an error and not as a page."""
    if head.method == "CONNECT":
        client[1].write(_FORBIDDEN if failure.verdict is Verdict.REFUSED else _BAD_GATEWAY)


async def _skip(reader: asyncio.StreamReader, count: int) -> None:
    while count > 0 and (data := await reader.read(min(count, _CHUNK_BYTES))):
        count -= len(data)


async def _tunnel(client: Streams, server: Streams, session: EgressSession) -> None:
    """Carry bytes both ways until either side is done."""
    upward = asyncio.create_task(_pump(client[0], server[1]))
    downward = asyncio.create_task(_pump(server[0], client[1], session))
    await _first_of(upward, downward)


async def _forward(client: Streams, server: Streams, session: EgressSession, head: RequestHead, path: str) -> None:
    """Carry one request and its response. What the browser sends after the request ends the exchange: it would be
    a next request, perhaps for another host.
    """
    if head.body_bytes is None:
        client[1].write(_LENGTH_REQUIRED)
        return
    server[1].write(head.to_origin(path))
    remaining = head.body_bytes
    while remaining > 0 and (data := await client[0].read(min(remaining, _CHUNK_BYTES))):
        remaining -= len(data)
        server[1].write(data)
        await server[1].drain()
    answered = asyncio.create_task(_answer(server[0], client[1], session))
    await _first_of(asyncio.create_task(_await_data(client[0])), answered)


async def _answer(server: asyncio.StreamReader, client: asyncio.StreamWriter, session: EgressSession) -> None:
    """Carry a response, made to end its connection. Worse heads than HTTP allows pass as they are: browsers cope."""
    buffer = b""
    while not session.exhausted and (data := await server.read(_CHUNK_BYTES)):
        session.received += len(data)
        buffer = after_informational(buffer + data)
        head, end, rest = buffer.partition(b"\r\n\r\n")
        if end:
            buffer = closing(head + end) + rest
        if end or b"\n\n" in buffer or len(buffer) > MAX_HEAD_BYTES:
            break
    client.write(buffer)
    await _pump(server, client, session)


async def _await_data(reader: asyncio.StreamReader) -> None:
    await reader.read(1)


async def _first_of(*tasks: asyncio.Task[None]) -> None:
    """Wait until one of the tasks ends, and end the others."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: EgressSession | None = None
) -> None:
    """Copy until the end, counting what a session receives and stopping where its budget ends."""
    while data := await reader.read(_CHUNK_BYTES):
        if session is not None:
            session.received += len(data)
        writer.write(data)
        await writer.drain()
        if session is not None and session.exhausted:
            return
