"""Whose the files are that jobs made, and when they go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from alterlab_server.db import Transaction
from alterlab_server.jobs.models import job_files
from alterlab_server.jobs.schemas import JobFile


async def add(
    transaction: Transaction, organization_id: UUID, job_id: UUID, files: Sequence[JobFile], expires_at: datetime
) -> None:
    """Write whose the files are and when they go; a file of the same key is the same job's, from a run before."""
    rows = [
        {
            "key": file.key,
            "organization_id": organization_id,
            "job_id": job_id,
            "content_type": file.content_type,
            "expires_at": expires_at,
        }
        for file in files
    ]
    statement = upsert(job_files).on_conflict_do_update(index_elements=["key"], set_={"expires_at": expires_at})
    await transaction.execute(statement, rows)


async def media_type(transaction: Transaction, organization_id: UUID, key: str, now: datetime) -> str | None:
    """The media type of a file of the organization that has not expired, or None."""
    query = select(job_files.c.content_type).where(
        job_files.c.organization_id == organization_id, job_files.c.key == key, job_files.c.expires_at >= now
    )
    found = await transaction.scalar(query)
    return None if found is None else str(found)


async def expired(transaction: Transaction, now: datetime, limit: int) -> list[str]:
    """The keys of expired files, locked; others each time, so that those that cannot be deleted keep none from its
    turn."""
    query = select(job_files.c.key).where(job_files.c.expires_at < now).order_by(func.random()).limit(limit)
    return [str(key) for key in await transaction.scalars(query.with_for_update(skip_locked=True))]


async def remove(transaction: Transaction, keys: Sequence[str]) -> None:
    """Delete the rows of files."""
    await transaction.execute(delete(job_files).where(job_files.c.key.in_(keys)))
