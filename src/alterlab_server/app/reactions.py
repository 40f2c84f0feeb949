"""Who reacts to which event. A reaction runs in the transaction that told the event: it is seen exactly when that is,
and what it must do outside the store it queues there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from alterlab_server.base.clock import Clock
from alterlab_server.base.events import (
    BatchAccepted,
    BatchFinished,
    CrawlAccepted,
    CrawlFinished,
    CrawlPagesFinished,
    Event,
    JobAccepted,
    JobFinished,
)
from alterlab_server.base.sealing import Sealer
from alterlab_server.batch import service as batch
from alterlab_server.db import Condition, IdColumn, Transaction
from alterlab_server.webhooks.reactions import WebhookReactions

Reaction = Callable[[Transaction, Any], Awaitable[None]]


class Reactions:
    """The table of reactions, with what they need."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._webhooks = webhooks = WebhookReactions(sealer, clock)
        self._table: Mapping[type[Event], tuple[Reaction, ...]] = {
            JobAccepted: (webhooks.job_accepted,),
            JobFinished: (webhooks.job_finished, self._batch_goes_on),
            BatchAccepted: (webhooks.batch_accepted,),
            BatchFinished: (webhooks.batch_finished,),
            CrawlAccepted: (webhooks.crawl_accepted,),
            CrawlPagesFinished: (webhooks.crawl_pages_finished,),
            CrawlFinished: (webhooks.crawl_finished,),
        }

    async def publish(self, transaction: Transaction, event: Event) -> None:
        """Run every reaction to `event`, in the order of the table."""
        for reaction in self._table.get(type(event), ()):
            await reaction(transaction, event)

    def heard(self, organization_id: IdColumn, job_id: IdColumn) -> Condition:
        """The condition that a reaction to the end of a job in no batch may do anything; else it needs no `publish`."""
        return self._webhooks.heard(organization_id, job_id)

    async def _batch_goes_on(self, transaction: Transaction, event: JobFinished) -> None:
        await batch.job_finished(transaction, event, self.publish)
