"""What the MCP server 1.8.0 and the n8n node 0.10.0 send and read, against the started server."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import Client
from tests.support.waiting import eventually_async

Target = Callable[[str], str]
MCP = {"User-Agent": "alterlab-mcp-server/1.8.0", "X-AlterLab-Source": "mcp-server/1.8.0"}
N8N = {"User-Agent": "n8n"}
# All that the tool sends when it is told nothing but the URL.
MCP_SCRAPE: dict[str, Any] = {
    "method": "GET",
    "mode": "auto",
    "formats": ["markdown"],
    "sync": True,
    "timeout": 90,
    "include_raw_html": False,
    "filter_content": False,
    "cache": False,
    "advanced": {
        "render_js": False,
        "use_proxy": False,
        "markdown": True,
        "scroll_to_load": False,
        "remove_cookie_banners": True,
        "block_images": False,
    },
}


async def ended(client: Client, path: str, headers: dict[str, str]) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        body: dict[str, Any] = (await client.get(path, headers=headers)).json()
        return body if body["status"] in ("completed", "cancelled", "failed") else None

    return await eventually_async(look)


async def test_mcp_prints_a_scrape(client: Client, target: Target) -> None:
    body = (await client.post("/scrape", json={"url": target("/article"), **MCP_SCRAPE}, headers=MCP)).json()
    assert body["content"]["markdown"].startswith("# How lighthouses")
    assert (body["redirected"], body["redirect_chain"], body["cached"]) == (False, [], False)
    billing = body["billing"]
    assert (billing["tier_used"], billing["final_cost_microcents"], billing["total_credits"]) == ("1", 200, 1)
    assert [(step["tier"], step["result"]) for step in billing["escalations"]] == [("1", "success")]
    assert isinstance(body["response_time_ms"], int)


async def test_mcp_follows_a_crawl_of_which_a_page_fails(client: Client, target: Target) -> None:
    links = "".join(f"<p><a href={path}>A page to go to</a></p>" for path in ("/article", "/status/404"))
    start = target("/browser/page?html=<h1>Start of the crawl</h1>" + links.replace(" ", "%20"))
    given = {
        "url": start,
        "max_pages": 3,
        "max_depth": 1,
        "sitemap": "skip",
        "formats": ["markdown"],
        "max_concurrency": 10,
        "respect_robots": True,
        "include_subdomains": False,
        "advanced": {"render_js": False, "use_proxy": False, "block_images": False},
    }
    started = (await client.post("/crawl", json=given, headers=MCP)).json()
    assert started["url"] == start
    path = f"/crawl/{started['crawl_id']}"
    body = await ended(client, path, MCP)
    assert body["status"] == "completed"
    assert (body["pages_scraped"], body["pages_total"]) == (2, 3)
    assert sorted(page["status"] for page in body["results"]) == ["completed", "completed", "failed"]
    assert "How lighthouses kept their lamps alight" in {page.get("title") for page in body["results"]}
    assert (await client.get(path)).json()["status"] == "partial"


async def test_n8n_gets_the_pages_of_a_crawl_without_asking_for_them(client: Client, target: Target) -> None:
    given = {"url": target("/article"), "max_pages": 1, "formats": ["markdown"], "advanced": {"max_concurrency": 5}}
    started = (await client.post("/crawl", json=given, headers=N8N)).json()
    body = await ended(client, f"/crawl/{started['crawl_id']}", N8N)
    assert body["results"][0]["content"]["markdown"].startswith("# How lighthouses")
    assert "content" not in (await client.get(f"/crawl/{started['crawl_id']}")).json()["results"][0]


async def test_n8n_is_told_that_a_job_has_failed(client: Client, target: Target) -> None:
    given = {"url": target("/silent"), "mode": "auto", "sync": True, "timeout": 2}
    answer = await client.post("/scrape", json=given, headers=N8N)
    assert (answer.status_code, answer.json()["code"]) == (504, "TIMEOUT")


async def test_n8n_sees_the_end_of_a_batch_of_which_an_item_fails(client: Client, target: Target) -> None:
    items = [{"url": target("/article"), "formats": ["markdown"]}, {"url": target("/status/404")}]
    accepted = (await client.post("/batch", json={"urls": items}, headers=N8N)).json()
    body = await ended(client, f"/batch/{accepted['batch_id']}", N8N)
    assert (body["status"], body["completed"], body["failed"]) == ("completed", 1, 1)
    assert (await client.get(f"/batch/{accepted['batch_id']}")).json()["status"] == "partial"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sessions/"),
        ("POST", "/sessions/"),
        ("PATCH", "/sessions/x"),
        ("POST", "/search"),
        ("GET", "/beta-features/my"),
        ("GET", "/auth/me"),
    ],
)
async def test_what_is_not_there_is_said_in_one_sentence(client: Client, method: str, path: str) -> None:
    answer = await client.request(method, path, headers=MCP)
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no {method} /api/v1{path.rstrip('/')}."
