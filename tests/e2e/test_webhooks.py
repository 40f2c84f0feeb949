"""Webhooks through the API: made, changed, tested, and told of what a started server does."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import CallAs, Client
from tests.support.accounts import new_account
from tests.support.held_page import HeldPage
from tests.support.receiver import Receiver
from tests.support.waiting import eventually_async

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database
from alterlab_server.webhooks.service import MAX_WEBHOOKS

Target = Callable[[str], str]


async def create(client: Client, url: str, *events: str) -> dict[str, Any]:
    body = {"name": "mine", "url": url, "events": list(events) or ["*"]}
    answer = await client.post("/user-webhooks", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_webhook_is_made_shown_without_its_secret_and_deleted(client: Client, receiver: Receiver) -> None:
    made = await create(client, receiver.url("/hook"), "job.completed", "batch.*")
    assert made["secret"].startswith("whsec_")
    assert made["failure_count"] == 0
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert (await client.get("/user-webhooks")).json() == {"webhooks": [shown], "total": 1}
    assert (await client.get("/webhooks")).json() == {"webhooks": [shown], "total": 1}
    detail = (await client.get(f"/user-webhooks/{made['id']}")).json()
    assert (detail["webhook"], detail["recent_deliveries"], detail["stats"]["total"]) == (shown, [], 0)
    assert (await client.delete(f"/user-webhooks/{made['id']}")).status_code == 204
    assert (await client.get(f"/user-webhooks/{made['id']}")).status_code == 404
    assert (await client.delete(f"/user-webhooks/{made['id']}")).status_code == 404


async def test_a_webhook_is_changed_in_part(client: Client, receiver: Receiver) -> None:
    made = await create(client, receiver.url("/hook"))
    changed = await client.put(f"/user-webhooks/{made['id']}", json={"name": "renamed", "is_active": False})
    assert changed.json()["name"] == "renamed"
    assert changed.json()["is_active"] is False
    assert changed.json()["url"] == made["url"]


async def test_no_more_than_an_account_may_have_also_when_made_at_once(client: Client, receiver: Receiver) -> None:
    async def code(number: int) -> str | None:
        body = {"name": "one of many", "url": receiver.url(f"/{number}"), "events": ["job.completed"]}
        found: str | None = (await client.post("/user-webhooks", json=body)).json().get("code")
        return found

    codes = await asyncio.gather(*map(code, range(MAX_WEBHOOKS + 10)))
    assert [found for found in codes if found] == ["WEBHOOK_LIMIT"] * 10
    assert (await client.get("/user-webhooks")).json()["total"] == MAX_WEBHOOKS


async def test_the_same_url_twice_is_a_conflict(client: Client, receiver: Receiver) -> None:
    await create(client, receiver.url("/hook"))
    other = await create(client, receiver.url("/other"))
    body = {"name": "again", "url": receiver.url("/hook"), "events": ["*"]}
    for answer in (
        await client.post("/user-webhooks", json=body),
        await client.put(f"/user-webhooks/{other['id']}", json={"url": receiver.url("/hook")}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "DUPLICATE_WEBHOOK")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "http://8.8.8.8/hook"}, "URL_NOT_ALLOWED"),
        ({"url": "https://169.254.169.254/hook"}, "URL_NOT_ALLOWED"),
        ({"url": "nowhere"}, "INVALID_URL"),
        ({"url": f"https://8.8.8.8/{'ä' * 400}"}, "INVALID_URL"),
        ({"events": ["job.exploded"]}, "VALIDATION_ERROR"),
        ({"events": []}, "VALIDATION_ERROR"),
        ({"name": ""}, "VALIDATION_ERROR"),
        ({"name": " "}, "VALIDATION_ERROR"),
        ({"secret": "whsec_mine"}, "VALIDATION_ERROR"),
    ],
)
async def test_what_cannot_be_a_webhook_is_refused(client: Client, change: dict[str, Any], code: str) -> None:
    body = {"name": "mine", "url": "https://8.8.8.8/hook", "events": ["*"]} | change
    answer = await client.post("/user-webhooks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_what_would_be_a_promise_not_kept_is_refused_by_name(client: Client, receiver: Receiver) -> None:
    made = await create(client, receiver.url("/hook"))
    changed = await client.put(f"/user-webhooks/{made['id']}", json={"secret": "whsec_mine"})
    told = {"webhook": {"url": receiver.url("/hook")}}
    batch = await client.post("/batch", json={"urls": [receiver.url("/hook")], **told})
    item = await client.post("/batch", json={"urls": [{"url": receiver.url("/hook"), **told}]})
    refused = [(answer.status_code, answer.json()["field"]) for answer in (changed, batch, item)]
    assert refused == [(400, "secret"), (400, "webhook"), (422, "urls.0.webhook")]


async def test_another_accounts_webhook_does_not_exist(
    client: Client, call_as: CallAs, server_database: Database, receiver: Receiver
) -> None:
    made = await create(client, receiver.url("/hook"))
    stranger = await call_as(await new_account(server_database))
    path = f"/user-webhooks/{made['id']}"
    answers = [
        await stranger.get(path),
        await stranger.put(path, json={"name": "stolen"}),
        await stranger.delete(path),
        await stranger.post(f"{path}/test"),
        await stranger.post(f"{path}/rotate-secret"),
        await stranger.get(f"{path}/deliveries"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (await stranger.get("/user-webhooks")).json()["total"] == 0
    assert (await client.get(path)).json()["webhook"]["name"] == "mine"
    assert not receiver.received


async def test_the_test_event_is_sent_at_once_and_told_how_it_ended(client: Client, receiver: Receiver) -> None:
    made = await create(client, receiver.url("/hook"), "credits.low")
    receiver.answers["/hook"] = [204, 500]
    well = (await client.post(f"/user-webhooks/{made['id']}/test")).json()
    assert (well["success"], well["status_code"], well["error"]) == (True, 204, None)
    assert receiver.on("/hook")[0].verified(made["secret"])["event"] == "webhook.test"
    ill = (await client.post(f"/user-webhooks/{made['id']}/test")).json()
    assert (ill["success"], ill["status_code"]) == (False, 500)
    listed = (await client.get(f"/user-webhooks/{made['id']}/deliveries")).json()
    assert listed["total"] == 2
    assert [delivery["status"] for delivery in listed["deliveries"]] == ["failed", "delivered"]
    assert [len(delivery["attempts"]) for delivery in listed["deliveries"]] == [1, 1]
    older = (await client.get(f"/user-webhooks/{made['id']}/deliveries", params={"limit": 1, "offset": 1})).json()
    assert older == {"deliveries": listed["deliveries"][1:], "total": 2}


async def test_a_rotated_secret_signs_at_once(client: Client, receiver: Receiver) -> None:
    made = await create(client, receiver.url("/hook"))
    rotated = (await client.post(f"/user-webhooks/{made['id']}/rotate-secret")).json()
    assert rotated["secret"] != made["secret"]
    await client.post(f"/user-webhooks/{made['id']}/test")
    receiver.on("/hook")[0].verified(rotated["secret"])


@pytest.mark.parametrize("sync", [True, False])
async def test_a_scrape_tells_the_webhook_it_was_given(
    client: Client, receiver: Receiver, target: Target, sync: bool
) -> None:
    body = {"url": target("/article"), "sync": sync, "webhook_url": receiver.url("/given")}
    answer = await client.post("/scrape", json=body)
    assert answer.status_code == (200 if sync else 202)
    (received,) = await receiver.wait_for("/given")
    told = received.json
    assert told["event"] == "job.completed"
    assert told["job_id"] == told["data"]["job_id"] == answer.json()["job_id"]
    assert told["result"]["status_code"] == 200
    assert "x-alterlab-signature" not in received.headers, "this account has no secret"


async def test_a_scrape_that_fails_tells_so(client: Client, receiver: Receiver, target: Target) -> None:
    made = await create(client, receiver.url("/hook"), "job.failed")
    await client.post("/scrape", json={"url": target("/status-404"), "webhook_url": receiver.url("/given")})
    (received,) = await receiver.wait_for("/given")
    assert received.verified(made["secret"])["event"] == "job.failed"
    (received,) = await receiver.wait_for("/hook")
    assert received.verified(made["secret"])["error"]


async def test_a_webhook_that_is_made_while_a_job_runs_hears_of_its_end(client: Client, receiver: Receiver) -> None:
    plain: dict[str, Any] = {"cost_controls": {"max_tier": "1"}, "timeout": 300}
    async with HeldPage() as known, HeldPage() as held:
        known.release()
        assert (await client.post("/scrape", json={"url": known.url, **plain})).status_code == 200
        await client.post("/scrape", json={"url": held.url, "sync": False, **plain})
        await held.asked()
        made = await create(client, receiver.url("/hook"))
        held.release()
        (received,) = await receiver.wait_for("/hook")
    assert received.verified(made["secret"])["event"] == "job.completed"


async def test_a_scrape_with_a_webhook_that_may_not_be_reached_is_refused(client: Client, target: Target) -> None:
    answer = await client.post("/scrape", json={"url": target("/article"), "webhook_url": "http://10.0.0.1/hook"})
    assert (answer.status_code, answer.json()["code"]) == (400, "URL_NOT_ALLOWED")
    assert answer.json()["field"] == "webhook_url"


async def test_a_batch_tells_of_each_job_and_once_of_its_end(
    client: Client, receiver: Receiver, target: Target
) -> None:
    made = await create(client, receiver.url("/account"))
    body = {"urls": [target("/article"), target("/product")], "webhook_url": receiver.url("/batch")}
    batch = (await client.post("/batch", json=body)).json()
    told = [received.verified(made["secret"]) for received in await receiver.wait_for("/account", 3)]
    assert sorted(body["event"] for body in told) == ["batch.completed", "job.completed", "job.completed"]
    assert {body["data"]["batch_id"] for body in told} == {batch["batch_id"]}
    (received,) = await receiver.wait_for("/batch")
    data = received.verified(made["secret"])["data"]
    assert (data["status"], data["total"], data["completed"], data["failed"]) == ("completed", 2, 2, 0)

    async def all_delivered() -> bool:
        detail = (await client.get(f"/user-webhooks/{made['id']}")).json()
        return bool(detail["stats"]["delivered"] == 3 and detail["stats"]["success_rate"] == 1)

    await eventually_async(all_delivered)
    assert len(receiver.on("/batch")) == 1


async def test_an_item_of_a_batch_tells_its_own_webhook(client: Client, receiver: Receiver, target: Target) -> None:
    items = [{"url": target("/article"), "webhook_url": receiver.url("/one")}, {"url": target("/product")}]
    batch = (await client.post("/batch", json={"urls": items, "webhook_url": receiver.url("/batch")})).json()
    (received,) = await receiver.wait_for("/one")
    assert received.json["event"] == "job.completed"
    assert (received.json["job_id"], received.json["batch_id"]) == (batch["job_ids"][0], batch["batch_id"])
    (received,) = await receiver.wait_for("/batch")
    assert received.json["event"] == "batch.completed"
    assert len(receiver.on("/one")) == 1
    items[1]["webhook_url"] = "http://10.0.0.1/hook"
    refused = await client.post("/batch", json={"urls": items})
    assert (refused.status_code, refused.json()["code"]) == (422, "URL_NOT_ALLOWED")


@pytest.mark.parametrize(("path", "event"), [("/article", "crawl.completed"), ("/status-404", "crawl.failed")])
async def test_the_webhook_url_of_a_crawl_hears_of_its_end_alone(
    client: Client, receiver: Receiver, target: Target, path: str, event: str
) -> None:
    await client.post("/crawl", json={"url": target(path), "max_depth": 0, "webhook_url": receiver.url("/end")})
    (received,) = await receiver.wait_for("/end")
    assert received.json["event"] == event


async def test_a_crawl_tells_its_webhook_from_start_to_end(client: Client, receiver: Receiver, target: Target) -> None:
    webhook = {"url": receiver.url("/crawl"), "secret": "whsec_bXlzZWNyZXQ=", "metadata": {"run": 7}}
    asked = {"url": target("/article"), "max_pages": 1, "sitemap": "skip", "webhook": webhook}
    crawl = (await client.post("/crawl", json=asked)).json()
    told = [received.verified(webhook["secret"]) for received in await receiver.wait_for("/crawl", 3)]
    assert sorted(body["event"] for body in told) == ["crawl.completed", "crawl.page.completed", "crawl.started"]
    assert {body["data"]["crawl_id"] for body in told} == {crawl["crawl_id"]}
    assert all(body["metadata"] == {"run": 7} for body in told)


async def test_an_unknown_webhook_is_not_found(client: Client) -> None:
    assert (await client.get(f"/user-webhooks/{new_id()}")).status_code == 404
    assert (await client.get("/user-webhooks/none")).status_code == 404
