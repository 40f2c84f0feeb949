import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from tests.integration.browser.helpers import LOOPBACK, fetch, good, page_url
from tests.site import HostileSite
from tests.site.browser_captcha import KEY, SECRET, SITE_KEY
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.captcha.solver import Solver, SolverOptions
from alterlab_server.fetch.captcha.widgets import KINDS, Widget
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tiers.captcha import CaptchaTier
from alterlab_server.fetch.tiers.curl import CurlTier


@pytest.fixture
async def curl() -> AsyncIterator[CurlTier]:
    tier = CurlTier(Gate(LOOPBACK))
    yield tier
    await tier.close()


def solver_at(site: HostileSite, curl: CurlTier) -> Solver:
    return Solver(curl.fetch, SolverOptions(site.url("/solver"), KEY, poll_seconds=0.01))


def tasks(site: HostileSite) -> list[dict[str, object]]:
    return [json.loads(request.body)["task"] for request in site.requests if request.path == "/solver/createTask"]


def soon(seconds: float = PATIENCE) -> float:
    return asyncio.get_running_loop().time() + seconds


@pytest.mark.parametrize("kind", ["recaptcha", "hcaptcha", "turnstile", "framed"])
async def test_a_gate_opens_for_its_token(site: HostileSite, pool: BrowserPool, curl: CurlTier, kind: str) -> None:
    page = await good(CaptchaTier(pool, solver_at(site, curl)), site.url(f"/captcha/form/{kind}"))
    assert SECRET in page.body.decode()
    assert [(task["websiteURL"], task["websiteKey"]) for task in tasks(site)] == [
        (site.url(f"/captcha/form/{kind}"), SITE_KEY)
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/captcha/callback", {"type": "TurnstileTaskProxyless", "data": "extra"}),
        ("/captcha/score", {"type": "RecaptchaV3TaskProxyless", "pageAction": "read", "minScore": 0.7}),
    ],
)
async def test_a_script_gets_its_token(
    site: HostileSite, pool: BrowserPool, curl: CurlTier, path: str, told: dict[str, object]
) -> None:
    page = await good(CaptchaTier(pool, solver_at(site, curl)), site.url(path))
    assert SECRET in page.body.decode()
    assert told.items() <= tasks(site)[0].items()


async def test_a_page_without_a_captcha_asks_no_solver(site: HostileSite, pool: BrowserPool, curl: CurlTier) -> None:
    page = await good(CaptchaTier(pool, solver_at(site, curl)), site.url("/article"))
    assert page.status == 200
    assert tasks(site) == []


async def test_a_form_with_more_to_fill_in_is_not_sent(site: HostileSite, pool: BrowserPool, curl: CurlTier) -> None:
    html = f"<form method=post><input name=email><div class=h-captcha data-sitekey={SITE_KEY}></div></form>"
    page = await good(CaptchaTier(pool, solver_at(site, curl)), page_url(site, html))
    assert b"token for" not in page.body  # a field's value is no markup
    assert [request.method for request in site.requests if request.path == "/browser/page"] == ["GET"]


@pytest.mark.parametrize(
    ("base", "key", "reason"),
    [
        ("{site}/solver", "wrong-key", "ERROR_KEY_DOES_NOT_EXIST"),
        ("{site}/solver-broken", KEY, "status 502"),
        ("{site}/redirect/to?status=307&url={site}/solver/createTask#", KEY, "status 307"),
        ("http://10.0.0.1", KEY, "reached"),
    ],
)
async def test_trouble_with_the_solver_has_a_reason(
    site: HostileSite, pool: BrowserPool, curl: CurlTier, base: str, key: str, reason: str
) -> None:
    solver = Solver(curl.fetch, SolverOptions(base.format(site=site.base_url), key))
    outcome = await fetch(CaptchaTier(pool, solver), site.url("/captcha/form/recaptcha"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.CAPTCHA
    assert reason in outcome.reason
    assert key not in outcome.reason


async def test_without_a_solver_nothing_is_attempted(site: HostileSite, pool: BrowserPool) -> None:
    outcome = await fetch(CaptchaTier(pool, None), site.url("/captcha/form/recaptcha"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NOT_AVAILABLE
    assert site.requests == []
    assert pool.processes == ()


@pytest.mark.parametrize(
    ("site_key", "seconds", "reason"),
    [("unsolvable", PATIENCE, "ERROR_CAPTCHA_UNSOLVABLE"), ("endless", 0.5, "in time")],
)
async def test_a_captcha_that_is_not_solved(
    site: HostileSite, curl: CurlTier, site_key: str, seconds: float, reason: str
) -> None:
    outcome = await solver_at(site, curl).solve(
        Widget(KINDS["recaptcha_v2"], "http://a.test/", site_key), soon(seconds)
    )
    assert isinstance(outcome, Failure)
    assert reason in outcome.reason


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(SolverOptions("https://solver.test", "secret"))


async def test_the_page_behind_is_not_given_without_the_token(site: HostileSite, curl: CurlTier) -> None:
    page = await good(curl, FetchRequest(site.url("/captcha/check"), method="POST", body=b"guess"))
    assert SECRET not in page.body.decode()
