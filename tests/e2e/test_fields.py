"""Every field of a scrape request: what is accepted, what is refused by name, and what reaches the target."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e.conftest import Client
from tests.site import HostileSite
from tests.support.accounts import Account

from alterlab_server.scrape.schemas import Advanced, CostControls, Location, ScrapeRequest
from alterlab_server.scrape.supported import NOT_SUPPORTED

Target = Callable[[str], str]
URL = "https://example.com/"

# A body, and the text by which the refusal names what is wrong.
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "url"),
    ({"url": None}, "url"),
    ({"url": 5}, "url"),
    ({"url": "ftp://example.com/"}, "http"),
    ({"url": "example.com"}, "URL"),
    ({"url": "http://a/\0"}, "URL"),
    ({"url": "http://user:secret@example.com/"}, "user name"),
    ({"url": "http://example.com/" + "a" * 8192}, "url"),
    ({"webhook": {"url": "https://example.com/"}}, "webhook: is a field of crawls; here give `webhook_url`"),
    ({"mode": "fast"}, "mode"),
    ({"sync": "perhaps"}, "sync"),
    ({"formats": []}, "formats"),
    ({"formats": ["pdf"]}, "formats.0"),
    ({"formats": "markdown"}, "formats"),
    ({"extraction_schema": {"a": "strng"}}, "at /a: there is no type 'strng'"),
    ({"timeout": 0}, "timeout"),
    ({"timeout": 301}, "timeout"),
    ({"include_raw_html": "often"}, "include_raw_html"),
    ({"cache": "often"}, "cache"),
    ({"cache_ttl": 59}, "cache_ttl"),
    ({"cache_ttl": 86_401}, "cache_ttl"),
    ({"max_response_bytes": -1}, "max_response_bytes"),
    ({"max_response_bytes": 52_428_801}, "max_response_bytes"),
    ({"filter_content": "some"}, "filter_content"),
    ({"advanced": 5}, "advanced"),
    ({"advanced": {"render_js": "maybe"}}, "advanced.render_js"),
    ({"advanced": {"screenshot": True}}, "screenshot"),
    ({"screenshot": True}, "screenshot"),
    ({"screenshot": True, "advanced": {"render_js": "auto"}}, "screenshot"),
    ({"advanced": {"generate_pdf": True}}, "advanced.generate_pdf"),
    ({"advanced": {"scroll_to_load": True}}, "advanced.scroll_to_load"),
    ({"advanced": {"include_iframes": True}}, "advanced.include_iframes"),
    ({"advanced": {"flatten_shadow_dom": True}}, "advanced.flatten_shadow_dom"),
    ({"advanced": {"scroll_count": 11}}, "advanced.scroll_count"),
    ({"advanced": {"wait_condition": "someday"}}, "advanced.wait_condition"),
    ({"advanced": {"wait_time": 60_001}}, "advanced.wait_time"),
    ({"advanced": {"viewport_width": 199}}, "advanced.viewport_width"),
    ({"advanced": {"viewport_height": 2161}}, "advanced.viewport_height"),
    ({"advanced": {"mobile": "rather"}}, "advanced.mobile"),
    ({"advanced": {"block_resources": ["words"]}}, "advanced.block_resources.0"),
    ({"advanced": {"proxy_country": "Germany"}}, "advanced.proxy_country"),
    ({"advanced": {"cookies": {str(n): "x" for n in range(101)}}}, "cookies"),
    ({"advanced": {"session_headers": {"Host": "evil.example"}}}, "advanced.session_headers"),
    ({"advanced": {"section_filter": {"colour": "red"}}}, "advanced.section_filter.colour"),
    ({"advanced": {"actions": [{"type": "click", "selector": "a"}]}}, "advanced.actions"),
    ({"advanced": {"render_js": True, "actions": [{"type": "jump"}]}}, "advanced.actions.0.type"),
    ({"advanced": {"render_js": True, "actions": [{"type": "click"}]}}, "selector"),
    ({"advanced": {"render_js": True, "actions": [{"type": "wait", "milliseconds": 1}] * 21}}, "advanced.actions"),
    ({"cost_controls": {"max_credits": 0}}, "cost_controls.max_credits"),
    ({"cost_controls": {"max_tier": "9"}}, "cost_controls.max_tier"),
    ({"cost_controls": {"force_tier": "warp"}}, "cost_controls.force_tier"),
    ({"cost_controls": {"force_tier": "3", "max_tier": "2"}}, "force_tier"),
    ({"cost_controls": {"time_budget": 4}}, "cost_controls.time_budget"),
    ({"cost_controls": {"time_budget": 301}}, "cost_controls.time_budget"),
    ({"cost_controls": {"fail_fast": "now"}}, "cost_controls.fail_fast"),
    ({"location": {"country": "Germany"}}, "location.country"),
    ({"location": {"language": "x"}}, "location.language"),
    ({"headers": {"Host": "evil.example"}}, "headers"),
    ({"headers": {"Transfer-Encoding": "chunked"}}, "headers"),
    ({"headers": {"bad name": "x"}}, "headers"),
    ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers"),
    ({"headers": {"X-A": "a" * 8193}}, "headers"),
    ({"headers": {f"X-{n}": "a" * 8000 for n in range(5)}}, "headers"),
    ({"headers": {f"X-{n}": "a" for n in range(51)}}, "headers"),
    ({"cookies": {"a": "b\r\nX-B: b"}}, "cookies"),
    ({"cookies": {"a;b": "c"}}, "cookies"),
    ({"cookies": {str(n): "x" for n in range(101)}}, "cookies"),
    ({"method": "TRACE"}, "method"),
    ({"body": "x"}, "body"),
    ({"method": "POST", "body": "x", "content_type": "multipart/form-data"}, "content_type"),
    ({"session_id": "mine"}, "session_id"),
    ({"sticky_session": "two words"}, "sticky_session"),
    ({"sticky_session_ttl": 299}, "sticky_session_ttl"),
    ({"extraction_schema": ["name"]}, "extraction_schema"),
    ({"extraction_schema": {"description": "x" * 65_536}}, "extraction_schema"),
    ({"extraction_prompt": "x" * 4001}, "extraction_prompt"),
    ({"extraction_profile": "poem"}, "extraction_profile"),
    ({"extraction_profile": "article", "extraction_template": "article"}, "extraction_profile"),
    ({"extraction_schema": {"a": "string"}, "template": "product"}, "template"),
    ({"extraction_provider": "nobody"}, "extraction_provider"),
    ({"evidence": "much"}, "evidence"),
    ({"promote_schema_org": "yes please"}, "promote_schema_org"),
    ({"wait_for": ""}, "wait_for"),
    ({"wait_until": "later"}, "wait_until"),
    ({"cost_controls": {"prefer": "luck"}}, "cost_controls.prefer"),
    ({"cost_controls": {"max_cost_dollars": "much"}}, "cost_controls.max_cost_dollars"),
    ({"cost_controls": {"max_cost_dollars": 0}}, "cost_controls.max_cost_dollars"),
    ({"enable_scroll": "down"}, "enable_scroll"),
    ({"pdf_format": "word"}, "pdf_format"),
    ({"ocr_language": "../../etc"}, "ocr_language"),
]


@pytest.mark.parametrize(("fields", "named"), REFUSED, ids=lambda value: str(value)[:60])
async def test_refused_by_name(client: Client, account: Account, fields: dict[str, Any], named: str) -> None:
    body = ({"url": URL} | fields) if fields else {}
    answer = await client.post("/scrape", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in {"VALIDATION_ERROR", "INVALID_URL"}
    assert named in answer.json()["detail"]
    assert await account.kinds() == {"deposit": 1}


async def test_a_field_of_several_types_is_refused_by_its_own_name(client: Client) -> None:
    refused = (await client.post("/scrape", json={"url": URL, "advanced": {"render_js": "maybe"}})).json()
    assert refused["field"] == "advanced.render_js"
    assert {error["field"] for error in refused["details"]["errors"]} == {"advanced.render_js"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "ftp://example.com/"}, "url"),
        ({"body": "x"}, "body"),
        ({"screenshot": True}, "screenshot"),
        ({"advanced": {"screenshot": True}}, "advanced.screenshot"),
        ({"advanced": {"include_iframes": True}}, "advanced.include_iframes"),
        ({"mode": "html", "mobile": True}, "advanced.mobile"),
        ({"mode": "pdf", "wait_time": 5}, "advanced.wait_time"),
        ({"cookies": {"a": "b"}, "session_id": "550e8400-e29b-41d4-a716-446655440000"}, "cookies"),
        ({"extraction_profile": "article", "extraction_template": "article"}, "extraction_template"),
        ({"cost_controls": {"force_tier": "3", "max_tier": "2"}}, "cost_controls.force_tier"),
        ({"advanced": {"render_js": True, "actions": [{"type": "click"}]}}, "advanced.actions.0.selector"),
        ({"advanced": {"use_proxy": True}}, "advanced.use_proxy"),
        ({"advanced": {"use_system_proxy": True}}, "advanced.use_system_proxy"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_contradicts_another_field_is_refused_by_its_name(
    client: Client, fields: dict[str, Any], field: str
) -> None:
    answer = await client.post("/scrape", json={"url": URL} | fields)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


# A value other than the default for what this server does not do.
UNSUPPORTED: dict[str, Any] = {
    "session_id": "550e8400-e29b-41d4-a716-446655440000",
    "advanced.session_id": "550e8400-e29b-41d4-a716-446655440000",
    "sticky_session": "cart",
    "embeddings": {"model": "text-embedding-3-small"},
    "advanced.use_own_proxy": True,
}


@pytest.mark.parametrize("path", sorted(UNSUPPORTED))
async def test_what_is_not_supported_is_refused_and_never_ignored(client: Client, path: str) -> None:
    # An integration is refused with the own proxy that it needs.
    assert {*UNSUPPORTED, "advanced.proxy_integration_id"} == set(NOT_SUPPORTED)
    owner, _, name = path.rpartition(".")
    fields = {owner: {name: UNSUPPORTED[path]}} if owner else {name: UNSUPPORTED[path]}
    answer = await client.post("/scrape", json={"url": URL} | fields)
    assert answer.status_code == 400
    assert answer.json()["code"] == "NOT_SUPPORTED"
    assert answer.json()["field"] in {path, name}


NEED_A_MODEL = ("extraction_prompt", "extraction_model", "extraction_provider")


@pytest.mark.parametrize("name", NEED_A_MODEL)
async def test_what_needs_a_model_says_that_its_key_is_missing(client: Client, name: str) -> None:
    answer = await client.post("/scrape", json={"url": URL, name: "openai"})
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == ("LLM_KEY_MISSING", name)


# What clients send, at the edges of its ranges and in its older spellings.
ACCEPTED: list[dict[str, Any]] = [
    {"nobody_knows_this_field": {"a": 1}, "advanced": {"nor_this": True}, "asp": True},
    {"advanced": None, "cost_controls": None, "location": None, "headers": None, "cookies": None, "timeout": None},
    {"mode": "auto", "sync": True, "timeout": 1, "formats": ["text", "json", "json_v2", "html", "markdown", "raw"]},
    {"timeout": 300, "cache_ttl": 60, "max_response_bytes": 0},
    {"cache_ttl": 86_400, "max_response_bytes": 52_428_800},
    {"include_raw_html": True, "force_refresh": True, "filter_content": True},
    {"advanced": {"render_js": "auto", "scroll_count": 10, "block_images": None, "markdown": True}},
    {"advanced": {"wait_condition": "load", "remove_cookie_banners": False, "session_headers": {"X-A": "b"}}},
    {"location": {"language": "pt-BR"}},
    {"advanced": {"cookies": {"a": "b"}, "section_filter": {"min_content_blocks": 1, "content_only": True}}},
    {"render_js": "auto", "wait_condition": "networkidle", "prefer_cost": True, "language": "deu"},
    {"language": "en"},
    {"advanced": {"section_filter": {"min_content_blocks": None, "exclude_content_types": None}}},
    {"advanced": {"render_js": True, "actions": [{"type": "scroll", "direction": None, "amount": None}]}},
    {"cost_controls": {"max_tier": 3, "force_tier": "1"}},
    {"cost_controls": {"max_tier": "3.5", "min_tier": 1, "prefer_cost": True}},
    {"cost_controls": {"max_tier": "captcha", "max_credits": 0.004, "time_budget": 5}},
    {"cost_controls": {"max_cost": 5, "time_budget": 300, "fail_fast": True}},
    {"min_tier": 1, "asp": True},
    {"headers": {"X-A": "a" * 8192}, "cookies": {str(n): "x" for n in range(100)}},
    {"method": "POST", "body": "{}", "content_type": "application/graphql"},
    {"method": "DELETE", "body": "a=b", "content_type": "application/x-www-form-urlencoded"},
    {"extraction_schema": {"type": "object"}, "evidence": True, "promote_schema_org": False},
    {"extraction_profile": "auto"},
    {"extraction_template": "product"},
    {"template": "product"},
    {"wait_until": "domcontentloaded", "wait_for": "#main", "enable_scroll": False},
    {"pdf_format": "text", "ocr_language": "eng+deu"},
    {"webhook_url": "https://127.0.0.1/told"},
]


@pytest.mark.parametrize("fields", ACCEPTED, ids=lambda value: str(value)[:60])
async def test_accepted(client: Client, fields: dict[str, Any]) -> None:
    answer = await client.post("/scrape/estimate", json={"url": URL} | fields)
    assert answer.status_code == 200, answer.text
    assert answer.json()["estimated_credits"] >= 1
    assert answer.json()["max_possible_credits"] >= answer.json()["estimated_credits"]


def test_every_field_is_in_a_table() -> None:
    tables = [fields for fields, _ in REFUSED] + ACCEPTED + [UNSUPPORTED]
    named = {name for fields in tables for name in fields} | {*NEED_A_MODEL}
    for part in ("advanced", "cost_controls", "location"):
        named |= {f"{part}.{name}" for fields in tables if isinstance(fields.get(part), dict) for name in fields[part]}
    models = {"": ScrapeRequest, "advanced.": Advanced, "cost_controls.": CostControls, "location.": Location}
    fields = {prefix + name for prefix, model in models.items() for name in model.model_fields}
    elsewhere = {
        "advanced.ocr",
        "advanced.use_proxy",
        "advanced.use_system_proxy",
        "advanced.proxy_integration_id",
        "cost_controls.prefer_speed",
    }
    assert fields - named == elsewhere


async def echoed(client: Client, site: HostileSite, target: Target, **fields: Any) -> str:
    """What the target saw of a request with these fields."""
    answer = await client.post("/scrape", json={"url": target("/echo"), "formats": ["raw"], **fields})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["content"]["raw"])


async def test_headers_cookies_and_language_reach_the_target(client: Client, site: HostileSite, target: Target) -> None:
    seen = await echoed(
        client,
        site,
        target,
        headers={"X-Custom": "given", "Referer": "https://example.com/"},
        cookies={"basket": "7"},
        location={"language": "de-AT"},
        advanced={"session_headers": {"X-Session": "too"}},
    )
    assert "x-custom: given" in seen
    assert "x-session: too" in seen
    assert "referer: https://example.com/" in seen
    assert "cookie: basket=7" in seen
    assert "accept-language: de-AT" in seen


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_method_and_body_reach_the_target_and_cost_half_as_much_again(
    client: Client, account: Account, site: HostileSite, target: Target, method: str
) -> None:
    seen = await echoed(client, site, target, method=method, body='{"a": 1}')
    assert seen.startswith(f"{method} /echo")
    assert "content-type: application/json" in seen
    assert seen.endswith('{"a": 1}')
    assert await account.charges() == [300]
    assert len(site.requests) == 1


async def test_ceiling_in_credits_dollars_and_microcents(client: Client) -> None:
    async def most(limit: float) -> Any:
        body = {"url": URL, "cost_controls": {"max_credits": limit}}
        return (await client.post("/scrape/estimate", json=body)).json()["max_possible_credits"]

    assert [await most(limit) for limit in (0.0003, 1, 2000)] == [1, 1, 2]


async def test_infinite_ceiling_is_refused(client: Client) -> None:
    body = b'{"url": "https://example.com/", "cost_controls": {"max_credits": 1e999}}'
    answer = await client.post("/scrape", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID_JSON"


@pytest.mark.parametrize("tier", ["1", "2", "3"])
async def test_headers_and_cookies_reach_the_target_in_utf_8(
    client: Client, site: HostileSite, target: Target, tier: str
) -> None:
    fields = {"headers": {"X-Town": "Łódź"}, "cookies": {"town": "Łódź"}, "cost_controls": {"force_tier": tier}}
    seen = await echoed(client, site, target, **fields)
    assert seen.count("Łódź".encode().decode("latin-1")) == 2
