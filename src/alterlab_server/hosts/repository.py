"""Queries on the slots of hosts."""

from sqlalchemy import bindparam, delete, false, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Compiled, Transaction
from alterlab_server.frontier.politeness import HostSlot
from alterlab_server.hosts.models import host_slots

# Names hosts that are asked too much.
CHANNEL = "alterlab_hosts"

_COLUMNS = (host_slots.c.next_at, host_slots.c.penalty, host_slots.c.slowed_at)
# Of every item of a batch.
_GET = Compiled(select(*_COLUMNS).where(host_slots.c.authority == bindparam("authority")))


async def lock(transaction: Transaction, authority: str) -> HostSlot:
    """The slot of a host, locked until the transaction ends; a new one for a host that has none."""
    # One that is there is locked by this: the sweeper cannot take it before it is read.
    added = upsert(host_slots).values(authority=authority)
    unchanged = {"authority": authority}
    await transaction.execute(added.on_conflict_do_update(index_elements=["authority"], set_=unchanged, where=false()))
    query = select(*_COLUMNS).where(host_slots.c.authority == authority).with_for_update()
    return HostSlot(*(await transaction.execute(query)).one())


async def get(transaction: Transaction, authority: str) -> HostSlot:
    """The slot of a host as it is now; a new one for a host that has none."""
    row = await _GET.row(transaction, {"authority": authority})
    return HostSlot(*row) if row else HostSlot()


async def put(transaction: Transaction, authority: str, slot: HostSlot) -> None:
    """Write the slot of a host."""
    values = {"next_at": slot.next_at, "penalty": slot.penalty, "slowed_at": slot.slowed_at}
    await transaction.execute(update(host_slots).where(host_slots.c.authority == authority).values(**values))


async def drop_idle(transaction: Transaction, before: float) -> None:
    """Forget slots that were free already at `before` (seconds since the epoch), and slowed last before that."""
    idle = (host_slots.c.next_at < before, host_slots.c.slowed_at < before)
    await transaction.execute(delete(host_slots).where(*idle))


async def tell_slowed(transaction: Transaction, authority: str) -> None:
    """Tell all workers, when the transaction commits, that a host is asked too much."""
    await transaction.execute(select(func.pg_notify(CHANNEL, authority)))
