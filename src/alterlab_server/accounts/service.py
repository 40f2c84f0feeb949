"""Organizations, their keys, and how often they may call."""

import hashlib
import string
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alterlab_server.accounts import repository
from alterlab_server.accounts.keys import KEY_PREFIXES, require_key, shown
from alterlab_server.accounts.schemas import ApiKey, Organization
from alterlab_server.base.clock import new_id, new_token
from alterlab_server.base.errors import NotFound, Unauthorized
from alterlab_server.db import Transaction

KEY_SECRET_LENGTH = 32
RATE_WINDOW_SECONDS = 60
_KEY_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class RateState:
    """A subject's window: what it may use, has used, and when it begins anew (unix seconds)."""

    limit: int
    used: int
    resets_at: int

    @property
    def exceeded(self) -> bool:
        """True when more was used than is allowed."""
        return self.used > self.limit


def digest(key: str) -> bytes:
    """What is kept of a key, and by which it is found again."""
    return hashlib.sha256(key.encode()).digest()


async def create_organization(transaction: Transaction, name: str, *, rate_tier: str | None = None) -> Organization:
    """Make an organization; `rate_tier` overrides what its balance would give."""
    organization_id = new_id()
    await repository.add_organization(transaction, organization_id, name, rate_tier)
    return await get_organization(transaction, organization_id)


async def list_organizations(transaction: Transaction) -> list[Organization]:
    """All organizations, oldest first."""
    return await repository.list_organizations(transaction)


async def get_organization(transaction: Transaction, organization_id: UUID) -> Organization:
    """One organization; raises NotFound."""
    organization = await repository.get_organization(transaction, organization_id)
    if organization is None:
        raise NotFound(f"There is no account {organization_id}.")
    return organization


async def create_key(transaction: Transaction, organization_id: UUID, name: str, *, secret: str | None = None) -> str:
    """Make a key and return it; it cannot be shown again. `secret` sets the key itself instead of a random one; what
    `require_key` refuses raises ValueError."""
    key = secret or KEY_PREFIXES[0] + new_token(_KEY_ALPHABET, KEY_SECRET_LENGTH)
    require_key(key)
    await repository.add_key(
        transaction, organization_id, key_id=new_id(), name=name, digest=digest(key), prefix=shown(key)
    )
    return key


async def key_exists(transaction: Transaction, key: str) -> bool:
    """Whether this key is known, perhaps as a revoked one."""
    return await repository.has_key(transaction, digest(key))


async def require_active(transaction: Transaction, key_id: UUID) -> None:
    """Raise Unauthorized when the key was revoked since it was let in; that takes no tokens."""
    if not await repository.is_active(transaction, key_id):
        raise Unauthorized("The API key was revoked.")


async def list_keys(transaction: Transaction, organization_id: UUID) -> list[ApiKey]:
    """All keys of an organization, oldest first."""
    return await repository.list_keys(transaction, organization_id)


async def revoke_key(transaction: Transaction, organization_id: UUID, key_id: UUID, now: datetime) -> None:
    """Revoke a key at once; raises NotFound."""
    if not await repository.revoke_key(transaction, organization_id, key_id, now):
        raise NotFound(f"There is no key {key_id} to revoke.")


async def take_tokens(transaction: Transaction, subject: str, tokens: int, limit: int, now: datetime) -> RateState:
    """Use `tokens` of a subject's current minute and say how it stands."""
    start = _window_start(now)
    used = await repository.take_tokens(transaction, subject, start, tokens)
    return RateState(limit, used, start + RATE_WINDOW_SECONDS)


async def drop_old_windows(transaction: Transaction, now: datetime) -> None:
    """Forget the windows of past minutes."""
    await repository.drop_windows(transaction, _window_start(now) - RATE_WINDOW_SECONDS)


def _window_start(now: datetime) -> int:
    seconds = int(now.timestamp())
    return seconds - seconds % RATE_WINDOW_SECONDS
