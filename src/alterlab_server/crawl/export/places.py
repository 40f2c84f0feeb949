"""Places for exports that one worker has under way."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Places:
    """Some in all, and few of one account: a store that hangs keeps only the places of its owner."""

    def __init__(self, in_all: int, per_account: int) -> None:
        self._in_all = in_all
        self._per_account = per_account
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def take(self, organization_id: UUID) -> Iterator[bool]:
        """Take a place for as long as the block lasts; false when there is none."""
        free = self._taken.total() < self._in_all and self._taken[organization_id] < self._per_account
        self._taken[organization_id] += free
        try:
            yield free
        finally:
            self._taken[organization_id] -= free
            self._taken += Counter()  # forgets who has none
