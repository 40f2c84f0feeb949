"""The queue's door to maps."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import orjson
import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.money import to_credits
from alterlab_server.base.sealing import Sealer
from alterlab_server.billing.prices import MAP_MICROCENTS
from alterlab_server.db import Database, Listener, Publish, is_away, outlasting
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.hosts.slots import StoredSlots
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import OUR_FAULT, WORKER_DIED, ClaimedJob, Ending, JobError
from alterlab_server.scrape.run import Toolbox
from alterlab_server.sitemap.run import map_site
from alterlab_server.sitemap.schemas import MapRequest
from alterlab_server.sitemap.service import MARGIN_SECONDS

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MapTask:
    """Runs the map that a queue entry names. Safe to run again: a job that has ended is left alone."""

    database: Database
    sealer: Sealer
    tools: Toolbox
    robots: RobotsKeeper
    slowed_hosts: Listener
    publish: Publish
    clock: Clock

    async def __call__(self, payload: bytes) -> None:
        """Begin, map, settle."""
        async with self.database.statement() as connection:
            job = await jobs.begin(connection, UUID(bytes=payload), self.clock())
        if job is None:
            return
        ending = await self._ending(job)
        await outlasting(lambda: self._finish(job, ending), jobs.SETTLE_SECONDS)

    async def _finish(self, job: ClaimedJob, ending: Ending) -> None:
        async with self.database.transaction() as transaction:
            await jobs.finish(transaction, job, ending, self.clock(), self.publish)

    async def _ending(self, job: ClaimedJob) -> Ending:
        if job.run > jobs.MAX_RUNS:
            return Ending(error=WORKER_DIED)
        request = MapRequest.model_validate_json(jobs.open_request(job, self.sealer))
        left = (job.deadline_at - self.clock()).total_seconds() - MARGIN_SECONDS
        deadline = asyncio.get_running_loop().time() + left
        try:
            with self.slowed_hosts.subscribed() as told:
                slots = StoredSlots(self.database, self.clock, told)
                found = await map_site(request, self.tools, self.robots, slots, deadline)
        except Exception as error:  # a bug in our own code ends this job, not the worker
            if is_away(error):
                raise
            log.exception("map.fault", job_id=str(job.id))
            return Ending(error=OUR_FAULT)
        if isinstance(found, JobError):
            return Ending(error=found)
        body = {"map_id": str(job.id), "total_urls": len(found["urls"]), **found}
        body["credits_used"] = to_credits(MAP_MICROCENTS)
        return Ending(charged_microcents=MAP_MICROCENTS, result=orjson.dumps(body), target_status=200)
