"""An account, its reactions, and a way to make all deliveries that are due, without a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from tests.support.accounts import Account, new_account

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.events import Event
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.base.url import parse_url
from alterlab_server.db import Database
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.webhooks.delivering import SECRET_PURPOSE
from alterlab_server.webhooks.repository import account as webhooks
from alterlab_server.webhooks.schemas import DeliveryOptions, NewWebhook
from alterlab_server.webhooks.sender import Sender
from alterlab_server.webhooks.signing import new_secret
from alterlab_server.webhooks.tasks import DeliverTask

Tell = Callable[[Event], Awaitable[None]]
Subscribe = Callable[..., Awaitable[tuple[UUID, str]]]
SEALER = Sealer([b"k" * KEY_BYTES])
AT_ONCE = DeliveryOptions(retry_delay=timedelta(microseconds=1))


@pytest.fixture
async def account(database: Database) -> Account:
    return await new_account(database)


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    opened = Sender(CurlTier(Gate([ip_network("127.0.0.0/8")])), utc_now)
    yield opened
    await opened.close()


@pytest.fixture
def deliver(database: Database, sender: Sender) -> DeliverTask:
    """The task of a worker, which tries again at once."""
    return DeliverTask(database, SEALER, sender, AT_ONCE, utc_now)


@pytest.fixture
def tell(database: Database) -> Tell:
    """Tells an event in a transaction of its own."""
    reactions = Reactions(SEALER, utc_now)

    async def publish(event: Event) -> None:
        async with database.transaction() as transaction:
            await reactions.publish(transaction, event)

    return publish


@pytest.fixture
def subscribe(database: Database, account: Account) -> Subscribe:
    """Makes a webhook of the account, and gives its id and secret."""

    async def make(url: str, *events: str, is_active: bool = True) -> tuple[UUID, str]:
        secret = new_secret()
        new = NewWebhook(
            id=new_id(),
            name="test",
            url=url,
            host=parse_url(url).host,
            events=events or ("*",),
            is_active=is_active,
            secret=SEALER.seal(secret.encode(), SECRET_PURPOSE),
            created_at=utc_now(),
        )
        async with database.transaction() as transaction:
            assert await webhooks.add(transaction, account.id, new)
        return new.id, secret

    return make
