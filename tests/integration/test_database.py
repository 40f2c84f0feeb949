"""Transactions that SQLAlchemy and the driver share, statements compiled once, and connections that were closed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import JSON, bindparam, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from tests.support.running import closed_port
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.app.settings import Settings
from alterlab_server.app.store import prepare
from alterlab_server.db import STORE_ERRORS, Compiled, Database, Transaction, apart, is_away, raw
from alterlab_server.db import database as database_module
from alterlab_server.db.embedded import StoreError

_ECHO = Compiled(select(bindparam("value", type_=JSON), bindparam("other", 7), literal_column("NULL")))
_COUNT = Compiled(text("SELECT count(*) FROM pg_temp.kept"))
_BACKEND = Compiled(select(func.pg_backend_pid()))
_TABLE = text("CREATE TEMPORARY TABLE kept (number int)")


async def test_compiled_statement_takes_its_values_by_name(database: Database) -> None:
    async with database.statement() as connection:
        row = await _ECHO.row(connection, {"value": {"a": [1, None]}})
        assert row is not None
        assert tuple(row) == ({"a": [1, None]}, 7, None)
        assert (await _ECHO.rows(connection, {"value": None, "other": 8}))[0][1] == 8
        with pytest.raises(KeyError):
            await _ECHO.row(connection, {})


async def test_both_ways_are_in_one_transaction(database: Database) -> None:
    async with database.statement() as connection:
        await connection.execute(_TABLE)
    insert = Compiled(text("INSERT INTO pg_temp.kept VALUES (CAST(:number AS int))"))
    with contextlib.suppress(LookupError):
        async with database.transaction() as transaction:
            await insert.run_many(transaction, [{"number": 1}, {"number": 2}])
            await transaction.execute(text("INSERT INTO pg_temp.kept VALUES (3)"))
            row = await _COUNT.row(transaction, {})
            assert row is not None
            assert row[0] == 3
            raise LookupError
    async with database.statement() as connection:
        row = await _COUNT.row(connection, {})
        assert row is not None
        assert row[0] == 0


@pytest.mark.parametrize("way", ["transaction", "snapshot"])
async def test_a_cancelled_statement_ends_its_task(database: Database, way: str) -> None:
    """Whoever goes on after errors of the store must not take a cancellation for one."""
    asked = asyncio.Event()

    async def ask() -> None:
        async with getattr(database, way)() as transaction:
            asked.set()
            await transaction.execute(text("SELECT pg_sleep(60)"))

    task = asyncio.create_task(ask())
    await asked.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_snapshot_reads_one_moment_and_writes_nothing(database: Database) -> None:
    async with database.statement() as writer:
        await writer.execute(text("CREATE TABLE moment (number int)"))
        async with database.snapshot() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM moment")) == 0
            await writer.execute(text("INSERT INTO moment VALUES (1)"))
            assert await reader.scalar(text("SELECT count(*) FROM moment")) == 0
        async with database.snapshot() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM moment")) == 1
            with pytest.raises(DBAPIError, match="read-only"):
                await reader.execute(text("INSERT INTO moment VALUES (2)"))
        await writer.execute(text("DROP TABLE moment"))


async def _compiled(connection: Transaction) -> int:
    (row,) = await _BACKEND.rows(connection, {})
    return int(row[0])


async def _executed(connection: Transaction) -> int:
    return int(await connection.scalar(select(func.pg_backend_pid())) or 0)


@pytest.mark.parametrize("ask", [_compiled, _executed])
async def test_connection_that_the_server_closed_is_replaced(
    dsn: str, ask: Callable[[Transaction], Awaitable[int]]
) -> None:
    database, other = Database(dsn, pool_size=1), Database(dsn, pool_size=1)
    async with database.statement() as connection:
        backend = await ask(connection)
        under = raw(connection)
    async with other.statement() as connection:
        await connection.execute(select(func.pg_terminate_backend(backend)))

    async def closed() -> bool:
        return bool(under.is_closed())

    await eventually_async(closed)
    async with database.statement() as connection:
        assert await ask(connection) != backend
    await database.close()
    await other.close()


async def test_no_more_connections_than_allowed_and_each_is_used_again(dsn: str) -> None:
    database, seen = Database(dsn, pool_size=2), set()

    async def use(number: int) -> None:
        async with database.statement() as connection:
            seen.add(await (_compiled if number % 3 else _executed)(connection))

    await asyncio.gather(*(use(number) for number in range(30)))
    assert len(seen) == 2
    await database.close()


async def test_who_waits_too_long_for_a_connection_is_told(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "POOL_SECONDS", 0.01)
    database = Database(dsn, pool_size=1)
    async with database.statement():
        with pytest.raises(STORE_ERRORS, match="within"):
            async with database.statement():
                raise AssertionError
    async with database.statement() as connection:
        assert await _compiled(connection)
    await database.close()


async def test_transaction_whose_end_was_interrupted_is_nobody_elses(dsn: str) -> None:
    database = Database(dsn, pool_size=1)
    async with database.statement() as connection:
        await raw(connection).execute("BEGIN")
    async with database.statement() as connection:
        assert not raw(connection).is_in_transaction()
        assert await _compiled(connection)
    await database.close()


@pytest.mark.parametrize("steps", range(8))
async def test_what_follows_a_transaction_that_was_cancelled_at_any_step_is_kept(dsn: str, steps: int) -> None:
    database, reader = Database(dsn, pool_size=1), Database(dsn, pool_size=1)
    insert = Compiled(text("INSERT INTO cancelled VALUES (1)"))

    async def work() -> None:
        async with database.transaction() as transaction:
            await _compiled(transaction)

    async with database.statement() as connection, reader.statement() as seen:
        assert await _compiled(connection)  # it is open from now on
        await seen.execute(text("CREATE TABLE cancelled (number int)"))
    async with reader.statement() as seen:
        task = asyncio.create_task(work())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.statement() as connection:
            await insert.rows(connection, {})
        kept = await seen.scalar(text("SELECT count(*) FROM cancelled"))
        await seen.execute(text("DROP TABLE cancelled"))
    await database.close()
    await reader.close()
    assert kept == 1


async def test_connection_in_use_at_the_end_is_closed_afterwards(dsn: str) -> None:
    database = Database(dsn, pool_size=2)
    async with database.statement() as connection:
        under = raw(connection)
        await database.close()
        assert not under.is_closed()
        assert await _compiled(connection)
    assert under.is_closed()


async def test_an_error_repeats_no_value_of_a_statement(database: Database) -> None:
    async with database.statement() as connection:
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(text("SELECT :value FROM no_such_table"), {"value": "s3cret"})
    assert "s3cret" not in str(failed.value)


async def test_a_frozen_process_holds_the_locks_of_its_transaction_for_a_bounded_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "IDLE_TRANSACTION", "100ms")
    frozen = Database(database.dsn)
    begun = asyncio.Event()
    waits = text("SELECT pg_advisory_xact_lock(1)")

    async def freeze() -> None:
        async with frozen.transaction() as transaction:
            await transaction.execute(waits)
            begun.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(freeze())
    await begun.wait()
    async with asyncio.timeout(PATIENCE), database.transaction() as other:
        await other.execute(waits)
    holding.cancel()
    with pytest.raises((*STORE_ERRORS, asyncio.CancelledError)):
        await holding
    await frozen.ping()
    await frozen.close()


async def test_only_what_the_store_does_is_taken_for_its_absence() -> None:
    with closed_port() as port:
        for ask in (Database.ping, Database.connect):
            with pytest.raises(STORE_ERRORS) as caught:
                await ask(Database(f"postgresql://nobody@127.0.0.1:{port}/none"))
            assert is_away(caught.value)
    for other in (FileNotFoundError("a file of ours"), ConnectionResetError("another host"), TimeoutError()):
        assert not is_away(other)


async def test_a_part_of_a_transaction_is_undone_alone(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(_TABLE)
        for number in (1, 0, 2):
            async with apart(transaction, "part.failed", number=str(number)):
                await transaction.execute(text(f"INSERT INTO pg_temp.kept VALUES ({number})"))
                await transaction.execute(text(f"SELECT 1 / {number}"))
        row = await _COUNT.row(transaction, {})
        assert row is not None
        assert row[0] == 2


async def test_a_store_that_goes_amid_a_part_is_told(database: Database) -> None:
    gone = asyncpg.ConnectionDoesNotExistError("gone")
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        async with database.transaction() as transaction, apart(transaction, "part.failed"):
            raise gone


async def test_a_store_that_takes_nobody_ends_the_start_with_one_sentence(database: Database) -> None:
    name = database.dsn.partition("?")[0].rpartition("/")[2]
    other = await asyncpg.connect(database.dsn.replace(f"/{name}?", "/postgres?"))
    await other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await other.close()
    with pytest.raises(StoreError, match=r"cannot be used: .*not currently accepting connections"):
        await prepare(database, Settings(data=Path("unused")))
