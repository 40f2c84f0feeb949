"""Clients that open many streams of crawls, or read nothing of them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
from tests.support.crawls import new_crawl
from tests.support.waiting import PATIENCE

from alterlab_server.accounts import service as accounts
from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.errors import TooManyRequests
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl import stream
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.stream import Streams
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import Database, Listener
from alterlab_server.jobs.service import CHANNEL
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.webhooks.delivering import delivered


async def test_who_does_not_read_the_last_event_holds_no_connection(database: Database, sealer: Sealer) -> None:
    crawl = await new_crawl(database, "http://a.test/")
    async with database.transaction() as transaction:
        await finish(transaction, crawl.id, utc_now(), Reactions(sealer, utc_now).publish, None)
    single = Database(database.dsn, pool_size=1)
    told = await _stream(single, sealer, crawl)
    assert (await anext(told)).startswith(b"event: crawl.completed")
    async with asyncio.timeout(PATIENCE), single.statement():
        await told.aclose()
    await single.close()


async def test_a_stream_ends_with_its_key(database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "KEEPALIVE_SECONDS", 0.05)
    crawl = await new_crawl(database, "http://a.test/")
    told = await _stream(database, sealer, crawl)
    assert [await anext(told), await anext(told)] == [b": keepalive\n\n"] * 2
    async with database.transaction() as transaction:
        (key,) = await accounts.list_keys(transaction, crawl.organization_id)
        await accounts.revoke_key(transaction, crawl.organization_id, key.id, utc_now())
        await finish(transaction, crawl.id, utc_now(), Reactions(sealer, utc_now).publish, None)
    async with asyncio.timeout(PATIENCE):
        assert [event async for event in told if event != b": keepalive\n\n"] == []


async def test_a_stream_ends_with_its_process(database: Database, sealer: Sealer) -> None:
    """What has not ended by then is told to the client when it comes back."""
    crawl = await new_crawl(database, "http://a.test/")
    context, told = await _opened(database, sealer, crawl)
    context.close()
    async with asyncio.timeout(PATIENCE):
        assert [event async for event in told] == []


async def _stream(database: Database, sealer: Sealer, crawl: CrawlRow) -> AsyncGenerator[bytes, None]:
    return (await _opened(database, sealer, crawl))[1]


async def _opened(
    database: Database, sealer: Sealer, crawl: CrawlRow
) -> tuple[ApiContext, AsyncGenerator[bytes, None]]:
    """What a stream of the crawl tells, opened with a new key of its account."""
    async with database.transaction() as transaction:
        await accounts.create_key(transaction, crawl.organization_id, "test")
        (key,) = await accounts.list_keys(transaction, crawl.organization_id)
    blobs = BlobStore.open("memory:///", Path("unused"))
    publish, listener = Reactions(sealer, utc_now).publish, Listener(database, CHANNEL)
    context = ApiContext(database, blobs, listener, sealer, utc_now, publish, ReceiverPolicy(()), delivered)
    caller = Principal(crawl.organization_id, key.id, 0, 0, 0, 0, 0, 0, "free")
    return context, stream.events(context, Downloads(blobs, ""), caller, str(crawl.id))


async def _quiet() -> AsyncIterator[bytes]:
    while True:
        yield b": keepalive\n\n"


async def test_an_account_has_so_many_streams_and_no_more() -> None:
    streams, account = Streams(most=2), new_id()
    first, second = (streams.counted(account, _quiet()) for _ in range(2))
    await anext(first)
    streams.require_room(account)
    await anext(second)
    with pytest.raises(TooManyRequests, match="2 streams"):
        streams.require_room(account)
    streams.require_room(new_id())
    await first.aclose()
    streams.require_room(account)
    await second.aclose()
    assert not streams.open, "accounts that have none are forgotten"
