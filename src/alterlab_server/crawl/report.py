"""A crawl and its pages as the API tells of them."""

from collections.abc import Sequence
from typing import Any

import orjson

from alterlab_server.base.clock import iso
from alterlab_server.base.money import display, to_credits
from alterlab_server.crawl.export.values import ExportRow
from alterlab_server.crawl.values import CrawlRow, PageRow, Visited


def describe(crawl: CrawlRow, exports: Sequence[ExportRow] = (), download_url: str | None = None) -> dict[str, Any]:
    """The body of GET /crawl/{crawl_id}, but for its pages, its stream, and what only the request knows."""
    held, used = crawl.held_microcents, crawl.used_microcents
    return {
        "crawl_id": str(crawl.id),
        "status": crawl.told_status,
        "url": crawl.url,
        "total": crawl.total,
        "completed": crawl.completed,
        "failed": crawl.failed,
        "cached": crawl.cached,
        "in_progress": crawl.in_progress,
        "credits_debited": to_credits(held),
        "credits_used": to_credits(used),
        "current_depth": crawl.current_depth,
        "max_depth": crawl.max_depth,
        "total_discovered": crawl.discovered,
        "pages_scraped": crawl.completed,
        "pages_total": crawl.total,
        "skipped": crawl.skipped,
        "stopped_by": crawl.stopped_by,
        "error": crawl.error,
        "created_at": iso(crawl.created_at),
        "completed_at": iso(crawl.finished_at) if crawl.finished_at else None,
        "expires_at": iso(crawl.expires_at) if crawl.expires_at else None,
        "billing": {
            "credits_debited": to_credits(held),
            "credits_used": to_credits(used),
            "credits_refunded": to_credits(held) - to_credits(used) if crawl.finished_at else 0,
            "estimated_cost_usd": display(crawl.holds[0]),
            "actual_cost_usd": display(used),
            "is_byop": False,
            "tier_breakdown": crawl.tiers,
        },
        "budget_status": _budget(crawl),
        "change_tracking": _changes(crawl),
        "download_url": download_url,
        **{export.kind: export.described for export in exports if export.streamed_to is None},
    }


def page_row(item: Visited, row: dict[str, Any]) -> PageRow:
    """A page that has ended just now, as its row will say it."""
    return PageRow(
        sequence=row["sequence"],
        url=item.visit.url,
        state=row["state"],
        depth=item.visit.depth,
        tier=item.tier,
        status_code=item.status_code,
        title=item.title,
        error_code=item.error_code,
        error=item.error,
        charged_microcents=row["charged"],
        result=item.result,
    )


def summary(page: PageRow) -> dict[str, Any]:
    """A page without its result."""
    body = {
        "url": page.url,
        "status": page.state,
        "depth": page.depth,
        "status_code": page.status_code,
        "tier_used": page.tier,
        "credits_used": to_credits(page.charged_microcents),
    }
    if page.title is not None:
        body["title"] = page.title
    return body if page.state == "completed" else body | {"error": page.error, "error_code": page.error_code}


def page_body(page: PageRow) -> dict[str, Any]:
    """A page with its result, when it has one."""
    result: dict[str, Any] = orjson.loads(page.result) if page.result is not None else {}
    return result | summary(page)


def _changes(crawl: CrawlRow) -> dict[str, Any] | None:
    if crawl.track is None:
        return None
    counts = {status: crawl.compared.get(status, 0) for status in ("new", "changed", "unchanged", "removed")}
    return {
        "tracking_id": crawl.track["id"],
        "mode": crawl.track["mode"],
        "compares": crawl.track["basis"],
        **counts,
        "removed_urls": crawl.removed,
    }


def _budget(crawl: CrawlRow) -> dict[str, Any] | None:
    if not crawl.budget:
        return None
    counts = {pattern: crawl.budget_counts.get(pattern, 0) for pattern in crawl.budget}
    exhausted = [pattern for pattern, most in crawl.budget.items() if counts[pattern] >= most]
    return {"budget": crawl.budget, "counts": counts, "exhausted": exhausted}
