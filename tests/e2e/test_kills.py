"""kill -9 of any process: no accepted job is lost, none is charged twice, every job ends and gives its hold back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from tests.site import HostileSite
from tests.site.tree import TREE_PAGES
from tests.support.accounts import Account, new_account
from tests.support.buckets import S3_CREDENTIALS, cloud_storage
from tests.support.held_page import HeldPage
from tests.support.receiver import Receiver
from tests.support.running import Running, free_port, started
from tests.support.waiting import PATIENCE, eventually, eventually_async

from alterlab_server.db import Database

# Of one tier alone, for each of several leaves a part of the time to the next.
PATIENT: dict[str, Any] = {"timeout": 300, "cost_controls": {"max_tier": "1"}}


@pytest.fixture
async def page() -> AsyncIterator[HeldPage]:
    async with HeldPage() as running:
        yield running


@contextmanager
def api_and_worker(data: Path, dsn: str) -> Iterator[tuple[Running, Running]]:
    """Both as processes of their own on one PostgreSQL."""
    with ExitStack() as stack:
        api = stack.enter_context(started(["api"], data, free_port(), DATABASE_URL=dsn))
        worker = stack.enter_context(started(["worker"], data, DATABASE_URL=dsn))
        api.wait_until_healthy()
        yield api, worker


async def call(
    running: Running, account: Account, method: str, path: str, client: str = "test", **options: Any
) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=PATIENCE) as opened:
        headers = {"X-API-Key": account.key, "X-AlterLab-Source": client}
        return await opened.request(method, f"{running.url}/api/v1{path}", headers=headers, **options)


async def submit(running: Running, account: Account, url: str, **fields: Any) -> str:
    """Queue a page; the id of its job."""
    answer = await call(running, account, "POST", "/scrape", json={"url": url, "sync": False, **PATIENT, **fields})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


async def ended(running: Running, account: Account, job_id: str) -> dict[str, Any]:
    """The job as the API tells it once it has ended."""

    async def look() -> dict[str, Any] | None:
        job = await call(running, account, "GET", f"/jobs/{job_id}")
        assert job.status_code == 200, job.text
        body: dict[str, Any] = job.json()
        return body if body["status"] in {"completed", "failed"} else None

    found = await eventually_async(look, what="the end of the job")
    assert found is not None
    return found


async def test_worker_killed_in_the_middle_of_a_job(
    database: Database, dsn: str, tmp_path: Path, page: HeldPage
) -> None:
    account = await new_account(database)
    with api_and_worker(tmp_path, dsn) as (api, worker):
        job_id = await submit(api, account, page.url)
        order_id = await submit(api, account, page.url, method="POST", body="{}")
        await page.asked(2)
        worker.kill()
        assert (await call(api, account, "GET", f"/jobs/{job_id}")).json()["status"] == "running"
        assert await account.balance() < 10_000_000
        page.release()
        with started(["worker"], tmp_path, DATABASE_URL=dsn):
            job = await ended(api, account, job_id)
            order = await ended(api, account, order_id)
    assert job["status"] == "completed"
    assert job["result"]["title"] == "Held"
    assert (order["status"], order["error_code"]) == ("failed", "OUTCOME_UNKNOWN")
    assert page.requests == 3, "what is not idempotent is sent once"
    assert sorted(await account.charges()) == [0, 200]


async def test_worker_killed_while_a_receiver_holds_its_webhook(
    database: Database, dsn: str, tmp_path: Path, receiver: Receiver
) -> None:
    account = await new_account(database)
    receiver.hold("/hook")
    with api_and_worker(tmp_path, dsn) as (api, worker):
        body = {"name": "mine", "url": receiver.url("/hook"), "events": ["job.failed"]}
        webhook = (await call(api, account, "POST", "/user-webhooks", json=body)).json()
        await submit(api, account, "http://127.0.0.1:1/")
        await receiver.wait_for("/hook")
        worker.kill()
        receiver.release("/hook")
        with started(["worker"], tmp_path, DATABASE_URL=dsn):

            async def delivered() -> dict[str, Any] | None:
                answer = await call(api, account, "GET", f"/user-webhooks/{webhook['id']}/deliveries")
                (delivery,) = answer.json()["deliveries"]
                return delivery if delivery["status"] == "delivered" else None

            delivery = await eventually_async(delivered, what="the second copy of the webhook")
    assert delivery is not None
    assert [attempt["status_code"] for attempt in delivery["attempts"]] == [None, 200]
    first, second = receiver.on("/hook")
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery["id"]
    assert second.verified(webhook["secret"])["event"] == "job.failed"


async def test_worker_killed_in_the_middle_of_an_export(
    database: Database, dsn: str, tmp_path: Path, site: HostileSite
) -> None:
    account = await new_account(database)
    async with cloud_storage() as storage:
        storage.released.clear()
        output = {"type": "s3", "bucket": "results", "endpoint": storage.endpoint, "credentials": S3_CREDENTIALS}
        body = {"url": site.url("/tree/0"), "max_depth": 10, "formats": ["text"], "output": output}
        with api_and_worker(tmp_path, dsn) as (api, worker):
            crawl_id = (await call(api, account, "POST", "/crawl", json=body)).json()["crawl_id"]

            async def asked() -> bool:
                return bool(storage.headers)

            await eventually_async(asked, what="the first request of the export")
            worker.kill()
            storage.released.set()
            with started(["worker"], tmp_path, DATABASE_URL=dsn):

                async def exported() -> bool:
                    crawl = (await call(api, account, "GET", f"/crawl/{crawl_id}")).json()
                    return bool(crawl["output"]["status"] == "completed")

                await eventually_async(exported, what="the end of the export")
        (lines,) = storage.objects.values()
    assert len(lines.splitlines()) == TREE_PAGES


async def test_api_killed_between_202_and_the_result(
    database: Database, dsn: str, tmp_path: Path, page: HeldPage
) -> None:
    account = await new_account(database)
    with api_and_worker(tmp_path, dsn) as (api, _):
        job_id = await submit(api, account, page.url)
        await page.asked()
        api.kill()
        page.release()
        with started(["api"], tmp_path, free_port(), DATABASE_URL=dsn) as again:
            again.wait_until_healthy()
            job = await ended(again, account, job_id)
    assert job["status"] == "completed"
    assert await account.charges() == [200]


async def test_api_killed_while_a_caller_waits(database: Database, dsn: str, tmp_path: Path, page: HeldPage) -> None:
    account = await new_account(database)
    with api_and_worker(tmp_path, dsn) as (api, _):
        waiting = asyncio.create_task(call(api, account, "POST", "/scrape", json={"url": page.url, **PATIENT}))
        await page.asked()
        api.kill()
        with pytest.raises(httpx2.TransportError):
            await waiting
        page.release()

        async def settled() -> bool:
            return (await account.kinds())["charge"] == 1

        await eventually_async(settled)
    assert await account.charges() == [200]


async def test_api_ended_while_callers_wait(database: Database, dsn: str, tmp_path: Path, page: HeldPage) -> None:
    """Each learns by which id he finds what goes on without him."""
    account = await new_account(database)
    with api_and_worker(tmp_path, dsn) as (api, _):
        body = {"url": page.url, **PATIENT}
        scrape = asyncio.create_task(call(api, account, "POST", "/scrape", json=body))
        site_map = asyncio.create_task(call(api, account, "POST", "/map", json={"url": page.url}))
        patient = asyncio.create_task(call(api, account, "POST", "/scrape", json=body, client="mcp-server/1.0"))
        await page.asked(3)
        await account_has_jobs(account, 3)
        await asyncio.to_thread(api.stop)
        answer, mapped, told = await scrape, await site_map, await patient
        assert (answer.status_code, answer.json()["status"]) == (202, "running"), answer.text
        assert (mapped.status_code, mapped.json()["error"]) == (504, "TIMEOUT"), mapped.text
        assert (told.status_code, told.json()["error"]) == (504, "TIMEOUT"), "it would take a 202 for an empty page"
        assert mapped.json()["job_id"] != told.json()["job_id"]
        page.release()
        with started(["api"], tmp_path, free_port(), DATABASE_URL=dsn) as again:
            again.wait_until_healthy()
            job = await ended(again, account, answer.json()["job_id"])
    assert job["status"] == "completed"


async def account_has_jobs(account: Account, number: int) -> None:
    """Wait until so many jobs of the account are held for."""

    async def held() -> bool:
        return (await account.kinds())["hold"] == number

    await eventually_async(held)


async def test_whole_server_killed_and_started_again(tmp_path: Path, page: HeldPage) -> None:
    port = free_port()
    with started(["serve"], tmp_path, port) as first:
        first.wait_until_healthy()
        account = await new_account(Database(first.dsn, pool_size=2))
        job_id = await submit(first, account, page.url)
        await page.asked()
        await account.database.close()
        first.kill()
    page.release()
    with started(["serve"], tmp_path, port) as second:
        second.wait_until_healthy()
        job = await ended(second, account, job_id)
        assert job["status"] == "completed"
        assert await account.charges() == [200]
        await account.database.close()


async def test_server_starts_anew_what_is_killed_under_it(tmp_path: Path, page: HeldPage) -> None:
    page.release()
    with started(["serve"], tmp_path, free_port()) as running:
        running.wait_until_healthy()
        account = await new_account(Database(running.dsn, pool_size=2))
        victims = [*running.children("worker"), *running.children("api"), _postgres(running)]
        for victim in victims:
            victim.kill()
            eventually(lambda gone=victim: not gone.is_running() or gone.status() == psutil.STATUS_ZOMBIE)
            running.wait_until_healthy()
            answer = await call(running, account, "POST", "/scrape", json={"url": page.url, "mode": "html"})
            assert answer.status_code == 200, answer.text
        await account.database.close()
        assert await account.charges() == [200] * len(victims)
        await account.database.close()


async def test_store_that_cannot_start_is_started_when_it_can(tmp_path: Path, page: HeldPage) -> None:
    """As one whose disk was full."""
    page.release()
    with started(["serve"], tmp_path, free_port()) as running:
        running.wait_until_healthy()
        account = await new_account(Database(running.dsn, pool_size=2))
        needed, away = tmp_path / "postgres/global/pg_control", tmp_path / "pg_control"
        needed.rename(away)
        _postgres(running).kill()
        eventually(lambda: "store.not_revived" in running.printed())
        assert running.health() in {"down", ""}
        away.rename(needed)
        running.wait_until_healthy()
        answer = await call(running, account, "POST", "/scrape", json={"url": page.url, "mode": "html"})
        assert answer.status_code == 200, answer.text
        await account.database.close()


def _postgres(running: Running) -> psutil.Process:
    """The embedded store's first process."""
    (found,) = [child for child in psutil.Process(running.process.pid).children() if child.name() == "postgres"]
    return found
