"""The ledger's statements. Each writes entries and the balance together, so that they never differ."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, literal, select, text

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
_HOLD = Compiled(
    text(
        """
    WITH paid AS (
        UPDATE balances SET microcents = microcents - CAST(:amount AS bigint)
        WHERE organization_id = CAST(:organization_id AS uuid) AND microcents >= CAST(:amount AS bigint)
        RETURNING microcents
    ), entries AS (
        INSERT INTO ledger_entries (organization_id, kind, amount, reference, idempotency_key)
        SELECT CAST(:organization_id AS uuid), 'hold', -held, reference, 'hold:' || reference
        FROM paid, unnest(CAST(:references AS uuid[]), CAST(:amounts AS bigint[])) AS holds (reference, held)
    )
    SELECT microcents FROM paid
    """
    )
)
# The unique idempotency key of the release makes a second settlement of the same hold fail as a whole.
_SETTLE = Compiled(
    text(
        """
    WITH paid AS (
        UPDATE balances SET microcents = microcents + CAST(:held AS bigint) - CAST(:charged AS bigint)
        WHERE organization_id = CAST(:organization_id AS uuid)
        RETURNING microcents
    ), entries AS (
        INSERT INTO ledger_entries (organization_id, kind, amount, reference, idempotency_key)
        SELECT CAST(:organization_id AS uuid), kind, amount, CAST(:reference AS uuid),
               kind || ':' || CAST(:reference AS uuid)
        FROM (VALUES ('release', CAST(:held AS bigint)), ('charge', -CAST(:charged AS bigint))) AS rows (kind, amount)
    )
    SELECT microcents FROM paid
    """
    )
)


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
    values = {
        "organization_id": organization_id,
        "amount": sum(amounts.values()),
        "references": list(amounts),
        "amounts": list(amounts.values()),
    }
    row = await _HOLD.row(transaction, values)
    return None if row is None else int(row[0])


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
