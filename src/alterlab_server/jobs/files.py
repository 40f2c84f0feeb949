"""The files that jobs and crawls make, in the blob store: written down, found, and forgotten when their time is up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from alterlab_server.base.errors import NotFound
from alterlab_server.db import Transaction
from alterlab_server.jobs.repository import files
from alterlab_server.jobs.schemas import JobFile

FILES_KEPT_FOR = timedelta(hours=24)
EXPIRED_FILES_BATCH = 1_000


async def expect_files(
    transaction: Transaction, organization_id: UUID, job_id: UUID, made: Sequence[JobFile], until: datetime
) -> None:
    """Write down files before they are put into the blob store, so that none can be left there for ever."""
    await files.add(transaction, organization_id, job_id, made, until)


async def file_type(transaction: Transaction, organization_id: UUID, key: str, now: datetime) -> str:
    """The media type of a file of the organization; raises NotFound, also when it has expired."""
    content_type = await files.media_type(transaction, organization_id, key, now)
    if content_type is None:
        raise NotFound("There is no such file, or it has expired.")
    return content_type


async def expired_files(transaction: Transaction, now: datetime) -> list[str]:
    """The keys of expired files, EXPIRED_FILES_BATCH at most, which nobody makes anew in this transaction: the caller
    deletes their objects and forgets them."""
    return await files.expired(transaction, now, EXPIRED_FILES_BATCH)


async def forget_files(transaction: Transaction, keys: Sequence[str]) -> None:
    """Forget files whose objects are gone."""
    await files.remove(transaction, keys)
