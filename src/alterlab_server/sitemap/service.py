"""Accepting maps. A map is a job like a scrape: held, queued, waited for, settled."""

from datetime import timedelta
from uuid import UUID

from alterlab_server.base.url import parse_url
from alterlab_server.billing.prices import MAP_MICROCENTS
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import NewJob
from alterlab_server.sitemap.schemas import MapRequest
from alterlab_server.web.auth import Principal
from alterlab_server.web.clients import Client
from alterlab_server.web.context import ApiContext

TASK = "map.run"
# The answer leaves before clients give up, and a moment before its job would be late.
SECONDS = 100
MARGIN_SECONDS = 5


def seconds_for(client: Client) -> float:
    """How long a map may take: a client that gives up before would send the request anew, and pay for each."""
    return SECONDS if client.patience is None else min(SECONDS, client.patience - 1)


async def submit(context: ApiContext, caller: Principal, request: MapRequest, job_id: UUID, seconds: float) -> int:
    """Write, queue and hold a map that has so many seconds; returns the balance left. Raises BadRequest,
    PaymentRequired, and TooManyRequests at the concurrency limit."""
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
        deadline_at=now + timedelta(seconds=seconds),
    )
    async with context.database.transaction() as transaction:
        return await jobs.accept(transaction, job, TASK, context.sealer, caller.concurrency_limit)
