"""What is left of a job's time for one of its steps."""

import asyncio
from dataclasses import dataclass

# Kept back from waiting, so that a page that never settles is still read before the deadline.
_RESERVE_SECONDS = 2.0
_RESERVE_SHARE = 0.2
_LAST_SECONDS = 0.5  # for closing up when all has been read


@dataclass(frozen=True, slots=True)
class Budget:
    """The time until `end` (seconds on the event loop's clock) may be spent on waiting, and the little between that and
    `deadline` on reading.
    """

    end: float
    deadline: float

    @classmethod
    def until(cls, deadline: float) -> "Budget":
        """The budget of a job with this deadline, less what it takes to read the page."""
        left = deadline - asyncio.get_running_loop().time()
        return cls(deadline - min(_RESERVE_SECONDS, left * _RESERVE_SHARE), deadline)

    def seconds(self, limit: float = float("inf")) -> float:
        """How long a step may wait that wants at most `limit` seconds; never negative."""
        return max(0.0, min(limit, self.end - asyncio.get_running_loop().time()))

    def milliseconds(self, limit: float = float("inf")) -> float:
        """The same in milliseconds, as Playwright counts; at least 1, because 0 means forever to it."""
        return max(1.0, self.seconds(limit) * 1000)

    def rest(self) -> float:
        """How many seconds a step may take that is not needed for the page to be good; never negative."""
        return max(0.0, self.deadline - _LAST_SECONDS - asyncio.get_running_loop().time())
