"""The queue's door to deliveries."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import CannotOpenError, Sealer
from alterlab_server.db import Database, Transaction
from alterlab_server.webhooks import delivering
from alterlab_server.webhooks.schemas import Attempt, ClaimedDelivery, DeliveryOptions, Message
from alterlab_server.webhooks.sender import Sender

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeliverTask:
    """Makes one attempt at the next delivery of the account that a queue entry names. Safe to run again.

    Of an account one looks for a delivery at a time, so that those that wait for its lock hold no connections, which
    all other work of this process would miss; and no more are at it than may be under way.
    """

    database: Database
    sealer: Sealer
    sender: Sender
    options: DeliveryOptions
    clock: Clock
    _looking: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _at_it: Counter[UUID] = field(default_factory=Counter)

    async def __call__(self, payload: bytes) -> None:
        """Lease, send, record. Raises only when the store fails; the lease then ends by itself."""
        organization_id = UUID(bytes=payload)
        if self._at_it[organization_id] >= delivering.IN_ALL:
            return  # each of them has yet to look for a delivery, or wakes another for what is left
        self._at_it[organization_id] += 1
        try:
            await self._deliver(organization_id)
        finally:
            self._at_it[organization_id] -= 1
            if not self._at_it[organization_id]:
                del self._at_it[organization_id]

    async def _deliver(self, organization_id: UUID) -> None:
        looking = self._looking.setdefault(organization_id, asyncio.Lock())
        async with looking, self.database.transaction() as transaction:
            delivery = await delivering.claim(transaction, organization_id, self.clock())
            if delivery is None:
                return
            message = await self._message(transaction, delivery)
        attempt = await self.sender.send(message) if message else self._unsendable()
        async with self.database.transaction() as transaction:
            await delivering.record(transaction, delivery, attempt, self.options, self.clock())
        log.info("webhook.attempt", delivery_id=str(delivery.id), status=attempt.status_code, error=attempt.error)

    async def _message(self, transaction: Transaction, delivery: ClaimedDelivery) -> Message | None:
        try:
            return await delivering.message_of(transaction, delivery, self.sealer)
        except CannotOpenError:
            return None

    def _unsendable(self) -> Attempt:
        """An attempt that fails by itself: its secret was sealed with a key that this worker does not have."""
        return Attempt(self.clock(), 0, None, "The webhook's secret cannot be opened with the configured keys.")
