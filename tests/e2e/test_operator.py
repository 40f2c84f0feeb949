"""A server whose operator has proxies and a CAPTCHA solver."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from tests.e2e.conftest import Client
from tests.e2e.test_documents import needs_ocr
from tests.site import HostileSite
from tests.site.browser_captcha import KEY, SECRET
from tests.site.proxy import TestProxy
from tests.support.running import BOOTSTRAP_KEY, free_port, started
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Operated:
    """The server's client, the site that it scrapes, and the proxies by country."""

    client: Client
    site: HostileSite
    proxies: dict[str, TestProxy]

    async def scrape(self, path: str, **fields: Any) -> dict[str, Any]:
        body = {"url": self.site.url(path), "formats": ["text"], **fields}
        answer = await self.client.post("/scrape", json=body)
        found: dict[str, Any] = answer.json()
        return found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def operated(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Operated]:
    async with HostileSite() as site, TestProxy("http", "user:secret") as http, TestProxy("socks5", "user:pw") as socks:
        settings = {
            "ALTERLAB_PROXIES": f"DE={http.url},FR={socks.url}",
            "ALTERLAB_CAPTCHA_URL": site.url("/solver"),
            "ALTERLAB_CAPTCHA_KEY": KEY,
        }
        with started(["serve"], tmp_path_factory.mktemp("operated"), free_port(), **settings) as running:
            running.wait_until_healthy()
            async with Client(
                base_url=f"{running.url}/api/v1", headers={"X-API-Key": BOOTSTRAP_KEY}, timeout=PATIENCE
            ) as client:
                yield Operated(client, site, {"DE": http, "FR": socks})


async def test_a_captcha_is_solved_for_the_price_of_tier_5(operated: Operated) -> None:
    tiers = (await operated.client.get("/health")).json()["checks"]["tiers"]
    assert tiers["5"] == {"name": "captcha", "available": True}
    body = await operated.scrape("/captcha/form/turnstile")
    assert SECRET in body["content"]["text"]
    assert (body["tier_used"], body["credits_used"], body["billing"]["savings"]) == ("5", 20, 0)


async def test_a_captcha_that_is_not_solved_is_free(operated: Operated) -> None:
    path = "/captcha/form/turnstile?key=unsolvable"
    body = await operated.scrape(path, cost_controls={"force_tier": "5"})
    assert body["code"] == "CHALLENGE_DETECTED"
    assert "ERROR_CAPTCHA_UNSOLVABLE" in body["detail"]
    assert KEY not in str(body)
    assert body["details"]["billing"]["total_credits"] == 0


async def test_a_captcha_above_the_cap_names_tier_5(operated: Operated) -> None:
    body = await operated.scrape("/captcha/form/turnstile", cost_controls={"max_tier": "4"})
    assert (body["code"], body["details"]["required_tier"]) == ("TIER_LIMIT_REACHED", "5")


@pytest.mark.parametrize("tier", ["1", "2", "3", "3.5", "4"])
@pytest.mark.parametrize("country", ["DE", "FR"])
async def test_every_tier_goes_through_the_proxy_of_the_country(operated: Operated, tier: str, country: str) -> None:
    before = {name: len(proxy.tunnels) for name, proxy in operated.proxies.items()}
    fields = {"advanced": {"proxy_country": country}, "cost_controls": {"force_tier": tier}}
    body = await operated.scrape("/article", **fields)
    assert "lighthouses" in body["content"]["text"], body
    used = {name for name, proxy in operated.proxies.items() if len(proxy.tunnels) > before[name]}
    assert used == {country}
    assert "secret" not in str(body)


@needs_ocr
async def test_the_images_of_a_page_come_through_its_proxy(operated: Operated) -> None:
    before = len(operated.proxies["DE"].tunnels)
    advanced = {"proxy_country": "DE", "ocr": True}
    body = await operated.scrape("/pictures", advanced=advanced, cost_controls={"force_tier": "1"})
    assert [result["image_url"] for result in body["ocr_results"]] == [operated.site.url("/image/sign.png")]
    assert len(operated.proxies["DE"].tunnels) - before == 3  # the page and its two images


async def test_a_proxy_costs_a_credit_more(operated: Operated) -> None:
    plain = await operated.scrape("/article", cost_controls={"force_tier": "1"})
    proxied = await operated.scrape("/article", cost_controls={"force_tier": "1"}, advanced={"use_proxy": True})
    assert proxied["credits_used"] - plain["credits_used"] == 1


@pytest.mark.parametrize("fields", [{"location": {"country": "US"}}, {"country": "us"}])
async def test_a_country_without_a_proxy_is_refused(operated: Operated, fields: dict[str, Any]) -> None:
    body = await operated.scrape("/article", **fields)
    assert (body["code"], body["details"]["field"]) == ("PROXY_NOT_AVAILABLE", "location.country")
