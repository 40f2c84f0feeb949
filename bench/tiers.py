"""Pages per second of each tier against its bare library, on the same 20 KB page, in one run.

Usage: python -m bench.tiers [SECONDS]. Each pair takes turns for SECONDS (default 4) a side. Prints `name: value`
lines; a ratio of 1 means that gate, caps, redirects and cookies cost nothing.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

import curl_cffi
import httpcore2
from playwright.async_api import async_playwright

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.curl import CurlTier
from alterlab_server.fetch.tiers.http import HttpTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier
from alterlab_server.fetch.tiers.stealth import IMPERSONATED, StealthTier
from bench.scrape import Client, free_port, load
from bench.service import page_server

HTTP_CALLERS = 16
BROWSER_CALLERS = 4
Get = Callable[[str], Awaitable[object]]


@asynccontextmanager
async def bare_pycurl() -> AsyncIterator[Get]:
    """Pycurl on its own."""
    client = Client()
    yield client.request
    await client.close()


@asynccontextmanager
async def bare_httpcore2() -> AsyncIterator[Get]:
    """The HTTP/2 client on its own."""
    async with httpcore2.AsyncConnectionPool(max_connections=HTTP_CALLERS, http2=True) as pool:

        async def get(url: str) -> httpcore2.Response:
            return await pool.request("GET", url)

        yield get


@asynccontextmanager
async def bare_curl_cffi() -> AsyncIterator[Get]:
    """The impersonating client on its own."""
    async with curl_cffi.AsyncSession(impersonate=IMPERSONATED, max_clients=HTTP_CALLERS) as session:
        yield session.get


@asynccontextmanager
async def bare_playwright() -> AsyncIterator[Get]:
    """Playwright on its own: a context, a page, its content."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_executable(PoolOptions()))

        async def get(url: str) -> str:
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(url, wait_until="domcontentloaded")
            content = await page.content()
            await context.close()
            return content

        yield get
        await browser.close()


@asynccontextmanager
async def ours(tier: Tier) -> AsyncIterator[Get]:
    """A tier, as the climb uses it."""
    options = BrowserOptions(wait_until="domcontentloaded")

    async def get(url: str) -> Page:
        deadline = asyncio.get_running_loop().time() + 60
        outcome = await tier.fetch(FetchRequest(url, browser=options), deadline)
        if not isinstance(outcome, Page) or outcome.status != 200:
            raise SystemExit(f"the tier brought {outcome}")
        return outcome

    yield get
    await tier.close()


async def rate(client: Callable[[], AsyncIterator[Get]], url: str, callers: int, seconds: float) -> float:
    """Pages per second of one client, after a warm-up."""
    async with client() as get:

        async def call() -> float:
            await get(url)
            return 0.0

        await load(call, callers, seconds / 4)
        per_second, _ = await load(call, callers, seconds)
    return per_second


async def compare(name: str, bare: Callable, tier: Callable[[], Tier], url: str, callers: int, seconds: float) -> None:
    """Print both rates and their ratio."""
    bare_rate = await rate(bare, url, callers, seconds)
    tier_rate = await rate(lambda: ours(tier()), url, callers, seconds)
    print(f"{name}_bare_per_second: {bare_rate:.1f}")
    print(f"{name}_per_second: {tier_rate:.1f}")
    print(f"{name}_vs_bare_ratio: {tier_rate / bare_rate:.3f}", flush=True)


async def measure(url: str, seconds: float) -> None:
    """All tiers that this machine can run."""
    gate = Gate([ip_network("127.0.0.1/32")])
    await compare("curl", bare_pycurl, lambda: CurlTier(gate), url, HTTP_CALLERS, seconds)
    await compare("http", bare_httpcore2, lambda: HttpTier(gate), url, HTTP_CALLERS, seconds)
    await compare("stealth", bare_curl_cffi, lambda: StealthTier(gate), url, HTTP_CALLERS, seconds)
    if find_executable(PoolOptions()) is None:
        print("No Chromium on this machine: the browser tiers are left out.", file=sys.stderr)
        return
    await compare(
        "lightjs", bare_playwright, lambda: LightBrowserTier(BrowserPool(gate)), url, BROWSER_CALLERS, seconds
    )
    await compare("browser", bare_playwright, lambda: BrowserTier(BrowserPool(gate)), url, BROWSER_CALLERS, seconds)


def main() -> None:
    """Start the page server, and measure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    with page_server(free_port()) as url:
        asyncio.run(measure(url, seconds))


if __name__ == "__main__":
    main()
