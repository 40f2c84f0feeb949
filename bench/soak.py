"""The browser pool over thousands of pages, while its processes are killed at random.

Usage: python -m bench.soak [PAGES]. Prints `name: value` lines: pages that were lost, and how many processes ran and
how much memory they held together with this one (MiB, shared pages counted once) after the first pages and at the end.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from ipaddress import ip_network

import psutil
from tests.site import HostileSite

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.memory import process_tree, resident_memory
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
    """What runs between pages: processes, and the bytes that they hold."""

    processes: int
    memory: int


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
    before = len(psutil.Process().children(recursive=True))
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
            sample = await _settled(tier, site)
            lost += await render(pages - first)
            end = await _settled(tier, site)
        finally:
            await pool.close()
    left = len(psutil.Process().children(recursive=True)) - before
    return Soak(tuple(lost), killer.kills, sample, end, left)


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


async def _settled(tier: BrowserTier, site: HostileSite) -> Sample:
    """Look when one page has been rendered on whatever browser there is now, and nothing else runs."""
    await tier.fetch(FetchRequest(site.url("/article")), asyncio.get_running_loop().time() + PAGE_SECONDS)
    tree = process_tree(psutil.Process())
    return Sample(len(tree), await asyncio.to_thread(resident_memory, tree))


def main(pages: int) -> None:
    """Run, and print what came of it."""
    begun = time.monotonic()
    result = asyncio.run(soak(pages, min(FIRST, pages), KILL_EVERY))
    print(f"pages: {pages}")
    print(f"pages_per_second: {pages / (time.monotonic() - begun):.1f}")
    print(f"kills: {result.kills}")
    print(f"pages_lost: {len(result.lost)}")
    print(f"processes_after_first_{FIRST}: {result.first.processes}")
    print(f"processes_at_end: {result.end.processes}")
    print(f"memory_mib_after_first_{FIRST}: {result.first.memory >> 20}")
    print(f"memory_mib_at_end: {result.end.memory >> 20}")
    print(f"processes_left: {result.left}")
    for line in result.lost:
        print(f"lost: {line}", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
