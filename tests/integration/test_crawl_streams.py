"""Clients that open many streams of crawls, or read nothing of them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.crawls import new_crawl
from tests.support.waiting import PATIENCE

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.errors import TooManyRequests
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.stream import Streams, events
from alterlab_server.db import Database, Listener
from alterlab_server.jobs.service import CHANNEL
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.webhooks.delivering import delivered


async def test_who_does_not_read_the_last_event_holds_no_connection(database: Database, sealer: Sealer) -> None:
    crawl, publish = await new_crawl(database, "http://a.test/"), Reactions(sealer, utc_now).publish
    async with database.transaction() as transaction:
        await finish(transaction, crawl.id, utc_now(), publish, None)
    blobs = BlobStore.open("memory:///", Path("unused"))
    single = Database(database.dsn, pool_size=1)
    context = ApiContext(
        single, blobs, Listener(single, CHANNEL), sealer, utc_now, publish, ReceiverPolicy(()), delivered
    )
    caller = Principal(crawl.organization_id, new_id(), 0, 0, 0, 0, 0, 0, "free")
    told = events(context, Downloads(blobs, ""), caller, str(crawl.id))
    assert (await anext(told)).startswith(b"event: crawl.completed")
    async with asyncio.timeout(PATIENCE), single.statement():
        await told.aclose()
    await single.close()


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
