"""What must be tidied from time to time: expired results, overdue jobs, old counters. One process at a time does it."""

import asyncio
from datetime import timedelta

import structlog

from alterlab_server.accounts import service as accounts
from alterlab_server.app.settings import Settings
from alterlab_server.app.tools import delivery_options
from alterlab_server.base.clock import Clock
from alterlab_server.batch import service as batch
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl import service as crawl
from alterlab_server.db import Database, Publish, locks, raw
from alterlab_server.extractions import service as extractions
from alterlab_server.hosts import slots
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.files import take_expired_files
from alterlab_server.queue import prune
from alterlab_server.scrape import memory as scrape_memory
from alterlab_server.webhooks import delivering

INTERVAL_SECONDS = 30.0
log = structlog.get_logger()


async def sweep_once(database: Database, blobs: BlobStore, settings: Settings, publish: Publish, clock: Clock) -> bool:
    """Tidy now; False when another process is at it."""
    async with database.transaction() as transaction:
        if not await locks.try_hold(transaction, locks.SWEEPER_LOCK):
            return False
        now = clock()
        await jobs.end_overdue(transaction, now, publish)
        usage_kept_for = timedelta(days=settings.usage_days)
        await jobs.sweep(transaction, now, usage_kept_for)
        await extractions.sweep(transaction, now, usage_kept_for)
        await batch.sweep(transaction, now)
        await crawl.sweep(transaction, now, publish)
        await accounts.drop_old_windows(transaction, now)
        await slots.sweep(transaction, now)
        await scrape_memory.sweep(transaction, now)
        await delivering.sweep(transaction, delivery_options(settings), now)
        await prune(raw(transaction))
    async with database.transaction() as transaction:
        # The objects go before their rows do: what cannot be deleted now is found again.
        await blobs.delete(await take_expired_files(transaction, now))
    return True


async def sweep_forever(
    database: Database, blobs: BlobStore, settings: Settings, publish: Publish, clock: Clock
) -> None:
    """Tidy every half minute until cancelled; a sweep that fails is logged and tried again."""
    while True:
        try:
            await sweep_once(database, blobs, settings, publish, clock)
        except Exception:
            log.exception("sweep.failed")
        await asyncio.sleep(INTERVAL_SECONDS)
