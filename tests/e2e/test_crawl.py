import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.e2e.conftest import CallAs, Client
from tests.site import HostileSite
from tests.site.tree import TREE_PAGES, WEARY_PAGES
from tests.site.wire import Request
from tests.support.accounts import Account, new_account
from tests.support.waiting import eventually_async

from alterlab_server.db import Database
from alterlab_server.frontier.address import split
from alterlab_server.hosts import repository

OPEN = ("discovering", "scraping")
CHEAP = {"cost_controls": {"max_tier": "1"}, "formats": ["text"]}
Address = Callable[[str], str]


async def crawl(client: Client, url: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/crawl", json={"url": url, **CHEAP, **fields})
    assert answer.status_code == 202, answer.text
    return await crawl_ended(client, answer.json()["crawl_id"])


async def crawl_ended(client: Client, crawl_id: str) -> dict[str, Any]:
    async def status() -> dict[str, Any] | None:
        body: dict[str, Any] = (await client.get(f"/crawl/{crawl_id}")).json()
        return None if body["status"] in OPEN else body

    body = await eventually_async(status, what="the end of the crawl")
    assert body is not None
    results = (await client.get(f"/crawl/{crawl_id}", params={"include_results": "true"})).json()
    assert results["results"] == results["pages"]
    return body | {"pages": results["pages"]}


def _paths(body: dict[str, Any]) -> list[str]:
    return sorted(page["url"].partition(".localhost:")[2].partition("/")[2] for page in body["pages"])


async def test_every_page_once_and_charged_once(
    client: Client, site_of: Callable[[str], Address], site: HostileSite, account: Account
) -> None:
    body = await crawl(client, site_of("plain")("/tree/0"), max_pages=100, max_depth=10)
    assert (body["status"], body["completed"], body["failed"], body["total"]) == ("completed", 40, 0, 40)
    assert len(set(_paths(body))) == TREE_PAGES
    assert body["skipped"] == {"off_site": 1, "same_page": TREE_PAGES + 1}
    assert body["stopped_by"] is None
    assert [result["url"] for result in body["results"]] == [page["url"] for page in body["pages"]]
    assert "content" not in body["results"][0]
    assert all("has a text of its own" in page["content"]["text"] for page in body["pages"])
    asked = [request.path for request in site.requests if request.path.startswith("/tree/")]
    assert len(asked) == len(set(asked)) == TREE_PAGES
    assert await account.charges() == [TREE_PAGES * 200]
    assert body["billing"]["tier_breakdown"] == {"1": TREE_PAGES}
    assert (body["credits_debited"], body["billing"]["credits_used"], body["billing"]["credits_refunded"]) == (
        20,
        8,
        12,
    )


async def test_depth_and_page_limits(client: Client, site_of: Callable[[str], Address]) -> None:
    shallow = await crawl(client, site_of("plain")("/tree/0"), max_depth=1)
    assert _paths(shallow) == ["tree/0", "tree/1", "tree/2", "tree/3"]
    assert shallow["current_depth"] == 1
    alone = await crawl(client, site_of("plain")("/tree/0"), max_depth=0)
    assert _paths(alone) == ["tree/0"]
    few = await crawl(client, site_of("plain")("/tree/0"), max_pages=7)
    assert (few["completed"], few["stopped_by"]) == (7, "max_pages")


async def test_no_more_is_held_than_the_known_pages_may_cost(
    client: Client, site_of: Callable[[str], Address], account: Account
) -> None:
    alone = await crawl(client, site_of("plain")("/tree/0"), max_depth=0, cost_controls={})
    assert (alone["completed"], alone["credits_debited"]) == (1, 4), "one page at the highest price"
    assert await account.charges() == [200]
    more = await crawl(client, site_of("plain")("/tree/0"), max_depth=2, cost_controls={})
    assert more["credits_debited"] > 10, "each page that is under way is covered at its highest price"
    assert more["billing"]["estimated_cost_usd"] == "$0.01", "as it was told at the start"


async def test_what_is_told_at_the_start_is_what_is_paid_for(client: Client, site_of: Callable[[str], Address]) -> None:
    async def told(**fields: Any) -> tuple[int, ...]:
        body = (await client.post("/crawl", json={"url": site_of("plain")("/tree/0"), **CHEAP, **fields})).json()
        await client.delete(f"/crawl/{body['crawl_id']}")
        return body["estimated_pages"], body["total_enqueued"], body["estimated_credits"]

    assert await told() == (50, 1, 10)
    assert await told(max_depth=0) == (1, 1, 1)
    assert await told(max_pages=1000, cost_controls={"max_tier": "1", "max_credits": 2}) == (10, 1, 2)
    assert await told(budget={"/tree/1*": 2, "*": 5}) == (7, 1, 2)
    assert await told(sitemap="only") == (50, 0, 10)


async def test_patterns_priority_and_budget(client: Client, site_of: Callable[[str], Address]) -> None:
    some = await crawl(
        client, site_of("plain")("/tree/0"), include_patterns=["/tree/1*", "/tree/4"], exclude_patterns=["*/13", "*/15"]
    )
    assert _paths(some) == ["tree/0", "tree/1", "tree/14", "tree/4"]
    priority = {"boost_patterns": ["/tree/3", "/tree/1?"], "demote_patterns": ["/tree/[12]"]}
    wanted = await crawl(client, site_of("plain")("/tree/0"), max_pages=5, max_concurrency=1, priority=priority)
    assert _paths(wanted) == ["tree/0", "tree/10", "tree/11", "tree/12", "tree/3"]
    kept = await crawl(client, site_of("plain")("/tree/0"), budget={"/tree/1*": 2, "*": 5}, max_depth=10)
    assert kept["budget_status"]["counts"] == {"/tree/1*": 2, "*": 5}
    assert set(kept["budget_status"]["exhausted"]) == {"/tree/1*", "*"}
    assert kept["stopped_by"] == "budget"
    assert kept["completed"] == 7


async def test_robots(client: Client, site_of: Callable[[str], Address], site: HostileSite) -> None:
    body = await crawl(client, site_of("private")("/tree/0"), max_depth=10)
    assert body["skipped"]["robots"] >= 2
    assert not [r for r in site.requests if r.path in ("/tree/5", "/tree/2", "/tree/20")]
    broken = await crawl(client, site_of("broken")("/tree/0"))
    assert (broken["status"], broken["pages"][0]["error_code"]) == ("failed", "ROBOTS_UNREACHABLE")
    assert broken["pages"][0]["error"].endswith("it answered with status 503.")
    nowhere = await crawl(client, "http://nowhere.invalid/")
    assert (nowhere["status"], nowhere["pages"][0]["error_code"]) == ("failed", "DNS_ERROR")
    ignored = await crawl(client, site_of("private")("/tree/0"), max_depth=10, respect_robots=False)
    assert ignored["completed"] == TREE_PAGES


async def test_crawl_delay_is_kept(client: Client, site_of: Callable[[str], Address], site: HostileSite) -> None:
    begun = time.monotonic()
    body = await crawl(client, site_of("slow")("/tree/0"), max_pages=4)
    asked = sorted(request.at for request in site.requests if request.path.startswith("/tree/"))
    assert body["completed"] == len(asked) == 4
    # A request may leave late, and then the next seems early; none may come before its turn since the beginning.
    for number, moment in enumerate(asked):
        assert moment - begun >= number * 0.5


async def test_a_page_is_asked_for_three_times_at_most(
    client: Client, target: Address, site: HostileSite, account: Account
) -> None:
    body = await crawl(client, target("/status/429"), max_depth=0)
    assert (body["status"], body["pages"][0]["error_code"]) == ("failed", "RATE_LIMITED")
    assert sum(request.path == "/status/429" for request in site.requests) == 3
    assert await account.charges() == [0]


async def test_sitemaps(client: Client, site_of: Callable[[str], Address]) -> None:
    only = await crawl(client, site_of("mapped")("/tree/0"), sitemap="only")
    assert _paths(only) == ["tree/20", "tree/30", "tree/39"]
    both = await crawl(client, site_of("mapped")("/tree/0"), max_depth=1)
    assert _paths(both) == ["tree/0", "tree/1", "tree/2", "tree/20", "tree/3", "tree/30", "tree/39"]
    boosted = {"boost_patterns": ["/tree/3*"]}
    first = await crawl(client, site_of("mapped")("/tree/0"), max_pages=1, priority=boosted)
    assert _paths(first) == ["tree/0"], "the page that was asked for, whatever is wanted more"
    none = await crawl(client, site_of("mapped")("/tree/0"), max_depth=1, sitemap="skip")
    assert _paths(none) == ["tree/0", "tree/1", "tree/2", "tree/3"]
    given = await crawl(client, site_of("plain")("/tree/0"), sitemap="only", sitemap_path="/maps/pages.xml.gz")
    assert len(given["pages"]) == 3
    missing = await crawl(client, site_of("plain")("/tree/0"), sitemap="only", sitemap_path="/maps/none.xml")
    assert (missing["status"], missing["pages"]) == ("failed", [])
    assert missing["error"] == "No sitemap was found that names a page of this crawl."


async def _refusal_known(database: Database, url: str) -> None:
    """Wait until the store knows that the host of `url` is asked too much."""

    async def known() -> bool:
        async with database.statement() as connection:
            return (await repository.get(connection, split(url).authority)).slowed_at > 0

    await eventually_async(known, what="the news of the refusal")


async def test_a_host_that_is_asked_too_much_is_asked_slowly_by_all(
    client: Client, site_of: Callable[[str], Address], site: HostileSite, server_database: Database
) -> None:
    asked = {"url": site_of("plain")("/busy/0"), **CHEAP, "max_concurrency": 1}

    def busy() -> list[Request]:
        return [request for request in site.requests if request.path.startswith("/busy/")]

    first = (await client.post("/crawl", json=asked)).json()["crawl_id"]
    await _refusal_known(server_database, asked["url"])
    second = (await client.post("/crawl", json=asked)).json()["crawl_id"]
    for crawl_id in (first, second):
        body = await crawl_ended(client, crawl_id)
        assert (body["status"], body["completed"]) == ("completed", 5)
    refused, later = busy()[1], busy()[2:]
    assert len(later) == 9, "the page that was refused is asked for once more"
    assert min(request.at for request in later) - refused.at >= 0.9, "Retry-After is heeded by both crawls"
    assert later[-1].at - later[0].at >= (len(later) - 1) * 0.5, "and what follows comes slowly"


async def test_two_crawls_of_a_host_fall_silent_when_one_is_refused(
    client: Client, site_of: Callable[[str], Address], server_database: Database
) -> None:
    asked = {"url": site_of("plain")("/weary/0"), **CHEAP, "max_pages": WEARY_PAGES, "max_concurrency": 2}
    crawls = [(await client.post("/crawl", json=asked)).json()["crawl_id"] for _ in range(2)]
    await _refusal_known(server_database, asked["url"])
    for crawl_id in crawls:

        async def silent(crawl_id: str = crawl_id) -> bool:
            body = (await client.get(f"/crawl/{crawl_id}")).json()
            return body["status"] not in OPEN or body["in_progress"] == 0

        await eventually_async(silent, what="the silence")
        body = (await client.delete(f"/crawl/{crawl_id}")).json()
        assert body["status"] == "cancelled", "it has not gone on to its end"


async def test_cancel_gives_back(client: Client, site_of: Callable[[str], Address], account: Account) -> None:
    url = site_of("sleepy")("/tree/0")
    crawl_id = (await client.post("/crawl", json={"url": url, **CHEAP})).json()["crawl_id"]

    async def begun() -> bool:
        return bool((await client.get(f"/crawl/{crawl_id}")).json()["completed"])

    await eventually_async(begun)
    answer = await client.delete(f"/crawl/{crawl_id}")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "cancelled")
    body = await crawl_ended(client, crawl_id)
    assert (body["status"], body["in_progress"]) == ("cancelled", 0)
    assert told["pages_scraped"] == body["completed"] > 0
    assert (told["credits_used"], told["credits_refunded"]) == (body["credits_used"], 10 - body["credits_used"])
    assert await account.charges() == [200 * body["completed"]]
    assert (await client.delete(f"/crawl/{crawl_id}")).status_code == 409


async def test_stream_tells_each_page_and_ends(client: Client, site_of: Callable[[str], Address]) -> None:
    crawl_id = (await client.post("/crawl", json={"url": site_of("plain")("/tree/0"), **CHEAP})).json()["crawl_id"]
    async with client.stream("GET", f"/crawl/{crawl_id}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        lines = [line async for line in answer.aiter_lines()]
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    assert events.count("page.completed") == TREE_PAGES
    assert events[-1] == "crawl.completed"
    again = (await client.get(f"/crawl/{crawl_id}/stream")).text
    assert again.count("event: crawl.completed") == 1
    assert [line for line in lines if line.startswith("id: ")] == [f"id: {number + 1}" for number in range(TREE_PAGES)]
    rest = await client.get(f"/crawl/{crawl_id}/stream", headers={"Last-Event-ID": "38"})
    assert rest.text.count("event: page.completed") == TREE_PAGES - 38
    assert (rest.text.count("id: 39\n"), rest.text.count("event: crawl.completed")) == (1, 1)
    strange = await client.get(f"/crawl/{crawl_id}/stream", headers={"Last-Event-ID": "x" * 30})
    assert strange.text == again


async def test_results_are_paged(client: Client, site_of: Callable[[str], Address]) -> None:
    crawl_id = (await crawl(client, site_of("plain")("/tree/0")))["crawl_id"]
    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        params = {"include_results": "true", "limit": 15, "cursor": cursor}
        body = (await client.get(f"/crawl/{crawl_id}", params=params)).json()
        seen += [page["url"] for page in body["pages"]]
        cursor = body["next_cursor"]
    assert len(seen) == len(set(seen)) == TREE_PAGES
    beyond = await client.get(f"/crawl/{crawl_id}", params={"include_results": "true", "cursor": TREE_PAGES})
    assert (beyond.json()["pages"], beyond.json()["next_cursor"]) == ([], None)
    senseless = await client.get(f"/crawl/{crawl_id}", params={"include_results": "true", "cursor": 10**20})
    assert (senseless.status_code, senseless.json()["field"]) == (400, "cursor")


async def test_limits_and_refusals(
    client: Client, call_as: CallAs, site_of: Callable[[str], Address], server_database: Database
) -> None:
    url = site_of("sleepy")("/tree/0")
    started = [await client.post("/crawl", json={"url": url, **CHEAP}) for _ in range(4)]
    assert [answer.status_code for answer in started] == [202, 202, 202, 429]
    for answer in started[:3]:
        await client.delete(f"/crawl/{answer.json()['crawl_id']}")
    poor = await call_as(await new_account(server_database, dollars=0.001))
    assert (await poor.post("/crawl", json={"url": url})).status_code == 402
    assert (await poor.get(f"/crawl/{started[0].json()['crawl_id']}")).status_code == 404
    forbidden = await client.post("/crawl", json={"url": url, "headers": {"Host": "x"}})
    assert (forbidden.status_code, forbidden.json()["field"]) == (400, "headers")


async def test_credit_limit_of_the_wholecrawl(client: Client, site_of: Callable[[str], Address]) -> None:
    controls = {"max_tier": "1", "max_credits": 1}
    body = await crawl(client, site_of("plain")("/tree/0"), max_depth=10, cost_controls=controls)
    assert (body["completed"], body["stopped_by"]) == (5, "max_credits")
    # Also what no longer covers the dearest tier is used.
    body = await crawl(client, site_of("plain")("/tree/0"), max_depth=10, cost_controls={"max_credits": 5})
    assert (body["completed"], body["stopped_by"], body["credits_used"]) == (25, "max_credits", 5)
    # A page that would need more than is left does not count as failed.
    body = await crawl(client, site_of("plain")("/shell/linked"), cost_controls={"max_credits": 5})
    assert (body["status"], body["completed"], body["stopped_by"]) == ("completed", 2, "max_credits")
    # Nor does one whose error a tier might have got past that is no longer covered.
    html = (
        "<p>The first is built by script, and the second is a fault.</p><a href=/shell>1</a><a href=/status/500>2</a>"
    )
    start = site_of("plain")("/browser/page?" + urlencode({"html": html}))
    body = await crawl(client, start, cost_controls={"max_credits": 5})
    assert (body["completed"], body["failed"], body["stopped_by"]) == (2, 0, "max_credits")


async def test_cached_pages_are_free_and_lead_on(
    client: Client, site_of: Callable[[str], Address], site: HostileSite, account: Account
) -> None:
    url = site_of("plain")("/tree/0")
    fields: dict[str, Any] = {"cache": True, "max_depth": 10}
    first = await crawl(client, url, **fields)
    second = await crawl(client, url, **fields)
    assert (first["completed"], first["cached"]) == (TREE_PAGES, 0)
    assert (second["completed"], second["cached"], second["skipped"]) == (TREE_PAGES, TREE_PAGES, first["skipped"])
    assert all(page["cached"] and page["credits_used"] == 0 for page in second["pages"])
    assert sum(request.path.startswith("/tree/") for request in site.requests) == TREE_PAGES
    assert sum(await account.charges()) == TREE_PAGES * 200
    usage = (await client.get("/usage")).json()
    assert usage["requests"] == {"total": 80, "successful": 80, "failed": 0, "cached": 40}
    assert usage["by_tier"]["1"] == usage["by_mode"]["html"] / 2 == TREE_PAGES
    anew = await crawl(client, url, force_refresh=True, **fields)
    assert anew["cached"] == 0


async def test_a_header_asks_that_links_are_not_followed(client: Client, target: Address) -> None:
    """Whether the page was fetched or found in the cache."""
    html = "<h1>A page</h1><p>With words enough to be a page of its own.</p><a href=/article>Read on</a>"
    url = target("/browser/page?" + urlencode({"html": html, "robots": "noindex;AlterLab: nofollow"}))
    for cached in range(2):
        body = await crawl(client, url, cache=True, max_depth=1)
        assert (body["completed"], body["cached"], body["skipped"]) == (1, cached, {"nofollow": 1})
    assert (await crawl(client, url, max_depth=1, respect_robots=False))["completed"] == 2


async def test_a_scrapes_cached_answer_serves_acrawl(client: Client, site_of: Callable[[str], Address]) -> None:
    url = site_of("plain")("/tree/0")
    await client.post("/scrape", json={"url": url, "cache": True, **CHEAP})
    body = await crawl(client, url, cache=True, max_depth=1)
    assert (body["completed"], body["cached"]) == (4, 1)


async def test_each_page_has_a_screenshot(client: Client, site_of: Callable[[str], Address], account: Account) -> None:
    url = site_of("plain")("/tree/0")
    body = await crawl(client, url, max_pages=2, advanced={"screenshot": True}, cost_controls={})
    assert body["completed"] == 2
    addresses = {page["screenshot_url"] for page in body["pages"]}
    assert len(addresses) == 2
    for address in addresses:
        image = await client.get(f"{str(client.base_url).removesuffix('/api/v1/')}{address}")
        assert image.content.startswith(b"\x89PNG")
    assert await account.charges() == [2 * (4000 + 1000)]
