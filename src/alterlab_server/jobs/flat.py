"""Results, jobs and estimates as the Node client 2.0.0 reads them: at the top, with tiers that are numbers."""

from typing import Any

from alterlab_server.base.money import to_dollars
from alterlab_server.fetch.tier import TIERS

_LABELS = {row.name: row.label for row in TIERS}


def flat(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a scrape, with the fields that this client looks for beside its own."""
    content = result.get("content")
    formats = content if isinstance(content, dict) else {"html": content}
    return result | {
        "request_id": result["job_id"],
        "text": formats.get("text"),
        "html": formats.get("html"),
        "json": formats.get("json"),
        "markdown_content": formats.get("markdown"),
        "description": result["metadata"].get("description"),
        "published_date": result["published_at"],
        "billing": result["billing"] | _billing(result["billing"]),
    }


def flat_job(body: dict[str, Any]) -> dict[str, Any]:
    """A job's body, with how far it is and when it last changed in any state."""
    ended = body.get("completed_at") or body.get("failed_at")
    return {"progress": 100 if ended else 0, "updated_at": ended or body["created_at"]} | body


def flat_estimate(body: dict[str, Any], expected: int, least: int, most: int) -> dict[str, Any]:
    """The body of an estimate, with the microcents that a scrape costs probably, at least and at most in dollars."""
    return body | {
        "estimated_tier": _number(body["estimated_tier"]),
        "tier_name": _LABELS[body["estimated_tier"]],
        "estimated_cost_dollars": to_dollars(expected),
        "min_cost_dollars": to_dollars(least),
        "max_cost_dollars": to_dollars(most),
        "reason": body["reasoning"],
    }


def _billing(billing: dict[str, Any]) -> dict[str, Any]:
    return {
        "tier_used": _number(billing["tier_used"]),
        "tier_name": _LABELS.get(billing["tier_used"]),
        "cost_microcents": billing["final_cost_microcents"],
        "cost_dollars": billing["total_cost"],
        "byop_discount_percent": 0,
        "escalation_path": [_attempt(entry) for entry in billing["escalations"]],
    }


def _attempt(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "tier": _number(entry["tier"]),
        "name": _LABELS[entry["tier"]],
        "success": entry["result"] == "success",
        "error": entry.get("error"),
        "duration_ms": entry["duration_ms"],
    }


def _number(tier: str | None) -> float | None:
    return None if tier is None else float(tier)
