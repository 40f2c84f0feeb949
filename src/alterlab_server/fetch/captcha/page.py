"""The CAPTCHA of a page in the browser: found, and answered with a token."""

from playwright.async_api import Page

from alterlab_server.fetch.browser.scripts import load_script
from alterlab_server.fetch.captcha.widgets import Widget, widget_from

CAPTURE = load_script(__package__, "capture.js")
"""Must run in the page before its own scripts."""

_FIND = load_script(__package__, "find.js")
_ANSWER = load_script(__package__, "answer.js")


async def find_widget(page: Page) -> Widget | None:
    """The CAPTCHA that the page wants solved, or None."""
    found = await page.evaluate(_FIND)
    return widget_from(found, page.url) if found else None


async def answer_widget(page: Page, widget: Widget, token: str) -> str:
    """Give the page its token; says by which way: promise, callback, form or field."""
    given = {"kind": widget.kind.name, "fields": widget.kind.fields, "token": token}
    return str(await page.evaluate(_ANSWER, given))
