"""GET /jobs/{job_id}, GET /usage, GET /billing/usage, and GET /downloads/…: the files of jobs."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from alterlab_server.base.clock import iso
from alterlab_server.base.errors import NotFound
from alterlab_server.jobs import service
from alterlab_server.jobs.files import file_type
from alterlab_server.jobs.flat import flat, flat_job
from alterlab_server.jobs.schemas import Job, JobResponse, SpendingResponse
from alterlab_server.jobs.spending import spending
from alterlab_server.jobs.usage import period, usage
from alterlab_server.web.auth import Caller
from alterlab_server.web.clients import CallingClient, Client
from alterlab_server.web.context import Context
from alterlab_server.web.responses import errors, json_response

router = APIRouter(tags=["jobs"])
# Outside /api/v1, where the URLs in answers point.
downloads = APIRouter(prefix="/downloads", tags=["jobs"])
_RUNNING_PROGRESS = 50


@router.get("/jobs/{job_id}", response_model=JobResponse, responses=errors(401, 404, 429, 500))
async def get_job(job_id: str, context: Context, caller: Caller, client: CallingClient) -> Response:
    """A job's status, and its result once it has completed.

    On completion the result's fields also stand beside `result`: some clients read them there.
    """
    async with context.database.statement() as connection:
        job = await service.get(connection, caller.organization_id, _uuid(job_id), context.clock())
    return json_response(job_body(job, client))


@router.get("/usage", response_model=dict[str, Any], responses=errors(400, 401, 429, 500))
async def get_usage(
    context: Context, caller: Caller, start_date: str | None = None, end_date: str | None = None
) -> Response:
    """Requests, spending and limits of a period: ISO 8601 dates or times, by default the current month."""
    now = context.clock()
    since, until = period(start_date, end_date, now)
    async with context.database.snapshot() as connection:
        return json_response(await usage(connection, caller, since, until, now))


@router.get("/billing/usage", tags=["billing"], responses=errors(401, 429, 500))
async def get_spending(context: Context, caller: Caller) -> SpendingResponse:
    """Credits spent today, this week, this month and in all, and the ten hosts that cost most."""
    async with context.database.snapshot() as connection:
        return await spending(connection, caller.organization_id, context.clock())


@downloads.get("/{kind}/{day}/{name}", response_class=Response, responses=errors(401, 404, 429, 500))
async def get_download(
    kind: Annotated[str, Path(description="screenshots, pdfs or crawls")],
    day: Annotated[str, Path(description="the day it was made, such as 2026-11-21")],
    name: str,
    context: Context,
    caller: Caller,
) -> Response:
    """A screenshot or PDF of one of the caller's jobs, for 24 hours; or the results of a crawl, for 30 days."""
    key = f"{kind}/{day}/{name}"
    async with context.database.statement() as connection:
        content_type = await file_type(connection, caller.organization_id, key, context.clock())
    body = await context.blobs.get(key)
    if body is None:
        raise NotFound("There is no such file, or it has expired.")
    # Never shown inside a page of this origin: what a job made is a stranger's content.
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(body, media_type=content_type, headers=headers)


def job_body(job: Job, client: Client) -> dict[str, Any]:
    """The answer for a job in any state, in the client's words."""
    body: dict[str, Any] = {
        "id": str(job.id),
        "job_id": str(job.id),
        "status": client.word(job.status),
        "url": job.url,
        "mode": job.mode,
        "created_at": iso(job.created_at),
    }
    if job.status == "running":
        body["progress"] = _RUNNING_PROGRESS
    if job.finished_at is not None and job.error is None:
        result = orjson.loads(job.result or b"{}") | {"job_id": str(job.id)}
        result = flat(result) if client.reads_flat else result
        body = result | body | {"result": result, "error": None, "completed_at": iso(job.finished_at)}
    if job.finished_at is not None and job.error is not None:
        body |= {
            "error": job.error.message,
            "error_code": job.error.code,
            "error_details": dict(job.error.details),
            "failed_at": iso(job.finished_at),
        }
    return flat_job(body) if client.reads_flat else body


def _uuid(text: str) -> UUID:
    """What is no UUID is no job either: 404, which clients take as expired."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no job {text[:64]}.") from None
