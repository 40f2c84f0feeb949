"""The queue's door to crawling: one step of one lane."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl.account import Account
from alterlab_server.crawl.discovery import first_pages
from alterlab_server.crawl.ending import FAULT, KEPT_FOR, finish
from alterlab_server.crawl.keeper import StoredKeeper
from alterlab_server.crawl.plan import CrawlPlan, make_plan, price_of, tiers_of
from alterlab_server.crawl.progress import StoredFrontier
from alterlab_server.crawl.repository import crawls, pages
from alterlab_server.crawl.run import AHEAD_PAGES, run_lane
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.service import REQUEST_PURPOSE, queue_again, queue_lanes
from alterlab_server.crawl.tracking.tracker import Tracker
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.crawl.visit import Visitor
from alterlab_server.db import Database, Listener, Publish
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.frontier.address import split
from alterlab_server.hosts.slots import StoredSlots
from alterlab_server.scrape import memory
from alterlab_server.scrape.run import Toolbox

# How often a page may be leased by a worker that dies: then it is the page that kills them. A lane leases dozens at a
# time, so that a page may be among them several times by chance.
MAX_LEASES = 10
# How many steps of a lane may fail one after the other, which takes six minutes: a page at fault is given up before.
MAX_FAULTS = MAX_LEASES + 2
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CrawlTask:
    """Runs a step of the lane that a queue entry names. Safe to run again: a new run of a lane takes it over.

    `stopping` says whether the worker is about to end; then the step gives back what it has not begun.
    """

    database: Database
    blobs: BlobStore
    sealer: Sealer
    tools: Toolbox
    robots: RobotsKeeper
    slowed_hosts: Listener
    publish: Publish
    clock: Clock
    stopping: Callable[[], bool]

    async def __call__(self, payload: bytes) -> None:
        """Run a step of the lane. One that fails is tried again for a while, then the crawl has failed.

        Raises only when the store fails, and then the queue gives the step out again, as often as it takes.
        """
        crawl_id, lane, faults = UUID(bytes=payload[:16]), payload[16], int.from_bytes(payload[17:])
        try:
            await self._step(crawl_id, lane)
        except Exception:
            log.exception("crawl.fault", crawl_id=str(crawl_id), lane=lane, earlier=faults)
            await self._failed(crawl_id, lane, faults + 1)

    async def _failed(self, crawl_id: UUID, lane: int, faults: int) -> None:
        async with self.database.transaction() as transaction:
            if faults < MAX_FAULTS:
                await queue_again(transaction, crawl_id, lane, faults)
            else:
                await finish(transaction, crawl_id, self.clock(), self.publish, FAULT)

    async def _step(self, crawl_id: UUID, lane: int) -> None:
        """Take the lane, work for a while, and queue the next step unless the crawl has ended."""
        crawl = await self._begin(crawl_id, lane)
        if crawl is None or crawl.request is None:
            return
        with structlog.contextvars.bound_contextvars(crawl_id=str(crawl_id), lane=lane):
            plan = make_plan(CrawlRequest.model_validate_json(self.sealer.open(crawl.request, REQUEST_PURPOSE)))
            with self.slowed_hosts.subscribed() as told:
                slots = StoredSlots(self.database, self.clock, told)
                frontier = self._frontier(crawl, plan, lane, slots)
                if crawl.status == "discovering":
                    await self._discover(frontier)
                visitor = await self._visitor(crawl, plan, slots)
                ended = await run_lane(
                    frontier,
                    visitor.visit,
                    plan.lane_concurrency(lane),
                    ahead=0 if plan.priority.ranks else AHEAD_PAGES,
                    stopping=self.stopping,
                )
        if not ended:
            async with self.database.transaction() as transaction:
                await queue_lanes(transaction, crawl_id, [lane])

    async def _begin(self, crawl_id: UUID, lane: int) -> CrawlRow | None:
        """Begin a new run of the lane, and take back what an earlier run of it had leased."""
        async with self.database.transaction() as transaction:
            crawl = await crawls.lock(transaction, crawl_id)
            if crawl is None:
                return None
            account = Account(crawl)
            account.reclaim(await pages.reclaim(transaction, crawl_id, lane, MAX_LEASES))
            runs = [run + (number == lane) for number, run in enumerate(crawl.lane_runs)]
            await crawls.change(transaction, crawl_id, account.changes() | {"lane_runs": runs})
            return await crawls.lock(transaction, crawl_id)

    def _frontier(self, crawl: CrawlRow, plan: CrawlPlan, lane: int, slots: StoredSlots) -> StoredFrontier:
        tiers = tiers_of(plan, frozenset(self.tools.tiers), self.clock().timestamp())
        return StoredFrontier(
            database=self.database,
            clock=self.clock,
            publish=self.publish,
            plan=plan,
            price=price_of(plan, tiers),
            busy=slots.still_busy,
            crawl_id=crawl.id,
            lane=lane,
            run=crawl.lane_runs[lane],
            tracker=Tracker(self.database, crawl.organization_id, plan.track) if plan.track else None,
        )

    async def _visitor(self, crawl: CrawlRow, plan: CrawlPlan, slots: StoredSlots) -> Visitor:
        host = split(plan.start).host
        async with self.database.statement() as connection:
            known = await memory.recall(connection, host)
        memories = {} if known is None else {host: known}
        until = crawl.deadline_at + KEPT_FOR
        keeper = StoredKeeper(self.database, self.blobs, self.clock, crawl.organization_id, until)
        return Visitor(plan, self.tools, self.robots, slots, keeper, memories, owner=str(crawl.organization_id))

    async def _discover(self, frontier: StoredFrontier) -> None:
        """Fill the frontier; a piece that a killed worker has added already is known."""
        async for found in first_pages(frontier.plan, self.robots, self.tools.tiers["1"]):
            async with self.database.transaction() as transaction:
                crawl = await crawls.lock(transaction, frontier.crawl_id)
                if crawl is None or crawl.lane_runs[frontier.lane] != frontier.run:
                    return
                account = Account(crawl)
                await frontier.discover(transaction, account, found)
                await crawls.change(transaction, crawl.id, account.changes())
        async with self.database.transaction() as transaction:
            crawl = await crawls.lock(transaction, frontier.crawl_id)
            if crawl is not None and crawl.status == "discovering":
                await crawls.change(transaction, crawl.id, {"status": "scraping"})
                await queue_lanes(transaction, crawl.id, list(range(1, frontier.plan.lanes)))
