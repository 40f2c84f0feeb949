"""A browser pool that may reach the hostile site, and nothing else of this machine."""

from collections.abc import AsyncIterator

import pytest
from tests.integration.browser.helpers import LOOPBACK
from tests.site import HostileSite

from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if find_executable(PoolOptions()) is None:
        pytest.skip("no Chromium on this machine")


@pytest.fixture
async def site() -> AsyncIterator[HostileSite]:
    async with HostileSite() as site:
        yield site


@pytest.fixture
async def pool() -> AsyncIterator[BrowserPool]:
    pool = BrowserPool(Gate(LOOPBACK))
    yield pool
    await pool.close()
