"""POST, GET and DELETE of /crawl, and the stream of its events."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from alterlab_server.base.clock import iso
from alterlab_server.base.money import to_credits
from alterlab_server.crawl import service
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.schemas import MAX_PAGES, CancelResponse, CrawlAcceptedResponse, CrawlRequest, CrawlResponse
from alterlab_server.crawl.stream import Streams, events
from alterlab_server.scrape.endpoints import Options
from alterlab_server.web.auth import Caller
from alterlab_server.web.clients import CallingClient
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import errors, json_response

router = APIRouter(prefix="/crawl", tags=["crawl"], route_class=JsonRoute)
# nginx keeps an answer back until it has some kilobytes of it, unless it is told not to.
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# The sequence of a page: a crawl has 100,000 at most.
_EVENT_ID = re.compile("[0-9]{1,6}")


async def _downloads(context: Context, options: Options, request: Request) -> Downloads:
    """Under the address that is configured, else under the one that the caller has used."""
    return Downloads(context.blobs, options.public_url or str(request.base_url))


CrawlDownloads = Annotated[Downloads, Depends(_downloads)]


@router.post("", status_code=202, responses=errors(400, 401, 402, 404, 422, 429, 500, 503))
async def start(
    body: CrawlRequest, request: Request, context: Context, options: Options, caller: Caller
) -> CrawlAcceptedResponse:
    """Crawl a site: follow its links and sitemaps, and scrape each page.

    What `max_pages` pages would probably cost is held at once; what was not used is given back at the end.
    """
    crawl, terms = await service.submit(context, options, caller, body)
    request.state.balance_microcents = terms.balance_microcents
    return CrawlAcceptedResponse(
        crawl_id=str(crawl.id),
        url=crawl.url,
        estimated_pages=terms.pages,
        total_enqueued=terms.enqueued,
        estimated_credits=to_credits(crawl.held_microcents),
        created_at=iso(crawl.created_at),
        message=f"Crawl started. Poll GET /v1/crawl/{crawl.id} for progress.",
    )


@router.get("/{crawl_id}", response_model=CrawlResponse, responses=errors(400, 401, 404, 429, 500))
async def get_crawl(
    crawl_id: str,
    context: Context,
    caller: Caller,
    client: CallingClient,
    downloads: CrawlDownloads,
    include_results: bool = False,
    cursor: Annotated[int, Query(ge=0, le=MAX_PAGES, description="`next_cursor` of the answer before")] = 0,
    limit: Annotated[int, Query(ge=1, le=service.MAX_LISTED)] = service.MAX_LISTED,
) -> Response:
    """How a crawl stands; with `include_results` also the pages that have ended so far, at most 1,000 an answer.

    Without, an ended crawl lists in `results` what became of its first 1,000 pages.
    """
    async with context.database.snapshot() as connection:
        crawl = await service.get(connection, caller.organization_id, crawl_id, context.clock())
        body = await service.describe(context, connection, crawl, downloads)
        if include_results or (client.expects_pages and crawl.finished_at is not None):
            body |= await service.list_pages(connection, crawl, cursor, limit)
        else:
            body |= await service.list_summaries(connection, crawl)
    return json_response(body | {"status": client.word(body["status"])})


@router.delete("/{crawl_id}", response_model=CancelResponse, responses=errors(400, 401, 404, 409, 429, 500))
async def cancel(crawl_id: str, context: Context, caller: Caller) -> dict[str, Any]:
    """Cancel a crawl: what has ended is kept and charged, the rest is given back."""
    async with context.database.transaction() as transaction:
        return await service.cancel(transaction, caller.organization_id, crawl_id, context.clock(), context.publish)


@router.get("/{crawl_id}/stream", response_class=StreamingResponse, responses=errors(400, 401, 404, 429, 500))
async def stream(
    crawl_id: str,
    request: Request,
    context: Context,
    caller: Caller,
    downloads: CrawlDownloads,
    last_event_id: Annotated[str, Header(description="id of the last event that came; those after it follow")] = "",
) -> StreamingResponse:
    """Server-sent events: page.completed, page.failed, crawl.progress, and at the end crawl.completed.

    A client that comes back goes on where it was; a `Last-Event-ID` that this server has not given begins anew.
    """
    streams: Streams = request.app.state.crawl_streams
    streams.require_room(caller.organization_id)
    async with context.database.statement() as connection:
        await service.get(connection, caller.organization_id, crawl_id, context.clock())
    last = int(last_event_id) if _EVENT_ID.fullmatch(last_event_id) else 0
    told = events(context, downloads, caller, crawl_id, last)
    told = streams.counted(caller.organization_id, told)
    return StreamingResponse(told, media_type="text/event-stream", headers=STREAM_HEADERS)
