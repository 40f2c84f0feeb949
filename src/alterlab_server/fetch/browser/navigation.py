"""What the main frame of a page loads: the responses on its way, and why none came."""

import asyncio
import contextlib

from playwright.async_api import Download, Error, Page, Request, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.page import Redirect
from alterlab_server.base.url import join, parse_url
from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.downloads import discard, read_download
from alterlab_server.fetch.browser.proxy import EgressSession
from alterlab_server.fetch.browser.weight import DocumentWeight
from alterlab_server.fetch.http import failures
from alterlab_server.fetch.outcome import Failure, Verdict

# Chromium's net error codes (net/base/net_error_list.h), the first that occurs in the message.
_NET_ERRORS: tuple[tuple[str, Failure], ...] = (
    ("ERR_TOO_MANY_REDIRECTS", failures.REDIRECT_LOOP),
    ("ERR_UNSAFE_REDIRECT", failures.BAD_REDIRECT),
    ("ERR_INVALID_REDIRECT", failures.BAD_REDIRECT),
    ("ERR_UNSAFE_PORT", failures.BAD_REDIRECT),
    ("ERR_NAME_NOT_RESOLVED", failures.NO_NAME),
    ("ERR_CERT", failures.BAD_CERTIFICATE),
    ("ERR_SSL", failures.NO_HANDSHAKE),
    ("ERR_TIMED_OUT", failures.TIMED_OUT),
    ("ERR_CONNECTION_TIMED_OUT", failures.TIMED_OUT),
    ("ERR_EMPTY_RESPONSE", failures.UNREADABLE),
    ("ERR_INVALID_HTTP_RESPONSE", failures.UNREADABLE),
    ("ERR_RESPONSE_HEADERS", failures.UNREADABLE),
    ("ERR_CONTENT_DECODING_FAILED", failures.CUT),
    ("ERR_CONTENT_LENGTH_MISMATCH", failures.CUT),
    ("ERR_INCOMPLETE_CHUNKED_ENCODING", failures.CUT),
)
_NEWS_SECONDS = 5.0  # the news of a failure comes at once, or a little after the error page
_MOST_RESPONSES = 50  # a page may reload itself for ever


class NothingShownError(Error):
    """What the target answered is given up by the browser without a word; no fault of the browser's."""


class Navigation:
    """Watches the main frame of a page from before its first request."""

    def __init__(self, page: Page, session: EgressSession, weight: DocumentWeight) -> None:
        self._page = page
        self._session = session
        self._weight = weight
        self._responses: list[Response] = []
        self._download: asyncio.Future[Download] = asyncio.get_running_loop().create_future()
        self._crashed = asyncio.Event()
        self._shown = self._saved = False
        self._failed_url: str | None = None
        self._failure_told = asyncio.Event()
        self._cut = asyncio.Event()
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failure)
        page.on("download", self._on_download)
        page.on("crash", lambda _: self._crashed.set())

    async def go(self, url: str, budget: Budget) -> Failure | None:
        """Open `url` and wait until its document is there, or as much of it as comes in time; a download counts."""
        try:
            if failure := await self._opened(url, budget):
                return failure
        except PlaywrightTimeout:
            return None if self.response else failures.TIMED_OUT
        except Error as error:
            return await self._explain(url, error, budget)
        self._shown = True
        if self._download.done():
            discard(self._download.result())  # a frame's
        return None

    async def _opened(self, url: str, budget: Budget) -> Failure | None:
        """Why the document did not come whole; for one that was cut, the browser would wait for ever."""
        timeout = budget.milliseconds()
        opening = asyncio.ensure_future(self._page.goto(url, wait_until="domcontentloaded", timeout=timeout))
        cut = asyncio.ensure_future(self._cut.wait())
        heavy = asyncio.ensure_future(self._weight.passed())
        try:
            await asyncio.wait((opening, cut, heavy), return_when=asyncio.FIRST_COMPLETED)
            if opening.done():
                opening.result()
                return None
            return failures.CUT if cut.done() else failures.LARGE_DOCUMENT
        finally:
            ends = (opening, cut, heavy)
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def dead_end(self, budget: Budget) -> Failure | None:
        """Why the page led itself to where nothing is; None while it shows a document."""
        if not self._page.url.startswith("chrome-error:"):
            return None
        with contextlib.suppress(TimeoutError):  # the browser may be there before the news of which request failed
            async with asyncio.timeout(budget.seconds(_NEWS_SECONDS)):
                await self._failure_told.wait()
        return self._led_astray() or Failure(
            Verdict.NETWORK_ERROR, "The page led on to an address that does not answer."
        )

    @property
    def response(self) -> Response | None:
        """The last response that the main frame got."""
        return self._responses[-1] if self._responses else None

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        """All responses before the last: redirects of the server, and pages that led on by themselves."""
        return tuple(Redirect(response.url, response.status) for response in self._responses[:-1])

    @property
    def final_url(self) -> str:
        """Where the page is now, or where the download came from."""
        response = self.response
        return response.url if response and (self.downloaded or _without_content(response)) else self._page.url

    async def headers(self) -> dict[str, str]:
        """The headers of the last response."""
        return await self.response.all_headers() if self.response else {}

    @property
    def shows_document(self) -> bool:
        """False when there is nothing to render: a download, or an answer without content."""
        return not self.downloaded and not (self.response and _without_content(self.response))

    @property
    def cut_off(self) -> bool:
        """True when the page had more to say than a job may receive."""
        return self._session.exhausted

    @property
    def downloaded(self) -> bool:
        """True when the browser saved what came instead of showing it."""
        return self._saved

    async def downloaded_bytes(self, limit: int) -> tuple[bytes, bool]:
        """What was saved, at most `limit` bytes of it, and whether that is all; empty when saving failed."""
        return await read_download(await self._download, limit)

    def _on_response(self, response: Response) -> None:
        request = response.request
        if not request.is_navigation_request() or request.frame != self._page.main_frame:
            return
        if self._shown and _without_content(response):
            return  # the document stays
        self._failed_url = None
        self._failure_told.clear()
        if len(self._responses) < _MOST_RESPONSES:
            self._responses.append(response)
        else:
            self._responses[-1] = response

    def _on_failure(self, request: Request) -> None:
        reason = request.failure or ""
        if "ERR_ABORTED" in reason:
            return  # it was given up for the next one, whose failure may be told before
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._failed_url = request.url
            self._failure_told.set()
            if self.response is not None and _net_failure(reason) is failures.CUT:
                self._cut.set()

    def _on_download(self, download: Download) -> None:
        if not self._shown and not self._download.done():
            self._download.set_result(download)
            return
        discard(download)
        if self._shown:
            self._forget(download.url)

    def _forget(self, url: str) -> None:
        """Leave out a response that was saved, on a click, beside the document that stays."""
        if len(self._responses) > 1 and self._responses[-1].url == url:
            self._responses.pop()

    async def _explain(self, url: str, error: Error, budget: Budget) -> Failure | None:
        if self._led_nowhere():
            return failures.BAD_REDIRECT
        if "Download is starting" in error.message or (self.response and "ERR_ABORTED" in error.message):
            return await self._settle_download(budget)
        if refused := self._connection_failure(url):
            return refused
        if "ERR_ABORTED" in error.message:
            if await self._answers(budget):
                raise NothingShownError("aborted")
            raise Error("Page crashed before a response came")
        if failure := _net_failure(error.message):
            return failure
        if "net::ERR" in error.message:
            return Failure(Verdict.NETWORK_ERROR, f"The browser reports {_code(error.message)}.")
        raise error

    async def _answers(self, budget: Budget) -> bool:
        """Whether the page that was there before the navigation still is."""
        try:
            async with asyncio.timeout(budget.seconds(_NEWS_SECONDS)):
                await self._page.evaluate("0")
        except (Error, TimeoutError):
            return False
        return True

    async def _settle_download(self, budget: Budget) -> Failure | None:
        """Wait for the download that an aborted navigation turned into; an answer without content makes none."""
        if self.response is not None and _without_content(self.response):
            return None
        crash = asyncio.ensure_future(self._crashed.wait())
        await asyncio.wait((self._download, crash), timeout=budget.seconds(), return_when=asyncio.FIRST_COMPLETED)
        crash.cancel()
        if self._crashed.is_set():
            raise Error("Page crashed")
        if not self._download.done():
            # A page that leads itself on while it loads ends in an abort, too.
            return self._led_astray() or Failure(Verdict.NETWORK_ERROR, "The browser gave up loading the page.")
        self._saved = True
        return None

    def _led_astray(self) -> Failure | None:
        """Why there is no connection to where the page led itself, if that is what failed."""
        return self._connection_failure(self._failed_url) if self._failed_url else None

    def _led_nowhere(self) -> bool:
        """Whether the last response redirects to what is no web address, which a browser gives up without a word."""
        response = self.response
        return response is not None and "location" in response.headers and _location(response) is None

    def _connection_failure(self, url: str) -> Failure | None:
        """Why the proxy could not connect, for the URL or the last that it redirected to."""
        urls = [url, *(location for response in self._responses if (location := _location(response)))]
        for candidate in reversed(urls):
            try:
                parsed = parse_url(candidate)
            except InvalidUrl:
                continue
            if failure := self._session.failure(parsed.host, parsed.port):
                return failure
        return None


def _net_failure(message: str) -> Failure | None:
    return next((failure for code, failure in _NET_ERRORS if code in message), None)


def _code(message: str) -> str:
    start = message.index("net::ERR")
    return message[start:].split(maxsplit=1)[0]


def _location(response: Response) -> str | None:
    location = response.headers.get("location")
    try:
        return join(response.url, location) if location else None
    except InvalidUrl:
        return None


def _without_content(response: Response) -> bool:
    return response.status in {204, 205}
