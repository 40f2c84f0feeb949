"""The frontier in the store: each exchange is one transaction that writes back, pays, leases, and sees the end."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backports import zstd

from alterlab_server.base.clock import Clock
from alterlab_server.base.events import CrawlPagesFinished, PageFinished
from alterlab_server.crawl.account import Account
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.export.queueing import pages_ended
from alterlab_server.crawl.money import Purse
from alterlab_server.crawl.plan import CrawlPlan, PagePrice
from alterlab_server.crawl.report import page_row, summary
from alterlab_server.crawl.repository import crawls, pages, snapshots
from alterlab_server.crawl.tracking.tracker import Tracker
from alterlab_server.crawl.values import TOO_DEAR, CrawlRow, Found, Leased, Visited
from alterlab_server.db import Database, Publish, Transaction
from alterlab_server.fetch.memory import HostMemory, teaches
from alterlab_server.fetch.outcome import Attempt
from alterlab_server.frontier.address import split
from alterlab_server.jobs.service import COMPRESSION_LEVEL
from alterlab_server.scrape import memory

# A lane that has nothing to do looks again after so many seconds.
IDLE_SECONDS = 0.25


@dataclass(slots=True)
class StoredFrontier:
    """One lane's door to its crawl. `run` is its fence: when another run of the lane has begun, all is refused.

    `busy` gives the hosts of which no page is to be leased now.
    """

    database: Database
    clock: Clock
    publish: Publish
    plan: CrawlPlan
    price: PagePrice
    busy: Callable[[], Collection[str]]
    crawl_id: UUID
    lane: int
    run: int
    tracker: Tracker | None = None
    _known: dict[str, HostMemory] = field(default_factory=dict)

    async def exchange(self, visited: Sequence[Visited], want: int) -> Leased:
        """Write back, and lease at most `want` pages, in one transaction."""
        if self.tracker is not None:
            visited = await self.tracker.compare(visited)
        bodies = await asyncio.to_thread(_compressed, visited)
        async with self.database.transaction() as transaction:
            leased = await self._exchange(transaction, visited, bodies, want)
        await self._remember(visited)
        return leased

    async def wait(self) -> bool:
        """Wait a moment: other lanes may find pages, or a busy host may be ready."""
        await asyncio.sleep(IDLE_SECONDS)
        return True

    async def discover(self, transaction: Transaction, account: Account, found: Sequence[Found]) -> None:
        """Add pages to the frontier, as many as it may still know."""
        room = max(0, self.plan.max_discovered - account.discovered)
        unique: dict[int, Found] = {}
        for page in found:
            unique.setdefault(page.fingerprint, page)  # the first of its addresses: others may have tracking parameters
        account.discovered += len(await pages.add(transaction, self.crawl_id, list(unique.values())[:room]))
        account.skip("too_many", len(unique) - room)

    async def _exchange(
        self, transaction: Transaction, visited: Sequence[Visited], bodies: dict[int, bytes], want: int
    ) -> Leased:
        crawl = await crawls.lock(transaction, self.crawl_id)
        if crawl is None or crawl.lane_runs[self.lane] != self.run:
            return Leased(ended=True)
        account = Account(crawl)
        before = account.changes()
        await self._write_back(transaction, account, visited, bodies)
        spent = any(item.reason == TOO_DEAR for item in visited)
        leased, stopped_by = await self._lease(transaction, account, want, spent=spent)
        if account.changes() != before:  # a lane with nothing to do asks four times a second
            await crawls.change(transaction, self.crawl_id, account.changes())
        if account.leased == 0 and not leased.visits:
            left = await pages.has_pending(transaction, self.crawl_id, account.exhausted(self.plan.budget))
            if stopped_by is not None or not left:
                why = stopped_by if left else await self._left_by_budget(transaction)
                await finish(transaction, self.crawl_id, self.clock(), self.publish, why)
                return Leased(ended=True)
        return leased

    async def _left_by_budget(self, transaction: Transaction) -> str | None:
        """Why a crawl ends that may scrape nothing more: pages may wait in buckets that are used up."""
        return "budget" if self.plan.budget and await pages.has_pending(transaction, self.crawl_id, ()) else None

    async def _write_back(
        self, transaction: Transaction, account: Account, visited: Sequence[Visited], bodies: dict[int, bytes]
    ) -> None:
        if not visited:
            return
        duplicates = await self._duplicates(transaction, visited)
        ended = [account.add(item, duplicate=item.visit.fingerprint in duplicates) for item in visited]
        await pages.write(transaction, self.crawl_id, ended)
        kept = {row["fingerprint"] for row in ended if row["state"] == "completed"}
        await pages.add_results(transaction, self.crawl_id, [item for item in bodies.items() if item[0] in kept])
        await self._track(transaction, account.crawl, [item for item in visited if item.visit.fingerprint in kept])
        found = [page for item in visited if item.visit.fingerprint not in duplicates for page in item.found]
        await self.discover(transaction, account, found)
        await self._tell(transaction, account, visited, ended)

    async def _track(self, transaction: Transaction, crawl: CrawlRow, completed: Sequence[Visited]) -> None:
        if self.plan.track is not None:
            seen = [item.change.snapshot for item in completed if item.change is not None]
            key, now = self.plan.track.key, self.clock()
            await snapshots.put(transaction, crawl.organization_id, key, crawl.id, seen, now)

    async def _duplicates(self, transaction: Transaction, visited: Sequence[Visited]) -> set[int]:
        """The fingerprints of pages that are known under another of their addresses."""
        aliased = {alias: item.visit for item in visited for alias in item.aliases}
        rows = [Found(v.url, alias, v.authority, v.depth, 0.0, None) for alias, v in aliased.items()]
        added = await pages.add(transaction, self.crawl_id, rows, "skipped")
        once = {(alias, aliased[alias].fingerprint) for alias in added}
        return {
            item.visit.fingerprint
            for item in visited
            for alias in item.aliases
            if (alias, item.visit.fingerprint) not in once
        }

    async def _tell(
        self, transaction: Transaction, account: Account, visited: Sequence[Visited], ended: Sequence[dict[str, Any]]
    ) -> None:
        told = tuple(
            PageFinished(item.visit.url, row["state"] == "completed", summary(page_row(item, row)), item.result)
            for item, row in zip(visited, ended, strict=True)
            if row["sequence"] is not None
        )
        if not told:
            return
        crawl = account.crawl
        if self.plan.fills_bucket:
            await pages_ended(transaction, crawl.id, account.completed + account.failed)
        await self.publish(transaction, CrawlPagesFinished(crawl.id, crawl.organization_id, told))

    async def _remember(self, visited: Sequence[Visited]) -> None:
        """Write what the visits teach of their hosts. Not in the exchange: all crawls share these rows."""
        climbs: dict[str, list[Sequence[Attempt]]] = {}
        now = self.clock()
        for item in visited:
            host = split(item.visit.url).host
            if teaches(self._known.get(host), item.attempts, now.timestamp()):
                climbs.setdefault(host, []).append(item.attempts)
        if climbs:
            async with self.database.transaction() as transaction:
                self._known.update(await memory.remember_all(transaction, climbs, now))

    async def _lease(
        self, transaction: Transaction, account: Account, want: int, *, spent: bool
    ) -> tuple[Leased, str | None]:
        """Lease pages; or why no more will be. What does not cover the dearest tier is for one page at a time, until it
        is `spent`: until a page would have needed more.
        """
        stopped_by = account.stop(self.plan)
        if self.clock() > account.crawl.deadline_at:
            stopped_by = "deadline"
        left = min(self.plan.request.max_pages, account.discovered) - account.begun
        limit = min(want, -(-left // self.plan.lanes))  # a lane that took all would leave the others without work
        if limit <= 0 or stopped_by is not None:
            return Leased(), stopped_by
        purse = Purse(account.crawl, self.plan.cost_limit, self.price)
        affordable = await purse.cover(transaction, account.used, account.leased, limit)
        account.holds = purse.holds
        most = None
        if affordable == 0:
            if account.leased or spent or not (most := purse.rest(account.used)):
                return Leased(), purse.short_of
            affordable = 1
        busy, exhausted = self.busy(), account.exhausted(self.plan.budget)
        rows = await pages.lease(transaction, self.crawl_id, self.lane, affordable, busy, exhausted)
        visits, over = account.lease(rows, self.plan.budget)
        await pages.release(transaction, self.crawl_id, over)
        return Leased(tuple(visit._replace(most=most) for visit in visits)), None


def _compressed(visited: Sequence[Visited]) -> dict[int, bytes]:
    return {
        item.visit.fingerprint: zstd.compress(item.result, COMPRESSION_LEVEL)
        for item in visited
        if item.result is not None
    }
