"""Every HTTP tier against the hostile site: one suite for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from tests.site import HostileSite
from tests.support.running import closed_port

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier


@pytest.fixture
async def tier(kind: Callable[[Gate], Tier], gate: Gate) -> AsyncIterator[Tier]:
    made = kind(gate)
    yield made
    await made.close()


Soon = Callable[..., float]


async def page_at(tier: Tier, site: HostileSite, path: str, soon: Soon, **fields: object) -> Page:
    outcome = await tier.fetch(FetchRequest(site.url(path), **fields), soon())
    assert isinstance(outcome, Page), outcome
    return outcome


async def test_good_page(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/article", soon)
    assert page.status == 200
    assert page.content_type == "text/html"
    assert b"lighthouses" in page.body
    assert page.original_bytes == len(page.body)
    assert page.final_url == page.url == site.url("/article")


FAILURES = [
    ("/cut", Verdict.NETWORK_ERROR),
    ("/cut-headers", Verdict.NETWORK_ERROR),
    ("/cut-body", Verdict.CUT),
    ("/two-lengths", Verdict.NETWORK_ERROR),
    ("/broken-chunks", Verdict.CUT),
    ("/unended-chunks", Verdict.CUT),
    ("/huge-headers", Verdict.TOO_LARGE),
    ("/not-http", Verdict.NETWORK_ERROR),
    ("/redirect/loop", Verdict.REDIRECT_LOOP),
    ("/redirect/endless/1", Verdict.REDIRECT_LOOP),
    ("/redirect/private", Verdict.REFUSED),
    ("/redirect/metadata", Verdict.REFUSED),
    ("/redirect/file", Verdict.REFUSED),
]


@pytest.mark.parametrize(("path", "verdict"), FAILURES)
async def test_failures(tier: Tier, site: HostileSite, soon: Soon, path: str, verdict: Verdict) -> None:
    outcome = await tier.fetch(FetchRequest(site.url(path)), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is verdict
    assert outcome.reason.endswith(".")


@pytest.mark.parametrize(("path", "asked"), [("/redirect/loop", 1), ("/redirect/endless/1", 21)])
async def test_redirects_end(tier: Tier, site: HostileSite, soon: Soon, path: str, asked: int) -> None:
    await tier.fetch(FetchRequest(site.url(path)), soon())
    assert len(site.requests) == asked


async def test_a_page_that_refreshes_itself_is_the_answer(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(
        tier, site, "/browser/page?html=<meta%20http-equiv=refresh%20content='0;url=%23top'><h1>Clock</h1>", soon
    )
    assert b"Clock" in page.body
    assert len(site.requests) == 1


@pytest.mark.parametrize("path", ["/silent", "/slow-headers", "/slow-body"])
async def test_deadline_holds(tier: Tier, site: HostileSite, soon: Soon, path: str) -> None:
    outcome = await tier.fetch(FetchRequest(site.url(path)), soon(0.3))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TIMEOUT


async def test_broken_gzip_is_no_page(tier: Tier, site: HostileSite, soon: Soon) -> None:
    outcome = await tier.fetch(FetchRequest(site.url("/gzip-broken")), soon())
    assert isinstance(outcome, Failure)


@pytest.mark.parametrize(
    "path", ["/odd-headers", *(f"/odd-status/{text}" for text in ("abc", "2000", "99", "-1", "999"))]
)
async def test_odd_answers_are_a_page_or_a_failure(tier: Tier, site: HostileSite, soon: Soon, path: str) -> None:
    outcome = await tier.fetch(FetchRequest(site.url(path)), soon())
    assert isinstance(outcome, Page | Failure)
    assert isinstance(await tier.fetch(FetchRequest(site.url("/echo")), soon()), Page)


async def test_more_than_announced_is_dropped(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/too-long", soon)
    assert page.body.endswith(b"please.</p>")


@pytest.mark.parametrize("path", ["/endless", "/gzip-bomb"])
async def test_body_is_cut_at_the_cap(tier: Tier, site: HostileSite, soon: Soon, path: str) -> None:
    page = await page_at(tier, site, path, soon, max_bytes=100_000)
    assert page.truncated
    assert len(page.body) == 100_000


async def test_cap_tells_the_whole_size_when_it_is_known(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/sized?bytes=50000", soon, max_bytes=1000)
    assert (len(page.body), page.truncated) == (1000, True)
    assert page.original_bytes is not None
    assert page.original_bytes > 49_000


async def test_gzip(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/gzip", soon)
    assert page.body.startswith(b"<!doctype html>")


async def test_headers_of_early_hints_are_not_mixed_in(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/early-hints", soon)
    assert page.status == 200
    assert "link" not in page.headers


async def test_redirect_chain(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/redirect/chain/3", soon)
    assert [hop.status_code for hop in page.redirects] == [302, 302, 302]
    assert page.redirects[0].url == site.url("/redirect/chain/3")
    assert page.final_url == site.url("/article")


async def test_redirect_without_location_is_the_answer(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/redirect/nowhere", soon)
    assert page.status == 302


async def test_cookie_set_on_the_way_is_sent_back(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/redirect/cookie", soon)
    assert page.final_url == site.url("/article")
    assert page.cookies == {"visited": "yes"}


async def test_endless_redirect_body_does_not_hold(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/redirect/endless-body", soon)
    assert page.final_url == site.url("/article")


async def test_method_headers_cookies_and_body_arrive(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(
        tier,
        site,
        "/echo",
        soon,
        method="PUT",
        headers={"Content-Type": "application/json", "X-Mine": "1", "X-Empty": "", "Cookie": "own=0"},
        cookies={"a": "1", "b": "2"},
        body=b'{"null": "\\u0000"}\x00',
    )
    assert page.body.startswith(b"PUT /echo")
    assert page.body.endswith(b'{"null": "\\u0000"}\x00')
    sent = site.requests[-1].headers
    assert sent["content-type"] == "application/json"
    assert (sent["x-mine"], sent["x-empty"], sent["cookie"]) == ("1", "", "own=0; a=1; b=2")


async def test_post_without_body(tier: Tier, site: HostileSite, soon: Soon) -> None:
    page = await page_at(tier, site, "/echo", soon, method="POST")
    assert page.body.startswith(b"POST /echo")
    assert site.requests[-1].headers["content-length"] == "0"


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
async def test_method_after_a_redirect(tier: Tier, site: HostileSite, soon: Soon, status: int, method: str) -> None:
    page = await page_at(
        tier,
        site,
        f"/redirect/to?url=/echo&status={status}",
        soon,
        method="POST",
        body=b"x=1",
        headers={"Content-Type": "text/plain", "X-Mine": "1"},
    )
    assert page.body.startswith(f"{method} /echo".encode())
    assert page.body.endswith(b"x=1") == (method == "POST")
    assert ("content-type" in site.requests[-1].headers) == (method == "POST")
    assert site.requests[-1].headers["x-mine"] == "1"


async def test_a_body_that_goes_on_to_another_host_keeps_its_type(tier: Tier, site: HostileSite, soon: Soon) -> None:
    async with HostileSite() as other:
        path = f"/redirect/to?url={other.url('/echo')}&status=307"
        await page_at(tier, site, path, soon, method="POST", body=b"{}", headers={"Content-Type": "application/json"})
    assert (other.requests[-1].body, other.requests[-1].headers["content-type"]) == (b"{}", "application/json")


async def test_secrets_stay_at_home(tier: Tier, site: HostileSite, soon: Soon) -> None:
    async with HostileSite() as other:
        page = await page_at(
            tier,
            site,
            f"/redirect/to?url={other.url('/echo')}",
            soon,
            headers={"Authorization": "Bearer secret", "X-Api-Key": "secret", "Accept-Language": "de"},
            cookies={"session": "secret"},
        )
    assert page.final_url == other.url("/echo")
    assert b"secret" not in page.body
    assert other.requests[-1].headers["accept-language"] == "de"
    assert site.requests[-1].headers["authorization"] == "Bearer secret"


async def test_jobs_share_connections_but_no_cookies(tier: Tier, site: HostileSite, soon: Soon) -> None:
    await page_at(tier, site, "/redirect/cookie", soon, cookies={"mine": "1"})
    await page_at(tier, site, "/echo", soon)
    assert site.connections == 1
    assert "cookie" not in site.requests[-1].headers


async def test_cancelling_frees_the_connection(tier: Tier, site: HostileSite, soon: Soon) -> None:
    before = len(asyncio.all_tasks())
    await page_at(tier, site, "/echo", soon)
    fetching = asyncio.create_task(tier.fetch(FetchRequest(site.url("/slow-body")), soon()))
    await site.until(lambda: site.requests[-1].path == "/slow-body")
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    await site.until(lambda: site.open_connections == 0)
    await page_at(tier, site, "/echo", soon)
    assert len(asyncio.all_tasks()) <= before + 3


async def test_connects_only_to_the_judged_address(kind: Callable[[Gate], Tier], site: HostileSite, soon: Soon) -> None:
    async def resolve(host: str) -> list[object]:
        return [ip_address("127.0.0.1")]

    tier = kind(Gate([ip_network("127.0.0.1/32")], resolver=resolve))
    try:
        outcome = await tier.fetch(FetchRequest(f"http://pinned.example:{site.port}/echo"), soon())
    finally:
        await tier.close()
    assert isinstance(outcome, Page)
    assert site.requests[-1].host == f"pinned.example:{site.port}"


@pytest.mark.parametrize(("dead", "comes"), [(1, True), (2, True), (3, False)])
async def test_three_addresses_are_tried_when_some_are_dead(
    kind: Callable[[Gate], Tier], site: HostileSite, soon: Soon, dead: int, comes: bool
) -> None:
    async def resolve(host: str) -> list[object]:
        return [*(ip_address(f"127.0.0.{9 + number}") for number in range(dead)), ip_address("127.0.0.1")]

    tier = kind(Gate([ip_network("127.0.0.0/8")], resolver=resolve))
    try:
        outcome = await tier.fetch(FetchRequest(f"http://many.example:{site.port}/echo"), soon())
    finally:
        await tier.close()
    assert isinstance(outcome, Page) is comes


async def test_redirect_to_a_name_that_has_turned_private(
    kind: Callable[[Gate], Tier], site: HostileSite, soon: Soon
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])

    async def resolve(host: str) -> list[object]:
        return [ip_address(next(answers))]

    tier = kind(Gate([ip_network("127.0.0.1/32")], resolver=resolve))
    try:
        outcome = await tier.fetch(FetchRequest(f"http://rebinding.example:{site.port}/redirect/chain/1"), soon())
    finally:
        await tier.close()
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED


async def test_ipv6(kind: Callable[[Gate], Tier], soon: Soon) -> None:
    tier = kind(Gate([ip_network("::1/128")]))
    async with HostileSite("::1") as site:
        page = await page_at(tier, site, "/echo", soon)
        assert site.requests[-1].host == f"[::1]:{site.port}"
    await tier.close()
    assert page.status == 200


FORGED: list[dict[str, dict[str, str]]] = [
    {"headers": {"X-Mine": "1\r\nX-Forged: 1"}},
    {"headers": {"X-Mine\nX-Forged": "1"}},
    {"headers": {"Gr\u00fc\u00dfe": "1"}},
    {"headers": {"": "1"}},
    {"cookies": {"a": "1\r\nX-Forged: 1"}},
    {"cookies": {"a\n": "1"}},
]


@pytest.mark.parametrize("fields", FORGED)
async def test_forged_headers_are_not_sent(tier: Tier, site: HostileSite, soon: Soon, fields: dict[str, Any]) -> None:
    outcome = await tier.fetch(FetchRequest(site.url("/echo"), **fields), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert not site.requests


async def test_only_encodings_that_can_be_undone_are_asked_for(tier: Tier, site: HostileSite, soon: Soon) -> None:
    await page_at(tier, site, "/echo", soon, headers={"Accept-Encoding": "exotic"})
    assert "exotic" not in site.requests[-1].headers["accept-encoding"]


async def test_closed_port(tier: Tier, soon: Soon) -> None:
    with closed_port() as port:
        outcome = await tier.fetch(FetchRequest(f"http://127.0.0.1:{port}/"), soon())
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.UNREACHABLE


async def test_many_at_once(tier: Tier, site: HostileSite, soon: Soon) -> None:
    deadline = soon()
    paths = ["/article", "/gzip", "/cut-body", "/redirect/chain/2", "/status/404"] * 10
    outcomes = await asyncio.gather(*(tier.fetch(FetchRequest(site.url(path)), deadline) for path in paths))
    pages = [outcome for outcome in outcomes if isinstance(outcome, Page)]
    assert len(pages) == 40
