"""Crawls written for one test, as they are once their start page is known."""

from typing import Any

from alterlab_server.accounts import service as accounts
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.billing import service as billing
from alterlab_server.crawl.repository import crawls
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import Database

HELD = 1_000


async def new_crawl(database: Database, url: str, **values: Any) -> CrawlRow:
    """A crawl of an account of its own, with one lane that was begun once."""
    crawl_id, now = new_id(), utc_now()
    async with database.transaction() as transaction:
        organization = await accounts.create_organization(transaction, "test")
        await billing.open_account(transaction, organization.id)
        await billing.deposit(transaction, organization.id, 10**6, idempotency_key=str(crawl_id))
        row = {
            "id": crawl_id,
            "organization_id": organization.id,
            "url": url,
            "status": "scraping",
            "lane_runs": [1],
            "max_depth": 50,
            "holds": [HELD],
            "created_at": now,
            "deadline_at": now.replace(year=now.year + 1),
        }
        await crawls.add(transaction, row | values)
        await billing.hold(transaction, organization.id, HELD, crawl_id)
        crawl = await crawls.lock(transaction, crawl_id)
    assert crawl is not None
    return crawl
