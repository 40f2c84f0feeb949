"""Pages that have just been scraped, compared with the versions that the previous crawl left."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
import structlog
from backports import zstd

from alterlab_server.base.money import MICROCENTS_PER_CREDIT, to_credits, to_dollars
from alterlab_server.base.url import for_log
from alterlab_server.billing.prices import DIFF_CREDITS
from alterlab_server.crawl.repository import snapshots
from alterlab_server.crawl.tracking.compare import differences, digest, version_of
from alterlab_server.crawl.tracking.values import Change, Snapshot, Track
from alterlab_server.crawl.values import Visited, ended_by_fault
from alterlab_server.db import Database
from alterlab_server.jobs.service import COMPRESSION_LEVEL

log = structlog.get_logger()
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class Tracker:
    """Compares the pages of one crawl, whose versions are written in the transaction that ends the pages."""

    database: Database
    organization_id: UUID
    track: Track

    async def compare(self, visited: Sequence[Visited]) -> list[Visited]:
        """The same pages; what is known of each completed one's change is in it, in its answer and in its price."""
        marks = [item.visit.fingerprint for item in visited if item.result is not None]
        async with self.database.statement() as connection:
            known = await snapshots.find(connection, self.organization_id, self.track.key, marks)
        return await asyncio.to_thread(lambda: [self._checked(item, known) for item in visited])

    def _checked(self, item: Visited, known: Mapping[int, Snapshot]) -> Visited:
        try:
            return self._compared(item, known)
        except Exception:  # a bug in our own code ends this page, not those that ended with it
            log.exception("crawl.page_fault", url=for_log(item.visit.url))
            return ended_by_fault(item.visit)

    def _compared(self, item: Visited, known: Mapping[int, Snapshot]) -> Visited:
        if item.result is None:
            return item
        answer = orjson.loads(item.result)
        version = version_of(answer, self.track.basis)
        if version is None:
            return item
        change = self._change(item, version, known.get(item.visit.fingerprint))
        said = {"status": change.status} | ({"diff": change.diff} if change.diff is not None else {})
        price = DIFF_CREDITS[self.track.mode] * MICROCENTS_PER_CREDIT if change.diff is not None else 0
        answer |= {"change_tracking": said, "billing": _with_diff(answer["billing"], price)}
        return replace(
            item,
            change=change,
            result=orjson.dumps(answer),
            charged_microcents=item.charged_microcents + price,
        )

    def _change(self, item: Visited, version: bytes, before: Snapshot | None) -> Change:
        content = zstd.compress(version, COMPRESSION_LEVEL) if self.track.with_diff else None
        now = Snapshot(item.visit.fingerprint, item.visit.url, digest(version), content)
        if before is None:
            return Change(NEW, now)
        if before.digest == now.digest:
            return Change(UNCHANGED, now)
        if not self.track.with_diff or before.content is None:
            return Change(CHANGED, now)
        return Change(CHANGED, now, differences(zstd.decompress(before.content), version, self.track.mode))


def _with_diff(billing: Mapping[str, Any], price: int) -> dict[str, Any]:
    """The `billing` of a page whose diff costs so many microcents."""
    cost, original = billing["final_cost_microcents"] + price, billing["original_cost_microcents"] + price
    totals = {"total_credits": to_credits(cost), "total_cost": to_dollars(cost)}
    return {**billing, **totals, "final_cost_microcents": cost, "original_cost_microcents": original}
