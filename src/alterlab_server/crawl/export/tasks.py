"""The queue's door to exports: pages are read some at a time, and streamed into the object store.

An object store cannot append: a file of lines is written anew as a whole while the crawl goes on.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from alterlab_server.base.clock import Clock
from alterlab_server.base.sealing import CannotOpenError, Sealer
from alterlab_server.blobs import BlobError, BlobStore, open_bucket
from alterlab_server.crawl import service
from alterlab_server.crawl.ending import announce
from alterlab_server.crawl.export.asked import open_destination
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.export.lines import CONTENT_TYPES, head, lines
from alterlab_server.crawl.export.places import Places
from alterlab_server.crawl.export.queueing import queue
from alterlab_server.crawl.export.values import OUTPUT, STORAGE, ExportRow, is_due
from alterlab_server.crawl.report import page_body
from alterlab_server.crawl.repository import crawls, exports
from alterlab_server.crawl.values import CrawlRow, PageRow
from alterlab_server.db import Database, Publish, Transaction
from alterlab_server.fetch.browser.proxy import EgressProxy
from alterlab_server.jobs.files import expect_files
from alterlab_server.jobs.schemas import OUR_FAULT, JobFile

# Pages in memory at a time, and objects that are put at a time.
PAGES_A_READ = 25
# Exports of a kind that one worker has at a time: each holds some parts of its file. What goes into our own store waits
# for no bucket of a caller, however slow, and nobody's export for the buckets of another account.
AT_A_TIME, PER_ACCOUNT = 8, 2
# Who finds no place comes again after so long, and meanwhile holds no place of the queue.
PUT_OFF = timedelta(seconds=1)
# A run that sends single pages lets others have its place after so many.
PAGES_A_RUN = 1_000
MAX_FAILURES = 4
BACKOFF_FACTOR = 6
# What a store answers is short.
MAX_ANSWERS = 67_108_864
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ExportTask:
    """Works on the export that a queue entry names. Safe to run again: objects are written over.

    Whatever goes to a caller's bucket goes through `proxy`, which asks the egress gate; `authorities` (PEM) are trusted
    there besides the usual ones.
    """

    database: Database
    downloads: Downloads
    sealer: Sealer
    proxy: EgressProxy
    authorities: bytes | None
    publish: Publish
    clock: Clock
    retry_delay: timedelta = timedelta(seconds=10)
    _places: Mapping[str, Places] = field(
        default_factory=lambda: {kind: Places(AT_A_TIME, PER_ACCOUNT) for kind in (STORAGE, OUTPUT)}
    )

    async def __call__(self, payload: bytes) -> timedelta | None:
        """Write what can be written now, or put it off for want of a place. A store that refuses is asked again later,
        and given up in the end."""
        crawl_id, kind = UUID(bytes=payload[:16]), payload[16:].decode()
        found = await self._read(crawl_id, kind)
        if found is None:
            return None
        with self._places[kind].take(found[0].organization_id) as taken:
            if not taken:
                return PUT_OFF
            await self._run(*found)
        return None

    async def _run(self, export: ExportRow, crawl: CrawlRow) -> None:
        try:
            async with self._store(export) as store:
                await self._write(store, export, crawl)
        except (BlobError, CannotOpenError) as error:
            await self._failed(export, crawl, str(error))
        except _OvertakenError:
            return
        except Exception:
            # That the store is away cannot be written, and does not count: the queue gives the entry out again.
            log.exception("crawl.export_fault", crawl_id=str(export.crawl_id), kind=export.kind)
            await self._failed(export, crawl, OUR_FAULT.message)

    async def _read(self, crawl_id: UUID, kind: str) -> tuple[ExportRow, CrawlRow] | None:
        async with self.database.transaction() as transaction:
            export = await exports.lock(transaction, crawl_id, kind)
            if export is None:
                return None
            crawl = await crawls.get(transaction, export.organization_id, crawl_id, self.clock())
            if crawl is None:
                return None
            if export.kind == STORAGE:
                file, until = JobFile(export.key, CONTENT_TYPES["jsonl"], b""), crawl.expires_at or self.clock()
                await expect_files(transaction, crawl.organization_id, crawl_id, [file], until)
            return export, crawl

    @contextlib.asynccontextmanager
    async def _store(self, export: ExportRow) -> AsyncIterator[BlobStore]:
        if export.destination is None:
            yield self.downloads.blobs
            return
        await self.proxy.start()
        with self.proxy.session(MAX_ANSWERS) as session:
            url = self.proxy.address.replace("://", f"://{session.username}:{session.password}@")
            yield open_bucket(open_destination(export.destination, self.sealer), url, self.authorities)

    async def _write(self, store: BlobStore, export: ExportRow, crawl: CrawlRow) -> None:
        if export.format == "json":
            written = await self._put_pages(store, export, crawl)
        else:
            written = crawl.completed + crawl.failed
            if written > export.cursor or not written:
                await store.put(export.key, self._file(export, crawl, written), CONTENT_TYPES[export.format])
        await self._end_run(export, crawl, written)

    async def _file(self, export: ExportRow, crawl: CrawlRow, last: int) -> AsyncIterator[bytes]:
        """The pages up to the one with sequence `last`."""
        yield head(export.format, export.columns)
        after = 0
        while after < last and (pages := await self._pages(crawl, after, min(PAGES_A_READ, last - after))):
            yield lines(export.format, export.columns, [page_body(page) for page in pages])
            after = pages[-1].sequence
        async with self.database.transaction() as transaction:
            now = await exports.lock(transaction, export.crawl_id, export.kind)
        if now is None or now.cursor != export.cursor:
            raise _OvertakenError

    async def _put_pages(self, store: BlobStore, export: ExportRow, crawl: CrawlRow) -> int:
        """An object for each page that has ended since the last run; the sequence of the last one."""
        last = export.cursor
        while last < export.cursor + PAGES_A_RUN and (pages := await self._pages(crawl, last, PAGES_A_READ)):
            await asyncio.gather(*(self._put_page(store, export, page) for page in pages))
            last = pages[-1].sequence
            async with self.database.transaction() as transaction:
                await exports.change(transaction, export.crawl_id, export.kind, {"cursor": last})
        return last

    async def _end_run(self, export: ExportRow, crawl: CrawlRow, written: int) -> None:
        """Begin another run, pause until more pages have ended, or end the export."""
        async with self.database.transaction() as transaction:
            if await exports.lock(transaction, export.crawl_id, export.kind) is None:
                return
            now = await crawls.get(transaction, crawl.organization_id, crawl.id, self.clock())
            if now is None:
                return
            ended, changes = now.completed + now.failed, {"cursor": written, "error": None}
            if now.finished_at is not None and ended == written:
                await self._end(transaction, export, changes)
            elif now.finished_at is not None or is_due(export.format, written, ended):
                await exports.change(transaction, export.crawl_id, export.kind, changes)
                await queue(transaction, export.crawl_id, export.kind)
            else:
                await exports.change(transaction, export.crawl_id, export.kind, changes | {"queued": False})

    async def _put_page(self, store: BlobStore, export: ExportRow, page: PageRow) -> None:
        await store.put(f"{export.key}{page.sequence:06}.json", orjson.dumps(page_body(page)), CONTENT_TYPES["json"])

    async def _pages(self, crawl: CrawlRow, after: int, most: int) -> list[PageRow]:
        async with self.database.statement() as connection:
            return await service.ended_pages(connection, crawl, after, most, with_results=True)

    async def _failed(self, export: ExportRow, crawl: CrawlRow, reason: str) -> None:
        log.warning("crawl.export_failed", crawl_id=str(export.crawl_id), kind=export.kind, reason=reason)
        failures = export.failures + 1
        async with self.database.transaction() as transaction:
            if crawl.finished_at is None and export.format != "json":  # it is written anew in any case
                changes = {"queued": False, "error": reason}
                await exports.change(transaction, export.crawl_id, export.kind, changes)
                return
            if failures >= MAX_FAILURES:
                await self._end(transaction, replace(export, status="failed"), {"error": reason})
                return
            changes = {"failures": failures, "error": reason}
            await exports.change(transaction, export.crawl_id, export.kind, changes)
            delay = self.retry_delay * BACKOFF_FACTOR**export.failures
            await queue(transaction, export.crawl_id, export.kind, delay)

    async def _end(self, transaction: Transaction, export: ExportRow, changes: dict[str, Any]) -> None:
        """Mark an export as ended, forget its credentials, and tell of the crawl that waited for it."""
        if await exports.lock(transaction, export.crawl_id, export.kind) is None:
            return
        status = "failed" if export.status == "failed" else "completed"
        ended = {"error": None, "destination": None, "status": status} | changes
        await exports.change(transaction, export.crawl_id, export.kind, ended)
        if export.kind == STORAGE:
            await announce(
                transaction, export.organization_id, export.crawl_id, self.clock(), self.publish, self.downloads
            )


class _OvertakenError(Exception):
    """A run that hung was given up, and another has written a newer file: this one must not put its own over it."""
