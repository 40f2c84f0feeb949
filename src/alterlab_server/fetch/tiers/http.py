"""Tier 2: an HTTP/2 client (httpcore2, the engine of httpx2) on pinned connections."""

import ssl
from http import HTTPStatus

import anyio
import h2.exceptions
import h11
import httpcore2

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http import decoding, failures
from alterlab_server.fetch.http.connection import PinnedConnection, connection_key
from alterlab_server.fetch.http.exchange import CONNECT_SECONDS, Hop, Response
from alterlab_server.fetch.http.follow import Follower
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.http.receiver import ResponseReceiver, header_text
from alterlab_server.fetch.http.tunnel import ProxyRefused
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest

_IDLE_CONNECTIONS = 64
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

_CONNECTION_ENDED = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)
# The library lets the errors of h2 through.
_TROUBLE = (
    *(httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError),
    *(h2.exceptions.H2Error, decoding.DecodingError, ProxyRefused),
)


class HttpTier:
    """Fetches over HTTP/2 where the host speaks it; connections are kept, cookies and credentials are not."""

    def __init__(self, gate: Gate, options: HttpOptions | None = None) -> None:
        self._context = ssl.create_default_context(cafile=(options or HttpOptions()).ca_bundle)
        self._context.set_ciphers(_CIPHERS)
        self._idle: list[PinnedConnection] = []
        self._closed = False
        self._follower = Follower(gate, self._exchange, _DEFAULT_HEADERS)

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch one page before `deadline` (seconds on the event loop's clock)."""
        return await self._follower.fetch(request, deadline)

    async def close(self) -> None:
        """Close all connections."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def _exchange(self, hop: Hop) -> Response | Failure:
        receiver = ResponseReceiver(hop.max_bytes)
        kept = self._take(hop)
        error = await self._receive(kept or PinnedConnection(hop, self._context), hop, receiver)
        if kept and hop.method == "GET" and isinstance(error, _CONNECTION_ENDED) and not receiver.status:
            # The host may end a kept connection at any time, also just when the next request is sent.
            error = await self._receive(PinnedConnection(hop, self._context), hop, receiver)
        return _failure(error, receiver) if error else receiver.response()

    async def _receive(self, connection: PinnedConnection, hop: Hop, receiver: ResponseReceiver) -> Exception | None:
        """Send the hop and feed the receiver; what went wrong, or None."""
        complete = False
        try:
            response = await connection.send(_request(hop))
            complete = await _read(response, receiver)
            await response.aclose()
        except _TROUBLE as error:
            return error
        finally:
            await self._give_back(connection, keep=complete and hop.proxy is None)
        return None

    def _take(self, hop: Hop) -> PinnedConnection | None:
        """A kept connection to the host of `hop`, the youngest first; never one for a proxied hop."""
        key = connection_key(hop)
        for connection in reversed(self._idle if hop.proxy is None else ()):
            if connection.key == key and connection.reusable:
                self._idle.remove(connection)
                return connection
        return None

    async def _give_back(self, connection: PinnedConnection, *, keep: bool) -> None:
        """Keep a connection for the next request, in place of the oldest when there are many, or close it."""
        if keep and not self._closed and connection.reusable:
            self._idle.append(connection)
            if len(self._idle) <= _IDLE_CONNECTIONS:
                return
            connection = self._idle.pop(0)
        await connection.close()


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


def _request(hop: Hop) -> httpcore2.Request:
    url = httpcore2.URL(
        scheme=hop.url.scheme.encode(), host=hop.url.host.encode(), port=hop.url.port, target=hop.url.path.encode()
    )
    return httpcore2.Request(hop.method, url, headers=_headers(hop), content=hop.body, extensions=_TIMEOUTS)


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
