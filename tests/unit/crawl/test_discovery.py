"""What a crawl begins with."""

import asyncio
from typing import Any

import pytest

from alterlab_server.base.page import Page
from alterlab_server.crawl.discovery import first_pages
from alterlab_server.crawl.plan import make_plan
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest


class Slow:
    """A tier of which nothing arrives in time; notes how long it was given for each address."""

    def __init__(self) -> None:
        self.given: dict[str, float] = {}

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        self.given[request.url] = deadline - asyncio.get_running_loop().time()
        return Failure(Verdict.TIMEOUT, "Too late.")

    async def close(self) -> None:
        return None


async def test_a_sitemap_may_take_no_longer_than_a_page() -> None:
    tier = Slow()
    plan = make_plan(CrawlRequest.model_validate({"url": "https://a.test/", "advanced": {"timeout": 2}}))
    found = [page.url async for piece in first_pages(plan, RobotsKeeper(tier), tier) for page in piece]
    assert found == ["https://a.test/"]
    assert tier.given["https://a.test/sitemap.xml"] <= 2


@pytest.mark.parametrize(
    ("asked", "looked"),
    [({}, True), ({"max_depth": 0}, False), ({"sitemap": "skip"}, False), ({"max_depth": 0, "sitemap": "only"}, True)],
    ids=str,
)
async def test_sitemaps_are_looked_at_where_their_pages_may_be_scraped(asked: dict[str, Any], looked: bool) -> None:
    tier = Slow()
    plan = make_plan(CrawlRequest.model_validate({"url": "https://a.test/", **asked}))
    assert len([piece async for piece in first_pages(plan, RobotsKeeper(tier), tier)]) >= 1
    assert ("https://a.test/sitemap.xml" in tier.given) is looked


class Crawling:
    """A tier that finds an index of hundreds of sitemaps, and takes more than a minute for each of them."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self, request: FetchRequest, _deadline: float) -> Page | Failure:
        if not request.url.endswith("/sitemap.xml"):
            loop = asyncio.get_running_loop()
            now = loop.time() + 70
            loop.time = lambda: now  # type: ignore[method-assign]
            self.asked += 1
            return Page(request.url, request.url, 200, {}, b"<urlset></urlset>")
        listed = "".join(f"<sitemap><loc>https://a.test/{number}.xml</loc></sitemap>" for number in range(400))
        return Page(request.url, request.url, 200, {}, f"<sitemapindex>{listed}</sitemapindex>".encode())

    async def close(self) -> None:
        return None


async def test_sitemaps_hold_a_crawl_up_for_ten_minutes_at_most() -> None:
    tier = Crawling()
    plan = make_plan(CrawlRequest.model_validate({"url": "https://a.test/"}))
    pieces = [piece async for piece in first_pages(plan, RobotsKeeper(Slow()), tier)]
    assert tier.asked == 9
    assert len(pieces) == 11, "the start page, the index, and each sitemap, so that a crawl that is cancelled stops"
