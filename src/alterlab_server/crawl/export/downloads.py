"""Where the owner of a crawl finds the file that was made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alterlab_server.blobs import BlobStore
from alterlab_server.crawl.export.values import STORAGE, ExportRow
from alterlab_server.scrape.files import download_path

# Each answer signs anew; S3 allows a week.
VALID_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Downloads:
    """The installation's own store, and the address that clients know this server by."""

    blobs: BlobStore
    public_url: str

    async def url(self, found: Sequence[ExportRow]) -> str | None:
        """A presigned URL, or one of this server where the store has none; None while there is no file."""
        for export in found:
            if export.kind == STORAGE and export.status == "completed":
                signed = await self.blobs.signed_url(export.key, VALID_FOR)
                return signed or download_path(export.key, self.public_url)
        return None
