"""A map ends by its deadline with what it has found, whatever the site does."""

import asyncio
from typing import Any

from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import utc_now
from alterlab_server.base.page import Page
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.hosts.slots import MemorySlots
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.run import Toolbox
from alterlab_server.sitemap.run import map_site
from alterlab_server.sitemap.schemas import MapRequest

HOME = "https://example.com"
_MAPS = "".join(f"<sitemap><loc>{HOME}/{name}.xml</loc></sitemap>" for name in "ab")
INDEX = f"<sitemapindex>{_MAPS}</sitemapindex>"
PAGES = f"<urlset><url><loc>{HOME}/one</loc></url></urlset>"


class Site:
    """A tier over a table of bodies by path; what is not in it never answers, though an hour passes."""

    def __init__(self, bodies: dict[str, str]) -> None:
        self._bodies = {f"{HOME}{path}": body for path, body in bodies.items()}

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        if request.url not in self._bodies:
            loop = asyncio.get_running_loop()
            now = loop.time() + 3600
            loop.time = lambda: now
            await asyncio.Event().wait()
        return Page(request.url, request.url, 200, {}, self._bodies[request.url].encode())

    async def close(self) -> None:
        return None


async def mapped(bodies: dict[str, str]) -> dict[str, Any] | JobError:
    site = Site({"/robots.txt": "", **bodies})
    tools = Toolbox({"1": site}, Extractor(1), ScrapeOptions(frozenset({"1"})), utc_now)
    request = MapRequest(url=f"{HOME}/", sitemap="only")
    deadline = asyncio.get_running_loop().time() + PATIENCE
    return await map_site(request, tools, RobotsKeeper(site), MemorySlots(utc_now), deadline)


async def test_a_sitemap_that_never_comes_leaves_what_was_found_before_it() -> None:
    found = await mapped({"/sitemap.xml": INDEX, "/a.xml": PAGES})
    assert isinstance(found, dict)
    assert [item["url"] for item in found["urls"]] == [f"{HOME}/one"]
    assert (found["sitemap_found"], found["stopped_by"]) == (True, "deadline")


async def test_a_site_that_never_answers_is_too_late() -> None:
    found = await mapped({})
    assert isinstance(found, JobError)
    assert (found.status, found.code) == (504, "TIMEOUT")
