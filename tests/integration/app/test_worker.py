import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest
from tests.support.waiting import eventually_async

from alterlab_server.app import worker
from alterlab_server.app.metrics import WorkerMetrics
from alterlab_server.app.worker import _give_signs_of_life
from alterlab_server.base.clock import utc_now
from alterlab_server.db import Database
from alterlab_server.jobs.workers import forget_silent, live_workers


class Faltering:
    """A store that cannot be reached once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failed = False

    def transaction(self) -> Any:
        if not self.failed:
            self.failed = True
            raise OSError("the store cannot be reached now")
        return self._database.transaction()


async def test_a_sign_of_life_that_fails_is_not_the_last(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SIGN_OF_LIFE_SECONDS", 0.01)
    store: Any = Faltering(database)

    async def workers() -> int:
        async with database.transaction() as transaction:
            return len(await live_workers(transaction))

    giving = asyncio.create_task(_give_signs_of_life(store, {}, WorkerMetrics()))
    await eventually_async(workers, what="a sign of life")
    assert store.failed
    giving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await giving
    assert await workers() == 0, "it has said goodbye"


async def test_a_worker_whose_clock_is_wrong_is_alive(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "utc_now", lambda: utc_now() - timedelta(hours=1))

    async def workers() -> int:
        async with database.transaction() as transaction:
            await forget_silent(transaction)
            return len(await live_workers(transaction))

    giving = asyncio.create_task(_give_signs_of_life(database, {}, WorkerMetrics()))
    await eventually_async(workers, what="a sign of life")
    giving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await giving
