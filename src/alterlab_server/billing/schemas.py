"""Values and wire types of billing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry; `amount` in microcents with its sign, `reference` the job it is about."""

    kind: str
    amount: int
    reference: UUID | None
    note: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """Microcents: the balance now, what was ever deposited and spent, and what was spent in a period."""

    balance: int
    deposited_ever: int
    spent_ever: int
    spent: int


class BalanceResponse(BaseModel):
    """GET /billing/balance."""

    balance_microcents: int = Field(examples=[999_800])
    balance_display: str = Field(examples=["$0.9998"])
    total_deposited_cents: int
    total_spent_cents: int
