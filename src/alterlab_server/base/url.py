"""The one URL parser of the project: WHATWG rules, so that what is judged is what every tier fetches."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import ada_url

from alterlab_server.base.errors import InvalidUrl

MAX_URL_CHARS = 8192
MAX_HOST_CHARS = 253  # RFC 1035, section 2.3.4, as text; longer ones have no address, and are too long for an index
_PARSED = 256  # a fetch asks about the same URL at several places
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PROXY_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL as a browser understands it.

    `href` is the normalised text, `host` is lower case and in ASCII (an IPv6 address without its brackets), `port`
    is the effective one, `path` holds path and query as a request line sends them, `fragment` starts with "#" or is
    empty.
    """

    href: str
    scheme: str
    host: str
    port: int
    path: str
    fragment: str
    origin: str

    @property
    def without_fragment(self) -> str:
        """The URL as it is requested: a fragment never leaves the client."""
        return self.href.removesuffix(self.fragment) if self.fragment else self.href


@dataclass(frozen=True, slots=True)
class ProxyUrl:
    """A proxy to go through: scheme http, https or socks5, and its credentials, decoded, when it has any."""

    scheme: str
    host: str
    port: int
    username: str
    password: str


@lru_cache(maxsize=_PARSED)
def parse_url(text: str, base: str | None = None) -> Url:
    """Parse `text`, against `base` when given, by the WHATWG URL standard; raises InvalidUrl with the reason."""
    if len(text) > MAX_URL_CHARS:
        raise InvalidUrl(f"The URL is longer than {MAX_URL_CHARS} characters.")
    if "\0" in text:  # the standard would encode it, but no store of ours can keep the text as it was given
        raise InvalidUrl("The URL has a NUL character.")
    try:
        url = ada_url.URL(text, base)
    except ValueError:
        raise InvalidUrl("The URL is not valid: it needs the form https://host/path.") from None
    scheme = url.protocol.removesuffix(":")
    if scheme not in _DEFAULT_PORTS:
        raise InvalidUrl(f"Only http and https URLs can be fetched, not {scheme}.")
    if url.username or url.password:
        raise InvalidUrl("A URL with a user name or password is not accepted; send credentials as a header.")
    if len(url.hostname.removesuffix(".")) > MAX_HOST_CHARS:
        raise InvalidUrl(f"The name of the host is longer than {MAX_HOST_CHARS} characters.")
    href = url.href
    if len(href) > MAX_URL_CHARS:
        raise InvalidUrl(f"The URL is longer than {MAX_URL_CHARS} characters once it is percent-encoded.")
    return Url(
        href=href,
        scheme=scheme,
        host=url.hostname.strip("[]"),
        port=int(url.port or _DEFAULT_PORTS[scheme]),
        path=url.pathname + url.search,
        fragment=url.hash,
        origin=url.origin,
    )


def trusted_origins(url: Url) -> frozenset[str]:
    """Where what is meant for `url` alone, such as a cookie, may be sent: to its origin and, when that speaks plain
    http at the usual port, to the same host by https, to which sites redirect.
    """
    upgraded = [f"https{url.origin.removeprefix('http')}"] if (url.scheme, url.port) == ("http", 80) else []
    return frozenset((url.origin, *upgraded))


def for_log(href: str) -> str:
    """What a log may hold of a URL: scheme, host and path. Credentials, queries and fragments can be secrets."""
    place = re.split(r"[?#]", href, maxsplit=1)[0]
    return re.sub(r"^([a-z]+://)[^/]*@", r"\1", place, flags=re.IGNORECASE)


def join(base: str, reference: str) -> str:
    """The absolute, normalised URL that `reference` means on the page `base`; raises InvalidUrl."""
    return parse_url(reference, base).href


def parse_proxy(text: str) -> ProxyUrl:
    """Parse a proxy URL such as `socks5://user:secret@host:1080`; raises InvalidUrl, never repeating the secret."""
    try:
        url = ada_url.URL(text)
        scheme = url.protocol.removesuffix(":")
        port = int(url.port or _PROXY_DEFAULT_PORTS[scheme])
        # A special scheme is parsed again so that the host is folded (0x7f.1) also where the standard leaves it opaque.
        host = ada_url.URL(f"http://{url.hostname}/").hostname.strip("[]")
    except (ValueError, KeyError):
        raise InvalidUrl("The proxy URL is not valid: it needs the form scheme://user:password@host:port.") from None
    return ProxyUrl(
        scheme="socks5" if scheme == "socks5h" else scheme,
        host=host,
        port=port,
        username=unquote(url.username),
        password=unquote(url.password),
    )
