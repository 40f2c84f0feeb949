"""POST /extract and what stands around it, through a started server."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.e2e.conftest import CallAs, Client
from tests.support.accounts import Account, new_account
from tests.support.waiting import eventually_async

from alterlab_server.db import Database
from alterlab_server.extractions.schemas import MAX_CONTENT_CHARS

LAMP = """<html lang="en"><title>Desk lamp | Shop</title><h1>Desk lamp</h1><p>$19.50</p><p>SKU: L-700</p>
<button>Add to cart</button><p>A lamp that stands on a desk and gives a warm and steady light.</p>"""


async def test_formats_schema_and_evidence_of_what_the_caller_brings(client: Client, account: Account) -> None:
    body = {
        "content": LAMP,
        "formats": ["json", "markdown"],
        "extraction_schema": {"title": "string", "cost": "number", "in_stock": "boolean"},
        "source_url": "https://shop.example/lamps/7",
        "evidence": True,
    }
    answer = await client.post("/extract", json=body)
    got = answer.json()
    assert answer.status_code == 200, got
    assert got["filtered_content"] == {"title": "Desk lamp", "cost": 19.5, "in_stock": True}
    assert got["formats"]["json"] == got["extraction_result"] == got["filtered_content"]
    assert "warm and steady light" in got["formats"]["markdown"]
    assert got["evidence"]["price"]["text"] == "$19.50"
    assert (got["credits_used"], got["content_size_chars"], got["cache_hit"]) == (3, len(LAMP), False)
    assert got["extraction_metadata"]["cost_microcents"] == 2_500
    assert answer.headers["X-AlterLab-Credits"] == "3"
    assert await account.charges() == [2_500]


async def test_the_answer_says_what_was_left_out_and_how_good_it_is(client: Client) -> None:
    content = "<p>A lamp that stands on a desk and gives a warm and steady light.</p>" * 40_000
    got = (await client.post("/extract", json={"content": content, "formats": ["text"]})).json()
    assert got["content_truncated"]["truncated_at_bytes"] < len(content)
    assert got["content_quality"]["word_count"] > 1_000
    thin = (await client.post("/extract", json={"content": LAMP})).json()
    assert (thin["quality_warning"]["code"], thin["content_truncated"]) == ("thin_content", None)


async def test_a_profile_shapes_the_answer(client: Client) -> None:
    for field in ("extraction_profile", "extraction_template"):
        got = (await client.post("/extract", json={"content": LAMP, field: "article"})).json()
        assert (got["formats"]["json"]["@type"], got["extraction_profile"]) == ("Article", "article")


@pytest.mark.parametrize(
    ("kind", "content"), [("text", "Plain words.\nMore."), ("markdown", "# Head\n\nSome *words*.")]
)
async def test_text_and_markdown(client: Client, kind: str, content: str) -> None:
    body = {"content": content, "content_type": kind, "formats": ["text"]}
    assert "ords" in (await client.post("/extract", json=body)).json()["formats"]["text"]


async def test_content_above_the_limit_is_too_large(client: Client) -> None:
    answer = await client.post("/extract", json={"content": "x" * (MAX_CONTENT_CHARS + 1)})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (413, "CONTENT_TOO_LARGE", "content")


async def test_each_character_of_the_content_may_be_escaped(client: Client) -> None:
    content = json.dumps({"content": "é" * 2_500_000, "formats": ["raw"]}).encode()
    answer = await client.post("/extract", content=content, headers={"Content-Type": "application/json"})
    assert answer.json()["content_size_chars"] == 2_500_000


@pytest.mark.parametrize("prefix", ["", "data:application/pdf;base64,"])
async def test_a_pdf_in_base64(client: Client, prefix: str) -> None:
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, "Words on paper")
    canvas.save()
    body = {"content": prefix + base64.b64encode(page.getvalue()).decode(), "formats": ["text"]}
    assert "Words on paper" in (await client.post("/extract", json=body)).json()["formats"]["text"]


@pytest.mark.parametrize(
    ("body", "status", "code", "said"),
    [
        ({"content": "   "}, 400, "VALIDATION_ERROR", "content"),
        ({}, 400, "VALIDATION_ERROR", "content"),
        ({"content": "x", "formats": ["pdf"]}, 400, "VALIDATION_ERROR", "formats.0"),
        ({"content": "x", "extraction_schema": {"a": "strng"}}, 400, "VALIDATION_ERROR", "/a"),
        (
            {"content": "x", "extraction_profile": "faq", "extraction_template": "faq"},
            400,
            "VALIDATION_ERROR",
            "extraction_template: is another name",
        ),
        ({"content": "x", "extraction_prompt": "What does it cost?"}, 400, "LLM_KEY_MISSING", "extraction_prompt"),
        ({"content": "x", "template": "none of mine"}, 404, "NOT_FOUND", "none of mine"),
        ({"content": "x", "extraction_model": "gpt-4o"}, 400, "LLM_KEY_MISSING", "extraction_model"),
        ({"content": "x", "extraction_provider": "groq"}, 400, "LLM_KEY_MISSING", "extraction_provider"),
        ({"content": "x", "cache": "only"}, 404, "NOT_FOUND", "cached"),
        ({"content": "JVBERi0xLjQ"}, 400, "VALIDATION_ERROR", "PDF"),
        ({"content": "JVBERi0\u00e9"}, 400, "VALIDATION_ERROR", "PDF"),
        ({"content": "x", "template": "a\0"}, 400, "VALIDATION_ERROR", "NUL"),
        ({"content": "x", "extraction_schema": {"a": {"default": 10**30}}}, 400, "VALIDATION_ERROR", "/a/default"),
        ({"content": "x", "extraction_schema": {"a\0": "string"}}, 400, "VALIDATION_ERROR", "NUL"),
        ({"content": "<p></p>", "formats": ["text"]}, 422, "EXTRACTION_FAILED", "text"),
    ],
)
async def test_what_cannot_be_done_costs_nothing(
    client: Client, account: Account, body: dict[str, Any], status: int, code: str, said: str
) -> None:
    answer = await client.post("/extract", json=body)
    got = answer.json()
    assert (answer.status_code, got["code"]) == (status, code), got
    assert said in got["message"]
    assert await account.charges() == []


async def test_an_empty_balance_is_refused(call_as: CallAs, server_database: Database) -> None:
    poor = await new_account(server_database, dollars=0.002)
    answer = await (await call_as(poor)).post("/extract", json={"content": LAMP})
    assert (answer.status_code, answer.json()["code"]) == (402, "INSUFFICIENT_BALANCE")


async def test_large_content_costs_more(client: Client, account: Account) -> None:
    body = {"content": f"<p>{'word ' * 210_000}</p>", "formats": ["raw"]}
    assert (await client.post("/extract", json=body)).json()["credits_used"] == 5
    assert await account.charges() == [5_000]


async def test_estimate(client: Client) -> None:
    small = (await client.get("/extract/estimate", params={"content_length": 1})).json()
    assert small["estimated_cost_microcents"] == 2_500
    assert small["estimated_cost_usd"] == 0.0025
    params = {"content_length": 5_000_000, "has_extraction_prompt": True}
    large = (await client.get("/extract/estimate", params=params)).json()
    assert large["breakdown"] == {"base": 2_500, "llm": 1_000, "large_content": 2_500}
    assert (await client.get("/extract/estimate", params={"content_length": 0})).is_client_error


async def test_usage_newest_first_and_its_sum(client: Client, call_as: CallAs, server_database: Database) -> None:
    for name in ("product", "article", "faq"):
        await client.post("/extract", json={"content": LAMP, "extraction_profile": name})
    page = (await client.get("/extract/usage", params={"page_size": 2})).json()
    assert [item["extraction_profile"] for item in page["items"]] == ["faq", "article"]
    assert (page["total"], page["page"], page["page_size"], page["has_more"]) == (3, 1, 2, True)
    last = (await client.get("/extract/usage", params={"page_size": 2, "page": 2})).json()
    assert ([item["extraction_profile"] for item in last["items"]], last["has_more"]) == (["product"], False)
    assert (await client.get("/extract/usage", params={"date_to": "2001-01-01"})).json()["total"] == 0
    assert "date_from" in (await client.get("/extract/usage", params={"date_from": "soon"})).json()["message"]
    assert (await client.get("/extract/usage", params={"page": 10**18})).status_code == 400
    for params in ({"hours": 1}, {"days": 2}, {}):
        summary = (await client.get("/extract/usage/summary", params=params)).json()
        assert summary == {"total_requests": 3, "total_cost_microcents": 7_500}
    assert (await client.get("/extract/usage/summary", params={"hours": 1, "days": 1})).status_code == 400
    other = await call_as(await new_account(server_database))
    assert (await other.get("/extract/usage")).json()["total"] == 0


async def test_a_scrape_and_the_items_of_a_batch_take_a_template(client: Client, target: Callable[[str], str]) -> None:
    await client.post("/extract/templates", json={"name": "priced", "schema": {"cost": "number"}})
    page = {"url": target("/product"), "formats": ["json"]}
    for name in ("priced", "product"):
        got = (await client.post("/scrape", json=page | {"template": name})).json()
        assert got["filtered_content"] == got["content"]["json"]
        assert got["filtered_content"]["cost" if name == "priced" else "price"] == 48.5
    wrong = page | {"template": "none"}
    for path, body, status in (
        ("/scrape", wrong, 404),
        ("/scrape/estimate", wrong, 404),
        ("/batch", {"urls": [wrong]}, 422),
    ):
        answer = await client.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, "NOT_FOUND"), answer.text
    batch = (await client.post("/batch", json={"urls": [page | {"template": "priced"}]})).json()

    async def result() -> dict[str, Any] | None:
        item = (await client.get(f"/batch/{batch['batch_id']}")).json()["items"][0]
        found: dict[str, Any] | None = item.get("result")
        return found

    assert (await eventually_async(result, what="the batch"))["filtered_content"] == {"cost": 48.5}


async def test_templates(client: Client, call_as: CallAs, server_database: Database) -> None:
    listed = (await client.get("/extract/templates")).json()
    assert listed["total"] == 8
    assert all(template["builtin"] for template in listed["templates"])
    builtin = (await client.get("/extract/templates/product")).json()
    assert builtin["schema"]["properties"]["price"] == {"type": "number"}

    saved = await client.post("/extract/templates", json={"name": "cheap", "schema": {"cost": "number"}})
    template = saved.json()
    assert saved.status_code == 201, template
    assert template["schema"] == {"cost": "number"}
    assert (await client.get("/extract/templates")).json()["total"] == 9
    assert (await client.get(f"/extract/templates/{template['id']}")).json() == template
    for name in ("cheap", template["id"]):
        got = (await client.post("/extract", json={"content": LAMP, "template": name})).json()
        assert got["filtered_content"] == {"cost": 19.5}
    priced = "<h1>Desk lamp</h1><p>$19.50</p>"  # nothing of it says that it is a product, but its template does
    product = (await client.post("/extract", json={"content": priced, "template": "product"})).json()
    assert (product["extraction_profile"], product["filtered_content"]["price"]) == ("product", 19.5)

    for name in ("cheap", " cheap ", "product"):
        assert (
            await client.post("/extract/templates", json={"name": name, "schema": {"a": "string"}})
        ).status_code == 409
    refused = await client.post("/extract/templates", json={"name": "bad", "schema": {"a": "strng"}})
    assert (refused.status_code, refused.json()["field"], refused.json()["details"]["pointer"]) == (400, "schema", "/a")

    blank = await client.post("/extract/templates", json={"name": "  ", "schema": {"a": "string"}})
    assert (blank.status_code, blank.json()["field"]) == (400, "name")

    other = await call_as(await new_account(server_database))
    path = f"/extract/templates/{template['id']}"
    assert [(await other.get(path)).status_code, (await other.delete(path)).status_code] == [404, 404]
    builtin = await client.delete("/extract/templates/product")
    assert (builtin.status_code, "comes with the server" in builtin.json()["detail"]) == (404, True)
    assert [(await client.delete(path)).status_code, (await client.delete(path)).status_code] == [204, 404]
