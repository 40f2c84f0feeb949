"""The two frontiers, in the store and in memory, under the same lane: they do the same."""

import random
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from tests.support.crawls import HELD, new_crawl

from alterlab_server.base.clock import utc_now
from alterlab_server.base.events import Event
from alterlab_server.crawl.memory import MemoryFrontier
from alterlab_server.crawl.plan import CrawlPlan, PagePrice, make_plan
from alterlab_server.crawl.progress import StoredFrontier
from alterlab_server.crawl.repository import crawls, pages
from alterlab_server.crawl.run import Frontier, run_lane
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.values import TOO_DEAR, Leased, Visit, Visited
from alterlab_server.db import Database, Transaction

SITE = 400
Opened = tuple[Frontier, CrawlPlan]


async def _nobody(_transaction: Transaction, _event: Event) -> None:
    return None


@pytest.fixture(params=["memory", "store"])
async def opened(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Opened]:
    """A frontier with the start page of a site of 400, of which 250 may be visited, 20 of them below /b."""
    asked = CrawlRequest(url="http://a.test/a/0", max_pages=250, max_depth=50, budget={"/b*": 20})
    plan = make_plan(asked)
    start = plan.found(plan.start, 0)
    if request.param == "memory":
        frontier = MemoryFrontier(plan, lambda page: None)
        frontier.add([start])
        yield frontier, plan
        return
    stored = await _stored(database, plan)
    async with stored.database.transaction() as transaction:
        await pages.add(transaction, stored.crawl_id, [start])
    yield stored, plan


async def _stored(database: Database, plan: CrawlPlan) -> StoredFrontier:
    crawl = await new_crawl(database, plan.start, budget=plan.budget, discovered=1)
    return StoredFrontier(database, utc_now, _nobody, plan, PagePrice(200, 200), list, crawl.id, lane=0, run=1)


def _visiting(plan: CrawlPlan, seen: Counter[str]) -> object:
    chance = random.Random(1)

    async def visit(visit: Visit) -> Visited:
        seen[visit.url] += 1
        if chance.random() < 0.1 and visit.attempts == 0:
            return Visited(visit, "pending", reason="slowed")
        number = int(visit.url.rpartition("/")[2])
        urls = [f"http://a.test/{'ab'[child % 2]}/{child % SITE}" for child in range(number * 3 + 1, number * 3 + 5)]
        found = tuple(plan.found(url, visit.depth + 1) for url in urls)
        return Visited(visit, "completed", result=b"{}", charged_microcents=200, tier="1", found=found)

    return visit


async def test_each_page_once_within_pages_and_budget(opened: Opened) -> None:
    frontier, plan = opened
    seen: Counter[str] = Counter()
    ended = await run_lane(frontier, _visiting(plan, seen), concurrency=7)  # type: ignore[arg-type]
    assert ended
    assert max(seen.values()) <= 2  # once more where the first visit was told to come again
    below_b = [url for url in seen if "/b/" in url]
    assert len(below_b) <= 20
    assert len(seen) == len([url for url in seen if "/a/" in url]) + len(below_b)
    assert 20 < len(seen) <= 250


async def test_a_page_goes_by_the_first_of_its_addresses(opened: Opened) -> None:
    frontier, plan = opened
    links = [plan.found(f"http://a.test/c?{query}", 1) for query in ("", "utm_source=x", "utm_source=y")]
    assert len({link.fingerprint for link in links}) == 1
    (start,) = (await frontier.exchange([], 5)).visits
    done = Visited(start, "completed", result=b"{}", charged_microcents=200, tier="1", found=tuple(links))
    assert [visit.url for visit in (await frontier.exchange([done], 5)).visits] == [links[0].url]


async def test_the_best_pages_come_first_then_the_oldest(opened: Opened) -> None:
    frontier, plan = opened
    urls = [f"http://a.test/a/{number}" for number in range(1, 21)]
    links = tuple(plan.found(url, 1)._replace(score=(number % 3) / 4) for number, url in enumerate(urls))
    (start,) = (await frontier.exchange([], 5)).visits
    done = Visited(start, "completed", result=b"{}", charged_microcents=200, tier="1", found=links)
    leased = (await frontier.exchange([done], 30)).visits
    assert [visit.url for visit in leased] == [*urls[2::3], *urls[1::3], *urls[0::3]]


async def test_lanes_share_the_pages_that_there_are(database: Database) -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/0", max_concurrency=30))
    crawl = await new_crawl(database, plan.start, lane_runs=[1, 1, 1], discovered=12)
    async with database.transaction() as transaction:
        await pages.add(transaction, crawl.id, [plan.found(f"http://a.test/{number}", 0) for number in range(12)])
    price = PagePrice(1, 1)
    lanes = [StoredFrontier(database, utc_now, _nobody, plan, price, list, crawl.id, lane, run=1) for lane in range(3)]
    assert [len((await lane.exchange([], 35)).visits) for lane in lanes] == [4, 3, 2]
    assert [len((await lane.exchange([], 35)).visits) for lane in lanes] == [1, 1, 1]


async def test_a_lane_that_only_waits_writes_nothing(database: Database) -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/a/0"))
    waiting = await _stored(database, plan)
    waiting.busy = lambda: ["a.test"]
    async with database.transaction() as transaction:
        await pages.add(transaction, waiting.crawl_id, [plan.found(plan.start, 0)])

    async def version() -> object:
        async with database.statement() as connection:
            query = text("SELECT xmin::text || ctid::text FROM crawls WHERE id = :id")
            return await connection.scalar(query, {"id": waiting.crawl_id})

    before = await version()
    assert await waiting.exchange([], 5) == Leased()
    assert await version() == before


async def test_a_lost_lane_writes_nothing(database: Database) -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/a/0"))
    late = await _stored(database, plan)
    async with database.transaction() as transaction:
        await pages.add(transaction, late.crawl_id, [plan.found(plan.start, 0)])
    leased = await late.exchange([], 5)
    assert len(leased.visits) == 1
    async with database.transaction() as transaction:
        await crawls.change(transaction, late.crawl_id, {"lane_runs": [2]})
    done = Visited(leased.visits[0], "completed", result=b"{}", charged_microcents=200, tier="1")
    assert (await late.exchange([done], 5)).ended
    async with database.transaction() as transaction:
        crawl = await crawls.lock(transaction, late.crawl_id)
    assert crawl is not None
    assert (crawl.completed, crawl.used_microcents, crawl.leased) == (0, 0, 1)


async def test_a_crawl_that_is_out_of_time_takes_up_nothing_more(database: Database) -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/0"))
    crawl = await new_crawl(database, plan.start, discovered=9, completed=1, deadline_at=utc_now())
    frontier = StoredFrontier(database, utc_now, _nobody, plan, PagePrice(1, 1), list, crawl.id, lane=0, run=1)
    async with database.transaction() as transaction:
        await pages.add(transaction, crawl.id, [plan.found(f"http://a.test/{number}", 0) for number in range(9)])
    assert await frontier.exchange([], 5) == Leased(ended=True)
    async with database.statement() as connection:
        ended = await crawls.get(connection, crawl.organization_id, crawl.id, utc_now())
    assert ended is not None
    assert (ended.stopped_by, ended.status, ended.completed) == ("deadline", "completed", 1)


async def test_what_is_left_of_a_limit_is_for_one_page_at_a_time(database: Database) -> None:
    plan = make_plan(CrawlRequest(url="http://a.test/0", cost_controls={"max_credits": HELD}))
    crawl = await new_crawl(database, plan.start, discovered=9)
    frontier = StoredFrontier(database, utc_now, _nobody, plan, PagePrice(200, 800), list, crawl.id, lane=0, run=1)
    async with database.transaction() as transaction:
        await pages.add(transaction, crawl.id, [plan.found(f"http://a.test/{number}", 0) for number in range(9)])
    visited: list[Visited] = []
    allowed = []
    for _ in range(4):
        (visit,) = (await frontier.exchange(visited, 5)).visits
        assert await frontier.exchange([], 5) == Leased()
        allowed.append(visit.most)
        visited = [Visited(visit, "completed", result=b"{}", charged_microcents=200, tier="1")]
    assert allowed == [None, None, 600, 400]
    (visit,) = (await frontier.exchange(visited, 5)).visits
    too_dear = Visited(visit, "pending", reason=TOO_DEAR, counts_as_attempt=False)
    assert (await frontier.exchange([too_dear], 5)).ended
    async with database.statement() as connection:
        ended = await crawls.get(connection, crawl.organization_id, crawl.id, utc_now())
    assert ended is not None
    assert (ended.stopped_by, ended.completed, ended.failed, ended.used_microcents) == ("max_credits", 4, 0, 800)
