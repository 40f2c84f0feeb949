"""Running one transaction against the store of the settings, from a command."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import uvloop

from alterlab_server.app.settings import Settings
from alterlab_server.app.store import opened_store, prepare_and_tell
from alterlab_server.db import Database, Transaction

T = TypeVar("T")


def in_transaction(work: Callable[[Transaction], Awaitable[T]], data: Path | None, database_url: str | None) -> T:
    """Open the store (joining the one that runs), migrate it, run `work` in one transaction and return its value."""
    settings = Settings.with_flags(data=data, database_url=database_url)

    async def run(dsn: str) -> T:
        database = Database(dsn, pool_size=2)
        try:
            await prepare_and_tell(database, settings, sys.stderr)
            async with database.transaction() as transaction:
                return await work(transaction)
        finally:
            await database.close()

    with opened_store(settings) as store:
        return uvloop.run(run(store.dsn))
