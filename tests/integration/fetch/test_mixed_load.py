"""Many pages of all kinds at once, over plain and secure connections: every tier the same, and nothing left behind."""

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_network

import psutil
import pytest
from tests.site import HostileSite
from tests.support.waiting import PATIENCE

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.stealth import StealthTier

PATHS = {
    "/article": "page",
    "/gzip": "page",
    "/too-long": "page",
    "/redirect/chain/2": "page",
    "/redirect/cookie": "page",
    "/status/404": "page",
    "/endless": "page",
    "/gzip-bomb": "page",
    "/cut-body": "cut",
    "/broken-chunks": "cut",
    "/cut": "network_error",
    "/silent": "timeout",
    "/slow-body": "timeout",
}
ROUNDS = 6
CALLERS = 20


@pytest.mark.parametrize("kind", [CurlTier, HttpTier, StealthTier], ids=["curl", "http", "stealth"])
async def test_nothing_is_left_behind(kind: Callable[..., Tier]) -> None:
    process = psutil.Process()
    async with HostileSite(secure=True) as site:
        tier = kind(Gate([ip_network("127.0.0.1/32")]), HttpOptions(ca_bundle=site.ca_file))
        before, tasks = process.num_fds(), len(asyncio.all_tasks())
        outcomes = await fetch_all(tier, [site.url(path) for path in PATHS] * ROUNDS)
        assert outcomes == Counter({kind: list(PATHS.values()).count(kind) * ROUNDS for kind in set(PATHS.values())})
        secure = await fetch_all(tier, [site.secure_url("/article"), site.secure_url("/endless")] * ROUNDS)
        assert secure == Counter({"page": 2 * ROUNDS})
        await tier.close()
        await site.until(lambda: site.open_connections == 0)
        assert process.num_fds() <= before + 2  # libcurl keeps a pair of its own
        assert len(asyncio.all_tasks()) <= tasks


async def fetch_all(tier: Tier, urls: list[str]) -> Counter[str]:
    """What became of all of them, with so many callers at once."""
    turns = asyncio.Semaphore(CALLERS)

    async def fetch(url: str) -> str:
        async with turns:
            seconds = 0.3 if url.endswith(("/silent", "/slow-body")) else PATIENCE
            request = FetchRequest(url, max_bytes=100_000)
            outcome = await tier.fetch(request, asyncio.get_running_loop().time() + seconds)
            return "page" if isinstance(outcome, Page) else str(outcome.verdict)

    return Counter(await asyncio.gather(*map(fetch, urls)))
