"""Queries on who hears of what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, exists, func, insert, literal, null, select
from sqlalchemy.dialects.postgresql import JSONB

from alterlab_server.base.clock import new_id
from alterlab_server.base.events import Topic, WebhookTarget
from alterlab_server.base.url import parse_url
from alterlab_server.db import Compiled, Condition, IdColumn, Transaction
from alterlab_server.webhooks.models import webhook_deliveries, webhook_targets, webhooks
from alterlab_server.webhooks.schemas import Subscriber, wants

_ACCOUNTS = select(webhooks.c.id, literal(None, Uuid), webhooks.c.host, webhooks.c.events, literal({}, JSONB)).where(
    webhooks.c.organization_id == bindparam("organization_id"), webhooks.c.is_active
)
_GIVEN = select(
    null(), webhook_targets.c.id, webhook_targets.c.host, webhook_targets.c.events, webhook_targets.c.metadata
).where(
    webhook_targets.c.organization_id == bindparam("organization_id"),
    webhook_targets.c.source_id == func.any(bindparam("source_ids", type_=ARRAY(Uuid))),
)
_FIND = Compiled(_ACCOUNTS.union_all(_GIVEN))


async def add_target(
    transaction: Transaction,
    organization_id: UUID,
    source_id: UUID,
    *,
    target: WebhookTarget,
    sealed: bytes,
    now: datetime,
) -> None:
    """Keep a target that was given with a request; `sealed` is what its deliveries need of it."""
    await transaction.execute(
        insert(webhook_targets).values(
            id=target.id or new_id(),
            organization_id=organization_id,
            source_id=source_id,
            host=parse_url(target.url).host,
            events=list(target.events),
            target=sealed,
            metadata=dict(target.metadata),
            created_at=now,
        )
    )


async def find(
    transaction: Transaction, organization_id: UUID, source_ids: Sequence[UUID], topics: Collection[Topic]
) -> list[Subscriber]:
    """Who wants at least one of `topics`: active webhooks of the organization, and targets given for a source."""
    rows = await _FIND.rows(transaction, {"organization_id": organization_id, "source_ids": list(source_ids)})
    found = [Subscriber(row[0], row[1], row[2], tuple(row[3]), row[4]) for row in rows]
    return [subscriber for subscriber in found if any(wants(subscriber.events, topic) for topic in topics)]


def anyone(organization_id: IdColumn, source_id: IdColumn) -> Condition:
    """The condition that `find` for all topics would find somebody, for statements that hold these columns."""
    account = exists().where(webhooks.c.organization_id == organization_id, webhooks.c.is_active)
    given = exists().where(
        webhook_targets.c.organization_id == organization_id, webhook_targets.c.source_id == source_id
    )
    return account | given


async def drop_targets(transaction: Transaction, before: datetime) -> None:
    """Forget targets given before `before` that no delivery needs."""
    needed = select(webhook_deliveries.c.id).where(webhook_deliveries.c.target_id == webhook_targets.c.id).exists()
    await transaction.execute(delete(webhook_targets).where(webhook_targets.c.created_at < before, ~needed))
