"""Money: an append-only ledger, a balance that is its sum, and holds that are settled exactly once.

A hold takes the money out of the balance before any work is done; its settlement gives it back and takes what was
really used, in one statement. Both carry an idempotency key made from the job, so neither can happen twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from alterlab_server.base.errors import PaymentRequired
from alterlab_server.base.money import display, to_cents, to_credits, to_dollars
from alterlab_server.billing import repository
from alterlab_server.billing.schemas import BalanceResponse, LedgerEntry, Spending, Totals
from alterlab_server.db import Transaction

# For a slice that holds or settles in a statement of its own, in which these are parts.
holding, SETTLEMENT, hold_values = repository.holding, repository.SETTLEMENT, repository.hold_values


async def open_account(transaction: Transaction, organization_id: UUID) -> None:
    """Give a new organization a balance of zero."""
    await repository.open_balance(transaction, organization_id)


async def balance(transaction: Transaction, organization_id: UUID) -> int:
    """The balance in microcents, without what is held."""
    return await repository.get_balance(transaction, organization_id)


async def deposit(
    transaction: Transaction, organization_id: UUID, amount: int, *, idempotency_key: str, note: str | None = None
) -> None:
    """Add `amount` microcents; the same idempotency key a second time raises UniqueViolationError."""
    if amount <= 0:
        raise ValueError("a deposit is above zero")
    await repository.add_deposit(transaction, organization_id, amount, idempotency_key, note)


async def hold(transaction: Transaction, organization_id: UUID, amount: int, reference: UUID) -> int:
    """Set `amount` microcents aside for a job; returns the balance left. Raises PaymentRequired.

    Call it last in a transaction: it locks the balance until the transaction ends.
    """
    return await hold_all(transaction, organization_id, {reference: amount})


async def hold_all(transaction: Transaction, organization_id: UUID, amounts: Mapping[UUID, int]) -> int:
    """Set amounts aside for several jobs, for all of them or for none; see `hold`."""
    left = await repository.hold(transaction, organization_id, amounts)
    if left is None:
        raise _not_covered(await repository.get_balance(transaction, organization_id), sum(amounts.values()))
    return left


def require(available: int, amount: int) -> None:
    """Raise PaymentRequired when a balance does not cover an amount."""
    if available < amount:
        raise _not_covered(available, amount)


async def charge(transaction: Transaction, organization_id: UUID, amount: int, reference: UUID) -> int:
    """Charge what was delivered in this transaction; returns the balance left. Raises PaymentRequired."""
    left = await hold(transaction, organization_id, amount, reference)
    await settle(transaction, organization_id, amount, amount, reference)
    return left


async def settle(transaction: Transaction, organization_id: UUID, held: int, charged: int, reference: UUID) -> None:
    """End a hold: give back `held`, charge `charged` (0 to `held`) microcents."""
    require_fit(held, charged)
    await repository.settle(transaction, organization_id, held, charged, reference)


def require_fit(held: int, charged: int) -> None:
    """Raise ValueError when a charge is not between nothing and its hold."""
    if not 0 <= charged <= held:
        raise ValueError(f"a charge of {charged} does not fit a hold of {held}")


async def entries(transaction: Transaction, organization_id: UUID) -> list[LedgerEntry]:
    """All entries, oldest first."""
    return await repository.list_entries(transaction, organization_id)


async def sum_of_entries(transaction: Transaction, organization_id: UUID) -> int:
    """The sum of all entries; equals the balance at every moment."""
    return await repository.sum_of_entries(transaction, organization_id)


async def totals(transaction: Transaction, organization_id: UUID, since: datetime, until: datetime) -> Totals:
    """The balance, all deposits and all spending, and the spending of [since, until)."""
    ever = await repository.sum_by_kind(transaction, organization_id)
    within = await repository.sum_by_kind(transaction, organization_id, since, until)
    return Totals(
        balance=await repository.get_balance(transaction, organization_id),
        deposited_ever=ever.get("deposit", 0),
        spent_ever=_spent(ever),
        spent=_spent(within),
    )


async def spending(transaction: Transaction, organization_id: UUID, since: Sequence[datetime]) -> Spending:
    """What was ever spent, and what since each of these moments."""
    return Spending(*await repository.sum_spent(transaction, organization_id, since))


async def summary(transaction: Transaction, organization_id: UUID) -> BalanceResponse:
    """What GET /billing/balance answers."""
    sums = await repository.sum_by_kind(transaction, organization_id)
    available = await repository.get_balance(transaction, organization_id)
    return BalanceResponse(
        balance_microcents=available,
        balance_display=display(available),
        total_deposited_cents=to_cents(sums.get("deposit", 0)),
        total_spent_cents=to_cents(_spent(sums)),
    )


def _spent(sums: Mapping[str, int]) -> int:
    return -sums.get("charge", 0) - sums.get("refund", 0)


def _not_covered(available: int, amount: int) -> PaymentRequired:
    return PaymentRequired(
        f"The balance of {display(available)} does not cover the {display(amount)} that this request may cost. "
        "Deposit more; cost_controls.max_credits and max_tier bound what scrapes, batches and crawls may cost.",
        details={
            "balance_dollars": to_dollars(available),
            "required_dollars": to_dollars(amount),
            "required_credits": to_credits(amount),
        },
    )
