"""What happened, told as values to whoever reacts (`app.reactions`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson


class Topic(StrEnum):
    """What a webhook may ask for, by its name on the wire (spec: webhooks, events)."""

    JOB_COMPLETED = "job.completed"
    JOB_FAILED = "job.failed"
    BATCH_COMPLETED = "batch.completed"
    CRAWL_STARTED = "crawl.started"
    CRAWL_PAGE_COMPLETED = "crawl.page.completed"
    CRAWL_PAGE_FAILED = "crawl.page.failed"
    CRAWL_COMPLETED = "crawl.completed"
    CRAWL_FAILED = "crawl.failed"
    # Names of the API that nothing tells of here: clients that ask for them are not turned away (docs/webhooks.md).
    BATCH_SEARCH_COMPLETED = "batch.search.completed"
    SCHEDULE_RUN_COMPLETED = "schedule.run.completed"
    MONITOR_CHECKED = "monitor.checked"
    MONITOR_CHANGED = "monitor.changed"
    CREDITS_LOW = "credits.low"
    ALERT_TRIGGERED = "alert.triggered"


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, slots=True)
class JobFinished(Event):
    """A job has ended, with success or not; told in the transaction that settled it. `batch_id` is the batch it
    belongs to, if any."""

    job_id: UUID
    organization_id: UUID
    succeeded: bool
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where a request wants its events sent.

    `events` are their names, none meaning all; `secret` signs the deliveries; `headers` go with each, and `metadata`
    is repeated in each payload. Who wants to know how its deliveries stand gives it an `id`.
    """

    url: str
    events: tuple[str, ...] = ()
    secret: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How the deliveries to a target stand, and what went wrong with the last that failed."""

    pending: int
    delivered: int
    failed: int
    error: str | None


@dataclass(frozen=True, slots=True)
class JobAccepted(Event):
    """A job was accepted; told in the transaction that wrote and queued it."""

    job_id: UUID
    organization_id: UUID
    webhooks: tuple[WebhookTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchAccepted(Event):
    """A batch was accepted; told in the transaction that wrote and queued its jobs."""

    batch_id: UUID
    organization_id: UUID
    webhooks: tuple[WebhookTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFinished(Event):
    """The last job of a batch has ended; told once, in the transaction that settled that job.

    `batch_id` is without its prefix on the wire, `status` completed, partial or failed.
    """

    batch_id: UUID
    organization_id: UUID
    status: str
    total: int
    completed: int
    failed: int


@dataclass(frozen=True, slots=True)
class CrawlAccepted(Event):
    """A crawl was accepted; told in the transaction that wrote and queued it."""

    crawl_id: UUID
    organization_id: UUID
    url: str
    webhooks: tuple[WebhookTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFinished:
    """A page of a crawl that was scraped or has failed: what the API says of it, and its result as JSON."""

    url: str
    succeeded: bool
    summary: Mapping[str, Any]
    result: bytes | None = None

    @property
    def body(self) -> bytes:
        """The summary and the result in one, as JSON."""
        return orjson.dumps((orjson.loads(self.result) if self.result else {}) | dict(self.summary))


@dataclass(frozen=True, slots=True)
class CrawlPagesFinished(Event):
    """Some pages of a crawl have ended; told in the transaction that kept their results.

    On the wire each is a `crawl.page.completed` or a `crawl.page.failed`.
    """

    crawl_id: UUID
    organization_id: UUID
    pages: tuple[PageFinished, ...]


@dataclass(frozen=True, slots=True)
class CrawlFinished(Event):
    """A crawl has ended: `status` is completed, partial, failed or cancelled, `body` what GET /crawl/{id} says of it.

    On the wire it is `crawl.failed` when the status is failed, else `crawl.completed`. Told once, in the transaction
    that settled the crawl.
    """

    crawl_id: UUID
    organization_id: UUID
    status: str
    body: Mapping[str, Any]
