"""One page of a crawl: robots.txt, politeness, scrape, and the links that it leads to."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson
import structlog

from alterlab_server.base.clock import new_id
from alterlab_server.base.url import for_log
from alterlab_server.crawl.discovery import pages_of_sitemaps
from alterlab_server.crawl.plan import CrawlPlan
from alterlab_server.crawl.values import TOO_DEAR, Found, Visit, Visited, ended_by_fault
from alterlab_server.db import STORE_ERRORS
from alterlab_server.discover.judging import judged
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.fetch.memory import HostMemory, learn, teaches
from alterlab_server.fetch.plan import Withheld
from alterlab_server.frontier.address import split
from alterlab_server.frontier.fingerprint import content_mark, fingerprint
from alterlab_server.frontier.robots import forbids_following
from alterlab_server.frontier.scope import Scope
from alterlab_server.hosts.slots import LONGEST_WAIT, SLOW_DOWN, HostSlots
from alterlab_server.jobs.schemas import OUR_FAULT, JobError
from alterlab_server.scrape.answer import Gathered
from alterlab_server.scrape.failure import COST_CODE
from alterlab_server.scrape.memory import CachedAnswer
from alterlab_server.scrape.run import Assignment, Scraped, Toolbox, scrape
from alterlab_server.scrape.schemas import ScrapeRequest

# How often a page is asked for when its host says that it is asked too much.
MAX_ATTEMPTS = 3
# What is read of the sitemaps of a site that a start page leads to: it is held, and written, with that page.
MAX_FROM_SITEMAPS = 50_000
MOVED_SITE_SECONDS = 60.0
MAX_TITLE_CHARS = 500
# Links that a lane has seen lately are not looked at again; the frontier itself knows them all.
MAX_SEEN = 100_000
log = structlog.get_logger()


class PageKeeper(Protocol):
    """Where a lane finds pages that were scraped lately, and leaves what a page has beside its answer."""

    async def find(self, request: ScrapeRequest) -> CachedAnswer | None:
        """The kept answer to an equal request, when this one allows it."""
        ...

    async def keep(self, page_id: UUID, request: ScrapeRequest, scraped: Scraped) -> None:
        """Keep the files of a page, and its answer for requests to come when this one wants that."""
        ...


class _Page(NamedTuple):
    """What a crawl looks at in a page that it has."""

    final_url: str
    metadata: Mapping[str, Any]
    headers: Mapping[str, str]
    links: Sequence[str]
    mark: int | None = None


@dataclass(slots=True)
class Visitor:
    """Visits the pages of one crawl in one lane; `memories` is what is known of its hosts.

    A page whose host must be left alone for longer than `longest_wait` seconds is put off. Without a `keeper` nothing
    is kept: a crawl in this process alone.
    """

    plan: CrawlPlan
    tools: Toolbox
    robots: RobotsKeeper
    slots: HostSlots
    keeper: PageKeeper | None = None
    memories: dict[str, HostMemory] = field(default_factory=dict)
    longest_wait: float = LONGEST_WAIT
    owner: str = ""
    _seen: set[int] = field(default_factory=set)

    async def visit(self, visit: Visit) -> Visited:
        """Visit one page. What a page does wrong is an outcome, not an exception; so is a fault of ours, which would
        take the other pages of the lane with it. Raises only when the store fails."""
        try:
            return await self._visit(visit)
        except STORE_ERRORS:
            raise
        except Exception:
            log.exception("crawl.page_fault", url=for_log(visit.url))
            return ended_by_fault(visit)

    async def _visit(self, visit: Visit) -> Visited:
        least = self.plan.request.advanced.delay
        if self.plan.request.respect_robots:
            origin = split(visit.url).origin
            if error := await self.robots.error(origin):
                return _failed(visit, error.code, error.message)
            robots = await self.robots.of(origin)
            if not robots.allows(visit.url):
                return Visited(visit, "skipped", reason="robots")
            least = max(least, robots.delay)
        request = self.plan.page.model_copy(update={"url": visit.url})
        if self.keeper is not None and (kept := await self.keeper.find(request)):
            return await self._from_cache(visit, kept)
        if not await self.slots.wait(visit.authority, least, self.longest_wait):
            return Visited(visit, "pending", reason="waits", counts_as_attempt=False)
        return await self._ask(visit, request, least)

    async def _ask(self, visit: Visit, request: ScrapeRequest, least: float) -> Visited:
        """Scrape a page whose turn has come, and tell all lanes when its host says that it is asked too much."""
        sent_at = self.tools.clock().timestamp()
        try:
            scraped = await self._scrape(visit, request)
        except Exception:  # also when the store of its files fails
            log.exception("crawl.page_fault", url=for_log(visit.url))
            return ended_by_fault(visit)
        error = scraped.ending.error
        if error is None and scraped.gathered is not None:
            visited = await self._completed(visit, scraped, scraped.gathered)
        else:
            visited = self._not_completed(visit, scraped, error)
            if scraped.ending.target_status in SLOW_DOWN:
                wait = error.details.get("retry_after") if error else None
                await self.slots.slow_down(visit.authority, least, sent_at, wait)
        return replace(visited, attempts=scraped.attempts)

    async def _scrape(self, visit: Visit, request: ScrapeRequest) -> Scraped:
        host, page_id, now = split(visit.url).host, new_id(), self.tools.clock()
        deadline = now + timedelta(seconds=self.plan.request.advanced.timeout)
        affordable = request if visit.most is None else self.plan.within(request, visit.most)
        assignment = Assignment(page_id, affordable, self.memories.get(host), deadline, links=True, owner=self.owner)
        scraped = await scrape(assignment, self.tools)
        known = self.memories.get(host)
        if teaches(known, scraped.attempts, now.timestamp()):
            self.memories[host] = learn(known, scraped.attempts, now.timestamp())
        if self.keeper is not None:
            await self.keeper.keep(page_id, request, scraped)
        return scraped

    async def _completed(self, visit: Visit, scraped: Scraped, gathered: Gathered) -> Visited:
        extraction, ending = gathered.extraction, scraped.ending
        done = Visited(
            visit,
            "completed",
            result=ending.result,
            charged_microcents=ending.charged_microcents,
            tier=ending.tier_used,
            status_code=ending.target_status,
            title=_storable(extraction.title),
        )
        page, links = gathered.page, extraction.links or ()
        return await self._placed(
            done, _Page(page.final_url, extraction.metadata, page.headers, links, content_mark(page.body))
        )

    async def _from_cache(self, visit: Visit, kept: CachedAnswer) -> Visited:
        answer = orjson.loads(kept.body)
        title = _storable(answer["title"])
        done = Visited(visit, "completed", result=kept.body, cached=True, status_code=kept.target_status, title=title)
        return await self._placed(done, _Page(answer["final_url"], answer["metadata"], answer["headers"], kept.links))

    async def _placed(self, done: Visited, page: _Page) -> Visited:
        """A completed page with its other addresses and what it leads to; or skipped, when it led out of the crawl."""
        visit, final_url = done.visit, page.final_url.partition("#")[0]
        is_start = self.plan.starts_at_page and visit.depth == 0
        # A page is of the crawl's site, or of the one that the start page sent its visitor on to.
        site = self.plan.scope.at(final_url if is_start else visit.url)
        moved = fingerprint(final_url) != visit.fingerprint
        if moved and not is_start and (refusal := site.refusal(final_url)):
            return Visited(visit, "skipped", reason=refusal)
        aliases = {fingerprint(final_url), *_canonical(page.metadata.get("canonical_url"), site)}
        if page.mark is not None:
            aliases.add(page.mark)
        found, skipped = await self._follow(visit, site, page)
        if is_start and self.plan.scope.refusal(final_url) == "off_site":
            found += await self._from_sitemaps(site)
        return replace(done, aliases=tuple(aliases - {visit.fingerprint}), found=found, skipped=skipped)

    async def _from_sitemaps(self, site: Scope) -> tuple[Found, ...]:
        """What the sitemaps name of a site that the start page led to: those of its own site were read before."""
        found: list[Found] = []
        most = min(MAX_FROM_SITEMAPS, self.plan.max_discovered)
        pieces = pages_of_sitemaps(self.plan, site, self.robots, self.tools.tiers["1"], most)
        with suppress(TimeoutError):
            async with aclosing(pieces), asyncio.timeout(MOVED_SITE_SECONDS):
                async for piece in pieces:
                    found += piece
        return tuple(found)

    def _not_completed(self, visit: Visit, scraped: Scraped, error: JobError | None) -> Visited:
        ending = scraped.ending
        if ending.target_status in SLOW_DOWN and visit.attempts + 1 < MAX_ATTEMPTS:
            return Visited(visit, "pending", reason="slowed")
        told = error or OUR_FAULT
        if visit.most is not None and (told.code == COST_CODE or scraped.withheld_by == Withheld.MAX_COST):
            return Visited(visit, "pending", reason=TOO_DEAR, counts_as_attempt=False)
        return _failed(visit, told.code, told.message, ending.target_status, ending.tier_used)

    async def _follow(self, visit: Visit, site: Scope, page: _Page) -> tuple[tuple[Found, ...], dict[str, int]]:
        """The links that belong to the crawl and were not seen lately, and how many others there are by reason."""
        if not self.plan.starts_at_page:
            return (), {}
        if self.plan.request.respect_robots and forbids_following(page.metadata, page.headers):
            return (), {"nofollow": len(page.links)}
        if visit.depth >= self.plan.request.max_depth:
            return (), {"depth": len(page.links)}
        skipped: Counter[str] = Counter()
        found = []
        if len(self._seen) > MAX_SEEN:
            self._seen.clear()
        unseen = [link for link in dict.fromkeys(page.links) if hash(link) not in self._seen]
        self._seen.update(map(hash, unseen))
        left = len(unseen)
        async for link in judged(unseen, partial(self._judge, site, visit.depth + 1)):
            left -= 1
            if isinstance(link, str):
                skipped[link] += 1
            elif link.fingerprint != visit.fingerprint:
                found.append(link)
            elif link.url != visit.url:
                skipped["same_page"] += 1
        return tuple(found), dict(skipped + Counter(too_many=left))

    def _judge(self, site: Scope, depth: int, link: str) -> Found | str:
        """A link as a page of the crawl, or why it is none."""
        return site.refusal(link) or self.plan.unreadable(link) or self.plan.found(link, depth)


def _storable(title: str | None) -> str | None:
    """A title for a listing; the store keeps no NUL characters."""
    return title and title[:MAX_TITLE_CHARS].replace("\0", "")


def _canonical(url: object, site: Scope) -> tuple[int, ...]:
    """The fingerprint of the address that the page itself calls its own. A site's front page is none: some sites
    name it on every page."""
    if not isinstance(url, str) or split(url).path in ("", "/") or site.refusal(url):
        return ()
    return (fingerprint(url),)


def _failed(visit: Visit, code: str, message: str, status: int | None = None, tier: str | None = None) -> Visited:
    return Visited(visit, "failed", error_code=code, error=message, status_code=status, tier=tier)
