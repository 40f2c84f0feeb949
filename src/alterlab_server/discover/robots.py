"""The robots.txt of each origin, fetched once an hour and shared by all that this process does."""

import asyncio

from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.robots import MAX_BYTES, Robots, no_robots, parse_robots, unreachable_robots
from alterlab_server.jobs.schemas import JobError

FETCH_SECONDS = 15.0
KEPT_SECONDS = 3600.0
# An origin whose robots.txt could not be had is asked again sooner.
RETRY_SECONDS = 60.0
MAX_ORIGINS = 10_000
# Why nothing of a site is looked at whose robots.txt cannot be had.
ROBOTS_UNREACHABLE = JobError(502, "ROBOTS_UNREACHABLE", "The site's robots.txt could not be had.")
ROBOTS_FORBID = JobError(403, "ROBOTS_DISALLOWED", "The site's robots.txt forbids its start page.")
_ANSWERED = frozenset({Verdict.REFUSED, Verdict.REDIRECT_LOOP, Verdict.TOO_LARGE})


class RobotsKeeper:
    """Gives the rules of an origin (`https://example.com`), and remembers them."""

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        self._known: dict[str, tuple[asyncio.Future[Robots], float]] = {}

    async def of(self, origin: str) -> Robots:
        """The rules; those that cannot be had allow nothing, those that do not exist everything (RFC 9309)."""
        loop = asyncio.get_running_loop()
        known = self._known.get(origin)
        if known is not None and known[1] > loop.time():
            return await asyncio.shield(known[0])
        if len(self._known) >= MAX_ORIGINS:
            self._known.clear()
        fetching = loop.create_task(self._fetch(origin))
        self._known[origin] = (fetching, loop.time() + RETRY_SECONDS)
        robots = await asyncio.shield(fetching)
        if robots is not unreachable_robots():
            self._known[origin] = (fetching, loop.time() + KEPT_SECONDS)
        return robots

    async def _fetch(self, origin: str) -> Robots:
        request = FetchRequest(f"{origin}/robots.txt", max_bytes=MAX_BYTES)
        outcome = await self._tier.fetch(request, asyncio.get_running_loop().time() + FETCH_SECONDS)
        if isinstance(outcome, Failure):
            return no_robots() if outcome.verdict in _ANSWERED else unreachable_robots()
        if outcome.status >= 500 or outcome.status == 429:
            return unreachable_robots()
        return parse_robots(outcome.body) if 200 <= outcome.status < 300 else no_robots()
