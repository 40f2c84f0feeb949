"""The slots of hosts: when each may be asked again, one budget for all crawls, maps and workers."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from alterlab_server.base.clock import Clock
from alterlab_server.db import Database, Transaction
from alterlab_server.db.listener import Subscription
from alterlab_server.frontier.politeness import HostSlot
from alterlab_server.hosts import repository

# A page that must wait longer goes back to the frontier, so that it keeps no lane from other hosts.
LONGEST_WAIT = 5.0
# A slot that nobody has asked for or slowed since says no more than a new one.
KEPT_SECONDS = 86_400.0
# Answers that say that a host is asked too much.
SLOW_DOWN = frozenset({429, 503})


async def sweep(transaction: Transaction, now: datetime) -> None:
    """Forget the slots of hosts that were not asked for a day."""
    await repository.drop_idle(transaction, now.timestamp() - KEPT_SECONDS)


class HostSlots(Protocol):
    """The slots of hosts, shared by all crawls."""

    async def wait(self, authority: str, least: float, longest: float) -> bool:
        """Wait until the next request may be sent; false when that would take more than `longest` seconds.

        `least` is how many seconds the host, or the caller, wants between two requests.
        """
        ...

    async def slow_down(self, authority: str, least: float, sent_at: float, retry_after: float | None) -> None:
        """The host has answered a request, sent at `sent_at` (seconds since the epoch), that it is asked too much."""
        ...


@dataclass(slots=True)
class MemorySlots:
    """The slots of hosts of this process alone."""

    clock: Clock
    _slots: dict[str, HostSlot] = field(default_factory=dict)

    async def wait(self, authority: str, least: float, longest: float) -> bool:
        """Wait until the next request may be sent; false when that would take too long."""
        now = self.clock().timestamp()
        at, after = self._slots.get(authority, HostSlot()).reserved(now, least)
        if at - now > longest:
            return False
        self._slots[authority] = after
        await asyncio.sleep(at - now)
        return True

    async def slow_down(self, authority: str, least: float, sent_at: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        slot = self._slots.get(authority, HostSlot())
        self._slots[authority] = slot.slowed(self.clock().timestamp(), least, sent_at, retry_after)


@dataclass(slots=True)
class StoredSlots:
    """The slots in the store, as a lane or a map sees them. `told` is a subscription to `repository.CHANNEL`.

    The store is asked only about hosts that want an interval, that are new here, or that somebody was told to slow
    down for: a notification says so, also to who waits for a slot that was given out before. `busy` holds, by host,
    until when (seconds since the epoch) its next slot is too far away.
    """

    database: Database
    clock: Clock
    told: Subscription
    busy: dict[str, float] = field(default_factory=dict)
    _slowed: set[str] = field(default_factory=set)
    _news: Counter[str] = field(default_factory=Counter)

    async def wait(self, authority: str, least: float, longest: float) -> bool:
        """Wait until the next request may be sent; false when that would take too long."""
        while seconds := await self._reserve(authority, least, longest):
            heard = self._news[authority]
            await asyncio.sleep(seconds)
            self._listen(authority)
            if heard == self._news[authority]:
                return True
        return seconds is not None

    async def slow_down(self, authority: str, least: float, sent_at: float, retry_after: float | None) -> None:
        """The host has answered that it is asked too much."""
        async with self.database.transaction() as transaction:
            slot = await repository.lock(transaction, authority)
            slowed = slot.slowed(self.clock().timestamp(), least, sent_at, retry_after)
            await repository.put(transaction, authority, slowed)
            await repository.tell_slowed(transaction, authority)
        self._slowed.add(authority)

    def still_busy(self) -> list[str]:
        """The hosts whose next slot is too far away now."""
        now = self.clock().timestamp()
        self.busy = {authority: until for authority, until in self.busy.items() if until > now}
        return list(self.busy)

    async def _reserve(self, authority: str, least: float, longest: float) -> float | None:
        """Seconds until the next request may be sent; None when that is too long."""
        self._listen(authority)
        if least <= 0 and not await self._is_held(authority):
            return 0.0
        async with self.database.transaction() as transaction:
            slot = await repository.lock(transaction, authority)
            now = self.clock().timestamp()
            at, after = slot.reserved(now, least)
            if at - now > longest:
                self.busy[authority] = at - longest / 2
                return None
            await repository.put(transaction, authority, after)
        return at - now

    def _listen(self, authority: str) -> None:
        """Take what was told; of a host that is new here something may have been told before."""
        if authority not in self._news:
            self.told.add(authority)
            self._news[authority] = 0
            self._slowed.add(authority)
        heard = self.told.take()
        self._slowed |= heard
        self._news.update(heard)

    async def _is_held(self, authority: str) -> bool:
        if authority not in self._slowed:
            return False
        async with self.database.statement() as connection:
            slot = await repository.get(connection, authority)
        held = slot.holds(self.clock().timestamp())
        if not held:
            self._slowed.discard(authority)
        return held
