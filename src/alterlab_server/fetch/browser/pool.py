"""The pool: one browser for many jobs, a fresh context for each, and a new browser before the old one gets bad."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext

from alterlab_server.fetch.browser.flags import find_executable
from alterlab_server.fetch.browser.identity import user_agent
from alterlab_server.fetch.browser.memory import available_memory
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.process import BrowserProcess, close_context
from alterlab_server.fetch.browser.proxy import EgressProxy, EgressSession
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http.exchange import PinnedProxy
from alterlab_server.fetch.http.follow import pin_proxy
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.places import FairPlaces

_log = logging.getLogger(__name__)

_MOST_CRASHES = 2  # one may be the page's fault; a browser that lost its zygote crashes every page
_MEMORY_EXCESS = 2  # a browser this many times above its limit is not waited for any more


@dataclass(frozen=True, slots=True)
class Lease:
    """What a job works with: a context of its own, its leave to use the network, and the version of Chromium."""

    context: BrowserContext
    session: EgressSession
    version: str


class BrowserPool:
    """Lends browser contexts. Browsers start when they are needed; `close` ends them all for good."""

    def __init__(self, gate: Gate, options: PoolOptions | None = None) -> None:
        self.options = options or PoolOptions()
        self.executable = find_executable(self.options)
        self._gate = gate
        self._proxy = EgressProxy(gate, self.options.ca_file)
        self._places = FairPlaces(self.options.max_contexts, spare=-(-self.options.max_contexts // 4))
        self._max_memory = self.options.max_memory or available_memory() // 4
        self._current: BrowserProcess | None = None
        self._processes: set[BrowserProcess] = set()
        self._starting = asyncio.Lock()
        self._endings: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def available(self) -> bool:
        """True when there is a browser to start and the pool is open."""
        return self.executable is not None and not self._closed

    @property
    def processes(self) -> tuple[BrowserProcess, ...]:
        """The browsers that run now: the current one, and those that finish their last pages."""
        return tuple(self._processes)

    async def pin(self, proxy: str | None) -> PinnedProxy | Failure | None:
        """Judge the proxy of a job; None when it has none."""
        return await pin_proxy(self._gate, proxy) if proxy else None

    @asynccontextmanager
    async def lease(
        self, options: Mapping[str, Any], upstream: PinnedProxy | None = None, owner: str = ""
    ) -> AsyncIterator[Lease]:
        """Lend a fresh context with Playwright's context `options`; it is closed when the block ends.

        An `owner` whose jobs hold none waits for no other's when all are lent, as long as there are spare ones.

        Raises BrowserLostError when the browser ends meanwhile, and OSError when none can be started.
        """
        async with self._places.held(owner):
            process = await self._take()
            try:
                async with process.lifetime():
                    with self._proxy.session(self.options.max_job_bytes, upstream) as session:
                        agent = user_agent(process.version, mobile=options.get("is_mobile", False))
                        context = await process.new_context({"user_agent": agent, **options})
                        try:
                            yield Lease(context, session, process.version)
                        finally:
                            # A browser that cannot close a context gets no more jobs.
                            if not await close_context(context):
                                self._retire(process)
            finally:
                self._give_back(process)

    async def close(self) -> None:
        """End all browsers at once and take no more jobs."""
        self._closed = True
        self._current = None
        for process in tuple(self._processes):
            self._end(process)
        await asyncio.gather(*self._endings)
        await self._proxy.close()

    async def _take(self) -> BrowserProcess:
        async with self._starting:
            if self._current is None or not self._current.alive:
                if self._current is not None:
                    self._retire(self._current)
                self._current = await self._start()
            process = self._current
            process.active += 1
            process.pages += 1
            if process.pages >= self.options.max_pages:
                self._retire(process)
            return process

    async def _start(self) -> BrowserProcess:
        if self.executable is None or self._closed:
            raise OSError("there is no browser to start")
        await self._proxy.start()
        process = await BrowserProcess.start(
            self.executable, self._proxy.address, self.options, self._max_memory * _MEMORY_EXCESS
        )
        self._processes.add(process)
        return process

    def _give_back(self, process: BrowserProcess) -> None:
        process.active -= 1
        if process is self._current and self._worn(process):
            self._retire(process)
        elif process is not self._current and not process.active:
            self._end(process)

    def _worn(self, process: BrowserProcess) -> bool:
        age = asyncio.get_running_loop().time() - process.started
        grown = process.held > self._max_memory
        return age > self.options.max_age or grown or process.crashes >= _MOST_CRASHES or not process.alive

    def _retire(self, process: BrowserProcess) -> None:
        """Give the browser no more jobs; it ends with the last it has."""
        if process is self._current:
            self._current = None
        if not process.active:
            self._end(process)

    def _end(self, process: BrowserProcess) -> None:
        if process in self._processes:
            self._processes.discard(process)
            task = asyncio.create_task(process.close())
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)
