"""Accounts made for one test, and what their ledger says."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from alterlab_server.accounts import service as accounts
from alterlab_server.base.clock import new_id
from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.billing import service as billing
from alterlab_server.db import Database


@dataclass(frozen=True)
class Account:
    """An organization with a key, on a store that is running."""

    id: UUID
    key: str
    database: Database

    async def balance(self) -> int:
        async with self.database.transaction() as transaction:
            return await billing.balance(transaction, self.id)

    async def kinds(self) -> Counter[str]:
        """How many ledger entries of each kind there are; fails when they do not add up to the balance."""
        async with self.database.snapshot() as transaction:
            entries = await billing.entries(transaction, self.id)
            assert sum(entry.amount for entry in entries) == await billing.balance(transaction, self.id)
        return Counter(entry.kind for entry in entries)

    async def charges(self) -> list[int]:
        """What was charged, in microcents, oldest first; fails when a hold is not settled exactly once."""
        async with self.database.transaction() as transaction:
            entries = await billing.entries(transaction, self.id)
        holds = Counter(entry.reference for entry in entries if entry.kind == "hold")
        releases = Counter(entry.reference for entry in entries if entry.kind == "release")
        assert holds == releases, "every hold is released once"
        assert set(holds.values()) <= {1}
        return [-entry.amount for entry in entries if entry.kind == "charge"]


async def new_account(database: Database, *, dollars: float = 10, rate_tier: str | None = "enterprise") -> Account:
    """An account with a deposit and a key of its own."""
    async with database.transaction() as transaction:
        organization = await accounts.create_organization(transaction, "test", rate_tier=rate_tier)
        await billing.open_account(transaction, organization.id)
        amount = round(dollars * MICROCENTS_PER_DOLLAR)
        if amount:
            await billing.deposit(transaction, organization.id, amount, idempotency_key=str(new_id()))
        key = await accounts.create_key(transaction, organization.id, "test")
    return Account(organization.id, key, database)
