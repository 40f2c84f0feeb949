"""The whole climb against every behaviour of the site: the verdict, the tier that ended it, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
import pytest_asyncio
from tests.site import HostileSite
from tests.site.browser_captcha import KEY, SECRET
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.captcha.solver import Solver, SolverOptions
from alterlab_server.fetch.climb import climb
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.plan import ClimbControls, make_plan
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tier import TIERS, Tier
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.captcha import CaptchaTier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier
from alterlab_server.fetch.tiers.stealth import StealthTier

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = {row.name: row.price_microcents for row in TIERS}
HTTP_ONLY = {"max_tier": "3"}


@dataclass(frozen=True)
class Behaviour:
    """A page and what becomes of it; `tier` is the last that was tried, `charge` is in microcents.

    `shows` is in the page that comes, and `solver` says whether the operator has one, and with it tier 5.
    """

    path: str
    verdict: Verdict
    tier: str
    charge: int = 0
    controls: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = PATIENCE
    secure: bool = False
    host: str | None = None
    browser: BrowserOptions = field(default_factory=BrowserOptions)
    shows: str = ""
    solver: bool = False


def good(path: str, tier: str = "1", **controls: Any) -> Behaviour:
    return Behaviour(path, Verdict.GOOD, tier, PRICES[tier], controls)


def full(path: str, shows: str, **options: Any) -> Behaviour:
    """A page that shows something in a full browser with these options."""
    browser = BrowserOptions(**options)
    return Behaviour(path, Verdict.GOOD, "4", PRICES["4"], {"force_tier": "4"}, browser=browser, shows=shows)


def captcha(path: str, verdict: Verdict = Verdict.GOOD, tier: str = "5", **controls: Any) -> Behaviour:
    """A page behind a CAPTCHA, for an operator with a solver."""
    shows, charge = (SECRET, PRICES[tier]) if verdict is Verdict.GOOD else ("", 0)
    return Behaviour(path, verdict, tier, charge, controls, shows=shows, solver=True)


BEHAVIOURS = [
    good("/article"),
    good("/product"),
    good("/table"),
    good("/links"),
    good("/json"),
    good("/gzip"),
    good("/early-hints"),
    good("/too-long"),
    good("/no-type"),
    good("/deep"),
    good("/endless"),
    good("/gzip-bomb"),
    good("/charset/wrong"),
    good("/charset/missing"),
    good("/charset/meta"),
    good("/charset/bom"),
    good("/charset/shift-jis"),
    good("/redirect/chain/5"),
    good("/redirect/cookie"),
    good("/redirect/endless-body"),
    good("/disguised-pdf"),
    good("/image.png", mode="ocr"),
    good("/blocks-robots", "2"),
    good("/blocks-politely", "2"),
    good("/shell", "3.5"),
    good("/shell", "3.5", render_js="auto"),
    good("/shell", "4", min_tier="4"),
    good("/challenge", "3.5"),
    good("/article", "4", prefer_speed=True),
    good("/article", "3.5", render_js=True),
    good("/article", "3", force_tier="3"),
    good("/redirect/meta"),
    good("/document.pdf"),
    good("/document.pdf", mode="pdf"),
    good("/image/sign.png", mode="ocr"),
    good("/members/open/news"),
    full("/browser/list?ask=no", "row 50", scroll_count=10),
    full("/browser/frames", "Words in a frame", include_iframes=True),
    full("/browser/shadow", "Words in a shadow", flatten_shadow_dom=True),
    full("/browser/banner", "The tide is at six"),
    full("/browser/late", "Came late", wait_for="#late", wait_for_timeout=PATIENCE),
    full("/before-you-continue", "lighthouses", actions=({"type": "click", "selector": "button"},)),
    Behaviour("/browser/frames", Verdict.EMPTY, "4", controls={"force_tier": "4"}),
    Behaviour("/shell/pictured", Verdict.EMPTY, "4", controls={"force_tier": "4"}),
    full("/shell/pictured", "open from nine to five", block_images=False),
    captcha("/captcha/form/recaptcha"),
    captcha("/captcha/form/hcaptcha"),
    captcha("/captcha/form/turnstile"),
    captcha("/captcha/form/framed"),
    captcha("/captcha/callback"),
    captcha("/captcha/score", force_tier="5"),
    captcha("/captcha/form/turnstile", Verdict.CAPTCHA, "4", max_tier="4"),
    captcha("/captcha/form/turnstile?key=unsolvable", Verdict.CAPTCHA, force_tier="5"),
    captcha("/blocks-all", Verdict.BLOCKED),
    Behaviour("/article", Verdict.GOOD, "5", PRICES["5"], {"force_tier": "5"}, solver=True),
    Behaviour("/captcha/form/turnstile", Verdict.CAPTCHA, "4"),
    Behaviour("/shell", Verdict.NEEDS_JAVASCRIPT, "1", controls={"mode": "html"}),
    Behaviour("/shell", Verdict.NEEDS_JAVASCRIPT, "1", controls={"fail_fast": True}),
    Behaviour("/shell/dead", Verdict.EMPTY, "4"),
    Behaviour("/challenge", Verdict.CHALLENGE, "3", controls=HTTP_ONLY),
    Behaviour("/blocks-all", Verdict.BLOCKED, "4"),
    Behaviour("/status/403", Verdict.BLOCKED, "3", controls=HTTP_ONLY),
    Behaviour("/status/404", Verdict.NOT_FOUND, "1"),
    Behaviour("/status/410", Verdict.NOT_FOUND, "1"),
    Behaviour("/status/401", Verdict.LOGIN_REQUIRED, "1"),
    Behaviour("/status/402", Verdict.PAYWALL, "1"),
    Behaviour("/status/400", Verdict.REJECTED, "1"),
    Behaviour("/status/451", Verdict.REJECTED, "1"),
    Behaviour("/status/304", Verdict.REJECTED, "1"),
    Behaviour("/status/304", Verdict.REJECTED, "3.5", controls={"mode": "js"}),
    Behaviour("/redirect/to?url=javascript:alert(1)", Verdict.REJECTED, "3.5", controls={"mode": "js"}),
    Behaviour("/status/500", Verdict.SERVER_ERROR, "4"),
    Behaviour("/rate-limited", Verdict.RATE_LIMITED, "1"),
    Behaviour("/down", Verdict.SERVER_ERROR, "4"),
    Behaviour("/soft-404", Verdict.NOT_FOUND, "1"),
    Behaviour("/members/area", Verdict.LOGIN_REQUIRED, "1"),
    Behaviour("/before-you-continue", Verdict.CONSENT_WALL, "4"),
    Behaviour("/thin", Verdict.THIN, "1", controls={"mode": "html"}),
    Behaviour("/empty", Verdict.EMPTY, "4"),
    Behaviour("/blank", Verdict.EMPTY, "4"),
    Behaviour("/cut-markup", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/binary", Verdict.WRONG_TYPE, "1"),
    Behaviour("/image.png", Verdict.WRONG_TYPE, "1"),
    Behaviour("/article", Verdict.WRONG_TYPE, "1", controls={"mode": "pdf"}),
    Behaviour("/article", Verdict.WRONG_TYPE, "1", controls={"mode": "ocr"}),
    Behaviour("/cut", Verdict.NETWORK_ERROR, "4"),
    Behaviour("/cut-headers", Verdict.NETWORK_ERROR, "3", controls=HTTP_ONLY),
    Behaviour("/not-http", Verdict.NETWORK_ERROR, "3", controls=HTTP_ONLY),
    Behaviour("/two-lengths", Verdict.NETWORK_ERROR, "4"),
    Behaviour("/cut-body", Verdict.CUT, "4"),
    Behaviour("/broken-chunks", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/unended-chunks", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/huge-headers", Verdict.TOO_LARGE, "1"),
    Behaviour("/silent", Verdict.TIMEOUT, "1", controls={"force_tier": "1"}, seconds=2.0),
    Behaviour("/slow-headers", Verdict.TIMEOUT, "2", controls={"force_tier": "2"}, seconds=2.0),
    Behaviour("/slow-body", Verdict.TIMEOUT, "3", controls={"force_tier": "3"}, seconds=2.0),
    Behaviour("/redirect/loop", Verdict.REDIRECT_LOOP, "4"),
    Behaviour("/redirect/endless/1", Verdict.REDIRECT_LOOP, "4"),
    Behaviour("/redirect/private", Verdict.REFUSED, "1"),
    Behaviour("/redirect/meta?url=http://10.0.0.1/", Verdict.REFUSED, "1"),
    Behaviour("/redirect/metadata", Verdict.REFUSED, "1"),
    Behaviour("/redirect/file", Verdict.REFUSED, "1"),
    Behaviour("/redirect/private", Verdict.REFUSED, "4", controls={"force_tier": "4"}),
    Behaviour("/redirect/file", Verdict.REFUSED, "4", controls={"force_tier": "4"}),
    Behaviour("/redirect/to?url=ftp://127.0.0.1/", Verdict.REFUSED, "4", controls={"force_tier": "4"}),
    Behaviour("/redirect/to?url=http://127.0.0.1:22/", Verdict.REFUSED, "4", controls={"force_tier": "4"}),
    Behaviour("/redirect/nowhere", Verdict.REJECTED, "1"),
    Behaviour("/article", Verdict.GOOD, "2", PRICES["2"], {"force_tier": "2"}, secure=True),
    Behaviour("/redirect/chain/3", Verdict.GOOD, "3", PRICES["3"], {"force_tier": "3"}, secure=True),
    Behaviour("/endless", Verdict.GOOD, "1", PRICES["1"], secure=True),
    Behaviour("/cut", Verdict.NETWORK_ERROR, "3", controls=HTTP_ONLY, secure=True),
    Behaviour("/article", Verdict.GOOD, "4", PRICES["4"], {"force_tier": "4"}, secure=True),
    Behaviour("/article", Verdict.TLS_ERROR, "1", secure=True, host="localhost"),
    Behaviour("/article", Verdict.TLS_ERROR, "4", controls={"force_tier": "4"}, secure=True, host="localhost"),
    Behaviour("/sign/datadome-ban", Verdict.BLOCKED, "3", controls=HTTP_ONLY),
    Behaviour("/sign/imperva-interruption", Verdict.CHALLENGE, "3", controls=HTTP_ONLY),
    Behaviour("/sign/aws-waf-puzzle", Verdict.CAPTCHA, "3", controls=HTTP_ONLY),
    Behaviour("/sign/cloudflare-block", Verdict.BLOCKED, "3", controls=HTTP_ONLY),
    Behaviour("/sign/datadome-captcha", Verdict.CAPTCHA, "3", controls=HTTP_ONLY),
    Behaviour("/sign/akamai-block", Verdict.BLOCKED, "3", controls=HTTP_ONLY),
    Behaviour("/sign/kasada-challenge", Verdict.CHALLENGE, "3", controls=HTTP_ONLY),
    Behaviour("/sign/cloudflare-rate-limit", Verdict.RATE_LIMITED, "1"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running() -> AsyncIterator[HostileSite]:
    async with HostileSite(secure=True) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def tiers(running: HostileSite) -> AsyncIterator[Mapping[str, Tier]]:
    gate = Gate([ip_network("127.0.0.1/32"), ip_network("::1/128")])
    pool = BrowserPool(gate, PoolOptions(ca_file=running.ca_file))
    if not pool.available:
        pytest.skip("no Chromium on this machine")
    options = HttpOptions(ca_bundle=running.ca_file)
    curl = CurlTier(gate, options)
    solver = Solver(curl.fetch, SolverOptions(running.url("/solver"), KEY, poll_seconds=0.01))
    made = {
        "1": curl,
        "2": HttpTier(gate, options),
        "3": StealthTier(gate, options),
        "3.5": LightBrowserTier(pool),
        "4": BrowserTier(pool),
        "5": CaptchaTier(pool, solver),
    }
    yield made
    for tier in made.values():
        await tier.close()


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda b: f"{b.path}-{b.tier}-{b.verdict}")
async def test_behaviour(running: HostileSite, tiers: Mapping[str, Tier], behaviour: Behaviour) -> None:
    available = {row.name for row in TIERS if behaviour.solver or not row.solves_captcha}
    plan = make_plan(ClimbControls(**behaviour.controls), None, available)
    deadline = asyncio.get_running_loop().time() + behaviour.seconds
    url = running.secure_url(behaviour.path, behaviour.host) if behaviour.secure else running.url(behaviour.path)
    result = await climb(FetchRequest(url, browser=behaviour.browser), plan, tiers, deadline)
    tried = [attempt for attempt in result.attempts if attempt.result != "skipped"]
    charge = sum(PRICES[attempt.tier] for attempt in tried if attempt.result == "success")
    assert (result.judgement.verdict, tried[-1].tier, charge) == (
        behaviour.verdict,
        behaviour.tier,
        behaviour.charge,
    ), [(attempt.tier, attempt.judgement) for attempt in result.attempts]
    assert (result.page is not None) == (behaviour.verdict is Verdict.GOOD)
    assert behaviour.shows in (result.page.body.decode("utf-8", "replace") if result.page else "")
