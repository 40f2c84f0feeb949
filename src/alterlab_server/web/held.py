"""What the process holds for its connections, bounded over all of them: answers that are not read yet, and bodies that
are not there yet."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol


class Connection(Protocol):
    """For whom something is held."""

    def drop(self) -> None:
        """End it, and let go of what is held for it."""


class HeldBytes:
    """The connections for which something is held, each with its owner, in the order in which that began.

    While more than `most` bytes are held, the owner of the most of them loses the connection for which some have been
    held longest. A client with a slow line is never that one as long as somebody else makes the process hold more, and
    a connection that is alone is not dropped.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Connection, tuple[str, Callable[[], int]]] = {}

    def add(self, connection: Connection, owner: str, size: Callable[[], int]) -> None:
        """Count a connection from now on, or again, when more is held for it; `size` tells how many bytes."""
        self._held[connection] = owner, size
        self._make_room()

    def remove(self, connection: Connection) -> None:
        """Forget a connection for which nothing is held any more, if it is known."""
        self._held.pop(connection, None)

    def by_owner(self) -> Counter[str]:
        """How many bytes are held."""
        found: Counter[str] = Counter()
        for owner, size in self._held.values():
            found[owner] += size()
        return found

    def _make_room(self) -> None:
        while len(self._held) > 1 and (held := self.by_owner()).total() > self._most:
            greediest = max(held, key=held.__getitem__)
            oldest = next(connection for connection, (owner, _) in self._held.items() if owner == greediest)
            self.remove(oldest)
            oldest.drop()
