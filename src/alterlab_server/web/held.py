"""What the process holds for its connections, bounded over all of them: answers that are not read yet, and bodies that
are not there yet."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Connection(Protocol):
    """For whom something is held."""

    def drop(self) -> None:
        """End it, and let go of what is held for it."""


@dataclass(frozen=True, slots=True)
class _Share:
    """What is held for a connection: `size` tells how much that is now, `counted` is what it was when last asked."""

    owner: str
    size: Callable[[], int]
    counted: int


class HeldBytes:
    """The connections for which something is held, each with its owner, in the order in which that began.

    While more than `most` bytes are held, the owner of the most of them loses the connection for which some have been
    held longest. A client with a slow line is never that one as long as somebody else makes the process hold more, and
    a connection that is alone is not dropped.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._shares: dict[Connection, _Share] = {}
        self._counted = 0

    def add(self, connection: Connection, owner: str, size: Callable[[], int]) -> None:
        """Count a connection from now on, or again, when more is held for it; `size` tells how many bytes."""
        self._count(connection, owner, size)
        if self._counted > self._most:
            self._make_room()

    def remove(self, connection: Connection) -> None:
        """Forget a connection for which nothing is held any more, if it is known."""
        if share := self._shares.pop(connection, None):
            self._counted -= share.counted

    def by_owner(self) -> Counter[str]:
        """How many bytes are held."""
        found: Counter[str] = Counter()
        for share in self._shares.values():
            found[share.owner] += share.size()
        return found

    def _count(self, connection: Connection, owner: str, size: Callable[[], int]) -> None:
        before, now = self._shares.get(connection), size()
        self._counted += now - (before.counted if before else 0)
        self._shares[connection] = _Share(owner, size, now)

    def _make_room(self) -> None:
        """Ask all what they hold by now, which may be less than what was counted, and drop who holds too much."""
        for connection, share in self._shares.items():
            self._count(connection, share.owner, share.size)
        while len(self._shares) > 1 and self._counted > self._most:
            held = self.by_owner()
            greediest = max(held, key=held.__getitem__)
            oldest = next(connection for connection, share in self._shares.items() if share.owner == greediest)
            self.remove(oldest)
            oldest.drop()
