"""Workers die while a site of many hosts is crawled: each page ends once, is paid once, and hosts are asked rarely."""

import itertools
from collections import defaultdict
from pathlib import Path

import httpx2
from tests.site import HostileSite
from tests.support.accounts import new_account
from tests.support.running import Running, free_port, started
from tests.support.waiting import eventually, eventually_async

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database

PAGES, HOSTS, KILLS = 300, 6, 3
DELAY = 0.1  # the crawl-delay of these hosts
LANES = 3
IN_FLIGHT = LANES * 35  # what a lane may have leased when it dies


async def test_killed_workers_lose_nothing_and_repeat_nothing(site: HostileSite, tmp_path: Path) -> None:
    url = f"http://hasty-0.{new_id().hex[:12]}.localhost:{site.port}/maze/0-{PAGES}-{HOSTS}"
    with started(["serve", "--workers", "3"], tmp_path, free_port(), ALTERLAB_EXTRACTION_PROCESSES="1") as running:
        running.wait_until_healthy()
        database = Database(running.dsn, pool_size=2)
        account = await new_account(database)
        headers = {"X-API-Key": account.key}
        async with httpx2.AsyncClient(base_url=f"{running.url}/api/v1", headers=headers, timeout=60) as client:
            body = await _crawl_and_kill(client, url, running)
            shown = {"include_results": "true", "limit": 1000}
            pages = (await client.get(f"/crawl/{body['crawl_id']}", params=shown)).json()["pages"]
        charges = await account.charges()
        await database.close()
    assert (body["status"], body["completed"], body["failed"]) == ("completed", PAGES, 0)
    assert len({page["url"] for page in pages}) == len(pages) == PAGES
    assert sum(charges) == PAGES * 200
    _was_polite(site)


async def _crawl_and_kill(client: httpx2.AsyncClient, url: str, running: Running) -> dict[str, object]:
    fields = {"url": url, "max_pages": 2 * PAGES, "max_depth": 20, "include_subdomains": True, "formats": ["text"]}
    fields |= {"max_concurrency": 10 * LANES, "cost_controls": {"max_tier": "1"}}
    crawl_id = (await client.post("/crawl", json=fields)).raise_for_status().json()["crawl_id"]

    async def state() -> dict[str, object]:
        body: dict[str, object] = (await client.get(f"/crawl/{crawl_id}")).json()
        return body

    for kill in range(1, KILLS + 1):
        done = kill * PAGES // (KILLS + 2)

        async def far_enough(least: int = done) -> bool:
            return int(str((await state())["completed"])) >= least

        await eventually_async(far_enough, 90, f"page {done}")
        eventually(lambda: running.children("worker"), what="a worker")[0].kill()

    async def ended() -> dict[str, object] | None:
        body = await state()
        return body if body["status"] not in ("discovering", "scraping") else None

    body = await eventually_async(ended, 120, "the end of the crawl")
    assert body is not None
    return body


def _was_polite(site: HostileSite) -> None:
    asked = [request for request in site.requests if request.path.startswith("/maze/")]
    assert not [request for request in asked if request.path == "/maze/secret"]
    assert PAGES <= len(asked) <= PAGES + KILLS * IN_FLIGHT
    times = defaultdict(list)
    for request in asked:
        times[request.host].append(request.at)
    assert len(times) == HOSTS
    for moments in times.values():
        # A request may leave late, and then the next seems early: ten together may not.
        for first, last in zip(moments, itertools.islice(moments, 10, None), strict=False):
            assert last - first >= 10 * DELAY * 0.7
