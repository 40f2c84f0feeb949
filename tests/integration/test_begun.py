"""Jobs that have begun are told of, many at a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import func, select
from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database, Listener
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.begun import Begun


@contextlib.asynccontextmanager
async def announcing(database: Database) -> AsyncIterator[tuple[Begun, Listener]]:
    listener = Listener(database, jobs.CHANNEL)
    await listener.start()
    begun = Begun()
    task = asyncio.create_task(begun.announce_forever(database))
    try:
        yield begun, listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await listener.stop()


async def test_each_job_is_told_of_and_its_end_is_not(database: Database) -> None:
    job_ids = [new_id() for _ in range(5)]
    async with announcing(database) as (begun, listener):
        with listener.subscribed() as began, listener.subscribed() as ended:
            for job_id in job_ids:
                running, finished = jobs.payloads(job_id)
                began.add(running)
                ended.add(finished)
                begun.add(job_id)
            heard: set[str] = set()
            async with asyncio.timeout(PATIENCE):
                while len(heard) < len(job_ids):
                    heard |= await began.heard()
            assert heard == {jobs.payloads(job_id)[0] for job_id in job_ids}
            assert ended.take() == set(), "that they have begun is not told as their end"
            async with database.transaction() as transaction:
                for job_id in job_ids:
                    await transaction.execute(select(func.pg_notify(jobs.CHANNEL, str(job_id))))
            finished_ids: set[str] = set()
            async with asyncio.timeout(PATIENCE):
                while len(finished_ids) < len(job_ids):
                    finished_ids |= await ended.heard()
            assert finished_ids == {str(job_id) for job_id in job_ids}
