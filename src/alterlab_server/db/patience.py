"""Writing down what was done, though the store is away for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from alterlab_server.db.database import STORE_ERRORS, is_away

AGAIN_SECONDS = 1.0
Result = TypeVar("Result")
log = structlog.get_logger()


async def outlasting(work: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Do `work`, and again while the store is away or has no room, for so long at most; then what it raises is raised.

    The work must be safe to do twice: its commit may have succeeded although nobody could be told.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + seconds
    while True:
        try:
            return await work()
        except STORE_ERRORS as error:
            if loop.time() >= give_up or not is_away(error):
                raise
            log.warning("store.away", error=repr(error))
        await asyncio.sleep(AGAIN_SECONDS)
