"""Extracting what a caller brings, in a process of its own, and charging it when it was delivered."""

import base64
import time
from datetime import datetime, timedelta
from uuid import UUID

from alterlab_server.base.clock import iso, new_id
from alterlab_server.base.errors import BadRequest, NotFound, Unprocessable
from alterlab_server.base.money import to_credits, to_dollars
from alterlab_server.billing import service as billing
from alterlab_server.billing.prices import (
    EXTRACT_LARGE_CHARS,
    EXTRACT_LARGE_MICROCENTS,
    EXTRACT_MICROCENTS,
    EXTRACT_PROMPT_MICROCENTS,
)
from alterlab_server.db import Transaction
from alterlab_server.extract import Extraction, ExtractOptions
from alterlab_server.extract.schema import parse_schema
from alterlab_server.extractions import repository
from alterlab_server.extractions.schemas import (
    Extracted,
    ExtractEstimate,
    ExtractionMetadata,
    ExtractRequest,
    ExtractResponse,
    UsageItem,
    UsagePage,
    UsageSummary,
)
from alterlab_server.jobs.schemas import JobError
from alterlab_server.jobs.service import raise_error
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.supported import refuse_models
from alterlab_server.templates import service as templates
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

SECONDS = 60.0
_PDF_MARK = "JVBERi0"  # "%PDF-" in base64
_DATA_URI = "data:application/pdf;base64,"
_MEDIA_TYPES = {"html": "text/html", "text": "text/plain", "markdown": "text/markdown"}


async def extract(
    context: ApiContext, extractor: Extractor, caller: Principal, request: ExtractRequest
) -> tuple[ExtractResponse, int]:
    """Extract, then charge and record it in one transaction; gives the answer and the balance left.

    Raises BadRequest for a profile, schema, template or prompt that cannot be used, PaymentRequired, and what
    extraction itself says of content that it cannot read; none of these costs anything.
    """
    refuse_models(request)
    if request.cache == "only":
        raise NotFound("Only answers of models are cached, and this request asks none.", details={"field": "cache"})
    body, media_type = _body(request)
    options = await _options(context, caller, request, media_type)
    price = cost(len(request.content))
    billing.require(caller.balance_microcents, sum(price.values()))
    started = time.monotonic()
    extraction = await extractor.extract(body, options, SECONDS, str(caller.organization_id))
    if isinstance(extraction, JobError):
        raise_error(extraction)
    if all(name in extraction.errors for name in options.formats):
        reasons = "; ".join(f"{name}: {reason}" for name, reason in extraction.errors.items())
        raise Unprocessable(f"No format could be made ({reasons}).", code="EXTRACTION_FAILED")
    extracted = Extracted(
        id=new_id(),
        profile=options.profile,
        formats=options.formats,
        content_chars=len(request.content),
        charged_microcents=sum(price.values()),
        latency_ms=round((time.monotonic() - started) * 1000),
        created_at=context.clock(),
    )
    async with context.database.transaction() as transaction:
        await repository.add(transaction, caller.organization_id, extracted)
        left = await billing.charge(transaction, caller.organization_id, extracted.charged_microcents, extracted.id)
    return _response(extraction, extracted), left


def cost(chars: int, *, with_prompt: bool = False) -> dict[str, int]:
    """What an extraction costs, by component, in microcents."""
    return {
        "base": EXTRACT_MICROCENTS,
        "llm": EXTRACT_PROMPT_MICROCENTS if with_prompt else 0,
        "large_content": EXTRACT_LARGE_MICROCENTS if chars > EXTRACT_LARGE_CHARS else 0,
    }


def estimate(chars: int, *, with_prompt: bool) -> ExtractEstimate:
    """What GET /extract/estimate answers."""
    breakdown = cost(chars, with_prompt=with_prompt)
    total = sum(breakdown.values())
    return ExtractEstimate(estimated_cost_microcents=total, estimated_cost_usd=to_dollars(total), breakdown=breakdown)


async def usage(
    transaction: Transaction, organization_id: UUID, since: datetime, until: datetime, page: int, page_size: int
) -> UsagePage:
    """One page of the extractions of [since, until)."""
    total, _ = await repository.totals(transaction, organization_id, since, until)
    offset = (page - 1) * page_size
    found = await repository.list_page(transaction, organization_id, since, until, page_size, offset)
    items = [
        UsageItem(
            extract_id=item.id,
            created_at=iso(item.created_at),
            extraction_profile=item.profile,
            formats=list(item.formats),
            content_size_chars=item.content_chars,
            cost_microcents=item.charged_microcents,
            latency_ms=item.latency_ms,
        )
        for item in found
    ]
    return UsagePage(items=items, total=total, page=page, page_size=page_size, has_more=offset + len(items) < total)


async def summary(transaction: Transaction, organization_id: UUID, window: timedelta, now: datetime) -> UsageSummary:
    """Extractions and their cost in the window that ends now."""
    requests, microcents = await repository.totals(
        transaction, organization_id, now - window, now + timedelta(seconds=1)
    )
    return UsageSummary(total_requests=requests, total_cost_microcents=microcents)


async def sweep(transaction: Transaction, now: datetime, keep_for: timedelta) -> None:
    """Forget the extractions that were made longer ago than `keep_for`."""
    await repository.drop_old(transaction, now - keep_for)


async def _options(context: ApiContext, caller: Principal, request: ExtractRequest, media_type: str) -> ExtractOptions:
    schema = request.extraction_schema
    profile: str | None = request.extraction_profile or request.extraction_template
    if request.template is not None:
        profile = profile or templates.profile_of(request.template)
        async with context.database.statement() as connection:
            schema = await templates.schema_of(connection, caller.organization_id, request.template)
    if schema is not None:
        parse_schema(schema)
    return ExtractOptions(
        formats=tuple(dict.fromkeys(request.formats)),
        url=request.source_url or "",
        content_type=media_type,
        schema=schema,
        profile=profile,
        evidence=request.evidence,
        promote_schema_org=request.promote_schema_org,
    )


def _body(request: ExtractRequest) -> tuple[bytes, str]:
    """The content as bytes with its media type; a PDF comes in base64, with or without a data address around it."""
    encoded = request.content.lstrip().removeprefix(_DATA_URI)
    if encoded.startswith(_PDF_MARK):
        try:
            return base64.b64decode(encoded), "application/pdf"
        except ValueError:
            raise BadRequest(
                "content is a PDF in base64 that is cut or broken.", details={"field": "content"}
            ) from None
    return request.content.encode(errors="replace"), f"{_MEDIA_TYPES[request.content_type]}; charset=utf-8"


def _response(extraction: Extraction, extracted: Extracted) -> ExtractResponse:
    return ExtractResponse(
        extract_id=extracted.id,
        formats=dict(extraction.content),
        credits_used=to_credits(extracted.charged_microcents),
        extraction_profile=extracted.profile,
        content_size_chars=extracted.content_chars,
        extraction_metadata=ExtractionMetadata(
            cost_microcents=extracted.charged_microcents, latency_ms=extracted.latency_ms
        ),
        title=extraction.title,
        author=extraction.author,
        published_at=extraction.published_at,
        metadata=dict(extraction.metadata),
        content_errors=dict(extraction.errors),
        content_quality=extraction.content_quality,
        quality_warning=extraction.quality_warning,
        content_truncated=extraction.content_truncated,
        filtered_content=extraction.filtered_content,
        extraction_result=extraction.filtered_content,
        evidence=dict(extraction.evidence) if extraction.evidence is not None else None,
    )
