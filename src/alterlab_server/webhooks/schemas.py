"""Values and wire types of webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from alterlab_server.base.events import Topic
from alterlab_server.web.fields import Name, NoSecret

ALL = "*"
GROUPS = {topic: f"{topic.partition('.')[0]}.*" for topic in Topic}
MAX_NAME = 200


def _known(events: list[str]) -> list[str]:
    for event in events:
        if event != ALL and event not in GROUPS.values() and event not in GROUPS:
            raise ValueError(
                f"there is no event {event[:64]!r}; there are {', '.join(Topic)}, groups such as job.*, and *"
            )
    return list(dict.fromkeys(events))


def wants(events: tuple[str, ...], topic: Topic) -> bool:
    """Whether a subscription to `events` (topics, groups, or `*`; none means all) hears of `topic`."""
    return not events or not {topic, GROUPS[topic], ALL}.isdisjoint(events)


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """What an operator may set: the pause before the second attempt, and how long ended deliveries are kept."""

    retry_delay: timedelta = timedelta(seconds=10)
    kept_for: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An account's webhook, without its secret."""

    id: UUID
    name: str
    url: str
    events: tuple[str, ...]
    is_active: bool
    failure_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to write; `secret` is sealed."""

    id: UUID
    name: str
    url: str
    host: str
    events: tuple[str, ...]
    is_active: bool
    secret: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears of something: one of the account's webhooks, or a target that was given with a request."""

    webhook_id: UUID | None
    target_id: UUID | None
    host: str
    events: tuple[str, ...]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to write: `body` is the compressed payload."""

    id: UUID
    organization_id: UUID
    webhook_id: UUID | None
    target_id: UUID | None
    event: str
    host: str
    body: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is leased for one attempt: `attempts` were made before, and are the fence of its record.

    `url` and `secret` (sealed) are those of the account's webhook; `target` (sealed) is the one of a request.
    """

    id: UUID
    organization_id: UUID
    webhook_id: UUID | None
    event: str
    body: bytes
    attempts: int
    url: str | None
    secret: bytes | None
    target: bytes | None


@dataclass(frozen=True, slots=True)
class Message:
    """What one attempt sends, and where."""

    id: UUID
    event: str
    url: str
    secret: str | None
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended; any 2xx is success."""

    started_at: datetime
    duration_ms: int
    status_code: int | None
    error: str | None

    @property
    def succeeded(self) -> bool:
        """True when the receiver took the message."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its owner sees it, with its attempts so far."""

    id: UUID
    event: str
    status: str
    created_at: datetime
    finished_at: datetime | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """What became of the deliveries that are kept."""

    delivered: int
    failed: int
    pending: int
    cancelled: int
    last_at: datetime | None

    @property
    def total(self) -> int:
        """All of them."""
        return self.delivered + self.failed + self.pending + self.cancelled


Events = Annotated[list[str], Field(min_length=1, max_length=50), AfterValidator(_known)]
WebhookName = Annotated[Name, Field(min_length=1, max_length=MAX_NAME)]


class WebhookCreate(BaseModel):
    """POST /user-webhooks."""

    name: WebhookName
    url: str
    events: Events = Field(examples=[["job.completed", "batch.completed"]])
    is_active: bool = True
    secret: NoSecret = None


class WebhookUpdate(BaseModel):
    """PUT /user-webhooks/{webhook_id}: what is left out stays as it is."""

    name: WebhookName | None = None
    url: str | None = None
    events: Events | None = None
    is_active: bool | None = None
    secret: NoSecret = None


class WebhookResponse(BaseModel):
    """A webhook of the account."""

    id: UUID
    name: str
    url: str
    events: list[str]
    is_active: bool
    failure_count: int
    created_at: str
    updated_at: str


class WebhookWithSecret(WebhookResponse):
    """A webhook just made, or with a new secret, which is shown only this once."""

    secret: str = Field(examples=["whsec_…"])


class WebhookList(BaseModel):
    """GET /user-webhooks."""

    webhooks: list[WebhookResponse]
    total: int


class AttemptResponse(BaseModel):
    """One attempt of a delivery."""

    number: int
    started_at: str
    duration_ms: int
    status_code: int | None
    error: str | None


class DeliveryResponse(BaseModel):
    """A delivery and its attempts; status code and error are those of the last."""

    id: UUID
    event: str
    status: Literal["pending", "delivered", "failed", "cancelled"] = Field(
        description="cancelled: the webhook was deactivated while it waited"
    )
    created_at: str
    completed_at: str | None
    status_code: int | None
    error: str | None
    attempts: list[AttemptResponse]


class DeliveryList(BaseModel):
    """GET /user-webhooks/{webhook_id}/deliveries, newest first."""

    deliveries: list[DeliveryResponse]
    total: int


class WebhookDetail(BaseModel):
    """GET /user-webhooks/{webhook_id}."""

    webhook: WebhookResponse
    recent_deliveries: list[DeliveryResponse]
    stats: dict[str, Any]


class TestResult(BaseModel):
    """POST /user-webhooks/{webhook_id}/test: how the one attempt ended."""

    success: bool
    status_code: int | None
    duration_ms: int
    error: str | None
    delivery: DeliveryResponse
