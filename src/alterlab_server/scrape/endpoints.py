"""POST /scrape and POST /scrape/estimate."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from alterlab_server.base.errors import TimedOut
from alterlab_server.base.money import to_credits
from alterlab_server.jobs.flat import flat, flat_estimate
from alterlab_server.jobs.schemas import HELD, Job
from alterlab_server.jobs.service import raise_error
from alterlab_server.scrape import service
from alterlab_server.scrape.meant import as_meant
from alterlab_server.scrape.options import ScrapeOptions, sync_wait
from alterlab_server.scrape.schemas import (
    EstimateRequest,
    EstimateResponse,
    ScrapeAccepted,
    ScrapeRequest,
    ScrapeResult,
)
from alterlab_server.web.auth import Caller
from alterlab_server.web.clients import CallingClient
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import accepted, errors, json_response

router = APIRouter(prefix="/scrape", tags=["scrape"], route_class=JsonRoute)


async def _options(request: Request) -> ScrapeOptions:
    options: ScrapeOptions = request.app.state.scrape_options
    return options


Options = Annotated[ScrapeOptions, Depends(_options)]


@router.post(
    "",
    response_model=ScrapeResult,
    responses=accepted(ScrapeAccepted) | errors(400, 401, 402, 403, 404, 413, 415, 422, 429, 500, 502, 503, 504),
)
async def scrape(
    body: ScrapeRequest, request: Request, context: Context, options: Options, caller: Caller, client: CallingClient
) -> Response:
    """Scrape one page.

    With `sync` (the default) the answer is the page, or 202 when it takes too long; without, 202 at once.
    """
    body = as_meant(body, client)
    async with service.expecting(context) as (job_id, ended):
        submitted = await service.submit(context, options, caller, body, job_id)
        request.state.balance_microcents = submitted.balance_microcents
        if not body.sync:
            return json_response({"job_id": str(job_id), "status": "pending"}, 202)
        job = await service.wait(context, caller, job_id, ended, sync_wait(body, client))
    if not job.finished and context.closing.is_set() and not client.polls:
        details = {"job_id": str(job_id), "credits_status": HELD}
        raise TimedOut("The server is being stopped before the page is there; the job goes on.", details=details)
    if not job.finished:
        return json_response(_still_running(body, job), 202)
    request.state.balance_microcents += submitted.held_microcents - job.charged_microcents
    if job.error is not None:
        raise_error(job.error)
    result = orjson.loads(job.result or b"{}")
    answer = result | {"job_id": str(job.id)}
    return json_response(flat(answer) if client.reads_flat else answer, headers=result_headers(result))


@router.post("/estimate", response_model=EstimateResponse, responses=errors(400, 401, 402, 404, 422, 429, 500))
async def estimate(
    body: EstimateRequest, context: Context, options: Options, caller: Caller, client: CallingClient
) -> Response:
    """What a scrape would probably cost. Nothing is fetched and nothing is charged."""
    expected = await service.estimate(context, options, caller, body)
    response = EstimateResponse(
        url=expected.url,
        estimated_tier=expected.tier,
        estimated_credits=to_credits(expected.expected),
        confidence=expected.confidence,
        max_possible_credits=to_credits(expected.most),
        reasoning=expected.reasoning,
    )
    answer = response.model_dump()
    if client.reads_flat:
        answer = flat_estimate(answer, expected.expected, expected.least, expected.most)
    return json_response(answer)


def result_headers(result: dict[str, Any]) -> dict[str, str]:
    """The X-AlterLab headers of a successful scrape."""
    billing = result["billing"]
    return {
        "X-AlterLab-Credits": str(billing["total_credits"]),
        "X-AlterLab-Tier": str(billing["tier_used"]),
        "X-AlterLab-Savings": str(billing["savings"]),
        "X-AlterLab-Bytes": str(result["size_bytes"]),
        "X-AlterLab-Cached": str(result["cached"]).lower(),
    }


def _still_running(body: ScrapeRequest, job: Job) -> dict[str, Any]:
    """A 202 that also has what a client that never polls insists on."""
    stub = {"total_credits": 0, "tier_used": "0", "escalations": [], "savings": 0, "optimization_suggestion": None}
    waiting = {"content": "", "response_time_ms": 0, "billing": stub}
    return {"job_id": str(job.id), "status": job.status, "url": body.url} | waiting
