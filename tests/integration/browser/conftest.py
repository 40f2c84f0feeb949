"""A browser pool that may reach the hostile site, and nothing else of this machine."""

from collections.abc import AsyncIterator

import pytest
from tests.integration.browser.helpers import LOOPBACK
from tests.site import HostileSite
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.browser import process, render, scrolling
from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.tiers import lightjs


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if find_executable(PoolOptions()) is None:
        pytest.skip("no Chromium on this machine")


@pytest.fixture
async def site() -> AsyncIterator[HostileSite]:
    async with HostileSite() as site:
        yield site


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page asks for is waited for as long as it takes, and so is the end of its context."""
    monkeypatch.setattr(lightjs, "_MOST_SECONDS", PATIENCE)
    monkeypatch.setattr(process, "_CLOSE_SECONDS", PATIENCE)
    monkeypatch.setattr(render, "_SCROLL_SECONDS", PATIENCE)
    monkeypatch.setattr(scrolling, "_SETTLE_SECONDS", PATIENCE)


@pytest.fixture
async def pool() -> AsyncIterator[BrowserPool]:
    pool = BrowserPool(Gate(LOOPBACK))
    yield pool
    await pool.close()
