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
from alterlab_server.base.clock import utc_now
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


async def test_who_waits_goes_on_waiting_while_the_store_is_away(
    database: Database, account: Account, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error would have him ask again, and pay for both."""
    monkeypatch.setattr(service, "RECHECK_SECONDS", 0.02)
    blobs, publish = BlobStore.open("memory:///", Path("unused")), Reactions(sealer, utc_now).publish
    listener = Listener(database, jobs.CHANNEL)
    context = ApiContext(database, blobs, listener, sealer, utc_now, publish, ReceiverPolicy(()), delivered)
    job = new_job(account, utc_now())
    async with database.transaction() as transaction:
        (key,) = await accounts.list_keys(transaction, account.id)
        await jobs.accept(transaction, job, "test.none", sealer, 1000)
    caller = Principal(account.id, key.id, 0, 0, 0, 0, 0, 0, "free")
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
        await jobs.finish(transaction, claimed, Ending(error=OUR_FAULT), utc_now(), publish)
    assert (await waiting).finished
