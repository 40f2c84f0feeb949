import json
import re
import tempfile
from pathlib import Path

import pytest
from tests.integration.browser.helpers import LOOPBACK, fetch, good, page_url
from tests.site import HostileSite
from tests.support.waiting import eventually

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser import navigation, waits, weight
from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.navigation import Navigation, NothingShownError
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier

BOTH = pytest.mark.parametrize("tier_class", [BrowserTier, LightBrowserTier])


def echoed(page: Page) -> dict[str, object]:
    text = re.search(r"<pre>(.*)</pre>", page.body.decode(), re.DOTALL)
    assert text
    seen: dict[str, object] = json.loads(text[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return seen


@BOTH
async def test_scripts_run(
    site: HostileSite, pool: BrowserPool, tier_class: type[BrowserTier | LightBrowserTier]
) -> None:
    page = await good(tier_class(pool), site.url("/shell"))
    assert b"Built by script" in page.body
    assert page.rendered
    assert (page.status, page.final_url) == (200, site.url("/shell"))


@BOTH
@pytest.mark.usefixtures("patient")
async def test_what_a_script_asks_for_is_waited_for(
    site: HostileSite, pool: BrowserPool, tier_class: type[BrowserTier | LightBrowserTier]
) -> None:
    script = "fetch('/browser/soon').then((r) => r.text()).then((text) => { p.textContent = 'came ' + text })"
    page = await good(tier_class(pool), page_url(site, f"<p id=p></p><script>{script}</script>"))
    assert b"came soon" in page.body


async def test_a_loading_that_is_aborted_once_is_begun_again(
    site: HostileSite, pool: BrowserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, opened = Navigation.go, []

    async def aborted_at_first(self: Navigation, url: str, budget: Budget) -> Failure | None:
        opened.append(url)
        if len(opened) == 1:
            raise NothingShownError("aborted")
        return await go(self, url, budget)

    monkeypatch.setattr(Navigation, "go", aborted_at_first)
    assert (await good(BrowserTier(pool), site.url("/article"))).status == 200
    opened.clear()
    nothing = await fetch(BrowserTier(pool), FetchRequest(site.url("/status/304")))
    assert isinstance(nothing, Failure)
    assert nothing.verdict == Verdict.REJECTED
    assert len(opened) == 2


async def test_the_body_is_utf_8_whatever_the_server_said(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), page_url(site, "<p>na\u00efve</p>"))
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "na\u00efve" in page.body.decode()


async def test_redirects_of_server_and_script_are_recorded(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), page_url(site, "<script>location = '/redirect/chain/2'</script>"))
    assert [hop.status_code for hop in page.redirects] == [200, 302, 302]
    assert page.final_url == site.url("/article")
    assert page.status == 200


async def test_status_and_headers_are_those_of_the_page(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), page_url(site, "<h1>Gone</h1>", status="410"))
    assert page.status == 410
    assert b"<h1>Gone</h1>" in page.body


async def test_method_body_headers_and_cookies_reach_the_server(site: HostileSite, pool: BrowserPool) -> None:
    request = FetchRequest(
        site.url("/browser/echo"),
        method="POST",
        headers={"Content-Type": "application/json", "X-Team": "blue", "User-Agent": "Tester/1.0"},
        cookies={"flavour": "oat"},
        body=b'{"a": 1}',
        browser=BrowserOptions(language="de"),
    )
    seen = echoed(await good(BrowserTier(pool), request))
    headers = seen["headers"]
    assert isinstance(headers, dict)
    assert (seen["method"], seen["body"]) == ("POST", '{"a": 1}')
    assert headers["content-type"] == "application/json"
    assert headers["x-team"] == "blue"
    assert headers["user-agent"] == "Tester/1.0"
    assert headers["cookie"] == "flavour=oat"
    assert headers["accept-language"].startswith("de")


async def test_the_browser_does_not_call_itself_headless(site: HostileSite, pool: BrowserPool) -> None:
    seen = echoed(await good(BrowserTier(pool), site.url("/browser/echo")))
    assert "headless" not in json.dumps(seen).lower()


async def test_headers_of_the_caller_do_not_follow_to_another_origin(site: HostileSite, pool: BrowserPool) -> None:
    async with HostileSite() as other:
        away = site.url(f"/redirect/to?url={other.url('/browser/echo')}")
        request = FetchRequest(away, headers={"Authorization": "Bearer secret"}, cookies={"sid": "secret"})
        page = await good(BrowserTier(pool), request)
        assert page.final_url == other.url("/browser/echo")
        assert site.requests[0].headers["authorization"] == "Bearer secret"
        assert all("authorization" not in seen.headers for seen in other.requests)


async def test_a_site_that_asks_for_a_password_gets_none(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), site.url("/browser/challenge-login"))
    assert page.status == 401
    assert all("authorization" not in request.headers for request in site.requests)


async def test_cookies_that_the_target_set_come_back(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), FetchRequest(site.url("/browser/memory?name=x"), cookies={"mine": "1"}))
    assert page.cookies == {"visitor": "x"}


@BOTH
async def test_a_pdf_comes_as_its_bytes(
    site: HostileSite, pool: BrowserPool, tier_class: type[BrowserTier | LightBrowserTier]
) -> None:
    page = await good(tier_class(pool), site.url("/browser/small.pdf"))
    assert page.body.startswith(b"%PDF-1.7")
    assert page.content_type == "application/pdf"
    assert not page.rendered


async def test_json_comes_as_its_bytes(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), page_url(site, '{"a": 1}', type="application/json"))
    assert page.body == b'{"a": 1}'
    assert not page.rendered


async def test_the_body_is_cut_at_its_cap(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(BrowserTier(pool), FetchRequest(page_url(site, "<p>" + "word " * 500), max_bytes=1000))
    assert len(page.body) == 1000
    assert page.truncated
    assert (page.original_bytes or 0) > 2500


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/redirect/loop", Verdict.REDIRECT_LOOP),
        ("/redirect/private", Verdict.REFUSED),
        ("/cut", Verdict.NETWORK_ERROR),
    ],
)
async def test_failures_have_names(site: HostileSite, pool: BrowserPool, path: str, verdict: Verdict) -> None:
    outcome = await fetch(BrowserTier(pool), site.url(path))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is verdict


async def test_an_unknown_host_is_a_dns_error(pool: BrowserPool) -> None:
    outcome = await fetch(BrowserTier(pool), "http://nowhere.invalid/")
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.DNS_ERROR


async def test_a_page_that_leads_itself_astray_is_no_page(site: HostileSite, pool: BrowserPool) -> None:
    outcome = await fetch(BrowserTier(pool), page_url(site, "<script>location = 'http://10.0.0.1/'</script>"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED


@pytest.mark.parametrize("html", ["<script>while (true) {}</script>", "<script>for (;;) alert(1)</script>"])
async def test_a_page_that_never_yields_ends_at_the_deadline(site: HostileSite, pool: BrowserPool, html: str) -> None:
    outcome = await fetch(BrowserTier(pool), page_url(site, html), seconds=3.0)
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TIMEOUT
    assert (await good(BrowserTier(pool), site.url("/article"))).status == 200


async def test_a_page_that_never_rests_is_read_all_the_same(
    site: HostileSite, pool: BrowserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "_IDLE_SECONDS", 1.0)
    page = await good(BrowserTier(pool), site.url("/browser/polling"))
    assert b"Ticker" in page.body


async def test_an_endless_document_is_read_as_far_as_it_came(site: HostileSite) -> None:
    pool = BrowserPool(Gate(LOOPBACK), PoolOptions(max_job_bytes=1_000_000))
    try:
        page = await good(BrowserTier(pool), site.url("/browser/endless-document"))
        assert b"another thing happened" in page.body
        assert len(page.body) < 2_000_000
    finally:
        await pool.close()


@pytest.mark.parametrize("path", ["/gzip-bomb", "/endless"])
@BOTH
async def test_a_document_too_large_to_be_shown_ends_at_once(
    site: HostileSite,
    pool: BrowserPool,
    monkeypatch: pytest.MonkeyPatch,
    tier_class: type[BrowserTier | LightBrowserTier],
    path: str,
) -> None:
    monkeypatch.setattr(weight, "MAX_DOCUMENT_BYTES", 1_500_000)
    monkeypatch.setattr(weight, "_PATIENT_SECONDS", 0.0)
    outcome = await fetch(tier_class(pool), site.url(path))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.TOO_LARGE


async def test_an_endless_download_ends_at_the_budget(site: HostileSite) -> None:
    pool = BrowserPool(Gate(LOOPBACK), PoolOptions(max_job_bytes=1_000_000))
    try:
        page = await good(BrowserTier(pool), site.url("/browser/endless-download"))
        assert page.truncated
        assert len(page.body) < 2_000_000
    finally:
        await pool.close()


async def test_a_download_that_unpacks_to_more_than_is_wanted_is_given_up(
    site: HostileSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pool = BrowserPool(Gate(LOOPBACK))
    try:
        page = await good(BrowserTier(pool), FetchRequest(site.url("/gzip-bomb-download"), max_bytes=1_000_000))
        assert page.body == b"a" * 1_000_000
        assert page.truncated
        assert page.original_bytes is None
        eventually(lambda: not list(tmp_path.rglob("*.crdownload")))
    finally:
        await pool.close()


async def test_a_download_beside_the_document_is_given_up(
    site: HostileSite, pool: BrowserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[str] = []
    monkeypatch.setattr(navigation, "discard", lambda download: given_up.append(download.url))
    html = "<h1>Shown</h1><iframe src='/gzip-bomb-download'></iframe><script src='/browser/soon'></script>"
    page = await good(BrowserTier(pool), page_url(site, html))
    assert b"Shown" in page.body
    assert page.rendered
    assert given_up == [site.url("/gzip-bomb-download")]


async def test_early_hints_come_before_the_page(site: HostileSite, pool: BrowserPool) -> None:
    assert (await good(BrowserTier(pool), site.url("/early-hints"))).status == 200


async def test_a_popup_is_not_kept(site: HostileSite, pool: BrowserPool) -> None:
    html = "<script>var opened = [1, 2, 3].map(() => window.open('/article'))</script><h1>Opener</h1>"
    all_closed = "opened.every((popup) => popup.closed) ? done(opened.length) : setTimeout(look, 10)"
    script = f"new Promise((done) => {{ const look = () => {all_closed}; look() }})"
    request = FetchRequest(
        page_url(site, html), browser=BrowserOptions(actions=({"type": "evaluate", "script": script},))
    )
    page = await good(BrowserTier(pool), request)
    assert b"Opener" in page.body
    assert page.action_results[0]["result"] == 3


async def test_a_page_that_reloads_itself_for_ever_is_read(site: HostileSite, pool: BrowserPool) -> None:
    page = await good(
        BrowserTier(pool), page_url(site, "<h1>Again</h1><script>onload = () => location.reload()</script>")
    )
    assert b"Again" in page.body
    assert len(page.redirects) < 50


@pytest.mark.usefixtures("patient")
async def test_a_page_that_closes_itself_is_given_up(site: HostileSite, pool: BrowserPool) -> None:
    outcome = await fetch(BrowserTier(pool), page_url(site, "<script>window.close()</script>"))
    assert isinstance(outcome, Page) or outcome.verdict is Verdict.NETWORK_ERROR
    assert len(pool.processes) == 1
    assert len(site.requests) <= 3


async def test_without_a_browser_the_tier_is_not_available(site: HostileSite) -> None:
    pool = BrowserPool(Gate(LOOPBACK), PoolOptions(executable="/nowhere/chromium"))
    outcome = await fetch(BrowserTier(pool), site.url("/article"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NOT_AVAILABLE
    assert site.requests == []
