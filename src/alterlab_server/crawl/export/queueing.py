"""When an export is worked on: as pages end, and when the crawl has ended."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from alterlab_server.crawl.export.values import OUTPUT, STORAGE, ExportRow
from alterlab_server.crawl.repository import exports
from alterlab_server.db import Transaction, raw
from alterlab_server.queue import DELIVERIES, enqueue

TASK = "crawl.export"


async def pages_ended(transaction: Transaction, crawl_id: UUID, ended: int) -> None:
    """Queue the export to the caller's bucket when so many ended pages are worth a run, unless it is queued already."""
    await _wake(transaction, crawl_id, OUTPUT, ended)


async def crawl_ended(transaction: Transaction, found: Sequence[ExportRow]) -> bool:
    """Queue the exports of a crawl that has ended; whether the crawl must wait for one before it is told as ended."""
    for export in found:
        if export.streamed_to is not None:
            continue  # its deliveries are queued with the webhooks
        await _wake(transaction, export.crawl_id, export.kind)
    return any(export.kind == STORAGE for export in found)


async def queue(transaction: Transaction, crawl_id: UUID, kind: str, delay: timedelta | None = None) -> None:
    """Queue a run of an export, with the deliveries: a store that is slow keeps no scrape waiting."""
    payload = crawl_id.bytes + kind.encode()
    await enqueue(raw(transaction), TASK, payload, lane=DELIVERIES, delay=delay)


async def _wake(transaction: Transaction, crawl_id: UUID, kind: str, ended: int | None = None) -> None:
    if await exports.wake(transaction, crawl_id, kind, ended):
        await queue(transaction, crawl_id, kind)
