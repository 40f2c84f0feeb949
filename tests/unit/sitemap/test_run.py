"""A map ends by its deadline with what it has found, whatever the site does."""

import asyncio
from typing import Any

import pytest
from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import utc_now
from alterlab_server.base.page import Page
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.discover.sitemaps import CHUNK
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.hosts.slots import MemorySlots
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.extractor import Extractor
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.scrape.run import Toolbox
from alterlab_server.sitemap import run
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


async def mapped(bodies: dict[str, str], slots: MemorySlots | None = None, **fields: Any) -> dict[str, Any] | JobError:
    site = Site({"/robots.txt": "", **bodies})
    tools = Toolbox({"1": site}, Extractor(1), ScrapeOptions(frozenset({"1"})), utc_now)
    request = MapRequest(url=f"{HOME}/", **{"sitemap": "only"} | fields)
    deadline = asyncio.get_running_loop().time() + PATIENCE
    return await map_site(request, tools, RobotsKeeper(site), slots or MemorySlots(utc_now), deadline)


async def test_a_sitemap_that_never_comes_leaves_what_was_found_before_it() -> None:
    found = await mapped({"/sitemap.xml": INDEX, "/a.xml": PAGES})
    assert isinstance(found, dict)
    assert [item["url"] for item in found["urls"]] == [f"{HOME}/one"]
    assert (found["sitemap_found"], found["stopped_by"]) == (True, "deadline")


async def test_a_site_that_never_answers_is_too_late() -> None:
    found = await mapped({})
    assert isinstance(found, JobError)
    assert (found.status, found.code) == (504, "TIMEOUT")


@pytest.mark.parametrize("wanted", [{"include_patterns": ["/docs/*"]}, {"search": "guide 41"}])
async def test_what_is_wanted_may_stand_last_in_a_long_sitemap(wanted: dict[str, Any]) -> None:
    paths = [*(f"blog/{number}" for number in range(40)), "docs/guide/40", "docs/guide/41"]
    sitemap = "".join(f"<url><loc>{HOME}/{path}</loc></url>" for path in paths)
    found = await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"}, max_pages=2, **wanted)
    assert isinstance(found, dict)
    assert {item["url"] for item in found["urls"]} == {f"{HOME}/docs/guide/40", f"{HOME}/docs/guide/41"}
    if "search" in wanted:
        assert found["urls"][0]["relevance_score"] == 1.0
        assert found["urls"][0]["url"] == f"{HOME}/docs/guide/41"


async def test_of_what_fits_a_search_only_the_best_are_listed() -> None:
    sitemap = "".join(f"<url><loc>{HOME}/{path}</loc></url>" for path in ("prices", "a-price", "list-of-prices"))
    found = await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"}, max_pages=1, search="price")
    assert isinstance(found, dict)
    assert ([item["url"] for item in found["urls"]], found["stopped_by"]) == ([f"{HOME}/a-price"], "max_pages")


async def test_a_sitemap_that_is_not_read_to_its_end_is_told_of() -> None:
    sitemap = "".join(f"<url><loc>{HOME}/{number}</loc></url>" for number in range(CHUNK + 1))
    found = await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"}, max_pages=CHUNK)
    assert isinstance(found, dict)
    assert (len(found["urls"]), found["stopped_by"]) == (CHUNK, "max_pages")


async def test_a_search_that_has_not_seen_all_of_a_sitemap_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_ENTRIES", 2)
    sitemap = "".join(f"<url><loc>{HOME}/{path}</loc></url>" for path in ("price", "b", "c", "other-price"))
    found = await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"}, max_pages=3, search="price")
    assert isinstance(found, dict)
    assert ([item["url"] for item in found["urls"]], found["stopped_by"]) == ([f"{HOME}/price"], "max_entries")


async def test_entries_of_no_use_count_as_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_ENTRIES", 2)
    sitemap = "".join(f"<url><loc>https://elsewhere.test/{number}</loc></url>" for number in range(3))
    found = await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"})
    assert isinstance(found, dict)
    assert (found["urls"], found["stopped_by"]) == ([], "max_entries")


async def test_others_have_their_turn_between_the_addresses_of_a_sitemap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TURN_SECONDS", 0.0)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    sitemap = "".join(f"<url><loc>{HOME}/{number}</loc></url>" for number in range(200))
    await mapped({"/sitemap.xml": f"<urlset>{sitemap}</urlset>"})
    task.cancel()
    assert turns >= 200


async def test_a_site_that_wants_a_long_pause_is_not_asked() -> None:
    slots, now = MemorySlots(utc_now), utc_now().timestamp()
    await slots.slow_down("example.com", 0.0, now, retry_after=3600.0)
    found = await mapped({}, slots, sitemap="skip")
    assert isinstance(found, JobError)
    assert (found.status, found.code) == (504, "TIMEOUT")
    assert "wants to be asked less" in found.message


async def test_a_search_of_nothing_but_space_is_none() -> None:
    found = await mapped({"/sitemap.xml": PAGES}, search="  ")
    assert isinstance(found, dict)
    assert found["urls"] == [{"url": f"{HOME}/one", "depth": 0, "source": "sitemap"}]
