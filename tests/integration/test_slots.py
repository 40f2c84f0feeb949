"""The slots of hosts as several workers see them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from tests.support.waiting import eventually_async

from alterlab_server.base.clock import utc_now
from alterlab_server.db import Database, Listener
from alterlab_server.hosts import slots
from alterlab_server.hosts.repository import CHANNEL
from alterlab_server.hosts.slots import StoredSlots

HOST = "a.test"


@contextlib.asynccontextmanager
async def _worker(database: Database) -> AsyncIterator[StoredSlots]:
    listener = Listener(database, CHANNEL)
    await listener.start()
    with listener.subscribed() as told:
        yield StoredSlots(database, utc_now, told)
    await listener.stop()


@pytest.fixture
async def workers(database: Database) -> AsyncIterator[tuple[StoredSlots, StoredSlots]]:
    """Two of them."""
    async with _worker(database) as one, _worker(database) as other:
        yield one, other


async def _refused(worker: StoredSlots) -> bool:
    return not await worker.wait(HOST, 0, 5)


async def _was_told(worker: StoredSlots) -> bool:
    """The store may know before the notification comes, by which alone one that sleeps learns of it."""
    worker._listen(HOST)
    return worker._news[HOST] > 0


async def test_what_one_worker_is_told_all_know(workers: tuple[StoredSlots, StoredSlots], database: Database) -> None:
    one, other = workers
    assert await one.wait(HOST, 0, 5)
    assert await other.wait(HOST, 0, 5)
    await one.slow_down(HOST, 0, sent_at=utc_now().timestamp(), retry_after=600)
    assert not await one.wait(HOST, 0, 5)

    await eventually_async(lambda: _refused(other))
    assert other.still_busy() == [HOST]
    assert await other.wait("b.test", 0, 5)
    async with _worker(database) as late:
        assert not await late.wait(HOST, 0, 5), "also by who begins only then"


async def test_a_slot_given_out_before_counts_no_more(
    workers: tuple[StoredSlots, StoredSlots], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = workers
    asleep, may_wake = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await may_wake.wait()

    assert await other.wait(HOST, 1, 5)
    monkeypatch.setattr(slots, "asyncio", SimpleNamespace(sleep=sleep))
    waiting = asyncio.create_task(other.wait(HOST, 1, 5))
    await asleep.wait()
    await one.slow_down(HOST, 0, sent_at=utc_now().timestamp(), retry_after=600)
    await eventually_async(lambda: _was_told(other))
    may_wake.set()
    assert not await waiting


async def test_a_penalty_that_is_over_costs_nothing_more(database: Database) -> None:
    async with _worker(database) as worker:
        await worker.slow_down(HOST, 0, sent_at=utc_now().timestamp(), retry_after=0)
        long_after = utc_now().timestamp() + 3600
        worker.clock = lambda: utc_now().fromtimestamp(long_after, tz=utc_now().tzinfo)
        assert await worker.wait(HOST, 0, 5)
    await database.close()
    assert await worker.wait(HOST, 0, 5), "the store is not asked"
