"""Opening a tunnel through a proxy: HTTP CONNECT (RFC 9110, section 9.3.6) and SOCKS5 (RFC 1928, 1929).

The proxy is given the judged address, not the name, so that it cannot resolve the name to anything else.
"""

import base64
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from alterlab_server.fetch.http.exchange import PinnedProxy

_MAX_ANSWER = 16_384


class ProxyRefused(Exception):
    """The proxy did not open the tunnel."""


class Duplex(Protocol):
    """A connection to the proxy."""

    async def read(self, max_bytes: int) -> bytes:
        """Some bytes, or none at the end."""
        ...

    async def write(self, buffer: bytes) -> None:
        """Send all of `buffer`."""
        ...


async def open_tunnel(stream: Duplex, proxy: PinnedProxy, address: str, port: int) -> None:
    """Make `stream`, connected to `proxy`, lead to `address`; raises ProxyRefused."""
    if proxy.scheme == "socks5":
        await _socks5(stream, proxy, address, port)
    else:
        await _connect(stream, proxy, address, port)


async def _connect(stream: Duplex, proxy: PinnedProxy, address: str, port: int) -> None:
    authority = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.username:
        credentials = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    await stream.write("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = await stream.read(4096)
        answer += piece
        if not piece or len(answer) > _MAX_ANSWER:
            raise ProxyRefused
    status = answer.split(None, 2)[1:2]
    if not status or not status[0].startswith(b"2"):
        raise ProxyRefused


async def _socks5(stream: Duplex, proxy: PinnedProxy, address: str, port: int) -> None:
    method = b"\x02" if proxy.username else b"\x00"
    await stream.write(b"\x05\x01" + method)
    if await _exactly(stream, 2) != b"\x05" + method:
        raise ProxyRefused
    if proxy.username:
        name, secret = proxy.username.encode()[:255], proxy.password.encode()[:255]
        await stream.write(b"\x01" + bytes([len(name)]) + name + bytes([len(secret)]) + secret)
        if (await _exactly(stream, 2))[1:] != b"\x00":
            raise ProxyRefused
    target = ip_address(address)
    kind = b"\x04" if isinstance(target, IPv6Address) else b"\x01"
    await stream.write(b"\x05\x01\x00" + kind + target.packed + port.to_bytes(2, "big"))
    head = await _exactly(stream, 5)
    if head[:2] != b"\x05\x00":
        raise ProxyRefused
    bound = {1: 4, 3: head[4] + 1, 4: 16}.get(head[3])
    if bound is None:
        raise ProxyRefused
    await _exactly(stream, bound - 1 + 2)


async def _exactly(stream: Duplex, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await stream.read(count - len(data))
        if not piece:
            raise ProxyRefused
        data += piece
    return data
