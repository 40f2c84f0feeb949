"""What a scrape answers: the shape of `content`, and the fields beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import Client
from tests.e2e.test_jobs import ended

Target = Callable[[str], str]


async def scraped(client: Client, url: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/scrape", json={"url": url, **fields})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_simplest_call_gives_the_html_as_text(client: Client, target: Target) -> None:
    content = (await scraped(client, target("/article")))["content"]
    assert isinstance(content, str)
    assert "<h1" in content


@pytest.mark.parametrize("formats", [["markdown"], ["json", "text"], ["text", "json", "html", "markdown", "raw"]])
async def test_formats_give_an_object_with_each_of_them(client: Client, target: Target, formats: list[str]) -> None:
    content = (await scraped(client, target("/article"), formats=formats))["content"]
    assert set(content) == set(formats)
    assert all(content.values())


async def test_sections_and_chunks_hold_the_page(client: Client, target: Target) -> None:
    content = (await scraped(client, target("/article"), formats=["json_v2", "rag", "markdown"]))["content"]
    sections, chunks = content["json_v2"]["sections"], content["rag"]
    assert content["json_v2"]["title"] == sections[0]["heading"] == "How lighthouses kept their lamps alight"
    assert ("paragraph", "For") in [(block["type"], block["text"][:3]) for block in sections[0]["blocks"]]
    watch = sections[0]["children"][0]
    assert (watch["heading"], watch["level"]) == ("The watch", 2)
    assert [block["type"] for block in watch["blocks"]] == ["paragraph", "blockquote"]
    for chunk in chunks:
        assert content["markdown"][chunk["char_start"] : chunk["char_end"]] == chunk["text"]
        assert 0 < chunk["token_count"] <= 512
    assert [chunk["index"] for chunk in chunks] == list(range(len(chunks)))
    assert ["How lighthouses kept their lamps alight", "The watch"] in [chunk["heading_path"] for chunk in chunks]


async def test_markdown_flag_adds_markdown_to_the_object(client: Client, target: Target) -> None:
    content = (await scraped(client, target("/article"), advanced={"markdown": True}))["content"]
    assert set(content) == {"html", "markdown"}


async def test_queued_call_without_formats_gives_an_object(client: Client, target: Target) -> None:
    job_id = (await client.post("/scrape", json={"url": target("/article"), "sync": False})).json()["job_id"]
    job = await ended(client, job_id)
    assert job["status"] == "completed"
    assert set(job["result"]["content"]) == {"html", "markdown", "json"}


async def test_raw_html_stands_beside_the_content(client: Client, target: Target) -> None:
    body = await scraped(client, target("/article"), include_raw_html=True, formats=["markdown"])
    assert set(body["content"]) == {"markdown"}
    assert body["raw_html"].startswith("<!doctype html>")
    assert "raw_html" not in await scraped(client, target("/article"))


async def test_fields_and_headers_of_the_answer(client: Client, target: Target) -> None:
    answer = await client.post("/scrape", json={"url": target("/redirect/chain/2")})
    body = answer.json()
    assert body["url"] == target("/redirect/chain/2")
    assert body["final_url"] == target("/article")
    assert body["redirected"] is True
    assert [hop["status_code"] for hop in body["redirect_chain"]] == [302, 302]
    assert body["status_code"] == 200
    assert body["headers"]["content-type"].startswith("text/html")
    assert body["title"]
    assert body["metadata"]
    assert body["cached"] is False
    assert body["version"] == "v1"
    assert body["size_bytes"] > 1000
    assert body["response_time_ms"] >= 0
    assert body["extraction_method"] == "algorithmic"
    billing = body["billing"]
    assert (billing["total_credits"], billing["tier_used"], billing["savings"]) == (1, "1", 19)
    assert billing["final_cost_microcents"] == 200
    assert [entry["result"] for entry in billing["escalations"]] == ["success"]
    assert (body["credits_used"], body["tier_used"]) == (1, "1")
    assert answer.headers["X-AlterLab-Credits"] == "1"
    assert answer.headers["X-AlterLab-Tier"] == "1"
    assert answer.headers["X-AlterLab-Savings"] == "19"
    assert answer.headers["X-AlterLab-Bytes"] == str(body["size_bytes"])
    assert answer.headers["X-AlterLab-Cached"] == "false"
    assert answer.headers["X-AlterLab-Balance"] == "$9.9998"


async def test_dearer_tier_says_what_the_cheaper_ones_did(client: Client, target: Target) -> None:
    body = await scraped(client, target("/blocks-robots"), mode="html")
    *failed, last = body["billing"]["escalations"]
    assert last["result"] == "success"
    assert failed
    assert {entry["result"] for entry in failed} == {"failed"}
    assert all(entry["error"] for entry in failed)
    assert f"min_tier: {last['tier']}" in body["billing"]["optimization_suggestion"]


async def test_long_page_is_cut_where_it_was_asked_to_be(client: Client, target: Target) -> None:
    body = await scraped(client, target("/sized?bytes=200000"), max_response_bytes=50_000, formats=["text"])
    assert body["content_truncated"]["truncated"] is True
    assert body["content_truncated"]["truncated_at_bytes"] == 50_000


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/charset/meta", "Größe, Länge und Gewicht"),
        ("/charset/bom", "Größe, Länge und Gewicht"),
        ("/charset/shift-jis", "今日は晴れのち曇り"),
        ("/gzip", "one more paragraph"),
        ("/json", '"name"'),
        ("/early-hints", "The hints came first"),
        ("/redirect/cookie", "lighthouses"),
    ],
)
async def test_odd_but_good_pages_are_read(client: Client, target: Target, path: str, words: str) -> None:
    body = await scraped(client, target(path), formats=["text"], mode="html")
    assert words.lower() in body["content"]["text"].lower()
