"""Pictures and prints of a page."""

from playwright.async_api import FloatRect, Page

from alterlab_server.fetch.browser.values import measure

# The largest texture that Chromium's software renderer draws; below it the page would repeat itself.
MAX_PIXELS_HIGH = 16_384
_FULL_HEIGHT = "() => Math.max(document.documentElement?.scrollHeight ?? 0, document.body?.scrollHeight ?? 0)"
# Playwright waits for a body before it measures a full page: an SVG image never has one.
_HAS_BODY = "() => document.body !== null && document.documentElement !== null"


async def page_height(page: Page) -> int:
    """The height of the whole page in pixels."""
    return await measure(page, _FULL_HEIGHT)


async def take_screenshot(page: Page, seconds: float) -> bytes:
    """The full page as PNG, from the top and at most `MAX_PIXELS_HIGH` pixels of it; of a document without a body what
    is in view. Raises Playwright's error when it takes longer than `seconds`.
    """
    height, whole = await page_height(page), await page.evaluate(_HAS_BODY)
    timeout = max(1.0, seconds * 1000)  # 0 means forever to Playwright
    if height <= MAX_PIXELS_HIGH or not whole:
        return await page.screenshot(full_page=whole, type="png", animations="disabled", timeout=timeout)
    size = page.viewport_size or {"width": 1280, "height": 720}
    part = FloatRect(x=0, y=0, width=size["width"], height=MAX_PIXELS_HIGH)
    return await page.screenshot(full_page=True, clip=part, type="png", animations="disabled", timeout=timeout)


async def print_pdf(page: Page) -> bytes:
    """The page as PDF on A4, with its backgrounds."""
    return await page.pdf(format="A4", print_background=True)
