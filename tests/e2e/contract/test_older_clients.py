"""What the clients of version 2.0.0 send and read, against the started server."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.e2e.conftest import Client
from tests.site import HostileSite
from tests.support.waiting import eventually_async

Target = Callable[[str], str]
PYTHON = {"User-Agent": "AlterLab-Python-SDK/2.0.0"}
NODE = {"User-Agent": "alterlab-node/2.0.0"}


async def waited_for(client: Client, url: str, headers: dict[str, str], word: str) -> dict[str, Any]:
    accepted = await client.post("/scrape", json={"url": url, "sync": False}, headers=headers)

    async def look() -> dict[str, Any] | None:
        body: dict[str, Any] = (await client.get(f"/jobs/{accepted.json()['job_id']}", headers=headers)).json()
        return body if body["status"] == word else None

    return await eventually_async(look)


async def test_python_is_told_that_a_job_succeeded(client: Client, target: Target) -> None:
    body = await waited_for(client, target("/article"), PYTHON, "succeeded")
    assert body["result"]["status_code"] == 200


def reads_at_the_top(body: dict[str, Any]) -> None:
    assert body["text"].startswith("How lighthouses kept")
    assert body["html"].startswith("<main>")
    assert body["json"]["@type"] == "Article"
    assert body["markdown_content"].startswith("# How lighthouses")
    assert body["description"] == body["metadata"]["description"]
    assert body["published_date"] == body["published_at"]
    assert body["request_id"] == body["job_id"]
    billing = body["billing"]
    assert (billing["tier_used"], billing["tier_name"]) == (1, "curl")
    assert (billing["cost_microcents"], billing["cost_dollars"]) == (200, 0.0002)
    assert [(step["tier"], step["name"], step["success"]) for step in billing["escalation_path"]] == [(1, "curl", True)]


@pytest.mark.parametrize("mode", ["auto", "pdf"])
async def test_python_reads_formats_that_it_has_not_asked_for(client: Client, target: Target, mode: str) -> None:
    given = {"url": target("/document.pdf" if mode == "pdf" else "/article"), "mode": mode, "pdf_format": "markdown"}
    content = (await client.post("/scrape", json=given, headers=PYTHON)).json()["content"]
    text = "harbour master keeps" if mode == "pdf" else "How lighthouses kept"
    assert text in content["text"]
    assert text in content["html"]
    assert text in content["markdown"]
    assert content["json"]["title"]


async def test_node_reads_the_formats_at_the_top_of_a_result(client: Client, target: Target) -> None:
    given = {"url": target("/article"), "mode": "auto", "sync": True, "cost_controls": {"max_tier": "stealth"}}
    reads_at_the_top((await client.post("/scrape", json=given, headers=NODE)).json())


async def test_node_sends_what_a_browser_does_beside_the_url(client: Client, target: Target, site: HostileSite) -> None:
    seen = "`${innerWidth} by ${innerHeight}, ${navigator.userAgent}, ${navigator.maxTouchPoints > 0}`"
    html = (
        "<!doctype html><meta name=viewport content='width=device-width'><link rel=stylesheet href=/left-out.css>"
        f"<h1>Seen</h1><p id=p></p><script>setTimeout(() => {{ p.textContent = {seen} }}, 100)</script>"
    )
    given = {
        "url": target("/browser/page?" + urlencode({"html": html})),
        "mobile": True,
        "viewport_width": 360,
        "viewport_height": 640,
        "wait_time": 1000,
        "wait_condition": "domcontentloaded",
        "block_resources": ["images", "css"],
    }
    body = (await client.post("/scrape", json=given, headers=NODE)).json()
    assert body["billing"]["tier_name"] == "browser"
    assert "360 by 640" in body["text"]
    assert "Android" in body["text"]
    assert "Mobile Safari" in body["text"]
    assert "true" in body["text"]
    assert "/left-out.css" not in [request.path for request in site.requests]
    wrong = await client.post("/scrape", json=given | {"block_resources": ["adverts"]}, headers=NODE)
    assert (wrong.status_code, wrong.json()["field"]) == (400, "advanced.block_resources.0")


async def test_node_reads_a_document_and_its_usage(client: Client, target: Target) -> None:
    document = await client.post("/scrape", json={"url": target("/document.pdf"), "mode": "pdf"}, headers=NODE)
    assert "harbour master" in document.json()["markdown_content"]
    assert "harbour master" in document.json()["text"]
    usage = (await client.get("/usage", headers=NODE)).json()
    assert usage["requests_month"] == 1
    assert usage["balance_dollars"] == usage["credits_available"] / 1_000_000


async def test_node_waits_for_a_job(client: Client, target: Target) -> None:
    body = await waited_for(client, target("/article"), NODE, "completed")
    assert body["result"]["html"].startswith("<main>")
    assert body["result"]["billing"]["tier_name"] == "curl"
    assert (body["progress"], body["updated_at"]) == (100, body["completed_at"])


async def test_node_is_told_how_a_job_failed(client: Client, target: Target) -> None:
    body = await waited_for(client, target("/status/404"), NODE, "failed")
    assert "404" in body["error"]
    assert (body["progress"], body["updated_at"]) == (100, body["failed_at"])
    refused = await client.post("/scrape", json={"url": target("/status/404")}, headers=NODE)
    assert (refused.json()["tier"], refused.json()["url"]) == (1.0, target("/status/404"))


async def test_node_reads_an_estimate_in_dollars(client: Client, target: Target) -> None:
    body = (await client.post("/scrape/estimate", json={"url": target("/article")}, headers=NODE)).json()
    assert (body["estimated_tier"], body["tier_name"], body["reason"]) == (1.0, "curl", body["reasoning"])
    assert body["min_cost_dollars"] == body["estimated_cost_dollars"] == 0.0002
    assert body["max_cost_dollars"] == 0.004


async def test_headers_that_node_has_rewritten_are_sent_as_they_were_meant(client: Client, target: Target) -> None:
    """It turns all names of what it is given into snake case, those of headers as well."""
    headers = {"_x-_custom": "1", "_accept-_language": "de", "x-low": "2", "_x-_c_s_r_f-_token": "3", "api_key": "4"}
    body = (await client.post("/scrape", json={"url": target("/echo"), "headers": headers}, headers=NODE)).json()
    sent = dict(line.split(": ", 1) for line in body["text"].splitlines() if ": " in line)
    assert {name.lower(): sent.get(name) for name in sent if name.lower() in ("x-custom", "accept-language")} == {
        "x-custom": "1",
        "accept-language": "de",
    }
    assert [sent[name] for name in sent if name.lower() in ("x-low", "x-csrf-token", "api_key")] == ["2", "3", "4"]
    host = {"url": target("/echo"), "headers": {"_host": "other.example"}}
    refused = await client.post("/scrape", json=host, headers=NODE)
    assert (refused.status_code, refused.json()["field"]) == (400, "headers")
