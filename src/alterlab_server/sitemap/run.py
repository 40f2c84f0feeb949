"""The flow of a map: robots.txt → sitemaps → links, level by level → titles → search. Nothing is rendered or stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from alterlab_server.base.page import Page
from alterlab_server.base.url import parse_url
from alterlab_server.discover.robots import ROBOTS_FORBID, RobotsKeeper
from alterlab_server.discover.sitemaps import SitemapReader
from alterlab_server.extract import ExtractOptions
from alterlab_server.fetch.judge import judge, retry_after
from alterlab_server.fetch.outcome import Failure, Judgement
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.frontier.address import split
from alterlab_server.frontier.fingerprint import fingerprint
from alterlab_server.frontier.robots import forbids_following, no_robots
from alterlab_server.hosts.slots import SLOW_DOWN, HostSlots
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.failure import error_of_page
from alterlab_server.scrape.run import Toolbox
from alterlab_server.sitemap.ranking import relevance
from alterlab_server.sitemap.schemas import MAX_PAGES, MapRequest

# A map is a quick look: it follows the links of so many pages at most, and asks so many at a time.
MAX_FOLLOWED = 500
# Of sitemaps it reads twice as many entries as it can list, for many of them may be of no use to it.
MAX_ENTRIES = 2 * MAX_PAGES
CONCURRENCY = 10
PAGE_SECONDS = 20.0
TURN_SECONDS = 0.02
_SCORE = itemgetter("relevance_score")
_TOO_LATE = JobError(504, "TIMEOUT", "The site could not be mapped in time.")
_NO_TURN = JobError(
    504,
    "TIMEOUT",
    "The site wants to be asked less: neither a map nor a crawl may ask it again within this map's time.",
)


@dataclass(slots=True)
class MappedUrl:
    """An address of the site, and where it was found: `source` is sitemap or link. One that is not `listed` is only
    followed."""

    url: str
    depth: int
    source: str
    title: str | None = None
    description: str | None = None
    looked_at: bool = False
    listed: bool = True


async def map_site(
    request: MapRequest, tools: Toolbox, robots: RobotsKeeper, slots: HostSlots, deadline: float
) -> dict[str, Any] | JobError:
    """Map a site until `deadline` (loop clock), and say what was found by then. What the answer costs is not its
    business; an error says that nothing of the site could be had."""
    start = parse_url(request.url).without_fragment
    walk = _Walk(request, tools, robots, slots, start, deadline)
    try:
        async with asyncio.timeout_at(deadline):
            error = await walk.run()
    except TimeoutError:
        walk.stopped_by = "deadline"
        error = None if walk.found else _TOO_LATE
    if error is not None and not walk.sitemap_found:
        return replace(error, details={**error.details, "url": request.url})
    return {
        "urls": walk.listed(),
        "sitemap_found": walk.sitemap_found,
        "stopped_by": walk.stopped_by,
        "robots_txt": {"exists": walk.rules.exists, "disallowed_paths": list(walk.rules.disallowed)},
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
        self._unlisted: set[int] = set()
        self._fitting = 0
        self._turn = 0.0  # when others had theirs, on the loop's clock
        self.rules = no_robots()
        self.found: dict[int, MappedUrl] = {}
        self.sitemap_found = False
        self.stopped_by: str | None = None

    async def run(self) -> JobError | None:
        """All steps; an error when the start page cannot be had."""
        request, links = self._request, list[str]()
        if error := await self._enter(self._start):
            return error
        if request.sitemap != "only":
            start = await self._look_at_start()
            links, error = ([], start) if isinstance(start, JobError) else (start, None)
        if request.sitemap != "skip":
            await self._read_sitemaps()
        await self._follow_links(links)
        if request.include_metadata and (error is None or self.sitemap_found):
            await self._read_metadata()
        return error

    async def _enter(self, start: str) -> JobError | None:
        """Make the site of `start` the one that is mapped; an error when its rules cannot be had."""
        self._start, self._scope = start, self._request.scope(start)
        origin = split(start).origin
        self.rules = await self._robots.of(origin)
        return await self._robots.error(origin) if self._request.respect_robots else None

    async def _look_at_start(self) -> list[str] | JobError:
        """List the start page, and say what it links to; an error when it cannot be had.

        Where it sends its visitor on to another site, that is the one that is mapped.
        """
        if self._forbids(self._start):
            return ROBOTS_FORBID
        page = await self._fetch(self._start)
        if isinstance(page, JobError):
            return page
        final_url = page.final_url.partition("#")[0]
        if self._scope.refusal(final_url) == "off_site":
            if error := await self._enter(final_url):
                return error
            if self._forbids(final_url):
                return ROBOTS_FORBID
        first = MappedUrl(self._start, 0, "link", looked_at=True)
        links = await self._read(first, page)
        if not isinstance(links, JobError) and self._scope.refusal(self._start) is None:
            self._take(fingerprint(self._start), first)
        return links

    def _forbids(self, url: str) -> bool:
        return self._request.respect_robots and not self.rules.allows(url)

    async def _read_sitemaps(self) -> None:
        """Take the pages that the sitemaps name; all of them for a search, since the best may come last."""
        addresses, read = self._request.sitemaps(self._start, self.rules.sitemaps), 0
        reader = SitemapReader(self._tools.tiers["1"], MAX_ENTRIES)
        async for piece in reader.pages(addresses):
            self.sitemap_found = self.sitemap_found or bool(piece)
            for url in piece:
                await self._add(url, 0, "sitemap")
            if stopped_by := self._full():
                self.stopped_by = stopped_by
                return
            read += len(piece)
        if read >= MAX_ENTRIES:
            self.stopped_by = "max_entries"
        elif reader.left_out:
            self.stopped_by = "max_sitemaps"

    async def _follow_links(self, level: list[str]) -> None:
        """Follow the links of the start page, level by level, those that are listed first."""
        for depth in range(1, self._request.max_depth + 1):
            if level and (stopped_by := self._enough()):
                self.stopped_by = stopped_by
                return
            new = [entry for url in level if (entry := await self._add(url, depth, "link")) is not None]
            new.sort(key=lambda entry: not entry.listed)
            level = await self._links_of(new) if depth < self._request.max_depth else []

    async def _read_metadata(self) -> None:
        """Look at the pages that were not looked at yet, the best first, as many as there is time for."""
        unseen = [entry for entry in self.found.values() if not entry.looked_at]
        unseen.sort(key=self._score, reverse=True)
        await self._links_of(unseen[: self._request.max_pages])

    async def _links_of(self, entries: Sequence[MappedUrl]) -> list[str]:
        """What these pages link to, in their order."""
        room = max(0, MAX_FOLLOWED - len(self._followed))
        if len(entries) > room:
            self.stopped_by = "max_followed"
        self._followed.extend(entries[:room])
        slots = asyncio.Semaphore(CONCURRENCY)

        async def links(entry: MappedUrl) -> list[str]:
            async with slots:
                if (stopped_by := self._enough()) and not self._request.include_metadata:
                    self.stopped_by = stopped_by
                    return []
                entry.looked_at = True
                page = await self._fetch(entry.url)
                found = page if isinstance(page, JobError) else await self._read(entry, page)
                return [] if isinstance(found, JobError) else found

        return [url for urls in await asyncio.gather(*map(links, entries[:room])) for url in urls]

    async def _read(self, entry: MappedUrl, page: Page) -> list[str] | JobError:
        """The links of a page that may be followed, and its title and description into `entry`."""
        media_type = page.headers.get("content-type", "")
        options = ExtractOptions(formats=(), url=page.final_url, content_type=media_type, links=True)
        left = self._deadline - asyncio.get_running_loop().time()
        extraction = await self._tools.extractor.extract(page.body, options, min(PAGE_SECONDS, left))
        if isinstance(extraction, JobError):
            return extraction
        entry.title, entry.description = extraction.title, extraction.metadata.get("description")
        if self._request.respect_robots and forbids_following(extraction.metadata, page.headers):
            return []
        return list(extraction.links or ())

    async def _fetch(self, url: str) -> Page | JobError:
        """Fetch a page with the cheapest tier."""
        loop = asyncio.get_running_loop()
        authority, least = split(url).authority, 0.0
        if self._request.respect_robots:
            least = (await self._robots.of(split(url).origin)).delay
        if not await self._slots.wait(authority, least, self._deadline - loop.time()):
            self.stopped_by = "deadline"
            return _NO_TURN
        deadline = min(loop.time() + PAGE_SECONDS, self._deadline)
        request, sent_at = FetchRequest(url), self._tools.clock().timestamp()
        outcome = await self._tools.tiers["1"].fetch(request, deadline)
        if isinstance(outcome, Failure):
            return error_of_page(Judgement(outcome.verdict, outcome.reason), url)
        if outcome.status in SLOW_DOWN:
            await self._slots.slow_down(authority, least, sent_at, retry_after(outcome, self._tools.clock()))
        if 200 <= outcome.status < 300 and outcome.body.strip():
            return outcome
        return error_of_page(judge(outcome, request), url)

    async def _add(self, url: str, depth: int, source: str) -> MappedUrl | None:
        """Take an address that belongs to the site and is new."""
        await self._give_turn()
        if stopped_by := self._full():
            self.stopped_by = stopped_by
            return None
        mark = fingerprint(url)
        if mark in self.found or mark in self._unlisted:
            return None
        refusal = self._scope.refusal(url)
        if refusal is not None and not (refusal == "not_included" and self._leads_on(depth, source)):
            return None
        if self._request.respect_robots and not (await self._robots.of(split(url).origin)).allows(url):
            return None
        if refusal is None:
            return self._take(mark, MappedUrl(url, depth, source))
        self._unlisted.add(mark)
        return MappedUrl(url, depth, source, listed=False)

    async def _give_turn(self) -> None:
        """Let other jobs go on when this one has taken long: a caller's patterns may be slow, a site's rules thousands,
        and nothing that is done with an address waits for anything."""
        clock = asyncio.get_running_loop().time
        if clock() - self._turn >= TURN_SECONDS:
            await asyncio.sleep(0)
            self._turn = clock()

    def _leads_on(self, depth: int, source: str) -> bool:
        """Whether a page that `include_patterns` leaves out is looked at for what it links to: as many as may be, and
        one more, which tells that there were too many."""
        return source == "link" and depth < self._request.max_depth and len(self._unlisted) <= MAX_FOLLOWED

    def _take(self, mark: int, entry: MappedUrl) -> MappedUrl:
        self.found[mark] = entry
        self._fitting += self._score(entry) > 0
        return entry

    def _score(self, entry: MappedUrl) -> float:
        """How well an entry fits what is searched; without a search all fit alike."""
        search = self._request.search
        return relevance(search, entry.url, (entry.title, entry.description)) if search else 1.0

    def _full(self) -> str | None:
        """By which bound no address is taken any more, if so."""
        if self._request.search:
            return "max_entries" if len(self.found) >= MAX_ENTRIES else None
        return "max_pages" if len(self.found) >= self._request.max_pages else None

    def _enough(self) -> str | None:
        """The same, or that as many addresses fit as are asked for, so that no more pages are looked at for others."""
        return self._full() or ("max_pages" if self._fitting >= self._request.max_pages else None)

    def listed(self) -> list[dict[str, Any]]:
        """What was found, as it is answered: in the order of finding, or what fits a search, the best first."""
        request, items = self._request, list[dict[str, Any]]()
        for entry in self.found.values():
            item: dict[str, Any] = {"url": entry.url, "depth": entry.depth, "source": entry.source}
            if request.include_metadata:
                item |= {"title": entry.title, "description": entry.description}
            if request.search:
                item["relevance_score"] = self._score(entry)
            items.append(item)
        if request.search:
            items = sorted(filter(_SCORE, items), key=_SCORE, reverse=True)
        if len(items) > request.max_pages:
            self.stopped_by = "max_pages"
        return items[: request.max_pages]
