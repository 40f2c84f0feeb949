"""What the pages of a crawl add up to, while a transaction changes it. Plain arithmetic."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.crawl.plan import CrawlPlan
from alterlab_server.crawl.values import CrawlRow, Visit, Visited

# Duplicates cost a fetch and nothing else; a site that makes them without end is left.
DUPLICATES_PER_PAGE = 2
LEAST_DUPLICATES = 100


class Account:
    """The counts of a crawl's row, which is locked; `changes` are its columns afterwards."""

    def __init__(self, crawl: CrawlRow) -> None:
        self.crawl = crawl
        self.discovered = crawl.discovered
        self.leased = crawl.leased
        self.completed = crawl.completed
        self.failed = crawl.failed
        self.cached = crawl.cached
        self.current_depth = crawl.current_depth
        self.used = crawl.used_microcents
        self.holds = crawl.holds
        self._tiers = Counter(crawl.tiers)
        self._skipped = Counter(crawl.skipped)
        self._budget_counts = Counter(crawl.budget_counts)
        self._compared = Counter(crawl.compared)

    @property
    def begun(self) -> int:
        """How many pages have ended or are leased."""
        return self.completed + self.failed + self.leased

    def add(self, item: Visited, *, duplicate: bool) -> dict[str, Any]:
        """Count a visit; returns the row that says what came of it."""
        state = "skipped" if duplicate else item.state
        ended = state in ("completed", "failed")
        charged = item.charged_microcents if state == "completed" else 0
        self.leased -= 1
        self.completed += state == "completed"
        self.failed += state == "failed"
        self.cached += state == "completed" and item.cached
        self.used += charged
        self._skipped += Counter(item.skipped)
        if state == "skipped":
            self._skipped["duplicate" if duplicate else item.reason] += 1
        if state == "completed" and item.change is not None:
            self._compared[item.change.status] += 1
        if state == "completed" and item.tier is not None:
            self._tiers[item.tier] += 1
        return {
            "fingerprint": item.visit.fingerprint,
            "state": state,
            "sequence": self.completed + self.failed if ended else None,
            "tier": item.tier,
            "status_code": item.status_code,
            "title": item.title,
            "error_code": item.error_code,
            "error": item.error,
            "charged": charged,
            "attempt": int(item.counts_as_attempt),
        }

    def skip(self, reason: str, number: int) -> None:
        """Count URLs that were found and are left out."""
        if number > 0:
            self._skipped[reason] += number

    def lease(
        self, rows: Sequence[tuple[Visit, str | None]], budget: Mapping[str, int]
    ) -> tuple[tuple[Visit, ...], list[int]]:
        """Count leased pages with their buckets: those to visit, and the fingerprints of those above their budget."""
        visits, over = [], []
        for visit, bucket in rows:
            if bucket is not None and self._budget_counts[bucket] >= budget[bucket]:
                over.append(visit.fingerprint)
                continue
            if bucket is not None:
                self._budget_counts[bucket] += 1
            self.current_depth = max(self.current_depth, visit.depth)
            visits.append(visit)
        self.leased += len(visits)
        return tuple(visits), over

    def reclaim(self, states: Sequence[str]) -> None:
        """Count pages that were taken back from a worker that died."""
        self.leased -= len(states)
        self.skip("worker_died", sum(state == "skipped" for state in states))

    def stop(self, plan: CrawlPlan) -> str | None:
        """Which limit of the crawl is reached, if any."""
        if self.completed + self.failed >= plan.request.max_pages:
            return "max_pages"
        most = max(LEAST_DUPLICATES, DUPLICATES_PER_PAGE * plan.request.max_pages)
        return "duplicates" if self._skipped["duplicate"] > most else None

    def exhausted(self, budget: Mapping[str, int]) -> list[str]:
        """The patterns of the budget that are used up."""
        return [pattern for pattern, most in budget.items() if self._budget_counts[pattern] >= most]

    def changes(self) -> dict[str, Any]:
        """The columns of the crawl's row."""
        return {
            "discovered": self.discovered,
            "leased": self.leased,
            "completed": self.completed,
            "failed": self.failed,
            "cached": self.cached,
            "current_depth": self.current_depth,
            "tiers": dict(self._tiers),
            "skipped": dict(self._skipped),
            "budget_counts": dict(self._budget_counts),
            "compared": dict(self._compared),
            "used_microcents": self.used,
            "holds": self.holds,
        }
