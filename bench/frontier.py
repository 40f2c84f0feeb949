"""A frontier that grows: the time of a page in an exchange with the store, and the memory of this process, at the start
and at the end."""

import statistics
import tempfile
import time
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import func, select

from alterlab_server.accounts import service as accounts
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.events import Event
from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.billing import service as billing
from alterlab_server.crawl.models import crawl_pages
from alterlab_server.crawl.plan import CrawlPlan, PagePrice, make_plan
from alterlab_server.crawl.progress import StoredFrontier
from alterlab_server.crawl.repository import crawls, pages
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.values import Visit, Visited
from alterlab_server.db import Database, Transaction, embedded, migrate

LINKS_A_PAGE = 250
PAGES_AN_EXCHANGE = 25
MEASURED = 40
PRICE = PagePrice(200, 200)
RESULT = b'{"content":{"markdown":"%s"}}' % (b"A page of ordinary length. " * 400)


async def measure_frontier(rows: int) -> None:
    """Exchange pages for links until the crawl knows `rows` URLs; print what the first and the last exchanges took."""
    with tempfile.TemporaryDirectory() as folder:
        store = embedded.start(Path(folder))
        database = Database(store.dsn)
        try:
            await migrate.upgrade(database)
            await _grow(await _frontier(database), rows)
        finally:
            await database.close()
            store.stop()


async def _grow(frontier: StoredFrontier, rows: int) -> None:
    times: list[float] = []
    memory = [_megabytes()]
    known, visited = 1, []
    while known < rows:
        started = time.perf_counter()
        leased = await frontier.exchange(visited, PAGES_AN_EXCHANGE)
        if not leased.visits:
            raise SystemExit("the frontier gives no page")
        times.append((time.perf_counter() - started) * 1000 / max(1, len(visited)))
        visited = [
            _visited(frontier.plan, visit, known + number * LINKS_A_PAGE) for number, visit in enumerate(leased.visits)
        ]
        known += len(visited) * LINKS_A_PAGE
    memory.append(_megabytes())
    await frontier.exchange(visited, 0)
    async with frontier.database.statement() as connection:
        stored = (await connection.execute(select(func.count()).select_from(crawl_pages))).scalar_one()
    start, end = statistics.median(times[5 : 5 + MEASURED]), statistics.median(times[-MEASURED:])
    print(f"frontier_rows: {stored}\nfrontier_ms_per_page_start: {start:.2f}\nfrontier_ms_per_page_end: {end:.2f}")
    print(f"frontier_end_vs_start_ratio: {end / start:.2f}")
    print(f"frontier_memory_mb_start: {memory[0]:.0f}\nfrontier_memory_mb_end: {memory[1]:.0f}")


def _visited(plan: CrawlPlan, visit: Visit, first: int) -> Visited:
    links = (f"http://site.test/page/{number}" for number in range(first, first + LINKS_A_PAGE))
    found = tuple(plan.found(link, visit.depth + 1) for link in links)
    return Visited(visit, "completed", result=RESULT, charged_microcents=200, tier="1", status_code=200, found=found)


async def _frontier(database: Database) -> StoredFrontier:
    request = CrawlRequest(url="http://site.test/", max_pages=100_000, max_depth=50)
    plan, crawl_id, now = make_plan(request), new_id(), utc_now()
    async with database.transaction() as transaction:
        organization = await accounts.create_organization(transaction, "bench")
        await billing.open_account(transaction, organization.id)
        await billing.deposit(transaction, organization.id, 100 * MICROCENTS_PER_DOLLAR, idempotency_key="bench")
        values = {
            "id": crawl_id,
            "organization_id": organization.id,
            "url": request.url,
            "status": "scraping",
            "lane_runs": [1],
            "discovered": 1,
            "max_depth": request.max_depth,
            "holds": [20 * MICROCENTS_PER_DOLLAR],
            "created_at": now,
            "deadline_at": now.replace(year=now.year + 1),
        }
        await crawls.add(transaction, values)
        await billing.hold(transaction, organization.id, 20 * MICROCENTS_PER_DOLLAR, crawl_id)
    frontier = _opened(database, plan, crawl_id)
    async with database.transaction() as transaction:
        await pages.add(transaction, crawl_id, [plan.found(plan.start, 0)])
    return frontier


def _opened(database: Database, plan: CrawlPlan, crawl_id: UUID) -> StoredFrontier:
    return StoredFrontier(
        database=database,
        clock=utc_now,
        publish=_nobody,
        plan=plan,
        price=PRICE,
        busy=list,
        crawl_id=crawl_id,
        lane=0,
        run=1,
    )


async def _nobody(_transaction: Transaction, _event: Event) -> None:
    """Nobody listens."""


def _megabytes() -> float:
    return psutil.Process().memory_info().rss / 1024**2
