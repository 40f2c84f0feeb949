"""What the tests of the browser share."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import urlencode

from tests.site import HostileSite
from tests.support.held_page import HeldPage
from tests.support.waiting import PATIENCE

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.fetch.tiers.browser import BrowserTier

LOOPBACK = (ip_network("127.0.0.1/32"),)
PATIENT = BrowserOptions(wait_for="#done", wait_for_timeout=PATIENCE, block_images=False)
DONE = "document.body.insertAdjacentHTML('beforeend', '<i id=done></i>')"


def page_url(site: HostileSite, html: str, **more: str) -> str:
    """A URL of the site that answers with this document."""
    return site.url("/browser/page?" + urlencode({"html": html, **more}))


def waiting_for(site: HostileSite, held: HeldPage) -> FetchRequest:
    """A page with a heading that is waited for until the held page is there, to which it adds `#done`."""
    script = f"fetch('{held.url}', {{mode: 'no-cors'}}).then(() => {{ {DONE} }})"
    url = page_url(site, f"<body><h1>Slow</h1><script>{script}</script></body>")
    return FetchRequest(url, browser=replace(PATIENT, wait_until="domcontentloaded"))


async def fetch(tier: Tier, request: FetchRequest | str, seconds: float = PATIENCE) -> Page | Failure:
    """Fetch with a deadline from now."""
    request = FetchRequest(request) if isinstance(request, str) else request
    return await tier.fetch(request, asyncio.get_running_loop().time() + seconds)


async def good(tier: Tier, request: FetchRequest | str, seconds: float = PATIENCE) -> Page:
    """Fetch a page that must come."""
    page = await fetch(tier, request, seconds)
    assert isinstance(page, Page), page
    return page


async def render(pool: BrowserPool, url: str, options: BrowserOptions) -> Page:
    """The page at `url` as a full browser page."""
    return await good(BrowserTier(pool), FetchRequest(url, browser=options))
