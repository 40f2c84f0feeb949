"""One request and one response on one connection: what an HTTP library has to do for us."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from alterlab_server.base.url import Url
from alterlab_server.fetch.egress import Admitted
from alterlab_server.fetch.outcome import Failure

HARD_MAX_BYTES = 52_428_800
"""The largest decoded body that is ever read, also when the caller sets no cap (`max_response_bytes` in the API)."""

CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class PinnedProxy:
    """A proxy whose address was admitted. `scheme` is http, https or socks5; `host` is its name for TLS."""

    scheme: str
    host: str
    port: int
    address: str
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One request to send: the connection goes to `address` only, by way of `proxy` when there is one.

    `headers` are complete, cookies included; `max_bytes` caps the decoded body; `seconds` bounds the whole exchange.
    """

    method: str
    url: Url
    address: str
    headers: Mapping[str, str]
    body: bytes | None
    max_bytes: int
    seconds: float
    proxy: PinnedProxy | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: headers as they came (names in lower case), the body decoded and cut at the cap."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: bool = False
    original_bytes: int | None = None

    def header(self, name: str) -> str | None:
        """The first header of this lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


class Exchange(Protocol):
    """Sends one hop. It follows no redirect, keeps no cookie, and connects to no other address."""

    async def __call__(self, hop: Hop) -> Response | Failure:
        """Send and receive; network trouble is a Failure, never an exception."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """Where a URL may be reached: its admitted addresses, and the proxy on the way."""

    target: Admitted
    proxy: PinnedProxy | None = None
