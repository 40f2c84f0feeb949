"""The browser pool over thousands of pages, while its processes are killed at random.

Usage: python -m bench.soak [PAGES]. Prints `name: value` lines: pages that were lost, and how many processes ran and
how much memory they held together with this one (MiB, shared pages counted once) after the first pages and at the end.
Of the memory, `own` is this process's, which holds the pool and the site. `browser_pages` is how many pages the browser
had rendered by then: it grows with them until it is replaced.
"""

import asyncio
import contextlib
import gc
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from ipaddress import ip_network

import psutil
from tests.site import HostileSite
from tests.support.running import descendants
from tests.support.waiting import eventually_async

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.memory import resident_memory
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier

PAGES = 2_000
FIRST = 100
AT_ONCE = 8
KILL_EVERY = 50
"""A process is killed after so many pages, on average."""

SEED = 20261121
PAGE_SECONDS = 90.0
PATHS = ("/shell", "/article", "/browser/list", "/browser/memory?name=soak", "/product", "/links")


@dataclass(frozen=True)
class Sample:
    """What runs between pages: processes, the bytes that they and this one alone hold, and the browser's pages."""

    processes: int
    memory: int
    own: int
    browser_pages: int


@dataclass(frozen=True)
class Soak:
    """What came of it."""

    lost: tuple[str, ...]
    kills: int
    first: Sample
    end: Sample
    left: int


class _Killer:
    """Kills a process of the browser now and then: the whole group, the browser, its driver or one helper."""

    def __init__(self, pool: BrowserPool, chance: random.Random, every: int) -> None:
        self._pool = pool
        self._chance = chance
        self._every = every
        self.kills = 0

    def page_done(self) -> None:
        """Perhaps kill something."""
        if self._chance.random() * self._every < 1 and self._pool.processes:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                self._kill(self._chance.choice(self._pool.processes).pid)
                self.kills += 1

    def _kill(self, group: int) -> None:
        leader = psutil.Process(group)
        driver = leader.parent()
        victims = [*leader.children(recursive=True), *([driver] if driver else [])]
        if self._chance.random() < 0.5 or not victims:
            os.killpg(group, signal.SIGKILL)
        else:
            self._chance.choice(victims).kill()


async def soak(pages: int, first: int, kill_every: int, seed: int = SEED) -> Soak:
    """Render `pages` pages, `AT_ONCE` at a time, and look at the processes after the first ones and at the end."""
    chance = random.Random(seed)
    before = descendants()
    async with HostileSite() as site:
        pool = BrowserPool(Gate([ip_network("127.0.0.1/32")]))
        tier = BrowserTier(pool)
        killer = _Killer(pool, chance, kill_every)

        async def render(count: int) -> list[str]:
            urls = [site.url(chance.choice(PATHS)) for _ in range(count)]
            lost = await asyncio.gather(*(_worker(tier, urls, killer) for _ in range(AT_ONCE)))
            return [url for some in lost for url in some]

        try:
            lost = await render(first)
            sample = await _settled(pool, site, before)
            lost += await render(pages - first)
            end = await _settled(pool, site, before)
        finally:
            await pool.close()
    left = descendants() - before
    return Soak(tuple(lost), killer.kills, sample, end, len(left))


async def _worker(tier: BrowserTier, urls: list[str], killer: _Killer) -> list[str]:
    lost = []
    while urls:
        url = urls.pop()
        deadline = asyncio.get_running_loop().time() + PAGE_SECONDS
        page = await tier.fetch(FetchRequest(url), deadline)
        if not isinstance(page, Page) or page.status != 200:
            lost.append(f"{url} {page.reason if not isinstance(page, Page) else page.status}")
        killer.page_done()
    return lost


async def _settled(pool: BrowserPool, site: HostileSite, others: set[psutil.Process]) -> Sample:
    """Look when one page has been rendered on whatever browser there is now, and nothing else runs but `others`."""
    deadline = asyncio.get_running_loop().time() + PAGE_SECONDS
    await BrowserTier(pool).fetch(FetchRequest(site.url("/article")), deadline)
    await eventually_async(lambda: _only_those_of(pool, others), what="the end of the browsers that were lost")
    site.requests.clear()
    gc.collect()
    running = [psutil.Process(), *(descendants() - others)]
    memory = await asyncio.to_thread(resident_memory, running)
    own = await asyncio.to_thread(resident_memory, running[:1])
    return Sample(len(running), memory, own, sum(process.pages for process in pool.processes))


async def _only_those_of(pool: BrowserPool, others: set[psutil.Process]) -> bool:
    """Whether no driver runs but `others` and those of the pool; a driver is the last of its browser to end."""
    with contextlib.suppress(psutil.NoSuchProcess):
        drivers = [process for process in descendants() - others if "run-driver" in process.cmdline()]
        return len(drivers) <= len(pool.processes)
    return False


def main(pages: int) -> None:
    """Run, and print what came of it."""
    begun = time.monotonic()
    result = asyncio.run(soak(pages, min(FIRST, pages), KILL_EVERY))
    print(f"pages: {pages}")
    print(f"pages_per_second: {pages / (time.monotonic() - begun):.1f}")
    print(f"kills: {result.kills}")
    print(f"pages_lost: {len(result.lost)}")
    for when, sample in ((f"after_first_{FIRST}", result.first), ("at_end", result.end)):
        print(f"processes_{when}: {sample.processes}")
        print(f"memory_mib_{when}: {sample.memory >> 20}")
        print(f"own_memory_mib_{when}: {sample.own >> 20}")
        print(f"browser_pages_{when}: {sample.browser_pages}")
    print(f"processes_left: {result.left}")
    for line in result.lost:
        print(f"lost: {line}", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
