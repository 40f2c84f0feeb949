"""What happened becomes deliveries, in the transaction that told it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from alterlab_server.base.clock import Clock, new_id
from alterlab_server.base.events import (
    BatchAccepted,
    BatchFinished,
    CrawlAccepted,
    CrawlFinished,
    CrawlPagesFinished,
    JobAccepted,
    JobFinished,
    PageFinished,
    Topic,
    WebhookTarget,
)
from alterlab_server.base.sealing import Sealer
from alterlab_server.db import Condition, IdColumn, Transaction
from alterlab_server.jobs import service as jobs
from alterlab_server.webhooks import delivering
from alterlab_server.webhooks.payloads import BATCH_PREFIX, compressed, job_data, payload
from alterlab_server.webhooks.repository import subscribers
from alterlab_server.webhooks.schemas import NewDelivery, Subscriber, wants

Told = tuple[Topic, dict[str, Any]]


class WebhookReactions:
    """Keeps the webhooks that come with requests, and queues a delivery for each that wants to hear of an event."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer = sealer
        self._clock = clock

    async def job_accepted(self, transaction: Transaction, event: JobAccepted) -> None:
        """Keep the job's webhooks."""
        await self._attach(transaction, event.organization_id, event.job_id, event.webhooks)

    async def batch_accepted(self, transaction: Transaction, event: BatchAccepted) -> None:
        """Keep the batch's webhooks."""
        await self._attach(transaction, event.organization_id, event.batch_id, event.webhooks)

    async def crawl_accepted(self, transaction: Transaction, event: CrawlAccepted) -> None:
        """Keep the crawl's webhooks, and tell them of its start."""
        await self._attach(transaction, event.organization_id, event.crawl_id, event.webhooks)
        data = {"crawl_id": str(event.crawl_id), "url": event.url, "status": "discovering"}
        await self._tell(transaction, event.organization_id, event.crawl_id, [(Topic.CRAWL_STARTED, data)])

    def heard(self, organization_id: IdColumn, job_id: IdColumn) -> Condition:
        """The condition that somebody may want to hear of the end of a job that is in no batch."""
        return subscribers.anyone(organization_id, job_id)

    async def _hearing(self, connection: Transaction, event: JobFinished) -> list[Subscriber]:
        """Who wants to hear of a job's end."""
        sources = [event.job_id] if event.batch_id is None else [event.job_id, event.batch_id]
        return await subscribers.find(connection, event.organization_id, sources, [_job_topic(event)])

    async def job_finished(self, transaction: Transaction, event: JobFinished) -> None:
        """Tell of a job that has ended; its result is read only when someone wants it."""
        hearing = await self._hearing(transaction, event)
        if hearing:
            now = self._clock()
            job = await jobs.get(transaction, event.organization_id, event.job_id, now)
            told = [(_job_topic(event), job_data(job, event.batch_id))]
            await self._queue(transaction, event.organization_id, hearing, told, now)

    async def batch_finished(self, transaction: Transaction, event: BatchFinished) -> None:
        """Tell of a batch whose last job has ended."""
        data = {
            "batch_id": f"{BATCH_PREFIX}{event.batch_id}",
            "status": event.status,
            "total": event.total,
            "completed": event.completed,
            "failed": event.failed,
        }
        await self._tell(transaction, event.organization_id, event.batch_id, [(Topic.BATCH_COMPLETED, data)])

    async def crawl_pages_finished(self, transaction: Transaction, event: CrawlPagesFinished) -> None:
        """Tell of some pages of a crawl; their bodies are read only when someone wants them."""
        topics = {_page_topic(page) for page in event.pages}
        hearing = await subscribers.find(transaction, event.organization_id, [event.crawl_id], topics)
        if hearing:
            told = [(_page_topic(page), _page_data(event.crawl_id, page)) for page in event.pages]
            await self._queue(transaction, event.organization_id, hearing, told, self._clock())

    async def crawl_finished(self, transaction: Transaction, event: CrawlFinished) -> None:
        """Tell of a crawl that has ended."""
        topic = Topic.CRAWL_FAILED if event.status == "failed" else Topic.CRAWL_COMPLETED
        data = {**event.body, "crawl_id": str(event.crawl_id), "status": event.status}
        await self._tell(transaction, event.organization_id, event.crawl_id, [(topic, data)])

    async def _attach(
        self, transaction: Transaction, organization_id: UUID, source_id: UUID, targets: Iterable[WebhookTarget]
    ) -> None:
        for target in targets:
            await subscribers.add_target(
                transaction,
                organization_id,
                source_id,
                target=target,
                sealed=delivering.seal_target(target, self._sealer),
                now=self._clock(),
            )

    async def _tell(
        self, transaction: Transaction, organization_id: UUID, source_id: UUID, told: Sequence[Told]
    ) -> None:
        topics = [topic for topic, _ in told]
        hearing = await subscribers.find(transaction, organization_id, [source_id], topics)
        await self._queue(transaction, organization_id, hearing, told, self._clock())

    async def _queue(
        self,
        transaction: Transaction,
        organization_id: UUID,
        hearing: Sequence[Subscriber],
        told: Sequence[Told],
        now: datetime,
    ) -> None:
        new = [
            _delivery(organization_id, subscriber, topic, data, now)
            for topic, data in told
            for subscriber in hearing
            if wants(subscriber.events, topic)
        ]
        if new:
            await delivering.queue(transaction, organization_id, new)


def _delivery(
    organization_id: UUID, subscriber: Subscriber, topic: Topic, data: dict[str, Any], now: datetime
) -> NewDelivery:
    return NewDelivery(
        id=new_id(),
        organization_id=organization_id,
        webhook_id=subscriber.webhook_id,
        target_id=subscriber.target_id,
        event=topic,
        host=subscriber.host,
        body=compressed(payload(topic, now, data, subscriber.metadata)),
        created_at=now,
    )


def _job_topic(event: JobFinished) -> Topic:
    return Topic.JOB_COMPLETED if event.succeeded else Topic.JOB_FAILED


def _page_topic(page: PageFinished) -> Topic:
    return Topic.CRAWL_PAGE_COMPLETED if page.succeeded else Topic.CRAWL_PAGE_FAILED


def _page_data(crawl_id: UUID, page: PageFinished) -> dict[str, Any]:
    return {**orjson.loads(page.body), "crawl_id": str(crawl_id), "url": page.url}
