"""Accepting maps. A map is a job like a scrape: held, queued, waited for, settled."""

from datetime import timedelta
from uuid import UUID

from alterlab_server.base.url import parse_url
from alterlab_server.billing.prices import MAP_MICROCENTS
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import NewJob
from alterlab_server.sitemap.schemas import MapRequest
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

TASK = "map.run"
# The answer leaves before clients give up, and a moment before its job would be late.
SECONDS = 100
MARGIN_SECONDS = 10


async def submit(context: ApiContext, caller: Principal, request: MapRequest, job_id: UUID) -> int:
    """Write, queue and hold a map; returns the balance left. Raises BadRequest, PaymentRequired, and
    TooManyRequests at the concurrency limit."""
    url, now = parse_url(request.url), context.clock()
    job = NewJob(
        id=job_id,
        organization_id=caller.organization_id,
        api_key_id=caller.api_key_id,
        url=request.url,
        host=url.host,
        mode="map",
        request=request.model_dump_json(exclude_defaults=True).encode(),
        held_microcents=MAP_MICROCENTS,
        created_at=now,
        deadline_at=now + timedelta(seconds=SECONDS),
    )
    async with context.database.transaction() as transaction:
        return await jobs.accept(transaction, job, TASK, context.sealer, caller.concurrency_limit)
