"""Write a migration for what the models say and the migrations do not yet. Usage: new_migration.py NUMBER MESSAGE."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from alterlab_server.db import Database, embedded, migrate


def _revision(connection: Connection) -> None:
    number, message = sys.argv[1:]
    command.upgrade(migrate.alembic_config(connection), "head")
    command.revision(migrate.alembic_config(connection), message, autogenerate=True, rev_id=number)


async def _write(dsn: str) -> None:
    database = Database(dsn)
    async with database.transaction() as transaction:
        await transaction.run_sync(_revision)
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        store = embedded.start(Path(folder))
        try:
            asyncio.run(_write(store.dsn))
        finally:
            store.stop()
