"""Crawls: accepted in one transaction, told of, and cancelled. Their pages are the business of `progress`."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backports import zstd

from alterlab_server.base.clock import new_id
from alterlab_server.base.errors import Conflict, NotFound, TooManyRequests, Unavailable
from alterlab_server.base.events import CrawlAccepted, Topic, WebhookTarget
from alterlab_server.base.money import to_credits
from alterlab_server.billing import service as billing
from alterlab_server.crawl import report
from alterlab_server.crawl.ending import KEPT_FOR, finish
from alterlab_server.crawl.export.asked import exports_of, stream_of
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.money import covered_pages, pre_debit
from alterlab_server.crawl.outputs import StreamOutput
from alterlab_server.crawl.plan import make_plan, price_of, tiers_of
from alterlab_server.crawl.repository import crawls, exports, pages, snapshots
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.values import CrawlRow, PageRow, Terms
from alterlab_server.db import Publish, Transaction, apart, raw
from alterlab_server.db.locks import serialise
from alterlab_server.queue import enqueue, enqueue_many
from alterlab_server.scrape import service as scrape
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

TASK = "crawl.step"
REQUEST_PURPOSE = "crawl request"
MAX_CONCURRENT = 3
# So many crawls under way in all are more than the workers of one installation get through in a day.
QUEUE_SIZE = 1_000
LONGEST = timedelta(hours=24)
# Steps come behind the jobs that somebody waits for, and before batches.
PRIORITY = -5
LONGEST_RETRY_DELAY = timedelta(minutes=1)
MAX_LISTED = 1_000
# Of the results in one answer, which is twice as large as they are; and how many are read together to add them up.
MAX_LISTED_BYTES, LISTED_AT_ONCE = 67_108_864, 20
# A site that was not crawled for so long is new when it is crawled again.
VERSIONS_KEPT_FOR = timedelta(days=90)
# What `webhook_url` hears of: who waits for it in place of polling must hear of a failure, too.
ENDS = (Topic.CRAWL_COMPLETED, Topic.CRAWL_FAILED)
STREAMED_TOPICS = (Topic.CRAWL_PAGE_COMPLETED, Topic.CRAWL_PAGE_FAILED)


def lane_entry(crawl_id: UUID, lane: int, faults: int = 0) -> bytes:
    """What the queue carries for a lane; `faults` counts the steps of it that have just failed one after the other."""
    return crawl_id.bytes + bytes([lane, faults])


async def submit(
    context: ApiContext, options: ScrapeOptions, caller: Principal, request: CrawlRequest
) -> tuple[CrawlRow, Terms]:
    """Check, price, hold, write and queue a crawl in one transaction; returns it and what it is told at its start.

    Raises BadRequest, NotFound for a template that does not exist, PaymentRequired, TooManyRequests above three at a
    time, Unavailable when the queue is full.
    """
    request = await scrape.with_template(context, caller, request)
    plan, now = make_plan(request), context.clock()
    scrape.check(options, plan.page)
    price = price_of(plan, tiers_of(plan, options.available_tiers, now.timestamp()))
    organization_id, crawl_id = caller.organization_id, new_id()
    webhooks = await _webhooks(context, request, crawl_id)
    wanted = await exports_of(context, request, crawl_id, now)
    held = pre_debit(plan, price)
    async with context.database.transaction() as transaction:
        await serialise(transaction, f"crawls of {organization_id}")
        await _check_limits(transaction, organization_id)
        values = {
            "id": crawl_id,
            "organization_id": organization_id,
            "url": request.url,
            "mode": request.mode,
            "request": context.sealer.seal(request.model_dump_json(exclude_defaults=True).encode(), REQUEST_PURPOSE),
            "lane_runs": [0] * plan.lanes,
            "max_depth": request.max_depth,
            "max_pages": request.max_pages,
            "max_concurrency": request.max_concurrency,
            "budget": request.budget,
            "track": asdict(plan.track) if plan.track else None,
            "holds": [held],
            "created_at": now,
            "deadline_at": now + LONGEST,
        }
        await crawls.add(transaction, values)
        for export in wanted:
            await exports.add(transaction, export | {"organization_id": organization_id})
        await context.publish(transaction, CrawlAccepted(crawl_id, organization_id, request.url, webhooks))
        await queue_lanes(transaction, crawl_id, [0])
        left = await billing.hold(transaction, organization_id, held, crawl_id)
        crawl = await crawls.lock(transaction, crawl_id)
    if crawl is None:
        raise LookupError(f"crawl {crawl_id} is gone from its own transaction")
    return crawl, Terms(left, covered_pages(plan, price), int(plan.starts_at_page))


async def queue_lanes(transaction: Transaction, crawl_id: UUID, lanes: list[int]) -> None:
    """Queue a step of each of these lanes."""
    entries = [lane_entry(crawl_id, lane) for lane in lanes]
    if entries:
        await enqueue_many(raw(transaction), TASK, entries, priorities=[PRIORITY] * len(entries))


async def queue_again(transaction: Transaction, crawl_id: UUID, lane: int, faults: int) -> None:
    """Queue a step of a lane whose last ones have failed, the later the more they were."""
    delay = min(timedelta(seconds=2 ** (faults - 1)), LONGEST_RETRY_DELAY)
    await enqueue(raw(transaction), TASK, lane_entry(crawl_id, lane, faults), delay=delay, priority=PRIORITY)


async def get(transaction: Transaction, organization_id: UUID, name: str, now: datetime) -> CrawlRow:
    """A crawl of the organization by its id; raises NotFound, also when it has expired."""
    try:
        crawl = await crawls.get(transaction, organization_id, UUID(name), now)
    except ValueError:
        raise NotFound(f"There is no crawl {name[:64]}.") from None
    if crawl is None:
        raise NotFound(f"There is no crawl {name}, or it has expired.")
    return crawl


async def ended_pages(
    transaction: Transaction, crawl: CrawlRow, after: int, limit: int, *, with_results: bool
) -> list[PageRow]:
    """The pages that ended after the one with sequence `after`, in the order in which they ended."""
    found = await pages.list_ended(transaction, crawl.id, after, limit, with_results=with_results)
    return [page if page.result is None else replace(page, result=zstd.decompress(page.result)) for page in found]


async def describe(
    context: ApiContext, transaction: Transaction, crawl: CrawlRow, downloads: Downloads
) -> dict[str, Any]:
    """The body of GET /crawl/{crawl_id} without its pages."""
    found = await exports.of_crawl(transaction, crawl.id)
    body = report.describe(crawl, found, await downloads.url(found))
    for export in found:
        if export.streamed_to is not None:
            done = await context.delivered(transaction, crawl.organization_id, export.streamed_to)
            body[export.kind] = export.streamed(crawl.finished_at is not None, done)
    return body


async def list_pages(transaction: Transaction, crawl: CrawlRow, after: int, limit: int) -> dict[str, Any]:
    """What GET /crawl/{crawl_id} adds for its results: at most `limit` of them after the cursor `after`.

    They are fewer when they would be larger than a process should hold for one answer.
    """
    listed: list[dict[str, Any]] = []
    size, last, ended = 0, after, crawl.completed + crawl.failed
    while last < ended and len(listed) < limit and size < MAX_LISTED_BYTES:
        found = await ended_pages(transaction, crawl, last, min(LISTED_AT_ONCE, limit - len(listed)), with_results=True)
        if not found:
            break
        listed += [report.page_body(page) for page in found]
        size += sum(len(page.result or b"") for page in found)
        last = found[-1].sequence
    return {"pages": listed, "results": listed, "next_cursor": last if listed and last < ended else None}


async def list_summaries(transaction: Transaction, crawl: CrawlRow) -> dict[str, Any]:
    """What GET /crawl/{crawl_id} says of the pages of an ended crawl to who asks for no results: some clients never
    do, and show what there is."""
    if crawl.finished_at is None:
        return {}
    found = await pages.list_ended(transaction, crawl.id, 0, MAX_LISTED, with_results=False)
    return {"results": [report.summary(page) for page in found]}


async def cancel(
    transaction: Transaction, organization_id: UUID, name: str, now: datetime, publish: Publish
) -> dict[str, Any]:
    """Cancel a crawl and give back what it did not use. Raises NotFound, and Conflict when it has ended."""
    crawl = await get(transaction, organization_id, name, now)
    waiting = await pages.count_open(transaction, crawl.id)
    done = await finish(transaction, crawl.id, now, publish, "cancelled", status="cancelled")
    if done is None:
        crawl = await get(transaction, organization_id, name, now)  # it may have ended since it was read
        file = ", and its file is being written" if crawl.exporting else ""
        raise Conflict(f"The crawl has ended already: it is {crawl.status}{file}.")
    used, held = to_credits(done.used_microcents), to_credits(done.held_microcents)
    return {
        "crawl_id": str(done.id),
        "status": "cancelled",
        "cancelled_jobs": waiting,
        "credits_refunded": held - used,
        "credits_used": used,
        "pages_scraped": done.completed,
        "message": "Crawl cancelled. Unprocessed credits have been refunded.",
    }


async def sweep(transaction: Transaction, now: datetime, publish: Publish) -> None:
    """End crawls that are past their deadline, and delete what has expired."""
    for crawl_id in await crawls.overdue(transaction, now):
        async with apart(transaction, "crawl.not_ended", crawl_id=str(crawl_id)):
            await finish(transaction, crawl_id, now, publish, "deadline")
    await crawls.drop_expired(transaction, now, now - KEPT_FOR)
    await snapshots.drop_unseen(transaction, now - VERSIONS_KEPT_FOR)


async def _check_limits(transaction: Transaction, organization_id: UUID) -> None:
    if await crawls.count_unfinished(transaction, organization_id) >= MAX_CONCURRENT:
        raise TooManyRequests(
            f"{MAX_CONCURRENT} crawls are under way, and no more may be at a time.",
            code="CONCURRENCY_LIMIT",
            retry_after=30,
        )
    if await crawls.count_unfinished(transaction) >= QUEUE_SIZE:
        raise Unavailable("The queue is full. Try again later.", code="QUEUE_FULL", retry_after=60)


async def _webhooks(context: ApiContext, request: CrawlRequest, crawl_id: UUID) -> tuple[WebhookTarget, ...]:
    """Who hears of the crawl: its webhook, and where `output` streams its pages to."""
    streams: tuple[WebhookTarget, ...] = ()
    if isinstance(request.output, StreamOutput):
        receiver = await context.receivers.check(request.output.url, "output.url")
        streams = (WebhookTarget(receiver, STREAMED_TOPICS, request.output.secret, id=stream_of(crawl_id)),)
    return streams + await _given_webhook(context, request)


async def _given_webhook(context: ApiContext, request: CrawlRequest) -> tuple[WebhookTarget, ...]:
    if request.webhook_url is not None:
        receiver = await context.receivers.check(request.webhook_url, "webhook_url")
        return (WebhookTarget(receiver, ENDS),)
    if request.webhook is not None:
        return (request.webhook.target(await context.receivers.check(request.webhook.url, "webhook.url")),)
    return ()
