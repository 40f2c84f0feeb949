"""The answer to a scrape, as the spec writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alterlab_server.base.money import to_credits, to_dollars
from alterlab_server.base.page import Page
from alterlab_server.extract import Extraction
from alterlab_server.fetch.outcome import Attempt, ClimbResult, last_tried
from alterlab_server.fetch.tier import TIERS
from alterlab_server.jobs.schemas import JobFile
from alterlab_server.scrape.files import url_of, with_urls
from alterlab_server.scrape.price import HIGHEST_TIER, base_price
from alterlab_server.scrape.schemas import DEFAULT_FORMATS, ScrapeRequest

VERSION = "v1"
_ROWS = {row.name: row for row in TIERS}


@dataclass(frozen=True, slots=True)
class ContentPlan:
    """Which formats are extracted, and whether `content` is their object or, for the simplest call, the HTML alone."""

    formats: tuple[str, ...]
    as_string: bool = False


def content_plan(request: ScrapeRequest, simple_content: str) -> ContentPlan:
    """Choose the formats (spec: content shape without formats). `simple_content` is the setting: string or object."""
    extra = ("markdown",) if request.advanced.markdown else ()
    if request.formats is not None:
        return ContentPlan(tuple(dict.fromkeys((*request.formats, *extra))))
    if request.mode == "pdf":
        return ContentPlan(tuple(dict.fromkeys((request.pdf_format, *extra))))
    if request.mode == "ocr":
        return ContentPlan(tuple(dict.fromkeys(("text", *extra))))
    structured = bool(request.extraction_schema or request.extraction_profile or request.extraction_template)
    if simple_content == "string" and request.sync and request.mode in ("auto", "html", "js") and not structured:
        return ContentPlan(("html", *extra), as_string=not extra)
    return ContentPlan(tuple(dict.fromkeys(("html", *DEFAULT_FORMATS))))


def billing_block(request: ScrapeRequest, attempts: Sequence[Attempt], charged: int) -> dict[str, Any]:
    """`billing`: what was charged, every attempt, and what was saved against the highest tier."""
    succeeded = next((a.tier for a in attempts if a.result == "success"), None)
    last = last_tried(attempts)
    block: dict[str, Any] = {
        "total_credits": to_credits(charged),
        "total_cost": to_dollars(charged),
        "tier_used": last.tier if last else None,
        "escalations": [_escalation(attempt, request) for attempt in attempts],
        "savings": max(0, to_credits(HIGHEST_TIER.price_microcents) - to_credits(charged)) if succeeded else 0,
        "optimization_suggestion": suggestion(attempts),
        "original_cost_microcents": charged,
        "final_cost_microcents": charged,
        "byop_applied": False,
        "byos_applied": False,
    }
    return block


def suggestion(attempts: Sequence[Attempt]) -> str | None:
    """What would have been faster, when cheaper tiers were tried in vain."""
    failed = [a for a in attempts if a.result == "failed"]
    winner = next((a for a in attempts if a.result == "success"), None)
    if winner is None or not failed:
        return None
    wasted = sum(a.duration_ms for a in failed)
    return (
        f"This page needed tier {winner.tier} ({_ROWS[winner.tier].label}); {len(failed)} cheaper "
        f"{'attempt' if len(failed) == 1 else 'attempts'} took {wasted} ms. "
        f"Start there with cost_controls.min_tier: {winner.tier}."
    )


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a successful scrape has brought together.

    `charged` is in microcents. `further` are fields that are there only when they say something, such as `ocr_results`.
    """

    page: Page
    extraction: Extraction
    climbed: ClimbResult
    charged: int
    elapsed_ms: int
    files: Mapping[str, JobFile]
    further: Mapping[str, Any]


def result_body(request: ScrapeRequest, plan: ContentPlan, gathered: Gathered, public_url: str) -> dict[str, Any]:
    """The whole 200 answer, without what depends on when it is read (job id, cache)."""
    page, extraction, climbed = gathered.page, gathered.extraction, gathered.climbed
    files = gathered.files
    billing = billing_block(request, climbed.attempts, gathered.charged)
    body: dict[str, Any] = {
        "url": request.url,
        "final_url": page.final_url,
        "redirected": bool(page.redirects),
        "redirect_chain": [{"url": hop.url, "status_code": hop.status_code} for hop in page.redirects],
        "status_code": page.status,
        "content": extraction.content.get("html") if plan.as_string else _asked_for(extraction, plan),
        "title": extraction.title,
        "author": extraction.author,
        "published_at": extraction.published_at,
        "metadata": dict(extraction.metadata),
        "headers": dict(page.headers),
        "cached": False,
        "response_time_ms": gathered.elapsed_ms,
        "size_bytes": page.original_bytes or len(page.body),
        "screenshot_url": url_of(files.get("screenshot"), public_url),
        "pdf_url": url_of(files.get("pdf"), public_url),
        "extraction_method": "algorithmic",
        "content_quality": extraction.content_quality,
        "billing": billing,
        "credits_used": billing["total_credits"],
        "tier_used": billing["tier_used"],
        "version": VERSION,
    }
    if request.include_raw_html:
        body["raw_html"] = extraction.content["raw"]
    body |= _when_present(page, extraction, climbed) | _schema_results(request, extraction)
    if page.action_results:
        body["action_results"] = with_urls(page.action_results, files, public_url)
    return body | {name: value for name, value in gathered.further.items() if value}


def _asked_for(extraction: Extraction, plan: ContentPlan) -> dict[str, Any]:
    """The formats by name; the raw page that `include_raw_html` adds has a field of its own."""
    return {name: value for name, value in extraction.content.items() if name != "raw" or name in plan.formats}


def _when_present(page: Page, extraction: Extraction, climbed: ClimbResult) -> dict[str, Any]:
    optional: Mapping[str, Any] = {
        "language": extraction.language,
        "page_type": extraction.page_type,
        "content_errors": dict(extraction.errors),
        "quality_warning": extraction.quality_warning,
        "warning": " ".join(page.warnings),
        "content_truncated": _truncation(page) or extraction.content_truncated,
        "evidence": extraction.evidence,
        "time_budget_expired": climbed.time_budget_expired,
    }
    return {name: value for name, value in optional.items() if value}


def _schema_results(request: ScrapeRequest, extraction: Extraction) -> dict[str, Any]:
    if request.extraction_schema is None:
        return {}
    return {"filtered_content": extraction.filtered_content, "extraction_result": extraction.filtered_content}


def _truncation(page: Page) -> dict[str, Any] | None:
    if not page.truncated:
        return None
    return {
        "truncated": True,
        "truncated_at_bytes": len(page.body),
        "original_size_bytes": page.original_bytes,
        "truncation_reason": "response_body_cap",
    }


def _escalation(attempt: Attempt, request: ScrapeRequest) -> dict[str, Any]:
    price = 0 if attempt.result == "skipped" else base_price(_ROWS[attempt.tier], request)
    entry: dict[str, Any] = {
        "tier": attempt.tier,
        "result": attempt.result,
        "credits": to_credits(price),
        "cost": to_dollars(price),
        "duration_ms": attempt.duration_ms,
    }
    if attempt.result != "success":
        entry["error"] = attempt.judgement.reason or str(attempt.judgement.verdict)
    return entry
