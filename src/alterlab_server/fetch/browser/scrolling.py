"""Scrolling, so that what a page loads only when it is looked at gets loaded."""

import asyncio

from playwright.async_api import Error, Page

from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.scripts import navigated_away
from alterlab_server.fetch.browser.values import measure
from alterlab_server.fetch.browser.waits import Quiet

_SETTLE_SECONDS = 1.5
_QUIET_SECONDS = 0.2

_SCROLL = "steps => window.scrollBy({top: steps * window.innerHeight, behavior: 'instant'})"
# A script may have taken the root element away.
_TO_END = "() => window.scrollTo({top: document.documentElement?.scrollHeight ?? 0, behavior: 'instant'})"
_HEIGHT = "() => document.documentElement?.scrollHeight ?? 0"
# What watches which elements are in view is told after a frame was drawn, and a busy machine draws late.
_DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))))"
_AT_END = "() => window.scrollY + window.innerHeight >= (document.documentElement?.scrollHeight ?? 0) - 2"


async def scroll_by(page: Page, steps: float) -> None:
    """Scroll by heights of the viewport; negative goes up."""
    await page.evaluate(_SCROLL, steps)


async def scroll_to_load(page: Page, quiet: Quiet, count: int, budget: Budget) -> None:
    """Scroll down `count` times, waiting each time for what that loads, and stop early at an end that stays."""
    for _ in range(count):
        if not budget.seconds():
            return
        height = await measure(page, _HEIGHT)
        await scroll_by(page, 1)
        await _settle(page, quiet, _SETTLE_SECONDS, budget)
        if await page.evaluate(_AT_END) and await measure(page, _HEIGHT) == height:
            return


async def scroll_until_end(page: Page, quiet: Quiet, count: int, settle: float, budget: Budget) -> int:
    """Go to the end of the page again and again until it grows no more, at most `count` times; how often it grew.

    `settle` is how many seconds each growth may take.
    """
    for grown in range(count):
        height = await measure(page, _HEIGHT)
        await page.evaluate(_TO_END)
        await _settle(page, quiet, settle, budget)
        if await measure(page, _HEIGHT) <= height:
            return grown
    return count


async def _settle(page: Page, quiet: Quiet, seconds: float, budget: Budget) -> None:
    """Wait until the page shows where it was scrolled to, and has loaded what that asks for."""
    try:
        async with asyncio.timeout(budget.seconds(seconds)):
            await page.evaluate(_DRAWN)
    except TimeoutError:
        return
    except Error as error:
        if not navigated_away(error):
            raise
    await quiet.wait(_QUIET_SECONDS, budget.seconds(seconds))
