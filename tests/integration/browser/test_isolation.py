import asyncio
import json
import re
from dataclasses import replace

from tests.integration.browser.helpers import good
from tests.site import HostileSite
from tests.support.waiting import PATIENCE

from alterlab_server.base.page import Page
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier

NOTHING = {"cookie": None, "local": None, "session": None, "caches": [], "workers": 0, "databases": []}
LEFT = BrowserOptions(wait_for="#found:not(:empty)", wait_for_timeout=PATIENCE)


def found(page: Page) -> dict[str, object]:
    text = re.search(r"<pre id=\"found\">(.*?)</pre>", page.body.decode())
    assert text
    remembered: dict[str, object] = json.loads(text[1])
    return remembered


async def test_jobs_on_one_host_remember_nothing_of_each_other(site: HostileSite, pool: BrowserPool) -> None:
    tier = BrowserTier(pool)
    visits = [FetchRequest(site.url(f"/browser/memory?name=job{i}"), browser=LEFT) for i in range(4)]
    pages = await asyncio.gather(*(good(tier, visit) for visit in visits))
    later = await good(tier, FetchRequest(site.url("/browser/memory?name=late"), browser=LEFT))
    assert [found(page) for page in (*pages, later)] == [NOTHING] * 5
    assert [page.cookies["visitor"] for page in pages] == ["job0", "job1", "job2", "job3"]


async def test_each_job_fills_a_cache_of_its_own(site: HostileSite, pool: BrowserPool) -> None:
    tier = BrowserTier(pool)
    for name in ("one", "two"):
        await good(tier, FetchRequest(site.url(f"/browser/memory?name={name}"), browser=LEFT))
    assert len([request for request in site.requests if request.path == "/browser/cached"]) == 2


async def test_a_page_remembers_itself_within_one_job(site: HostileSite, pool: BrowserPool) -> None:
    # Shows that the page does find what is left, when it is there.
    again = (
        {"type": "evaluate", "script": "location.reload()"},
        {"type": "wait_for", "selector": "#found:not(:empty)"},
    )
    request = FetchRequest(site.url("/browser/memory?name=same"), browser=replace(LEFT, actions=again))
    seen = found(await good(BrowserTier(pool), request))
    assert (seen["cookie"], seen["local"], seen["caches"], seen["workers"]) == ("same", "same", ["same"], 1)
