"""What must be tidied from time to time: expired results, overdue jobs, old counters. One process at a time does it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from alterlab_server.accounts import service as accounts
from alterlab_server.app.settings import Settings
from alterlab_server.app.tools import delivery_options
from alterlab_server.base.clock import Clock
from alterlab_server.batch import service as batch
from alterlab_server.blobs import BlobStore
from alterlab_server.crawl import service as crawl
from alterlab_server.db import Database, Publish, Transaction, locks, raw
from alterlab_server.extractions import service as extractions
from alterlab_server.hosts import slots
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.files import expired_files, forget_files
from alterlab_server.queue import prune
from alterlab_server.scrape import memory as scrape_memory
from alterlab_server.webhooks import delivering

INTERVAL_SECONDS = 30.0
# How often a sweep deletes a thousand expired files at most: more than three hundred a second, as all browsers of an
# installation do not make.
FILE_ROUNDS = 10
# Less than a transaction may be silent.
FILES_SECONDS = 8.0
log = structlog.get_logger()


async def sweep_once(database: Database, blobs: BlobStore, settings: Settings, publish: Publish, clock: Clock) -> bool:
    """Tidy now; False when another process is at it.

    Each part is a transaction of its own, and one that fails is logged: it keeps no other from its work.
    """
    now, usage_kept_for = clock(), timedelta(days=settings.usage_days)
    parts: list[tuple[str, Callable[[Transaction], Awaitable[object]]]] = [
        ("overdue", lambda transaction: jobs.end_overdue(transaction, now, publish)),
        ("crawls", lambda transaction: crawl.sweep(transaction, now, publish)),
        ("deliveries", lambda transaction: delivering.sweep(transaction, delivery_options(settings), now)),
        ("jobs", lambda transaction: jobs.sweep(transaction, now, usage_kept_for)),
        ("extractions", lambda transaction: extractions.sweep(transaction, now, usage_kept_for)),
        ("batches", lambda transaction: batch.sweep(transaction, now)),
        ("rates", lambda transaction: accounts.drop_old_windows(transaction, now)),
        ("slots", lambda transaction: slots.sweep(transaction, now)),
        ("memory", lambda transaction: scrape_memory.sweep(transaction, now)),
        ("queue", lambda transaction: prune(raw(transaction))),
    ]
    for name, part in parts:
        try:
            async with database.transaction() as transaction:
                if not await locks.try_hold(transaction, locks.SWEEPER_LOCK):
                    return False
                await part(transaction)
        except Exception:
            log.exception("sweep.failed", part=name)
    try:
        await _delete_files(database, blobs, now)
    except Exception:
        log.exception("sweep.failed", part="files")
    return True


async def _delete_files(database: Database, blobs: BlobStore, now: datetime) -> None:
    """The objects go before their rows do: what cannot be deleted now is found again."""
    for _ in range(FILE_ROUNDS):
        async with database.transaction() as transaction:
            keys = await expired_files(transaction, now)
            if not keys:
                return
            async with asyncio.timeout(FILES_SECONDS):
                kept = await blobs.delete(keys)
            await forget_files(transaction, [key for key in keys if key not in kept])
        if kept:
            key, error = next(iter(kept.items()))
            log.warning("sweep.files_kept", files=len(kept), key=key, error=repr(error))
            return


async def sweep_forever(
    database: Database, blobs: BlobStore, settings: Settings, publish: Publish, clock: Clock
) -> None:
    """Tidy every half minute until cancelled."""
    while True:
        await sweep_once(database, blobs, settings, publish, clock)
        await asyncio.sleep(INTERVAL_SECONDS)
