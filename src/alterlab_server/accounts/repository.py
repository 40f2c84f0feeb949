"""Queries on organizations, keys and rate windows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.accounts.models import api_keys, organizations, rate_windows
from alterlab_server.accounts.schemas import ApiKey, Organization
from alterlab_server.db import Transaction

_KEY_COLUMNS = (
    api_keys.c.id,
    api_keys.c.organization_id,
    api_keys.c.name,
    api_keys.c.key_prefix,
    api_keys.c.created_at,
    api_keys.c.revoked_at,
)
_ORGANIZATION_COLUMNS = (
    organizations.c.id,
    organizations.c.name,
    organizations.c.rate_tier,
    organizations.c.created_at,
)


async def add_organization(transaction: Transaction, organization_id: UUID, name: str, rate_tier: str | None) -> None:
    """Insert an organization."""
    await transaction.execute(insert(organizations).values(id=organization_id, name=name, rate_tier=rate_tier))


async def list_organizations(transaction: Transaction) -> list[Organization]:
    """All organizations, oldest first."""
    rows = await transaction.execute(select(*_ORGANIZATION_COLUMNS).order_by(organizations.c.created_at))
    return [Organization(*row) for row in rows]


async def get_organization(transaction: Transaction, organization_id: UUID) -> Organization | None:
    """One organization, or None."""
    rows = await transaction.execute(select(*_ORGANIZATION_COLUMNS).where(organizations.c.id == organization_id))
    row = rows.one_or_none()
    return Organization(*row) if row else None


async def add_key(
    transaction: Transaction, organization_id: UUID, *, key_id: UUID, name: str, digest: bytes, prefix: str
) -> None:
    """Insert a key; only its digest is kept."""
    values = {"id": key_id, "organization_id": organization_id, "name": name, "key_hash": digest, "key_prefix": prefix}
    await transaction.execute(insert(api_keys).values(values))


async def has_key(transaction: Transaction, digest: bytes) -> bool:
    """Whether the key with this digest is known, perhaps as a revoked one."""
    query = select(api_keys.c.id).where(api_keys.c.key_hash == digest)
    return await transaction.scalar(query) is not None


async def is_active(transaction: Transaction, key_id: UUID) -> bool:
    """Whether the key with this id is not revoked."""
    query = select(api_keys.c.id).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    return await transaction.scalar(query) is not None


async def list_keys(transaction: Transaction, organization_id: UUID) -> list[ApiKey]:
    """All keys of an organization, oldest first, revoked ones too."""
    query = select(*_KEY_COLUMNS).where(api_keys.c.organization_id == organization_id).order_by(api_keys.c.created_at)
    return [ApiKey(*row) for row in await transaction.execute(query)]


async def revoke_key(transaction: Transaction, organization_id: UUID, key_id: UUID, now: datetime) -> bool:
    """Revoke a key; False when there is none to revoke."""
    done = await transaction.execute(
        update(api_keys)
        .where(api_keys.c.organization_id == organization_id, api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return done.rowcount == 1


async def take_tokens(transaction: Transaction, subject: str, window_start: int, tokens: int) -> int:
    """Add `tokens` to a subject's window and return the sum so far."""
    statement = upsert(rate_windows).values(subject=subject, window_start=window_start, tokens=tokens)
    counted = statement.on_conflict_do_update(
        index_elements=[rate_windows.c.subject, rate_windows.c.window_start],
        set_={"tokens": rate_windows.c.tokens + tokens},
    ).returning(rate_windows.c.tokens)
    return int(await transaction.scalar(counted) or 0)


async def drop_windows(transaction: Transaction, before: int) -> None:
    """Forget windows that began before `before` (unix seconds)."""
    await transaction.execute(delete(rate_windows).where(rate_windows.c.window_start < before))
