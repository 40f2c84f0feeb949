"""The robots.txt of each origin, fetched once an hour and shared by all that this process does."""

import asyncio
from typing import NamedTuple

from alterlab_server.fetch.outcome import Failure, Judgement, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.robots import MAX_BYTES, Robots, no_robots, parse_robots, unreachable_robots
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.failure import error_of_page

FETCH_SECONDS = 15.0
KEPT_SECONDS = 3600.0
# An origin whose robots.txt could not be had is asked again sooner.
RETRY_SECONDS = 60.0
MAX_ORIGINS = 10_000
# Of the files whose rules are remembered, which take up to forty times as much in memory: all the hosts below one name
# may have a long one.
MAX_REMEMBERED_BYTES = 8_388_608
ROBOTS_FORBID = JobError(403, "ROBOTS_DISALLOWED", "The site's robots.txt forbids its start page.")
_ANSWERED = frozenset({Verdict.REFUSED, Verdict.REDIRECT_LOOP, Verdict.TOO_LARGE})


class SiteRules(NamedTuple):
    """What a site allows; when its robots.txt cannot be had that is nothing, and `error` says why."""

    robots: Robots
    error: JobError | None = None


class RobotsKeeper:
    """Gives the rules of an origin (`https://example.com`), and remembers them."""

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        self._known: dict[str, tuple[asyncio.Future[SiteRules], float]] = {}
        self._bytes = 0

    async def of(self, origin: str) -> Robots:
        """The rules; those that cannot be had allow nothing, those that do not exist everything (RFC 9309)."""
        return (await self._rules(origin)).robots

    async def error(self, origin: str) -> JobError | None:
        """Why the rules cannot be had, if that is so: the host itself, as a scrape would call it, or its answer."""
        return (await self._rules(origin)).error

    async def _rules(self, origin: str) -> SiteRules:
        loop = asyncio.get_running_loop()
        known = self._known.get(origin)
        if known is not None and known[1] > loop.time():
            return await asyncio.shield(known[0])
        if len(self._known) >= MAX_ORIGINS or self._bytes >= MAX_REMEMBERED_BYTES:
            self._known.clear()
            self._bytes = 0
        fetching = loop.create_task(self._renewed(origin, known[0] if known else None))
        self._known[origin] = (fetching, loop.time() + RETRY_SECONDS)
        rules = await asyncio.shield(fetching)
        self._bytes += rules.robots.size
        if rules.error is None:
            self._known[origin] = (fetching, loop.time() + KEPT_SECONDS)
        return rules

    async def _renewed(self, origin: str, before: asyncio.Future[SiteRules] | None) -> SiteRules:
        """The rules as they are now; as they were when they cannot be had now (RFC 9309, section 2.4)."""
        rules = await self._fetch(origin)
        if rules.error is None or before is None:
            return rules
        old = await before
        return old if old.error is None else rules

    async def _fetch(self, origin: str) -> SiteRules:
        request = FetchRequest(f"{origin}/robots.txt", max_bytes=MAX_BYTES)
        outcome = await self._tier.fetch(request, asyncio.get_running_loop().time() + FETCH_SECONDS)
        if isinstance(outcome, Failure):
            if outcome.verdict in _ANSWERED:
                return SiteRules(no_robots())
            cause = error_of_page(Judgement(outcome.verdict, outcome.reason), request.url)
            return SiteRules(unreachable_robots(), cause)
        if outcome.status >= 500 or outcome.status == 429:
            return SiteRules(unreachable_robots(), _unanswered(outcome.status))
        return SiteRules(parse_robots(outcome.body) if 200 <= outcome.status < 300 else no_robots())


def _unanswered(status: int) -> JobError:
    message = f"The site's robots.txt could not be had: it answered with status {status}."
    return JobError(502, "ROBOTS_UNREACHABLE", message, {"target_status": status})
