"""POST /extract, its estimate, its usage, and the templates."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from alterlab_server.base.errors import BadRequest
from alterlab_server.extractions import service
from alterlab_server.extractions.schemas import (
    MAX_CONTENT_CHARS,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    ExtractEstimate,
    ExtractRequest,
    ExtractResponse,
    TemplateRequest,
    UsagePage,
    UsageSummary,
)
from alterlab_server.jobs.usage import period
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.templates import service as templates
from alterlab_server.templates.schemas import TemplateItem, TemplateList
from alterlab_server.web.auth import Caller
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import errors

router = APIRouter(prefix="/extract", tags=["extract"], route_class=JsonRoute)
_BEGINNING = "2000-01-01"
_DEFAULT_WINDOW = timedelta(days=30)


async def _extractor(request: Request) -> Extractor:
    extractor: Extractor = request.app.state.extractor
    return extractor


@router.post("", responses=errors(400, 401, 402, 404, 413, 422, 429, 500, 504))
async def extract(
    body: ExtractRequest,
    request: Request,
    response: Response,
    context: Context,
    extractor: Annotated[Extractor, Depends(_extractor)],
    caller: Caller,
) -> ExtractResponse:
    """Extract formats and structured data from content that the request brings. Nothing is fetched."""
    extracted, request.state.balance_microcents = await service.extract(context, extractor, caller, body)
    response.headers["X-AlterLab-Credits"] = str(extracted.credits_used)
    return extracted


@router.get("/estimate", responses=errors(400, 401, 429, 500))
async def estimate(
    content_length: Annotated[int, Query(ge=1, le=MAX_CONTENT_CHARS)],
    _caller: Caller,
    has_extraction_prompt: bool = False,
) -> ExtractEstimate:
    """What an extraction of that many characters would cost."""
    return service.estimate(content_length, with_prompt=has_extraction_prompt)


@router.get("/usage", responses=errors(400, 401, 429, 500))
async def usage(
    context: Context,
    caller: Caller,
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)] = 50,
    date_from: str | None = None,
    date_to: str | None = None,
) -> UsagePage:
    """Extractions, newest first; of a period between two ISO 8601 dates, or all."""
    since, until = period(date_from or _BEGINNING, date_to, context.clock(), ("date_from", "date_to"))
    async with context.database.snapshot() as connection:
        return await service.usage(connection, caller.organization_id, since, until, page, page_size)


@router.get("/usage/summary", responses=errors(400, 401, 429, 500))
async def usage_summary(
    context: Context,
    caller: Caller,
    hours: Annotated[int | None, Query(ge=1, le=8760)] = None,
    days: Annotated[int | None, Query(ge=1, le=365)] = None,
) -> UsageSummary:
    """Extractions and their cost in the last hours or days, by default 30 days."""
    if hours is not None and days is not None:
        raise BadRequest("Give either `hours` or `days`, not both.", details={"field": "hours"})
    window = timedelta(hours=hours or 0, days=days or 0) or _DEFAULT_WINDOW
    async with context.database.snapshot() as connection:
        return await service.summary(connection, caller.organization_id, window, context.clock())


@router.get("/templates", responses=errors(401, 429, 500))
async def list_templates(context: Context, caller: Caller) -> TemplateList:
    """The built-in templates and those of the account."""
    async with context.database.statement() as connection:
        found = await templates.list_all(connection, caller.organization_id)
    return TemplateList(templates=found, total=len(found))


@router.post("/templates", status_code=201, responses=errors(400, 401, 409, 429, 500))
async def save_template(body: TemplateRequest, context: Context, caller: Caller) -> TemplateItem:
    """Save a schema under a name."""
    async with context.database.transaction() as transaction:
        return await templates.save(transaction, caller.organization_id, body.name, body.template_schema)


@router.get("/templates/{template_id}", responses=errors(401, 404, 429, 500))
async def get_template(template_id: str, context: Context, caller: Caller) -> TemplateItem:
    """One template by its id; a built-in one's id is its name."""
    async with context.database.statement() as connection:
        return await templates.get(connection, caller.organization_id, template_id)


@router.delete("/templates/{template_id}", status_code=204, responses=errors(401, 404, 429, 500))
async def delete_template(template_id: str, context: Context, caller: Caller) -> None:
    """Delete a saved template."""
    async with context.database.transaction() as transaction:
        await templates.remove(transaction, caller.organization_id, template_id)
