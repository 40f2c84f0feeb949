"""Object stores that take what they are given, refuse it, or must not be reached; and exports to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

import pytest
from obstore.store import MemoryStore
from sqlalchemy import text
from tests.support.buckets import BUCKET, S3_CREDENTIALS, S3Server, s3_server
from tests.support.crawls import new_crawl
from tests.support.waiting import eventually_async

from alterlab_server.base.clock import utc_now
from alterlab_server.base.errors import Conflict
from alterlab_server.base.events import CrawlFinished, Event
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.blobs import BlobError, BlobStore, Bucket, open_bucket
from alterlab_server.blobs.store import PART_BYTES
from alterlab_server.crawl import service
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.export.tasks import AT_A_TIME, MAX_FAILURES, PER_ACCOUNT, PUT_OFF, ExportTask
from alterlab_server.crawl.repository import crawls, exports, pages, snapshots
from alterlab_server.crawl.tracking.values import Snapshot
from alterlab_server.crawl.values import Found
from alterlab_server.db import Database, Transaction, raw
from alterlab_server.fetch.browser.proxy import EgressProxy
from alterlab_server.fetch.egress import Gate


async def _nobody(_transaction: Transaction, _event: Event) -> None:
    return None


@pytest.fixture
def s3() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


def bucket_of(s3: S3Server, name: str = BUCKET) -> Bucket:
    return Bucket("s3", name, S3_CREDENTIALS, endpoint=s3.endpoint)


async def pieces(number: int, *, then_fails: bool = False) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield bytes(1_000_000)
    if then_fails:
        raise ValueError("no more")


async def test_a_stream_becomes_one_object_of_many_parts(s3: S3Server) -> None:
    store = open_bucket(bucket_of(s3))
    await store.put("big", pieces(2 * PART_BYTES // 1_000_000 + 1), "text/plain")
    answer = await s3.read("big")
    assert len(answer.content) == (2 * PART_BYTES // 1_000_000 + 1) * 1_000_000
    assert answer.headers["etag"].endswith('-3"')


async def test_a_stream_that_fails_leaves_nothing_behind(s3: S3Server) -> None:
    with pytest.raises(ValueError, match="no more"):
        await open_bucket(bucket_of(s3)).put("big", pieces(20, then_fails=True), "text/plain")
    assert (s3.keys(), s3.unfinished_uploads()) == ([], 0)


async def test_what_a_store_refuses_is_said_without_what_it_answered(s3: S3Server) -> None:
    with pytest.raises(BlobError, match="no such bucket") as caught:
        await open_bucket(bucket_of(s3, "missing")).put("key", b"body", "text/plain")
    assert caught.value.__suppress_context__
    assert "missing" not in str(caught.value)


@asynccontextmanager
async def _way_out(*networks: str) -> AsyncIterator[EgressProxy]:
    proxy = EgressProxy(Gate([ip_network(network) for network in networks]))
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()


@pytest.mark.parametrize(("networks", "arrives"), [(["127.0.0.0/8"], True), ([], False)])
async def test_the_egress_gate_is_asked_about_a_bucket(s3: S3Server, networks: list[str], arrives: bool) -> None:
    async with _way_out(*networks) as proxy:
        with proxy.session(1_000_000) as session:
            url = proxy.address.replace("://", f"://{session.username}:{session.password}@")
            store = open_bucket(bucket_of(s3), url)
            if arrives:
                await store.put("key", b"body", "text/plain")
            else:
                with pytest.raises(BlobError, match="could not be reached"):
                    await store.put("key", b"body", "text/plain")
    assert s3.keys() == (["key"] if arrives else [])


async def test_a_folder_gives_back_what_it_was_given(tmp_path: Path) -> None:
    store = BlobStore.open(None, tmp_path / "blobs")
    await store.put("a/b", pieces(3), "text/plain")
    found = await store.get("a/b")
    assert found is not None
    assert sum([len(piece) async for piece in found]) == 3_000_000
    assert await store.signed_url("a/b", timedelta(hours=1)) is None
    await store.delete(["a/b", "a/none"])
    assert await store.get("a/b") is None


async def test_a_store_that_always_refuses_is_given_up_and_the_crawl_told_as_ended(
    database: Database, s3: S3Server
) -> None:
    crawl = await new_crawl(database, "http://a.test/")
    told: list[Event] = []

    async def publish(_transaction: Transaction, event: Event) -> None:
        told.append(event)

    row = {"kind": "storage", "format": "jsonl", "columns": [], "target": "s3", "key": "key", "status": "pending"}
    async with database.transaction() as transaction:
        await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})
        await finish(transaction, crawl.id, utc_now(), publish, None)
    assert told == []
    async with _way_out() as proxy:
        downloads = Downloads(open_bucket(bucket_of(s3, "missing")), "")
        task = ExportTask(database, downloads, Sealer([bytes(KEY_BYTES)]), proxy, None, publish, utc_now)
        for _ in range(MAX_FAILURES + 1):
            await task(crawl.id.bytes + b"storage")
    async with database.transaction() as transaction:
        (export,) = await exports.of_crawl(transaction, crawl.id)
        ended = await crawls.get(transaction, crawl.organization_id, crawl.id, utc_now())
        put_off = await raw(transaction).fetch(
            "SELECT extract(epoch FROM execute_after - created) AS pause FROM deliveries_pgqueuer "
            "WHERE execute_after > created + interval '1 second' ORDER BY id"
        )
    assert [round(row["pause"]) for row in put_off] == [10, 60, 360]
    assert (export.status, export.error) == ("failed", "The object store has no such bucket.")
    assert ended is not None
    assert ended.told_status == ended.status == "failed"
    (event,) = told
    assert isinstance(event, CrawlFinished)
    assert event.body["storage"]["status"] == "failed"
    assert event.body["download_url"] is None


@pytest.mark.parametrize(
    ("cancelled", "told"), [(True, "cancelled"), (False, "scraping")], ids=["cancelled", "ended by itself"]
)
async def test_a_crawl_that_waits_for_its_file_is_cancelled_or_has_ended(
    database: Database, cancelled: bool, told: str
) -> None:
    crawl, now = await new_crawl(database, "http://a.test/", completed=1, used_microcents=200), utc_now()
    row = {"kind": "storage", "format": "jsonl", "columns": [], "target": "s3", "key": "key", "status": "pending"}
    async with database.transaction() as transaction:
        await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})
        if cancelled:
            await service.cancel(transaction, crawl.organization_id, str(crawl.id), now, _nobody)
        else:
            await finish(transaction, crawl.id, now, _nobody, None)
    async with database.transaction() as transaction:
        waiting = await service.get(transaction, crawl.organization_id, str(crawl.id), now)
        assert (waiting.exporting, waiting.told_status) == (True, told)
        status = "cancelled" if cancelled else "completed"
        with pytest.raises(Conflict, match=f"it is {status}, and its file is being written"):
            await service.cancel(transaction, crawl.organization_id, str(crawl.id), now, _nobody)


class _Overtaken(BlobStore):
    """A store that, while an object of it is written, sees another run write a newer one."""

    overtaking: Callable[[], Awaitable[None]]

    async def put(self, key: str, body: bytes | AsyncIterator[bytes], content_type: str) -> None:
        await self.overtaking()
        await super().put(key, body, content_type)


async def test_a_run_that_was_overtaken_puts_nothing_over_what_is_newer(database: Database) -> None:
    crawl = await new_crawl(database, "http://a.test/", completed=1)
    row = {"kind": "output", "format": "jsonl", "columns": [], "target": "s3", "key": "key", "status": "pending"}
    async with database.transaction() as transaction:
        await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})

    async def overtake() -> None:
        async with database.transaction() as transaction:
            await exports.change(transaction, crawl.id, "output", {"cursor": 7})

    blobs = _Overtaken(MemoryStore())
    async with _way_out() as proxy:
        task = ExportTask(database, Downloads(blobs, ""), Sealer([bytes(KEY_BYTES)]), proxy, None, _nobody, utc_now)
        blobs.overtaking = overtake
        await task(crawl.id.bytes + b"output")
    assert await blobs.get("key") is None
    async with database.transaction() as transaction:
        (export,) = await exports.of_crawl(transaction, crawl.id)
    assert (export.cursor, export.failures, export.error) == (7, 0, None)


class _Faulty(BlobStore):
    """A store with a bug."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())

    async def put(self, key: str, body: bytes | AsyncIterator[bytes], content_type: str) -> None:
        raise LookupError("nobody thought of that")


async def test_an_export_that_a_fault_of_ours_ends_each_time_is_given_up(database: Database) -> None:
    crawl = await new_crawl(database, "http://a.test/", completed=1, used_microcents=200)
    row = {"kind": "storage", "format": "jsonl", "columns": [], "target": "s3", "key": "key", "status": "pending"}
    async with database.transaction() as transaction:
        await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})
        await finish(transaction, crawl.id, utc_now(), _nobody, None)
    async with _way_out() as proxy:
        downloads = Downloads(_Faulty(), "")
        task = ExportTask(database, downloads, Sealer([bytes(KEY_BYTES)]), proxy, None, _nobody, utc_now)
        for _ in range(MAX_FAILURES):
            await task(crawl.id.bytes + b"storage")
    async with database.transaction() as transaction:
        (export,) = await exports.of_crawl(transaction, crawl.id)
        ended = await crawls.get(transaction, crawl.organization_id, crawl.id, utc_now())
    assert (export.status, export.error) == ("failed", "Something went wrong on our side.")
    assert ended is not None
    assert ended.told_status == "completed"


class _Held(BlobStore):
    """A store that is slow to take what is called `held`."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.begun = 0
        self.released = asyncio.Event()

    async def put(self, key: str, body: bytes | AsyncIterator[bytes], content_type: str) -> None:
        if key == "held":
            self.begun += 1
            await self.released.wait()
        await super().put(key, body, content_type)


async def test_a_file_of_our_own_store_waits_for_no_bucket_of_a_caller(database: Database) -> None:
    blobs = _Held()

    async def exported(kind: str, key: str) -> bytes:
        crawl = await new_crawl(database, "http://a.test/", completed=1)
        row = {"kind": kind, "format": "jsonl", "columns": [], "target": "s3", "key": key, "status": "pending"}
        async with database.transaction() as transaction:
            await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})
        return crawl.id.bytes + kind.encode()

    async def all_places_are_taken() -> bool:
        return blobs.begun == AT_A_TIME

    async with _way_out() as proxy:
        task = ExportTask(database, Downloads(blobs, ""), Sealer([bytes(KEY_BYTES)]), proxy, None, _nobody, utc_now)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_A_TIME):
                group.create_task(task(await exported("output", "held")))
            await eventually_async(all_places_are_taken, what="exports that are under way")
            await task(await exported("storage", "ours"))
            assert await blobs.get("ours") is not None
            blobs.released.set()


async def test_no_export_waits_for_the_bucket_of_another_account(database: Database) -> None:
    blobs = _Held()
    owner, other = [(await new_crawl(database, "http://a.test/")).organization_id for _ in range(2)]

    async def exported(organization_id: UUID, key: str) -> bytes:
        crawl = await new_crawl(database, "http://a.test/", completed=1, organization_id=organization_id)
        row = {"kind": "output", "format": "jsonl", "columns": [], "target": "s3", "key": key, "status": "pending"}
        async with database.transaction() as transaction:
            await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": organization_id})
        return crawl.id.bytes + b"output"

    async def all_places_are_taken() -> bool:
        return blobs.begun == PER_ACCOUNT

    async with _way_out() as proxy:
        task = ExportTask(database, Downloads(blobs, ""), Sealer([bytes(KEY_BYTES)]), proxy, None, _nobody, utc_now)
        async with asyncio.TaskGroup() as group:
            for _ in range(PER_ACCOUNT):
                group.create_task(task(await exported(owner, "held")))
            await eventually_async(all_places_are_taken, what="exports that are under way")
            assert await task(await exported(owner, "held")) == PUT_OFF
            assert await task(await exported(other, "another's")) is None
            assert await blobs.get("another's") is not None
            blobs.released.set()
        assert await task(await exported(owner, "at last")) is None
        assert await blobs.get("at last") is not None


async def test_what_is_said_of_an_exported_crawl_outlives_its_pages_and_versions_outlive_both(
    database: Database,
) -> None:
    crawl, now = await new_crawl(database, "http://a.test/"), utc_now()
    page = Found("http://a.test/", 1, "a.test", 0, 0.5, None)
    row = {"kind": "storage", "format": "jsonl", "columns": [], "target": "s3", "key": "key", "status": "pending"}

    async def nobody(_transaction: Transaction, _event: Event) -> None:
        return None

    async with database.transaction() as transaction:
        await exports.add(transaction, row | {"crawl_id": crawl.id, "organization_id": crawl.organization_id})
        await pages.add(transaction, crawl.id, [page])
        version = [Snapshot(1, page.url, b"digest", None)]
        await snapshots.put(transaction, crawl.organization_id, "track", crawl.id, version, now)
        await finish(transaction, crawl.id, now, nobody, None)

    async def left_after(days: int) -> list[int]:
        async with database.transaction() as transaction:
            await service.sweep(transaction, now + timedelta(days=days), nobody)
            tables = ("crawl_pages", "crawls", "crawl_exports", "crawl_snapshots")
            return [int(await transaction.scalar(text(f"SELECT count(*) FROM {table}"))) for table in tables]

    assert await left_after(0) == [1, 1, 1, 1]
    assert await left_after(2) == [0, 1, 1, 1]
    assert await left_after(31) == [0, 0, 0, 1]
    assert await left_after(91) == [0, 0, 0, 0]
