"""Queries on batches. What a caller may name takes the organization first."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update

from alterlab_server.batch.models import batch_items, batches
from alterlab_server.batch.schemas import Batch, ItemTurn
from alterlab_server.db import Compiled, Transaction

_COLUMNS = (
    batches.c.id,
    batches.c.organization_id,
    batches.c.job_ids,
    batches.c.webhook_url,
    batches.c.created_at,
    batches.c.finished_at,
)
# An item that ends leaves its place to the next one of its host.
_PASS_TURN = Compiled(
    text(
        """
        WITH ended AS (DELETE FROM batch_items WHERE job_id = :job_id RETURNING batch_id, host, queued),
        following AS (
            SELECT waiting.job_id FROM batch_items AS waiting JOIN ended USING (batch_id, host)
            WHERE ended.queued AND NOT waiting.queued ORDER BY waiting.position LIMIT 1
        )
        UPDATE batch_items SET queued = true FROM following WHERE batch_items.job_id = following.job_id
        RETURNING batch_items.job_id
        """
    ).bindparams(bindparam("job_id"))
)


async def add(
    transaction: Transaction, organization_id: UUID, batch_id: UUID, job_ids: Sequence[UUID], webhook_url: str | None
) -> None:
    """Insert a batch."""
    values = {"id": batch_id, "organization_id": organization_id, "job_ids": list(job_ids), "webhook_url": webhook_url}
    await transaction.execute(insert(batches).values(values))


async def add_turns(transaction: Transaction, batch_id: UUID, turns: Sequence[ItemTurn]) -> None:
    """Insert items that have to take turns."""
    rows = [{"batch_id": batch_id, **asdict(turn)} for turn in turns]
    await transaction.execute(insert(batch_items), rows)


async def pass_turn(transaction: Transaction, job_id: UUID) -> UUID | None:
    """Forget an item that has ended; the one that is queued in its place, if one waits. The batch is locked."""
    row = await _PASS_TURN.row(transaction, {"job_id": job_id})
    return row[0] if row else None


async def get(transaction: Transaction, organization_id: UUID, batch_id: UUID, now: datetime) -> Batch | None:
    """A batch of the organization that has not expired, or None."""
    visible = or_(batches.c.expires_at.is_(None), batches.c.expires_at >= now)
    query = select(*_COLUMNS).where(batches.c.organization_id == organization_id, batches.c.id == batch_id, visible)
    row = (await transaction.execute(query)).one_or_none()
    return Batch(row.id, row.organization_id, tuple(row.job_ids), *row[3:]) if row else None


async def count_unfinished(transaction: Transaction, organization_id: UUID) -> int:
    """How many batches of the organization are under way."""
    unfinished = (batches.c.organization_id == organization_id, batches.c.finished_at.is_(None))
    return int(await transaction.scalar(select(func.count()).select_from(batches).where(*unfinished)) or 0)


async def lock_unfinished(transaction: Transaction, batch_id: UUID) -> bool:
    """Lock a batch until the transaction ends; False when it has ended."""
    query = select(batches.c.id).where(batches.c.id == batch_id, batches.c.finished_at.is_(None)).with_for_update()
    return await transaction.scalar(query) is not None


async def end(transaction: Transaction, batch_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Mark a batch as ended."""
    await transaction.execute(
        update(batches).where(batches.c.id == batch_id).values(finished_at=now, expires_at=expires_at)
    )


async def drop_expired(transaction: Transaction, now: datetime) -> None:
    """Delete batches that have expired; their jobs are the business of `jobs`."""
    await transaction.execute(delete(batches).where(batches.c.expires_at < now))
