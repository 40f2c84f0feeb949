"""The workers that are alive, and what they can do: each says so itself, every few seconds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from alterlab_server.db import Transaction
from alterlab_server.jobs.repository import workers
from alterlab_server.jobs.schemas import Worker

SIGN_OF_LIFE_SECONDS = 5.0
ALIVE_FOR = timedelta(seconds=20)


async def give_sign_of_life(
    transaction: Transaction, worker_id: UUID, name: str, abilities: Mapping[str, Any], metrics: str
) -> None:
    """Say that a worker is alive, what it can do and what it has counted; to be said every SIGN_OF_LIFE_SECONDS."""
    await workers.record(transaction, worker_id, name, abilities, metrics)


async def say_goodbye(transaction: Transaction, worker_id: UUID) -> None:
    """Say that a worker ends."""
    await workers.remove(transaction, worker_id)


async def live_workers(transaction: Transaction) -> list[Worker]:
    """The workers that gave a sign of life in the last 20 seconds."""
    return await workers.alive(transaction, ALIVE_FOR)


async def forget_silent(transaction: Transaction) -> None:
    """Forget the workers that gave no sign of life for long."""
    await workers.drop_silent(transaction, 10 * ALIVE_FOR)
