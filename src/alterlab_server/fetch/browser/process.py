"""One Chromium process with the driver that speaks to it: started, watched, and ended without a trace."""

import asyncio
import logging
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from alterlab_server.fetch.browser import process_group
from alterlab_server.fetch.browser.flags import FLAGS
from alterlab_server.fetch.browser.folder import temporary_folder
from alterlab_server.fetch.browser.home import environment, trust_authorities
from alterlab_server.fetch.browser.memory import process_tree, resident_memory
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pulse import until_silent

_log = logging.getLogger(__name__)

_START_SECONDS = 90.0  # a second is usual, but not on a machine that has just begun much else
_CLOSE_SECONDS = 5.0
_ALIVE_SECONDS = 0.25
_MEMORY_SECONDS = 2.0  # a look at all processes costs some 10 ms
_LOST = ("has been closed", "crashed")  # how Playwright words it when a page or its renderer has gone


class BrowserLostError(Exception):
    """The browser ended in the middle of a job; the job may be run again on a new one."""


class PageLostError(Exception):
    """The page crashed or closed itself while its browser lives on."""


class BrowserProcess:
    """A running browser. `started` is seconds on the event loop's clock, `pages` counts what it has rendered, `active`
    what it is rendering, `crashes` the pages that crashed, and `held` is how many bytes of memory it held when last
    looked at, which is often.
    """

    def __init__(self, browser: Browser, leader: psutil.Process, driver: psutil.Process, most_memory: int) -> None:
        self.started = asyncio.get_running_loop().time()
        self.pages = 0
        self.active = 0
        self.held = 0
        self.crashes = 0
        self._browser = browser
        self._leader = leader
        self._driver = driver
        self._vital = {leader, driver}
        self._most_memory = most_memory
        self._jobs: set[asyncio.Timeout] = set()
        self._closings: set[asyncio.Future[bool]] = set()
        self._resources = AsyncExitStack()
        self._watch = asyncio.create_task(self._supervise())

    @classmethod
    async def start(cls, executable: str, proxy: str, options: PoolOptions, most_memory: int) -> "BrowserProcess":
        """Start a browser whose every connection goes to `proxy`; raises OSError when it does not come up.

        It is killed when it holds more than `most_memory` bytes.
        """
        process_group.adopt_orphans()
        mark = f"--alterlab-browser={secrets.token_hex(8)}"
        async with AsyncExitStack() as resources:
            home = resources.enter_context(temporary_folder())
            if options.ca_file:
                await asyncio.to_thread(trust_authorities, home, options.ca_file)
            playwright = await async_playwright().start()
            resources.push_async_callback(_stop, playwright)
            try:
                browser = await playwright.chromium.launch(
                    executable_path=executable,
                    args=[*FLAGS, mark],
                    ignore_default_args=["--enable-automation"],
                    # Chromium refuses to run as root with its sandbox.
                    chromium_sandbox=os.geteuid() != 0,
                    proxy={"server": proxy, "bypass": "<-loopback>"},
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                    timeout=_START_SECONDS * 1000,
                    artifacts_dir=home,
                    downloads_path=home,
                    env=environment(home),
                )
                leader, driver = await asyncio.to_thread(process_group.find_leader, mark)
                # The driver removes the profile, unless it is killed.
                resources.callback(shutil.rmtree, _profile(leader), ignore_errors=True)
            except (Error, LookupError) as error:
                raise OSError(f"the browser did not start: {_first_line(error)}") from error
            process = cls(browser, leader, driver, most_memory)
            process._resources = resources.pop_all()
        return process

    @property
    def alive(self) -> bool:
        """False once the browser, its driver, or a process that it cannot do without has gone."""
        return self._browser.is_connected() and all(process_group.runs(process) for process in self._vital)

    @property
    def contexts(self) -> int:
        """How many contexts are open."""
        return len(self._browser.contexts)

    @property
    def version(self) -> str:
        """The version of Chromium, such as 156.0.8078.79."""
        return self._browser.version

    @property
    def pid(self) -> int:
        """The process, and process group, of the browser."""
        return self._leader.pid

    async def new_context(self, options: Mapping[str, Any]) -> BrowserContext:
        """Open a context; one that comes only after the caller was cancelled is closed again."""
        opening = asyncio.ensure_future(self._browser.new_context(**options))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._discard)
            raise

    @asynccontextmanager
    async def lifetime(self) -> AsyncIterator[None]:
        """A block that lasts no longer than the browser; it raises BrowserLostError when the browser ends first, and
        PageLostError when only the page does.
        """
        try:
            async with asyncio.timeout(None) as job:
                self._jobs.add(job)
                yield
        except TimeoutError:
            if not job.expired():
                raise
            raise BrowserLostError("its process ended") from None
        except PageLostError:
            self.crashes += 1
            raise
        except Error as error:
            if not self.alive:
                raise BrowserLostError(_first_line(error)) from error
            if any(text in error.message for text in _LOST):
                self.crashes += 1
                raise PageLostError(_first_line(error)) from error
            raise
        finally:
            self._jobs.discard(job)

    async def close(self) -> None:
        """End the browser and its driver; what does not end in a few seconds is killed, and nothing is left behind."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._browser.close()
        except (TimeoutError, Error) as error:
            _log.warning("the browser did not close: %s", _first_line(error))
            process_group.kill(self._leader)
        await self._watch
        await self._resources.aclose()

    def _discard(self, opening: "asyncio.Future[BrowserContext]") -> None:
        if not opening.cancelled() and opening.exception() is None:
            closing = asyncio.ensure_future(close_context(opening.result()))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)

    async def _supervise(self) -> None:
        """Measure the browser for as long as it lives. When it has ended, end what is left of it, and the jobs that
        still wait for it: Playwright does not tell of a driver that died.
        """
        loop = asyncio.get_running_loop()
        measured = -_MEMORY_SECONDS
        silent = asyncio.create_task(until_silent(self._browser))
        while self.alive and not silent.done():
            if loop.time() - measured >= _MEMORY_SECONDS:
                measured = loop.time()
                helpers, self.held = await asyncio.to_thread(self._look)
                self._vital |= helpers
                if self.held > self._most_memory:
                    _log.warning("a browser held %d bytes of memory and is killed", self.held)
                    break
            await asyncio.sleep(_ALIVE_SECONDS)
        if not silent.cancel() and self.alive:
            _log.warning("a browser did not answer and is killed")
            process_group.kill(self._driver)  # it may be what hangs
        await asyncio.to_thread(process_group.kill_group, self.pid)
        for job in self._jobs:
            job.reschedule(loop.time())

    def _look(self) -> tuple[set[psutil.Process], int]:
        return set(process_group.vital_helpers(self._leader)), resident_memory(process_tree(self._driver))


async def close_context(context: BrowserContext) -> bool:
    """Close a context; false when the browser could not do that in time."""
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await context.close()
    except (TimeoutError, Error) as error:
        _log.warning("a browser context did not close: %s", _first_line(error))
        return False
    return True


async def _stop(playwright: Playwright) -> None:
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await playwright.stop()
    except (TimeoutError, Error) as error:
        _log.warning("the browser's driver did not stop: %s", _first_line(error))


def _profile(leader: psutil.Process) -> Path:
    """The folder that Playwright made for the browser's profile."""
    option = "--user-data-dir="
    return Path(next(argument for argument in leader.cmdline() if argument.startswith(option)).removeprefix(option))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
