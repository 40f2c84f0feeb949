"""The flow of one scrape: climb → extract → price. Nothing here touches the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from alterlab_server.base.clock import Clock
from alterlab_server.base.errors import ServiceError
from alterlab_server.base.page import Page
from alterlab_server.base.url import parse_url
from alterlab_server.extract import Extraction
from alterlab_server.fetch.climb import climb
from alterlab_server.fetch.memory import HostMemory
from alterlab_server.fetch.outcome import Attempt, ClimbResult
from alterlab_server.fetch.tier import TIERS, Tier
from alterlab_server.jobs.schemas import AttemptRow, Ending, JobError
from alterlab_server.scrape.answer import ContentPlan, billing_block, content_plan, result_body
from alterlab_server.scrape.controls import extract_options, fetch_request, plan
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.failure import error_of
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.price import add_on_price, add_ons, base_price
from alterlab_server.scrape.schemas import ScrapeRequest

_ROWS = {row.name: row for row in TIERS}


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a worker has for its scrapes: the tiers it can use by name, the extraction processes, and the time."""

    tiers: Mapping[str, Tier]
    extractor: Extractor
    options: ScrapeOptions
    clock: Clock


async def scrape(request: ScrapeRequest, memory: HostMemory | None, deadline_at: datetime, tools: Toolbox) -> Ending:
    """Run one scrape to its end. A page that cannot be had is an ending with an error, not an exception."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    now = tools.clock()
    deadline = started + (deadline_at - now).total_seconds()
    try:
        url = parse_url(request.url)
        planned = plan(request, memory, frozenset(tools.tiers), now.timestamp())
    except ServiceError as error:
        return _ended(JobError(error.status, error.code, error.message, error.details), (), tools)
    climbed = await climb(fetch_request(request, url.without_fragment), planned, tools.tiers, deadline)
    if climbed.page is None:
        billing = billing_block(request, climbed.attempts, 0)
        return _ended(error_of(climbed, request.url, billing), climbed.attempts, tools)
    content = content_plan(request, tools.options.simple_content)
    extraction = await _extract(request, content, climbed.page, tools, deadline - loop.time())
    if isinstance(extraction, JobError):
        return _ended(extraction, climbed.attempts, tools)
    elapsed_ms = round((loop.time() - started) * 1000)
    return _completed(request, content, climbed, climbed.page, extraction, elapsed_ms, tools)


async def _extract(
    request: ScrapeRequest, content: ContentPlan, page: Page, tools: Toolbox, seconds: float
) -> Extraction | JobError:
    options = extract_options(request, content, page.final_url, page.headers.get("content-type", ""))
    extraction = await tools.extractor.extract(page.body, options, max(0.0, seconds))
    if isinstance(extraction, JobError) or not _all_failed(extraction, content.formats):
        return extraction
    reasons = "; ".join(f"{name}: {extraction.errors[name]}" for name in content.formats)
    return JobError(422, "EXTRACTION_FAILED", f"None of the formats could be made ({reasons}).")


def _all_failed(extraction: Extraction, formats: Sequence[str]) -> bool:
    return all(name in extraction.errors for name in formats)


def _completed(
    request: ScrapeRequest,
    content: ContentPlan,
    climbed: ClimbResult,
    page: Page,
    extraction: Extraction,
    elapsed_ms: int,
    tools: Toolbox,
) -> Ending:
    tier = climbed.attempts[-1].tier
    charged = base_price(_ROWS[tier], request) + add_on_price(add_ons(request))
    body = result_body(request, content, page, extraction, climbed, charged=charged, elapsed_ms=elapsed_ms)
    return Ending(
        charged_microcents=charged,
        result=orjson.dumps(body),
        attempts=_rows(climbed.attempts),
        tier_used=tier,
        target_status=page.status,
        kept_for=tools.options.result_ttl,
    )


def _ended(error: JobError, attempts: Sequence[Attempt], tools: Toolbox) -> Ending:
    last = next((a.status_code for a in reversed(attempts) if a.status_code is not None), None)
    return Ending(error=error, attempts=_rows(attempts), target_status=last, kept_for=tools.options.result_ttl)


def _rows(attempts: Sequence[Attempt]) -> tuple[AttemptRow, ...]:
    return tuple(
        AttemptRow(
            tier=attempt.tier,
            result=attempt.result,
            verdict=attempt.judgement.verdict,
            reason=attempt.judgement.reason,
            duration_ms=attempt.duration_ms,
            status_code=attempt.status_code,
        )
        for attempt in attempts
    )
