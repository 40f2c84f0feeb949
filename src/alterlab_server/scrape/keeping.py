"""Where the files of a scrape go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database
from alterlab_server.jobs.files import expect_files
from alterlab_server.jobs.schemas import JobFile


async def keep_files(
    database: Database, blobs: BlobStore, organization_id: UUID, job_id: UUID, files: Sequence[JobFile], until: datetime
) -> None:
    """Put files into the blob store until then; their rows come first, so that none is forgotten there."""
    if not files:
        return
    async with database.transaction() as transaction:
        await expect_files(transaction, organization_id, job_id, files, until)
    for file in files:
        await blobs.put(file.key, file.body, file.content_type)
