"""A long crawl over many hosts with three workers, of which one is killed again and again, in equal parts of it.

Usage: python -m bench.drill [PAGES]. Prints `name: value` lines: pages that were lost or ended twice, what was charged
beyond them, and the workers' memory (MiB, all three together) at the first and the last kill. Fails when robots.txt or
a host's crawl-delay was not kept.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.site import HostileSite
from tests.support.crawl_drill import Drill, check_politeness, run_drill

PAGES = 5_000
HOSTS = 20
PAGES_A_KILL = 250
PAGE_PRICE = 200


async def measure(drill: Drill) -> None:
    """Run the drill and print what was left."""
    with tempfile.TemporaryDirectory() as folder:
        async with HostileSite() as site:
            started = time.monotonic()
            drilled = await run_drill(drill, site, Path(folder))
            seconds = time.monotonic() - started
            check_politeness(site, drill, drilled)
    found, failed = set(drilled.urls), len(drilled.errors)
    print(f"drill_status: {drilled.status['status']}\ndrill_pages: {len(found)}\ndrill_kills: {drill.kills}")
    print(f"drill_pages_lost: {drill.pages - len(found)}\ndrill_pages_twice: {len(drilled.urls) - len(found)}")
    print(f"drill_pages_failed: {failed}", *sorted(set(drilled.errors)), sep="\n# ")
    print(f"drill_charged_beyond_microcents: {sum(drilled.charges) - (len(found) - failed) * PAGE_PRICE}")
    print(f"drill_memory_first_mib: {drilled.memory[0]:.0f}\ndrill_memory_last_mib: {drilled.memory[-1]:.0f}")
    print(f"drill_pages_per_second: {drill.pages / seconds:.1f}")


def main() -> None:
    """Run a drill of the given size."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    asyncio.run(measure(Drill(pages, HOSTS, pages // PAGES_A_KILL, 600)))


if __name__ == "__main__":
    main()
