"""Which URLs belong to a crawl."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from alterlab_server.frontier.address import Address, split
from alterlab_server.frontier.globs import matches_any
from alterlab_server.frontier.traps import trap


@dataclass(frozen=True, slots=True)
class Scope:
    """The site of `start` (an absolute, normalised URL), and which of its paths are wanted.

    `www.` before a host makes no other site. With `include_subdomains` all hosts of the registrable domain belong to
    it. The start page itself is always in scope.
    """

    start: str
    include_subdomains: bool = False
    include_patterns: Sequence[str] = ()
    exclude_patterns: Sequence[str] = ()

    def refusal(self, href: str) -> str | None:
        """Why an absolute, normalised URL does not belong: off_site, trap, excluded, not_included; or None."""
        address = split(href)
        if not self._same_site(address):
            return "off_site"
        if trap(address):  # before the patterns, for which a long path is much work
            return "trap"
        if self.exclude_patterns and matches_any(address.path, self.exclude_patterns):
            return "excluded"
        if self.include_patterns and not matches_any(address.path, self.include_patterns):
            return "not_included"
        return None

    def at(self, href: str) -> "Scope":
        """The same wishes for the site of another URL."""
        return replace(self, start=href)

    def _same_site(self, address: Address) -> bool:
        home, name = _home(self.start)
        if address.authority.removeprefix("www.") == name:
            return True
        if not self.include_subdomains or _port(address) != _port(home):
            return False
        return registrable_domain(address.host) == registrable_domain(home.host)


@lru_cache(maxsize=256)  # of as many crawls at a time; it is asked about each link
def _home(start: str) -> tuple[Address, str]:
    address = split(start)
    return address, address.authority.removeprefix("www.")


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The part of a host name that one can register (`example.co.uk`), by the public suffix list; an address, or a
    public suffix itself, as it is."""
    if host.startswith("[") or host.replace(".", "").isdecimal():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _port(address: Address) -> str:
    return address.authority[len(address.host) :]
