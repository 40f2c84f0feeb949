"""Tier 2: an HTTP/2 client (httpcore2, the engine of httpx2), pinned by a network backend of our own."""

import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from http import HTTPStatus

import anyio
import h11
import httpcore2

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http import decoding, failures
from alterlab_server.fetch.http.exchange import CONNECT_SECONDS, Hop, Response
from alterlab_server.fetch.http.follow import Follower
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.http.receiver import ResponseReceiver, header_text
from alterlab_server.fetch.http.tunnel import ProxyRefused, open_tunnel
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest

_MAX_CONNECTIONS = 256
_IDLE_CONNECTIONS = 64
_IDLE_SECONDS = 30.0
_TIMEOUTS = {"timeout": {"connect": CONNECT_SECONDS}}
# The suites of Chrome in its order, so that the handshake is not that of Python's default.
_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA"
)
_DEFAULT_HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
    ),
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": decoding.ACCEPTED,
}

_hop: ContextVar[Hop] = ContextVar("hop")


class HttpTier:
    """Fetches over HTTP/2 where the host speaks it; connections are kept and shared, cookies are not."""

    def __init__(self, gate: Gate, options: HttpOptions | None = None) -> None:
        context = ssl.create_default_context(cafile=(options or HttpOptions()).ca_bundle)
        context.set_ciphers(_CIPHERS)
        self._context = context
        self._pool = self._new_pool()
        self._follower = Follower(gate, self._exchange, _DEFAULT_HEADERS)

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch one page before `deadline` (seconds on the event loop's clock)."""
        return await self._follower.fetch(request, deadline)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    def _new_pool(self) -> httpcore2.AsyncConnectionPool:
        return httpcore2.AsyncConnectionPool(
            ssl_context=self._context,
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=_IDLE_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            http2=True,
            network_backend=_PinnedBackend(self._context),
        )

    async def _exchange(self, hop: Hop) -> Response | Failure:
        token = _hop.set(hop)
        try:
            if hop.proxy is None:
                return await _send(self._pool, hop)
            # A connection through a proxy belongs to its credentials, and a rotating proxy gives each its own exit.
            async with self._new_pool() as pool:
                return await _send(pool, hop)
        finally:
            _hop.reset(token)


class _PinnedBackend(httpcore2.AnyIOBackend):
    """Connects to the judged address of the hop under way, whatever host it is asked for."""

    def __init__(self, proxy_context: ssl.SSLContext) -> None:
        self._proxy_context = proxy_context

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        hop = _hop.get()
        if host != hop.url.host:
            raise httpcore2.ConnectError("not the host that was judged")
        proxy = hop.proxy
        if proxy is None:
            return await super().connect_tcp(hop.address, port, timeout, local_address, socket_options)
        stream = await super().connect_tcp(proxy.address, proxy.port, timeout, local_address, socket_options)
        try:
            if proxy.scheme == "https":
                stream = await stream.start_tls(self._proxy_context, proxy.host, timeout)
            await open_tunnel(stream, proxy, hop.address, port)
        except BaseException:
            await stream.aclose()
            raise
        return stream


async def _send(pool: httpcore2.AsyncConnectionPool, hop: Hop) -> Response | Failure:
    """Send the hop; a GET once more when the connection that it was sent on had just ended."""
    for can_repeat in (hop.method == "GET", False):
        receiver = ResponseReceiver(hop.max_bytes)
        try:
            await _receive(pool, hop, receiver)
        except (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError) as error:
            if receiver.status or not can_repeat or _header_overflow(error):
                return _failure(error, receiver)
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
            return _failure(error, receiver)
        except (decoding.DecodingError, ProxyRefused) as error:
            return _failure(error, receiver)
        else:
            break
    return receiver.response()


async def _receive(pool: httpcore2.AsyncConnectionPool, hop: Hop, receiver: ResponseReceiver) -> None:
    request = httpcore2.Request(hop.method, _url(hop), headers=_headers(hop), content=hop.body, extensions=_TIMEOUTS)
    complete = False
    try:
        response = await pool.handle_async_request(request)
        try:
            complete = await _read(response, receiver)
        finally:
            await response.aclose()
    finally:
        if not complete:
            await _abandon(pool, request)


async def _read(response: httpcore2.Response, receiver: ResponseReceiver) -> bool:
    """Read the body up to the cap; whether it came to its end."""
    headers = [(name.decode("latin-1").lower(), header_text(value)) for name, value in response.headers]
    receiver.start(response.status, headers)
    encoding = decoding.decoder(dict(headers).get("content-encoding", ""))
    async for data in response.aiter_stream():
        if not all(receiver.body_piece(piece) for piece in encoding.pieces(data)):
            return False
    encoding.end()
    return True


async def _abandon(pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request) -> None:
    """Close the multiplexed connections of an abandoned request.

    The library does not reset its stream, so that what still comes would use up the window of the others.
    """
    for connection in pool.connections:
        if connection.can_handle_request(request.url.origin) and connection.can_multiplex():
            await connection.aclose()


def _url(hop: Hop) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=hop.url.scheme.encode(), host=hop.url.host.encode(), port=hop.url.port, target=hop.url.path.encode()
    )


def _headers(hop: Hop) -> list[tuple[bytes, bytes]]:
    authority = hop.url.origin.partition("://")[2]
    pairs = {"Host": authority, **hop.headers}
    if hop.body is not None or hop.method in {"POST", "PUT", "PATCH"}:
        pairs["Content-Length"] = str(len(hop.body or b""))
    return [(name.encode("latin-1"), value.encode()) for name, value in pairs.items()]


def _failure(error: Exception, receiver: ResponseReceiver) -> Failure:
    cause = _cause(error)
    match error:
        case httpcore2.ConnectError() if isinstance(cause, ssl.SSLCertVerificationError):
            return failures.BAD_CERTIFICATE
        case httpcore2.ConnectError() if isinstance(
            cause, ssl.SSLError | anyio.BrokenResourceError | anyio.EndOfStream
        ):
            return failures.NO_HANDSHAKE
        case httpcore2.ConnectError() | httpcore2.ConnectTimeout() | ProxyRefused():
            return failures.NO_CONNECTION
    if _header_overflow(error):
        return failures.LARGE_HEADERS
    return failures.CUT if receiver.status else failures.UNREADABLE


def _header_overflow(error: Exception) -> bool:
    cause = _cause(error)
    too_large = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return isinstance(cause, h11.RemoteProtocolError) and cause.error_status_hint == too_large


def _cause(error: Exception) -> object:
    """The error of a lower layer that httpcore2 wrapped: it keeps it as the argument, and clears `__cause__`."""
    return error.args[0] if error.args else None
