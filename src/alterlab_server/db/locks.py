"""Locks that one process of all holds at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select

from alterlab_server.db.database import Database, Transaction

# Any numbers will do, as long as no two purposes share one.
MIGRATION_LOCK = 7_203_001
SWEEPER_LOCK = 7_203_002


@asynccontextmanager
async def held(database: Database, key: int) -> AsyncIterator[None]:
    """Hold the lock `key` during the block; waits for whoever holds it."""
    connection = await database.connect()
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", key)
        yield
    finally:
        await connection.close()


async def serialise(transaction: Transaction, subject: str) -> None:
    """Wait until no other transaction is at `subject`; it is ours until the transaction ends."""
    await transaction.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))


async def try_hold(transaction: Transaction, key: int) -> bool:
    """Take the lock `key` until the transaction ends; False when another process has it."""
    return bool(await transaction.scalar(select(func.pg_try_advisory_xact_lock(key))))
