"""The beginning of a crawl: the start page, and what its site's sitemaps name."""

from collections.abc import AsyncIterator

from alterlab_server.crawl.plan import CrawlPlan
from alterlab_server.crawl.values import Found
from alterlab_server.discover.judging import judged
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.discover.sitemaps import sitemap_pages
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.address import split
from alterlab_server.frontier.priority import HIGHEST


async def first_pages(plan: CrawlPlan, robots: RobotsKeeper, tier: Tier) -> AsyncIterator[list[Found]]:
    """The pages that a crawl begins with, in pieces; what does not belong to it is left out.

    A crawl of the start page alone, with `max_depth` 0, looks at no sitemap.
    """
    mode = plan.request.sitemap
    if plan.starts_at_page:
        yield [plan.found(plan.start, 0)._replace(score=HIGHEST)]
    if mode == "skip" or (mode == "include" and plan.request.max_depth == 0):
        return
    depth = 1 if plan.starts_at_page else 0
    declared = (await robots.of(split(plan.start).origin)).sitemaps
    addresses, seconds = plan.request.sitemaps(plan.start, declared), plan.request.advanced.timeout

    def judge(url: str) -> Found | None:
        return None if plan.scope.refusal(url) or plan.unreadable(url) else plan.found(url, depth)

    async for piece in sitemap_pages(addresses, tier, plan.max_discovered + 1, seconds):
        yield [page async for page in judged(piece, judge) if page is not None]
