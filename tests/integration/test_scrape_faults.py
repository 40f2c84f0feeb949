"""A job whose runs fail each time."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError
from tests.support.accounts import Account
from tests.support.jobs import new_job

from alterlab_server.base.clock import utc_now
from alterlab_server.base.events import Event, JobFinished
from alterlab_server.base.sealing import Sealer
from alterlab_server.db import Database, Transaction
from alterlab_server.jobs import service as jobs
from alterlab_server.scrape.tasks import ScrapeTask


async def test_a_job_whose_request_can_no_longer_be_read_ends_and_costs_nothing(
    database: Database, account: Account, sealer: Sealer
) -> None:
    told: list[Event] = []
    observed: list[Any] = []
    unused: Any = None

    async def publish(_transaction: Transaction, event: Event) -> None:
        told.append(event)

    parts = (database, unused, sealer, unused, publish, unused, unused, unused, observed.append, utc_now)
    run = ScrapeTask(*parts)
    job = replace(new_job(account, utc_now()), request=b'{"address": "https://example.com/"}')
    async with database.transaction() as transaction:
        await jobs.accept(transaction, job, "scrape.run", sealer, 1000)
    for _ in range(jobs.MAX_RUNS):
        with pytest.raises(ValidationError):
            await run(job.id.bytes)
    await run(job.id.bytes)
    async with database.statement() as connection:
        ended = await jobs.get(connection, account.id, job.id, utc_now())
    assert (ended.status, ended.error and ended.error.code) == ("failed", "INTERNAL_ERROR")
    assert await account.charges() == [0]
    assert (len(observed), [type(event) for event in told]) == (1, [JobFinished])
