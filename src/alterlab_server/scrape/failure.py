"""From a verdict to the error that the caller gets."""

from collections.abc import Mapping
from typing import Any

from alterlab_server.fetch.outcome import ClimbResult, Judgement, Verdict, last_tried
from alterlab_server.jobs.schemas import JobError

# Status and code by verdict (spec: error codes).
_BY_VERDICT: Mapping[Verdict, tuple[int, str]] = {
    Verdict.BLOCKED: (403, "BLOCKED_BY_ANTIBOT"),
    Verdict.CHALLENGE: (403, "CHALLENGE_DETECTED"),
    Verdict.CAPTCHA: (403, "CHALLENGE_DETECTED"),
    Verdict.RATE_LIMITED: (429, "RATE_LIMITED"),
    Verdict.LOGIN_REQUIRED: (403, "LOGIN_REQUIRED"),
    Verdict.PAYWALL: (402, "PAYWALL_DETECTED"),
    Verdict.NOT_FOUND: (404, "TARGET_NOT_FOUND"),
    Verdict.WRONG_TYPE: (415, "UNSUPPORTED_CONTENT_TYPE"),
    Verdict.TOO_LARGE: (413, "CONTENT_TOO_LARGE"),
    Verdict.REJECTED: (422, "TARGET_REJECTED"),
    Verdict.REFUSED: (400, "URL_NOT_ALLOWED"),
    Verdict.DNS_ERROR: (502, "DNS_ERROR"),
    Verdict.TLS_ERROR: (502, "SSL_ERROR"),
    Verdict.UNREACHABLE: (503, "TARGET_UNREACHABLE"),
    Verdict.NETWORK_ERROR: (503, "TARGET_UNREACHABLE"),
    Verdict.TIMEOUT: (504, "TIMEOUT"),
}
_OTHERWISE = (422, "ALL_TIERS_FAILED")
_TIER_LIMIT = (422, "TIER_LIMIT_REACHED")
COST_CODE = "MAX_COST_EXCEEDED"
"""What a limit of the cost withheld, or left nothing for."""
_COST_LIMIT = (402, COST_CODE)
# A dearer tier might have helped against these; where a control of the caller withheld it, that is the error.
_HELPED_BY_TIERS = frozenset(
    {
        Verdict.BLOCKED,
        Verdict.CHALLENGE,
        Verdict.CAPTCHA,
        Verdict.NEEDS_JAVASCRIPT,
        Verdict.THIN,
        Verdict.EMPTY,
        Verdict.CONSENT_WALL,
        Verdict.NOT_AVAILABLE,
    }
)
_CALLERS_CONTROLS = frozenset({"max_tier", "force_tier", "fail_fast"})


def error_of(result: ClimbResult, url: str, billing: Mapping[str, Any], host: Mapping[str, Any]) -> JobError:
    """Why the climb brought no page: one sentence with the last verdict's reason, and in `details` what was tried and
    what is known of the host.
    """
    judgement, notes = result.judgement, result.notes or {}
    status, code = _status(judgement, notes.get("withheld_by"))
    message = _sentence(judgement)
    details: dict[str, Any] = {"url": url, "verdict": judgement.verdict, "billing": billing, **host}
    if (last := last_tried(result.attempts)) is not None:
        details["tier"] = last.tier
        details["status_code"] = last.status_code
    if judgement.vendor:
        details["vendor"] = judgement.vendor
    if judgement.retry_after is not None:
        details["retry_after"] = judgement.retry_after
    if code in (_TIER_LIMIT[1], _COST_LIMIT[1]):
        details["required_tier"] = notes["next_tier"]
        message += f" Tier {notes['next_tier']} would be needed; cost_controls.{notes['withheld_by']} withholds it."
    if result.time_budget_expired:
        details["time_budget_expired"] = True
    return JobError(status, code, message, details)


def error_of_page(judgement: Judgement, url: str) -> JobError:
    """Why a page that was asked for once, without a climb, is of no use."""
    status, code = _status(judgement, None)
    return JobError(status, code, _sentence(judgement), {"url": url})


def _status(judgement: Judgement, withheld_by: str | None) -> tuple[int, str]:
    if withheld_by and judgement.verdict in _HELPED_BY_TIERS:
        if withheld_by == "max_credits":
            return _COST_LIMIT
        if withheld_by in _CALLERS_CONTROLS:
            return _TIER_LIMIT
    return _BY_VERDICT.get(judgement.verdict, _OTHERWISE)


def _sentence(judgement: Judgement) -> str:
    if judgement.reason:
        return judgement.reason
    return f"No tier brought the page: {judgement.verdict.replace('_', ' ')}."
