"""Connections and transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from alterlab_server.base.events import Event

Transaction = AsyncConnection
# Tells an event to whoever reacts, inside the given transaction.
Publish = Callable[[Transaction, Event], Awaitable[None]]


def asyncpg_url(dsn: str) -> URL:
    """The URL for SQLAlchemy's asyncpg dialect of any `postgres://` or `postgresql://` address."""
    return make_url(dsn.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+asyncpg")


STORE_ERRORS = (OSError, SQLAlchemyError, TimeoutError)
"""What a statement raises when the server cannot be reached, or does not answer."""


class Database:
    """A pool of connections to one PostgreSQL.

    `dsn` is a postgresql:// address; `pool_size` bounds the connections of this process.
    """

    def __init__(self, dsn: str, *, pool_size: int = 20) -> None:
        self.dsn = dsn
        self._engine = create_async_engine(
            asyncpg_url(dsn),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=False,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
        )
        self._autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Transaction]:
        """A connection on which each statement commits by itself: for a single statement, or for reads alone.

        It spares the two round trips of BEGIN and COMMIT.
        """
        async with self._autocommit.connect() as connection:
            yield connection

    async def ping(self) -> None:
        """Ask the server for a sign of life; raises what the driver raises when there is none."""
        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def connect(self) -> asyncpg.Connection:
        """A connection of its own outside the pool, for LISTEN and for long-held locks. The caller closes it."""
        return await asyncpg.connect(self.dsn)

    async def close(self) -> None:
        """Close all connections of the pool."""
        await self._engine.dispose()


async def raw(transaction: Transaction) -> asyncpg.Connection:
    """The asyncpg connection under a transaction, for libraries that take one; it is inside the same transaction."""
    connection: asyncpg.Connection = (await transaction.get_raw_connection()).driver_connection
    if not connection.is_in_transaction():
        # SQLAlchemy sends BEGIN with its first statement; what is done on the raw connection before would commit alone.
        await transaction.execute(text("SELECT 1"))
    return connection
