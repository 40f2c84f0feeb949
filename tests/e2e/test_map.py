from collections.abc import Callable
from urllib.parse import quote

import pytest
from tests.e2e.conftest import Client
from tests.site import HostileSite
from tests.site.tree import TREE_PAGES
from tests.support.accounts import Account

Address = Callable[[str], str]


async def test_links_and_sitemaps(client: Client, site_of: Callable[[str], Address], account: Account) -> None:
    at = site_of("mapped")
    answer = await client.post("/map", json={"url": at("/tree/0"), "max_depth": 1})
    body = answer.json()
    assert answer.status_code == 200, body
    assert {(item["url"], item["depth"], item["source"]) for item in body["urls"]} == {
        (at("/tree/0"), 0, "link"),
        *((at(f"/tree/{number}"), 1, "link") for number in (1, 2, 3)),
        *((at(f"/tree/{number}"), 0, "sitemap") for number in (20, 30, 39)),
    }
    assert body["total_urls"] == 7
    assert body["sitemap_found"] is True
    assert body["robots_txt"] == {"exists": True, "disallowed_paths": []}
    assert body["credits_used"] == 1
    assert await account.charges() == [1000]


async def test_all_of_a_site_within_bounds(client: Client, site_of: Callable[[str], Address]) -> None:
    url = site_of("plain")("/tree/0")
    assert (await client.post("/map", json={"url": url, "max_depth": 10})).json()["total_urls"] == TREE_PAGES
    few = (await client.post("/map", json={"url": url, "max_pages": 9})).json()
    assert (few["total_urls"], few["stopped_by"]) == (9, "max_pages")
    start = site_of("mapped")("/tree/0")
    for number in (1, 2):
        bounded = (await client.post("/map", json={"url": start, "max_pages": number})).json()
        assert (bounded["total_urls"], bounded["urls"][0]["url"]) == (number, start)
    only = {"url": start, "sitemap": "only"}
    assert (await client.post("/map", json=only)).json()["total_urls"] == 3


async def test_search_metadata_and_robots(client: Client, site_of: Callable[[str], Address]) -> None:
    at = site_of("private")
    asked = {"url": at("/tree/0"), "search": "page 4", "include_metadata": True, "max_depth": 2}
    body = (await client.post("/map", json=asked)).json()
    assert (body["urls"][0]["url"], body["urls"][0]["relevance_score"]) == (at("/tree/4"), 1.0)
    assert body["urls"][0]["title"] == "Page 4"
    assert body["robots_txt"]["disallowed_paths"] == ["/tree/2", "/tree/5$"]
    assert not {at("/tree/2"), at("/tree/5")} & {item["url"] for item in body["urls"]}


@pytest.mark.parametrize(
    "path",
    ["//example.com/x", "/\\example.com/x", "/\t/example.com/x", "/\n/example.com", "x.xml", "/a\0", "/" + "ü" * 5_000],
    ids=ascii,
)
async def test_a_sitemap_path_is_one_of_the_site(client: Client, target: Address, path: str) -> None:
    for call in ("/map", "/crawl"):
        answer = await client.post(call, json={"url": target("/"), "sitemap_path": path})
        assert (answer.status_code, answer.json()["field"]) == (400, "sitemap_path")


@pytest.mark.parametrize(
    ("meta", "header"), [("<meta name=robots content='noindex, nofollow'>", ""), ("", "noindex;alterlab: NoFollow")]
)
async def test_links_of_a_page_that_wants_none_followed(
    client: Client, target: Address, meta: str, header: str
) -> None:
    """As a crawl does: by `<meta name="robots">` or `X-Robots-Tag`, unless robots.txt is not heeded either."""
    html = f"{meta}<h1>A page</h1><p><a href=/article>Read on</a>"
    asked = {"url": target(f"/browser/page?html={quote(html)}&robots={quote(header)}"), "max_depth": 1}
    assert (await client.post("/map", json=asked)).json()["total_urls"] == 1
    assert (await client.post("/map", json=asked | {"respect_robots": False})).json()["total_urls"] == 2


async def test_crawl_delay_is_kept(client: Client, site_of: Callable[[str], Address], site: HostileSite) -> None:
    at = site_of("hasty")
    body = (await client.post("/map", json={"url": at("/tree/0"), "max_depth": 3, "sitemap": "skip"})).json()
    assert body["total_urls"] == TREE_PAGES
    times = [request.at for request in site.requests if request.path.startswith("/tree/")]
    assert len(times) == 13, "what is deepest is listed, and not looked at"
    assert times[-1] - times[0] >= 12 * 0.1 * 0.5
    ignored = {"url": site_of("slow")("/tree/0"), "max_depth": 10, "respect_robots": False}
    assert (await client.post("/map", json=ignored)).json()["total_urls"] == TREE_PAGES


async def test_a_start_page_that_robots_forbids_is_not_asked_for(
    client: Client, site_of: Callable[[str], Address], site: HostileSite, account: Account
) -> None:
    forbidden = await client.post("/map", json={"url": site_of("private")("/tree/5")})
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "ROBOTS_DISALLOWED")
    answer = await client.post("/map", json={"url": site_of("broken")("/tree/0")})
    assert (answer.status_code, answer.json()["code"]) == (502, "ROBOTS_UNREACHABLE")
    assert not [request for request in site.requests if request.path.startswith("/tree/")]
    assert await account.charges() == [0, 0]


async def test_hosts_of_the_domain_and_patterns(client: Client, site: HostileSite, target: Address) -> None:
    domain = target("/").removeprefix("http://").rstrip("/")
    start = {"url": f"http://hasty-0.{domain}/maze/0-9-3", "max_depth": 10, "sitemap": "skip"}
    whole = {**start, "include_subdomains": True, "exclude_patterns": ["/maze/8-*"]}
    found = (await client.post("/map", json=whole)).json()["urls"]
    assert sorted(item["url"].rpartition("/")[2] for item in found) == [f"{number}-9-3" for number in range(8)]
    assert {item["url"].partition(".")[0][-1] for item in found} == {"0", "1", "2"}
    one = (await client.post("/map", json=start)).json()
    assert {item["url"].partition(".")[0][-1] for item in one["urls"]} == {"0"}


async def test_patterns_choose_what_is_listed_and_not_what_is_followed(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    at = site_of("plain")
    asked = {
        "url": at("/tree/0"),
        "max_depth": 3,
        "include_patterns": ["/tree/1[0-9]"],
        "exclude_patterns": ["/tree/3"],
    }
    body = (await client.post("/map", json=asked)).json()
    assert [item["url"] for item in body["urls"]] == [at(f"/tree/{number}") for number in range(13, 20)]
    assert body["stopped_by"] is None
    near = (await client.post("/map", json=asked | {"max_depth": 2, "exclude_patterns": []})).json()["urls"]
    assert {(item["url"], item["depth"]) for item in near} == {(at(f"/tree/{number}"), 2) for number in (10, 11, 12)}


async def test_a_start_page_that_leads_to_another_site_means_that_one(
    client: Client, site_of: Callable[[str], Address], target: Address
) -> None:
    at = site_of("mapped")
    body = (await client.post("/map", json={"url": target(f"/redirect/to?url={at('/tree/0')}"), "max_depth": 1})).json()
    assert {item["url"] for item in body["urls"]} == {at(f"/tree/{number}") for number in (0, 1, 2, 3, 20, 30, 39)}
    assert body["robots_txt"]["exists"] is True
    forbidden = await client.post("/map", json={"url": target(f"/redirect/to?url={site_of('private')('/tree/5')}")})
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "ROBOTS_DISALLOWED")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/status/204", 422, "ALL_TIERS_FAILED"),
        ("/document/broken.pdf", 422, "PDF_BROKEN"),
        ("/status/500", 422, "ALL_TIERS_FAILED"),
        ("/status/404", 404, "TARGET_NOT_FOUND"),
        ("/redirect/private", 400, "URL_NOT_ALLOWED"),
    ],
)
async def test_what_cannot_be_had_is_called_as_in_a_scrape_and_costs_nothing(
    client: Client, target: Address, account: Account, path: str, status: int, code: str
) -> None:
    answer = await client.post("/map", json={"url": target(path)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["url"] == target(path)
    assert await account.charges() == [0]


async def test_the_error_of_a_dead_host_names_the_start_page(client: Client) -> None:
    answer = await client.post("/map", json={"url": "http://nobody.invalid/start"})
    assert (answer.json()["code"], answer.json()["url"]) == ("DNS_ERROR", "http://nobody.invalid/start")
