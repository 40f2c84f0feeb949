"""Queries on the exports of crawls."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from alterlab_server.crawl.export.values import ExportRow, is_due
from alterlab_server.crawl.models import crawl_exports
from alterlab_server.db import Compiled, Transaction

_COLUMNS = tuple(crawl_exports.c[name] for name in ExportRow.__dataclass_fields__)
_OF_CRAWL = Compiled(select(*_COLUMNS).where(crawl_exports.c.crawl_id == bindparam("crawl_id")))


async def add(transaction: Transaction, values: Mapping[str, Any]) -> None:
    """Insert an export that waits for pages."""
    await transaction.execute(insert(crawl_exports).values(**values))


async def of_crawl(transaction: Transaction, crawl_id: UUID) -> list[ExportRow]:
    """The exports of a crawl."""
    return [ExportRow(*row) for row in await _OF_CRAWL.rows(transaction, {"crawl_id": crawl_id})]


async def lock(transaction: Transaction, crawl_id: UUID, kind: str) -> ExportRow | None:
    """An export that has not ended, locked until the transaction ends; else None."""
    query = select(*_COLUMNS).where(*_is(crawl_id, kind), crawl_exports.c.status == "pending").with_for_update()
    row = (await transaction.execute(query)).one_or_none()
    return ExportRow(*row) if row else None


async def wake(transaction: Transaction, crawl_id: UUID, kind: str, ended: int | None) -> bool:
    """Mark an export as queued; False when it is already, when `ended` pages are not worth it, or there is none.

    Its row is locked either way: a run that is about to end waits for this transaction, and sees what it has written.
    """
    columns = (crawl_exports.c.queued, crawl_exports.c.format, crawl_exports.c.cursor)
    found = await transaction.execute(select(*columns).where(*_is(crawl_id, kind)).with_for_update())
    row = found.one_or_none()
    if row is None or row.queued or not (ended is None or is_due(row.format, row.cursor, ended)):
        return False
    await change(transaction, crawl_id, kind, {"queued": True})
    return True


async def change(transaction: Transaction, crawl_id: UUID, kind: str, values: Mapping[str, Any]) -> None:
    """Set columns of an export."""
    await transaction.execute(update(crawl_exports).where(*_is(crawl_id, kind)).values(**values))


def _is(crawl_id: UUID, kind: str) -> tuple[Any, Any]:
    return crawl_exports.c.crawl_id == crawl_id, crawl_exports.c.kind == kind
