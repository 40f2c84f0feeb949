"""Queries on extractions and saved templates; all take the organization first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.extractions.models import extraction_templates, extractions
from alterlab_server.extractions.schemas import Extracted, SavedTemplate

_TEMPLATE_COLUMNS = (
    extraction_templates.c.id,
    extraction_templates.c.name,
    extraction_templates.c.schema,
    extraction_templates.c.created_at,
)


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


async def add_template(
    transaction: Transaction, organization_id: UUID, template_id: UUID, name: str, schema: dict[str, Any]
) -> SavedTemplate | None:
    """Save a template; None when the organization has one of that name."""
    values = {"id": template_id, "organization_id": organization_id, "name": name, "schema": schema}
    statement = upsert(extraction_templates).values(values).on_conflict_do_nothing().returning(*_TEMPLATE_COLUMNS)
    return _template((await transaction.execute(statement)).one_or_none())


async def list_templates(transaction: Transaction, organization_id: UUID) -> list[SavedTemplate]:
    """The saved templates by name."""
    query = (
        select(*_TEMPLATE_COLUMNS)
        .where(extraction_templates.c.organization_id == organization_id)
        .order_by(extraction_templates.c.name)
    )
    return [SavedTemplate(*row) for row in await transaction.execute(query)]


async def get_template(transaction: Transaction, organization_id: UUID, template_id: UUID) -> SavedTemplate | None:
    """A saved template by its id."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.id == template_id)
    return _template((await transaction.execute(select(*_TEMPLATE_COLUMNS).where(*chosen))).one_or_none())


async def find_template(transaction: Transaction, organization_id: UUID, name: str) -> SavedTemplate | None:
    """A saved template by its name."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.name == name)
    return _template((await transaction.execute(select(*_TEMPLATE_COLUMNS).where(*chosen))).one_or_none())


async def count_templates(transaction: Transaction, organization_id: UUID) -> int:
    """How many templates the organization has saved."""
    query = select(func.count()).where(extraction_templates.c.organization_id == organization_id)
    return int(await transaction.scalar(query) or 0)


async def delete_template(transaction: Transaction, organization_id: UUID, template_id: UUID) -> bool:
    """Delete a saved template; False when there is none."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.id == template_id)
    statement = delete(extraction_templates).where(*chosen).returning(extraction_templates.c.id)
    return await transaction.scalar(statement) is not None


def _within(organization_id: UUID, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(
        extractions.c.organization_id == organization_id,
        extractions.c.created_at >= since,
        extractions.c.created_at < until,
    )


def _template(row: Sequence[Any] | None) -> SavedTemplate | None:
    return SavedTemplate(*row) if row is not None else None
