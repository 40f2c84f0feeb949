"""Where the pages of the site are listed: a page is a coroutine with a path and a sentence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.site.wire import Request, Wire

Handler = Callable[[Request, Wire], Awaitable[None]]


@dataclass(frozen=True)
class SitePage:
    """One page: its path (a trailing "*" matches the rest), what it does, and how."""

    path: str
    says: str
    handler: Handler


PAGES: dict[str, SitePage] = {}


def page(path: str) -> Callable[[Handler], Handler]:
    """Register a page; the docstring of the handler says what it does."""

    def register(handler: Handler) -> Handler:
        assert path not in PAGES, path
        PAGES[path] = SitePage(path, (handler.__doc__ or "").strip(), handler)
        return handler

    return register


def find(path: str) -> SitePage | None:
    """The page at `path`: an exact one, else the longest prefix that ends in "*"."""
    if path in PAGES:
        return PAGES[path]
    prefixes = (found for key, found in PAGES.items() if key.endswith("*") and path.startswith(key[:-1]))
    return max(prefixes, key=lambda found: len(found.path), default=None)
