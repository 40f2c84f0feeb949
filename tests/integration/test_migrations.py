"""Migrations: from nothing to the models, once, however many processes start together."""

import asyncio
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, text
from tests.support.running import environment

from alterlab_server.db import Database, migrate


async def test_migrations_make_what_the_models_say(empty_dsn: str) -> None:
    database = Database(empty_dsn)
    await migrate.upgrade(database)

    def check(connection: Connection) -> None:
        command.check(migrate.alembic_config(connection))  # raises when the two differ

    async with database.transaction() as transaction:
        await transaction.run_sync(check)
    await database.close()


async def test_second_upgrade_changes_nothing(empty_dsn: str) -> None:
    database = Database(empty_dsn)
    await migrate.upgrade(database)
    before = await _tables(database)
    await migrate.upgrade(database)
    assert await _tables(database) == before
    await database.close()


async def test_processes_that_start_together_migrate_once(empty_dsn: str, tmp_path: Path) -> None:
    arguments = ("db", "upgrade", "--database-url", empty_dsn, "--data", str(tmp_path))
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "alterlab_server.app.cli",
            *arguments,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        for _ in range(3)
    ]
    printed = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], printed
    database = Database(empty_dsn)
    async with database.transaction() as transaction:
        assert await transaction.scalar(text("SELECT count(*) FROM organizations")) == 1
        assert await transaction.scalar(text("SELECT count(*) FROM api_keys")) == 1
        assert await transaction.scalar(text("SELECT sum(microcents) FROM balances")) == 1_000_000_000
        assert await transaction.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    await database.close()


async def _tables(database: Database) -> list[tuple[str, str, str]]:
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    async with database.transaction() as transaction:
        return sorted(tuple(row) for row in await transaction.execute(text(query)))
