"""Queries on saved templates; all take the organization first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.templates.models import extraction_templates
from alterlab_server.templates.schemas import SavedTemplate

_COLUMNS = (
    extraction_templates.c.id,
    extraction_templates.c.name,
    extraction_templates.c.schema,
    extraction_templates.c.created_at,
)


async def add_template(
    transaction: Transaction, organization_id: UUID, template_id: UUID, name: str, schema: dict[str, Any]
) -> SavedTemplate | None:
    """Save a template; None when the organization has one of that name."""
    values = {"id": template_id, "organization_id": organization_id, "name": name, "schema": schema}
    statement = upsert(extraction_templates).values(values).on_conflict_do_nothing().returning(*_COLUMNS)
    return _template((await transaction.execute(statement)).one_or_none())


async def list_templates(transaction: Transaction, organization_id: UUID) -> list[SavedTemplate]:
    """The saved templates by name."""
    query = (
        select(*_COLUMNS)
        .where(extraction_templates.c.organization_id == organization_id)
        .order_by(extraction_templates.c.name)
    )
    return [SavedTemplate(*row) for row in await transaction.execute(query)]


async def get_template(transaction: Transaction, organization_id: UUID, template_id: UUID) -> SavedTemplate | None:
    """A saved template by its id."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.id == template_id)
    return _template((await transaction.execute(select(*_COLUMNS).where(*chosen))).one_or_none())


async def find_template(transaction: Transaction, organization_id: UUID, name: str) -> SavedTemplate | None:
    """A saved template by its name."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.name == name)
    return _template((await transaction.execute(select(*_COLUMNS).where(*chosen))).one_or_none())


async def count_templates(transaction: Transaction, organization_id: UUID) -> int:
    """How many templates the organization has saved."""
    query = select(func.count()).where(extraction_templates.c.organization_id == organization_id)
    return int(await transaction.scalar(query) or 0)


async def delete_template(transaction: Transaction, organization_id: UUID, template_id: UUID) -> bool:
    """Delete a saved template; False when there is none."""
    chosen = (extraction_templates.c.organization_id == organization_id, extraction_templates.c.id == template_id)
    statement = delete(extraction_templates).where(*chosen).returning(extraction_templates.c.id)
    return await transaction.scalar(statement) is not None


def _template(row: Sequence[Any] | None) -> SavedTemplate | None:
    return SavedTemplate(*row) if row is not None else None
