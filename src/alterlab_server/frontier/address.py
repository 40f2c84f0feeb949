"""The parts of a normalised URL that the frontier looks at, cut out without parsing it again."""

from typing import NamedTuple


class Address(NamedTuple):
    """`authority` is host and, when it is not the scheme's own, port; `path` begins with "/", `query` has no "?"."""

    scheme: str
    authority: str
    path: str
    query: str

    @property
    def origin(self) -> str:
        """Scheme and authority, to which a robots.txt belongs (RFC 9309)."""
        return f"{self.scheme}://{self.authority}"

    @property
    def host(self) -> str:
        """The authority without its port."""
        name, colon, port = self.authority.rpartition(":")
        return name if colon and port.isdecimal() else self.authority


def split(href: str) -> Address:
    """Cut an absolute, normalised http(s) URL (`base.url`)."""
    scheme, _, rest = href.partition("://")
    authority, slash, path = rest.partition("/")
    path, _, query = path.partition("#")[0].partition("?")
    return Address(scheme, authority, slash + path, query)
