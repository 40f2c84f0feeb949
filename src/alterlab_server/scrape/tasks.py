"""The queue's door to scraping."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import Sealer
from alterlab_server.blobs import BlobError, BlobStore
from alterlab_server.db import Database, Publish, outlasting
from alterlab_server.fetch.memory import HostMemory
from alterlab_server.fetch.request import NOT_IDEMPOTENT
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.begun import Begun
from alterlab_server.jobs.files import FILES_KEPT_FOR
from alterlab_server.jobs.schemas import OUR_FAULT, OUTCOME_UNKNOWN, WORKER_DIED, ClaimedJob, Ending
from alterlab_server.scrape import memory
from alterlab_server.scrape.keeping import keep_files
from alterlab_server.scrape.memory import CachedAnswer
from alterlab_server.scrape.options import timeout_of
from alterlab_server.scrape.run import Assignment, Scraped, Toolbox, scrape
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.scrape.turns import HostTurns

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ScrapeTask:
    """Runs the job that a queue entry names. Safe to run again: a job that has ended is left alone."""

    database: Database
    blobs: BlobStore
    sealer: Sealer
    tools: Toolbox
    publish: Publish
    end_unheard: jobs.EndUnheard
    begun: Begun
    turns: HostTurns
    observe: Callable[[Ending], None]
    clock: Clock

    async def __call__(self, payload: bytes) -> timedelta | None:
        """Begin, scrape, settle; an item of a batch may be put off instead.

        When it raises, because the store fails or through a fault of ours, the queue gives it out again.
        """
        async with self.database.statement() as connection:
            job, known = await memory.begin(connection, UUID(bytes=payload), self.clock())
        if job is None:
            return None
        with structlog.contextvars.bound_contextvars(job_id=str(job.id)):
            if job.run > jobs.MAX_RUNS:
                await self._give_up(job)
                return None
            request = ScrapeRequest.model_validate_json(jobs.open_request(job, self.sealer))
            if job.batch_id is not None:
                return await self._run_item(job, request, known)
            self.begun.add(job.id)
            await self._end(job, request, await self._scrape(job, request, known), known)
        return None

    async def _run_item(self, job: ClaimedJob, request: ScrapeRequest, known: HostMemory | None) -> timedelta | None:
        """Run an item of a batch, from the cache or when its turn to ask the host has come; else put it off."""
        if (kept := await self._kept(job, request)) is not None:
            await self._end(job, request, Scraped(kept.ending(self.tools.options.result_ttl)), known)
            return None
        put_off = await self.turns.wait(job.url)
        if put_off is not None:
            async with self.database.statement() as connection:
                await jobs.give_back(connection, job)
            return put_off
        self.begun.add(job.id)
        began = self.clock()
        scraped = await self._scrape(job, request, known)
        await self.turns.answered(job.url, began, scraped.ending)
        await self._end(job, request, scraped, known)
        return None

    async def _kept(self, job: ClaimedJob, request: ScrapeRequest) -> CachedAnswer | None:
        if not request.cache:
            return None
        async with self.database.statement() as connection:
            return await memory.cached_answer(connection, job.organization_id, request, self.clock())

    async def _end(self, job: ClaimedJob, request: ScrapeRequest, scraped: Scraped, known: HostMemory | None) -> None:
        try:
            await outlasting(lambda: self._keep_files(job, scraped.ending), jobs.SETTLE_SECONDS)
        except BlobError:  # another run would fetch the page once more, and fail as well
            log.exception("job.files_not_kept")
            scraped = replace(scraped, ending=Ending(error=OUR_FAULT, attempts=scraped.ending.attempts))
        # Another run would ask the page once more, and what is not idempotent would stay unknown.
        settled = await outlasting(lambda: self._settle(job, request, scraped, known), jobs.SETTLE_SECONDS)
        self._tell(scraped.ending, settled=settled)

    async def _give_up(self, job: ClaimedJob) -> None:
        """End a job that ended no run of its own, without a look at its request, which may be what fails."""
        ending = Ending(error=WORKER_DIED)
        async with self.database.transaction() as transaction:
            settled = await jobs.finish(transaction, job, ending, self.clock(), self.publish)
        self._tell(ending, settled=settled)

    def _tell(self, ending: Ending, *, settled: bool) -> None:
        if settled:
            self.observe(ending)
        error = ending.error
        log.info("job.finished", settled=settled, error=error.code if error else None)

    async def _scrape(self, job: ClaimedJob, request: ScrapeRequest, known: HostMemory | None) -> Scraped:
        if job.run > 1 and request.method in NOT_IDEMPOTENT:
            return Scraped(Ending(error=OUTCOME_UNKNOWN))
        try:
            # A job of a batch may wait long; its timeout begins with its run.
            deadline = min(job.deadline_at, self.clock() + timedelta(seconds=timeout_of(request)))
            owner = str(job.organization_id)
            return await scrape(Assignment(job.id, request, known, deadline, owner=owner), self.tools)
        except Exception:  # a bug in our own code ends this job, not the worker
            log.exception("job.fault")
            return Scraped(Ending(error=OUR_FAULT))

    async def _keep_files(self, job: ClaimedJob, ending: Ending) -> None:
        until = self.clock() + FILES_KEPT_FOR
        await keep_files(self.database, self.blobs, job.organization_id, job.id, ending.files, until)

    async def _settle(
        self, job: ClaimedJob, request: ScrapeRequest, scraped: Scraped, known: HostMemory | None
    ) -> bool:
        now = self.clock()
        # Without news the end of the job may be all there is to write; that of a batch's item is always heard.
        if job.batch_id is None and not memory.has_news(request, known, scraped, now):
            async with self.database.statement() as connection:
                if await self.end_unheard(connection, job, scraped.ending, now):
                    return True
        async with self.database.transaction() as transaction:
            await memory.keep_answer(transaction, job.organization_id, request, scraped, now)
            await memory.remember(transaction, job.host, known, scraped.attempts, now)
            return await jobs.finish(transaction, job, scraped.ending, now, self.publish)
