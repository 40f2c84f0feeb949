"""The beginning of a crawl: the start page, and what its site's sitemaps name."""

import asyncio
from collections.abc import AsyncGenerator

from alterlab_server.crawl.plan import CrawlPlan
from alterlab_server.crawl.values import Found
from alterlab_server.discover.judging import judged
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.discover.sitemaps import SitemapReader
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.address import split
from alterlab_server.frontier.priority import HIGHEST
from alterlab_server.frontier.scope import Scope

# Nothing is scraped before the sitemaps are read: one that comes after this is not asked for.
SITEMAPS_SECONDS = 600.0


async def first_pages(plan: CrawlPlan, robots: RobotsKeeper, tier: Tier) -> AsyncGenerator[list[Found]]:
    """The pages that a crawl begins with, in pieces; what does not belong to it is left out."""
    if plan.starts_at_page:
        yield [plan.found(plan.start, 0)._replace(score=HIGHEST)]
    async for piece in pages_of_sitemaps(plan, plan.scope, robots, tier, plan.max_discovered + 1):
        yield piece


async def pages_of_sitemaps(
    plan: CrawlPlan, site: Scope, robots: RobotsKeeper, tier: Tier, limit: int
) -> AsyncGenerator[list[Found]]:
    """The pages that the sitemaps of a crawl's site name, in pieces, at most `limit` in all.

    A crawl of the start page alone, with `max_depth` 0, looks at no sitemap.
    """
    mode = plan.request.sitemap
    if mode == "skip" or (mode == "include" and plan.request.max_depth == 0):
        return
    depth = 1 if plan.starts_at_page else 0
    declared = (await robots.of(split(site.start).origin)).sitemaps
    reader = SitemapReader(tier, limit, plan.request.advanced.timeout)

    def judge(url: str) -> Found | None:
        return None if site.refusal(url) or plan.unreadable(url) else plan.found(url, depth)

    until = asyncio.get_running_loop().time() + SITEMAPS_SECONDS
    async for piece in reader.pages(plan.request.sitemaps(site.start, declared)):
        yield [page async for page in judged(piece, judge) if page is not None]
        if asyncio.get_running_loop().time() > until:
            return
