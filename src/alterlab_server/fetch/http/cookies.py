"""Cookies of one redirect chain (RFC 6265, section 5), for as long as the chain lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from alterlab_server.base.url import Url, trusted_origins
from alterlab_server.fetch.http.dates import parse_date

MAX_COOKIES = 100


@dataclass(frozen=True, slots=True)
class _Cookie:
    name: str
    value: str
    host: str
    host_only: bool
    path: str
    secure: bool

    def applies_to(self, url: Url) -> bool:
        host_fits = url.host == self.host or (not self.host_only and url.host.endswith("." + self.host))
        path_fits = url.path.startswith(self.path if self.path.endswith("/") else self.path + "/")
        exact_path = url.path.partition("?")[0] == self.path
        return host_fits and (path_fits or exact_path) and (url.scheme == "https" or not self.secure)


class CookieJar:
    """The caller's cookies, for the origins that the first URL trusts, and those that responses set on the way.

    A public suffix as domain is not looked up: the jar ends with the chain, so such a cookie reaches no one whom the
    redirecting site could not have told by URL.
    """

    def __init__(self, first: Url, given: Mapping[str, str]) -> None:
        self._trusted = trusted_origins(first)
        self._given = dict(given)
        self._cookies: dict[tuple[str, str, str], _Cookie] = {}

    def header(self, url: Url) -> str | None:
        """The Cookie header for `url`, longer paths first and the caller's own last, or None."""
        fitting = sorted((c for c in self._cookies.values() if c.applies_to(url)), key=lambda c: -len(c.path))
        given = self._given if url.origin in self._trusted else {}
        pairs: dict[str, str] = {}
        for name, value in (*((cookie.name, cookie.value) for cookie in fitting), *given.items()):
            pairs.setdefault(name, value)
        return "; ".join(f"{name}={value}" for name, value in pairs.items()) or None

    def store(self, url: Url, set_cookie: str, now: datetime | None = None) -> None:
        """Take one Set-Cookie header that `url` answered with; a cookie in the past deletes."""
        pair, *rest = set_cookie.split(";")
        name, equals, value = (part.strip() for part in pair.partition("="))
        attributes = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
        domain = attributes.get("domain", "").lstrip(".").lower()
        if not equals or not name or (domain and not ("." + url.host).endswith("." + domain)):
            return
        path = attributes.get("path", "")
        cookie = _Cookie(
            name=name,
            value=value,
            host=domain or url.host,
            host_only=not domain,
            path=path if path.startswith("/") else _default_path(url),
            secure="secure" in attributes,
        )
        key = (cookie.host, cookie.path, cookie.name)
        self._cookies.pop(key, None)
        if not _expired(attributes, now or datetime.now(UTC)) and len(self._cookies) < MAX_COOKIES:
            self._cookies[key] = cookie

    def values(self) -> dict[str, str]:
        """What the targets set, name to value."""
        return {cookie.name: cookie.value for cookie in self._cookies.values()}


def _default_path(url: Url) -> str:
    return url.path.partition("?")[0].rpartition("/")[0] or "/"


def _expired(attributes: Mapping[str, str], now: datetime) -> bool:
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return age.startswith("-") or not age.strip("0")
    expires = parse_date(attributes.get("expires", ""))
    return expires is not None and expires <= now
