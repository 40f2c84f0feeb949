"""Who reacts to which event. A reaction runs in the transaction that told the event: it is seen exactly when that is,
and what it must do outside the store it queues there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from alterlab_server.base.events import Event, JobFinished
from alterlab_server.batch import service as batch
from alterlab_server.db import Transaction
from alterlab_server.jobs import service as jobs

Reaction = Callable[[Transaction, Any], Awaitable[None]]


async def _batch_goes_on(transaction: Transaction, event: JobFinished) -> None:
    await batch.job_finished(transaction, event, publish)


REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    JobFinished: (jobs.announce, _batch_goes_on),
}


async def publish(transaction: Transaction, event: Event) -> None:
    """Run every reaction to `event`, in the order of the table."""
    for reaction in REACTIONS.get(type(event), ()):
        await reaction(transaction, event)
