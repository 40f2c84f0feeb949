"""What is known of an export."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

# The two kinds: into the installation's own store (`storage`), and to the caller's bucket (`output`).
STORAGE, OUTPUT = "storage", "output"


# A file is written anew when so many times as many pages have ended: all its versions are together as long as twice it.
GROWTH = 2


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export of a crawl; the columns of `models.crawl_exports`."""

    crawl_id: UUID
    kind: str
    organization_id: UUID
    format: str
    columns: list[str]
    destination: bytes | None
    target: str
    key: str
    cursor: int
    failures: int
    status: str
    error: str | None

    @property
    def described(self) -> dict[str, Any]:
        """What the API says of it."""
        return {
            "target": self.target,
            "format": self.format,
            "status": self.status,
            "pages": self.cursor,
            "error": self.error,
        }


def is_due(form: str, written: int, ended: int) -> bool:
    """Whether an export that has `written` pages has enough to do while the crawl goes on: objects of single pages
    always, a file when it has grown."""
    return ended > written if form == "json" else ended >= max(1, GROWTH * written)
