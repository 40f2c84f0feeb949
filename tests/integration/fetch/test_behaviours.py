"""The whole climb against every behaviour of the site: the verdict, the tier that ended it, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
import pytest_asyncio
from tests.site import HostileSite

from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.climb import climb
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.plan import ClimbControls, make_plan
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import TIERS, Tier
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier
from alterlab_server.fetch.tiers.stealth import StealthTier

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = {row.name: row.price_microcents for row in TIERS}
HTTP_ONLY = {"max_tier": "3"}


@dataclass(frozen=True)
class Behaviour:
    """A page and what becomes of it; `tier` is the last that was tried, `charge` is in microcents."""

    path: str
    verdict: Verdict
    tier: str
    charge: int = 0
    controls: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 60.0
    secure: bool = False


def good(path: str, tier: str = "1", **controls: Any) -> Behaviour:
    return Behaviour(path, Verdict.GOOD, tier, PRICES[tier], controls)


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
    Behaviour("/cut-body", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/broken-chunks", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/unended-chunks", Verdict.CUT, "3", controls=HTTP_ONLY),
    Behaviour("/huge-headers", Verdict.TOO_LARGE, "1"),
    Behaviour("/silent", Verdict.TIMEOUT, "1", controls={"force_tier": "1"}, seconds=0.5),
    Behaviour("/slow-headers", Verdict.TIMEOUT, "2", controls={"force_tier": "2"}, seconds=0.5),
    Behaviour("/slow-body", Verdict.TIMEOUT, "3", controls={"force_tier": "3"}, seconds=0.5),
    Behaviour("/redirect/loop", Verdict.REDIRECT_LOOP, "4"),
    Behaviour("/redirect/endless/1", Verdict.REDIRECT_LOOP, "4"),
    Behaviour("/redirect/private", Verdict.REFUSED, "1"),
    Behaviour("/redirect/metadata", Verdict.REFUSED, "1"),
    Behaviour("/redirect/file", Verdict.REFUSED, "1"),
    Behaviour("/redirect/private", Verdict.REFUSED, "4", controls={"force_tier": "4"}),
    Behaviour("/redirect/nowhere", Verdict.EMPTY, "3", controls=HTTP_ONLY),
    Behaviour("/article", Verdict.GOOD, "2", PRICES["2"], {"force_tier": "2"}, secure=True),
    Behaviour("/redirect/chain/3", Verdict.GOOD, "3", PRICES["3"], {"force_tier": "3"}, secure=True),
    Behaviour("/endless", Verdict.GOOD, "1", PRICES["1"], secure=True),
    Behaviour("/cut", Verdict.NETWORK_ERROR, "3", controls=HTTP_ONLY, secure=True),
    Behaviour("/article", Verdict.GOOD, "4", PRICES["4"], {"force_tier": "4"}, secure=True),
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
    gate = Gate([ip_network("127.0.0.1/32")])
    pool = BrowserPool(gate, PoolOptions(ca_file=running.ca_file))
    if not pool.available:
        pytest.skip("no Chromium on this machine")
    options = HttpOptions(ca_bundle=running.ca_file)
    made = {
        "1": CurlTier(gate, options),
        "2": HttpTier(gate, options),
        "3": StealthTier(gate, options),
        "3.5": LightBrowserTier(pool),
        "4": BrowserTier(pool),
    }
    yield made
    for tier in made.values():
        await tier.close()


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda b: f"{b.path}-{b.tier}-{b.verdict}")
async def test_behaviour(running: HostileSite, tiers: Mapping[str, Tier], behaviour: Behaviour) -> None:
    plan = make_plan(ClimbControls(**behaviour.controls), None, tiers)
    deadline = asyncio.get_running_loop().time() + behaviour.seconds
    url = running.secure_url(behaviour.path) if behaviour.secure else running.url(behaviour.path)
    result = await climb(FetchRequest(url), plan, tiers, deadline)
    tried = [attempt for attempt in result.attempts if attempt.result != "skipped"]
    charge = sum(PRICES[attempt.tier] for attempt in tried if attempt.result == "success")
    assert (result.judgement.verdict, tried[-1].tier, charge) == (
        behaviour.verdict,
        behaviour.tier,
        behaviour.charge,
    ), [(attempt.tier, attempt.judgement) for attempt in result.attempts]
    assert (result.page is not None) == (behaviour.verdict is Verdict.GOOD)
