"""Every field of a crawl request: what is refused by name, and what reaches the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.e2e.conftest import Client
from tests.e2e.test_crawl import Address, crawl, crawl_ended
from tests.site import HostileSite
from tests.support.accounts import Account, new_account

from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.service import QUEUE_SIZE
from alterlab_server.db import Database
from alterlab_server.scrape.schemas import PageRequest

URL = "https://example.com/"
HOOK = "https://8.8.8.8/hook"

# A body, and the field that the refusal names.
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"url": None}, "url"),
    ({"url": "ftp://example.com/"}, "url"),
    ({"max_pages": 0}, "max_pages"),
    ({"max_pages": 100_001}, "max_pages"),
    ({"max_depth": 51}, "max_depth"),
    ({"include_patterns": [""]}, "include_patterns.0"),
    ({"exclude_patterns": "/x"}, "exclude_patterns"),
    ({"formats": ["pdf"]}, "formats.0"),
    ({"extraction_schema": {"a": "strng"}}, "extraction_schema"),
    ({"extraction_schema": {"a": "\0"}}, "extraction_schema"),
    ({"extraction_profile": "everything"}, "extraction_profile"),
    ({"extraction_model": "gpt"}, "extraction_model"),
    ({"extraction_prompt": "What is it?"}, "extraction_prompt"),
    ({"extraction_provider": "groq"}, "extraction_provider"),
    ({"respect_robots": "perhaps"}, "respect_robots"),
    ({"include_subdomains": "some"}, "include_subdomains"),
    ({"sitemap": "maybe"}, "sitemap"),
    ({"sitemap_path": "sitemap.xml"}, "sitemap_path"),
    ({"max_concurrency": 51}, "max_concurrency"),
    ({"advanced": {"max_concurrency": 51}}, "max_concurrency"),
    ({"advanced": {"timeout": 301}}, "advanced.timeout"),
    ({"advanced": {"delay": 31}}, "advanced.delay"),
    ({"advanced": {"render_js": "maybe"}}, "advanced.render_js"),
    ({"advanced": {"use_proxy": True}}, "advanced.use_proxy"),
    ({"cost_controls": {"max_tier": "2", "force_tier": "3"}}, "cost_controls"),
    ({"priority": {"keywords": "all"}}, "priority.keywords"),
    ({"budget": {"/x": -1}}, "budget./x"),
    ({"cache_ttl": 59}, "cache_ttl"),
    ({"headers": {"Connection": "close"}}, "headers"),
    ({"headers": {str(number): "x" for number in range(51)}}, "headers"),
    ({"storage": "tape"}, "storage"),
    ({"webhook_url": "http://10.0.0.1/"}, "webhook_url"),
    ({"webhook": {"url": "http://10.0.0.1/"}}, "webhook.url"),
    ({"webhook": {"url": HOOK}, "webhook_url": HOOK}, "webhook_url"),
    ({"webhook": {"url": HOOK, "events": ["job.completed"]}}, "webhook.events.0"),
    ({"webhook": {"url": HOOK, "events": ["crawl.completed", "crawl.done"]}}, "webhook.events.1"),
    ({"webhook": {"url": HOOK, "metadata": {"a": "\0"}}}, "webhook.metadata"),
    ({"webhook": {"url": HOOK, "metadata": {"a": "x" * 20_000}}}, "webhook.metadata"),
    ({"change_tracking": {"enabled": True, "mode": "visual"}}, "change_tracking.mode"),
    ({"output": {"type": "ftp"}}, "output"),
    ({"method": "POST"}, "method"),
    ({"body": "x"}, "body"),
    ({"timeout": 301}, "advanced.timeout"),
    ({"advanced": {"section_filter": {"colour": "red"}}}, "advanced.section_filter.colour"),
    ({"extraction_template": "product", "extraction_profile": "product"}, "extraction_template"),
    ({"extraction_schema": {"a": "string"}, "template": "product"}, "template"),
    ({"sticky_session": "cart"}, "sticky_session"),
    ({"advanced": {"use_own_proxy": True}}, "advanced.use_own_proxy"),
]


@pytest.mark.parametrize(("body", "field"), REFUSED, ids=lambda value: str(value)[:60])
async def test_what_is_wrong_is_refused_by_name_and_costs_nothing(
    client: Client, account: Account, body: dict[str, Any], field: str
) -> None:
    answer = await client.post("/crawl", json={"url": URL} | body)
    assert answer.status_code == 400, answer.text
    assert "match pattern" not in answer.text
    named = answer.json().get("field", "")
    assert named == field or named.startswith(f"{field}.")
    assert await account.balance() == 10_000_000


async def test_a_template_that_does_not_exist_is_a_404(client: Client) -> None:
    answer = await client.post("/crawl", json={"url": URL, "template": "nobody's"})
    assert (answer.status_code, answer.json()["field"]) == (404, "template")


def test_every_field_of_its_own_stands_in_the_table() -> None:
    own = set(CrawlRequest.model_fields) - set(PageRequest.model_fields)  # those of its pages are the scrape's
    assert own <= {name for body, _ in REFUSED for name in body}


async def test_what_is_made_of_a_page_is_as_in_a_scrape(client: Client, target: Address) -> None:
    asked: dict[str, Any] = {
        "url": target("/product"),
        "formats": ["json", "json_v2"],
        "template": "article",
        "evidence": True,
        "promote_schema_org": False,
        "include_raw_html": True,
        "advanced": {"section_filter": {"min_content_blocks": 2, "content_only": True}},
        "cost_controls": {"max_tier": "1"},
    }
    scraped = (await client.post("/scrape", json=asked)).json()
    page = (await crawl(client, max_depth=0, **asked))["pages"][0]
    made = ("content", "filtered_content", "evidence", "raw_html")
    assert [page[name] for name in made] == [scraped[name] for name in made]
    assert page["evidence"]
    assert len(page["content"]["json_v2"]["sections"]) == 1


async def test_a_saved_template_is_what_it_was_when_the_crawl_was_accepted(client: Client, target: Address) -> None:
    saved = await client.post("/extract/templates", json={"name": "prices", "schema": {"price": "number"}})
    body = {"url": target("/product"), "max_depth": 0, "template": "prices", "formats": ["json"]}
    accepted = (await client.post("/crawl", json=body)).json()
    await client.delete(f"/extract/templates/{saved.json()['id']}")
    ended = await crawl_ended(client, accepted["crawl_id"])
    assert ended["pages"][0]["filtered_content"] == {"price": 48.5}


async def test_headers_reach_every_page_wherever_they_are_given(
    client: Client, site_of: Callable[[str], Address], site: HostileSite
) -> None:
    url = site_of("plain")("/tree/0")
    await crawl(client, url, max_depth=1, headers={"X-Token": "top"}, advanced={"max_concurrency": 2})
    await crawl(client, url, max_depth=1, advanced={"headers": {"X-Token": "inner"}})
    seen = [request.headers.get("x-token") for request in site.requests if request.path.startswith("/tree/")]
    assert seen == ["top"] * 4 + ["inner"] * 4


async def test_delay_and_profile(client: Client, site_of: Callable[[str], Address], site: HostileSite) -> None:
    url = site_of("plain")("/tree/0")
    body = await crawl(
        client, url, max_depth=1, formats=["json"], extraction_profile="article", advanced={"delay": 0.5}
    )
    assert all(page["content"]["json"] for page in body["pages"])
    times = [request.at for request in site.requests if request.path.startswith("/tree/")]
    assert times[-1] - times[0] >= 3 * 0.5 * 0.6


async def test_pages_are_rendered_and_waited_for(client: Client, target: Address) -> None:
    asked = {"advanced": {"render_js": True, "wait_for": "#late", "block_images": True}, "cost_controls": {}}
    body = await crawl(client, target("/browser/late"), max_depth=0, **asked)
    assert (body["status"], body["billing"]["tier_breakdown"]) == ("completed", {"4": 1})


async def test_503_when_the_queue_is_full(client: Client, account: Account, server_database: Database) -> None:
    now = utc_now()
    filling = text(
        "INSERT INTO crawls (id, organization_id, url, lane_runs, max_depth, holds, created_at, deadline_at) "
        "SELECT id, :organization, 'http://a.test/', '{0}', 0, '{0}', :now, :later "
        "FROM unnest(CAST(:ids AS uuid[])) AS id"
    )
    stranger = await new_account(server_database)
    values = {"ids": [new_id() for _ in range(QUEUE_SIZE)], "now": now, "later": now + timedelta(days=1)}
    try:
        async with server_database.transaction() as transaction:
            await transaction.execute(filling, values | {"organization": stranger.id})
        answer = await client.post("/crawl", json={"url": URL})
    finally:
        async with server_database.transaction() as transaction:
            await transaction.execute(text("DELETE FROM crawls WHERE organization_id = :id"), {"id": stranger.id})
    assert (answer.status_code, answer.json()["code"]) == (503, "QUEUE_FULL")
    assert int(answer.headers["Retry-After"]) > 0
    assert await account.balance() == 10_000_000
