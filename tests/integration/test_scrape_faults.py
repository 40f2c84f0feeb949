"""A job whose runs fail each time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError
from tests.support.accounts import Account
from tests.support.jobs import new_job

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import utc_now
from alterlab_server.base.events import Event, JobFinished
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Transaction, patience
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.begun import Begun
from alterlab_server.jobs.schemas import Ending, JobFile
from alterlab_server.scrape import tasks
from alterlab_server.scrape.run import Assignment, Scraped
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


async def test_a_page_whose_screenshot_cannot_be_kept_is_fetched_once_and_costs_nothing(
    database: Database, account: Account, sealer: Sealer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "screenshots").write_text("no folder, so that nothing can be put into it")
    shot = JobFile("screenshots/a.png", "image/png", b"PNG")
    fetched: list[Assignment] = []
    unused: Any = None

    async def scrape(assignment: Assignment, _tools: Any) -> Scraped:
        fetched.append(assignment)
        return Scraped(Ending(charged_microcents=200, result=b"{}", files=(shot,)))

    monkeypatch.setattr(tasks, "scrape", scrape)
    reactions = Reactions(sealer, utc_now)
    end = jobs.EndUnheard(reactions.heard)
    blobs = BlobStore.open(None, tmp_path)
    run = ScrapeTask(
        database, blobs, sealer, unused, reactions.publish, end, Begun(), unused, lambda _ending: None, utc_now
    )
    job = new_job(account, utc_now())
    async with database.transaction() as transaction:
        await jobs.accept(transaction, job, "scrape.run", sealer, 1000)
    await run(job.id.bytes)
    async with database.statement() as connection:
        ended = await jobs.get(connection, account.id, job.id, utc_now())
    assert (ended.status, ended.error and ended.error.code, len(fetched)) == ("failed", "INTERNAL_ERROR", 1)
    assert await account.charges() == [0]


async def test_a_page_is_asked_once_though_there_is_no_room_for_its_result_at_first(
    database: Database, account: Account, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "AGAIN_SECONDS", 0.0)
    fetched: list[Assignment] = []
    unused: Any = None

    async def scrape(assignment: Assignment, _tools: Any) -> Scraped:
        fetched.append(assignment)
        return Scraped(Ending(charged_microcents=200, result=b"{}"))

    class FullAtFirst(jobs.EndUnheard):
        full = 3

        async def __call__(self, *arguments: Any) -> bool:
            self.full -= 1
            if self.full >= 0:
                raise asyncpg.DiskFullError("No space left on device")
            return await super().__call__(*arguments)

    monkeypatch.setattr(tasks, "scrape", scrape)
    reactions = Reactions(sealer, utc_now)
    end = FullAtFirst(reactions.heard)
    run = ScrapeTask(
        database, unused, sealer, unused, reactions.publish, end, Begun(), unused, lambda _ending: None, utc_now
    )
    job = replace(new_job(account, utc_now()), request=b'{"url": "https://example.com/", "method": "POST"}')
    async with database.transaction() as transaction:
        await jobs.accept(transaction, job, "scrape.run", sealer, 1000)
    await run(job.id.bytes)
    async with database.statement() as connection:
        ended = await jobs.get(connection, account.id, job.id, utc_now())
    assert (ended.status, len(fetched), end.full) == ("completed", 1, -1)
    assert await account.charges() == [200]
