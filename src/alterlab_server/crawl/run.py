"""The lane: keeps a number of visits going, writes back and leases in bulk while they run."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from alterlab_server.crawl.values import Leased, Visit, Visited

# So many pages, or so much of them, are written back in one transaction.
FLUSH_PAGES = 25
# So many pages a lane takes up before it can visit them, for an exchange at a time to be enough.
AHEAD_PAGES = 25
FLUSH_BYTES = 8_388_608
# A page is written back after so long at most, however slow its site is: who watches the crawl wants to see it, and a
# lane hears in an exchange that its crawl was cancelled.
FLUSH_SECONDS = 1.0
# After so long a lane lets others have its worker, and goes on as a new entry of the queue.
STEP_SECONDS = 30.0

T = TypeVar("T")
VisitPage = Callable[[Visit], Coroutine[Any, Any, Visited]]


class Frontier(Protocol):
    """Where a lane gets its pages and leaves what came of them."""

    async def exchange(self, visited: Sequence[Visited], want: int) -> Leased:
        """Write back, and lease at most `want` pages, in one transaction."""
        ...

    async def wait(self) -> bool:
        """Called when there is nothing to do now; whether to go on asking, else the step ends."""
        ...


async def run_lane(
    frontier: Frontier,
    visit: VisitPage,
    concurrency: int,
    seconds: float = STEP_SECONDS,
    ahead: int = AHEAD_PAGES,
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Visit pages, `concurrency` at a time, until the crawl has ended (true) or the step is over (false).

    Of the pages that it takes up `ahead` of their visits, none gives way to a better one that is found meanwhile.

    The step is over after `seconds`, or when `stopping` says so: visits under way end, the rest is given back. So it is
    when a visit raises, and then this raises the same: what the others brought is written back first.
    """
    until = asyncio.get_running_loop().time() + seconds
    step = _Step(frontier, visit, concurrency, ahead, lambda: stopping() or asyncio.get_running_loop().time() > until)
    try:
        return await step.run()
    finally:
        await step.abandon()


class _Step:
    def __init__(
        self, frontier: Frontier, visit: VisitPage, concurrency: int, ahead: int, over: Callable[[], bool]
    ) -> None:
        self._frontier = frontier
        self._visit = visit
        self._concurrency = concurrency
        self._ahead = ahead
        self._over = over
        self._ready: deque[Visit] = deque()
        self._running: set[asyncio.Task[Visited]] = set()
        self._visited: list[Visited] = []
        self._bytes = 0
        self._flush_at: float | None = None
        self._exchange: asyncio.Task[Leased] | None = None
        self._dry = False
        self._fault: BaseException | None = None
        self._woken = asyncio.Event()

    async def run(self) -> bool:
        ended = await self._work()
        if self._fault is not None:
            raise self._fault
        return ended

    async def _work(self) -> bool:
        while True:
            self._fill()
            self._begin_exchange()
            if not self._running and self._exchange is None:
                return False
            await self._wait_for_news()
            self._collect()
            if self._exchange is not None and self._exchange.done():
                leased = self._exchange.result()
                self._exchange = None
                if leased.ended:
                    return True
                self._ready.extend(leased.visits)
                self._dry = not leased.visits
                if self._dry and self._idle() and not await self._may_go_on():
                    return False

    async def abandon(self) -> None:
        """Leave nothing running behind."""
        left: list[asyncio.Task[Visited] | asyncio.Task[Leased]] = list(self._running)
        if self._exchange is not None:
            left.append(self._exchange)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _wait_for_news(self) -> None:
        """Wait until a visit or the exchange has ended, or until it is time to write back."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._flush_at if self._exchange is None else None):
                await self._woken.wait()
        self._woken.clear()

    def _fill(self) -> None:
        while self._ready and len(self._running) < self._concurrency:
            self._running.add(self._begin(self._visit(self._ready.popleft())))

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._woken.set())
        return task

    def _collect(self) -> None:
        for task in [task for task in self._running if task.done()]:
            self._running.discard(task)
            if error := task.exception():
                self._fault = self._fault or error
                continue
            visited = task.result()
            self._visited.append(visited)
            self._bytes += len(visited.result or b"")
            if self._flush_at is None:
                self._flush_at = asyncio.get_running_loop().time() + FLUSH_SECONDS

    def _begin_exchange(self) -> None:
        """Exchange when there is much to write, or when the lane is about to run dry."""
        if self._exchange is not None:
            return
        over = self._is_over()
        if over:
            self._give_back()
        want = 0 if over else self._concurrency + self._ahead - len(self._ready) - len(self._running)
        full = len(self._visited) >= FLUSH_PAGES or self._bytes >= FLUSH_BYTES or self._late()
        short = not over and want > 0 and len(self._ready) < max(1, self._concurrency // 2)
        # A lane that found nothing asks again when it has something to tell: only that can bring something new.
        if full or (short and (self._visited or not self._dry)) or (over and self._visited and not self._running):
            visited, self._visited, self._bytes = self._visited, [], 0
            self._flush_at, self._dry = None, False
            self._exchange = self._begin(self._frontier.exchange(visited, max(0, want)))

    def _is_over(self) -> bool:
        return self._fault is not None or self._over()

    def _late(self) -> bool:
        return self._flush_at is not None and asyncio.get_running_loop().time() >= self._flush_at

    def _idle(self) -> bool:
        return not (self._running or self._ready or self._visited)

    async def _may_go_on(self) -> bool:
        self._dry = False
        return not self._is_over() and await self._frontier.wait()

    def _give_back(self) -> None:
        """Return the pages that were leased and not begun."""
        while self._ready:
            self._visited.append(
                Visited(self._ready.popleft(), "pending", reason="given_back", counts_as_attempt=False)
            )
