"""Connections and transactions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from sqlalchemy import ColumnElement, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from alterlab_server.base.events import Event

Transaction = AsyncConnection
# How long a caller waits for one of the connections.
POOL_SECONDS = 30.0
# A process that is frozen, or whose machine has vanished, holds the locks of each of its open transactions no longer
# than this, after which it counts as dead: others wait for them, and the server would take hours to notice.
IDLE_TRANSACTION = "10s"
# Tells an event to whoever reacts, inside the given transaction.
Publish = Callable[[Transaction, Event], Awaitable[None]]
IdColumn = ColumnElement[UUID]
Condition = ColumnElement[bool]
_WithDriver = tuple[AsyncConnection, asyncpg.Connection]
# The condition that anybody may react to the end of a job, made from its organization and its id.
Heard = Callable[[IdColumn, IdColumn], Condition]
log = structlog.get_logger()


def asyncpg_url(dsn: str) -> URL:
    """The URL for SQLAlchemy's asyncpg dialect of any `postgres://` or `postgresql://` address."""
    return make_url(dsn.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+asyncpg")


class StoreAwayError(ConnectionError):
    """No connection to the server could be had: it refuses, does not answer in time, or all of the pool's are taken."""


STORE_ERRORS = (
    StoreAwayError,
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a statement meets the server's farewell
)
"""What a statement raises when the server cannot be reached, or does not answer."""
# The server starts, stops, is full, takes nobody, or is gone.
_AWAY = (
    StoreAwayError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


class Database:
    """A pool of connections to one PostgreSQL.

    `dsn` is a postgresql:// address; `pool_size` bounds the connections of this process.
    """

    def __init__(self, dsn: str, *, pool_size: int = 20) -> None:
        self.dsn = dsn
        self._places = asyncio.Semaphore(pool_size)
        # What SQLAlchemy is to know of transactions is nothing: each is the driver's own (docs/decisions/0011).
        self._engine = create_async_engine(
            asyncpg_url(dsn),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=False,
            pool_use_lifo=True,  # the connection used last has its plans and its backend's memory at hand
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": {"idle_in_transaction_session_timeout": IDLE_TRANSACTION}},
            json_serializer=to_json,
            json_deserializer=orjson.loads,
            hide_parameters=True,  # they can be secrets, and an error goes into the log
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        self._at_hand: list[_WithDriver] = []
        self._closed = False

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        return self._begun("BEGIN")

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """A connection to read with several statements that all see the store at one moment."""
        return self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Transaction]:
        """A connection on which each statement commits by itself, and sees what was committed before it.

        It spares a single statement the two round trips of BEGIN and COMMIT.
        """
        # Where a place is free there is no wait to bound.
        with _told_as_away():
            async with asyncio.timeout(POOL_SECONDS) if self._places.locked() else nullcontext():
                await self._places.acquire()
        try:
            with _told_as_away():
                connection, under = await self._take()
            try:
                yield connection
            finally:
                await self._put_back(connection, under)
        finally:
            self._places.release()

    async def ping(self) -> None:
        """Ask the server for a sign of life; raises what the driver raises when there is none."""
        async with self.statement() as connection:
            await raw(connection).execute("SELECT 1")

    async def connect(self) -> asyncpg.Connection:
        """A connection of its own outside the pool, for LISTEN and for long-held locks. The caller closes it."""
        with _told_as_away():
            return await asyncpg.connect(self.dsn)

    async def close(self) -> None:
        """Close all connections of the pool; one that is in use is closed by who puts it back."""
        self._closed = True
        while self._at_hand:
            await self._at_hand.pop()[0].close()
        await self._engine.dispose()

    async def _take(self) -> _WithDriver:
        """The connection used last, for it has its plans and its backend's memory at hand."""
        while self._at_hand:
            connection, under = self._at_hand.pop()
            if not under.is_closed():
                return connection, under
            await connection.close()
        connection = await self._engine.connect()
        return connection, raw(connection)

    async def _put_back(self, connection: AsyncConnection, under: asyncpg.Connection) -> None:
        """Keep a connection at hand on which only the driver's own statements ran; SQLAlchemy's pool takes the others.

        The way through that pool costs as much as a statement.
        """
        if self._closed and not connection.invalidated:
            await connection.invalidate()
        if connection.invalidated or connection.in_transaction():
            await connection.close()
            return
        if not under.is_closed() and under.is_in_transaction():  # its end was interrupted
            under.terminate()
        self._at_hand.append((connection, under))

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[Transaction]:
        """SQLAlchemy closes the connection of a statement that is cancelled: then there is nothing to roll back."""
        async with self.statement() as connection:
            under = raw(connection)
            try:
                await under.execute(begin)
            except BaseException:
                under.terminate()  # it may have begun, and the next one on this connection would never be committed
                raise
            try:
                yield connection
            except BaseException:
                if not under.is_closed():
                    await under.execute("ROLLBACK")
                raise
            await under.execute("COMMIT")


def raw(transaction: Transaction) -> asyncpg.Connection:
    """The asyncpg connection under a transaction, for what speaks to the driver; it is inside the same transaction."""
    connection = transaction.sync_connection
    if connection is None:
        raise RuntimeError("the connection is not open")
    under: asyncpg.Connection = connection.connection.driver_connection
    return under


@asynccontextmanager
async def apart(transaction: Transaction, failed: str, **ids: str) -> AsyncIterator[None]:
    """A part of a transaction that keeps no other from its work: when the block raises it is undone alone, and logged
    as the event `failed` with these ids. Raises only when the store is away."""
    under = raw(transaction)
    await under.execute("SAVEPOINT part")
    try:
        yield
    except Exception as error:
        if under.is_closed() or is_away(error):
            raise
        await under.execute("ROLLBACK TO SAVEPOINT part")
        log.exception(failed, **ids)
        return
    await under.execute("RELEASE SAVEPOINT part")


def to_json(value: object) -> str:
    """A value as JSON, as the driver takes it."""
    return orjson.dumps(value).decode()


def is_away(error: BaseException) -> bool:
    """Whether a statement failed because the server is not there now, and through no fault of its own."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig.__cause__ or error.orig
    return isinstance(error, _AWAY)


@contextmanager
def _told_as_away() -> Iterator[None]:
    """Tell what the system says of a connection apart from what it says of files and of other hosts."""
    try:
        yield
    except TimeoutError as error:
        raise StoreAwayError("No connection could be had within the time for it.") from error
    except OSError as error:
        raise StoreAwayError(str(error)) from error


def _refuse_closed(connection: Any, *_: object) -> None:
    """Let the pool open another connection in place of one that the server has closed."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
