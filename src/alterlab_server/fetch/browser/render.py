"""One page in a browser, from its request to a `Page`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error
from playwright.async_api import Page as Tab

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.actions import Stage, run_actions
from alterlab_server.fetch.browser.banners import remove_banners
from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.capture import MAX_PIXELS_HIGH, page_height, print_pdf, take_screenshot
from alterlab_server.fetch.browser.content import OPEN_SHADOW, Content, read_content
from alterlab_server.fetch.browser.context import add_cookies, context_options, identity, new_cookies
from alterlab_server.fetch.browser.downloads import discard
from alterlab_server.fetch.browser.interception import Interception
from alterlab_server.fetch.browser.navigation import Navigation, NothingShownError
from alterlab_server.fetch.browser.pool import BrowserPool, Lease
from alterlab_server.fetch.browser.process import BrowserLostError, PageLostError
from alterlab_server.fetch.browser.scripts import optional
from alterlab_server.fetch.browser.scrolling import scroll_to_load, scroll_until_end
from alterlab_server.fetch.browser.values import well_formed
from alterlab_server.fetch.browser.waits import Quiet, wait_fully
from alterlab_server.fetch.browser.weight import DocumentWeight
from alterlab_server.fetch.http.exchange import HARD_MAX_BYTES, PinnedProxy
from alterlab_server.fetch.http.failures import NO_DOCUMENT, TIMED_OUT
from alterlab_server.fetch.http.receiver import announced_bytes
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import BrowserOptions, FetchRequest

_log = logging.getLogger(__name__)

# A browser that ends takes all its pages with it, so most of them are not at fault; a page that crashes is.
_MOST_LOST = 8
_MOST_CRASHES = 3
_OPEN_SECONDS = 15.0  # a fraction of a second is usual
_AUTOMATIC_SCROLLS = 3  # the API's default for scrolling that is asked for
_SCROLL_SECONDS = 1.5
_ENCODING_HEADERS = frozenset(("content-encoding", "transfer-encoding"))


@dataclass(frozen=True, slots=True)
class View:
    """A page that is open, with what its steps work on, and what they could not do."""

    tab: Tab
    cdp: CDPSession
    quiet: Quiet
    navigation: Navigation
    budget: Budget
    request: FetchRequest
    warnings: list[str] = field(default_factory=list)

    @property
    def options(self) -> BrowserOptions:
        """The caller's options."""
        return self.request.browser


@dataclass(frozen=True, slots=True)
class Profile:
    """How a tier renders: when a page is ready, which kinds of requests are not sent, and a step of the tier's own.

    `blocked` are resource types of the DevTools protocol (Image, Font, Media); `then` may end the job with a failure;
    `init_scripts` run in each document before its own scripts.
    """

    ready: Callable[[View], Awaitable[None]]
    blocked: frozenset[str] = frozenset()
    then: Callable[[View], Awaitable[Failure | None]] | None = None
    init_scripts: tuple[str, ...] = ()


async def ready_fully(view: View) -> None:
    """Wait as the caller's options say, and scroll where they leave that to us."""
    if not await wait_fully(view.tab, view.options, view.budget):
        view.warnings.append(f"Nothing matched wait_for ({view.options.wait_for}) in time.")
    await asyncio.sleep(view.budget.seconds(view.options.wait_seconds))
    if view.options.scroll_count is None:
        with optional(view.warnings):
            await scroll_until_end(view.tab, view.quiet, _AUTOMATIC_SCROLLS, _SCROLL_SECONDS, view.budget)


async def render(pool: BrowserPool, request: FetchRequest, profile: Profile, deadline: float) -> Page | Failure:
    """Render one page before `deadline` (seconds on the event loop's clock).

    When the browser ends under the page it is rendered again on a new one, unless its method may have had an effect.
    """
    if not pool.available:
        return Failure(Verdict.NOT_AVAILABLE, "There is no browser on this machine.")
    try:
        async with asyncio.timeout_at(deadline):
            upstream = await pool.pin(request.proxy)
            if isinstance(upstream, Failure):
                return upstream
            return await _persist(pool, request, profile, upstream, deadline)
    except TimeoutError:
        return TIMED_OUT
    except OSError as error:
        _log.exception("no browser could be started")
        return Failure(Verdict.NOT_AVAILABLE, f"No browser could be started: {error}")
    except Error as error:
        return Failure(Verdict.NETWORK_ERROR, f"The browser failed: {well_formed(error.message.partition(chr(10))[0])}")


async def _persist(
    pool: BrowserPool, request: FetchRequest, profile: Profile, upstream: PinnedProxy | None, deadline: float
) -> Page | Failure:
    lost = crashes = 0
    nothing_shown = False
    repeatable = request.method == "GET"
    while lost + crashes == 0 or (repeatable and lost < _MOST_LOST and crashes < _MOST_CRASHES):
        try:
            return await _render(pool, request, profile, upstream, deadline)
        except BrowserLostError as error:
            lost += 1
            _log.warning("the browser was lost under a page: %s", error)
        except PageLostError as error:
            crashes += 1
            _log.warning("a page was lost: %s", error)
        except NothingShownError:
            # So does a page end whose browser has just lost a helper; but not twice.
            if nothing_shown or not repeatable:
                return NO_DOCUMENT
            nothing_shown = True
    return Failure(Verdict.NETWORK_ERROR, "The browser, or the page in it, ended before it was rendered.")


async def _render(
    pool: BrowserPool, request: FetchRequest, profile: Profile, upstream: PinnedProxy | None, deadline: float
) -> Page | Failure:
    async with pool.lease(context_options(request), upstream, request.owner) as lease:
        view = await _open(lease, request, profile, Budget.until(deadline))
        if failure := await view.navigation.go(request.url, view.budget):
            return failure
        if not view.navigation.shows_document:
            return await _downloaded(view)
        return await _rendered(view, profile)


async def _open(lease: Lease, request: FetchRequest, profile: Profile, budget: Budget) -> View:
    context = lease.context
    tab = await _new_tab(context)
    context.on("page", _close_popup)
    await add_cookies(context, request)
    shadow = (OPEN_SHADOW,) if request.browser.flatten_shadow_dom else ()
    for script in (*profile.init_scripts, *shadow):
        await tab.add_init_script(script)
    cdp = await context.new_cdp_session(tab)
    await cdp.send("Emulation.setUserAgentOverride", identity(request, lease.version))
    unwanted = request.browser.blocked | ({"Image"} if request.browser.images_blocked else set())
    weight = DocumentWeight(cdp)
    await Interception(cdp, request, lease.session, profile.blocked | unwanted).start()
    return View(tab, cdp, Quiet(tab), Navigation(tab, lease.session, weight), budget, request)


async def _new_tab(context: BrowserContext) -> Tab:
    try:
        async with asyncio.timeout(_OPEN_SECONDS):
            return await context.new_page()
    except TimeoutError:
        raise PageLostError(f"none was opened in {_OPEN_SECONDS:.0f} seconds") from None


async def _rendered(view: View, profile: Profile) -> Page | Failure:
    """Take the steps on the page in their order, and read it."""
    options = view.options
    await profile.ready(view)
    if profile.then is not None and (failure := await profile.then(view)):
        return failure
    if options.remove_cookie_banners and (options.scroll_count or options.actions):
        await _remove_banners(view)  # they would take the clicks
    if options.scroll_count:
        with optional(view.warnings, "The page could not be scrolled."):
            await scroll_to_load(view.tab, view.quiet, options.scroll_count, view.budget)
    stage = Stage(view.tab, view.cdp, view.quiet, view.budget)
    results = await run_actions(stage, options.actions)
    if options.remove_cookie_banners:
        await _remove_banners(view)
    if failure := await view.navigation.dead_end(view.budget):
        return failure
    content = await read_content(view.tab, view.cdp, view.navigation.response, options, view.warnings)
    files = {**stage.files, **await _captured(view)}
    return await _page(view, content, files, results)


async def _remove_banners(view: View) -> None:
    with optional(view.warnings):
        await remove_banners(view.tab)


async def _captured(view: View) -> dict[str, bytes]:
    """The picture and the print that were asked for; what cannot be made is missing, and told like what is cut."""
    wanted: list[tuple[str, Callable[[], Awaitable[bytes]]]] = []
    if view.options.screenshot:
        wanted.append(("screenshot", lambda: take_screenshot(view.tab, view.budget.rest())))
    if view.options.pdf:
        wanted.append(("pdf", lambda: print_pdf(view.tab)))
    files = {}
    for name, make in wanted:
        try:
            async with asyncio.timeout(view.budget.rest()):
                files[name] = await make()
        except (Error, TimeoutError) as error:
            _log.warning("the %s could not be made: %r", name, error)
            view.warnings.append(f"The {name} could not be made.")
    with optional(view.warnings):
        if "screenshot" in files and (height := await page_height(view.tab)) > MAX_PIXELS_HIGH:
            view.warnings.append(f"The screenshot shows the first {MAX_PIXELS_HIGH} of the page's {height} pixels.")
    return files


async def _downloaded(view: View) -> Page | Failure:
    asked = {"screenshot": view.options.screenshot, "pdf": view.options.pdf}
    view.warnings.extend(f"The {name} could not be made: this is a file." for name, wanted in asked.items() if wanted)
    body, whole = b"", True
    if view.navigation.downloaded:
        body, whole = await view.navigation.downloaded_bytes(_most_bytes(view.request))
    return await _page(view, Content(body, rendered=False, whole=whole), {}, ())


async def _page(
    view: View, content: Content, files: Mapping[str, bytes], results: tuple[Mapping[str, Any], ...]
) -> Page | Failure:
    request, response = view.request, view.navigation.response
    if response is None:
        return Failure(Verdict.NETWORK_ERROR, "The browser shows a page that no server sent.")
    received = await view.navigation.headers()
    # The body no longer has the encoding that it came in.
    headers = {name: value for name, value in received.items() if name not in _ENCODING_HEADERS}
    if content.rendered:
        headers["content-type"] = "text/html; charset=utf-8"
    limit, whole = _most_bytes(request), content.whole and not view.navigation.cut_off
    return Page(
        url=request.url,
        final_url=view.navigation.final_url,
        status=response.status,
        headers=headers,
        body=content.body[:limit],
        redirects=view.navigation.redirects,
        truncated=len(content.body) > limit or not whole,
        original_bytes=len(content.body) if whole else announced_bytes(received),
        rendered=content.rendered,
        files=files,
        action_results=results,
        cookies=await new_cookies(view.tab.context, view.navigation.final_url, request),
        warnings=tuple(view.warnings),
    )


def _most_bytes(request: FetchRequest) -> int:
    return min(request.max_bytes or HARD_MAX_BYTES, HARD_MAX_BYTES)


def _close_popup(tab: Tab) -> None:
    tab.on("download", discard)
    task = asyncio.ensure_future(tab.close())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
