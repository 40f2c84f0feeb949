"""What is known of hosts, and answers that are kept: read before a scrape, written when it is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from backports import zstd

from alterlab_server.base.clock import iso
from alterlab_server.base.money import to_credits
from alterlab_server.db import Transaction
from alterlab_server.fetch.memory import HostMemory, learn, teaches
from alterlab_server.fetch.outcome import Attempt
from alterlab_server.jobs.schemas import ClaimedJob, Ending
from alterlab_server.scrape import cache, repository
from alterlab_server.scrape.price import HIGHEST_TIER
from alterlab_server.scrape.run import Scraped
from alterlab_server.scrape.schemas import ScrapeRequest

# Four half-lives: what is left of an experience by then decides nothing.
HOSTS_REMEMBERED_FOR = timedelta(days=28)
# Some 250 MB of rows, so that a crawl of the whole web does not fill the store.
MOST_HOSTS = 500_000
_COMPRESSION_LEVEL = 3


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer from the cache, as JSON, with `cached` and its times set, what the page links to, and the target's
    status."""

    body: bytes
    links: tuple[str, ...]
    target_status: int
    tier_used: str | None

    def ending(self, kept_for: timedelta) -> Ending:
        """How a job ends that is answered with it: at no cost."""
        return Ending(
            result=self.body,
            tier_used=self.tier_used,
            cached=True,
            target_status=self.target_status,
            kept_for=kept_for,
        )


async def begin(
    connection: Transaction, job_id: UUID, now: datetime
) -> tuple[ClaimedJob, HostMemory | None] | tuple[None, None]:
    """Begin a job as `jobs.begin` does, and say what is known of its host, all in one statement."""
    begun = await repository.begin(connection, job_id, now)
    if begun is None:
        return None, None
    job, found = begun
    return job, None if found is None else HostMemory.from_json(found)


async def recall(transaction: Transaction, host: str) -> HostMemory | None:
    """What is known of a host."""
    found = await repository.get_host(transaction, host)
    return None if found is None else HostMemory.from_json(found)


async def remember(
    transaction: Transaction, host: str, recalled: HostMemory | None, attempts: Sequence[Attempt], now: datetime
) -> None:
    """Add the attempts of one climb to what is known of its host, if they teach something beyond what was recalled."""
    if teaches(recalled, attempts, now.timestamp()):
        await remember_all(transaction, {host: [attempts]}, now)


async def remember_all(
    transaction: Transaction, climbs: Mapping[str, Sequence[Sequence[Attempt]]], now: datetime
) -> Mapping[str, HostMemory]:
    """Add climbs, each by its attempts, to what is known of their hosts, in two statements; what is known then."""
    found = await repository.get_hosts_for_update(transaction, climbs)
    known = {}
    for host, made in climbs.items():
        memory = HostMemory.from_json(found[host]) if host in found else None
        for attempts in made:
            memory = learn(memory, attempts, now.timestamp())
        if memory is not None:
            known[host] = memory
    await repository.put_hosts(transaction, {host: memory.to_json() for host, memory in known.items()}, now)
    return known


async def cached_answer(
    transaction: Transaction, organization_id: UUID, request: ScrapeRequest, now: datetime
) -> CachedAnswer | None:
    """The kept answer to an equal request of the same organization; None also when the request asks for a fresh one."""
    if not cache.cacheable(request) or request.force_refresh:
        return None
    found = await repository.get_cached(transaction, cache.key(organization_id, request), now)
    if found is None:
        return None
    answer = orjson.loads(zstd.decompress(found.body))
    links = orjson.loads(zstd.decompress(found.links)) if found.links else ()
    times = {"cached_at": iso(found.cached_at), "expires_at": iso(found.expires_at)}
    answer |= {"cached": True, **times, "credits_used": 0}
    free = {"total_credits": 0, "total_cost": 0.0, "final_cost_microcents": 0}
    answer["billing"] |= free | {"savings": to_credits(HIGHEST_TIER.price_microcents)}
    return CachedAnswer(orjson.dumps(answer), tuple(links), answer["status_code"], answer["tier_used"])


def has_news(request: ScrapeRequest, recalled: HostMemory | None, scraped: Scraped, now: datetime) -> bool:
    """Whether `keep_answer` or `remember` would write something."""
    return cache.cacheable(request) or teaches(recalled, scraped.attempts, now.timestamp())


async def keep_answer(
    transaction: Transaction, organization_id: UUID, request: ScrapeRequest, scraped: Scraped, now: datetime
) -> None:
    """Keep the answer of a scrape for `cache_ttl` seconds when the request wants that and there is one."""
    if not cache.cacheable(request) or scraped.ending.result is None or scraped.gathered is None:
        return
    kept = repository.KeptAnswer(
        body=zstd.compress(scraped.ending.result, _COMPRESSION_LEVEL),
        links=zstd.compress(orjson.dumps(scraped.gathered.extraction.links), _COMPRESSION_LEVEL),
        cached_at=now,
        expires_at=now + timedelta(seconds=request.cache_ttl),
    )
    await repository.put_cached(transaction, organization_id, cache.key(organization_id, request), kept)


async def sweep(transaction: Transaction, now: datetime) -> None:
    """Delete what has expired."""
    await repository.forget_hosts(transaction, now - HOSTS_REMEMBERED_FOR, MOST_HOSTS)
    await repository.drop_expired(transaction, now)
