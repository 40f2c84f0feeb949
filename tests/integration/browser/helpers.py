"""What the tests of the browser share."""

import asyncio
from ipaddress import ip_network
from urllib.parse import urlencode

from tests.site import HostileSite
from tests.support.waiting import PATIENCE

from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier

LOOPBACK = (ip_network("127.0.0.1/32"),)


def page_url(site: HostileSite, html: str, **more: str) -> str:
    """A URL of the site that answers with this document."""
    return site.url("/browser/page?" + urlencode({"html": html, **more}))


async def fetch(tier: Tier, request: FetchRequest | str, seconds: float = PATIENCE) -> Page | Failure:
    """Fetch with a deadline from now."""
    request = FetchRequest(request) if isinstance(request, str) else request
    return await tier.fetch(request, asyncio.get_running_loop().time() + seconds)


async def good(tier: Tier, request: FetchRequest | str, seconds: float = PATIENCE) -> Page:
    """Fetch a page that must come."""
    page = await fetch(tier, request, seconds)
    assert isinstance(page, Page), page
    return page
