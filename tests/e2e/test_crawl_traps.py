"""Sites that lead on for ever: a crawl ends within its bounds, and its status says why."""

from collections.abc import Callable
from urllib.parse import urlencode

from tests.e2e.conftest import Client
from tests.e2e.test_crawl import Address, crawl
from tests.support.accounts import Account


async def test_a_calendar_without_end_stops_at_the_pages_or_the_depth(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    url = site_of("plain")("/trap/calendar/1")
    wide = await crawl(client, url, max_pages=20, max_depth=50)
    assert (wide["completed"], wide["stopped_by"]) == (20, "max_pages")
    shallow = await crawl(client, url, max_depth=2)
    assert (shallow["completed"], shallow["stopped_by"]) == (6, None)
    assert shallow["skipped"]["depth"] > 0


async def test_session_ids_make_no_new_pages(client: Client, site_of: Callable[[str], Address]) -> None:
    body = await crawl(client, site_of("plain")("/trap/session"), max_depth=50)
    assert (body["status"], body["completed"], body["total_discovered"]) == ("completed", 1, 1)
    assert body["skipped"] == {"same_page": 2}


async def test_growing_paths_are_called_a_trap(client: Client, site_of: Callable[[str], Address]) -> None:
    body = await crawl(client, site_of("plain")("/trap/growing/"), max_depth=50)
    assert body["completed"] <= 4
    assert body["skipped"]["trap"] == 1


async def test_one_page_under_many_addresses_is_a_duplicate(
    client: Client, site_of: Callable[[str], Address], account: Account
) -> None:
    canonical = await crawl(client, site_of("plain")("/trap/same/0"), max_pages=10, max_depth=50)
    assert (canonical["completed"], canonical["skipped"]["duplicate"]) == (1, 10)
    facets = await crawl(client, site_of("plain")("/trap/facets"), max_depth=50)
    assert (facets["completed"], facets["skipped"]["duplicate"]) == (1, 40)
    assert await account.charges() == [200, 200]


async def test_pages_that_all_name_the_front_page_are_pages_of_their_own(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    named = "<link rel=canonical href=/><p>A page of a site that calls its front page the address of each, number"
    second = "/browser/page?" + urlencode({"html": f"{named} two."})
    start = "/browser/page?" + urlencode({"html": f'{named} one.<a href="{second}">on</a>'})
    body = await crawl(client, site_of("plain")(start))
    assert (body["completed"], body["skipped"]) == (2, {})


async def test_circles_of_redirects_fail_with_their_reason(client: Client, site_of: Callable[[str], Address]) -> None:
    alone = await crawl(client, site_of("plain")("/redirect/loop"))
    assert (alone["status"], alone["failed"]) == ("failed", 1)
    assert alone["error"] == f"No page could be scraped. The first: {alone['pages'][0]['error']}"
    body = await crawl(client, site_of("plain")("/trap/circle/start"))
    assert (body["status"], body["completed"], body["failed"]) == ("partial", 1, 2)
    for page in (*alone["pages"], *(page for page in body["pages"] if page["status"] == "failed")):
        assert "redirect" in page["error"]


async def test_a_sitemap_of_a_million_lines_is_read_as_far_as_a_crawl_may_know(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    url, path = site_of("plain")("/tree/0"), "/maps/million.txt.gz"
    body = await crawl(client, url, max_pages=5, sitemap="only", sitemap_path=path)
    assert (body["completed"], body["stopped_by"], body["total_discovered"]) == (5, "max_pages", 10_000)
    assert body["skipped"]["too_many"] > 0


async def test_a_start_page_that_leads_to_another_site_means_that_one(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    start, tree = site_of("plain"), site_of("private")
    body = await crawl(client, start(f"/redirect/to?url={tree('/tree/0')}"), max_depth=1)
    assert {page["url"] for page in body["pages"][1:]} == {tree("/tree/1"), tree("/tree/3")}
    assert (body["skipped"]["robots"], body["skipped"]["off_site"]) == (1, 1)
    mapped = site_of("mapped")
    body = await crawl(client, start(f"/redirect/to?url={mapped('/tree/0')}"), max_depth=1)
    assert {page["url"] for page in body["pages"][1:]} == {mapped(f"/tree/{n}") for n in (1, 2, 3, 20, 30, 39)}
    only = await crawl(client, start("/tree/0"), sitemap="only", sitemap_path="/maps/away.txt")
    assert (only["completed"], only["skipped"]) == (0, {"off_site": 1})


async def test_files_are_skipped_and_do_not_count_as_failed(client: Client, site_of: Callable[[str], Address]) -> None:
    html = (
        "<p>A page of words with two files.</p><a href=/image/sign.png>1</a><a href=/a.zip>2</a><a href=/article>3</a>"
    )
    body = await crawl(client, site_of("plain")("/browser/page?" + urlencode({"html": html})), max_depth=1)
    assert (body["status"], body["completed"], body["skipped"]["file"]) == ("completed", 2, 2)
    alone = await crawl(client, site_of("plain")("/image/sign.png"))
    assert alone["pages"][0]["error_code"] == "UNSUPPORTED_CONTENT_TYPE"
