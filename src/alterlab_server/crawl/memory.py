"""The frontier in memory: the twin of the one in the store, for a crawl without a server."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from alterlab_server.crawl.plan import CrawlPlan
from alterlab_server.crawl.run import Frontier
from alterlab_server.crawl.values import Found, Leased, Visit, Visited


class MemoryFrontier(Frontier):
    """Keeps the pages of one crawl in memory, and hands each that has ended to `on_page`."""

    def __init__(self, plan: CrawlPlan, on_page: Callable[[Visited], None]) -> None:
        self._plan = plan
        self._on_page = on_page
        self._known: set[int] = set()
        self._waiting: list[tuple[float, int, int, Found, int]] = []
        self._budget: Counter[str] = Counter()
        self._pushed = 0
        self._leased = 0
        self.ended = 0
        self.completed = 0

    @property
    def total(self) -> int:
        """How many pages will be visited, as far as is known now."""
        return min(self._plan.request.max_pages, self.ended + self._leased + len(self._waiting))

    def add(self, found: Iterable[Found]) -> None:
        """Add the pages that are not known yet."""
        for page in found:
            if page.fingerprint not in self._known and len(self._known) < self._plan.max_discovered:
                self._known.add(page.fingerprint)
                self._push(page, 0)

    async def exchange(self, visited: Sequence[Visited], want: int) -> Leased:
        """Take what came of visits, and give at most `want` pages."""
        for item in visited:
            self._take(item)
        room = self._plan.request.max_pages - self.ended - self._leased
        visits: list[Visit] = []
        while self._waiting and len(visits) < min(want, room):
            *_, page, attempts = heapq.heappop(self._waiting)
            if self._within_budget(page):
                visits.append(Visit(page.url, page.fingerprint, page.authority, page.depth, attempts))
        self._leased += len(visits)
        return Leased(tuple(visits), ended=not self._leased)

    async def wait(self) -> bool:
        """Nothing comes from elsewhere."""
        await asyncio.sleep(0)
        return True

    def _take(self, item: Visited) -> None:
        self._leased -= 1
        known = [alias for alias in item.aliases if alias in self._known]
        self._known.update(item.aliases)
        if item.state == "pending":
            self._push(self._plan.found(item.visit.url, item.visit.depth), item.visit.attempts + 1)
        elif not known:
            self.add(item.found)
            if item.state in ("completed", "failed"):
                self.ended += 1
                self.completed += item.state == "completed"
                self._on_page(item)

    def _within_budget(self, page: Found) -> bool:
        if page.bucket is None:
            return True
        self._budget[page.bucket] += 1
        return self._budget[page.bucket] <= self._plan.budget[page.bucket]

    def _push(self, page: Found, attempts: int) -> None:
        self._pushed += 1
        heapq.heappush(self._waiting, (-page.score, page.depth, self._pushed, page, attempts))
