"""Items of a batch that wait for their turn: the end of one queues the next of its host, and no other does."""

from dataclasses import replace
from uuid import UUID

from tests.integration.conftest import NOON
from tests.support.accounts import Account
from tests.support.jobs import new_job

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.batch import repository
from alterlab_server.batch.turns import AT_A_TIME, take_turns
from alterlab_server.db import Database, raw
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Ending, NewJob

ITEMS = AT_A_TIME + 2


async def _accepted(database: Database, account: Account, sealer: Sealer) -> list[NewJob]:
    """A batch of one host, as the service accepts it."""
    batch_id = new_id()
    new = [replace(new_job(account, NOON), batch_id=batch_id) for _ in range(ITEMS)]
    turns = take_turns(new)
    async with database.transaction() as transaction:
        await repository.add(transaction, account.id, batch_id, [job.id for job in new], None)
        await repository.add_turns(transaction, batch_id, turns)
        later = {turn.job_id for turn in turns if not turn.queued}
        await jobs.accept_batch(transaction, new, later, "scrape.run", sealer)
    return new


async def _end(database: Database, job: NewJob, sealer: Sealer) -> None:
    async with database.transaction() as transaction:
        claimed = await jobs.begin(transaction, job.id, NOON)
        assert claimed is not None
        assert await jobs.finish(transaction, claimed, Ending(), NOON, Reactions(sealer, utc_now).publish)


async def _queued(database: Database) -> set[UUID]:
    async with database.statement() as connection:
        return {UUID(bytes=row["payload"]) for row in await raw(connection).fetch("SELECT payload FROM items_pgqueuer")}


async def test_a_long_batch_is_queued_in_rounds(database: Database, account: Account, sealer: Sealer) -> None:
    batch_id = new_id()
    new = [replace(new_job(account, NOON), batch_id=batch_id) for _ in range(12)]
    async with database.transaction() as transaction:
        await jobs.accept_batch(transaction, new, (), "scrape.run", sealer)
    async with database.statement() as connection:
        entries = await raw(connection).fetch("SELECT priority FROM items_pgqueuer ORDER BY id")
    assert [entry["priority"] for entry in entries] == [0] * 10 + [-1] * 2


async def test_an_item_that_ends_leaves_its_place_to_the_next(
    database: Database, account: Account, sealer: Sealer
) -> None:
    new = await _accepted(database, account, sealer)
    first, waiting = new[:AT_A_TIME], new[AT_A_TIME:]
    assert await _queued(database) == {job.id for job in first}
    await _end(database, first[3], sealer)
    assert await _queued(database) == {job.id for job in (*first, waiting[0])}


async def test_the_next_is_the_first_that_waits_however_they_are_stored(
    database: Database, account: Account, sealer: Sealer
) -> None:
    new = await _accepted(database, account, sealer)
    async with database.transaction() as transaction:
        await raw(transaction).execute("DROP INDEX ix_batch_items_waiting")  # which has them in their order
        await raw(transaction).execute("UPDATE batch_items SET position = -position")
    await _end(database, new[0], sealer)
    assert await _queued(database) == {job.id for job in (*new[:AT_A_TIME], new[-1])}


async def test_one_that_ends_without_a_turn_leaves_none(database: Database, account: Account, sealer: Sealer) -> None:
    new = await _accepted(database, account, sealer)
    await _end(database, new[-1], sealer)
    assert await _queued(database) == {job.id for job in new[:AT_A_TIME]}
    for job in new[:2]:
        await _end(database, job, sealer)
    assert await _queued(database) == {job.id for job in new[:-1]}


async def test_items_that_no_worker_ran_end_with_their_batch(
    database: Database, account: Account, sealer: Sealer
) -> None:
    new = await _accepted(database, account, sealer)
    async with database.transaction() as transaction:
        ended = await jobs.end_overdue(transaction, utc_now(), Reactions(sealer, utc_now).publish)
    assert ended == len(new)
    async with database.statement() as connection:
        assert await repository.count_unfinished(connection, account.id) == 0
        assert await raw(connection).fetchval("SELECT count(*) FROM batch_items") == 0
    assert await account.balance() == 1_000_000


async def test_a_run_that_is_given_back_does_not_count(database: Database, account: Account, sealer: Sealer) -> None:
    job = (await _accepted(database, account, sealer))[0]
    for _ in range(jobs.MAX_RUNS + 1):
        async with database.transaction() as transaction:
            claimed = await jobs.begin(transaction, job.id, NOON)
            assert claimed is not None
            assert claimed.run == 1
            await jobs.give_back(transaction, claimed)
    async with database.transaction() as transaction:
        assert (await jobs.get(transaction, account.id, job.id, NOON)).status == "running", "never backwards"


async def test_all_results_are_kept_as_long_as_their_batch(
    database: Database, account: Account, sealer: Sealer
) -> None:
    for job in await _accepted(database, account, sealer):
        await _end(database, job, sealer)
    async with database.statement() as connection:
        ends = await raw(connection).fetch("SELECT DISTINCT expires_at FROM jobs UNION SELECT expires_at FROM batches")
    assert len(ends) == 1
