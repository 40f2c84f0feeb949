"""Judging many addresses between other work: with the patterns of a caller, each may take long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from time import thread_time
from typing import TypeVar

T = TypeVar("T")
# For the links of one page; without hostile patterns a millisecond is usual.
JUDGE_SECONDS = 1.0
_TURN_SECONDS = 0.02


async def judged(urls: Iterable[str], judge: Callable[[str], T], seconds: float = JUDGE_SECONDS) -> AsyncIterator[T]:
    """What `judge` says of each address, in their order, until it has taken `seconds` of the processor in all.

    Others have their turn when it has taken long. The processor's time, because on a machine that has much to do no
    address may be left out that would be judged on an idle one.
    """
    spent, turn = 0.0, thread_time()
    for url in urls:
        begun = thread_time()
        verdict = judge(url)
        ended = thread_time()
        spent += ended - begun
        yield verdict
        if spent >= seconds:
            return
        if ended - turn >= _TURN_SECONDS:
            await asyncio.sleep(0)
            turn = thread_time()
