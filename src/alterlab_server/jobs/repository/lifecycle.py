"""A job's way: added, begun, ended and forgotten.

The statements of every job's way are compiled once.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.billing import service as billing
from alterlab_server.db import Compiled, Heard, Transaction
from alterlab_server.jobs.models import job_attempts, job_results, jobs
from alterlab_server.jobs.schemas import AttemptRow, ClaimedJob, Ending, NewJob, OverdueJob
from alterlab_server.queue import ENQUEUE

CHANNEL = "alterlab_jobs"
UNFINISHED = jobs.c.finished_at.is_(None)
# The same of one job, in words that no index is made of: PostgreSQL took the one of all unfinished for the one by id,
# and 3,000 jobs that waited made a begin twice as slow.
_OPEN = text("jobs.status IN ('pending', 'running')")

_ADDED_COLUMNS = tuple(field.name for field in fields(NewJob))
_ADD = Compiled(insert(jobs).values({name: bindparam(name) for name in _ADDED_COLUMNS}))
# Writes, queues and holds a job, or nothing of that when the balance does not cover it or too many are under way.
_organization = bindparam("organization_id", type_=Uuid)
_HOLD = billing.holding(func.jobs_under_way(_organization) < bindparam("most", type_=Integer))
_held = _HOLD[0]
_added = insert(jobs).from_select(
    _ADDED_COLUMNS, select(*(bindparam(name, type_=jobs.c[name].type) for name in _ADDED_COLUMNS)).select_from(_held)
)
_NOT_DURABLE = func.set_config("synchronous_commit", "off", True)
_ACCEPT = Compiled(
    select(_held.c.microcents, case((bindparam("durable", type_=Boolean), null()), else_=_NOT_DURABLE)).add_cte(
        *_HOLD, _added.cte("added"), text(f"{ENQUEUE} FROM held").columns().cte("queued")
    )
)
_begin = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), _OPEN)
    .values(status="running", runs=jobs.c.runs + 1, started_at=func.coalesce(jobs.c.started_at, bindparam("now")))
    .returning(
        jobs.c.id,
        jobs.c.organization_id,
        jobs.c.api_key_id,
        jobs.c.url,
        jobs.c.host,
        jobs.c.request,
        jobs.c.held_microcents,
        jobs.c.runs,
        jobs.c.deadline_at,
        jobs.c.batch_id,
    )
)
_BEGIN = Compiled(_begin)
# For a transaction of its own: it does not wait for the disk, for a job whose begin a crash undid is begun again.
BEGIN_ALONE = _begin.returning(_NOT_DURABLE)
_BEGIN_ALONE = Compiled(BEGIN_ALONE)
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
_body = bindparam("body", type_=LargeBinary)
_ATTEMPT_COLUMNS = (
    column("position", SmallInteger),
    column("tier", Text),
    column("result", Text),
    column("verdict", Text),
    column("reason", Text),
    column("duration_ms", Integer),
    column("status_code", Integer),
)
_ATTEMPT_FIELDS = tuple(field.name for field in fields(AttemptRow))
_attempts = (
    func.jsonb_to_recordset(bindparam("attempts", type_=JSONB))
    .table_valued(*_ATTEMPT_COLUMNS)
    .render_derived(name="attempts", with_types=True)
)


class End:
    """Ends and settles a job, if `run` is still its last, and wakes whoever waits for it when the transaction commits.

    Its compressed result and its attempts are kept; the sealed request is removed with its secrets. All of that, or
    nothing: also when the condition holds that `unless` makes from the job's organization and id.
    """

    def __init__(self, unless: Heard | None = None) -> None:
        ours = (jobs.c.id == bindparam("job_id"), jobs.c.runs == bindparam("run"), _OPEN)
        ended = (
            update(jobs)
            .where(*ours, *(() if unless is None else (~unless(jobs.c.organization_id, jobs.c.id),)))
            .values(request=None, **{name: bindparam(name) for name in _ENDED_COLUMNS})
            .returning(jobs.c.id, jobs.c.organization_id, jobs.c.held_microcents, jobs.c.charged_microcents)
            .cte("ended")
        )
        kept = insert(job_results).from_select(["job_id", "body"], select(ended.c.id, _body).where(_body.is_not(None)))
        tried = insert(job_attempts).from_select(
            ["job_id", *(attempt.name for attempt in _ATTEMPT_COLUMNS)],
            select(ended.c.id, *_attempts.c).select_from(ended.join(_attempts, literal(True))),
        )
        told = select(func.pg_notify(CHANNEL, cast(ended.c.id, Text)))
        self._statement = Compiled(told.add_cte(ended, kept.cte("kept"), tried.cte("tried"), *billing.SETTLEMENT))

    async def __call__(
        self, connection: Transaction, job_id: UUID, run: int, ending: Ending, result: bytes | None, now: datetime
    ) -> bool:
        """Whether it did."""
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
            "body": result,
            "attempts": [
                {"position": position} | {name: getattr(attempt, name) for name in _ATTEMPT_FIELDS}
                for position, attempt in enumerate(ending.attempts)
            ],
        }
        return await self._statement.row(connection, values) is not None


end = End()
_ANNOUNCE = Compiled(select(func.pg_notify(CHANNEL, func.unnest(bindparam("began", type_=ARRAY(Text))))))


async def add(transaction: Transaction, new: Sequence[NewJob], sealed_requests: Sequence[bytes]) -> None:
    """Insert pending jobs, each with its request."""
    rows = [
        {name: getattr(job, name) for name in _ADDED_COLUMNS} | {"request": sealed}
        for job, sealed in zip(new, sealed_requests, strict=True)
    ]
    await _ADD.run_many(transaction, rows)


async def accept(
    connection: Transaction, job: NewJob, sealed_request: bytes, task: str, most: int, *, durable: bool
) -> int | None:
    """Insert a pending job, queue `task` for it and hold its ceiling; the new balance, or None when that is too small
    or `most` jobs of the organization are under way.

    Unless it is `durable`, the transaction that it is part of does not wait for the disk.
    """
    values = {name: getattr(job, name) for name in _ADDED_COLUMNS} | {"request": sealed_request}
    hold = billing.hold_values(job.organization_id, {job.id: job.held_microcents})
    queued = {"entrypoint": task, "payload": job.id.bytes}
    row = await _ACCEPT.row(connection, {**values, **hold, **queued, "most": most, "durable": durable})
    return None if row is None else int(row[0])


async def begin(transaction: Transaction, job_id: UUID, now: datetime) -> ClaimedJob | None:
    """Mark a job as running, once more if it was; None when it has ended or does not exist."""
    row = await _BEGIN.row(transaction, {"job_id": job_id, "now": now})
    return ClaimedJob(*row) if row else None


async def begin_alone(connection: Transaction, job_id: UUID, now: datetime) -> ClaimedJob | None:
    """The same as a transaction of its own, which a crash of the store's machine may undo."""
    row = await _BEGIN_ALONE.row(connection, {"job_id": job_id, "now": now})
    return ClaimedJob(*row[:-1]) if row else None


async def give_back(transaction: Transaction, job_id: UUID, run: int) -> None:
    """Do not count `run`, if it is still the job's last. Its status stays: it never goes back (spec: job states)."""
    ours = (jobs.c.id == job_id, jobs.c.runs == run, _OPEN)
    await transaction.execute(update(jobs).where(*ours).values(runs=jobs.c.runs - 1))


async def keep_batch(transaction: Transaction, batch_id: UUID, until: datetime) -> None:
    """Let all jobs of a batch expire at the same time."""
    await transaction.execute(update(jobs).where(jobs.c.batch_id == batch_id).values(expires_at=until))


async def overdue(transaction: Transaction, before: datetime, limit: int) -> list[OverdueJob]:
    """Unfinished jobs with a deadline before `before`, locked; others each time, so that one that cannot be ended
    keeps none from its turn."""
    query = (
        select(jobs.c.id, jobs.c.organization_id, jobs.c.runs, jobs.c.held_microcents, jobs.c.batch_id)
        .where(UNFINISHED, jobs.c.deadline_at < before)
        .order_by(func.random())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [OverdueJob(*row) for row in await transaction.execute(query)]


async def announce_running(connection: Transaction, job_ids: Sequence[UUID]) -> None:
    """Notify whoever waits for these jobs to begin, when the transaction commits."""
    await _ANNOUNCE.rows(connection, {"began": [running_payload(job_id) for job_id in job_ids]})


def running_payload(job_id: UUID) -> str:
    """What is notified when a job begins; its end is notified as its bare id."""
    return f"{job_id} running"


async def drop_expired_results(transaction: Transaction, now: datetime) -> int:
    """Delete the results and attempts of expired jobs; the rows stay for the usage figures."""
    expired = select(jobs.c.id).where(jobs.c.expires_at < now).scalar_subquery()
    await transaction.execute(delete(job_attempts).where(job_attempts.c.job_id.in_(expired)))
    done = await transaction.execute(delete(job_results).where(job_results.c.job_id.in_(expired)))
    return done.rowcount


async def drop_old_jobs(transaction: Transaction, before: datetime) -> int:
    """Delete the rows of jobs whose results have expired before `before`: of that there is an index."""
    done = await transaction.execute(delete(jobs).where(jobs.c.expires_at < before))
    return done.rowcount
