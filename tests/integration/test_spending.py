"""What GET /billing/usage says of days that have passed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import TextClause, text
from tests.support.accounts import Account, new_account

from alterlab_server.base.clock import new_id
from alterlab_server.billing import service as billing
from alterlab_server.db import Database
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import PageCount, SpendingResponse
from alterlab_server.jobs.spending import spending

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


def entry(kind: str, amount: str) -> TextClause:
    return text(
        "INSERT INTO ledger_entries (organization_id, kind, amount, reference, idempotency_key, created_at) "
        f"VALUES (:organization, '{kind}', {amount}, CAST(:id AS uuid), '{kind}:' || CAST(:id AS text), :at)"
    )


async def spend(database: Database, organization_id: UUID, host: str, at: datetime, charged: int) -> None:
    """Write a job that ended, with its charge."""
    values = {"id": new_id(), "organization": organization_id, "host": host, "at": at, "charged": charged}
    job = text(
        "INSERT INTO jobs (id, organization_id, url, host, mode, status, held_microcents, charged_microcents, "
        "created_at, deadline_at, finished_at) "
        "VALUES (:id, :organization, 'http://' || :host, :host, 'auto', 'completed', 0, :charged, :at, :at, :at)"
    )
    charge = entry("charge", "-CAST(:charged AS bigint)")
    async with database.transaction() as transaction:
        for statement in (job, charge):
            await transaction.execute(statement, values)


async def asked(database: Database, account: Account) -> SpendingResponse:
    async with database.snapshot() as transaction:
        return await spending(transaction, account.id, NOW)


async def test_day_week_and_month_are_of_the_calendar(database: Database, account: Account) -> None:
    stranger = await new_account(database)
    await spend(database, stranger.id, "a.test", NOW, 900_000)
    await spend(database, account.id, "b.test", datetime(2026, 2, 28, 23, tzinfo=UTC), 20_000)
    await spend(database, account.id, "a.test", datetime(2026, 3, 1, 23, 59, tzinfo=UTC), 4_000)
    await spend(database, account.id, "a.test", datetime(2026, 3, 2, tzinfo=UTC), 2_000)
    await spend(database, account.id, "a.test", datetime(2026, 3, 4, tzinfo=UTC), 200)
    await spend(database, account.id, "free.test", datetime(2026, 3, 4, 11, tzinfo=UTC), 0)
    assert (await asked(database, account)).model_dump() == {
        "today_credits": 1,
        "this_week_credits": 3,
        "this_month_credits": 7,
        "total_credits": 27,
        "today_requests": 2,
        "this_week_requests": 3,
        "top_domains": [
            {"domain": "b.test", "credits_used": 20, "requests": 1},
            {"domain": "a.test", "credits_used": 7, "requests": 3},
        ],
        "usage_since": "2026-02-28T23:00:00Z",
    }


async def test_what_was_refunded_was_not_spent(database: Database, account: Account) -> None:
    await spend(database, account.id, "a.test", NOW, 50_000)
    refund = {"id": new_id(), "organization": account.id, "at": NOW}
    async with database.transaction() as transaction:
        await transaction.execute(entry("refund", "20000"), refund)
        totals = await billing.totals(transaction, account.id, NOW, NOW + timedelta(days=1))
        summary = await billing.summary(transaction, account.id)
    assert (totals.spent, totals.spent_ever, summary.total_spent_cents) == (30_000, 30_000, 3)
    answer = await asked(database, account)
    assert (answer.today_credits, answer.total_credits) == (30, 30)


async def test_an_account_that_spent_nothing(database: Database, account: Account) -> None:
    assert set((await asked(database, account)).model_dump(exclude={"top_domains", "usage_since"}).values()) == {0}
    assert (await asked(database, account)).usage_since is None
    assert (await asked(database, account)).top_domains == []


async def test_pages_of_crawls_count_and_ten_domains_are_listed(database: Database, account: Account) -> None:
    for number in range(12):
        await spend(database, account.id, f"{number:02}.test", NOW, 1_000 * (number + 1))
    pages = PageCount(NOW, "00.test", "js", "4", "completed", cached=False, pages=9, charged_microcents=36_000)
    async with database.transaction() as transaction:
        await jobs.count_pages(transaction, account.id, [pages])
    answer = await asked(database, account)
    assert answer.today_requests == 12 + 9
    assert [item.domain for item in answer.top_domains] == ["00.test", *(f"{n:02}.test" for n in range(11, 2, -1))]
    assert (answer.top_domains[0].credits_used, answer.top_domains[0].requests) == (37, 10)
