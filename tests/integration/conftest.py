"""What tests on the store need besides it: a job to work on, and the parts that `app` would give."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from tests.support.accounts import Account, new_account
from tests.support.jobs import new_job

from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.db import Database
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import NewJob

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HELD = 4_000
AcceptJob = Callable[..., Awaitable[NewJob]]


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([bytes(KEY_BYTES)])


@pytest.fixture
async def account(database: Database) -> Account:
    return await new_account(database, dollars=1)


@pytest.fixture
def accept(database: Database, account: Account, sealer: Sealer) -> AcceptJob:
    """Writes, queues and holds a job of `account`, created at noon and due 90 seconds later."""

    async def make(held: int = HELD, most: int = 1000) -> NewJob:
        job = new_job(account, NOON, held=held)
        async with database.transaction() as transaction:
            await jobs.accept(transaction, job, "scrape.run", sealer, most)
        return job

    return make
