"""The addresses that a page's links lead to."""

import re
from functools import lru_cache

import ada_url

_SCHEMES = ("http://", "https://")
# What the URL standard (https://url.spec.whatwg.org/) takes as it stands behind an origin or a folder: nothing to
# escape and no dot segments. Most links are such, and are put together faster than the parser takes them apart.
_CHARACTERS = r"\w!$&()*+,;=@~%./?\-"
_PLAIN = re.compile(rf"[{_CHARACTERS}:]*", re.ASCII)
_BELOW = re.compile(rf"\w[{_CHARACTERS}]*", re.ASCII)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)


class Addresses:
    """Joins the links of one page to its base, each once; a `base` that is empty or relative itself joins none."""

    def __init__(self, base: str) -> None:
        self._known: dict[str, str | None] = {}
        self._folder = _joined(base, ".") if base else None
        self._base = base if self._folder is not None else ""
        self._origin = (_joined(base, "/") or "").rstrip("/") if self._base else ""

    def absolute(self, href: str) -> str | None:
        """The absolute http(s) address of a link; None for another scheme, or where there is no base to join."""
        if href not in self._known:
            self._known[href] = self._absolute(href)
        return self._known[href]

    def _absolute(self, href: str) -> str | None:
        address, sign, fragment = href.partition("#")
        if sign and _PLAIN.fullmatch(fragment):
            joined = self.absolute(address)
            return f"{joined}#{fragment}" if joined else None
        has_dots = "/." in href or "/%2" in href
        if href.startswith(_SCHEMES):
            path = href.find("/", 8)
            if path < 0:
                if _is_origin(href):
                    return f"{href}/"
            elif not has_dots and _PLAIN.fullmatch(href, path) and _is_origin(href[:path]):
                return href
        elif self._folder is None:
            if ":" not in href:
                return None
        elif not has_dots:
            if href[:1] == "/" != href[1:2] and _PLAIN.fullmatch(href):
                return self._origin + href
            if _BELOW.fullmatch(href):
                return self._folder + href
        return None if _OTHER_SCHEME.match(href) else _joined(self._base, href.strip())


def is_base(text: str) -> bool:
    """Whether links can be joined to a text: whether it is an http(s) address."""
    return bool(text) and _joined(text, ".") is not None


@lru_cache(maxsize=4096)  # the pages of one site, and many others, link to the same hosts
def _is_origin(text: str) -> bool:
    """Whether the parser leaves this beginning of an address as it is."""
    return _joined("", text) == f"{text}/"


def _joined(base: str, href: str) -> str | None:
    try:
        joined = ada_url.join_url(base, href) if base else ada_url.normalize_url(href)
    except ValueError:
        return None
    return joined if joined.startswith(_SCHEMES) else None
