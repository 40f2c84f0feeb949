"""How a crawl ends: once, in the transaction that settles it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alterlab_server.base.events import CrawlFinished
from alterlab_server.crawl import money
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.export.queueing import crawl_ended
from alterlab_server.crawl.report import describe
from alterlab_server.crawl.repository import crawls, exports, pages, snapshots
from alterlab_server.crawl.tracking.values import Track
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import Publish, Transaction
from alterlab_server.frontier.address import split
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import PageCount

KEPT_FOR = timedelta(hours=24)
# The file of `storage` s3 or r2 (spec: crawl), and with it what is said of the crawl.
FILE_KEPT_FOR = timedelta(days=30)
# URLs of removed pages that are listed; all are counted.
MAX_REMOVED = 1_000
FAULT = "fault"
_FAULT = "Something went wrong on our side, again and again. What was scraped before is kept."
_NO_PAGE = "No page could be scraped."
_BY_ROBOTS = "robots.txt allows no page of this crawl."
_NO_SITEMAP = "No sitemap was found that names a page of this crawl."


async def finish(
    transaction: Transaction,
    crawl_id: UUID,
    now: datetime,
    publish: Publish,
    stopped_by: str | None,
    status: str | None = None,
) -> CrawlRow | None:
    """End a crawl that has not ended: status, settlement, event; returns it as it is then, else None."""
    crawl = await crawls.lock(transaction, crawl_id)
    if crawl is None:
        return None
    word = "failed" if stopped_by == FAULT else status or status_word(crawl)
    found = await exports.of_crawl(transaction, crawl_id)
    exporting = await crawl_ended(transaction, found)
    ended = {
        "status": word,
        "error": await _error(transaction, crawl, stopped_by) if word == "failed" else None,
        "stopped_by": stopped_by,
        "finished_at": now,
        "exporting": exporting,
        "expires_at": now + (FILE_KEPT_FOR if exporting else KEPT_FOR),
        "leased": 0,
        "request": None,
        **await _removed(transaction, crawl, whole=stopped_by is None),
    }
    await crawls.change(transaction, crawl_id, ended)
    done = await _get(transaction, crawl.organization_id, crawl_id, now)
    if not exporting:
        await publish(transaction, CrawlFinished(crawl_id, done.organization_id, word, describe(done, found)))
    await money.settle(transaction, done)
    await jobs.count_pages(transaction, done.organization_id, await _page_counts(transaction, done))
    return done


async def _removed(transaction: Transaction, crawl: CrawlRow, *, whole: bool) -> dict[str, Any]:
    """What the crawl's row says of pages that the previous crawl has seen and that are gone."""
    if crawl.track is None:
        return {}
    key = Track(**crawl.track).key
    gone = await snapshots.take_removed(transaction, crawl.organization_id, key, crawl.id, whole=whole)
    return {"compared": crawl.compared | {"removed": len(gone)}, "removed": gone[:MAX_REMOVED]}


async def announce(
    transaction: Transaction,
    organization_id: UUID,
    crawl_id: UUID,
    now: datetime,
    publish: Publish,
    downloads: Downloads,
) -> None:
    """Tell of a crawl as ended that had to wait for its file."""
    await crawls.change(transaction, crawl_id, {"exporting": False})
    done = await _get(transaction, organization_id, crawl_id, now)
    found = await exports.of_crawl(transaction, crawl_id)
    body = describe(done, found, await downloads.url(found))
    await publish(transaction, CrawlFinished(crawl_id, organization_id, done.status, body))


async def _get(transaction: Transaction, organization_id: UUID, crawl_id: UUID, now: datetime) -> CrawlRow:
    crawl = await crawls.get(transaction, organization_id, crawl_id, now)
    if crawl is None:
        raise LookupError(f"crawl {crawl_id} is gone from under its own transaction")
    return crawl


def status_word(crawl: CrawlRow) -> str:
    """completed, partial or failed (spec: crawl)."""
    if crawl.completed == 0:
        return "failed"
    return "partial" if crawl.failed else "completed"


async def _page_counts(transaction: Transaction, crawl: CrawlRow) -> list[PageCount]:
    """The pages of a crawl as the usage figures count them; a completed page without a tier came from the cache."""
    at, host = crawl.created_at, split(crawl.url).host
    return [
        PageCount(at, host, crawl.mode, tier, state, state == "completed" and tier is None, number, charged)
        for state, tier, number, charged in await pages.sum_ended(transaction, crawl.id)
    ]


async def _error(transaction: Transaction, crawl: CrawlRow, stopped_by: str | None) -> str:
    if stopped_by == FAULT:
        return _FAULT
    if not crawl.discovered:
        return _NO_SITEMAP  # the start page is one, unless only sitemaps are followed
    if not crawl.failed:
        return _BY_ROBOTS if crawl.skipped.get("robots") else _NO_PAGE
    (first,) = await pages.list_ended(transaction, crawl.id, 0, 1, with_results=False)
    return f"{_NO_PAGE} The first: {first.error}"
