"""The listener: it hears, it wakes whoever waits when it lost its connection, and it hears again."""

import asyncio

from sqlalchemy import text
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.db import Database, Listener

CHANNEL = "a_channel"
_LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'"


async def notify(database: Database, payload: str) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
        )


async def listening(database: Database) -> list[int]:
    async with database.transaction() as transaction:
        return [row.pid for row in await transaction.execute(text(_LISTENING))]


async def test_only_who_waits_for_the_payload_is_woken(database: Database) -> None:
    listener = Listener(database, CHANNEL)
    await listener.start()
    with listener.expect("mine") as mine, listener.expect("mine") as mine_too, listener.expect("other") as other:
        await notify(database, "mine")
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(mine.wait(), mine_too.wait())
        assert not other.is_set()
    await listener.stop()


async def test_lost_connection_wakes_everyone_and_is_made_anew(database: Database) -> None:
    listener = Listener(database, CHANNEL)
    await listener.start()
    (first,) = await listening(database)
    with listener.expect("job") as woken:
        async with database.transaction() as transaction:
            await transaction.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
        async with asyncio.timeout(PATIENCE):
            await woken.wait()

    async def connected_anew() -> bool:
        pids = await listening(database)
        return bool(pids) and first not in pids

    await eventually_async(connected_anew)
    with listener.expect("job") as woken:
        await notify(database, "job")
        async with asyncio.timeout(PATIENCE):
            await woken.wait()
    await listener.stop()


async def test_a_subscription_hears_a_set_of_what_it_asked_for_and_nothing_after(database: Database) -> None:
    listener = Listener(database, CHANNEL)
    await listener.start()
    with listener.subscribed() as news:
        for payload in ("a", "b", "left"):
            news.add(payload)
        news.remove("left")
        for payload in ("left", "a", "a", "b"):
            await notify(database, payload)
        heard: set[str] = set()
        async with asyncio.timeout(PATIENCE):
            while len(heard) < 2:
                heard |= await news.heard()
        assert heard == {"a", "b"}
    await listener.stop()


async def test_a_subscription_hears_all_when_the_connection_is_made_anew(database: Database) -> None:
    """What was notified meanwhile is lost, so that whoever listens must look."""
    listener = Listener(database, CHANNEL)
    await listener.start()
    (pid,) = await listening(database)
    with listener.subscribed() as news:
        news.add("a")
        news.add("b")
        async with database.transaction() as transaction:
            await transaction.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        async with asyncio.timeout(PATIENCE):
            assert await news.heard() == {"a", "b"}
        assert await listening(database)
    await listener.stop()
