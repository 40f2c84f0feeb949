"""Queries on deliveries and their attempts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update

from alterlab_server.db import Transaction
from alterlab_server.webhooks.models import webhook_attempts, webhook_deliveries, webhook_targets, webhooks
from alterlab_server.webhooks.schemas import Attempt, ClaimedDelivery, Delivery, NewDelivery, Stats

WORKER_DIED = "The worker died before it knew the answer."
_PENDING = webhook_deliveries.c.status == "pending"
_LEASED = and_(_PENDING, webhook_deliveries.c.leased_until > func.now())
_FREE = or_(webhook_deliveries.c.leased_until.is_(None), webhook_deliveries.c.leased_until <= func.now())


async def add(transaction: Transaction, deliveries: Sequence[NewDelivery]) -> None:
    """Insert pending deliveries."""
    await transaction.execute(insert(webhook_deliveries), [asdict(delivery) for delivery in deliveries])


async def claim(
    transaction: Transaction, organization_id: UUID, leased_for: timedelta, *, per_host: int, in_all: int
) -> ClaimedDelivery | None:
    """Lease the organization's delivery that is due longest, on a host that has room; None when there is none.

    At most `per_host` are leased on one host and `in_all` on all of them; the caller holds the organization's lock.
    """
    found = await transaction.scalar(_claimable(organization_id, per_host, in_all).with_for_update(skip_locked=True))
    return None if found is None else await lease(transaction, found, leased_for)


async def lease(transaction: Transaction, delivery_id: UUID, leased_for: timedelta) -> ClaimedDelivery:
    """Lease one delivery, with all that an attempt needs.

    A lease that was never given back had a worker that died: its attempt, which may have arrived, is recorded now.
    """
    columns = webhook_deliveries.c
    before = select(columns.attempts, columns.leased_until).where(columns.id == delivery_id)
    attempts, leased_until = (await transaction.execute(before)).one()
    if leased_until is not None:
        await _record_lost(transaction, delivery_id, attempts, leased_until - leased_for)
    await transaction.execute(
        update(webhook_deliveries).where(columns.id == delivery_id).values(leased_until=func.now() + leased_for)
    )
    query = (
        select(
            columns.id,
            columns.organization_id,
            columns.webhook_id,
            columns.event,
            columns.body,
            columns.attempts,
            webhooks.c.url,
            webhooks.c.secret,
            webhook_targets.c.target,
        )
        .join(webhooks, webhooks.c.id == columns.webhook_id, isouter=True)
        .join(webhook_targets, webhook_targets.c.id == columns.target_id, isouter=True)
        .where(columns.id == delivery_id)
    )
    return ClaimedDelivery(*(await transaction.execute(query)).one())


async def more_to_claim(transaction: Transaction, organization_id: UUID, *, per_host: int, in_all: int) -> bool:
    """Whether `claim` would find one."""
    return await transaction.scalar(_claimable(organization_id, per_host, in_all)) is not None


async def record(transaction: Transaction, delivery: ClaimedDelivery, attempt: Attempt) -> bool:
    """Count an attempt and keep it; False when the delivery is gone or another run has made this attempt."""
    done = await transaction.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.id == delivery.id, webhook_deliveries.c.attempts == delivery.attempts, _PENDING)
        .values(attempts=delivery.attempts + 1, leased_until=None)
    )
    if done.rowcount == 1:
        await transaction.execute(
            insert(webhook_attempts).values(delivery_id=delivery.id, number=delivery.attempts + 1, **asdict(attempt))
        )
    return done.rowcount == 1


async def put_off(transaction: Transaction, delivery_id: UUID, delay: timedelta) -> None:
    """Make a delivery due again after `delay`."""
    await transaction.execute(
        update(webhook_deliveries).where(webhook_deliveries.c.id == delivery_id).values(due_at=func.now() + delay)
    )


async def end(transaction: Transaction, delivery_id: UUID, now: datetime, *, succeeded: bool) -> None:
    """Mark a delivery as ended; its payload is removed."""
    await transaction.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.id == delivery_id)
        .values(status="delivered" if succeeded else "failed", body=None, finished_at=now)
    )


async def cancel_inactive(transaction: Transaction, organization_id: UUID, now: datetime) -> None:
    """End what waits to be sent to webhooks of the organization that are not active; their payloads are removed."""
    inactive = select(webhooks.c.id).where(webhooks.c.organization_id == organization_id, ~webhooks.c.is_active)
    await transaction.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.webhook_id.in_(inactive), _PENDING, _FREE)
        .values(status="cancelled", body=None, finished_at=now)
    )


async def list_of(
    transaction: Transaction,
    organization_id: UUID,
    webhook_id: UUID,
    limit: int,
    offset: int = 0,
    *,
    delivery_id: UUID | None = None,
) -> list[Delivery]:
    """`limit` deliveries of a webhook, newest first, after the `offset` newest, with their attempts; or only the one
    named."""
    columns = webhook_deliveries.c
    query = (
        select(columns.id, columns.event, columns.status, columns.created_at, columns.finished_at)
        .where(columns.organization_id == organization_id, columns.webhook_id == webhook_id)
        .order_by(columns.created_at.desc(), columns.id)
        .limit(limit)
        .offset(offset)
    )
    if delivery_id is not None:
        query = query.where(columns.id == delivery_id)
    rows = (await transaction.execute(query)).all()
    attempts = await _attempts(transaction, [row.id for row in rows])
    return [
        Delivery(row.id, row.event, row.status, row.created_at, row.finished_at, tuple(attempts[row.id]))
        for row in rows
    ]


async def stats(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> Stats:
    """Counts of a webhook's deliveries by status, and when the last was made."""
    columns = webhook_deliveries.c
    query = (
        select(columns.status, func.count(), func.max(columns.created_at))
        .where(columns.organization_id == organization_id, columns.webhook_id == webhook_id)
        .group_by(columns.status)
    )
    rows = {status: (number, last) for status, number, last in await transaction.execute(query)}
    counts = {status: number for status, (number, _) in rows.items()}
    return Stats(
        delivered=counts.get("delivered", 0),
        failed=counts.get("failed", 0),
        pending=counts.get("pending", 0),
        cancelled=counts.get("cancelled", 0),
        last_at=max((last for _, last in rows.values()), default=None),
    )


async def of_target(
    transaction: Transaction, organization_id: UUID, target_id: UUID
) -> tuple[Mapping[str, int], str | None]:
    """How many deliveries to a target there are by status, and the error of the last attempt at one that failed."""
    columns = webhook_deliveries.c
    ours = (columns.organization_id == organization_id, columns.target_id == target_id)
    counted = await transaction.execute(select(columns.status, func.count()).where(*ours).group_by(columns.status))
    counts: dict[str, int] = dict(counted.tuples().all())
    if "failed" not in counts:
        return counts, None
    last = (
        select(webhook_attempts.c.error)
        .join(webhook_deliveries, columns.id == webhook_attempts.c.delivery_id)
        .where(*ours, columns.status == "failed")
        .order_by(webhook_attempts.c.started_at.desc())
        .limit(1)
    )
    return counts, await transaction.scalar(last)


async def stranded(transaction: Transaction, since: timedelta) -> list[UUID]:
    """Organizations with a delivery that has been due for `since` and that nobody has leased."""
    due = webhook_deliveries.c.due_at < func.now() - since
    query = select(webhook_deliveries.c.organization_id).distinct().where(_PENDING, _FREE, due)
    return list(await transaction.scalars(query))


async def drop_old(transaction: Transaction, before: datetime) -> None:
    """Delete deliveries that ended before `before`, with their attempts."""
    await transaction.execute(delete(webhook_deliveries).where(webhook_deliveries.c.finished_at < before))


def _claimable(organization_id: UUID, per_host: int, in_all: int) -> Select[UUID]:
    leased = and_(webhook_deliveries.c.organization_id == organization_id, _LEASED)
    full_hosts = (
        select(webhook_deliveries.c.host)
        .where(leased)
        .group_by(webhook_deliveries.c.host)
        .having(func.count() >= per_host)
    )
    under_way = select(func.count()).select_from(webhook_deliveries).where(leased).scalar_subquery()
    return (
        select(webhook_deliveries.c.id)
        .where(
            webhook_deliveries.c.organization_id == organization_id,
            _PENDING,
            _FREE,
            webhook_deliveries.c.due_at <= func.now(),
            webhook_deliveries.c.host.not_in(full_hosts),
            under_way < in_all,
        )
        .order_by(webhook_deliveries.c.due_at)
        .limit(1)
    )


async def _record_lost(transaction: Transaction, delivery_id: UUID, attempts: int, started_at: datetime) -> None:
    counted = update(webhook_deliveries).where(webhook_deliveries.c.id == delivery_id).values(attempts=attempts + 1)
    await transaction.execute(counted)
    lost = {"started_at": started_at, "duration_ms": 0, "status_code": None, "error": WORKER_DIED}
    await transaction.execute(insert(webhook_attempts).values(delivery_id=delivery_id, number=attempts + 1, **lost))


async def _attempts(transaction: Transaction, delivery_ids: Sequence[UUID]) -> dict[UUID, list[Attempt]]:
    columns = webhook_attempts.c
    query = (
        select(columns.delivery_id, columns.started_at, columns.duration_ms, columns.status_code, columns.error)
        .where(columns.delivery_id.in_(delivery_ids))
        .order_by(columns.number)
    )
    found: defaultdict[UUID, list[Attempt]] = defaultdict(list)
    rows: Any = await transaction.execute(query)
    for delivery_id, *attempt in rows:
        found[delivery_id].append(Attempt(*attempt))
    return found
