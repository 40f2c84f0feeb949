"""Queued scrapes: the job that is polled, whose it is, and how long it lives."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from tests.e2e.conftest import CallAs, Client
from tests.support.accounts import Account, new_account
from tests.support.held_page import HeldPage
from tests.support.waiting import eventually_async

from alterlab_server.db import Database

Target = Callable[[str], str]


async def queued(client: Client, url: str, **fields: Any) -> str:
    answer = await client.post("/scrape", json={"url": url, "sync": False, **fields})
    assert answer.status_code == 202
    assert set(answer.json()) == {"job_id", "status"}
    assert answer.json()["status"] == "pending"
    return str(answer.json()["job_id"])


async def ended(client: Client, job_id: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        body: dict[str, Any] = (await client.get(f"/jobs/{job_id}")).json()
        return body if body["status"] in {"completed", "failed"} else None

    found = await eventually_async(look, what="the end of the job")
    assert found is not None
    return found


async def test_completed_job_has_its_result_twice(client: Client, target: Target) -> None:
    job = await ended(client, await queued(client, target("/article"), formats=["markdown"]))
    assert job["id"] == job["job_id"]
    assert (job["status"], job["mode"], job["error"]) == ("completed", "auto", None)
    assert job["url"] == target("/article")
    assert job["created_at"].endswith("Z")
    assert job["completed_at"].endswith("Z")
    assert job["result"]["content"]["markdown"]
    assert job["result"]["job_id"] == job["id"]
    # Some clients read the result beside the job.
    assert job["status_code"] == 200
    assert job["content"] == job["result"]["content"]
    assert job["billing"] == job["result"]["billing"]


async def test_failed_job_says_why(client: Client, account: Account, target: Target) -> None:
    job = await ended(client, await queued(client, target("/status/404"), mode="html"))
    assert job["status"] == "failed"
    assert job["error_code"] == "TARGET_NOT_FOUND"
    assert "404" in job["error"]
    assert job["failed_at"].endswith("Z")
    assert "result" not in job
    assert await account.charges() == [0]


async def test_running_job_holds_its_ceiling(client: Client, account: Account) -> None:
    async with HeldPage() as page:
        job_id = await queued(client, page.url, mode="html", cost_controls={"max_tier": "1"})
        await page.asked()
        running = (await client.get(f"/jobs/{job_id}")).json()
        assert (running["status"], running["progress"]) == ("running", 50)
        assert await account.balance() == 10_000_000 - 200
        page.release()
        assert (await ended(client, job_id))["status"] == "completed"
    assert await account.kinds() == {"deposit": 1, "hold": 1, "release": 1, "charge": 1}


async def test_202_of_a_synchronous_call_has_what_any_client_reads(client: Client) -> None:
    async with HeldPage() as page:
        answer = await client.post("/scrape", json={"url": page.url, "mode": "html", "timeout": 2})
        assert answer.status_code == 202
        body = answer.json()
        assert body["status"] in {"pending", "running"}
        assert (body["url"], body["content"], body["billing"]["total_credits"]) == (page.url, "", 0)
        assert (await ended(client, body["job_id"]))["error_code"] == "TIMEOUT"


async def test_job_of_another_account_does_not_exist(
    client: Client, call_as: CallAs, server_database: Database, target: Target
) -> None:
    job_id = await queued(client, target("/article"))
    stranger = await call_as(await new_account(server_database))
    answer = await stranger.get(f"/jobs/{job_id}")
    assert answer.status_code == 404
    unknown = await stranger.get("/jobs/00000000-0000-4000-8000-000000000000")
    assert answer.json()["detail"].replace(job_id, "") == unknown.json()["detail"].replace(
        "00000000-0000-4000-8000-000000000000", ""
    )
    assert (await stranger.get("/usage")).json()["requests"]["total"] == 0
    assert (await ended(client, job_id))["status"] == "completed"


@pytest.mark.parametrize("form", [str.upper, lambda text: text.replace("-", "")])
async def test_id_is_read_in_any_spelling(client: Client, target: Target, form: Callable[[str], str]) -> None:
    job_id = await queued(client, target("/article"))
    await ended(client, job_id)
    assert (await client.get(f"/jobs/{form(job_id)}")).json()["id"] == job_id


async def test_expired_job_is_gone(client: Client, server_database: Database, target: Target) -> None:
    job_id = await queued(client, target("/article"))
    await ended(client, job_id)
    async with server_database.transaction() as transaction:
        statement = "UPDATE jobs SET expires_at = now() - interval '1 second' WHERE id = :id"
        await transaction.execute(text(statement), {"id": job_id})
    assert (await client.get(f"/jobs/{job_id}")).status_code == 404
