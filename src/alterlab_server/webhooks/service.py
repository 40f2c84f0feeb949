"""An account's webhooks: made, changed, looked at, tested."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from alterlab_server.base.clock import new_id
from alterlab_server.base.errors import Conflict, InvalidUrl, NotFound
from alterlab_server.base.sealing import Sealer
from alterlab_server.base.url import parse_url
from alterlab_server.db import Transaction
from alterlab_server.db.locks import serialise
from alterlab_server.web.context import ApiContext
from alterlab_server.webhooks import delivering
from alterlab_server.webhooks.payloads import compressed, payload
from alterlab_server.webhooks.repository import account, deliveries
from alterlab_server.webhooks.schemas import (
    Delivery,
    NewDelivery,
    NewWebhook,
    Stats,
    Webhook,
    WebhookCreate,
    WebhookUpdate,
)
from alterlab_server.webhooks.sender import Sender
from alterlab_server.webhooks.signing import new_secret

MAX_WEBHOOKS = 50
# There is an index of them, whose entries have 2704 bytes at most.
MAX_URL_CHARS = 2048
TEST_EVENT = "webhook.test"


async def create(context: ApiContext, organization_id: UUID, asked: WebhookCreate) -> tuple[Webhook, str]:
    """Make a webhook; returns it and its secret. Raises UrlNotAllowed, and Conflict for a URL that is there."""
    receiver, secret = await _receiver(context, asked.url), new_secret()
    new = NewWebhook(
        id=new_id(),
        name=asked.name,
        **receiver,
        events=tuple(asked.events),
        is_active=asked.is_active,
        secret=_sealed(context.sealer, secret),
        created_at=context.clock(),
    )
    async with context.database.transaction() as transaction:
        await serialise(transaction, f"webhooks of {organization_id}")
        if await account.count(transaction, organization_id) >= MAX_WEBHOOKS:
            raise Conflict(f"An account has at most {MAX_WEBHOOKS} webhooks.", code="WEBHOOK_LIMIT")
        if not await account.add(transaction, organization_id, new):
            raise _taken(new.url)
        return await get(transaction, organization_id, new.id), secret


async def list_all(transaction: Transaction, organization_id: UUID) -> list[Webhook]:
    """The webhooks of an account, oldest first."""
    return await account.list_all(transaction, organization_id)


async def get(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> Webhook:
    """One webhook of the account; raises NotFound."""
    found = await account.get(transaction, organization_id, webhook_id)
    if found is None:
        raise NotFound(f"There is no webhook {webhook_id}.")
    return found


async def update(context: ApiContext, organization_id: UUID, webhook_id: UUID, asked: WebhookUpdate) -> Webhook:
    """Change what is given of a webhook; raises NotFound, UrlNotAllowed and Conflict."""
    changes: dict[str, Any] = asked.model_dump(exclude_none=True)
    if "url" in changes:
        changes |= await _receiver(context, changes["url"])
    return await _change(context, organization_id, webhook_id, changes)


async def rotate_secret(context: ApiContext, organization_id: UUID, webhook_id: UUID) -> tuple[Webhook, str]:
    """Give a webhook a new secret, which signs from now on; returns both. Raises NotFound."""
    secret = new_secret()
    changes = {"secret": _sealed(context.sealer, secret)}
    return await _change(context, organization_id, webhook_id, changes), secret


async def remove(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> None:
    """Delete a webhook, with its deliveries; raises NotFound."""
    if not await account.remove(transaction, organization_id, webhook_id):
        raise NotFound(f"There is no webhook {webhook_id}.")


async def recent(
    transaction: Transaction, organization_id: UUID, webhook_id: UUID, limit: int, offset: int = 0
) -> list[Delivery]:
    """The last deliveries of a webhook, newest first, without the `offset` newest; raises NotFound."""
    await get(transaction, organization_id, webhook_id)
    return await deliveries.list_of(transaction, organization_id, webhook_id, limit, offset)


async def stats(transaction: Transaction, organization_id: UUID, webhook_id: UUID) -> Stats:
    """What became of the deliveries of a webhook."""
    return await deliveries.stats(transaction, organization_id, webhook_id)


async def test(context: ApiContext, sender: Sender, organization_id: UUID, webhook_id: UUID) -> Delivery:
    """Send a test event now, once, to a webhook that may be inactive; raises NotFound."""
    now = context.clock()
    async with context.database.transaction() as transaction:
        webhook = await get(transaction, organization_id, webhook_id)
        body = payload(TEST_EVENT, now, {"webhook_id": str(webhook.id), "name": webhook.name})
        new = NewDelivery(
            id=new_id(),
            organization_id=organization_id,
            webhook_id=webhook.id,
            target_id=None,
            event=TEST_EVENT,
            host=parse_url(webhook.url).host,
            body=compressed(body),
            created_at=now,
        )
        await deliveries.add(transaction, [new])
        claimed = await deliveries.lease(transaction, new.id, delivering.LEASE)
        message = await delivering.message_of(transaction, claimed, context.sealer)
    attempt = await sender.send(message)
    async with context.database.transaction() as transaction:
        if await deliveries.record(transaction, claimed, attempt):
            await deliveries.end(transaction, claimed.id, context.clock(), succeeded=attempt.succeeded)
        made = await deliveries.list_of(transaction, organization_id, webhook_id, 1, delivery_id=claimed.id)
    if not made:
        raise NotFound(f"The webhook {webhook_id} was deleted meanwhile.")
    return made[0]


async def _change(context: ApiContext, organization_id: UUID, webhook_id: UUID, changes: Mapping[str, Any]) -> Webhook:
    async with context.database.transaction() as transaction:
        await get(transaction, organization_id, webhook_id)
        if not await account.change(transaction, organization_id, webhook_id, changes, context.clock()):
            raise _taken(changes["url"])
        await deliveries.cancel_inactive(transaction, organization_id, context.clock())
        return await get(transaction, organization_id, webhook_id)


async def _receiver(context: ApiContext, given: str) -> dict[str, str]:
    """`url` and `host` of a webhook; raises InvalidUrl and UrlNotAllowed."""
    url = await context.receivers.check(given, "url")
    if len(url) > MAX_URL_CHARS:
        raise InvalidUrl(f"url: a webhook's URL has at most {MAX_URL_CHARS} characters.")
    return {"url": url, "host": parse_url(url).host}


def _taken(url: str) -> Conflict:
    return Conflict(f"There is a webhook for {url} already.", code="DUPLICATE_WEBHOOK", details={"field": "url"})


def _sealed(sealer: Sealer, secret: str) -> bytes:
    return sealer.seal(secret.encode(), delivering.SECRET_PURPOSE)
