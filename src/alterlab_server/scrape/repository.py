"""Queries on what scraping learns and keeps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, any_, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from alterlab_server.db import Compiled, Transaction
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import ClaimedJob
from alterlab_server.scrape.models import host_memory, page_cache

_begun = jobs.BEGIN.cte("begun")
_BEGIN = Compiled(
    select(host_memory.c.memory, _begun).select_from(_begun.outerjoin(host_memory, host_memory.c.host == _begun.c.host))
)
_GET_HOST = Compiled(select(host_memory.c.memory).where(host_memory.c.host == bindparam("host")))
# In one order, so that those who remember the same hosts wait for each other and not in a circle.
_LOCK_HOSTS = Compiled(
    select(host_memory.c.host, host_memory.c.memory)
    .where(host_memory.c.host == any_(bindparam("hosts", type_=ARRAY(Text))))
    .order_by(host_memory.c.host)
    .with_for_update()
)
_PUT_HOSTS = Compiled(
    text(
        """
        INSERT INTO host_memory (host, memory, updated_at)
        SELECT key, value, :now FROM jsonb_each(:memories) ORDER BY key
        ON CONFLICT (host) DO UPDATE SET memory = excluded.memory, updated_at = excluded.updated_at
        """
    ).bindparams(bindparam("now", type_=DateTime(timezone=True)), bindparam("memories", type_=JSONB))
)


class KeptAnswer(NamedTuple):
    """An answer in the cache: its body and its links, both compressed, when it was stored and when it expires."""

    body: bytes
    links: bytes | None
    cached_at: datetime
    expires_at: datetime


async def begin(
    connection: Transaction, job_id: UUID, now: datetime
) -> tuple[ClaimedJob, Mapping[str, Any] | None] | None:
    """Begin a job as `jobs.begin` does; the job, and what is remembered of its host, or None."""
    row = await _BEGIN.row(connection, {"job_id": job_id, "now": now})
    if row is None:
        return None
    memory, *begun, _ = row
    return ClaimedJob(*begun), memory


async def get_host(transaction: Transaction, host: str) -> Mapping[str, Any] | None:
    """What is remembered of a host, as JSON, or None."""
    row = await _GET_HOST.row(transaction, {"host": host})
    return row[0] if row else None


async def get_hosts_for_update(transaction: Transaction, hosts: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """The same by host, of those that are remembered, locked until the transaction ends."""
    return {row[0]: row[1] for row in await _LOCK_HOSTS.rows(transaction, {"hosts": list(hosts)})}


async def put_hosts(transaction: Transaction, memories: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
    """Write what is remembered of hosts."""
    await _PUT_HOSTS.rows(transaction, {"memories": memories, "now": now})


async def forget_hosts(transaction: Transaction, before: datetime, most: int) -> None:
    """Forget hosts that were last met before `before`, and all but the `most` that were met last."""
    met = host_memory.c.updated_at
    too_many = select(met).order_by(met.desc()).offset(most).limit(1).scalar_subquery()
    await transaction.execute(delete(host_memory).where((met < before) | (met <= too_many)))


async def get_cached(transaction: Transaction, key: bytes, now: datetime) -> KeptAnswer | None:
    """A cached answer, or None."""
    columns = (page_cache.c[name] for name in KeptAnswer._fields)
    rows = await transaction.execute(select(*columns).where(page_cache.c.key == key, page_cache.c.expires_at > now))
    row = rows.one_or_none()
    return KeptAnswer(*row) if row else None


async def put_cached(transaction: Transaction, organization_id: UUID, key: bytes, kept: KeptAnswer) -> None:
    """Store an answer, over an older one of the same key."""
    values = kept._asdict()
    statement = insert(page_cache).values(key=key, organization_id=organization_id, **values)
    await transaction.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


async def drop_expired(transaction: Transaction, now: datetime) -> None:
    """Delete cached answers past their time."""
    await transaction.execute(delete(page_cache).where(page_cache.c.expires_at < now))
