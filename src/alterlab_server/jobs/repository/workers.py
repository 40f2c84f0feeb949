"""The workers' signs of life."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.jobs.models import workers
from alterlab_server.jobs.schemas import Worker


async def record(
    transaction: Transaction, worker_id: UUID, name: str, abilities: Mapping[str, Any], metrics: str, now: datetime
) -> None:
    """Write a worker's sign of life."""
    values = {"id": worker_id, "name": name, "started_at": now}
    seen = {"seen_at": now, "abilities": abilities, "metrics": metrics}
    await transaction.execute(
        upsert(workers).values(values | seen).on_conflict_do_update(index_elements=["id"], set_=seen)
    )


async def remove(transaction: Transaction, worker_id: UUID) -> None:
    """Forget a worker that ends."""
    await transaction.execute(delete(workers).where(workers.c.id == worker_id))


async def drop_silent(transaction: Transaction, before: datetime) -> None:
    """Forget workers that were last seen before `before`."""
    await transaction.execute(delete(workers).where(workers.c.seen_at < before))


async def alive(transaction: Transaction, since: datetime) -> list[Worker]:
    """The workers seen since `since`, oldest first."""
    query = select(workers).where(workers.c.seen_at >= since).order_by(workers.c.started_at)
    return [Worker(**row) for row in (await transaction.execute(query)).mappings()]
