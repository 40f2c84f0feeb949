"""The heads of HTTP/1.1 messages, as far as a proxy has to read them."""

import base64
import binascii
from dataclasses import dataclass

# Meant for this connection only (RFC 9110, 7.6.1), besides what concerns the proxy itself.
_HOP_BY_HOP = frozenset(
    (
        *("connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    )
)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """Method, target (an authority after CONNECT, else an absolute URL) and headers in their order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def body_bytes(self) -> int | None:
        """How many bytes of body follow; None when that is not known beforehand."""
        length = self.header("content-length") or "0"
        return int(length) if length.isdecimal() and self.header("transfer-encoding") is None else None

    @property
    def credentials(self) -> tuple[str, str]:
        """User name and password of `Proxy-Authorization: Basic` (RFC 7617); empty when there are none."""
        scheme, _, token = (self.header("proxy-authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password

    def to_origin(self, path: str) -> bytes:
        """The head as the origin server gets it, for one exchange on its connection."""
        lines = [f"{self.method} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in _HOP_BY_HOP]
        lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def parse_head(data: bytes) -> RequestHead | None:
    """Parse a request head up to and with its empty line; None when it is not HTTP/1.1."""
    first, *lines = data.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        return None
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            return None
        headers.append((name, value.strip()))
    return RequestHead(parts[0], parts[1], tuple(headers))


def closing(head: bytes) -> bytes:
    """The head of a response, up to and with its empty line, that tells the browser to use the connection once."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    return b"\r\n".join((first, *kept, b"Connection: close", b"", b""))


def after_informational(data: bytes) -> bytes:
    """What of a response is left after its 1xx answers, such as early hints, which come before the real one."""
    start = 0
    while data.startswith(b"HTTP/1.1 1", start) and (end := data.find(b"\r\n\r\n", start)) >= 0:
        start = end + 4
    return data[start:]
