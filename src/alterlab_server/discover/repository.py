"""Queries on the slots of hosts."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.discover.models import host_slots
from alterlab_server.frontier.politeness import HostSlot

_COLUMNS = (host_slots.c.next_at, host_slots.c.penalty, host_slots.c.slowed_at)


async def lock(transaction: Transaction, authority: str) -> HostSlot:
    """The slot of a host, locked until the transaction ends; a new one for a host that has none."""
    await transaction.execute(upsert(host_slots).values(authority=authority).on_conflict_do_nothing())
    query = select(*_COLUMNS).where(host_slots.c.authority == authority).with_for_update()
    return HostSlot(*(await transaction.execute(query)).one())


async def put(transaction: Transaction, authority: str, slot: HostSlot) -> None:
    """Write the slot of a host."""
    values = {"next_at": slot.next_at, "penalty": slot.penalty, "slowed_at": slot.slowed_at}
    await transaction.execute(update(host_slots).where(host_slots.c.authority == authority).values(**values))


async def slowed(transaction: Transaction, authorities: Collection[str], now: float) -> frozenset[str]:
    """Those of the hosts that have a penalty, or that must not be asked now."""
    held = (host_slots.c.penalty > 0) | (host_slots.c.next_at > now)
    query = select(host_slots.c.authority).where(host_slots.c.authority.in_(list(authorities)), held)
    return frozenset(await transaction.scalars(query))
