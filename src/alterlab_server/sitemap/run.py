"""The flow of a map: robots.txt → sitemaps → links, level by level → titles → search. Nothing is rendered or stored."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alterlab_server.base.page import Page
from alterlab_server.base.url import parse_url
from alterlab_server.discover.robots import ROBOTS_UNREACHABLE, RobotsKeeper
from alterlab_server.discover.sitemaps import sitemap_pages
from alterlab_server.extract import ExtractOptions
from alterlab_server.fetch.judge import judge, retry_after
from alterlab_server.fetch.outcome import Failure, Judgement
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.frontier.address import split
from alterlab_server.frontier.fingerprint import fingerprint
from alterlab_server.frontier.robots import Robots, unreachable_robots
from alterlab_server.hosts.slots import SLOW_DOWN, HostSlots
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.failure import error_of_page
from alterlab_server.scrape.run import Toolbox
from alterlab_server.sitemap.ranking import relevance
from alterlab_server.sitemap.schemas import MapRequest

# A map is a quick look: it follows the links of so many pages at most, and asks so many at a time.
MAX_FOLLOWED = 500
CONCURRENCY = 10
PAGE_SECONDS = 20.0
_TOO_LATE = JobError(504, "TIMEOUT", "The site could not be mapped in time.")


@dataclass(slots=True)
class MappedUrl:
    """An address of the site, and where it was found: `source` is sitemap or link."""

    url: str
    depth: int
    source: str
    title: str | None = None
    description: str | None = None
    looked_at: bool = False


async def map_site(
    request: MapRequest, tools: Toolbox, robots: RobotsKeeper, slots: HostSlots, deadline: float
) -> dict[str, Any] | JobError:
    """Map a site until `deadline` (loop clock), and say what was found by then. What the answer costs is not its
    business; an error says that nothing of the site could be had."""
    start = parse_url(request.url).without_fragment
    rules = await robots.of(split(start).origin)
    if request.respect_robots and rules is unreachable_robots():
        return ROBOTS_UNREACHABLE
    walk = _Walk(request, tools, robots, slots, start, deadline)
    try:
        async with asyncio.timeout_at(deadline):
            error = await walk.run(rules)
    except TimeoutError:
        walk.stopped_by = "deadline"
        error = None if walk.found else _TOO_LATE
    if error is not None and not walk.sitemap_found:
        return error
    return {
        "urls": _listed(request, walk.found.values()),
        "sitemap_found": walk.sitemap_found,
        "stopped_by": walk.stopped_by,
        "robots_txt": {"exists": rules.exists, "disallowed_paths": list(rules.disallowed)},
    }


class _Walk:
    def __init__(
        self,
        request: MapRequest,
        tools: Toolbox,
        robots: RobotsKeeper,
        slots: HostSlots,
        start: str,
        deadline: float,
    ) -> None:
        self._request = request
        self._tools = tools
        self._robots = robots
        self._slots = slots
        self._start = start
        self._deadline = deadline
        self._scope = request.scope(start)
        self._followed: list[MappedUrl] = []
        self.found: dict[int, MappedUrl] = {}
        self.sitemap_found = False
        self.stopped_by: str | None = None

    async def run(self, rules: Robots) -> JobError | None:
        """All steps; an error when the start page cannot be had."""
        request, error = self._request, None
        if request.sitemap != "skip":
            await self._read_sitemaps(rules)
        if request.sitemap != "only" and (rules.allows(self._start) or not request.respect_robots):
            error = await self._follow_links()
        if request.include_metadata and (error is None or self.sitemap_found):
            await self._read_metadata()
        return error

    async def _read_sitemaps(self, rules: Robots) -> None:
        """Take the pages that the sitemaps name."""
        addresses = self._request.sitemaps(self._start, rules.sitemaps)
        async for piece in sitemap_pages(addresses, self._tools.tiers["1"], self._request.max_pages * 2):
            self.sitemap_found = True
            for url in piece:
                await self._add(url, 0, "sitemap")
            if self._full():
                break

    async def _follow_links(self) -> JobError | None:
        """Follow links from the start page; an error when that page itself cannot be had."""
        first = MappedUrl(self._start, 0, "link")
        links = await self._look_at(first)
        if isinstance(links, JobError):
            return links
        if self._scope.refusal(self._start) is None:
            self.found.setdefault(fingerprint(self._start), first)
        level, depth = links, 1
        while level and depth <= self._request.max_depth and not self._full():
            new = [entry for url in level if (entry := await self._add(url, depth, "link")) is not None]
            level, depth = (await self._links_of(new) if depth < self._request.max_depth else []), depth + 1
        return None

    async def _read_metadata(self) -> None:
        """Look at the pages that were not looked at yet, as many as there is time for."""
        await self._links_of([entry for entry in self.found.values() if not entry.looked_at])

    async def _links_of(self, entries: Sequence[MappedUrl]) -> list[str]:
        """What these pages link to, in their order."""
        room = max(0, MAX_FOLLOWED - len(self._followed))
        if len(entries) > room:
            self.stopped_by = "max_followed"
        self._followed.extend(entries[:room])
        slots = asyncio.Semaphore(CONCURRENCY)

        async def links(entry: MappedUrl) -> list[str]:
            async with slots:
                if self._full() and not self._request.include_metadata:
                    return []
                found = await self._look_at(entry)
                return [] if isinstance(found, JobError) else found

        return [url for urls in await asyncio.gather(*map(links, entries[:room])) for url in urls]

    async def _look_at(self, entry: MappedUrl) -> list[str] | JobError:
        """Fetch a page with the cheapest tier; its links, and its title and description into `entry`."""
        entry.looked_at = True
        page = await self._fetch(entry.url)
        if isinstance(page, JobError):
            return page
        options = ExtractOptions(formats=(), url=page.final_url, content_type=page.headers.get("content-type", ""))
        left = self._deadline - asyncio.get_running_loop().time()
        extraction = await self._tools.extractor.extract(page.body, options, min(PAGE_SECONDS, left))
        if isinstance(extraction, JobError):
            return extraction
        entry.title, entry.description = extraction.title, extraction.metadata.get("description")
        return list(extraction.links)

    async def _fetch(self, url: str) -> Page | JobError:
        loop = asyncio.get_running_loop()
        authority, least = split(url).authority, 0.0
        if self._request.respect_robots:
            least = (await self._robots.of(split(url).origin)).delay
        if not await self._slots.wait(authority, least, self._deadline - loop.time()):
            self.stopped_by = "deadline"
            return _TOO_LATE
        deadline = min(loop.time() + PAGE_SECONDS, self._deadline)
        request, sent_at = FetchRequest(url), self._tools.clock().timestamp()
        outcome = await self._tools.tiers["1"].fetch(request, deadline)
        if isinstance(outcome, Failure):
            return error_of_page(Judgement(outcome.verdict, outcome.reason), url)
        if outcome.status in SLOW_DOWN:
            await self._slots.slow_down(authority, least, sent_at, retry_after(outcome, self._tools.clock()))
        return error_of_page(judge(outcome, request), url) if outcome.status >= 400 else outcome

    async def _add(self, url: str, depth: int, source: str) -> MappedUrl | None:
        """Take an address that belongs to the site and is new."""
        mark = fingerprint(url)
        if self._full():
            self.stopped_by = "max_pages"
        if self._full() or mark in self.found or self._scope.refusal(url) is not None:
            return None
        if self._request.respect_robots and not (await self._robots.of(split(url).origin)).allows(url):
            return None
        entry = self.found[mark] = MappedUrl(url, depth, source)
        return entry

    def _full(self) -> bool:
        return len(self.found) >= self._request.max_pages


def _listed(request: MapRequest, entries: Iterable[MappedUrl]) -> list[dict[str, Any]]:
    listed = []
    for entry in entries:
        item: dict[str, Any] = {"url": entry.url, "depth": entry.depth, "source": entry.source}
        if request.include_metadata:
            item |= {"title": entry.title, "description": entry.description}
        if request.search is not None:
            item["relevance_score"] = relevance(request.search, entry.url, (entry.title, entry.description))
            if not item["relevance_score"]:
                continue
        listed.append(item)
    return listed if request.search is None else sorted(listed, key=lambda item: -item["relevance_score"])
