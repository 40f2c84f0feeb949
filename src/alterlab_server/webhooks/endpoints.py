"""/user-webhooks, also as /webhooks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from alterlab_server.base.clock import iso
from alterlab_server.web.auth import Caller
from alterlab_server.web.context import Context
from alterlab_server.web.json_body import JsonRoute
from alterlab_server.web.responses import errors
from alterlab_server.webhooks import service
from alterlab_server.webhooks.schemas import (
    AttemptResponse,
    Delivery,
    DeliveryList,
    DeliveryResponse,
    Stats,
    TestResult,
    Webhook,
    WebhookCreate,
    WebhookDetail,
    WebhookList,
    WebhookResponse,
    WebhookUpdate,
    WebhookWithSecret,
)
from alterlab_server.webhooks.sender import Sender

RECENT = 20
# What the database counts with.
MAX_OFFSET = 2**31 - 1
_paths = APIRouter(tags=["webhooks"], route_class=JsonRoute)


def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.webhook_sender
    return sender


@_paths.get("", responses=errors(401, 429, 500))
async def list_webhooks(context: Context, caller: Caller) -> WebhookList:
    """The webhooks of the account, oldest first."""
    async with context.database.statement() as connection:
        found = await service.list_all(connection, caller.organization_id)
    return WebhookList(webhooks=[_webhook(webhook) for webhook in found], total=len(found))


@_paths.post("", status_code=201, responses=errors(400, 401, 409, 429, 500))
async def create_webhook(body: WebhookCreate, context: Context, caller: Caller) -> WebhookWithSecret:
    """Make a webhook. Its signing secret is shown only in this answer."""
    webhook, secret = await service.create(context, caller.organization_id, body)
    return WebhookWithSecret(**_webhook(webhook).model_dump(), secret=secret)


@_paths.get("/{webhook_id}", responses=errors(400, 401, 404, 429, 500))
async def get_webhook(webhook_id: UUID, context: Context, caller: Caller) -> WebhookDetail:
    """A webhook, its last deliveries, and what became of all that are kept."""
    async with context.database.snapshot() as connection:
        webhook = await service.get(connection, caller.organization_id, webhook_id)
        recent = await service.recent(connection, caller.organization_id, webhook_id, RECENT)
        stats = await service.stats(connection, caller.organization_id, webhook_id)
    return WebhookDetail(
        webhook=_webhook(webhook), recent_deliveries=[_delivery(delivery) for delivery in recent], stats=_stats(stats)
    )


@_paths.put("/{webhook_id}", responses=errors(400, 401, 404, 409, 429, 500))
async def update_webhook(webhook_id: UUID, body: WebhookUpdate, context: Context, caller: Caller) -> WebhookResponse:
    """Change name, URL, events or whether it is active. What waits to be sent goes to the new URL, or is cancelled when
    the webhook is not active any more."""
    return _webhook(await service.update(context, caller.organization_id, webhook_id, body))


@_paths.delete("/{webhook_id}", status_code=204, responses=errors(400, 401, 404, 429, 500))
async def delete_webhook(webhook_id: UUID, context: Context, caller: Caller) -> None:
    """Delete a webhook, and whatever waits to be sent to it."""
    async with context.database.transaction() as transaction:
        await service.remove(transaction, caller.organization_id, webhook_id)


@_paths.post("/{webhook_id}/test", responses=errors(400, 401, 404, 429, 500))
async def test_webhook(
    webhook_id: UUID, context: Context, caller: Caller, sender: Annotated[Sender, Depends(_sender)]
) -> TestResult:
    """Send the event `webhook.test` once, now, and say how it ended."""
    delivery = await service.test(context, sender, caller.organization_id, webhook_id)
    attempt = delivery.attempts[-1]
    return TestResult(
        success=attempt.succeeded,
        status_code=attempt.status_code,
        duration_ms=attempt.duration_ms,
        error=attempt.error,
        delivery=_delivery(delivery),
    )


@_paths.post("/{webhook_id}/rotate-secret", responses=errors(400, 401, 404, 429, 500))
async def rotate_secret(webhook_id: UUID, context: Context, caller: Caller) -> WebhookWithSecret:
    """Give a webhook a new secret, which signs from now on and is shown only in this answer."""
    webhook, secret = await service.rotate_secret(context, caller.organization_id, webhook_id)
    return WebhookWithSecret(**_webhook(webhook).model_dump(), secret=secret)


@_paths.get("/{webhook_id}/deliveries", responses=errors(400, 401, 404, 429, 500))
async def list_deliveries(
    webhook_id: UUID,
    context: Context,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> DeliveryList:
    """The deliveries of a webhook with every attempt, newest first, after the `offset` newest; `total` counts all that
    are kept."""
    async with context.database.snapshot() as connection:
        recent = await service.recent(connection, caller.organization_id, webhook_id, limit, offset)
        stats = await service.stats(connection, caller.organization_id, webhook_id)
    return DeliveryList(deliveries=[_delivery(delivery) for delivery in recent], total=stats.total)


router = APIRouter()
router.include_router(_paths, prefix="/user-webhooks")
router.include_router(_paths, prefix="/webhooks", include_in_schema=False)


def _webhook(webhook: Webhook) -> WebhookResponse:
    return WebhookResponse(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        events=list(webhook.events),
        is_active=webhook.is_active,
        failure_count=webhook.failure_count,
        created_at=iso(webhook.created_at),
        updated_at=iso(webhook.updated_at),
    )


def _delivery(delivery: Delivery) -> DeliveryResponse:
    attempts = [
        AttemptResponse(
            number=number,
            started_at=iso(attempt.started_at),
            duration_ms=attempt.duration_ms,
            status_code=attempt.status_code,
            error=attempt.error,
        )
        for number, attempt in enumerate(delivery.attempts, 1)
    ]
    return DeliveryResponse.model_validate(
        {
            "id": delivery.id,
            "event": delivery.event,
            "status": delivery.status,
            "created_at": iso(delivery.created_at),
            "completed_at": iso(delivery.finished_at) if delivery.finished_at else None,
            "status_code": attempts[-1].status_code if attempts else None,
            "error": attempts[-1].error if attempts else None,
            "attempts": attempts,
        }
    )


def _stats(stats: Stats) -> dict[str, Any]:
    ended = stats.delivered + stats.failed
    return {
        "total": stats.total,
        "delivered": stats.delivered,
        "failed": stats.failed,
        "pending": stats.pending,
        "cancelled": stats.cancelled,
        "success_rate": round(stats.delivered / ended, 4) if ended else None,
        "last_delivery_at": iso(stats.last_at) if stats.last_at else None,
    }
