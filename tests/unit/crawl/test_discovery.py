"""What a crawl begins with."""

import asyncio

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
