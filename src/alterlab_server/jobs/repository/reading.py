"""What is asked of jobs. What a caller may name takes the organization first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from alterlab_server.db import Compiled, Condition, Transaction
from alterlab_server.jobs.models import job_results, jobs, page_counts
from alterlab_server.jobs.repository.lifecycle import UNFINISHED
from alterlab_server.jobs.schemas import Job, JobError, KeyUse

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


def _owned_by(organization_id: UUID | BindParameter[UUID]) -> Condition:
    """The condition that a job is the organization's, in words that no index is made of.

    Until its tables are analysed PostgreSQL takes the index of all jobs of an organization for as good as the one by
    id: reading a job of an account with some thousand others took 1 to 2 ms in place of 0.04.
    """
    return jobs.c.organization_id.is_not_distinct_from(organization_id)


_GET = Compiled(
    select(*_JOB_COLUMNS, job_results.c.body)
    .join(job_results, job_results.c.job_id == jobs.c.id, isouter=True)
    .where(
        jobs.c.id == bindparam("job_id"),
        _owned_by(bindparam("organization_id", type_=Uuid)),
        or_(jobs.c.expires_at.is_(None), jobs.c.expires_at >= bindparam("now")),
    )
)


async def statuses(transaction: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The status of each of these jobs that the organization has."""
    query = select(jobs.c.id, jobs.c.status).where(jobs.c.id.in_(job_ids), _owned_by(organization_id))
    return {row.id: row.status for row in await transaction.execute(query)}


async def get(transaction: Transaction, organization_id: UUID, job_id: UUID, now: datetime) -> Job | None:
    """A job of the organization that has not expired, with its result still compressed; or None."""
    values = {"organization_id": organization_id, "job_id": job_id, "now": now}
    row = await _GET.row(transaction, values)
    return _job(row) if row else None


async def list_batch(transaction: Transaction, organization_id: UUID, batch_id: UUID) -> list[Job]:
    """The jobs of a batch of the organization, without their results."""
    query = select(*_JOB_COLUMNS, null()).where(jobs.c.batch_id == batch_id, _owned_by(organization_id))
    return [_job(row) for row in await transaction.execute(query)]


async def results(transaction: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The results, still compressed, of those of these jobs that the organization has."""
    query = (
        select(job_results.c.job_id, job_results.c.body)
        .join(jobs, jobs.c.id == job_results.c.job_id)
        .where(job_results.c.job_id.in_(job_ids), _owned_by(organization_id))
    )
    return {row.job_id: row.body for row in await transaction.execute(query)}


async def count_batch(transaction: Transaction, batch_id: UUID) -> dict[str, int]:
    """How many jobs of a batch there are, by status."""
    query = select(jobs.c.status, func.count()).where(jobs.c.batch_id == batch_id).group_by(jobs.c.status)
    return {str(status): int(count) for status, count in await transaction.execute(query)}


async def batch_has_unfinished(transaction: Transaction, batch_id: UUID) -> bool:
    """Whether a job of a batch waits or runs."""
    query = select(exists().where(jobs.c.batch_id == batch_id, UNFINISHED))
    return bool(await transaction.scalar(query))


async def count_by_status(transaction: Transaction) -> dict[str, int]:
    """How many unfinished jobs of all organizations there are, by status."""
    rows = await transaction.execute(select(jobs.c.status, func.count()).where(UNFINISHED).group_by(jobs.c.status))
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


async def dearest_hosts(transaction: Transaction, organization_id: UUID, most: int) -> list[tuple[str, int, int]]:
    """Rows (host, microcents charged, requests) of the hosts on which the organization has spent most."""
    parts = [
        select(table.c.host, table.c.charged_microcents, number.label("number"))
        .where(table.c.organization_id == organization_id, table.c.host.is_not(None))
        .select_from(table)
        for table, number in ((jobs, literal(1)), (page_counts, page_counts.c.pages))
    ]
    requests = union_all(*parts).subquery()
    spent = func.sum(requests.c.charged_microcents)
    query = (
        select(requests.c.host, cast(spent, BigInteger), cast(func.sum(requests.c.number), BigInteger))
        .group_by(requests.c.host)
        .having(spent > 0)
        .order_by(spent.desc(), requests.c.host)
        .limit(most)
    )
    return [tuple(row) for row in await transaction.execute(query)]


async def uses_of_keys(transaction: Transaction, organization_id: UUID) -> dict[UUID, KeyUse]:
    """The use of each key of the organization that has made a job."""
    query = (
        select(jobs.c.api_key_id, func.count(), func.max(jobs.c.created_at))
        .where(jobs.c.organization_id == organization_id, jobs.c.api_key_id.is_not(None))
        .group_by(jobs.c.api_key_id)
    )
    return {key_id: KeyUse(count, last) for key_id, count, last in await transaction.execute(query)}


def _job(columns: Sequence[Any]) -> Job:
    """A job from its _JOB_COLUMNS and the body of its result."""
    *known, error_status, error_code, message, details, body = columns
    error = None if error_code is None else JobError(error_status, error_code, message, details or {})
    return Job(*[*known, error, body])
