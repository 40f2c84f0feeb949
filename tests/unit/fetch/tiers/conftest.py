"""Every HTTP tier in turn, and the site with TLS and HTTP/2 for it."""

from collections.abc import AsyncIterator, Callable
from ipaddress import ip_address, ip_network

import pytest
from tests.site import HostileSite

from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.tier import Tier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.stealth import StealthTier


async def resolve(host: str) -> list[object]:
    """Every name is the site's."""
    return [ip_address("127.0.0.1")]


@pytest.fixture
async def site() -> AsyncIterator[HostileSite]:
    async with HostileSite(secure=True) as running:
        yield running


@pytest.fixture(params=[CurlTier, HttpTier, StealthTier], ids=["curl", "http", "stealth"])
def kind(request: pytest.FixtureRequest) -> Callable[..., Tier]:
    return request.param


@pytest.fixture
async def tier(kind: Callable[..., Tier], site: HostileSite) -> AsyncIterator[Tier]:
    """One that reaches the site by any name and trusts its authority."""
    made = kind(Gate([ip_network("127.0.0.1/32")], resolver=resolve), HttpOptions(ca_bundle=site.ca_file))
    yield made
    await made.close()
