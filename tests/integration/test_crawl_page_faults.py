"""A fault of ours in one page of a crawl: that page fails, and the others of its lane end once each."""

from typing import Any

import orjson
from structlog.testing import capture_logs

from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.crawl.memory import MemoryFrontier
from alterlab_server.crawl.plan import make_plan
from alterlab_server.crawl.run import run_lane
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.tracking.tracker import Tracker
from alterlab_server.crawl.tracking.values import Track
from alterlab_server.crawl.values import Visit, Visited
from alterlab_server.crawl.visit import Visitor
from alterlab_server.db import Database
from alterlab_server.hosts.slots import MemorySlots
from alterlab_server.jobs.schemas import OUR_FAULT
from alterlab_server.scrape.memory import CachedAnswer
from alterlab_server.scrape.schemas import ScrapeRequest

PAGES = [f"http://a.test/{number}" for number in range(9)]
BROKEN = PAGES[4]


class Kept:
    """Pages that were scraped lately; what is kept of one cannot be read any more."""

    async def find(self, request: ScrapeRequest) -> CachedAnswer:
        answer = (
            {"final_url": request.url, "title": "A page", "metadata": {}, "headers": {}}
            if request.url != BROKEN
            else {}
        )
        return CachedAnswer(orjson.dumps(answer), (), 200, "1")

    async def keep(self, *_: Any) -> None:
        raise NotImplementedError


async def test_a_page_at_fault_fails_alone() -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/", cache=True, respect_robots=False, max_concurrency=3))
    ended: list[Visited] = []
    frontier = MemoryFrontier(plan, ended.append)
    frontier.add(plan.found(url, 1) for url in PAGES)
    unused: Any = None
    visitor = Visitor(plan, unused, unused, MemorySlots(utc_now), Kept())
    with capture_logs() as told:
        assert await run_lane(frontier, visitor.visit, concurrency=3)
    assert sorted(page.visit.url for page in ended) == PAGES
    assert [(page.visit.url, page.error_code) for page in ended if page.state == "failed"] == [(BROKEN, OUR_FAULT.code)]
    assert [line["event"] for line in told] == ["crawl.page_fault"]


async def test_a_page_that_cannot_be_compared_fails_alone(database: Database) -> None:
    billing = {"final_cost_microcents": 200, "original_cost_microcents": 200}
    answers = [{"content": {"text": "words"}, "billing": billing}, {"content": {"text": "words"}}]
    visited = [
        Visited(
            Visit(PAGES[number], number, "a.test", 1, 0),
            "completed",
            result=orjson.dumps(answer),
            charged_microcents=200,
        )
        for number, answer in enumerate(answers)
    ]
    tracker = Tracker(database, new_id(), Track("mine", "content", "text", with_diff=False))
    with capture_logs():
        good, bad = await tracker.compare(visited)
    assert (good.state, good.charged_microcents) == ("completed", 200)
    assert (bad.state, bad.charged_microcents, bad.error_code, bad.result) == ("failed", 0, OUR_FAULT.code, None)
