"""What is known of an export."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from alterlab_server.base.events import Deliveries

# The two kinds: into the installation's own store (`storage`), and to the caller's bucket (`output`).
STORAGE, OUTPUT = "storage", "output"
# The format of an output that is no export: each page is a delivery to a webhook, and the key is that webhook's id.
STREAM = "webhook_stream"

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
    def streamed_to(self) -> UUID | None:
        """The target of the deliveries, when its pages are streamed to a webhook."""
        return UUID(self.key) if self.format == STREAM else None

    def streamed(self, ended: bool, done: Deliveries) -> dict[str, Any]:
        """What the API says of a stream by how its deliveries stand, when its crawl has `ended` or goes on."""
        status = "pending" if done.pending or not ended else "failed" if done.failed else "completed"
        stands = {"status": status, "pages": done.delivered, "error": done.error}
        return {"target": self.target, "format": self.format} | stands

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
