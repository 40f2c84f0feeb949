"""One connection of the HTTP/2 client, pinned to a judged address and used by one request at a time.

The library's own pool would put concurrent requests on one HTTP/2 connection. It does not reset a stream that is
given up, so that one endless page would use up the window of all others, and closing the connection would end them.
"""

import ssl
from collections.abc import Iterable

import httpcore2

from alterlab_server.fetch.http.exchange import Hop
from alterlab_server.fetch.http.tunnel import open_tunnel

_IDLE_SECONDS = 30.0

Key = tuple[str, str, int]


class PinnedConnection:
    """A connection for the host of `hop`, by way of its proxy when it has one. It opens with the first request."""

    def __init__(self, hop: Hop, context: ssl.SSLContext) -> None:
        self.key = connection_key(hop)
        self._backend = _PinnedBackend(hop, context)
        origin = httpcore2.Origin(hop.url.scheme.encode(), hop.url.host.encode(), hop.url.port)
        self._inner = httpcore2.AsyncHTTPConnection(
            origin, context, keepalive_expiry=_IDLE_SECONDS, http2=True, network_backend=self._backend
        )

    @property
    def reusable(self) -> bool:
        """True when another request may be sent: the last one is complete, and the host has not hung up."""
        return self._inner.is_idle() and self._inner.is_available() and not self._inner.has_expired()

    async def send(self, request: httpcore2.Request) -> httpcore2.Response:
        """Send one request; raises what httpcore2 raises."""
        return await self._inner.handle_async_request(request)

    async def close(self) -> None:
        """End the connection, also one that is still being made."""
        await self._inner.aclose()
        await self._backend.close()


def connection_key(hop: Hop) -> Key:
    """What must be equal for a connection to be used again."""
    return hop.url.scheme, hop.url.host, hop.url.port


class _PinnedBackend(httpcore2.AnyIOBackend):
    """Connects to the judged address of a hop, whatever host it is asked for."""

    def __init__(self, hop: Hop, proxy_context: ssl.SSLContext) -> None:
        self._address = hop.address
        self._proxy = hop.proxy
        self._proxy_context = proxy_context
        self._stream: httpcore2.AsyncNetworkStream | None = None

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002  # the library names the host; the address is known
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        proxy = self._proxy
        to, at = (self._address, port) if proxy is None else (proxy.address, proxy.port)
        stream = self._stream = await super().connect_tcp(to, at, timeout, local_address, socket_options)
        if proxy is not None:
            if proxy.scheme == "https":
                stream = await stream.start_tls(self._proxy_context, proxy.host, timeout)
            await open_tunnel(stream, proxy, self._address, port)
        return stream

    async def close(self) -> None:
        """Close the socket; the library leaves it open when a handshake is cancelled."""
        if self._stream is not None:
            await self._stream.aclose()
