"""What a crawl keeps of its pages beside their answers: screenshots, and answers for requests to come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alterlab_server.base.clock import Clock
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database
from alterlab_server.scrape import memory
from alterlab_server.scrape.cache import cacheable
from alterlab_server.scrape.keeping import keep_files
from alterlab_server.scrape.memory import CachedAnswer
from alterlab_server.scrape.run import Scraped
from alterlab_server.scrape.schemas import ScrapeRequest


@dataclass(frozen=True, slots=True)
class StoredKeeper:
    """Keeps for one organization; files go at `files_until`. What the request does not ask for costs no query."""

    database: Database
    blobs: BlobStore
    clock: Clock
    organization_id: UUID
    files_until: datetime

    async def find(self, request: ScrapeRequest) -> CachedAnswer | None:
        """The kept answer to an equal request, when this one allows it."""
        if not cacheable(request):
            return None
        async with self.database.statement() as connection:
            return await memory.cached_answer(connection, self.organization_id, request, self.clock())

    async def keep(self, page_id: UUID, request: ScrapeRequest, scraped: Scraped) -> None:
        """Keep the files of a page, and its answer for requests to come when this one wants that."""
        files, now = scraped.ending.files, self.clock()
        await keep_files(self.database, self.blobs, self.organization_id, page_id, files, self.files_until)
        if cacheable(request):
            async with self.database.transaction() as transaction:
                await memory.keep_answer(transaction, self.organization_id, request, scraped, now)
