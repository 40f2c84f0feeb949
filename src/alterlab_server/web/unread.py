"""What the process holds of answers that their clients have not read yet, bounded over all connections."""

from collections import Counter
from typing import Protocol


class UnreadAnswer(Protocol):
    """An answer that waits to be read."""

    def unread_bytes(self) -> int:
        """How much of it is held."""

    def drop(self) -> None:
        """Let go of it, and of its connection."""


class UnreadAnswers:
    """The answers that wait to be read, each with its owner, in the order in which they began to wait.

    While more than `most` bytes wait, the owner of the most of them loses the answer that has waited longest. A client
    with a slow line is never that one as long as somebody else makes the process hold more, and no answer that waits
    alone is dropped.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._owners: dict[UnreadAnswer, str] = {}

    def add(self, answer: UnreadAnswer, owner: str) -> None:
        """Count an answer from now on."""
        self._owners[answer] = owner
        self._make_room()

    def remove(self, answer: UnreadAnswer) -> None:
        """Forget an answer that is read or dropped, if it is known."""
        self._owners.pop(answer, None)

    def held(self) -> Counter[str]:
        """How many bytes wait, by owner."""
        found: Counter[str] = Counter()
        for answer, owner in self._owners.items():
            found[owner] += answer.unread_bytes()
        return found

    def _make_room(self) -> None:
        while len(self._owners) > 1 and (held := self.held()).total() > self._most:
            greediest = max(held, key=held.__getitem__)
            oldest = next(answer for answer, owner in self._owners.items() if owner == greediest)
            self.remove(oldest)
            oldest.drop()
