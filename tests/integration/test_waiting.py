"""A call that waits for its scrape while the store goes away."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.support.accounts import Account
from tests.support.jobs import new_job
from tests.support.waiting import eventually_async

from alterlab_server.accounts import service as accounts
from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.errors import Unavailable
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.db import STORE_ERRORS, Database, Listener
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import OUR_FAULT, Ending
from alterlab_server.scrape import service
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.webhooks.delivering import delivered


def _context(database: Database, sealer: Sealer) -> ApiContext:
    blobs, publish = BlobStore.open("memory:///", Path("unused")), Reactions(sealer, utc_now).publish
    listener = Listener(database, jobs.CHANNEL)
    return ApiContext(database, blobs, listener, sealer, utc_now, publish, ReceiverPolicy(()), delivered)


async def _caller(database: Database, account: Account) -> Principal:
    async with database.statement() as connection:
        (key,) = await accounts.list_keys(connection, account.id)
    return Principal(account.id, key.id, 0, 0, 0, 0, 0, 0, "free")


async def test_who_waits_goes_on_waiting_while_the_store_is_away(
    database: Database, account: Account, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error would have him ask again, and pay for both."""
    monkeypatch.setattr(service, "RECHECK_SECONDS", 0.02)
    context, caller = _context(database, sealer), await _caller(database, account)
    job = new_job(account, utc_now())
    async with database.transaction() as transaction:
        await jobs.accept(transaction, job, "test.none", sealer, 1000)
    waiting = asyncio.create_task(service.wait(context, caller, job.id, asyncio.Event(), 300))
    name = database.dsn.partition("?")[0].rpartition("/")[2]
    other = await asyncpg.connect(database.dsn.replace(f"/{name}?", "/postgres?"))
    await other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    refused = 0

    async def away() -> bool:
        nonlocal refused
        try:
            await database.ping()
        except STORE_ERRORS:
            refused += 1
        return refused > 20

    await eventually_async(away)
    assert not waiting.done()
    await other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await other.close()
    async with database.transaction() as transaction:
        claimed = await jobs.begin(transaction, job.id, utc_now())
        assert claimed is not None
        await jobs.finish(transaction, claimed, Ending(error=OUR_FAULT), utc_now(), context.publish)
    assert (await waiting).finished


async def test_who_waits_when_the_process_ends_is_told_how_his_job_stands(
    database: Database, account: Account, sealer: Sealer
) -> None:
    context, caller = _context(database, sealer), await _caller(database, account)
    job = new_job(account, utc_now())
    async with database.transaction() as transaction:
        await jobs.accept(transaction, job, "test.none", sealer, 1000)
    with context.finished_jobs.expect(str(job.id)) as ended:
        waiting = asyncio.create_task(service.wait(context, caller, job.id, ended, 300))
        await asyncio.sleep(0)
        context.close()
        assert (await waiting).status == "pending"


async def test_who_waits_for_what_a_crash_of_the_store_has_undone_is_told_to_ask_again(
    database: Database, account: Account, sealer: Sealer
) -> None:
    """It is accepted before it is on the disk."""
    ended = asyncio.Event()
    ended.set()
    with pytest.raises(Unavailable) as caught:
        await service.wait(_context(database, sealer), await _caller(database, account), new_id(), ended, 300)
    assert (caught.value.code, caught.value.retry_after) == ("STORE_UNAVAILABLE", 1)
