"""Judging many addresses between other work: with the patterns of a caller, each may take long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
# For the links of one page; without hostile patterns a millisecond is usual.
JUDGE_SECONDS = 1.0
_TURN_SECONDS = 0.02


async def judged(urls: Iterable[str], judge: Callable[[str], T], seconds: float = JUDGE_SECONDS) -> AsyncIterator[T]:
    """What `judge` says of each address, in their order, until it has taken `seconds` in all.

    Others have their turn when it has taken long.
    """
    now = asyncio.get_running_loop().time
    spent, turn = 0.0, now()
    for url in urls:
        begun = now()
        verdict = judge(url)
        ended = now()
        spent += ended - begun
        yield verdict
        if spent >= seconds:
            return
        if ended - turn >= _TURN_SECONDS:
            await asyncio.sleep(0)
            turn = now()
