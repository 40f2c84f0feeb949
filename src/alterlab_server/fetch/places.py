"""Places that are shared fairly: however many one owner asks for, another's wait is not as long as all of his work."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Waiter = tuple[str, "asyncio.Future[None]"]


class FairPlaces:
    """`places` for everybody, and `spare` ones besides for owners that hold none while all of those are taken.

    A place that becomes free goes to the owner that holds the fewest, and among his to who has waited longest.
    """

    def __init__(self, places: int, spare: int) -> None:
        self._places = places
        self._spare = spare
        self._held: Counter[str] = Counter()
        self._waiting: list[Waiter] = []

    @asynccontextmanager
    async def held(self, owner: str) -> AsyncIterator[None]:
        """Hold a place while the block lasts, after a wait for one."""
        await self._take(owner)
        try:
            yield
        finally:
            self._give_back(owner)

    async def _take(self, owner: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((owner, turn))
        self._give_out()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(owner)
            raise
        finally:
            self._waiting = [waiter for waiter in self._waiting if waiter[1] is not turn]

    def _give_back(self, owner: str) -> None:
        self._held[owner] -= 1
        self._held += Counter()  # forgets owners that hold none
        self._give_out()

    def _give_out(self) -> None:
        while likely := [waiter for waiter in self._waiting if self._may(waiter)]:
            owner, turn = min(likely, key=lambda waiter: self._held[waiter[0]])
            self._held[owner] += 1
            turn.set_result(None)

    def _may(self, waiter: Waiter) -> bool:
        owner, turn = waiter
        taken = self._held.total()
        return not turn.done() and taken < self._places + (0 if self._held[owner] else self._spare)
