"""The ledger's statements. Each writes entries and the balance together, so that they never differ."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, BigInteger, ColumnElement, Uuid, bindparam, func, insert, literal, select, text, update

from alterlab_server.billing.models import balances, ledger_entries
from alterlab_server.billing.schemas import LedgerEntry
from alterlab_server.db import Compiled, Transaction

_DEPOSIT = Compiled(
    text(
        """
        WITH paid AS (
            UPDATE balances SET microcents = microcents + CAST(:amount AS bigint)
            WHERE organization_id = CAST(:organization_id AS uuid)
        )
        INSERT INTO ledger_entries (organization_id, kind, amount, note, idempotency_key)
        SELECT CAST(:organization_id AS uuid), 'deposit', CAST(:amount AS bigint), CAST(:note AS text),
               CAST(:key AS text)
        """
    )
)


def holding(*conditions: ColumnElement[bool]) -> tuple[CTE, CTE]:
    """The parts of a statement that hold; the first has a row when the balance covers all and the conditions are met.
    They are looked at again once others that hold at the same time have committed."""
    amount, balance = bindparam("amount", type_=BigInteger), balances.c.microcents
    held = (
        update(balances)
        .where(balances.c.organization_id == bindparam("organization_id", type_=Uuid), balance >= amount, *conditions)
        .values(microcents=balance - amount)
        .returning(balance)
    )
    entries = text(
        """
        INSERT INTO ledger_entries (organization_id, kind, amount, reference, idempotency_key)
        SELECT CAST(:organization_id AS uuid), 'hold', -amount, reference, 'hold:' || reference
        FROM held, unnest(CAST(:references AS uuid[]), CAST(:amounts AS bigint[])) AS holds (reference, amount)
        """
    )
    return held.cte("held"), entries.columns().cte("hold_entries")


_hold = holding()
_HOLD = Compiled(select(_hold[0].c.microcents).add_cte(*_hold))
# The parts of a statement that settle the hold of each row of `ended`. The unique idempotency key of the release makes
# a second settlement of the same hold fail as a whole.
SETTLEMENT = (
    text(
        """
        UPDATE balances SET microcents = microcents + held_microcents - charged_microcents
        FROM ended WHERE balances.organization_id = ended.organization_id AND held_microcents > 0
        """
    )
    .columns()
    .cte("settled"),
    text(
        """
        INSERT INTO ledger_entries (organization_id, kind, amount, reference, idempotency_key)
        SELECT organization_id, kind, amount, id, kind || ':' || id
        FROM ended,
             LATERAL (VALUES ('release', held_microcents), ('charge', -charged_microcents)) AS sums (kind, amount)
        WHERE held_microcents > 0
        """
    )
    .columns()
    .cte("settlement_entries"),
)
_ended = (
    text(
        """
        SELECT CAST(:organization_id AS uuid) AS organization_id, CAST(:reference AS uuid) AS id,
               CAST(:held AS bigint) AS held_microcents, CAST(:charged AS bigint) AS charged_microcents
        """
    )
    .columns(ledger_entries.c.organization_id)
    .cte("ended")
)
_SETTLE = Compiled(select(_ended.c.organization_id).add_cte(_ended, *SETTLEMENT))


async def open_balance(transaction: Transaction, organization_id: UUID) -> None:
    """Give an organization a balance of zero."""
    await transaction.execute(insert(balances).values(organization_id=organization_id, microcents=0))


async def get_balance(transaction: Transaction, organization_id: UUID) -> int:
    """The balance in microcents."""
    query = select(balances.c.microcents).where(balances.c.organization_id == organization_id)
    return int(await transaction.scalar(query) or 0)


async def add_deposit(
    transaction: Transaction, organization_id: UUID, amount: int, idempotency_key: str, note: str | None
) -> None:
    """Add a deposit; an idempotency key that was used before raises UniqueViolationError."""
    key = f"deposit:{idempotency_key}"
    await _DEPOSIT.rows(transaction, {"organization_id": organization_id, "amount": amount, "note": note, "key": key})


async def hold(transaction: Transaction, organization_id: UUID, amounts: Mapping[UUID, int]) -> int | None:
    """Set an amount aside for each reference; the new balance, or None when there is not enough for all."""
    row = await _HOLD.row(transaction, hold_values(organization_id, amounts))
    return None if row is None else int(row[0])


def hold_values(organization_id: UUID, amounts: Mapping[UUID, int]) -> dict[str, Any]:
    """The values that the parts of `holding` take."""
    return {
        "organization_id": organization_id,
        "amount": sum(amounts.values()),
        "references": list(amounts),
        "amounts": list(amounts.values()),
    }


async def settle(transaction: Transaction, organization_id: UUID, held: int, charged: int, reference: UUID) -> None:
    """Give the hold back and charge what was used; a second settlement raises UniqueViolationError."""
    values = {"organization_id": organization_id, "held": held, "charged": charged, "reference": reference}
    await _SETTLE.rows(transaction, values)


async def sum_of_entries(transaction: Transaction, organization_id: UUID) -> int:
    """The sum of all entries: what the balance must be."""
    query = select(func.coalesce(func.sum(ledger_entries.c.amount), literal(0))).where(
        ledger_entries.c.organization_id == organization_id
    )
    return int(await transaction.scalar(query) or 0)


async def sum_by_kind(
    transaction: Transaction, organization_id: UUID, since: datetime | None = None, until: datetime | None = None
) -> dict[str, int]:
    """The sum of entries per kind, within [since, until)."""
    query = (
        select(ledger_entries.c.kind, func.sum(ledger_entries.c.amount))
        .where(ledger_entries.c.organization_id == organization_id)
        .group_by(ledger_entries.c.kind)
    )
    if since is not None:
        query = query.where(ledger_entries.c.created_at >= since)
    if until is not None:
        query = query.where(ledger_entries.c.created_at < until)
    return {kind: int(amount) for kind, amount in await transaction.execute(query)}


async def sum_spent(
    transaction: Transaction, organization_id: UUID, since: Sequence[datetime]
) -> tuple[datetime | None, int, list[int]]:
    """When the first charge was made, what was spent in all, and what was spent since each of these moments."""
    at, spent = ledger_entries.c.created_at, func.sum(-ledger_entries.c.amount)
    query = select(func.min(at), spent, *(spent.filter(at >= moment) for moment in since)).where(
        ledger_entries.c.organization_id == organization_id, ledger_entries.c.kind.in_(("charge", "refund"))
    )
    first, total, *parts = (await transaction.execute(query)).one()
    return first, int(total or 0), [int(part or 0) for part in parts]


async def list_entries(transaction: Transaction, organization_id: UUID) -> list[LedgerEntry]:
    """All entries of an organization, oldest first."""
    columns = (
        ledger_entries.c.kind,
        ledger_entries.c.amount,
        ledger_entries.c.reference,
        ledger_entries.c.note,
        ledger_entries.c.created_at,
    )
    query = select(*columns).where(ledger_entries.c.organization_id == organization_id).order_by(ledger_entries.c.id)
    return [LedgerEntry(*row) for row in await transaction.execute(query)]
