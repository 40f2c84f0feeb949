"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE_SECONDS = 0.02
PATIENCE = 300.0
"""Seconds after which a test gives up waiting: far more than a slow machine needs, for only a failure waits so long."""


def eventually(condition: Callable[[], T], seconds: float = PATIENCE, what: str = "the condition") -> T:
    """Ask until the answer is true, and return it; fails after `seconds`."""
    give_up = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < give_up, f"{what} did not come about within {seconds:.0f} s"
        time.sleep(PAUSE_SECONDS)
    return answer


async def eventually_async(
    condition: Callable[[], Awaitable[T]], seconds: float = PATIENCE, what: str = "the condition"
) -> T:
    """The same for a coroutine."""
    give_up = time.monotonic() + seconds
    while not (answer := await condition()):
        assert time.monotonic() < give_up, f"{what} did not come about within {seconds:.0f} s"
        await asyncio.sleep(PAUSE_SECONDS)
    return answer
