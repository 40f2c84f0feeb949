"""The queue's door to scraping."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import Sealer
from alterlab_server.db import Database, Publish
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import ClaimedJob, Ending, JobError
from alterlab_server.scrape.options import timeout_of
from alterlab_server.scrape.run import Toolbox, scrape
from alterlab_server.scrape.schemas import ScrapeRequest

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ScrapeTask:
    """Runs the job that a queue entry names. Safe to run again: a job that has ended is left alone."""

    database: Database
    sealer: Sealer
    tools: Toolbox
    publish: Publish
    clock: Clock

    async def __call__(self, payload: bytes) -> None:
        """Begin, scrape, settle. Raises only when the store fails, and then the queue gives it out again."""
        async with self.database.statement() as connection:
            job = await jobs.begin(connection, UUID(bytes=payload), self.clock())
        if job is None:
            return
        with structlog.contextvars.bound_contextvars(job_id=str(job.id)):
            ending = await self._ending(job)
            async with self.database.transaction() as transaction:
                settled = await jobs.finish(transaction, job, ending, self.clock(), self.publish)
            log.info("job.finished", settled=settled, error=ending.error.code if ending.error else None)

    async def _ending(self, job: ClaimedJob) -> Ending:
        if job.run > jobs.MAX_RUNS:
            return Ending(error=JobError(500, "INTERNAL_ERROR", "The job could not be run: its worker died each time."))
        try:
            request = ScrapeRequest.model_validate_json(jobs.open_request(job, self.sealer))
            # A job of a batch may wait long; its timeout begins with its run.
            deadline = min(job.deadline_at, self.clock() + timedelta(seconds=timeout_of(request)))
            return await scrape(request, None, deadline, self.tools)
        except Exception:  # a bug in our own code ends this job, not the worker
            log.exception("job.fault")
            return Ending(error=JobError(500, "INTERNAL_ERROR", "Something went wrong on our side."))
