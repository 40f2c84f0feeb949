"""What the sweeper removes, ends and leaves alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from sqlalchemy import text
from tests.integration.conftest import HELD, NOON, AcceptJob
from tests.integration.test_jobs import begin, finish, get
from tests.support.accounts import Account

from alterlab_server.accounts import service as accounts
from alterlab_server.app.reactions import Reactions
from alterlab_server.app.settings import Settings
from alterlab_server.app.sweeper import sweep_once
from alterlab_server.base.clock import utc_now
from alterlab_server.base.errors import NotFound
from alterlab_server.base.events import Event, JobFinished
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.blobs import BlobError, BlobStore
from alterlab_server.db import Database, Publish, Transaction, locks
from alterlab_server.extractions import repository as extractions
from alterlab_server.extractions.schemas import Extracted
from alterlab_server.hosts import repository as hosts
from alterlab_server.jobs import files
from alterlab_server.jobs.files import expect_files
from alterlab_server.jobs.schemas import JobFile
from alterlab_server.scrape import repository


async def sweep(
    database: Database, after: timedelta, blobs: BlobStore | None = None, publish: Publish | None = None
) -> bool:
    publish = publish or Reactions(Sealer([bytes(KEY_BYTES)]), utc_now).publish
    blobs = blobs or BlobStore.open("memory:///", Path("unused"))
    return await sweep_once(database, blobs, Settings(data=Path("unused")), publish, lambda: NOON + after)


async def count(database: Database, table: str) -> int:
    async with database.transaction() as transaction:
        return int(await transaction.scalar(text(f"SELECT count(*) FROM {table}")))


async def test_expired_result_is_really_removed(database: Database, account: Account, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    await finish(database, claimed)
    await sweep(database, timedelta(minutes=59))
    assert [await count(database, table) for table in ("jobs", "job_results", "job_attempts")] == [1, 1, 1]
    await sweep(database, timedelta(minutes=61))
    assert [await count(database, table) for table in ("jobs", "job_results", "job_attempts")] == [1, 0, 0]
    await sweep(database, timedelta(days=401))
    assert await count(database, "jobs") == 0
    assert await account.charges() == [200]


async def test_what_is_kept_of_extractions_and_hosts_goes_too(database: Database, account: Account) -> None:
    made = Extracted(account.id, None, ("json",), 10, 2_500, 5, NOON)
    async with database.transaction() as transaction:
        await extractions.add(transaction, account.id, made)
        await hosts.put(
            transaction, "a.test", replace(await hosts.lock(transaction, "a.test"), next_at=NOON.timestamp())
        )
    for hours, left in ((23, [1, 1]), (25, [1, 0]), (24 * 401, [0, 0])):
        await sweep(database, timedelta(hours=hours))
        assert [await count(database, table) for table in ("extractions", "host_slots")] == left


async def test_overdue_job_fails_and_its_hold_comes_back(
    database: Database, account: Account, accept: AcceptJob
) -> None:
    pending, running = await accept(), await accept()
    late = await begin(database, running)
    assert late is not None
    await sweep(database, timedelta(seconds=149))
    assert await account.balance() == 1_000_000 - 2 * HELD
    await sweep(database, timedelta(seconds=151))
    for job in (pending, running):
        ended = await get(database, job)
        assert ended.status == "failed"
        assert ended.error is not None
        assert (ended.error.status, ended.error.code) == (504, "TIMEOUT")
    assert await account.charges() == [0, 0]
    assert not await finish(database, late)
    with pytest.raises(NotFound):
        await get(database, pending, timedelta(hours=2))


async def test_one_process_at_a_time(database: Database) -> None:
    async with database.transaction() as other:
        assert await locks.try_hold(other, locks.SWEEPER_LOCK)
        assert not await sweep(database, timedelta())
    assert await sweep(database, timedelta())


async def test_a_part_that_fails_keeps_no_other_from_its_work(
    database: Database, account: Account, accept: AcceptJob
) -> None:
    """Nor does it end what it could not tell of."""
    done, overdue = await accept(), await accept()
    claimed = await begin(database, done)
    assert claimed is not None
    await finish(database, claimed)

    async def fails(_transaction: Transaction, event: Event) -> None:
        raise RuntimeError(event)

    await sweep(database, timedelta(minutes=61), publish=fails)
    assert await count(database, "job_results") == 0
    assert (await get(database, overdue)).status == "pending"
    await sweep(database, timedelta(minutes=61))
    assert (await get(database, overdue)).status == "failed"


async def test_counters_of_past_minutes_are_forgotten(database: Database) -> None:
    async with database.transaction() as transaction:
        await accounts.take_tokens(transaction, "someone", 1, 30, NOON)
    await sweep(database, timedelta(seconds=59))
    assert await count(database, "rate_windows") == 1
    await sweep(database, timedelta(minutes=3))
    assert await count(database, "rate_windows") == 0


async def test_hosts_met_long_ago_or_beyond_the_most_are_forgotten(database: Database) -> None:
    async with database.transaction() as transaction:
        for day, host in enumerate(("oldest", "older", "newer", "newest")):
            await repository.put_hosts(transaction, {host: {}}, NOON + timedelta(days=day))
        await repository.forget_hosts(transaction, NOON + timedelta(days=1), most=10)
        assert await repository.get_host(transaction, "oldest") is None
        await repository.forget_hosts(transaction, NOON, most=2)
        assert [await repository.get_host(transaction, name) for name in ("older", "newer")] == [None, {}]


class Unreachable(BlobStore):
    asked = 0

    async def delete(self, keys: list[str]) -> dict[str, Exception]:
        self.asked += 1
        raise OSError(f"{len(keys)} objects cannot be deleted now")


async def test_many_objects_are_deleted_though_some_are_gone(tmp_path: Path) -> None:
    store = BlobStore.open(None, tmp_path)
    keys = [f"screenshots/{number}.png" for number in range(20)]
    for key in keys:
        await store.put(key, b"", "image/png")
    await store.delete(["screenshots/gone.png", *keys, "screenshots/away.png"])
    assert [await store.get(key) for key in keys] == [None] * len(keys)
    await store.delete([])


async def test_the_log_says_why_a_folder_takes_no_object(tmp_path: Path) -> None:
    (tmp_path / "screenshots").write_text("no folder")
    with pytest.raises(BlobError) as caught:
        await BlobStore.open(None, tmp_path).put("screenshots/1.png", b"", "image/png")
    assert "screenshots" in str(caught.value.__cause__)
    assert "screenshots" not in str(caught.value)


async def test_an_object_that_cannot_be_deleted_now_is_deleted_later(
    database: Database, account: Account, accept: AcceptJob
) -> None:
    job = await accept()
    file = JobFile("screenshots/one.png", "image/png", b"")
    async with database.transaction() as transaction:
        await expect_files(transaction, account.id, job.id, [file], NOON)
    store = MemoryStore()
    await BlobStore(store).put(file.key, file.body, file.content_type)
    away = Unreachable(store)
    await sweep(database, timedelta(hours=1), away)
    assert await count(database, "job_files") == 1
    assert away.asked == 1, "the next sweep is soon enough"
    await sweep(database, timedelta(hours=1), BlobStore(store))
    assert await BlobStore(store).get(file.key) is None
    assert await count(database, "job_files") == 0


async def test_an_object_that_can_never_be_deleted_holds_up_no_other(
    database: Database, account: Account, accept: AcceptJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "EXPIRED_FILES_BATCH", 4)
    job = await accept()
    stuck, *others = (JobFile(f"screenshots/{number}.png", "image/png", b"") for number in range(8))
    async with database.transaction() as transaction:
        await expect_files(transaction, account.id, job.id, [stuck, *others], NOON)
    store = BlobStore.open(None, tmp_path)
    for file in others:
        await store.put(file.key, file.body, file.content_type)
    (tmp_path / stuck.key / "a folder of this name").mkdir(parents=True)
    for _ in range(100):  # each takes some by chance, and ends with the one that is stuck
        await sweep(database, timedelta(hours=1), store)
        if await count(database, "job_files") == 1:
            break
    assert [await store.get(file.key) for file in others] == [None] * len(others)
    assert await count(database, "job_files") == 1


async def test_a_job_that_cannot_be_ended_keeps_no_other_from_its_end(
    database: Database, accept: AcceptJob, sealer: Sealer
) -> None:
    stuck, other = await accept(), await accept()
    publish = Reactions(sealer, utc_now).publish

    async def fails(transaction: Transaction, event: Event) -> None:
        await publish(transaction, event)
        if isinstance(event, JobFinished) and event.job_id == stuck.id:
            await transaction.execute(text("SELECT 1 / 0"))

    await sweep(database, timedelta(minutes=10), publish=fails)
    assert (await get(database, stuck)).status == "pending"
    assert (await get(database, other)).status == "failed"
