"""Values and wire types of billing."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Spending:
    """Microcents spent: `ever`, with the moment of the first charge, and since each moment that was asked for."""

    first_at: datetime | None
    ever: int
    since: Sequence[int]


class BalanceResponse(BaseModel):
    """GET /billing/balance."""

    balance_microcents: int = Field(examples=[999_800])
    balance_display: str = Field(examples=["$0.9998"])
    total_deposited_cents: int
    total_spent_cents: int
