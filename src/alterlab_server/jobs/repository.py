"""Queries on jobs. What a caller may name takes the organization first."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, bindparam, delete, exists, func, insert, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.base.clock import new_id
from alterlab_server.db import Transaction
from alterlab_server.jobs.models import job_attempts, job_files, job_results, jobs, page_counts, workers
from alterlab_server.jobs.schemas import (
    AttemptRow,
    ClaimedJob,
    Ending,
    Job,
    JobError,
    JobFile,
    KeyUse,
    NewJob,
    OverdueJob,
    PageCount,
    Worker,
)

CHANNEL = "alterlab_jobs"
_UNFINISHED = jobs.c.finished_at.is_(None)
_JOB_COLUMNS = (
    jobs.c.id,
    jobs.c.organization_id,
    jobs.c.url,
    jobs.c.mode,
    jobs.c.status,
    jobs.c.charged_microcents,
    jobs.c.tier_used,
    jobs.c.created_at,
    jobs.c.finished_at,
    jobs.c.error_status,
    jobs.c.error_code,
    jobs.c.error,
    jobs.c.error_details,
)


# The statements of every job's way are built once: building one anew costs more than sending it.
_BEGIN = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), _UNFINISHED)
    .values(status="running", runs=jobs.c.runs + 1, started_at=func.coalesce(jobs.c.started_at, bindparam("now")))
    .returning(
        jobs.c.id,
        jobs.c.organization_id,
        jobs.c.api_key_id,
        jobs.c.url,
        jobs.c.request,
        jobs.c.held_microcents,
        jobs.c.runs,
        jobs.c.deadline_at,
        jobs.c.batch_id,
    )
)
_ENDED_COLUMNS = (
    "status",
    "charged_microcents",
    "tier_used",
    "cached",
    "target_status",
    "error_status",
    "error_code",
    "error",
    "error_details",
    "finished_at",
    "expires_at",
)
_END = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), jobs.c.runs == bindparam("run"), _UNFINISHED)
    .values(request=None, **{name: bindparam(name) for name in _ENDED_COLUMNS})
)


async def add(transaction: Transaction, new: Sequence[NewJob], sealed_requests: Sequence[bytes]) -> None:
    """Insert pending jobs, each with its request."""
    rows = [
        {
            "id": job.id,
            "organization_id": job.organization_id,
            "api_key_id": job.api_key_id,
            "url": job.url,
            "host": job.host,
            "batch_id": job.batch_id,
            "mode": job.mode,
            "request": sealed,
            "held_microcents": job.held_microcents,
            "created_at": job.created_at,
            "deadline_at": job.deadline_at,
        }
        for job, sealed in zip(new, sealed_requests, strict=True)
    ]
    await transaction.execute(insert(jobs), rows)


async def begin(transaction: Transaction, job_id: UUID, now: datetime) -> ClaimedJob | None:
    """Mark a job as running, once more if it was; None when it has ended or does not exist."""
    row = (await transaction.execute(_BEGIN, {"job_id": job_id, "now": now})).one_or_none()
    return ClaimedJob(*row) if row else None


async def end(transaction: Transaction, job_id: UUID, run: int, ending: Ending, now: datetime) -> bool:
    """Mark a job as ended, if `run` is still its last; the sealed request is removed with its secrets."""
    error = ending.error
    values = {
        "job_id": job_id,
        "run": run,
        "status": "completed" if error is None else "failed",
        "charged_microcents": ending.charged_microcents,
        "tier_used": ending.tier_used,
        "cached": ending.cached,
        "target_status": ending.target_status,
        "error_status": error.status if error else None,
        "error_code": error.code if error else None,
        "error": error.message if error else None,
        "error_details": dict(error.details) if error else None,
        "finished_at": now,
        "expires_at": now + ending.kept_for,
    }
    return (await transaction.execute(_END, values)).rowcount == 1


async def add_result(transaction: Transaction, job_id: UUID, body: bytes) -> None:
    """Keep the compressed result of a job."""
    await transaction.execute(insert(job_results), {"job_id": job_id, "body": body})


async def add_attempts(transaction: Transaction, job_id: UUID, attempts: Sequence[AttemptRow]) -> None:
    """Keep the attempts of a job, in their order."""
    rows = [
        {
            "job_id": job_id,
            "position": position,
            "tier": attempt.tier,
            "result": attempt.result,
            "verdict": attempt.verdict,
            "reason": attempt.reason,
            "duration_ms": attempt.duration_ms,
            "status_code": attempt.status_code,
        }
        for position, attempt in enumerate(attempts)
    ]
    if rows:
        await transaction.execute(insert(job_attempts), rows)


async def add_files(
    transaction: Transaction, organization_id: UUID, job_id: UUID, files: Sequence[JobFile], expires_at: datetime
) -> None:
    """Write whose the files are and when they go; a file of the same key is the same job's, from a run before."""
    rows = [
        {
            "key": file.key,
            "organization_id": organization_id,
            "job_id": job_id,
            "content_type": file.content_type,
            "expires_at": expires_at,
        }
        for file in files
    ]
    statement = upsert(job_files).on_conflict_do_update(index_elements=["key"], set_={"expires_at": expires_at})
    await transaction.execute(statement, rows)


async def get_file(transaction: Transaction, organization_id: UUID, key: str, now: datetime) -> str | None:
    """The media type of a file of the organization that has not expired, or None."""
    query = select(job_files.c.content_type).where(
        job_files.c.organization_id == organization_id, job_files.c.key == key, job_files.c.expires_at >= now
    )
    found = await transaction.scalar(query)
    return None if found is None else str(found)


async def take_expired_files(transaction: Transaction, now: datetime, limit: int) -> list[str]:
    """Delete the rows of expired files and return their keys."""
    expired = select(job_files.c.key).where(job_files.c.expires_at < now).limit(limit).scalar_subquery()
    statement = delete(job_files).where(job_files.c.key.in_(expired)).returning(job_files.c.key)
    return [str(key) for key in await transaction.scalars(statement)]


async def announce(transaction: Transaction, job_id: UUID) -> None:
    """Notify whoever waits for this job, when the transaction commits."""
    await transaction.execute(select(func.pg_notify(CHANNEL, str(job_id))))


async def announce_running(transaction: Transaction, job_ids: Sequence[UUID]) -> None:
    """Notify whoever waits for these jobs to begin, when the transaction commits."""
    began = literal([running_payload(job_id) for job_id in job_ids], ARRAY(Text))
    await transaction.execute(select(func.pg_notify(CHANNEL, func.unnest(began))))


def running_payload(job_id: UUID) -> str:
    """What is notified when a job begins; its end is notified as its bare id."""
    return f"{job_id} running"


async def statuses(transaction: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The status of each of these jobs that the organization has."""
    query = select(jobs.c.id, jobs.c.status).where(jobs.c.organization_id == organization_id, jobs.c.id.in_(job_ids))
    return {row.id: row.status for row in await transaction.execute(query)}


async def get(transaction: Transaction, organization_id: UUID, job_id: UUID, now: datetime) -> Job | None:
    """A job of the organization that has not expired, with its result still compressed; or None."""
    query = (
        select(*_JOB_COLUMNS, job_results.c.body)
        .join(job_results, job_results.c.job_id == jobs.c.id, isouter=True)
        .where(jobs.c.organization_id == organization_id, jobs.c.id == job_id, _visible(now))
    )
    row = (await transaction.execute(query)).one_or_none()
    return _job(row) if row else None


async def count_unfinished(transaction: Transaction, organization_id: UUID) -> int:
    """How many jobs of the organization wait or run, those of batches aside."""
    alone = (jobs.c.organization_id == organization_id, jobs.c.batch_id.is_(None), _UNFINISHED)
    query = select(func.count()).select_from(jobs).where(*alone)
    return int(await transaction.scalar(query) or 0)


async def uses_of_keys(transaction: Transaction, organization_id: UUID) -> dict[UUID, KeyUse]:
    """The use of each key of the organization that has made a job."""
    query = (
        select(jobs.c.api_key_id, func.count(), func.max(jobs.c.created_at))
        .where(jobs.c.organization_id == organization_id, jobs.c.api_key_id.is_not(None))
        .group_by(jobs.c.api_key_id)
    )
    return {key_id: KeyUse(count, last) for key_id, count, last in await transaction.execute(query)}


async def count_by_status(transaction: Transaction) -> dict[str, int]:
    """How many unfinished jobs of all organizations there are, by status."""
    rows = await transaction.execute(select(jobs.c.status, func.count()).where(_UNFINISHED).group_by(jobs.c.status))
    return {str(status): int(count) for status, count in rows}


async def count_period(
    transaction: Transaction, organization_id: UUID, since: datetime, until: datetime
) -> list[tuple[str, str | None, str, bool, int]]:
    """Rows (mode, tier, status, cached, count) of the jobs and the pages created in [since, until)."""
    rows: list[tuple[str, str | None, str, bool, int]] = []
    for table, count in ((jobs, func.count()), (page_counts, func.sum(page_counts.c.pages))):
        kind = (table.c.mode, table.c.tier_used, table.c.status, table.c.cached)
        period = (table.c.organization_id == organization_id, table.c.created_at >= since, table.c.created_at < until)
        found = await transaction.execute(select(*kind, count).where(*period).group_by(*kind))
        rows += [tuple(row) for row in found]
    return rows


async def add_page_counts(transaction: Transaction, organization_id: UUID, counts: Sequence[PageCount]) -> None:
    """Insert counts of pages."""
    if counts:
        rows = [{"id": new_id(), "organization_id": organization_id, **asdict(count)} for count in counts]
        await transaction.execute(insert(page_counts), rows)


async def overdue(transaction: Transaction, before: datetime, limit: int) -> list[OverdueJob]:
    """Unfinished jobs with a deadline before `before`, locked."""
    query = (
        select(jobs.c.id, jobs.c.organization_id, jobs.c.runs, jobs.c.held_microcents, jobs.c.batch_id)
        .where(_UNFINISHED, jobs.c.deadline_at < before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [OverdueJob(*row) for row in await transaction.execute(query)]


async def count_batch(transaction: Transaction, batch_id: UUID) -> dict[str, int]:
    """How many jobs of a batch there are, by status."""
    query = select(jobs.c.status, func.count()).where(jobs.c.batch_id == batch_id).group_by(jobs.c.status)
    return {str(status): int(count) for status, count in await transaction.execute(query)}


async def batch_has_unfinished(transaction: Transaction, batch_id: UUID) -> bool:
    """Whether a job of a batch waits or runs."""
    query = select(exists().where(jobs.c.batch_id == batch_id, _UNFINISHED))
    return bool(await transaction.scalar(query))


async def list_batch(
    transaction: Transaction, organization_id: UUID, batch_id: UUID, *, with_results: bool
) -> list[Job]:
    """The jobs of a batch of the organization, with their results still compressed when they are wanted."""
    body = job_results.c.body if with_results else null().label("body")
    query = select(*_JOB_COLUMNS, body).where(jobs.c.organization_id == organization_id, jobs.c.batch_id == batch_id)
    if with_results:
        query = query.join(job_results, job_results.c.job_id == jobs.c.id, isouter=True)
    return [_job(row) for row in await transaction.execute(query)]


async def drop_expired_results(transaction: Transaction, now: datetime) -> int:
    """Delete the results and attempts of expired jobs; the rows stay for the usage figures."""
    expired = select(jobs.c.id).where(jobs.c.expires_at < now).scalar_subquery()
    await transaction.execute(delete(job_attempts).where(job_attempts.c.job_id.in_(expired)))
    done = await transaction.execute(delete(job_results).where(job_results.c.job_id.in_(expired)))
    return done.rowcount


async def drop_old_jobs(transaction: Transaction, before: datetime) -> int:
    """Delete the rows of jobs that ended before `before`, and counts of pages as old as that."""
    await transaction.execute(delete(page_counts).where(page_counts.c.created_at < before))
    done = await transaction.execute(delete(jobs).where(jobs.c.finished_at < before))
    return done.rowcount


async def record_worker(
    transaction: Transaction, worker_id: UUID, name: str, abilities: Mapping[str, Any], metrics: str, now: datetime
) -> None:
    """Write a worker's sign of life."""
    values = {"id": worker_id, "name": name, "started_at": now}
    seen = {"seen_at": now, "abilities": abilities, "metrics": metrics}
    await transaction.execute(
        upsert(workers).values(values | seen).on_conflict_do_update(index_elements=["id"], set_=seen)
    )


async def remove_worker(transaction: Transaction, worker_id: UUID) -> None:
    """Forget a worker that ends."""
    await transaction.execute(delete(workers).where(workers.c.id == worker_id))


async def drop_silent_workers(transaction: Transaction, before: datetime) -> None:
    """Forget workers that were last seen before `before`."""
    await transaction.execute(delete(workers).where(workers.c.seen_at < before))


async def list_workers(transaction: Transaction, since: datetime) -> list[Worker]:
    """The workers seen since `since`, oldest first."""
    query = select(workers).where(workers.c.seen_at >= since).order_by(workers.c.started_at)
    return [Worker(**row) for row in (await transaction.execute(query)).mappings()]


def _visible(now: datetime) -> Any:
    return or_(jobs.c.expires_at.is_(None), jobs.c.expires_at >= now)


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    error = None
    if row.error_code is not None:
        error = JobError(row.error_status, row.error_code, row.error, row.error_details or {})
    return Job(
        id=row.id,
        organization_id=row.organization_id,
        url=row.url,
        mode=row.mode,
        status=row.status,
        charged_microcents=row.charged_microcents,
        tier_used=row.tier_used,
        error=error,
        result=row.body,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
