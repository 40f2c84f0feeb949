"""Queries on the webhooks of accounts. What a caller may name takes the organization first."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from alterlab_server.db import Transaction
from alterlab_server.webhooks.models import webhooks
from alterlab_server.webhooks.schemas import NewWebhook, Webhook

_COLUMNS = (
    webhooks.c.id,
    webhooks.c.name,
    webhooks.c.url,
    webhooks.c.events,
    webhooks.c.is_active,
    webhooks.c.failure_count,
    webhooks.c.created_at,
    webhooks.c.updated_at,
)


async def add(transaction: Transaction, organization_id: UUID, new: NewWebhook) -> bool:
    """Insert a webhook; False when the organization has one with its URL."""
    values = {**asdict(new), "organization_id": organization_id, "updated_at": new.created_at}
    done = await transaction.execute(insert(webhooks).values(values).on_conflict_do_nothing())
    return done.rowcount == 1


async def list_all(transaction: Transaction, organization_id: UUID) -> list[Webhook]:
    """The webhooks of an organization, oldest first."""
    query = select(*_COLUMNS).where(webhooks.c.organization_id == organization_id).order_by(webhooks.c.created_at)
    return [_webhook(row) for row in await transaction.execute(query)]


async def get(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> Webhook | None:
    """One webhook of the organization, or None."""
    query = select(*_COLUMNS).where(webhooks.c.organization_id == organization_id, webhooks.c.id == webhook_id)
    row = (await transaction.execute(query)).one_or_none()
    return _webhook(row) if row else None


async def count(transaction: Transaction, organization_id: UUID) -> int:
    """How many webhooks an organization has."""
    query = select(func.count()).select_from(webhooks).where(webhooks.c.organization_id == organization_id)
    return int(await transaction.scalar(query) or 0)


async def change(
    transaction: Transaction, organization_id: UUID, webhook_id: UUID, changes: Mapping[str, Any], now: datetime
) -> bool:
    """Set columns of a webhook; False when another one has the URL, and then the transaction must end."""
    changing = (
        update(webhooks)
        .where(webhooks.c.organization_id == organization_id, webhooks.c.id == webhook_id)
        .values(**changes, updated_at=now)
    )
    try:
        await transaction.execute(changing)
    except IntegrityError:
        return False
    return True


async def remove(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> bool:
    """Delete a webhook and its deliveries; False when there is none."""
    done = await transaction.execute(
        delete(webhooks).where(webhooks.c.organization_id == organization_id, webhooks.c.id == webhook_id)
    )
    return done.rowcount == 1


async def signing_secret(transaction: Transaction, organization_id: UUID, url: str) -> bytes | None:
    """The sealed secret of the organization's webhook with this URL, else of its oldest one, else None."""
    query = (
        select(webhooks.c.secret)
        .where(webhooks.c.organization_id == organization_id)
        .order_by((webhooks.c.url == url).desc(), webhooks.c.created_at)
        .limit(1)
    )
    found = await transaction.scalar(query)
    return None if found is None else bytes(found)


async def count_outcome(transaction: Transaction, webhook_id: UUID, *, succeeded: bool) -> None:
    """Count a delivery that was given up; one that arrived begins the count anew."""
    failures = 0 if succeeded else webhooks.c.failure_count + 1
    changed = update(webhooks).where(webhooks.c.id == webhook_id)
    if succeeded:
        changed = changed.where(webhooks.c.failure_count > 0)
    await transaction.execute(changed.values(failure_count=failures))


def _webhook(row: Row[*tuple[Any, ...]]) -> Webhook:
    return Webhook(
        id=row.id,
        name=row.name,
        url=row.url,
        events=tuple(row.events),
        is_active=row.is_active,
        failure_count=row.failure_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
