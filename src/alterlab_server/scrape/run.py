"""The flow of one scrape: climb → extract → price. Nothing here touches the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from alterlab_server.base.clock import Clock
from alterlab_server.base.errors import ServiceError
from alterlab_server.base.page import Page
from alterlab_server.base.url import Url, parse_url
from alterlab_server.extract import Extraction
from alterlab_server.fetch.climb import climb
from alterlab_server.fetch.memory import HostMemory, blocks_images, domain_difficulty, domain_warning, tier_cap_warning
from alterlab_server.fetch.outcome import Attempt, ClimbResult
from alterlab_server.fetch.plan import Plan
from alterlab_server.fetch.tier import TIERS, Tier
from alterlab_server.jobs.schemas import AttemptRow, Ending, JobError
from alterlab_server.scrape.answer import ContentPlan, Gathered, billing_block, content_plan, result_body
from alterlab_server.scrape.cache import cacheable
from alterlab_server.scrape.controls import extract_options, fetch_request, plan
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.failure import error_of
from alterlab_server.scrape.files import files_of
from alterlab_server.scrape.images import read_images
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.price import add_on_price, base_price, delivered_add_ons, fetch_price
from alterlab_server.scrape.schemas import ScrapeRequest

_ROWS = {row.name: row for row in TIERS}


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a worker has for its scrapes: the tiers it can use by name, the extraction processes, and the time."""

    tiers: Mapping[str, Tier]
    extractor: Extractor
    options: ScrapeOptions
    clock: Clock


@dataclass(frozen=True, slots=True)
class Assignment:
    """One scrape: the job it is for, the request, what is known of its host, and when it must have ended.

    `links` asks for what the page links to, which no answer shows; `owner` is the account, if there are several.
    """

    job_id: UUID
    request: ScrapeRequest
    memory: HostMemory | None
    deadline_at: datetime
    links: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Scraped:
    """How the scrape ended, its attempts, from which the host is learnt, and the page itself when it was good.

    `withheld_by` is the control for which the climb ended before a tier that it would have tried.
    """

    ending: Ending
    attempts: tuple[Attempt, ...] = ()
    gathered: Gathered | None = None
    withheld_by: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A page after extraction: its formats, and the text of its images."""

    extraction: Extraction
    ocr_results: list[dict[str, Any]]


async def scrape(assignment: Assignment, tools: Toolbox) -> Scraped:
    """Run one scrape to its end. A page that cannot be had is an ending with an error, not an exception."""
    loop = asyncio.get_running_loop()
    request, started, begun_at = assignment.request, loop.time(), tools.clock()
    deadline = started + (assignment.deadline_at - begun_at).total_seconds()
    now = begun_at.timestamp()
    memory = assignment.memory and assignment.memory.at(now)
    try:
        url, planned, proxy = _prepare(request, memory, now, tools)
    except ServiceError as error:
        return Scraped(_failed(JobError(error.status, error.code, error.message, error.details), (), tools))
    block_images = blocks_images(memory, now)
    wanted = fetch_request(request, url.without_fragment, proxy, block_images=block_images, owner=assignment.owner)
    climbed = await climb(wanted, planned, tools.tiers, deadline)
    host = _host_fields(request, memory, now, planned)
    if climbed.page is None:
        failure = error_of(climbed, request.url, billing_block(request, climbed.attempts, 0), host)
        withheld_by = (climbed.notes or {}).get("withheld_by")
        return Scraped(_failed(failure, climbed.attempts, tools), climbed.attempts, withheld_by=withheld_by)
    content = content_plan(request, tools.options.simple_content)
    read = await _read(assignment, content, climbed.page, proxy, tools, deadline)
    if isinstance(read, JobError):
        unread = replace(read, details={"url": request.url, **read.details})
        return Scraped(_failed(unread, climbed.attempts, tools), climbed.attempts)
    gathered = Gathered(
        page=climbed.page,
        extraction=read.extraction,
        climbed=climbed,
        charged=_charge(request, climbed, climbed.page, read),
        elapsed_ms=round((loop.time() - started) * 1000),
        files=files_of(climbed.page, assignment.job_id, tools.clock()),
        further={"ocr_results": read.ocr_results} | host,
    )
    return Scraped(_completed(assignment, content, gathered, tools), climbed.attempts, gathered)


def _prepare(
    request: ScrapeRequest, memory: HostMemory | None, now: float, tools: Toolbox
) -> tuple[Url, Plan, str | None]:
    planned = plan(request, memory, frozenset(tools.tiers), now)
    return parse_url(request.url), planned, tools.options.proxies.choose(request)


async def _read(
    assignment: Assignment, content: ContentPlan, page: Page, proxy: str | None, tools: Toolbox, deadline: float
) -> _Read | JobError:
    """Extract the formats, and the text of images where that is asked for."""
    loop, request = asyncio.get_running_loop(), assignment.request
    asked = extract_options(request, content, page.final_url, page.headers.get("content-type", ""))
    # A crawl that finds the answer in the cache goes on from its links.
    options = replace(asked, links=assignment.links or cacheable(request), images=request.advanced.ocr)
    if request.mode == "ocr":
        left = deadline - loop.time()
        done = await tools.extractor.read_image(page.body, request.ocr_language, options, left, assignment.owner)
        return done if isinstance(done, JobError) else _Read(done[0], [{"image_url": page.final_url, **done[1]}])
    extraction = await tools.extractor.extract(page.body, options, deadline - loop.time(), assignment.owner)
    if isinstance(extraction, JobError):
        return extraction
    if all(name in extraction.errors for name in content.formats):
        reasons = "; ".join(f"{name}: {extraction.errors[name]}" for name in content.formats)
        return JobError(422, "EXTRACTION_FAILED", f"None of the formats could be made ({reasons}).")
    texts: list[dict[str, Any]] = []
    if request.advanced.ocr:
        language, tier = request.ocr_language, tools.tiers["1"]
        texts = await read_images(extraction.images or (), proxy, language, tier, tools.extractor, deadline)
    return _Read(extraction, texts)


def _completed(assignment: Assignment, content: ContentPlan, gathered: Gathered, tools: Toolbox) -> Ending:
    body = result_body(assignment.request, content, gathered, tools.options.public_url)
    return Ending(
        charged_microcents=gathered.charged,
        result=orjson.dumps(body),
        attempts=_rows(gathered.climbed.attempts),
        files=tuple(gathered.files.values()),
        tier_used=gathered.climbed.attempts[-1].tier,
        target_status=gathered.page.status,
        kept_for=tools.options.result_ttl,
    )


def _charge(request: ScrapeRequest, climbed: ClimbResult, page: Page, read: _Read) -> int:
    row = _ROWS[climbed.attempts[-1].tier]
    wordless = request.mode == "ocr" and not any(found["text"] for found in read.ocr_results)
    price = fetch_price(row, request) if wordless else base_price(row, request)
    add_ons = delivered_add_ons(request, page, images_with_text=len(read.ocr_results))
    return price + add_on_price(add_ons)


def _host_fields(request: ScrapeRequest, memory: HostMemory | None, now: float, planned: Plan) -> dict[str, Any]:
    """What the answer says of the host's history."""
    cost = request.cost_controls
    fields = {
        "domain_difficulty": domain_difficulty(memory, now, override_active=planned.start == "host"),
        "domain_warning": domain_warning(memory, now),
        "tier_cap_warning": tier_cap_warning(memory, now, cost.max_tier, cost.force_tier),
    }
    return {name: value for name, value in fields.items() if value}


def _failed(error: JobError, attempts: Sequence[Attempt], tools: Toolbox) -> Ending:
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
