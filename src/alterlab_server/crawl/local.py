"""A crawl in this process alone: nothing is stored and nothing is charged."""

import math
from collections.abc import Callable

from alterlab_server.crawl.discovery import first_pages
from alterlab_server.crawl.memory import MemoryFrontier
from alterlab_server.crawl.plan import make_plan
from alterlab_server.crawl.run import run_lane
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.supported import refuse_without_server
from alterlab_server.crawl.values import Visited
from alterlab_server.crawl.visit import Visitor
from alterlab_server.discover.robots import RobotsKeeper
from alterlab_server.hosts.slots import MemorySlots
from alterlab_server.scrape import service as scrape
from alterlab_server.scrape.run import Toolbox

# What is told of each page that has ended: the page, how many have, and how many there will be as far as is known.
OnPage = Callable[[Visited, int, int], None]


async def crawl_here(request: CrawlRequest, tools: Toolbox, on_page: OnPage) -> int:
    """Crawl a site, and hand each page to `on_page` as it ends; returns how many were scraped.

    Raises BadRequest for what cannot be done.
    """
    refuse_without_server(request)
    plan, robots = make_plan(request), RobotsKeeper(tools.tiers["1"])
    scrape.check(tools.options, plan.page)
    frontier = MemoryFrontier(plan, lambda page: on_page(page, frontier.ended, frontier.total))
    async for found in first_pages(plan, robots, tools.tiers["1"]):
        frontier.add(found)
    visitor = Visitor(plan, tools, robots, MemorySlots(tools.clock), longest_wait=math.inf)
    await run_lane(frontier, visitor.visit, request.max_concurrency, math.inf)
    return frontier.completed
