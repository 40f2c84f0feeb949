"""The ledger under any interleaving: the balance is the sum of the entries, never negative, each hold settled once."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import hypothesis.strategies as st
from asyncpg import UniqueViolationError
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text
from tests.support.accounts import Account, new_account

from alterlab_server.base.clock import new_id
from alterlab_server.base.errors import PaymentRequired
from alterlab_server.billing import service as billing
from alterlab_server.db import Database


@dataclass(frozen=True)
class Deposit:
    amount: int
    key: int


@dataclass(frozen=True)
class Hold:
    amount: int


@dataclass(frozen=True)
class Settle:
    """Settles one of the holds so far, a settled one too; `part` of it is charged, in hundredths."""

    which: int
    part: int


Step = Deposit | Hold | Settle
STEPS = st.one_of(
    st.builds(Deposit, st.integers(1, 10_000), st.integers(0, 3)),
    st.builds(Hold, st.integers(0, 8_000)),
    st.builds(Settle, st.integers(0, 5), st.integers(0, 100)),
)

_BOTH = text(
    """
    SELECT (SELECT microcents FROM balances WHERE organization_id = :id),
           (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE organization_id = :id)
    """
)


@dataclass
class Book:
    """An account's ledger, and what the test knows of it."""

    account: Account
    holds: list[tuple[UUID, int]] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=lambda: {n: str(new_id()) for n in range(4)})

    async def run(self, step: Step) -> None:
        try:
            async with self.account.database.transaction() as transaction:
                await self._apply(step, transaction)
        except (UniqueViolationError, PaymentRequired):
            return  # done before, or not covered: all of it is rolled back, as the checks will see

    async def check(self) -> None:
        """One statement, so one moment: what it sees together was there together."""
        async with self.account.database.transaction() as transaction:
            balance, total = (await transaction.execute(_BOTH, {"id": self.account.id})).one()
        assert balance == total
        assert balance >= 0

    async def _apply(self, step: Step, transaction: object) -> None:
        match step:
            case Deposit(amount, key):
                await billing.deposit(transaction, self.account.id, amount, idempotency_key=self.keys[key])
            case Hold(amount):
                reference = new_id()
                await billing.hold(transaction, self.account.id, amount, reference)
                self.holds.append((reference, amount))
            case Settle(which, part) if which < len(self.holds):
                reference, held = self.holds[which]
                await billing.settle(transaction, self.account.id, held, held * part // 100, reference)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=1, max_size=6))
async def test_any_interleaving_keeps_the_books(database: Database, batches: list[list[Step]]) -> None:
    book = Book(await new_account(database, dollars=0))
    for batch in batches:
        known = len(book.holds)
        # A settlement is of a hold that was made before; those of this batch run beside each other.
        fitting = [step for step in batch if not isinstance(step, Settle) or step.which < known]
        await asyncio.gather(*(book.run(step) for step in fitting), book.check(), book.check())
        await book.check()
    await _each_thing_happened_once(book)


async def _each_thing_happened_once(book: Book) -> None:
    async with book.account.database.transaction() as transaction:
        entries = await billing.entries(transaction, book.account.id)
    times = Counter((entry.kind, entry.reference) for entry in entries if entry.reference)
    assert set(times.values()) <= {1}
    held = {entry.reference: -entry.amount for entry in entries if entry.kind == "hold"}
    released = {entry.reference: entry.amount for entry in entries if entry.kind == "release"}
    charged = {entry.reference: -entry.amount for entry in entries if entry.kind == "charge"}
    assert released.keys() == charged.keys() <= held.keys()
    assert all(released[reference] == held[reference] >= charged[reference] >= 0 for reference in released)
    assert sum(entry.kind == "deposit" for entry in entries) <= len(book.keys)


async def test_twenty_holds_at_once_take_no_more_than_there_is(database: Database) -> None:
    book = Book(await new_account(database, dollars=0.01))
    await asyncio.gather(*(book.run(Hold(1_000)) for _ in range(20)))
    assert await book.account.balance() == 0
    assert await book.account.kinds() == {"deposit": 1, "hold": 10}


async def test_settlements_at_once_charge_once(database: Database) -> None:
    book = Book(await new_account(database, dollars=0.01))
    await book.run(Hold(4_000))
    await asyncio.gather(*(book.run(Settle(0, part)) for part in (0, 5, 50, 100)))
    assert len(await book.account.charges()) == 1
    await book.check()


async def test_charge_above_the_hold_is_a_bug_and_refused(database: Database) -> None:
    account = await new_account(database, dollars=1)
    reference = new_id()
    async with database.transaction() as transaction:
        await billing.hold(transaction, account.id, 200, reference)
    for charged in (-1, 201):
        refused = False
        try:
            async with database.transaction() as transaction:
                await billing.settle(transaction, account.id, 200, charged, reference)
        except ValueError:
            refused = True
        assert refused
    assert await account.kinds() == {"deposit": 1, "hold": 1}
