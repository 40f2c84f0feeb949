import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from tests.e2e.conftest import CallAs, Client
from tests.site import HostileSite
from tests.site.tree import WEARY_AFTER
from tests.site.wire import Request
from tests.support.accounts import Account, new_account
from tests.support.held_page import HeldPage
from tests.support.waiting import eventually_async

from alterlab_server.app.settings import Settings
from alterlab_server.base.clock import utc_now
from alterlab_server.batch.turns import AT_A_TIME
from alterlab_server.db import Database, Listener
from alterlab_server.frontier.politeness import HostSlot
from alterlab_server.hosts import repository
from alterlab_server.hosts.repository import CHANNEL
from alterlab_server.hosts.slots import StoredSlots

CHEAP = {"cost_controls": {"max_tier": "1"}, "formats": ["text"]}
PUT_OFF = """
    SELECT count(*) FROM items_pgqueuer JOIN jobs ON items_pgqueuer.payload = uuid_send(jobs.id)
    WHERE jobs.batch_id = :batch_id AND items_pgqueuer.status = 'queued' AND items_pgqueuer.attempts > 0
"""
DUE = """
    UPDATE items_pgqueuer SET execute_after = now() FROM jobs
    WHERE items_pgqueuer.payload = uuid_send(jobs.id) AND jobs.batch_id = :batch_id
"""
Target = Callable[[str], str]
PLACES: int = Settings.model_fields["concurrency"].default


def _id_of(accepted: dict[str, Any]) -> UUID:
    return UUID(accepted["batch_id"].removeprefix("batch_"))


async def _put_off(database: Database, accepted: dict[str, Any], items: int) -> None:
    """Wait until so many items of a batch went back to the queue."""

    async def counted() -> bool:
        async with database.statement() as connection:
            return bool(await connection.scalar(text(PUT_OFF), {"batch_id": _id_of(accepted)}) == items)

    await eventually_async(counted, what="going back to the queue")


def _asked(site: HostileSite, url: str) -> list[Request]:
    """What the host of `url` was asked for."""
    return [request for request in site.requests if request.host == url.split("/")[2]]


async def _done(client: Client, batch_id: str) -> dict[str, Any]:
    async def ended() -> bool:
        body = (await client.get(f"/batch/{batch_id}", params={"include_results": False})).json()
        return bool(body["status"] != "processing")

    await eventually_async(ended, what="the end of the batch")
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
    assert set(body["items"][2]["result"]["content"]) == {"html", "json", "text"}
    assert body["items"][2]["result"]["text"].startswith("Storm lantern")
    assert body["items"][1]["error"] == "TARGET_NOT_FOUND"
    assert (await client.get(f"/jobs/{accepted['job_ids'][0]}")).json()["status"] == "completed"
    assert sorted(await account.charges()) == [0, 200, 200]


async def test_an_item_may_be_answered_from_the_cache(
    client: Client, target: Target, site: HostileSite, account: Account
) -> None:
    item = {"url": target("/article"), "formats": ["text"], "cache": True}
    batches = []
    for _ in range(2):
        accepted = (await client.post("/batch", json={"urls": [item]})).json()
        batches.append((await _done(client, accepted["batch_id"]))["items"][0]["result"])
    assert [result["cached"] for result in batches] == [False, True]
    assert batches[1]["content"] == batches[0]["content"]
    assert (await client.post("/scrape", json=item)).json()["cached"], "scrapes share it"
    assert len(_asked(site, item["url"])) == 1
    assert sorted(await account.charges()) == [0, 200]


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
    assert [item["result"]["job_id"] for item in done["items"]] == accepted["job_ids"]
    async with client.stream("GET", f"/batch/{accepted['batch_id']}") as answer:
        assert "content-length" not in answer.headers, "its results are read as they are sent"
        assert len([piece async for piece in answer.aiter_raw()]) > 1


async def test_a_host_is_asked_for_ten_at_a_time(client: Client, target: Target) -> None:
    async with HeldPage() as held:
        urls = [f"{held.url}?{number}" for number in range(2 * AT_A_TIME + 1)] + [target("/article")]
        accepted = (await client.post("/batch", json={"urls": urls, "timeout": 300, **CHEAP})).json()
        await held.asked(AT_A_TIME)

        async def the_other_has_ended() -> bool:
            body = (await client.get(f"/batch/{accepted['batch_id']}")).json()
            return bool(body["items"][-1]["status"] == "succeeded")

        await eventually_async(the_other_has_ended)  # a host has no share in the limit of another
        assert held.requests == AT_A_TIME
        held.release()
        done = await _done(client, accepted["batch_id"])
        assert (done["status"], done["completed"], held.requests) == ("completed", len(urls), len(urls) - 1)


async def test_a_host_that_is_asked_too_much_is_left_alone(
    client: Client, target: Target, site: HostileSite, server_database: Database
) -> None:
    urls = [target(f"/weary/{number}") for number in range(WEARY_AFTER + 20 * AT_A_TIME)]
    accepted = (await client.post("/batch", json={"urls": urls, **CHEAP})).json()
    await _put_off(server_database, accepted, AT_A_TIME)
    assert len(_asked(site, urls[0])) < WEARY_AFTER + 10 * AT_A_TIME, "what was under way when the news came"
    body = (await client.get(f"/batch/{accepted['batch_id']}")).json()
    assert (body["failed"], body["pending"]) == (1, len(urls) - 1 - body["completed"])


async def test_an_item_whose_turn_is_far_away_lets_go_of_its_worker(
    client: Client, target: Target, site: HostileSite, server_database: Database
) -> None:
    url = target("/article")
    authority = url.split("/")[2]
    with Listener(server_database, CHANNEL).subscribed() as told:
        slots = StoredSlots(server_database, utc_now, told)
        await slots.slow_down(authority, 0, sent_at=utc_now().timestamp(), retry_after=3600)
    accepted = (await client.post("/batch", json={"urls": [url], **CHEAP})).json()
    await _put_off(server_database, accepted, 1)
    single = await client.post("/scrape", json={"url": url, **CHEAP})
    assert single.status_code == 200, "a single scrape waits for no slot"
    assert (await client.get(f"/batch/{accepted['batch_id']}")).json()["items"][0]["status"] == "processing"
    async with server_database.transaction() as transaction:  # an hour later
        await repository.put(transaction, authority, HostSlot())
        await transaction.execute(text(DUE), {"batch_id": _id_of(accepted)})
    assert (await _done(client, accepted["batch_id"]))["status"] == "completed"
    assert len(_asked(site, url)) == 2


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
    for shared, status in (({"template": "none-such"}, 404), ({"sticky_session": "a"}, 400), ({"timeout": 900}, 400)):
        answer = await client.post("/batch", json={"urls": [target("/article")], **shared})
        assert (answer.status_code, answer.json()["field"]) == (status, *shared)
    both = await client.post("/batch", json={"urls": [target("/article")], "requests": [target("/table")]})
    assert (both.status_code, both.json()["field"]) == (400, "requests")
    assert (await client.get("/usage")).json()["requests"]["total"] == 0


async def test_limits(client: Client) -> None:
    assert (await client.post("/batch", json={"urls": []})).status_code == 400
    assert (await client.post("/batch", json={"urls": ["http://a.test/"] * 1001})).status_code == 400
    objects = await client.post("/batch", json={"urls": [{"url": "http://a.test/"}] * 101})
    assert (objects.status_code, objects.json()["field"]) == (400, "urls")


async def test_five_at_a_time_and_no_more(client: Client) -> None:
    async with HeldPage() as page:
        slow = {"urls": [page.url], "timeout": 300, "cost_controls": {"max_tier": "1"}}
        answers = await asyncio.gather(*(client.post("/batch", json=slow) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429]


async def test_others_do_not_see_it(client: Client, call_as: CallAs, target: Target, server_database: Database) -> None:
    accepted = (await client.post("/batch", json={"urls": [target("/article")]})).json()
    stranger = await call_as(await new_account(server_database))
    assert (await stranger.get(f"/batch/{accepted['batch_id']}")).status_code == 404
    assert (await client.get("/batch/batch_no-id")).status_code == 404


async def test_no_scrape_waits_behind_the_items_of_a_batch(
    client: Client, call_as: CallAs, target: Target, server_database: Database
) -> None:
    other = await call_as(await new_account(server_database))
    async with HeldPage() as held:
        urls = [held.url.replace("127.0.0.1", f"{number}.localhost") for number in range(2 * PLACES)]
        accepted = (await client.post("/batch", json={"urls": urls, **CHEAP})).json()
        await held.asked(PLACES)
        answer = await other.post("/scrape", json={"url": target("/article"), "sync": True, **CHEAP})
        assert answer.status_code == 200
        held.release()
        body = await _done(client, accepted["batch_id"])
    assert body["completed"] == len(urls)
