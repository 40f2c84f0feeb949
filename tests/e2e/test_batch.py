import asyncio
from collections.abc import Callable
from typing import Any

from tests.e2e.conftest import CallAs, Client
from tests.site import HostileSite
from tests.support.accounts import Account, new_account
from tests.support.waiting import eventually_async

from alterlab_server.db import Database

Target = Callable[[str], str]


async def _done(client: Client, batch_id: str) -> dict[str, Any]:
    async def ended() -> bool:
        body = (await client.get(f"/batch/{batch_id}", params={"include_results": False})).json()
        return bool(body["status"] != "processing")

    await eventually_async(ended, 100, "the end of the batch")
    body: dict[str, Any] = (await client.get(f"/batch/{batch_id}")).json()
    return body


async def test_objects_run_as_jobs_of_their_own_and_failures_are_refunded(
    client: Client, target: Target, account: Account
) -> None:
    urls = [{"url": target("/article"), "formats": ["text"]}, {"url": target("/nowhere")}, {"url": target("/product")}]
    answer = await client.post("/batch", json={"requests": urls, "cost_controls": {"max_tier": "1"}})
    accepted = answer.json()
    assert answer.status_code == 202, accepted
    assert accepted["batch_id"].startswith("batch_")
    assert [accepted[name] for name in ("total_urls", "total_jobs", "total_requests")] == [3, 3, 3]
    assert accepted["estimated_credits"] == 1  # three times 200 microcents

    body = await _done(client, accepted["batch_id"])
    assert (body["status"], body["completed"], body["failed"], body["pending"]) == ("partial", 2, 1, 0)
    assert [item["job_id"] for item in body["items"]] == accepted["job_ids"]
    assert [item["status"] for item in body["items"]] == ["succeeded", "failed", "succeeded"]
    assert body["items"][0]["result"]["text"] == body["items"][0]["result"]["content"]["text"]
    assert set(body["items"][2]["result"]["content"]) == {"html", "json"}
    assert body["items"][1]["error"] == "TARGET_NOT_FOUND"
    assert (await client.get(f"/jobs/{accepted['job_ids'][0]}")).json()["status"] == "completed"
    assert sorted(await account.charges()) == [0, 200, 200]


async def test_a_thousand_addresses(client: Client, target: Target, site: HostileSite) -> None:
    urls = [f"{target('/echo')}?{number}" for number in range(1000)]
    body = {"urls": urls, "formats": ["text"], "cost_controls": {"max_tier": "1"}}
    accepted = (await client.post("/batch", json=body)).json()
    assert len(accepted["job_ids"]) == 1000
    single = await client.post("/scrape", json={"url": target("/article"), "cost_controls": {"max_tier": "1"}})
    assert single.status_code == 200  # it does not wait behind the batch
    done = await _done(client, accepted["batch_id"])
    assert (done["status"], done["completed"]) == ("completed", 1000)
    assert [item["url"] for item in done["items"]] == urls


async def test_all_or_nothing(client: Client, target: Target) -> None:
    urls = [{"url": target("/article")}, {"url": "ftp://nowhere/"}]
    answer = await client.post("/batch", json={"urls": urls})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_URL")
    assert answer.json()["details"]["index"] == 1
    assert answer.json()["field"] == "urls.1.url"
    wrong = await client.post("/batch", json={"urls": [{"url": target("/article"), "timeout": 900}]})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (
        422,
        "VALIDATION_ERROR",
        "urls.0.timeout",
    )
    unknown = await client.post("/batch", json={"urls": [{"url": target("/article"), "template": "none-such"}]})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "urls.0.template")
    assert (await client.get("/usage")).json()["requests"]["total"] == 0


async def test_limits(client: Client) -> None:
    assert (await client.post("/batch", json={"urls": []})).status_code == 400
    assert (await client.post("/batch", json={"urls": ["http://a.test/"] * 1001})).status_code == 400
    assert (await client.post("/batch", json={"urls": [{"url": "http://a.test/"}] * 101})).status_code == 400


async def test_five_at_a_time_and_no_more(client: Client, target: Target) -> None:
    slow = {"urls": [target("/silent")], "timeout": 5}
    answers = await asyncio.gather(*(client.post("/batch", json=slow) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429]


async def test_others_do_not_see_it(client: Client, call_as: CallAs, target: Target, server_database: Database) -> None:
    accepted = (await client.post("/batch", json={"urls": [target("/article")]})).json()
    stranger = await call_as(await new_account(server_database))
    assert (await stranger.get(f"/batch/{accepted['batch_id']}")).status_code == 404
    assert (await client.get("/batch/batch_no-id")).status_code == 404
