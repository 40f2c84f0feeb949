"""GET /usage: one answer with the names that each published client reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

from alterlab_server.base.clock import iso
from alterlab_server.base.errors import BadRequest
from alterlab_server.base.money import MICROCENTS_PER_CENT, to_cents, to_dollars
from alterlab_server.billing import service as billing
from alterlab_server.billing.rate_tiers import RATE_TIERS, RateTier, next_rate_tier
from alterlab_server.db import Transaction
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import JobCounts
from alterlab_server.web.auth import Principal

_MODES = ("html", "js", "pdf", "ocr")
_TIERS = ("1", "2", "3", "3.5", "4", "5")
_SPEND_TIER_DAYS = timedelta(days=30)


def period(
    start: str | None, end: str | None, now: datetime, names: tuple[str, str] = ("start_date", "end_date")
) -> tuple[datetime, datetime]:
    """The period [start, end) that two ISO 8601 texts name; by default the calendar month in UTC.

    A date without a time of day, as an end, includes that day; an end alone begins with its month. Raises BadRequest
    with the name of the field.
    """
    month = _month_of(now.astimezone(UTC))
    next_month = _month_of(month + timedelta(days=32))
    until = _moment(names[1], end, end=True) if end else next_month
    if not start and not end:
        return month, until
    if not start:
        try:
            return _month_of(until - timedelta.resolution), until
        except OverflowError:  # nothing is before the calendar
            raise _no_moment(names[1]) from None
    since = _moment(names[0], start, end=False)
    if not end:
        return since, max(now, since)
    if until <= since:
        raise BadRequest(f"{names[1]} is before {names[0]}.", details={"field": names[1]})
    return since, until


async def usage(
    transaction: Transaction, caller: Principal, since: datetime, until: datetime, now: datetime
) -> dict[str, Any]:
    """Counts, money and limits of the caller's organization in [since, until)."""
    counts = await jobs.counts(transaction, caller.organization_id, since, until)
    money = await billing.totals(transaction, caller.organization_id, since, until)
    recent = await billing.totals(transaction, caller.organization_id, now - _SPEND_TIER_DAYS, now)
    tier, start, end = RATE_TIERS[caller.rate_tier], iso(since), iso(_last_moment(until))
    return {
        "period": {"start": start, "end": end, "current": since <= now <= until},
        **_counted(counts),
        "balance": {
            "current_cents": to_cents(money.balance),
            "deposited_cents": to_cents(money.deposited_ever),
            "used_cents": to_cents(money.spent_ever),
        },
        **_limits(caller, tier, recent.spent),
        "credits": {"remaining": money.balance},
        "credits_available": money.balance,
        "credits_used": money.spent,
        "credits_used_month": money.spent,
        "credits_limit": money.deposited_ever,
        "balance_dollars": to_dollars(money.balance),
        "requests_count": counts.total,
        "requests_month": counts.total,
        "subscription_tier": tier.slug,
        "plan": tier.slug,
        "billing_period_start": start,
        "billing_period_end": end,
        "period_start": start,
        "period_end": end,
    }


def _counted(counts: JobCounts) -> dict[str, Any]:
    # `auto` and its plain spelling are one mode to whoever reads these figures.
    by_mode = {mode: counts.by_mode.get(mode, 0) for mode in _MODES}
    by_mode["html"] += counts.by_mode.get("auto", 0)
    return {
        "requests": {
            "total": counts.total,
            "successful": counts.successful,
            "failed": counts.failed,
            "cached": counts.cached,
        },
        "by_mode": by_mode,
        "by_tier": {name: counts.by_tier.get(name, 0) for name in _TIERS},
    }


def _limits(caller: Principal, tier: RateTier, recently_spent: int) -> dict[str, Any]:
    following = next_rate_tier(tier)
    return {
        "rate_limits": {
            "requests_per_minute": caller.rate_limit,
            "current_usage": caller.rate_used,
            "reset_at": iso(datetime.fromtimestamp(caller.rate_resets_at, UTC)),
        },
        "spend_tier": {
            "current": tier.slug,
            "rolling_30d_spend_cents": to_cents(recently_spent),
            "next_tier_at_cents": following.least_microcents // MICROCENTS_PER_CENT if following else None,
        },
    }


def _month_of(moment: datetime) -> datetime:
    return _midnight(moment).replace(day=1)


def _last_moment(until: datetime) -> datetime:
    """How the end of a period is written: whole days end with their last second, as the API's documents have it."""
    return until - timedelta(seconds=1) if until == _midnight(until) else until


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(field: str, text: str, *, end: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        whole_day = len(text) <= len("2026-11-01")
        return moment + timedelta(days=1) if end and whole_day else moment
    except (ValueError, OverflowError):  # the second at either end of the calendar
        raise _no_moment(field) from None


def _no_moment(field: str) -> BadRequest:
    return BadRequest(f"{field} must be an ISO 8601 date or time, such as 2026-11-01.", details={"field": field})
