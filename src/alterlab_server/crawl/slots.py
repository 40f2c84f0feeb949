"""The slots of hosts in the store: one budget a host, for all crawls and workers."""

from collections.abc import Collection
from dataclasses import dataclass, field

from alterlab_server.base.clock import Clock
from alterlab_server.crawl.repository import slots
from alterlab_server.db import Database

# A page that must wait longer goes back to the frontier, so that it keeps no lane from other hosts.
LONGEST_WAIT = 5.0


@dataclass(slots=True)
class StoredSlots:
    """A lane's view of the slots: the store is asked only for hosts that want an interval or have a penalty.

    `busy` holds, by host, until when (seconds since the epoch) its next slot is too far away.
    """

    database: Database
    clock: Clock
    busy: dict[str, float] = field(default_factory=dict)
    _slowed: set[str] = field(default_factory=set)

    async def reserve(self, authority: str, least: float) -> float | None:
        """Seconds to wait until the next request may be sent; None when that is too long to wait for."""
        if least <= 0 and authority not in self._slowed:
            return 0.0
        async with self.database.transaction() as transaction:
            slot = await slots.lock(transaction, authority)
            now = self.clock().timestamp()
            at, after = slot.reserved(now, least)
            if at - now > LONGEST_WAIT:
                self.busy[authority] = at - LONGEST_WAIT / 2
                return None
            await slots.put(transaction, authority, after)
        return at - now

    async def slow_down(self, authority: str, least: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        self._slowed.add(authority)
        async with self.database.transaction() as transaction:
            slot = await slots.lock(transaction, authority)
            await slots.put(transaction, authority, slot.slowed(self.clock().timestamp(), least, retry_after))

    def learn(self, slowed: Collection[str]) -> None:
        """Hosts that another crawl or worker was told to slow down for."""
        self._slowed.update(slowed)

    def still_busy(self) -> list[str]:
        """The hosts whose next slot is too far away now."""
        now = self.clock().timestamp()
        self.busy = {authority: until for authority, until in self.busy.items() if until > now}
        return list(self.busy)
