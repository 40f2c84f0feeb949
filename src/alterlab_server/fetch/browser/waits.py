"""When a page is ready to be read."""

import asyncio
from typing import Literal

from playwright.async_api import Error, Page, Request
from playwright.async_api import TimeoutError as PlaywrightTimeout

from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.request import BrowserOptions

State = Literal["domcontentloaded", "load", "networkidle"]

# Pages that poll or stream never become idle; after this time they are as ready as they get.
_IDLE_SECONDS = 10.0
_LOAD_SECONDS = 20.0


async def wait_fully(page: Page, options: BrowserOptions, budget: Budget) -> bool:
    """Wait for the condition that the caller chose, then for the selector, each for a bounded time; false when the
    selector matched nothing. The document is there already.
    """
    if options.wait_until in {"load", "networkidle"}:
        await _wait_state(page, "load", budget.milliseconds(_LOAD_SECONDS))
    if options.wait_until == "networkidle":
        await _wait_state(page, "networkidle", budget.milliseconds(_IDLE_SECONDS))
    if options.wait_for:
        return await wait_for_selector(page, options.wait_for, budget.milliseconds(options.wait_for_timeout))
    return True


async def wait_document(page: Page, budget: Budget) -> bool:
    """Wait until the document has been parsed; false when it takes too long."""
    return await _wait_state(page, "domcontentloaded", budget.milliseconds())


async def wait_for_selector(page: Page, selector: str, milliseconds: float) -> bool:
    """Wait until an element is in the page; false when it did not come, or the selector is none."""
    try:
        await page.wait_for_selector(selector, state="attached", timeout=milliseconds)
    except PlaywrightTimeout:
        return False
    except Error as error:
        if "is not a valid selector" in error.message or "while parsing" in error.message:
            return False
        raise
    return True


class Quiet:
    """Counts the requests of a page that are under way, from when it is made."""

    def __init__(self, page: Page) -> None:
        self._pending: set[Request] = set()
        self._changed = asyncio.Event()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    async def wait(self, quiet: float, limit: float) -> bool:
        """Wait until nothing was under way for `quiet` seconds, at most `limit`; false when that never was."""
        try:
            async with asyncio.timeout(limit):
                while not await self._undisturbed(quiet):
                    continue
        except TimeoutError:
            return False
        return True

    async def _undisturbed(self, quiet: float) -> bool:
        self._changed.clear()
        try:
            async with asyncio.timeout(None if self._pending else quiet):
                await self._changed.wait()
        except TimeoutError:
            return True
        return False

    def _begin(self, request: Request) -> None:
        self._pending.add(request)
        self._changed.set()

    def _end(self, request: Request) -> None:
        self._pending.discard(request)
        self._changed.set()


async def _wait_state(page: Page, state: State, milliseconds: float) -> bool:
    try:
        await page.wait_for_load_state(state, timeout=milliseconds)
    except PlaywrightTimeout:
        return False
    return True
