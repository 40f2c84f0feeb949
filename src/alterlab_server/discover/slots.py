"""The slots of hosts: when each may be asked again, one budget for all crawls, maps and workers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from alterlab_server.base.clock import Clock
from alterlab_server.db import Database, Transaction
from alterlab_server.discover import repository
from alterlab_server.frontier.politeness import HostSlot

# A page that must wait longer goes back to the frontier, so that it keeps no lane from other hosts.
LONGEST_WAIT = 5.0
# Answers that say that a host is asked too much.
SLOW_DOWN = frozenset({429, 503})


class HostSlots(Protocol):
    """The slots of hosts, shared by all crawls."""

    async def reserve(self, authority: str, least: float) -> float | None:
        """Seconds to wait until the next request may be sent; None when that is too long to wait for."""
        ...

    async def slow_down(self, authority: str, least: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        ...


@dataclass(slots=True)
class MemorySlots:
    """The slots of hosts of this process alone; a page waits as long as its host wants."""

    clock: Clock
    _slots: dict[str, HostSlot] = field(default_factory=dict)

    async def reserve(self, authority: str, least: float) -> float | None:
        """Seconds to wait until the next request may be sent."""
        now = self.clock().timestamp()
        at, self._slots[authority] = self._slots.get(authority, HostSlot()).reserved(now, least)
        return at - now

    async def slow_down(self, authority: str, least: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        slot = self._slots.get(authority, HostSlot())
        self._slots[authority] = slot.slowed(self.clock().timestamp(), least, retry_after)


@dataclass(slots=True)
class StoredSlots:
    """The slots in the store, as a lane or a map sees them: it is asked only for hosts that want an interval or have a
    penalty. `longest_wait` is how many seconds a page may wait for its slot.

    `busy` holds, by host, until when (seconds since the epoch) its next slot is too far away.
    """

    database: Database
    clock: Clock
    longest_wait: float = LONGEST_WAIT
    busy: dict[str, float] = field(default_factory=dict)
    _slowed: set[str] = field(default_factory=set)

    async def reserve(self, authority: str, least: float) -> float | None:
        """Seconds to wait until the next request may be sent; None when that is too long to wait for."""
        if least <= 0 and authority not in self._slowed:
            return 0.0
        async with self.database.transaction() as transaction:
            slot = await repository.lock(transaction, authority)
            now = self.clock().timestamp()
            at, after = slot.reserved(now, least)
            if at - now > self.longest_wait:
                self.busy[authority] = at - self.longest_wait / 2
                return None
            await repository.put(transaction, authority, after)
        return at - now

    async def slow_down(self, authority: str, least: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        self._slowed.add(authority)
        async with self.database.transaction() as transaction:
            slot = await repository.lock(transaction, authority)
            await repository.put(transaction, authority, slot.slowed(self.clock().timestamp(), least, retry_after))

    async def slowed(self, transaction: Transaction, authorities: Collection[str]) -> frozenset[str]:
        """Those of the hosts that have a penalty, or that must not be asked now."""
        return await repository.slowed(transaction, authorities, self.clock().timestamp())

    def learn(self, slowed: Collection[str]) -> None:
        """Hosts that another crawl or worker was told to slow down for."""
        self._slowed.update(slowed)

    def still_busy(self) -> list[str]:
        """The hosts whose next slot is too far away now."""
        now = self.clock().timestamp()
        self.busy = {authority: until for authority, until in self.busy.items() if until > now}
        return list(self.busy)
