"""Tier 4: the whole page in a browser, as the caller's options say."""

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.browser.render import Profile, ready_fully, render
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest


class BrowserTier:
    """Renders pages fully, on a pool that it shares with the other browser tiers."""

    def __init__(self, pool: BrowserPool) -> None:
        self._pool = pool

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Render one page before `deadline` (seconds on the event loop's clock)."""
        return await render(self._pool, request, _FULL, deadline)

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()


_FULL = Profile(ready=ready_fully)
