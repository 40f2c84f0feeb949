"""The values of change tracking."""

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Track:
    """A history of versions: `id` as the caller named it, `mode` content or structured, `basis` what is compared.

    Histories of other modes or formats are others: their versions cannot be compared.
    """

    id: str
    mode: str
    basis: str
    with_diff: bool

    @property
    def key(self) -> str:
        """Its name in the store."""
        return f"{self.mode}:{self.basis}:{self.id}"


class Snapshot(NamedTuple):
    """The version of a page that a crawl has seen; `content` is compressed, and kept where diffs are asked for."""

    fingerprint: int
    url: str
    digest: bytes
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a page: new, changed or unchanged; its version now, and what differs when that was asked for."""

    status: str
    snapshot: Snapshot
    diff: list[dict[str, Any]] | None = None
