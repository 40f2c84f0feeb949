"""Values of organizations and keys."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Organization:
    """Who pays, and who owns every row."""

    id: UUID
    name: str
    rate_tier: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; `prefix` is what a list may show of it."""

    id: UUID
    organization_id: UUID
    name: str
    prefix: str
    created_at: datetime
    revoked_at: datetime | None
