"""The queue's door to deliveries."""

from dataclasses import dataclass
from uuid import UUID

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
    """Makes one attempt at the next delivery of the account that a queue entry names. Safe to run again."""

    database: Database
    sealer: Sealer
    sender: Sender
    options: DeliveryOptions
    clock: Clock

    async def __call__(self, payload: bytes) -> None:
        """Lease, send, record. Raises only when the store fails; the lease then ends by itself."""
        async with self.database.transaction() as transaction:
            delivery = await delivering.claim(transaction, UUID(bytes=payload), self.clock())
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
