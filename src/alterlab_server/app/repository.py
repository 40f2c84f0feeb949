"""What each request asks of several slices at once: a statement for each of them would be a round trip more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select

from alterlab_server.accounts.models import api_keys, organizations
from alterlab_server.billing.models import balances
from alterlab_server.db import Compiled, Transaction

_UNDER_WAY = func.jobs_under_way(api_keys.c.organization_id)
_STANDING = Compiled(
    select(api_keys.c.id, organizations.c.id, organizations.c.rate_tier, balances.c.microcents, _UNDER_WAY)
    .join(organizations, organizations.c.id == api_keys.c.organization_id)
    .join(balances, balances.c.organization_id == organizations.c.id)
    .where(api_keys.c.key_hash == bindparam("digest"), api_keys.c.revoked_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose key a request carries, and how that account stands: its balance and its jobs that wait or run."""

    api_key_id: UUID
    organization_id: UUID
    rate_tier: str | None
    balance_microcents: int
    jobs_under_way: int


async def find_standing(transaction: Transaction, digest: bytes) -> Standing | None:
    """The standing of the key with this digest; None when there is none, or it is revoked."""
    row = await _STANDING.row(transaction, {"digest": digest})
    return Standing(*row) if row else None
