"""A lane, over a frontier that only counts."""

import asyncio
from collections.abc import Sequence

import pytest
from tests.support.waiting import eventually_async

from alterlab_server.crawl import run
from alterlab_server.crawl.run import run_lane
from alterlab_server.crawl.values import Leased, Visit, Visited


class Counting:
    """Gives as many pages as it is asked for, and remembers what came back."""

    def __init__(self, pages: int) -> None:
        self._left = pages
        self._out = 0
        self.returned: list[Visited] = []
        self.asked: list[int] = []

    async def exchange(self, visited: Sequence[Visited], want: int) -> Leased:
        self.returned += visited
        self.asked.append(want)
        self._left += sum(page.state == "pending" for page in visited)
        count = min(want, self._left)
        self._left -= count
        visits = tuple(Visit(f"http://a.test/{number}", number, "a.test", 0, 0) for number in range(count))
        self._out += count - len(visited)
        return Leased(visits, ended=not self._out and not self._left)

    async def wait(self) -> bool:
        return True


async def _good(visit: Visit) -> Visited:
    return Visited(visit, "completed", result=b"{}")


async def test_all_that_is_leased_comes_back() -> None:
    frontier = Counting(333)
    assert await run_lane(frontier, _good, concurrency=7)
    assert [page.state for page in frontier.returned] == ["completed"] * 333


async def test_a_visit_that_raises_loses_no_other_page() -> None:
    frontier = Counting(30)

    async def visit(visit: Visit) -> Visited:
        if visit.fingerprint == 3:
            raise OSError("the store is away")
        return await _good(visit)

    with pytest.raises(OSError, match="away"):
        await run_lane(frontier, visit, concurrency=7)
    back = [page.visit.fingerprint for page in frontier.returned]
    assert sorted(back) == [number for number in range(30) if number != 3]
    assert {page.state for page in frontier.returned} == {"completed", "pending"}


async def test_a_page_is_written_back_while_others_take_their_time() -> None:
    frontier = Counting(5)

    async def first_is_written() -> bool:
        return bool(frontier.returned)

    async def visit(visit: Visit) -> Visited:
        if visit.fingerprint == 1:
            await eventually_async(first_is_written, what="the first page in the frontier")
        return await _good(visit)

    assert await run_lane(frontier, visit, concurrency=1)
    assert len(frontier.returned) == 5


async def test_large_pages_are_written_back_before_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FLUSH_SECONDS", 3600.0)
    monkeypatch.setattr(run, "FLUSH_BYTES", 4)
    frontier = Counting(5)

    async def two_are_written() -> bool:
        return len(frontier.returned) >= 2

    async def visit(visit: Visit) -> Visited:
        if visit.fingerprint == 2:
            await eventually_async(two_are_written, what="the first two pages in the frontier")
        return await _good(visit)

    assert await run_lane(frontier, visit, concurrency=1)
    assert len(frontier.returned) == 5


async def test_so_many_pages_are_visited_at_a_time_and_no_more() -> None:
    frontier, under_way, most = Counting(60), 0, 0

    async def visit(visit: Visit) -> Visited:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(20):
            await asyncio.sleep(0)
        under_way -= 1
        return await _good(visit)

    assert await run_lane(frontier, visit, concurrency=7)
    assert most == 7


async def test_a_lane_that_must_stop_gives_back_what_it_has_not_begun() -> None:
    frontier = Counting(1000)
    begun = 0

    async def visit(visit: Visit) -> Visited:
        nonlocal begun
        begun += 1
        return await _good(visit)

    assert not await run_lane(frontier, visit, concurrency=5, stopping=lambda: begun >= 5)
    states = [page.state for page in frontier.returned]
    assert states.count("completed") == begun
    assert states.count("pending") == sum(frontier.asked) - begun
    assert not any(page.counts_as_attempt for page in frontier.returned if page.state == "pending")


async def test_a_step_of_no_time_leases_nothing() -> None:
    frontier = Counting(10)
    assert not await run_lane(frontier, _good, concurrency=5, seconds=-1)
    assert frontier.returned == []
