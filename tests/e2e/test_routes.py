"""Every way to reach an endpoint, and to say who one is."""

import re

import pytest
from tests.e2e.conftest import Client
from tests.support.accounts import Account
from tests.support.running import Running
from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import new_id


@pytest.mark.parametrize("path", ["/api/v1/usage", "/api/v1/usage/", "/v1/usage", "/v1/usage/"])
async def test_alias_and_trailing_slash_route_alike(client: Client, server: Running, path: str) -> None:
    answer = await client.get(server.url + path)
    assert answer.status_code == 200
    assert answer.json()["requests"]["total"] == 0


@pytest.mark.parametrize("path", ["/api/v1/scrape/estimate", "/api/v1/scrape/estimate/", "/v1/scrape/estimate/"])
async def test_post_routes_with_a_slash_too(client: Client, server: Running, path: str) -> None:
    answer = await client.post(server.url + path, json={"url": "https://example.com/"})
    assert answer.status_code == 200
    assert answer.json()["estimated_tier"] == "1"


async def test_key_is_taken_as_bearer_token(client: Client, account: Account) -> None:
    del client.headers["X-API-Key"]
    answer = await client.get("/billing/balance", headers={"Authorization": f"Bearer {account.key}"})
    assert answer.status_code == 200
    assert answer.json()["balance_microcents"] == 10_000_000


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json"])
async def test_pages_without_a_key(client: Client, server: Running, path: str) -> None:
    del client.headers["X-API-Key"]
    answer = await client.get(server.url + path)
    assert answer.status_code == 200


async def test_openapi_lists_each_path_once(client: Client, server: Running) -> None:
    paths = (await client.get(f"{server.url}/openapi.json")).json()["paths"]
    assert "/api/v1/scrape" in paths
    assert not [path for path in paths if path.startswith("/v1/")]


async def test_browser_apps_may_call(client: Client) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key, content-type, x-device-id, x-organization-id, authorization",
    }
    preflight = await client.options("/scrape", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert all(name.strip() in allowed for name in asked["Access-Control-Request-Headers"].split(","))
    answer = await client.get("/usage", headers={"Origin": "https://app.example"})
    assert "X-AlterLab-Balance" in answer.headers["access-control-expose-headers"]


async def test_request_id_is_kept_when_it_is_a_plain_one(client: Client) -> None:
    given = new_id().hex
    assert (await client.get("/usage", headers={"X-Request-Id": given})).headers["X-Request-Id"] == given
    other = (await client.get("/usage", headers={"X-Request-Id": "not a plain one"})).headers["X-Request-Id"]
    assert len(other) == 32


async def test_reference_page_needs_nothing_from_elsewhere(server: Running) -> None:
    async with Client(base_url=server.url, timeout=PATIENCE) as anyone:
        page = (await anyone.get("/docs")).text
        sources = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert sources
        for source in sources:
            assert (await anyone.get(source)).status_code == 200, source
