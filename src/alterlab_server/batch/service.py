"""Batches: many scrapes accepted in one transaction, each a job of its own, and one event when the last has ended."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from alterlab_server.base.clock import iso, new_id, utc_now
from alterlab_server.base.errors import NotFound, ServiceError, TooManyRequests
from alterlab_server.base.events import BatchAccepted, BatchFinished, JobAccepted, JobFinished, Topic, WebhookTarget
from alterlab_server.base.money import to_credits
from alterlab_server.batch import repository
from alterlab_server.batch.errors import at_item
from alterlab_server.batch.schemas import Batch, BatchRequest
from alterlab_server.batch.turns import take_turns
from alterlab_server.db import Publish, Transaction
from alterlab_server.db.locks import serialise
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Job, NewJob
from alterlab_server.scrape import service as scrape
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

PREFIX = "batch_"
MAX_CONCURRENT = 5
KEPT_FOR = jobs.BATCH_KEPT_FOR
# All items of a batch must have been run by then; each has its own timeout from the moment it is run.
LONGEST = timedelta(hours=24)
_SUCCEEDED = "succeeded"
_ITEM_STATUS = {"pending": "queued", "running": "processing", "completed": _SUCCEEDED, "failed": "failed"}
# All those of a thousand items may be more than a process can hold.
RESULTS_AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """A batch that was written and queued, what is held for it, and the balance left after that."""

    batch_id: UUID
    job_ids: tuple[UUID, ...]
    held_microcents: int
    balance_microcents: int


async def submit(context: ApiContext, options: ScrapeOptions, caller: Principal, request: BatchRequest) -> Accepted:
    """Check, price, hold, write and queue all items in one transaction: all of them or none.

    Raises Unprocessable that names the item at fault, BadRequest, NotFound for a template of all items,
    PaymentRequired, and TooManyRequests above five batches at a time.
    """
    webhooks: tuple[WebhookTarget, ...] = ()
    if request.webhook_url is not None:
        receiver = await context.receivers.check(request.webhook_url, "webhook_url")
        webhooks = (WebhookTarget(receiver, (Topic.BATCH_COMPLETED,)),)
    batch_id = new_id()
    new, items = await _new_jobs(context, options, caller, request, batch_id)
    own_webhooks, turns = await _own_webhooks(context, items), take_turns(new)
    organization_id, job_ids = caller.organization_id, tuple(job.id for job in new)
    async with context.database.transaction() as transaction:
        await serialise(transaction, f"batches of {organization_id}")
        if await repository.count_unfinished(transaction, organization_id) >= MAX_CONCURRENT:
            raise TooManyRequests(
                f"{MAX_CONCURRENT} batches are under way, and no more may be at a time.",
                code="CONCURRENCY_LIMIT",
                retry_after=5,
            )
        await repository.add(transaction, organization_id, batch_id, job_ids, request.webhook_url)
        await context.publish(transaction, BatchAccepted(batch_id, organization_id, webhooks))
        for index, own in own_webhooks.items():
            await context.publish(transaction, JobAccepted(job_ids[index], organization_id, own))
        if turns:
            await repository.add_turns(transaction, batch_id, turns)
        later = {turn.job_id for turn in turns if not turn.queued}
        left = await jobs.accept_batch(transaction, new, later, scrape.TASK, context.sealer)
    return Accepted(batch_id, job_ids, sum(job.held_microcents for job in new), left)


async def job_finished(transaction: Transaction, event: JobFinished, publish: Publish) -> None:
    """Queue the next item of the host, or end the batch of a job when it was the last one; the batch is locked, so
    that one job of all sees that."""
    batch_id = event.batch_id
    if batch_id is None or not await repository.lock_unfinished(transaction, batch_id):
        return
    following = await repository.pass_turn(transaction, event.job_id)
    if following is not None:
        await jobs.queue_items(transaction, [following], scrape.TASK)
        return
    if await jobs.batch_has_unfinished(transaction, batch_id):
        return
    now = utc_now()
    until = now + KEPT_FOR
    await repository.end(transaction, batch_id, now, until)
    await jobs.keep_batch(transaction, batch_id, until)
    counts = await jobs.count_batch(transaction, batch_id)
    completed, failed = counts.get("completed", 0), counts.get("failed", 0)
    total = completed + failed
    status = status_word(total, completed, failed)
    await publish(transaction, BatchFinished(batch_id, event.organization_id, status, total, completed, failed))


async def get(transaction: Transaction, organization_id: UUID, name: str, now: datetime) -> Batch:
    """A batch of the organization by its name on the wire, with or without the prefix; raises NotFound."""
    try:
        batch_id = UUID(name.removeprefix(PREFIX))
    except ValueError:
        raise NotFound(f"There is no batch {name[:64]}.") from None
    batch = await repository.get(transaction, organization_id, batch_id, now)
    if batch is None:
        raise NotFound(f"There is no batch {name}, or it has expired.")
    return batch


async def describe(transaction: Transaction, batch: Batch) -> dict[str, Any]:
    """What GET /batch/{batch_id} answers, but for the results of the items."""
    found = await jobs.list_batch(transaction, batch.organization_id, batch.id)
    by_id = {job.id: job for job in found}
    items = [_item(by_id[job_id]) for job_id in batch.job_ids if job_id in by_id]
    completed = sum(item["status"] == _SUCCEEDED for item in items)
    failed = sum(item["status"] == "failed" for item in items)
    total = len(batch.job_ids)
    return {
        "batch_id": f"{PREFIX}{batch.id}",
        "status": status_word(total, completed, failed),
        "total": total,
        "total_urls": total,
        "completed": completed,
        "failed": failed,
        "pending": total - completed - failed,
        "credits_used": to_credits(sum(job.charged_microcents for job in found)),
        "items": items,
        "webhook_url": batch.webhook_url,
        "created_at": iso(batch.created_at),
        "completed_at": iso(batch.finished_at) if batch.finished_at else None,
    }


async def with_results(context: ApiContext, batch: Batch, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
    """What `describe` gave as JSON, with the results of its items; they are read some at a time, as they are sent."""
    head = {name: value for name, value in body.items() if name != "items"}
    yield orjson.dumps(head)[:-1] + b',"items":['
    items, before = body["items"], b""
    for start in range(0, len(items), RESULTS_AT_A_TIME):
        some = items[start : start + RESULTS_AT_A_TIME]
        job_ids = [UUID(item["job_id"]) for item in some if item["status"] == _SUCCEEDED]
        async with context.database.statement() as connection:
            found = await jobs.results(connection, batch.organization_id, job_ids)
        for item in some:
            result = found.pop(UUID(item["job_id"]), None)
            yield before + orjson.dumps(item if result is None else item | {"result": _result(item["job_id"], result)})
            before = b","
    yield b"]}"


async def sweep(transaction: Transaction, now: datetime) -> None:
    """Delete batches that ended more than a day ago."""
    await repository.drop_expired(transaction, now)


def status_word(total: int, completed: int, failed: int) -> str:
    """processing, completed, partial or failed (spec: batch)."""
    if completed + failed < total:
        return "processing"
    if not failed:
        return "completed"
    return "partial" if completed else "failed"


async def _new_jobs(
    context: ApiContext, options: ScrapeOptions, caller: Principal, batch: BatchRequest, batch_id: UUID
) -> tuple[list[NewJob], list[ScrapeRequest]]:
    """The job and the scrape of each item; other calls have their turn between two items."""
    deadline = context.clock() + LONGEST
    new, items, schemas = [], [], dict[str, Any]()
    for index in range(len(batch.urls)):
        await asyncio.sleep(0)
        item = batch.scrape(index)
        try:
            request = await scrape.with_template(context, caller, item, schemas)
            job = scrape.new_job(context, options, caller, request, new_id())
        except ServiceError as error:
            raise batch.fault(index, error) from None
        new.append(replace(job, batch_id=batch_id, deadline_at=deadline))
        items.append(item)
    return new, items


async def _own_webhooks(context: ApiContext, items: Sequence[ScrapeRequest]) -> Mapping[int, tuple[WebhookTarget, ...]]:
    """The webhooks of single items, by index; a receiver that many items share is judged once."""
    judged: dict[str, tuple[WebhookTarget, ...]] = {}
    own = {}
    for index, item in enumerate(items):
        if item.webhook_url is None:
            continue
        try:
            if item.webhook_url not in judged:
                judged[item.webhook_url] = await scrape.webhooks_of(context, item)
        except ServiceError as error:
            raise at_item(index, error) from None
        own[index] = judged[item.webhook_url]
    return own


def _item(job: Job) -> dict[str, Any]:
    item: dict[str, Any] = {"job_id": str(job.id), "url": job.url, "status": _ITEM_STATUS[job.status]}
    if job.error is not None:
        item |= {"error": job.error.code, "error_message": job.error.message}
    return item


def _result(job_id: str, kept: bytes) -> dict[str, Any]:
    result: dict[str, Any] = orjson.loads(kept) | {"job_id": job_id}
    content = result.get("content")
    text = content.get("text") if isinstance(content, dict) else None
    return result if text is None else result | {"text": text}
