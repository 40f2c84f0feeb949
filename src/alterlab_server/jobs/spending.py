"""GET /billing/usage: what was spent today, this week, this month and in all, and on which hosts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from alterlab_server.base.clock import iso
from alterlab_server.base.money import to_credits
from alterlab_server.billing import service as billing
from alterlab_server.db import Transaction
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.repository import reading
from alterlab_server.jobs.schemas import DomainSpending, SpendingResponse

TOP_DOMAINS = 10


async def spending(transaction: Transaction, organization_id: UUID, now: datetime) -> SpendingResponse:
    """The spending of an organization; day, week and month are those of `now` in UTC."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    week, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    spent = await billing.spending(transaction, organization_id, (today, week, month))
    tomorrow = today + timedelta(days=1)
    of_today = await jobs.counts(transaction, organization_id, today, tomorrow)
    of_week = await jobs.counts(transaction, organization_id, week, tomorrow)
    today_credits, week_credits, month_credits = map(to_credits, spent.since)
    return SpendingResponse(
        today_credits=today_credits,
        this_week_credits=week_credits,
        this_month_credits=month_credits,
        total_credits=to_credits(spent.ever),
        today_requests=of_today.total,
        this_week_requests=of_week.total,
        top_domains=[
            DomainSpending(domain=host, credits_used=to_credits(microcents), requests=requests)
            for host, microcents, requests in await reading.dearest_hosts(transaction, organization_id, TOP_DOMAINS)
        ],
        usage_since=iso(spent.first_at) if spent.first_at else None,
    )
