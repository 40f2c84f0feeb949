"""Accepting scrapes, waiting for them, and saying what they would cost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from alterlab_server.base.clock import new_id
from alterlab_server.base.errors import NotFound, Unavailable
from alterlab_server.base.events import JobAccepted, WebhookTarget
from alterlab_server.base.url import parse_url
from alterlab_server.db import STORE_ERRORS, is_away
from alterlab_server.extract.schema import parse_schema
from alterlab_server.fetch.memory import forecast
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import Job, NewJob
from alterlab_server.scrape import memory
from alterlab_server.scrape.controls import plan
from alterlab_server.scrape.options import ScrapeOptions, timeout_of
from alterlab_server.scrape.price import add_on_price, add_ons, base_price, ceiling
from alterlab_server.scrape.schemas import Estimate, EstimateRequest, PageRequest, ScrapeRequest
from alterlab_server.scrape.supported import refuse_unsupported
from alterlab_server.templates import service as templates
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

TASK = "scrape.run"
# A notification can be lost with the connection that would have brought it; then the row tells.
RECHECK_SECONDS = 5.0

AnyRequest = TypeVar("AnyRequest", bound=PageRequest)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that was written and queued, its hold, and the balance left after that."""

    job_id: UUID
    held_microcents: int
    balance_microcents: int


async def submit(
    context: ApiContext, options: ScrapeOptions, caller: Principal, request: ScrapeRequest, job_id: UUID
) -> Accepted:
    """Check, price, hold, write and queue a scrape, all in one transaction.

    Raises BadRequest for what cannot be done, NotFound for a template that does not exist, PaymentRequired, and
    TooManyRequests at the concurrency limit.
    """
    request = await with_template(context, caller, request)
    job = new_job(context, options, caller, request, job_id)
    webhooks = await webhooks_of(context, request)
    # What writes nothing but the job, its hold and its queue entry is one statement.
    begun = context.database.transaction if webhooks or request.cache else context.database.statement
    async with begun() as transaction:
        await context.publish(transaction, JobAccepted(job_id, caller.organization_id, webhooks))
        kept = await memory.cached_answer(transaction, caller.organization_id, request, job.created_at)
        if kept is None:
            # Who waits for a fetch is told nothing before it is settled, or a second has passed.
            most, durable = caller.concurrency_limit, not request.sync
            left = await jobs.accept(transaction, job, TASK, context.sealer, most, durable=durable)
            return Accepted(job_id, job.held_microcents, left)
        free, ending = replace(job, held_microcents=0), kept.ending(options.result_ttl)
        await jobs.accept_ended(transaction, free, ending, context.sealer, job.created_at, context.publish)
        return Accepted(job_id, 0, caller.balance_microcents)


async def with_template(
    context: ApiContext, caller: Principal, request: AnyRequest, read: dict[str, Any] | None = None
) -> AnyRequest:
    """The request with the schema and the profile of the template that it names, if any; raises NotFound.

    Requests that may share a template share `read`, the schemas that are known by then.
    """
    if request.template is None:
        return request
    schemas = {} if read is None else read
    if request.template not in schemas:
        async with context.database.statement() as connection:
            schemas[request.template] = await templates.schema_of(connection, caller.organization_id, request.template)
    named = request.extraction_profile or request.extraction_template
    chosen: dict[str, Any] = {"extraction_schema": schemas[request.template], "template": None}
    if named is None and (profile := templates.profile_of(request.template)):
        chosen["extraction_profile"] = profile
    return request.model_copy(update=chosen)


def check(options: ScrapeOptions, request: ScrapeRequest) -> None:
    """Raise BadRequest for what this server cannot do, a schema that is none, and a proxy that is not there."""
    refuse_unsupported(request)
    if request.extraction_schema is not None:
        parse_schema(request.extraction_schema)
    options.proxies.choose(request)


def new_job(
    context: ApiContext, options: ScrapeOptions, caller: Principal, request: ScrapeRequest, job_id: UUID
) -> NewJob:
    """The job of a scrape that is accepted now: checked, planned and priced. Raises BadRequest and PaymentRequired."""
    check(options, request)
    url, now = parse_url(request.url), context.clock()
    planned = plan(request, None, options.available_tiers, now.timestamp())
    return NewJob(
        id=job_id,
        organization_id=caller.organization_id,
        api_key_id=caller.api_key_id,
        url=request.url,
        host=url.host,
        mode=request.mode,
        request=request.model_dump_json(exclude_defaults=True).encode(),
        held_microcents=ceiling(planned.rows, request),
        created_at=now,
        deadline_at=now + timedelta(seconds=timeout_of(request)),
    )


async def webhooks_of(context: ApiContext, request: ScrapeRequest) -> tuple[WebhookTarget, ...]:
    """The webhook that the request gives, if any; raises InvalidUrl and UrlNotAllowed."""
    if request.webhook_url is None:
        return ()
    return (WebhookTarget(await context.receivers.check(request.webhook_url, "webhook_url")),)


@asynccontextmanager
async def expecting(context: ApiContext) -> AsyncIterator[tuple[UUID, asyncio.Event]]:
    """A new job's id, and an event that is set when that job has ended. Enter before the job is submitted."""
    job_id = new_id()
    with context.finished_jobs.expect(str(job_id)) as ended:
        yield job_id, ended


async def wait(context: ApiContext, caller: Principal, job_id: UUID, ended: asyncio.Event, seconds: float) -> Job:
    """The job once it has ended, or as it stands after `seconds`, or when this process is about to end; a store that is
    away meanwhile is waited for."""
    loop = asyncio.get_running_loop()
    give_up = loop.time() + seconds
    while True:
        left = give_up - loop.time()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(left, RECHECK_SECONDS))):
                await ended.wait()
        ended.clear()
        try:
            job = await get_job(context, caller, job_id)
        except NotFound:  # the store crashed before the job, which nobody was told of yet, had reached the disk
            raise Unavailable(
                "The store of this service has lost the request. Nothing was charged. Send it again.",
                code="STORE_UNAVAILABLE",
                retry_after=1,
            ) from None
        except STORE_ERRORS as error:
            if left <= 0 or not is_away(error):
                raise
            continue  # who is told to try again would pay for two
        if job.finished or left <= 0 or context.closing.is_set():
            return job


async def get_job(context: ApiContext, caller: Principal, job_id: UUID) -> Job:
    """A job of the caller's organization; raises NotFound."""
    async with context.database.statement() as connection:
        return await jobs.get(connection, caller.organization_id, job_id, context.clock())


async def estimate(
    context: ApiContext, options: ScrapeOptions, caller: Principal, request: EstimateRequest
) -> Estimate:
    """What a scrape would probably cost, from the request and what is known of the host. Fetches nothing.

    Raises BadRequest, NotFound and PaymentRequired where the scrape would.
    """
    check(options, await with_template(context, caller, request))
    host, now = parse_url(request.url).host, context.clock().timestamp()
    async with context.database.statement() as connection:
        known = await memory.recall(connection, host)
    planned = plan(request, known, options.available_tiers, now)
    expected = forecast(known, [row.name for row in planned.rows], now)
    further = add_on_price(add_ons(request))
    prices = {row.name: base_price(row, request) + further for row in planned.rows}
    return Estimate(
        url=request.url,
        tier=expected.tier,
        expected=prices[expected.tier],
        least=min(prices.values()),
        most=max(prices.values()),
        confidence=expected.confidence,
        reasoning=expected.reasoning,
    )
