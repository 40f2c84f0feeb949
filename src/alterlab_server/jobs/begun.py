"""Telling that jobs have begun, without a word to the store for each."""

import asyncio
from uuid import UUID

import structlog

from alterlab_server.db import Database
from alterlab_server.jobs import service

# A NOTIFY makes its commit wait for those of all others: one a job would more than halve how many can begin a second.
PAUSE_SECONDS = 0.1
log = structlog.get_logger()


class Begun:
    """Jobs that this worker has begun and not yet told of."""

    def __init__(self) -> None:
        self._job_ids: list[UUID] = []
        self._some = asyncio.Event()

    def add(self, job_id: UUID) -> None:
        """Tell of this job soon."""
        self._job_ids.append(job_id)
        self._some.set()

    async def announce_forever(self, database: Database) -> None:
        """Tell of all jobs added, ten times a second at most, until cancelled. Who is not told sees the job's end."""
        while True:
            await self._some.wait()
            await asyncio.sleep(PAUSE_SECONDS)
            self._some.clear()
            job_ids, self._job_ids = self._job_ids, []
            try:
                async with database.statement() as connection:
                    await service.announce_running(connection, job_ids)
            except Exception:
                log.exception("begun.not_announced", jobs=len(job_ids))
