"""Counts of pages that were scraped without a job of their own, as those of a crawl."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert

from alterlab_server.base.clock import new_id
from alterlab_server.db import Transaction
from alterlab_server.jobs.models import page_counts
from alterlab_server.jobs.schemas import PageCount


async def add(transaction: Transaction, organization_id: UUID, counts: Sequence[PageCount]) -> None:
    """Insert counts of pages."""
    if counts:
        rows = [{"id": new_id(), "organization_id": organization_id, **asdict(count)} for count in counts]
        await transaction.execute(insert(page_counts), rows)


async def drop_old(transaction: Transaction, before: datetime) -> None:
    """Delete the counts of pages that were scraped before `before`."""
    await transaction.execute(delete(page_counts).where(page_counts.c.created_at < before))
