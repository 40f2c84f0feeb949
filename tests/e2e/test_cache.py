"""The response cache: free hits, never another's."""

from tests.e2e.conftest import CallAs, Client
from tests.site import HostileSite
from tests.support.accounts import Account, new_account

from alterlab_server.db import Database


async def test_second_call_is_free_and_says_so(client: Client, site: HostileSite, account: Account) -> None:
    body = {"url": site.url("/article"), "formats": ["text"], "cache": True}
    first = await client.post("/scrape", json=body)
    second = await client.post("/scrape", json=body)
    assert (first.json()["cached"], second.json()["cached"]) == (False, True)
    assert second.headers["X-AlterLab-Cached"] == "true"
    assert second.headers["X-AlterLab-Credits"] == "0"
    assert second.json()["content"] == first.json()["content"]
    assert {"cached_at", "expires_at"} <= second.json().keys()
    assert await account.charges() == [200]
    assert (await client.get("/usage")).json()["requests"]["cached"] == 1


async def test_another_shape_refresh_and_a_write_are_fetched_anew(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/article"), "formats": ["text"], "cache": True}
    await client.post("/scrape", json=body)
    changes: list[dict[str, object]] = [{"formats": ["markdown"]}, {"force_refresh": True}, {"cache": False}]
    for change in changes:
        assert not (await client.post("/scrape", json=body | change)).json()["cached"], change
    write = {"url": site.url("/echo"), "formats": ["raw"], "cache": True, "method": "PUT", "body": "{}"}
    await client.post("/scrape", json=write)
    assert not (await client.post("/scrape", json=write)).json()["cached"]


async def test_what_one_account_keeps_another_does_not_see(
    client: Client, site: HostileSite, server_database: Database, call_as: CallAs
) -> None:
    body = {"url": site.url("/article"), "formats": ["text"], "cache": True}
    await client.post("/scrape", json=body)
    stranger = await call_as(await new_account(server_database))
    assert not (await stranger.post("/scrape", json=body)).json()["cached"]


async def test_a_hit_without_waiting_is_a_job_that_has_ended(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/article"), "formats": ["text"], "cache": True, "sync": False}
    first = await client.post("/scrape", json=body | {"sync": True})
    accepted = (await client.post("/scrape", json=body)).json()
    job = (await client.get(f"/jobs/{accepted['job_id']}")).json()
    assert job["status"] == "completed"
    assert job["result"]["cached"]
    assert job["result"]["content"] == first.json()["content"]
