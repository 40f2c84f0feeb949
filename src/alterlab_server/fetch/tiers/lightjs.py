"""Tier 3.5: a light browser page. Scripts run, but no image, font or media is loaded, and the wait is short."""

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.browser.render import Profile, View, render
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest

# Scripts that build a page ask for their data at once after the document is there.
_QUIET_SECONDS = 0.15
_MOST_SECONDS = 4.0


class LightBrowserTier:
    """Renders pages as fast as a browser can, on a pool that it shares with the other browser tiers."""

    def __init__(self, pool: BrowserPool) -> None:
        self._pool = pool

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Render one page before `deadline` (seconds on the event loop's clock)."""
        return await render(self._pool, request, _LIGHT, deadline)

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()


async def _ready(view: View) -> None:
    await view.quiet.wait(_QUIET_SECONDS, view.budget.seconds(_MOST_SECONDS))


_LIGHT = Profile(ready=_ready, blocked=frozenset(("Image", "Font", "Media")))
