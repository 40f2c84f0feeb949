"""The values that a crawl's parts exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from alterlab_server.crawl.tracking.values import Change
from alterlab_server.fetch.outcome import Attempt
from alterlab_server.jobs.schemas import OUR_FAULT

# Why a page is put off that would have needed more than its crawl has left.
TOO_DEAR = "too_dear"


class Found(NamedTuple):
    """A URL of the crawl's site: absolute and normalised, with its fingerprint and its place in the order."""

    url: str
    fingerprint: int
    authority: str
    depth: int
    score: float
    bucket: str | None


class Visit(NamedTuple):
    """A page that a lane has leased; `attempts` counts those before this one, and `most` is what it may cost when the
    crawl has no more than that left.
    """

    url: str
    fingerprint: int
    authority: str
    depth: int
    attempts: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Visited:
    """What came of a visit.

    `state` is completed, failed or skipped; or pending, when it is to be tried again later. `reason` says why it was
    skipped, `result` is the page's answer as JSON, from the cache when it is `cached`. `aliases` are the fingerprints
    of other addresses of the page and of its content: when the crawl knows one already, the page is a duplicate.
    """

    visit: Visit
    state: str
    reason: str = ""
    result: bytes | None = None
    charged_microcents: int = 0
    tier: str | None = None
    cached: bool = False
    status_code: int | None = None
    title: str | None = None
    error_code: str | None = None
    error: str | None = None
    counts_as_attempt: bool = True
    aliases: tuple[int, ...] = ()
    found: tuple[Found, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    change: Change | None = None


def ended_by_fault(visit: Visit) -> Visited:
    """A page that a fault of ours has ended: it has failed alone, and costs nothing."""
    return Visited(visit, "failed", error_code=OUR_FAULT.code, error=OUR_FAULT.message)


@dataclass(frozen=True, slots=True)
class Leased:
    """What an exchange with the frontier gives: pages to visit, and whether the crawl has ended."""

    visits: tuple[Visit, ...] = ()
    ended: bool = False


class Terms(NamedTuple):
    """What is told of a crawl that is accepted: the balance that is left, how many pages are paid for at the price that
    is expected, and how many wait to be scraped.
    """

    balance_microcents: int
    pages: int
    enqueued: int


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """A crawl as its row says it; the columns of `models.crawls`."""

    id: UUID
    organization_id: UUID
    url: str
    mode: str
    request: bytes | None
    status: str
    stopped_by: str | None
    error: str | None
    lane_runs: list[int]
    discovered: int
    leased: int
    completed: int
    failed: int
    cached: int
    max_depth: int
    max_pages: int
    max_concurrency: int
    budget: dict[str, int]
    current_depth: int
    tiers: dict[str, int]
    skipped: dict[str, int]
    budget_counts: dict[str, int]
    track: dict[str, Any] | None
    compared: dict[str, int]
    removed: list[str]
    holds: list[int]
    used_microcents: int
    created_at: datetime
    deadline_at: datetime
    finished_at: datetime | None
    exporting: bool
    expires_at: datetime | None

    @property
    def told_status(self) -> str:
        """The status on the wire: a crawl whose file is being written has not ended yet, unless it was cancelled."""
        return "scraping" if self.exporting and self.status != "cancelled" else self.status

    @property
    def total(self) -> int:
        """How many pages it has scraped when it has ended; before, how many it will as far as it knows its site."""
        begun = self.completed + self.failed + self.leased
        if self.exporting or self.finished_at:
            return begun
        return max(begun, min(self.max_pages, self.discovered))

    @property
    def in_progress(self) -> int:
        """How many pages are under way: of those that its lanes have taken up, as many as it visits at a time."""
        return min(self.leased, self.max_concurrency) if self.max_concurrency else self.leased

    @property
    def held_microcents(self) -> int:
        """What is, or was, held for it in all."""
        return sum(self.holds)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of a crawl that has ended; `result` is its answer as JSON when it was asked for and completed."""

    sequence: int
    url: str
    state: str
    depth: int
    tier: str | None
    status_code: int | None
    title: str | None
    error_code: str | None
    error: str | None
    charged_microcents: int
    result: bytes | None
