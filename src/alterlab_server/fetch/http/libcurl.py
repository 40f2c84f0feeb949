"""What the two libcurl bindings share: option names and values, and what libcurl's error codes mean."""

from collections.abc import Callable, Iterator

from alterlab_server.fetch.http import failures
from alterlab_server.fetch.http.exchange import CONNECT_SECONDS, Hop, Response
from alterlab_server.fetch.http.receiver import ResponseReceiver
from alterlab_server.fetch.outcome import Failure

OptionValue = int | str | bytes | list[bytes]

WRITE_ERROR = 0xFFFFFFFF
"""CURL_WRITEFUNC_ERROR: what a callback returns to end the transfer."""

# https://curl.se/libcurl/c/libcurl-errors.html
_TIMED_OUT = 28
_NO_NAME = frozenset((5, 6))
_NO_CONNECTION = frozenset((7, 45, 97))  # 97: the proxy refused
_BAD_CERTIFICATE = frozenset((51, 60, 83, 90, 91))
_TOO_LARGE = frozenset((63, 100))
_HANDSHAKE = 35
_PARTIAL = 18


def options(hop: Hop, ca_bundle: str) -> Iterator[tuple[str, OptionValue]]:
    """The libcurl options of one hop, by name, in the order in which they must be set."""
    yield "URL", hop.url.without_fragment
    yield "CONNECT_TO", [f"::{_bracketed(hop.address)}:{hop.url.port}".encode()]
    yield "FOLLOWLOCATION", 0
    yield "PATH_AS_IS", 1
    yield "NOSIGNAL", 1
    yield "CAINFO", ca_bundle
    yield "PROXY_CAINFO", ca_bundle
    yield "NOPROXY", ""
    yield "TIMEOUT_MS", max(1, int(hop.seconds * 1000))
    yield "CONNECTTIMEOUT_MS", int(CONNECT_SECONDS * 1000)
    yield "HTTPHEADER", [b"Expect:", *(_header(name, value) for name, value in hop.headers.items())]
    if hop.body is not None or hop.method in {"POST", "PUT", "PATCH"}:
        body = hop.body or b""
        yield "POSTFIELDSIZE", len(body)
        yield "POSTFIELDS", body
    if hop.method != "GET":
        yield "CUSTOMREQUEST", hop.method
    yield from _proxy_options(hop)


def _proxy_options(hop: Hop) -> Iterator[tuple[str, OptionValue]]:
    proxy = hop.proxy
    if proxy is None:
        yield "PROXY", ""  # else libcurl reads http_proxy from the environment
        return
    yield "PROXY", f"{proxy.scheme}://{_bracketed(proxy.host)}:{proxy.port}"
    yield "PROXYUSERNAME", proxy.username
    yield "PROXYPASSWORD", proxy.password
    yield "RESOLVE", [f"+{_bracketed(proxy.host)}:{proxy.port}:{_bracketed(proxy.address)}".encode()]
    yield "HTTPPROXYTUNNEL", 1
    # A connection through a proxy belongs to its credentials, and a rotating proxy gives each its own exit.
    yield "FRESH_CONNECT", 1
    yield "FORBID_REUSE", 1


def callback(accept: Callable[[bytes], bool]) -> Callable[[bytes], int]:
    """A libcurl write or header callback that ends the transfer when `accept` wants no more."""

    def receive(data: bytes) -> int:
        return len(data) if accept(data) else WRITE_ERROR

    return receive


def result(receiver: ResponseReceiver) -> Response | Failure:
    """What a transfer that libcurl ended without an error brought; it takes an end within the headers for one."""
    return receiver.response() if receiver.headers_complete else failures.UNREADABLE


def failure(code: int, receiver: ResponseReceiver, *, connected: bool) -> Failure:
    """What libcurl's error `code` means for the attempt; its message stays inside, for it may name our own network."""
    if receiver.headers_too_large or code in _TOO_LARGE:
        return failures.LARGE_HEADERS
    if code == _TIMED_OUT and connected:
        return failures.TIMED_OUT
    if code in _NO_CONNECTION or code == _TIMED_OUT:
        return failures.NO_CONNECTION
    if code in _NO_NAME:
        return failures.NO_NAME
    if code in _BAD_CERTIFICATE:
        return failures.BAD_CERTIFICATE
    if code == _HANDSHAKE:
        return failures.NO_HANDSHAKE
    if code == _PARTIAL or receiver.body_started:
        return failures.CUT
    return failures.UNREADABLE


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _header(name: str, value: str) -> bytes:
    """A header line, in UTF-8 as browsers send it."""
    return (f"{name}: {value}" if value else f"{name};").encode()
