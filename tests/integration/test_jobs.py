"""A job's life: accepted whole or not at all, run under a fence, settled once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.integration.conftest import HELD, NOON, AcceptJob
from tests.support.accounts import Account, new_account
from tests.support.jobs import new_job
from tests.support.waiting import PATIENCE

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import utc_now
from alterlab_server.base.errors import NotFound, PaymentRequired, TooManyRequests
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.db import Database, Listener, raw
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.repository import reading
from alterlab_server.jobs.schemas import AttemptRow, ClaimedJob, Ending, Job, JobError, NewJob
from alterlab_server.queue import waiting

PAGE = Ending(
    charged_microcents=200,
    result=b'{"url": "https://example.com/"}',
    attempts=(AttemptRow("1", "success", "good", "", 12, 200),),
    tier_used="1",
    target_status=200,
)


async def begin(database: Database, job: NewJob) -> ClaimedJob | None:
    async with database.transaction() as transaction:
        return await jobs.begin(transaction, job.id, NOON)


async def finish(database: Database, claimed: ClaimedJob, ending: Ending = PAGE) -> bool:
    publish = Reactions(Sealer([bytes(KEY_BYTES)]), utc_now).publish
    async with database.transaction() as transaction:
        return await jobs.finish(transaction, claimed, ending, NOON, publish)


async def get(database: Database, job: NewJob, now: timedelta = timedelta()) -> Job:
    async with database.transaction() as transaction:
        return await jobs.get(transaction, job.organization_id, job.id, NOON + now)


async def test_from_pending_to_completed(
    database: Database, account: Account, accept: AcceptJob, sealer: Sealer
) -> None:
    job = await accept()
    assert (await get(database, job)).status == "pending"
    claimed = await begin(database, job)
    assert claimed is not None
    assert jobs.open_request(claimed, sealer) == job.request
    assert (await get(database, job)).status == "running"
    assert await finish(database, claimed)
    ended = await get(database, job)
    assert (ended.status, ended.charged_microcents, ended.tier_used) == ("completed", 200, "1")
    assert ended.result == PAGE.result
    assert await account.balance() == 1_000_000 - 200
    assert await account.charges() == [200]


async def test_failure_costs_nothing_and_is_told(database: Database, account: Account, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    error = JobError(403, "BLOCKED_BY_ANTIBOT", "Blocked.", {"tier": "3"})
    assert await finish(database, claimed, Ending(error=error))
    ended = await get(database, job)
    assert ended.status == "failed"
    assert ended.error == error
    assert await account.balance() == 1_000_000
    assert await account.charges() == [0]


async def test_request_with_its_secrets_is_removed_at_the_end(database: Database, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    assert b"example.com" not in claimed.request
    await finish(database, claimed)
    async with database.transaction() as transaction:
        assert await transaction.scalar(text("SELECT request FROM jobs")) is None


async def test_late_worker_is_fenced_off(database: Database, account: Account, accept: AcceptJob) -> None:
    job = await accept()
    first, second = await begin(database, job), await begin(database, job)
    assert first is not None
    assert second is not None
    assert (first.run, second.run) == (1, 2)
    assert not await finish(database, first)
    assert (await get(database, job)).status == "running"
    assert await finish(database, second)
    assert not await finish(database, second)
    assert await account.charges() == [200]


async def test_two_settle_at_the_same_time_and_one_does(
    database: Database, account: Account, accept: AcceptJob
) -> None:
    claimed = await begin(database, await accept())
    assert claimed is not None
    settled = await asyncio.gather(*(finish(database, claimed) for _ in range(5)))
    assert sorted(settled) == [False] * 4 + [True]
    assert await account.charges() == [200]


async def test_ended_job_is_not_begun_again(database: Database, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    await finish(database, claimed)
    assert await begin(database, job) is None


async def test_what_is_not_paid_for_leaves_no_trace(database: Database, account: Account, accept: AcceptJob) -> None:
    with pytest.raises(PaymentRequired):
        await accept(held=1_000_001)
    async with database.transaction() as transaction:
        assert await transaction.scalar(text("SELECT count(*) FROM jobs")) == 0
        assert await waiting(raw(transaction)) == {}
    assert await account.balance() == 1_000_000


async def test_no_more_are_under_way_than_may_be_however_many_come_at_once(
    database: Database, account: Account, accept: AcceptJob
) -> None:
    outcomes = await asyncio.gather(*(accept(most=3) for _ in range(12)), return_exceptions=True)
    accepted = [outcome for outcome in outcomes if isinstance(outcome, NewJob)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, TooManyRequests)]
    assert (len(accepted), len(refused), {error.code for error in refused}) == (3, 9, {"CONCURRENCY_LIMIT"})
    assert await account.balance() == 1_000_000 - 3 * HELD
    claimed = await begin(database, accepted[0])
    assert claimed is not None
    assert await finish(database, claimed)
    await accept(most=3)
    with pytest.raises(TooManyRequests):
        await accept(most=3)


async def test_a_job_that_nobody_is_told_of_does_not_wait_for_the_disk(
    database: Database, account: Account, sealer: Sealer
) -> None:
    show = text("SHOW synchronous_commit")
    for durable, setting in ((True, "on"), (False, "off")):
        async with database.transaction() as transaction:
            await jobs.accept(transaction, new_job(account, NOON), "scrape.run", sealer, 2, durable=durable)
            assert await transaction.scalar(show) == setting
        async with database.transaction() as transaction:
            assert await transaction.scalar(show) == "on"


async def test_job_row_and_queue_entry_are_there_together(database: Database, accept: AcceptJob) -> None:
    await accept()
    async with database.transaction() as transaction:
        assert await jobs.count_by_status(transaction) == {"pending": 1, "running": 0}
        assert await waiting(raw(transaction)) == {"queued": 1}


async def test_another_account_does_not_see_it(database: Database, accept: AcceptJob) -> None:
    job = await accept()
    other = await new_account(database)
    async with database.transaction() as transaction:
        with pytest.raises(NotFound):
            await jobs.get(transaction, other.id, job.id, NOON)


async def test_a_job_is_found_by_its_id_also_before_the_store_knows_how_many_there_are(database: Database) -> None:
    async with database.statement() as connection:
        under = raw(connection)
        await under.execute(f"PREPARE get (uuid, uuid, timestamptz) AS {reading._GET._sql}")
        await under.execute("SET plan_cache_mode = force_generic_plan")
        plan = await under.fetch("EXPLAIN EXECUTE get (gen_random_uuid(), gen_random_uuid(), now())")
    assert any("using pk_jobs" in line for (line,) in plan)


async def test_expired_job_is_not_there(database: Database, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    await finish(database, claimed)
    assert (await get(database, job, timedelta(hours=1))).finished
    with pytest.raises(NotFound):
        await get(database, job, timedelta(hours=1, microseconds=1))


async def test_end_is_notified_when_it_commits(database: Database, accept: AcceptJob) -> None:
    job = await accept()
    claimed = await begin(database, job)
    assert claimed is not None
    listener = Listener(database, jobs.CHANNEL)
    await listener.start()
    with listener.expect(str(job.id)) as ended:
        await finish(database, claimed)
        async with asyncio.timeout(PATIENCE):
            await ended.wait()
    await listener.stop()


async def test_hold_stands_in_the_balance_while_the_job_runs(account: Account, accept: AcceptJob) -> None:
    await accept()
    assert await account.balance() == 1_000_000 - HELD
