"""The queue on the real store: in the caller's transaction, tried again after a fault, shared by workers."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.db import Database, raw
from alterlab_server.queue import Handler, QueueWorker, enqueue, queue, waiting


@contextlib.asynccontextmanager
async def working(dsn: str, handler: Handler) -> AsyncIterator[None]:
    worker = QueueWorker(dsn, {"work": handler}, concurrency=8)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


async def put(database: Database, *payloads: bytes) -> None:
    async with database.transaction() as transaction:
        for payload in payloads:
            await enqueue(raw(transaction), "work", payload)


async def left(database: Database) -> int:
    async with database.transaction() as transaction:
        return sum((await waiting(raw(transaction))).values())


async def test_entry_exists_exactly_when_the_transaction_commits(database: Database) -> None:
    with contextlib.suppress(LookupError):
        async with database.transaction() as transaction:
            await enqueue(raw(transaction), "work", b"never")
            raise LookupError
    assert await left(database) == 0


async def test_each_entry_is_worked_on_once_by_two_workers(database: Database, dsn: str) -> None:
    seen: Counter[bytes] = Counter()

    async def handle(payload: bytes) -> None:
        seen[payload] += 1

    payloads = [str(number).encode() for number in range(100)]
    await put(database, *payloads)

    async def all_done() -> bool:
        return await left(database) == 0

    async with working(dsn, handle), working(dsn, handle):
        await eventually_async(all_done)
    assert seen == Counter(payloads)


async def test_work_that_raises_is_told_of_and_tried_again(database: Database, dsn: str) -> None:
    tries: list[bytes] = []
    done = asyncio.Event()

    async def handle(payload: bytes) -> None:
        tries.append(payload)
        if len(tries) < 3:
            raise ConnectionError("the store was away")
        done.set()

    await put(database, b"job")
    with capture_logs() as told:
        async with working(dsn, handle):
            async with asyncio.timeout(PATIENCE):
                await done.wait()
    assert tries == [b"job"] * 3
    assert [line["event"] for line in told] == ["queue.fault"] * 2


async def test_entries_queued_while_the_worker_runs_wait_for_no_look(
    database: Database, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "DEQUEUE_TIMEOUT", timedelta(minutes=10))
    seen: asyncio.Queue[bytes] = asyncio.Queue()
    async with working(dsn, seen.put), asyncio.timeout(PATIENCE):
        for number in range(50):
            await put(database, b"alone")
            assert await seen.get() == b"alone"
            together = [b"%d %d" % (number, place) for place in range(number % 7)]
            await asyncio.gather(*(put(database, payload) for payload in together))
            assert sorted([await seen.get() for _ in together]) == together


async def test_worker_that_is_stopped_before_it_begins_ends(dsn: str) -> None:
    async def never(payload: bytes) -> None:
        raise AssertionError(payload)

    worker = QueueWorker(dsn, {"work": never}, concurrency=8)
    worker.stop()
    async with asyncio.timeout(PATIENCE):
        await worker.run()
