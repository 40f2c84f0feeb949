"""POST /map."""

import orjson
from fastapi import APIRouter, Request, Response

from alterlab_server.base.errors import TimedOut
from alterlab_server.jobs.schemas import HELD
from alterlab_server.jobs.service import raise_error
from alterlab_server.scrape import service as scrape
from alterlab_server.sitemap import service
from alterlab_server.sitemap.schemas import MapRequest, MapResponse
from alterlab_server.web.auth import Caller
from alterlab_server.web.clients import CallingClient
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import errors, json_response

router = APIRouter(prefix="/map", tags=["map"], route_class=JsonRoute)


@router.post(
    "", response_model=MapResponse, responses=errors(400, 401, 402, 403, 404, 413, 415, 422, 429, 500, 502, 503, 504)
)
async def map_urls(
    body: MapRequest, request: Request, context: Context, caller: Caller, client: CallingClient
) -> Response:
    """The URLs of a site, from its sitemaps and its links, without scraping them. One credit, however many they are."""
    seconds = service.seconds_for(client)
    async with scrape.expecting(context) as (job_id, ended):
        request.state.balance_microcents = await service.submit(context, caller, body, job_id, seconds)
        job = await scrape.wait(context, caller, job_id, ended, seconds)
    if not job.finished:
        details = {"job_id": str(job_id), "credits_status": HELD}
        raise TimedOut("The site could not be mapped in time.", details=details)
    if job.error is not None:
        raise_error(job.error)
    return json_response(orjson.loads(job.result or b"{}"))
