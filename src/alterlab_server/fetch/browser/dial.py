"""Connections to an admitted address, directly or through an admitted proxy."""

import asyncio
import ssl

from alterlab_server.fetch.egress import Admitted
from alterlab_server.fetch.http.exchange import CONNECT_SECONDS, PinnedProxy
from alterlab_server.fetch.http.failures import NO_CONNECTION
from alterlab_server.fetch.http.tunnel import ProxyRefused, open_tunnel
from alterlab_server.fetch.outcome import Failure, Verdict

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

MAX_HEAD_BYTES = 65_536
_MAX_ADDRESSES = 3


async def dial(target: Admitted, proxy: PinnedProxy | None, tls: ssl.SSLContext) -> Streams | Failure:
    """Connect to the first of the target's addresses that answers; `tls` is for the proxy's own connection."""
    trouble = NO_CONNECTION
    for address in target.addresses[:_MAX_ADDRESSES]:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if proxy is None:
                    return await asyncio.open_connection(address, target.port, limit=MAX_HEAD_BYTES)
                return await _through(proxy, address, target.port, tls)
        except ProxyRefused as error:
            trouble = Failure(Verdict.UNREACHABLE, f"The proxy did not connect: {error}")
        except (OSError, TimeoutError):
            trouble = NO_CONNECTION
    return trouble


async def _through(proxy: PinnedProxy, address: str, port: int, tls: ssl.SSLContext) -> Streams:
    secure = proxy.scheme == "https"
    streams = await asyncio.open_connection(
        proxy.address,
        proxy.port,
        limit=MAX_HEAD_BYTES,
        ssl=tls if secure else None,
        server_hostname=proxy.host if secure else None,
    )
    try:
        await open_tunnel(_Duplex(streams), proxy, address, port)
    except BaseException:
        streams[1].close()
        raise
    return streams


class _Duplex:
    """Streams as a tunnel is opened on them."""

    def __init__(self, streams: Streams) -> None:
        self._reader, self._writer = streams

    async def read(self, max_bytes: int) -> bytes:
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes) -> None:
        self._writer.write(buffer)
        await self._writer.drain()
