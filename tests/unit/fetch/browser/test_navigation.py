"""The news of a page's main frame, in an order in which they come only now and then."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.navigation import Navigation
from alterlab_server.fetch.browser.proxy import EgressSession
from alterlab_server.fetch.outcome import Failure, Verdict

REFUSED = Failure(Verdict.REFUSED, "10.0.0.1 is private.")
ABORTED = ("http://a.test/", "net::ERR_ABORTED")
EMPTY = ("http://10.0.0.1/", "net::ERR_EMPTY_RESPONSE")


class ErrorPage:
    """What a page looks like that led itself to where nothing is."""

    url = "chrome-error://chromewebdata/"
    main_frame = object()

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, handler: Callable[[Any], None]) -> None:
        self.handlers[event] = handler

    def fails(self, url: str, failure: str) -> None:
        request = SimpleNamespace(url=url, failure=failure, frame=self.main_frame, is_navigation_request=lambda: True)
        self.handlers["requestfailed"](request)


@pytest.mark.parametrize("news", [(EMPTY, ABORTED), (ABORTED, EMPTY)])
async def test_the_page_that_was_left_is_not_why_the_next_did_not_come(news: tuple[tuple[str, str], ...]) -> None:
    page: Any = ErrorPage()
    unused: Any = None
    session = EgressSession(1_000)
    session.note("10.0.0.1", 80, REFUSED)
    navigation = Navigation(page, session, unused)
    for failed in news:
        page.fails(*failed)
    assert await navigation.dead_end(Budget.until(asyncio.get_running_loop().time() + 60)) == REFUSED
