"""Queries on extractions. What a caller may name takes the organization first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from alterlab_server.db import Transaction
from alterlab_server.extractions.models import extractions
from alterlab_server.extractions.schemas import Extracted


async def add(transaction: Transaction, organization_id: UUID, extracted: Extracted) -> None:
    """Record an extraction."""
    values = {
        "id": extracted.id,
        "organization_id": organization_id,
        "profile": extracted.profile,
        "formats": list(extracted.formats),
        "content_chars": extracted.content_chars,
        "charged_microcents": extracted.charged_microcents,
        "latency_ms": extracted.latency_ms,
        "created_at": extracted.created_at,
    }
    await transaction.execute(insert(extractions).values(values))


async def list_page(
    transaction: Transaction, organization_id: UUID, since: datetime, until: datetime, limit: int, offset: int
) -> list[Extracted]:
    """The extractions of [since, until), newest first."""
    query = (
        select(extractions)
        .where(_within(organization_id, since, until))
        .order_by(extractions.c.created_at.desc(), extractions.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        Extracted(
            row.id,
            row.profile,
            tuple(row.formats),
            row.content_chars,
            row.charged_microcents,
            row.latency_ms,
            row.created_at,
        )
        for row in await transaction.execute(query)
    ]


async def totals(transaction: Transaction, organization_id: UUID, since: datetime, until: datetime) -> tuple[int, int]:
    """How many extractions there were in [since, until), and what they cost in microcents."""
    cost = func.coalesce(func.sum(extractions.c.charged_microcents), 0)
    query = select(func.count(), cost).select_from(extractions).where(_within(organization_id, since, until))
    count, microcents = (await transaction.execute(query)).one()
    return int(count), int(microcents)


async def drop_old(transaction: Transaction, before: datetime) -> None:
    """Forget the extractions of all organizations that were made before `before`."""
    await transaction.execute(delete(extractions).where(extractions.c.created_at < before))


def _within(organization_id: UUID, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(
        extractions.c.organization_id == organization_id,
        extractions.c.created_at >= since,
        extractions.c.created_at < until,
    )
