"""POST /batch and GET /batch/{batch_id}."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from alterlab_server.base.money import to_credits
from alterlab_server.batch import service
from alterlab_server.batch.schemas import BatchAcceptedResponse, BatchRequest, BatchResponse
from alterlab_server.scrape.endpoints import Options
from alterlab_server.web.auth import Caller
from alterlab_server.web.clients import CallingClient
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import errors, json_response

router = APIRouter(prefix="/batch", tags=["batch"], route_class=JsonRoute)


@router.post("", status_code=202, responses=errors(400, 401, 402, 404, 422, 429, 500))
async def submit(
    body: BatchRequest, request: Request, context: Context, options: Options, caller: Caller
) -> BatchAcceptedResponse:
    """Scrape many pages: at most 1,000 plain addresses, or 100 objects that may carry any field of a scrape. Fields
    that stand beside them are for all of them.

    What the pages may cost is held at once; what fails is given back.
    """
    accepted = await service.submit(context, options, caller, body)
    request.state.balance_microcents = accepted.balance_microcents
    total = len(accepted.job_ids)
    return BatchAcceptedResponse(
        batch_id=f"{service.PREFIX}{accepted.batch_id}",
        total_urls=total,
        total_jobs=total,
        total_requests=total,
        job_ids=list(accepted.job_ids),
        estimated_credits=to_credits(accepted.held_microcents),
        webhook_url=body.webhook_url,
    )


@router.get("/{batch_id}", response_model=BatchResponse, responses=errors(400, 401, 404, 429, 500))
async def get_batch(
    batch_id: str, context: Context, caller: Caller, client: CallingClient, include_results: bool = True
) -> Response:
    """How a batch stands, and its items in the order of the request; poll without results while it is processing."""
    async with context.database.snapshot() as connection:
        batch = await service.get(connection, caller.organization_id, batch_id, context.clock())
        body = await service.describe(connection, batch)
    body["status"] = client.word(body["status"])
    if not include_results:
        return json_response(body)
    return StreamingResponse(service.with_results(context, batch, body), media_type="application/json")
