import asyncio
import time

from alterlab_server.discover import judging
from alterlab_server.discover.judging import judged

URLS = [f"https://a.test/{number}" for number in range(100)]


async def test_all_are_judged_in_their_order() -> None:
    assert [verdict async for verdict in judged(URLS, len)] == [len(url) for url in URLS]


async def test_judging_ends_when_it_has_taken_too_long() -> None:
    assert [verdict async for verdict in judged(URLS, str, seconds=0)] == URLS[:1]


async def test_other_work_has_its_turn() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def slow(_: str) -> None:
        until = time.thread_time() + judging.JUDGE_SECONDS / 100
        while time.thread_time() < until:
            pass

    working = asyncio.create_task(others())
    assert [verdict async for verdict in judged(URLS[:10], slow)]
    working.cancel()
    assert turns > 1


async def test_no_time_counts_in_which_the_processor_does_other_work() -> None:
    assert [verdict async for verdict in judged(URLS[:3], lambda _: time.sleep(0.01), seconds=0.005)] == [None] * 3
