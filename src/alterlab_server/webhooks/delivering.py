"""Deliveries: leased one at a time within bounds, recorded attempt by attempt, put off with backoff.

A delivery is a row, and a queue entry is a wake-up for its account: whoever takes the entry leases the row that is due
longest on a host that has room, and leaves a wake-up behind while there is more. A slow receiver thus keeps only its
own few places, and nothing waits in a worker.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from backports import zstd

from alterlab_server.base.events import Deliveries, WebhookTarget
from alterlab_server.base.sealing import Sealer
from alterlab_server.db import Transaction, raw
from alterlab_server.db.locks import serialise
from alterlab_server.queue import DELIVERIES, enqueue
from alterlab_server.webhooks.repository import account, deliveries, subscribers
from alterlab_server.webhooks.schemas import Attempt, ClaimedDelivery, DeliveryOptions, Message, NewDelivery
from alterlab_server.webhooks.sender import ATTEMPT_SECONDS

TASK = "webhooks.deliver"
MAX_ATTEMPTS = 3
BACKOFF_FACTOR = 6
# Attempts of one account that may be under way on one receiver's host, and on all, over all workers.
PER_HOST, IN_ALL = 4, 32
# An attempt ends well within its lease; one that outlives it has lost its worker.
LEASE = timedelta(seconds=2 * ATTEMPT_SECONDS)
STRANDED_AFTER = timedelta(seconds=30)
# A target outlives the longest crawl that it may be told of.
TARGETS_KEPT_FOR = timedelta(days=30)
SECRET_PURPOSE = "webhook secret"  # noqa: S105  # what the secret is sealed for, not one
_TARGET_PURPOSE = "webhook target"


def seal_target(target: WebhookTarget, sealer: Sealer) -> bytes:
    """What deliveries need of a target, as it may be stored: URL, secret and headers."""
    kept = {"url": target.url, "secret": target.secret, "headers": dict(target.headers)}
    return sealer.seal(json.dumps(kept).encode(), _TARGET_PURPOSE)


async def queue(transaction: Transaction, organization_id: UUID, new: Sequence[NewDelivery]) -> None:
    """Write deliveries of an account and wake as many workers as may send them at once."""
    await deliveries.add(transaction, new)
    for _ in range(min(len(new), PER_HOST)):
        await _wake(transaction, organization_id)


async def claim(transaction: Transaction, organization_id: UUID, now: datetime) -> ClaimedDelivery | None:
    """The next delivery of an account, leased; None when none is due or all places are taken.

    What waits for a webhook that was deactivated meanwhile is cancelled.
    """
    await serialise(transaction, f"deliveries of {organization_id}")
    await deliveries.cancel_inactive(transaction, organization_id, now)
    return await deliveries.claim(transaction, organization_id, LEASE, per_host=PER_HOST, in_all=IN_ALL)


async def message_of(transaction: Transaction, delivery: ClaimedDelivery, sealer: Sealer) -> Message:
    """What a leased delivery sends.

    A target without a secret of its own is signed with the account's: that of its webhook with the same URL, else of
    its oldest one. An account without any has nothing to sign with. Raises CannotOpenError.
    """
    body = zstd.decompress(delivery.body)
    if delivery.target is None:
        return Message(delivery.id, delivery.event, delivery.url or "", _opened(delivery.secret, sealer), body)
    target = WebhookTarget(**json.loads(sealer.open(delivery.target, _TARGET_PURPOSE)))
    secret = target.secret or _opened(
        await account.signing_secret(transaction, delivery.organization_id, target.url), sealer
    )
    return Message(delivery.id, delivery.event, target.url, secret, body, target.headers)


async def record(
    transaction: Transaction, delivery: ClaimedDelivery, attempt: Attempt, options: DeliveryOptions, now: datetime
) -> None:
    """Keep an attempt, end the delivery or put it off, and wake a worker for what else is due."""
    if await deliveries.record(transaction, delivery, attempt):
        if attempt.succeeded or delivery.attempts + 1 >= MAX_ATTEMPTS:
            await deliveries.end(transaction, delivery.id, now, succeeded=attempt.succeeded)
            if delivery.webhook_id is not None:
                await account.count_outcome(transaction, delivery.webhook_id, succeeded=attempt.succeeded)
        else:
            delay = options.retry_delay * BACKOFF_FACTOR**delivery.attempts
            await deliveries.put_off(transaction, delivery.id, delay)
            await _wake(transaction, delivery.organization_id, delay)
    if await deliveries.more_to_claim(transaction, delivery.organization_id, per_host=PER_HOST, in_all=IN_ALL):
        await _wake(transaction, delivery.organization_id)


async def delivered(transaction: Transaction, organization_id: UUID, target_id: UUID) -> Deliveries:
    """How the deliveries to a target stand that was given with a request."""
    counts, error = await deliveries.of_target(transaction, organization_id, target_id)
    return Deliveries(counts.get("pending", 0), counts.get("delivered", 0), counts.get("failed", 0), error)


async def sweep(transaction: Transaction, options: DeliveryOptions, now: datetime) -> None:
    """Wake workers for deliveries whose worker died, and drop what is older than it is kept."""
    for organization_id in await deliveries.stranded(transaction, STRANDED_AFTER):
        await _wake(transaction, organization_id)
    await deliveries.drop_old(transaction, now - options.kept_for)
    await subscribers.drop_targets(transaction, now - TARGETS_KEPT_FOR)


async def _wake(transaction: Transaction, organization_id: UUID, delay: timedelta | None = None) -> None:
    await enqueue(raw(transaction), TASK, organization_id.bytes, lane=DELIVERIES, delay=delay)


def _opened(secret: bytes | None, sealer: Sealer) -> str | None:
    return None if secret is None else sealer.open(secret, SECRET_PURPOSE).decode()
