"""One Chromium process with the driver that speaks to it: started, measured, and ended without a trace."""

import asyncio
import contextlib
import ctypes
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psutil
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from alterlab_server.fetch.browser.flags import start_flags
from alterlab_server.fetch.browser.memory import process_tree, resident_memory
from alterlab_server.fetch.browser.options import PoolOptions

_log = logging.getLogger(__name__)

_START_SECONDS = 30.0
_CLOSE_SECONDS = 5.0
_REAP_SECONDS = 5.0
_REAP_PAUSE = 0.01
_ALIVE_SECONDS = 0.25
_MEMORY_SECONDS = 2.0  # a look at all processes costs some 10 ms
# How Playwright words it when the page or its renderer has gone, which it may say before it knows of the browser.
_LOST = ("has been closed", "crashed", "Connection closed")
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class BrowserLostError(Exception):
    """The browser ended in the middle of a job; the job may be run again on a new one."""


class BrowserProcess:
    """A running browser. `started` is seconds on the event loop's clock, `pages` counts what it has rendered, `active`
    what it is rendering, and `held` is how many bytes of memory it held when last looked at, which is often.
    """

    def __init__(self, driver: Playwright, browser: Browser, root: psutil.Process, node: psutil.Process) -> None:
        self._browser = browser
        self.started = asyncio.get_running_loop().time()
        self.pages = 0
        self.active = 0
        self.held = 0
        self._driver = driver
        self._root = root
        self._node = node
        self._closings: set[asyncio.Future[None]] = set()
        self._jobs: set[asyncio.Timeout] = set()
        self._watch = asyncio.create_task(self._supervise())

    @classmethod
    async def start(cls, executable: str, proxy: str, options: PoolOptions) -> "BrowserProcess":
        """Start a browser whose every connection goes to `proxy`; raises OSError when it does not come up."""
        _adopt_orphans()
        mark = f"--alterlab-browser={secrets.token_hex(8)}"
        driver = await async_playwright().start()
        try:
            browser = await driver.chromium.launch(
                executable_path=executable,
                args=[*start_flags(options), mark],
                ignore_default_args=["--enable-automation"],
                # Chromium refuses to run as root with its sandbox.
                chromium_sandbox=os.geteuid() != 0,
                proxy={"server": proxy, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_START_SECONDS * 1000,
            )
            root, node = await asyncio.to_thread(_marked_child, mark)
        except (Error, LookupError) as error:
            await driver.stop()
            raise OSError(f"the browser did not start: {error}") from error
        except BaseException:
            await driver.stop()
            raise
        return cls(driver, browser, root, node)

    @property
    def alive(self) -> bool:
        """False once the browser has gone."""
        return self._browser.is_connected() and all(_runs(process) for process in (self._root, self._node))

    @property
    def contexts(self) -> int:
        """How many contexts are open."""
        return len(self._browser.contexts)

    @property
    def version(self) -> str:
        """The version of Chromium, such as 156.0.8078.79."""
        return self._browser.version

    async def new_context(self, options: Mapping[str, Any]) -> BrowserContext:
        """Open a context; one that comes only after the caller was cancelled is closed again."""
        opening = asyncio.ensure_future(self._browser.new_context(**options))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._discard)
            raise

    def _discard(self, opening: "asyncio.Future[BrowserContext]") -> None:
        if not opening.cancelled() and opening.exception() is None:
            closing = asyncio.ensure_future(opening.result().close())
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)

    @property
    def pid(self) -> int:
        """The process, and process group, of the browser."""
        return self._root.pid

    @asynccontextmanager
    async def lifetime(self) -> AsyncIterator[None]:
        """A block that lasts no longer than the browser; it raises BrowserLostError when the browser ends first."""
        try:
            async with asyncio.timeout(None) as job:
                self._jobs.add(job)
                yield
        except TimeoutError:
            if not job.expired():
                raise
            raise BrowserLostError("its process ended") from None
        except Error as error:
            if self.alive and not any(text in error.message for text in _LOST):
                raise
            raise BrowserLostError(error.message.partition("\n")[0]) from error
        finally:
            self._jobs.discard(job)

    async def close(self) -> None:
        """End the browser and its driver; what does not end in a few seconds is killed, and nothing is left behind."""
        self._watch.cancel()
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._browser.close()
        except (TimeoutError, Error) as error:
            _log.warning("the browser did not close: %s", error)
        await self._kill_group()
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._driver.stop()
        except (TimeoutError, Error) as error:
            _log.warning("the browser's driver did not stop: %s", error)
            self._kill_driver()

    async def _supervise(self) -> None:
        """Measure the browser for as long as it lives, then end the jobs that still wait for it: Playwright does not
        tell of a driver that died.
        """
        loop = asyncio.get_running_loop()
        measured = -_MEMORY_SECONDS
        while self.alive:
            if loop.time() - measured >= _MEMORY_SECONDS:
                measured = loop.time()
                self.held = await asyncio.to_thread(lambda: resident_memory(process_tree(self._node)))
            await asyncio.sleep(_ALIVE_SECONDS)
        for job in self._jobs:
            job.reschedule(loop.time())

    def _kill_driver(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended meanwhile
            self._node.kill()

    async def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # all of them may have ended by themselves
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.to_thread(_reap_group, self.pid)


def _marked_child(mark: str) -> tuple[psutil.Process, psutil.Process]:
    """The descendant of this process that was started with the flag `mark` and leads its process group, and its
    parent, the driver.
    """
    for child in psutil.Process().children(recursive=True):
        try:
            if mark in child.cmdline() and os.getpgid(child.pid) == child.pid and (parent := child.parent()):
                return child, parent
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    raise LookupError("its process is not to be found")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _adopt_orphans() -> None:
    """Make orphaned descendants ours (prctl(2)), so that helpers of a killed browser can be waited for.

    Without that they become children of process 1, which in a container is seldom one that waits for them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_group(group: int) -> None:
    """Wait for the ended helpers of a browser that became children of ours, in their process group."""
    end = time.monotonic() + _REAP_SECONDS
    with contextlib.suppress(ChildProcessError):  # none is left
        while time.monotonic() < end:
            if os.waitpid(-group, os.WNOHANG) == (0, 0):
                time.sleep(_REAP_PAUSE)
