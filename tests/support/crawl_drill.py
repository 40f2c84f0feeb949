"""A drill: workers die while a site of many hosts is crawled."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil
from tests.site import HostileSite
from tests.support.accounts import new_account
from tests.support.running import Running, free_port, started
from tests.support.waiting import PATIENCE, eventually, eventually_async

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database

WORKERS = 3
DELAY = 0.1  # the crawl-delay of these hosts
LANES = 3
IN_FLIGHT = LANES * 35  # what a lane may have leased when it dies
LISTED = 1000
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Drill:
    """How many pages on how many hosts are crawled while workers are killed so often, and how long that may take."""

    pages: int
    hosts: int
    kills: int
    seconds: float


@dataclass
class Drilled:
    """What was left: status, pages, errors and charges of the crawl, and the workers' memory (MiB) at each kill.

    `begun` is before the crawl was (seconds, as requests of the site have them).
    """

    begun: float = field(default_factory=time.monotonic)
    status: dict[str, Any] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


async def run_drill(drill: Drill, site: HostileSite, folder: Path) -> Drilled:
    """Crawl the maze of the site with three workers, kill one after each equal part of it, and wait for the end."""
    url = f"http://hasty-0.{new_id().hex[:12]}.localhost:{site.port}/maze/0-{drill.pages}-{drill.hosts}"
    command = ["serve", "--workers", str(WORKERS)]
    with started(command, folder, free_port(), ALTERLAB_EXTRACTION_PROCESSES="1") as running:
        running.wait_until_healthy()
        database = Database(running.dsn, pool_size=2)
        account = await new_account(database)
        headers = {"X-API-Key": account.key}
        async with httpx2.AsyncClient(base_url=f"{running.url}/api/v1", headers=headers, timeout=PATIENCE) as client:
            drilled = Drilled()
            await _crawl_and_kill(client, url, running, drill, drilled)
            pages = await _list_pages(client, drilled.status["crawl_id"])
            drilled.urls = [page["url"] for page in pages]
            drilled.errors = [str(page["error"]) for page in pages if page["status"] != "completed"]
        drilled.charges = await account.charges()
        await database.close()
    return drilled


async def _crawl_and_kill(
    client: httpx2.AsyncClient, url: str, running: Running, drill: Drill, drilled: Drilled
) -> None:
    fields = {"url": url, "max_pages": 2 * drill.pages, "max_depth": 20, "include_subdomains": True}
    fields |= {"formats": ["text"], "max_concurrency": 10 * LANES, "cost_controls": {"max_tier": "1"}}
    crawl_id = (await client.post("/crawl", json=fields)).raise_for_status().json()["crawl_id"]

    async def state() -> dict[str, Any]:
        body: dict[str, Any] = (await client.get(f"/crawl/{crawl_id}")).json()
        return body

    for kill in range(1, drill.kills + 1):
        done = kill * drill.pages // (drill.kills + 2)

        async def far_enough(least: int = done) -> bool:
            return int((await state())["completed"]) >= least

        await eventually_async(far_enough, drill.seconds, f"page {done}")
        drilled.memory.append(sum(_memory(worker) for worker in running.children("worker")))
        eventually(lambda: running.children("worker"), what="a worker")[0].kill()

    async def ended() -> dict[str, Any] | None:
        body = await state()
        return body if body["status"] not in ("discovering", "scraping") else None

    body = await eventually_async(ended, drill.seconds, "the end of the crawl")
    assert body is not None
    drilled.status = body


def _memory(worker: psutil.Process) -> float:
    return float(worker.memory_info().rss) / MEBIBYTE


async def _list_pages(client: httpx2.AsyncClient, crawl_id: str) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    shown: dict[str, str] = {"include_results": "true", "limit": str(LISTED)}
    while True:
        body = (await client.get(f"/crawl/{crawl_id}", params=shown)).json()
        pages += body["pages"]
        if not body.get("next_cursor"):
            return pages
        shown["cursor"] = body["next_cursor"]


def check_politeness(site: HostileSite, drill: Drill, drilled: Drilled) -> None:
    """Robots' rules were kept, few pages were asked for twice, and no host more often than its crawl-delay allows."""
    asked = [request for request in site.requests if request.path.startswith("/maze/")]
    assert not [request for request in asked if request.path == "/maze/secret"]
    assert drill.pages <= len(asked) <= drill.pages + drill.kills * IN_FLIGHT
    times = defaultdict(list)
    for request in asked:
        times[request.host].append(request.at)
    assert len(times) == drill.hosts
    for moments in times.values():
        # A request may leave late, and then the next seems early; none may come before its turn since the beginning.
        for number, moment in enumerate(sorted(moments)):
            assert moment - drilled.begun >= number * DELAY
