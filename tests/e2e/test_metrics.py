"""The metrics of a started server."""

from collections.abc import Callable

import httpx2
from tests.e2e.conftest import Client
from tests.support.running import Running
from tests.support.waiting import PATIENCE, eventually_async


async def test_a_scrape_shows_in_the_metrics(server: Running, client: Client, target: Callable[[str], str]) -> None:
    assert (await client.post("/scrape", json={"url": target("/article")})).status_code == 200
    async with httpx2.AsyncClient(base_url=server.url, timeout=PATIENCE) as reader:

        async def counted() -> bool:
            text = (await reader.get("/metrics")).text
            request = 'alterlab_requests_total{method="POST",path="/api/v1/scrape",status="200"}'
            return request in text and 'alterlab_jobs_total{result="completed",tier="1",worker="' in text

        await eventually_async(counted)
