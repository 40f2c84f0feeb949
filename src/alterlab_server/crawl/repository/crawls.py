"""Queries on the rows of crawls. What a caller may name takes the organization first."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, delete, func, insert, or_, select, update

from alterlab_server.crawl.models import crawl_pages, crawl_results, crawls
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import Compiled, Transaction
from alterlab_server.jobs.service import CHANNEL

_COLUMNS = tuple(crawls.c[name] for name in CrawlRow.__dataclass_fields__)
_UNFINISHED = crawls.c.finished_at.is_(None)
_LOCK = Compiled(select(*_COLUMNS).where(crawls.c.id == bindparam("crawl_id"), _UNFINISHED).with_for_update())
_GET = Compiled(
    select(*_COLUMNS).where(
        crawls.c.organization_id == bindparam("organization_id"),
        crawls.c.id == bindparam("crawl_id"),
        or_(crawls.c.expires_at.is_(None), crawls.c.expires_at >= bindparam("now")),
    )
)


async def add(transaction: Transaction, values: Mapping[str, Any]) -> None:
    """Insert a crawl."""
    await transaction.execute(insert(crawls).values(**values))


async def get(transaction: Transaction, organization_id: UUID, crawl_id: UUID, now: datetime) -> CrawlRow | None:
    """A crawl of the organization that has not expired, or None."""
    row = await _GET.row(transaction, {"organization_id": organization_id, "crawl_id": crawl_id, "now": now})
    return CrawlRow(*row) if row else None


async def count_unfinished(transaction: Transaction, organization_id: UUID | None = None) -> int:
    """How many crawls are under way: those of the organization, or all."""
    query = select(func.count()).select_from(crawls).where(_UNFINISHED)
    if organization_id is not None:
        query = query.where(crawls.c.organization_id == organization_id)
    return int(await transaction.scalar(query) or 0)


async def lock(transaction: Transaction, crawl_id: UUID) -> CrawlRow | None:
    """A crawl that has not ended, locked until the transaction ends; else None."""
    row = await _LOCK.row(transaction, {"crawl_id": crawl_id})
    return CrawlRow(*row) if row else None


async def change(transaction: Transaction, crawl_id: UUID, values: Mapping[str, Any]) -> None:
    """Set columns of a crawl that is locked, and wake whoever watches it when the transaction commits."""
    await _change(tuple(values)).rows(transaction, {"crawl_id": crawl_id, **values})


@lru_cache  # there are few sets of columns that are written together
def _change(names: tuple[str, ...]) -> Compiled:
    changed = (
        update(crawls)
        .where(crawls.c.id == bindparam("crawl_id"))
        .values({name: bindparam(name) for name in names})
        .returning(crawls.c.id)
        .cte("changed")
    )
    return Compiled(select(func.pg_notify(CHANNEL, cast(changed.c.id, Text))))


async def overdue(transaction: Transaction, now: datetime) -> list[UUID]:
    """The crawls that are past their deadline and have not ended."""
    query = select(crawls.c.id).where(_UNFINISHED, crawls.c.deadline_at < now)
    return list(await transaction.scalars(query))


async def drop_expired(transaction: Transaction, now: datetime, before: datetime) -> None:
    """Delete the pages and results of crawls that ended before `before`, and expired crawls."""
    ended = select(crawls.c.id).where(crawls.c.finished_at < before).scalar_subquery()
    for table in (crawl_results, crawl_pages):
        await transaction.execute(delete(table).where(table.c.crawl_id.in_(ended)))
    await transaction.execute(delete(crawls).where(crawls.c.expires_at < now))
