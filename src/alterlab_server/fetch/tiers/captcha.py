"""Tier 5: the whole page in a browser, with its CAPTCHA solved by an outside service."""

import logging

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.browser.render import Profile, View, ready_fully, render
from alterlab_server.fetch.browser.waits import wait_document
from alterlab_server.fetch.captcha.page import CAPTURE, answer_widget, find_widget
from alterlab_server.fetch.captcha.solver import Solver
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest

_log = logging.getLogger(__name__)

# After the answer the site checks the token and leads on, or shows what it held back.
_QUIET_SECONDS = 1.0
_SETTLE_SECONDS = 15.0


class CaptchaTier:
    """Renders pages and solves what stands before them; without a solver it is not available."""

    def __init__(self, pool: BrowserPool, solver: Solver | None) -> None:
        self._pool = pool
        self._solver = solver

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Render one page before `deadline` (seconds on the event loop's clock)."""
        solver = self._solver
        if solver is None:
            return Failure(Verdict.NOT_AVAILABLE, "No CAPTCHA solver is configured.")

        async def solve(view: View) -> Failure | None:
            return await _solve(view, solver)

        profile = Profile(ready=ready_fully, then=solve, init_scripts=(CAPTURE,))
        return await render(self._pool, request, profile, deadline)

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()


async def _solve(view: View, solver: Solver) -> Failure | None:
    """Answer the CAPTCHA of the page, if it has one."""
    widget = await find_widget(view.tab)
    if widget is None:
        return None
    token = await solver.solve(widget, view.budget.end)
    if isinstance(token, Failure):
        return token
    way = await answer_widget(view.tab, widget, token)
    _log.info("a %s was answered by %s", widget.kind.name, way)
    await view.quiet.wait(_QUIET_SECONDS, view.budget.seconds(_SETTLE_SECONDS))
    await wait_document(view.tab, view.budget)
    return None
