"""The workers' signs of life, on the clock of the store: those of the machines may differ by more than a silence."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.jobs.models import workers
from alterlab_server.jobs.schemas import Worker


async def record(
    transaction: Transaction, worker_id: UUID, name: str, abilities: Mapping[str, Any], metrics: str
) -> None:
    """Write a worker's sign of life."""
    values = {"id": worker_id, "name": name, "started_at": func.now()}
    seen = {"seen_at": func.now(), "abilities": abilities, "metrics": metrics}
    await transaction.execute(
        upsert(workers).values(values | seen).on_conflict_do_update(index_elements=["id"], set_=seen)
    )


async def remove(transaction: Transaction, worker_id: UUID) -> None:
    """Forget a worker that ends."""
    await transaction.execute(delete(workers).where(workers.c.id == worker_id))


async def drop_silent(transaction: Transaction, silent: timedelta) -> None:
    """Forget workers that were not seen for so long."""
    await transaction.execute(delete(workers).where(workers.c.seen_at < func.now() - silent))


async def alive(transaction: Transaction, silent: timedelta) -> list[Worker]:
    """The workers that were not silent for so long, oldest first."""
    query = select(workers).where(workers.c.seen_at >= func.now() - silent).order_by(workers.c.started_at)
    return [Worker(**row) for row in (await transaction.execute(query)).mappings()]
