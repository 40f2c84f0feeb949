"""The page as bytes: the rendered document, or what came over the wire when that is no HTML."""

from dataclasses import dataclass

from playwright.async_api import CDPSession, Error, Page, Response

from alterlab_server.fetch.browser.scripts import load_script, navigated_away, optional
from alterlab_server.fetch.request import BrowserOptions

HTML_TYPES = frozenset(("", "text/html", "application/xhtml+xml"))
# A page may go on to its next document while it is being read. One that always does has its scripts stopped.
_PATIENT_TRIES = 2
_TRIES = 6

_SERIALIZE = load_script(__package__, "serialize.js")
# Whoever parses the page without running scripts would take it for text that is shown.
_DROP_NOSCRIPT = "() => { for (const element of document.querySelectorAll('noscript')) element.remove(); }"
OPEN_SHADOW = load_script(__package__, "open_shadow.js")


@dataclass(frozen=True, slots=True)
class Content:
    """A body, whether the browser rendered it, and whether it is all there is."""

    body: bytes
    rendered: bool
    whole: bool = True


async def read_content(
    page: Page, cdp: CDPSession, response: Response | None, options: BrowserOptions, warnings: list[str]
) -> Content:
    """Read what the page shows now; `warnings` is told what could not be read."""
    if response is not None and _media_type(response) not in HTML_TYPES:
        return Content(await response.body(), rendered=False)
    for attempt in range(_TRIES):
        if attempt == _PATIENT_TRIES:
            await cdp.send("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            return Content((await _html(page, options, warnings)).encode("utf-8", "replace"), rendered=True)
        except Error as error:
            if attempt == _TRIES - 1 or not navigated_away(error):
                raise
            await page.wait_for_load_state("load")
    raise AssertionError("the last try returns or raises")


async def _html(page: Page, options: BrowserOptions, warnings: list[str]) -> str:
    if options.include_iframes or options.flatten_shadow_dom:
        wanted = {"inlineFrames": options.include_iframes, "flattenShadow": options.flatten_shadow_dom}
        with optional(warnings, "Frames and shadow roots could not be read."):
            if (html := await page.evaluate(_SERIALIZE, wanted)) is not None:
                return str(html)
    with optional(warnings):
        await page.evaluate(_DROP_NOSCRIPT)
    return await page.content()


def _media_type(response: Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()
