"""Scrapes that need a browser: what they bring, what they cost, and who may fetch their files."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from tests.e2e.conftest import CallAs, Client
from tests.site import HostileSite
from tests.support.accounts import Account, new_account
from tests.support.running import Running

from alterlab_server.db import Database

RENDERED = {"render_js": True}


async def test_script_built_page_climbs_to_a_browser_and_the_host_is_remembered(
    client: Client, site: HostileSite, account: Account
) -> None:
    body = {"url": site.url("/shell"), "formats": ["text"]}
    first = (await client.post("/scrape", json=body)).json()
    assert "These words were not in the source" in first["content"]["text"]
    assert [step["result"] for step in first["billing"]["escalations"]][-1] == "success"
    assert first["billing"]["tier_used"] == "3.5"
    assert await account.charges() == [2_500]
    await client.post("/scrape", json=body)
    again = (await client.post("/scrape", json=body)).json()
    assert again["domain_difficulty"]["total_attempts"] >= 2


async def test_screenshot_and_pdf_are_downloads_of_their_owner_alone(
    client: Client, site: HostileSite, server: Running, server_database: Database, call_as: CallAs
) -> None:
    advanced = RENDERED | {"screenshot": True, "generate_pdf": True}
    answer = await client.post("/scrape", json={"url": site.url("/article"), "formats": ["text"], "advanced": advanced})
    body = answer.json()
    assert answer.status_code == 200, body
    assert body["billing"]["tier_used"] == "4"
    assert body["billing"]["total_credits"] == 4 + 1 + 2
    stranger = await call_as(await new_account(server_database))
    for field, magic in (("screenshot_url", b"\x89PNG"), ("pdf_url", b"%PDF-")):
        address = server.url + body[field]
        assert (await client.get(address)).content.startswith(magic)
        assert (await stranger.get(address)).status_code == 404


async def test_a_page_whose_scripts_remove_it_shows_nothing_and_costs_nothing(
    client: Client, site: HostileSite, account: Account
) -> None:
    html = "<h1>Here and gone</h1><p>Words.</p><script>document.documentElement.remove()</script>"
    url = site.url("/browser/page?" + urlencode({"html": html}))
    answer = await client.post("/scrape", json={"url": url, "advanced": RENDERED | {"screenshot": True}})
    assert (answer.status_code, answer.json()["code"]) == (422, "ALL_TIERS_FAILED")
    assert answer.json()["detail"] == "The page shows neither text nor media."
    assert await account.charges() == [0]


async def test_actions_are_recorded_and_a_failing_one_ends_nothing(client: Client, site: HostileSite) -> None:
    actions = [
        {"type": "click", "selector": "#not-there"},
        {"type": "evaluate", "script": "document.title"},
    ]
    body = {"url": site.url("/article"), "formats": ["text"], "advanced": RENDERED | {"actions": actions}}
    results = (await client.post("/scrape", json=body)).json()["action_results"]
    assert [(step["type"], step["success"]) for step in results] == [("click", False), ("evaluate", True)]


async def test_screenshot_of_an_action_is_a_download(client: Client, site: HostileSite, server: Running) -> None:
    advanced = RENDERED | {"actions": [{"type": "screenshot"}]}
    body = {"url": site.url("/article"), "formats": ["text"], "advanced": advanced}
    (row,) = (await client.post("/scrape", json=body)).json()["action_results"]
    assert row["success"]
    picture = await client.get(server.url + row["result"]["screenshot_url"])
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "fields",
    [
        {"advanced": {"screenshot": True}},
        {"advanced": {"generate_pdf": True, "render_js": "auto"}},
        {"advanced": {"actions": [{"type": "wait", "milliseconds": 1}]}},
        {"advanced": {"scroll_to_load": True}},
    ],
)
async def test_what_needs_a_browser_is_refused_without_one(
    client: Client, site: HostileSite, fields: dict[str, object]
) -> None:
    answer = await client.post("/scrape", json={"url": site.url("/article")} | fields)
    assert answer.status_code == 400
    assert "render_js" in answer.json()["detail"]


async def test_tier_cap_below_what_the_page_needs_names_the_needed_tier(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/shell"), "cost_controls": {"max_tier": "3"}}
    answer = await client.post("/scrape", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "TIER_LIMIT_REACHED"
    assert answer.json()["details"]["required_tier"] == "3.5"


async def test_images_are_loaded_on_hosts_where_pages_fail_without_them(
    client: Client, target: Callable[[str], str]
) -> None:
    body = {"url": target("/shell/pictured"), "formats": ["text"], "advanced": RENDERED}
    answers = [await client.post("/scrape", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 200]
    assert "open from nine to five" in answers[2].json()["content"]["text"]


async def test_a_page_that_grows_is_scrolled_unless_that_is_refused(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/browser/list?ask=no"), "formats": ["text"], "advanced": RENDERED}
    texts = {}
    for scroll in (None, False):
        answer = await client.post("/scrape", json=body | {"enable_scroll": scroll})
        texts[scroll] = answer.json()["content"]["text"]
    assert "row 10" in texts[False]
    assert "row 11" not in texts[False]
    assert "row 11" in texts[None]


async def test_selector_that_matches_nothing_is_told_of(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/article"), "formats": ["text"], "wait_for": "<<<", "advanced": RENDERED}
    answer = (await client.post("/scrape", json=body)).json()
    assert answer["warning"] == "Nothing matched wait_for (<<<) in time."
    del body["wait_for"]
    assert "warning" not in (await client.post("/scrape", json=body)).json()


@pytest.mark.parametrize("tier", ["3.5", "4"])
async def test_a_user_agent_of_the_callers_is_not_contradicted(client: Client, site: HostileSite, tier: str) -> None:
    fields = {"formats": ["raw"], "headers": {"User-Agent": "mine/1"}, "cost_controls": {"force_tier": tier}}
    answer = await client.post("/scrape", json={"url": site.url("/browser/echo"), **fields})
    seen = answer.json()["content"]["raw"]
    assert '"user-agent": "mine/1"' in seen
    assert "sec-ch-ua" not in seen
