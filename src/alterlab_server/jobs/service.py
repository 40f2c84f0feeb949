"""Jobs: accepted in one transaction, run by a worker, settled exactly once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from backports import zstd

from alterlab_server.base.errors import NotFound, ServiceError, TooManyRequests
from alterlab_server.base.events import JobFinished
from alterlab_server.base.sealing import Sealer
from alterlab_server.billing import service as billing
from alterlab_server.db import Heard, Publish, Transaction, apart, raw
from alterlab_server.jobs import workers
from alterlab_server.jobs.repository import lifecycle, page_counts, reading
from alterlab_server.jobs.schemas import (
    ClaimedJob,
    Ending,
    Job,
    JobCounts,
    JobError,
    KeyUse,
    NewJob,
    OverdueJob,
    PageCount,
)
from alterlab_server.queue import ITEMS, enqueue_many

CHANNEL = lifecycle.CHANNEL
# For a slice that begins a job in a statement of its own, in which this is a part.
BEGIN = lifecycle.BEGIN_ALONE
COMPRESSION_LEVEL = 3
# What is left when a worker dies with a job again and again: it is the job that kills it.
MAX_RUNS = 3
# A worker settles a job at its deadline; only one that no worker could settle is still open so long after it.
OVERDUE_AFTER = timedelta(seconds=60)
OVERDUE_BATCH = 100
# How long a worker that has done a job tries to write that down, before another run is to do it all again.
SETTLE_SECONDS = 60.0
REQUEST_PURPOSE = "job request"
_ITEMS_A_ROUND = 10
BATCH_KEPT_FOR = timedelta(hours=24)


async def accept(
    connection: Transaction, job: NewJob, task: str, sealer: Sealer, most: int, *, durable: bool = True
) -> int:
    """Write a job, queue `task` for it and hold its ceiling, in one statement; returns the balance left.

    Raises PaymentRequired, and TooManyRequests when `most` jobs of the organization are under way, those of batches not
    counted. It locks the balance until the transaction ends, so call it last in one. That transaction
    does not wait for the disk when it is not to be `durable`.
    """
    sealed = sealer.seal(job.request, REQUEST_PURPOSE)
    left = await lifecycle.accept(connection, job, sealed, task, most, durable=durable)
    if left is not None:
        return left
    billing.require(await billing.balance(connection, job.organization_id), job.held_microcents)
    raise TooManyRequests(
        f"{most} jobs are under way, and this account may have no more at a time.",
        code="CONCURRENCY_LIMIT",
        retry_after=1,
    )


async def accept_ended(
    transaction: Transaction, job: NewJob, ending: Ending, sealer: Sealer, now: datetime, publish: Publish
) -> None:
    """Write a job that needs no work, such as one whose answer was kept: it costs nothing and has ended at once."""
    await lifecycle.add(transaction, [job], [sealer.seal(job.request, REQUEST_PURPOSE)])
    claimed = await lifecycle.begin(transaction, job.id, now)
    if claimed is not None:
        await finish(transaction, claimed, ending, now, publish)


async def accept_batch(
    transaction: Transaction, new: Sequence[NewJob], later: Collection[UUID], task: str, sealer: Sealer
) -> int:
    """Write, queue and hold the jobs of one batch; returns the balance left. Those of `later` wait for `queue_items`.

    Each job has a hold of its own, so that each is refunded by itself. Raises PaymentRequired.
    """
    await lifecycle.add(transaction, new, [sealer.seal(job.request, REQUEST_PURPOSE) for job in new])
    await queue_items(transaction, [job.id for job in new if job.id not in later], task)
    holds = {job.id: job.held_microcents for job in new}
    return await billing.hold_all(transaction, new[0].organization_id, holds)


async def queue_items(transaction: Transaction, job_ids: Sequence[UUID], task: str) -> None:
    """Queue `task` for jobs of a batch in rounds: a batch that comes later does not wait for the end of a long one."""
    payloads = [job_id.bytes for job_id in job_ids]
    rounds = [-(index // _ITEMS_A_ROUND) for index in range(len(payloads))]
    await enqueue_many(raw(transaction), task, payloads, lane=ITEMS, priorities=rounds)


async def give_back(transaction: Transaction, job: ClaimedJob) -> None:
    """Let a job that was begun, and has done nothing yet, be begun once more without counting this run."""
    await lifecycle.give_back(transaction, job.id, job.run)


async def begin(connection: Transaction, job_id: UUID, now: datetime) -> ClaimedJob | None:
    """Take a job up, or once more after its worker died; None when there is nothing left to do.

    Call it outside a transaction: what it writes is not made durable.
    """
    return await lifecycle.begin_alone(connection, job_id, now)


def open_request(job: ClaimedJob, sealer: Sealer) -> bytes:
    """The request of a claimed job as JSON."""
    return sealer.open(job.request, REQUEST_PURPOSE)


async def finish(transaction: Transaction, job: ClaimedJob, ending: Ending, now: datetime, publish: Publish) -> bool:
    """End a job: result, attempts, settlement and event; False when another run has ended it.

    Call it last in a transaction: it locks the balance until the transaction ends.
    """
    if job.batch_id is not None:
        ending = replace(ending, kept_for=BATCH_KEPT_FOR)
    if not await lifecycle.end(transaction, job.id, job.run, ending, _packed(job, ending), now):
        return False
    succeeded = ending.error is None
    await publish(transaction, JobFinished(job.id, job.organization_id, succeeded=succeeded, batch_id=job.batch_id))
    return True


class EndUnheard:
    """Ends a job in one statement, provided that nobody hears of it.

    `heard` makes the condition that somebody does; it may also hold when nobody does in the end.
    """

    def __init__(self, heard: Heard) -> None:
        self._end = lifecycle.End(unless=heard)

    async def __call__(self, connection: Transaction, job: ClaimedJob, ending: Ending, now: datetime) -> bool:
        """Do what `finish` does for a job in no batch; False with nothing done when somebody hears, or too late."""
        return await self._end(connection, job.id, job.run, ending, _packed(job, ending), now)


def _packed(job: ClaimedJob, ending: Ending) -> bytes | None:
    """The result as it is kept. Raises ValueError for a charge above the hold."""
    billing.require_fit(job.held_microcents, ending.charged_microcents)
    return None if ending.result is None else zstd.compress(ending.result, COMPRESSION_LEVEL)


async def announce_running(transaction: Transaction, job_ids: Sequence[UUID]) -> None:
    """Wake whoever waits for one of these jobs to begin."""
    await lifecycle.announce_running(transaction, job_ids)


def payloads(job_id: UUID) -> tuple[str, str]:
    """What is notified on CHANNEL when a job begins and when it ends."""
    return lifecycle.running_payload(job_id), str(job_id)


async def statuses(transaction: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The status of each of these jobs that the organization has, expired ones too."""
    return await reading.statuses(transaction, organization_id, job_ids)


async def get(transaction: Transaction, organization_id: UUID, job_id: UUID, now: datetime) -> Job:
    """A job of the organization; raises NotFound, also when it has expired."""
    job = await reading.get(transaction, organization_id, job_id, now)
    if job is None:
        raise NotFound(f"There is no job {job_id}, or it has expired.")
    return _unpacked(job)


def raise_error(error: JobError) -> NoReturn:
    """Raise a job's error as the error of a request that waited for it."""
    raised = ServiceError(
        error.message, code=error.code, details=error.details, retry_after=error.details.get("retry_after")
    )
    raised.status = error.status
    raise raised


async def count_batch(transaction: Transaction, batch_id: UUID) -> dict[str, int]:
    """How many jobs of a batch there are, by status."""
    return await reading.count_batch(transaction, batch_id)


async def keep_batch(transaction: Transaction, batch_id: UUID, until: datetime) -> None:
    """Keep the results of all jobs of a batch that has ended until the same time."""
    await lifecycle.keep_batch(transaction, batch_id, until)


async def batch_has_unfinished(transaction: Transaction, batch_id: UUID) -> bool:
    """Whether a job of a batch waits or runs."""
    return await reading.batch_has_unfinished(transaction, batch_id)


async def list_batch(transaction: Transaction, organization_id: UUID, batch_id: UUID) -> list[Job]:
    """The jobs of a batch of the organization, in no order and without their results."""
    return await reading.list_batch(transaction, organization_id, batch_id)


async def results(transaction: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The results, as JSON, of those of these jobs that the organization has."""
    found = await reading.results(transaction, organization_id, job_ids)
    return {job_id: zstd.decompress(body) for job_id, body in found.items()}


async def uses_of_keys(transaction: Transaction, organization_id: UUID) -> dict[UUID, KeyUse]:
    """How many jobs each key of the organization has made, and when the last."""
    return await reading.uses_of_keys(transaction, organization_id)


async def count_by_status(transaction: Transaction) -> dict[str, int]:
    """How many jobs of all organizations wait (`pending`) and run (`running`)."""
    return {"pending": 0, "running": 0} | await reading.count_by_status(transaction)


async def counts(transaction: Transaction, organization_id: UUID, since: datetime, until: datetime) -> JobCounts:
    """What the jobs created in [since, until) add up to, and the pages of crawls begun then that have ended."""
    by_mode: Counter[str] = Counter()
    by_tier: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    cached = 0
    for mode, tier, status, was_cached, count in await reading.count_period(transaction, organization_id, since, until):
        by_mode[mode] += count
        by_status[status] += count
        cached += count if was_cached else 0
        if tier is not None and not was_cached:
            by_tier[tier] += count
    return JobCounts(
        total=by_status.total(),
        successful=by_status["completed"],
        failed=by_status["failed"],
        cached=cached,
        by_mode=by_mode,
        by_tier=by_tier,
    )


async def count_pages(transaction: Transaction, organization_id: UUID, counts: Sequence[PageCount]) -> None:
    """Count pages that were scraped without jobs of their own as requests of the organization."""
    await page_counts.add(transaction, organization_id, counts)


async def end_overdue(transaction: Transaction, now: datetime, publish: Publish) -> int:
    """Fail what is still open a minute after its deadline, and give its hold back. Returns how many."""
    overdue = await lifecycle.overdue(transaction, now - OVERDUE_AFTER, OVERDUE_BATCH)
    for job in overdue:
        async with apart(transaction, "job.not_ended", job_id=str(job.id)):
            await _end_overdue(transaction, job, now, publish)
    return len(overdue)


async def _end_overdue(transaction: Transaction, job: OverdueJob, now: datetime, publish: Publish) -> None:
    error = JobError(504, "TIMEOUT", "The job did not end before its deadline.")
    if await lifecycle.end(transaction, job.id, job.run, Ending(error=error), None, now):
        finished = JobFinished(job.id, job.organization_id, succeeded=False, batch_id=job.batch_id)
        await publish(transaction, finished)


async def sweep(transaction: Transaction, now: datetime, keep_rows_for: timedelta) -> None:
    """Delete expired results, and what usage knows of jobs and pages from longer ago than `keep_rows_for`."""
    await lifecycle.drop_expired_results(transaction, now)
    await lifecycle.drop_old_jobs(transaction, now - keep_rows_for)
    await page_counts.drop_old(transaction, now - keep_rows_for)
    await workers.forget_silent(transaction)


def _unpacked(job: Job) -> Job:
    return job if job.result is None else replace(job, result=zstd.decompress(job.result))
