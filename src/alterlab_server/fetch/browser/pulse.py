"""Whether a browser still answers: one that hangs neither ends nor closes its pages, and all jobs would wait for it."""

import asyncio
from contextlib import suppress

from playwright.async_api import Browser

_ASK_SECONDS = 5.0
# A fraction of a second is usual, but not on a machine that does much else.
_ANSWER_SECONDS = 10.0
# The second time it is not this process that slept.
_MOST_UNANSWERED = 2


async def until_silent(browser: Browser) -> None:
    """Return when the browser, or the driver that speaks to it, answers no more or has gone."""
    unanswered = 0
    with suppress(Exception):  # it has gone, which Playwright tells by exceptions of no type of their own
        while unanswered < _MOST_UNANSWERED:
            unanswered += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(_ANSWER_SECONDS):
                    session = await browser.new_browser_cdp_session()
                    await session.send("Browser.getVersion")
                    await session.detach()
                unanswered = 0
            await asyncio.sleep(_ASK_SECONDS)
