"""Opening a tunnel through a proxy: HTTP CONNECT (RFC 9110, section 9.3.6) and SOCKS5 (RFC 1928, 1929).

The proxy is given the judged address, not the name, so that it cannot resolve the name to anything else.
"""

import base64
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from alterlab_server.fetch.http.exchange import PinnedProxy

_MAX_ANSWER = 16_384
_OPEN_METHOD, _PASSWORD_METHOD = 0, 2
_OPEN = bytes((5, 1, _OPEN_METHOD))
_OPEN_OR_PASSWORD = bytes((5, 2, _OPEN_METHOD, _PASSWORD_METHOD))


class ProxyRefused(Exception):
    """The proxy did not open the tunnel; the text says why."""


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
    if proxy.username or proxy.password:
        credentials = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    await stream.write("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = await stream.read(4096)
        answer += piece
        if not piece or len(answer) > _MAX_ANSWER:
            raise ProxyRefused("it gave no answer that could be read.")
    status = answer.split(None, 2)[1:2]
    if not status or not status[0].startswith(b"2"):
        raise ProxyRefused(f"HTTP status {status[0].decode('latin-1') if status else 'missing'}.")


async def _socks5(stream: Duplex, proxy: PinnedProxy, address: str, port: int) -> None:
    name, secret = proxy.username.encode()[:255], proxy.password.encode()[:255]
    await stream.write(_OPEN_OR_PASSWORD if name else _OPEN)
    method = (await _exactly(stream, 2))[1]
    if method == _PASSWORD_METHOD and name:
        await stream.write(b"\x01" + bytes((len(name),)) + name + bytes((len(secret),)) + secret)
        if (await _exactly(stream, 2))[1] != 0:
            raise ProxyRefused("it refused the user name and password.")
    elif method != _OPEN_METHOD:
        raise ProxyRefused("it offers no way to log in that is known here.")
    target = ip_address(address)
    kind = b"\x04" if isinstance(target, IPv6Address) else b"\x01"
    await stream.write(b"\x05\x01\x00" + kind + target.packed + port.to_bytes(2, "big"))
    reply = await _exactly(stream, 4)
    if reply[1] != 0:
        raise ProxyRefused(f"SOCKS reply {reply[1]}.")
    bound = {1: 4, 4: 16}.get(reply[3]) or (await _exactly(stream, 1))[0]
    await _exactly(stream, bound + 2)


async def _exactly(stream: Duplex, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await stream.read(count - len(data))
        if not piece:
            raise ProxyRefused("it ended the connection.")
        data += piece
    return data
