"""A result as the Node client 2.0.0 reads it: each format, and what it cost, at the top of a result."""

from typing import Any

from alterlab_server.fetch.tier import TIERS

FLAT_FORMATS = ("text", "html", "json", "markdown")
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
