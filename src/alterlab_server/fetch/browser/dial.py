"""Connections to an admitted address, directly or through an admitted proxy."""

import asyncio
import base64
import ssl
from ipaddress import IPv6Address, ip_address

from alterlab_server.fetch.egress import Admitted
from alterlab_server.fetch.http.exchange import CONNECT_SECONDS, PinnedProxy
from alterlab_server.fetch.outcome import Failure, Verdict

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

MAX_HEAD_BYTES = 65_536
_MAX_ADDRESSES = 3


class _Rejected(Exception):
    """The proxy answered, but would not connect; the text says why."""


async def dial(target: Admitted, proxy: PinnedProxy | None, tls: ssl.SSLContext) -> Streams | Failure:
    """Connect to the first of the target's addresses that answers; `tls` is for the proxy's own connection."""
    trouble = f"{target.host} could not be reached."
    for address in target.addresses[:_MAX_ADDRESSES]:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if proxy is None:
                    return await asyncio.open_connection(address, target.port, limit=MAX_HEAD_BYTES)
                return await _through(proxy, address, target.port, tls)
        except _Rejected as error:
            trouble = f"The proxy did not connect to {target.host}: {error}"
        except TimeoutError:
            trouble = f"{target.host} did not answer in {CONNECT_SECONDS:.0f} seconds."
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            trouble = f"{target.host} could not be reached."
    return Failure(Verdict.UNREACHABLE, trouble)


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
        await (_socks5 if proxy.scheme == "socks5" else _connect)(streams, proxy, address, port)
    except BaseException:
        streams[1].close()
        raise
    return streams


async def _connect(streams: Streams, proxy: PinnedProxy, address: str, port: int) -> None:
    """Open a tunnel with CONNECT (RFC 9110, 9.3.6), by address, so that the proxy resolves nothing again."""
    reader, writer = streams
    authority = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.username or proxy.password:
        pair = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {pair}")
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(None, 2)[1:2]
    if not status or not status[0].startswith(b"2"):
        raise _Rejected(f"HTTP status {status[0].decode('latin-1') if status else 'missing'}.")


async def _socks5(streams: Streams, proxy: PinnedProxy, address: str, port: int) -> None:
    """Open a SOCKS connection (RFC 1928), with a user name and password when the proxy has them (RFC 1929)."""
    reader, writer = streams
    user, password = proxy.username.encode()[:255], proxy.password.encode()[:255]
    writer.write(b"\x05\x02\x00\x02" if user else b"\x05\x01\x00")
    method = (await reader.readexactly(2))[1]
    if method == 0x02 and user:
        writer.write(bytes((1, len(user))) + user + bytes((len(password),)) + password)
        if (await reader.readexactly(2))[1] != 0:
            raise _Rejected("it refused the user name and password.")
    elif method != 0x00:
        raise _Rejected("it offers no way to log in that is known here.")
    ip = ip_address(address)
    kind = b"\x04" if isinstance(ip, IPv6Address) else b"\x01"
    writer.write(b"\x05\x01\x00" + kind + ip.packed + port.to_bytes(2, "big"))
    reply = await reader.readexactly(4)
    if reply[1] != 0:
        raise _Rejected(f"SOCKS reply {reply[1]}.")
    bound = {1: 4, 4: 16}.get(reply[3]) or (await reader.readexactly(1))[0]
    await reader.readexactly(bound + 2)
