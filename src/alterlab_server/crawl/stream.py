"""Server-sent events of a crawl, from its rows; a notification says when to look."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from alterlab_server.base.money import to_dollars
from alterlab_server.crawl import service
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.values import CrawlRow, PageRow
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

# A comment at least so often keeps proxies from closing the stream; then the rows are looked at, too.
KEEPALIVE_SECONDS = 15.0
PAGES_A_LOOK = 100
_KEEPALIVE = b": keepalive\n\n"


async def events(
    context: ApiContext, downloads: Downloads, caller: Principal, crawl_id: str, last: int = 0
) -> AsyncIterator[bytes]:
    """page.completed, page.failed and crawl.progress as they happen; the last is crawl.completed, however it ended.

    The id of a page's event is its sequence; `last` is that of the last page that the client has been told of.
    """
    with context.finished_jobs.expect(crawl_id) as woken:
        while True:
            woken.clear()
            async with context.database.statement() as connection:
                crawl = await service.get(connection, caller.organization_id, crawl_id, context.clock())
                found = await service.ended_pages(connection, crawl, last, PAGES_A_LOOK, with_results=True)
            for page in found:
                last = page.sequence
                yield _page_event(page)
            if found:
                yield _event("crawl.progress", _progress(crawl))
            if len(found) == PAGES_A_LOOK:
                continue
            if crawl.finished_at is not None and not crawl.exporting:
                async with context.database.statement() as connection:
                    yield _event("crawl.completed", await service.describe(context, connection, crawl, downloads))
                return
            try:
                async with asyncio.timeout(KEEPALIVE_SECONDS):
                    await woken.wait()
            except TimeoutError:
                yield _KEEPALIVE


def _page_event(page: PageRow) -> bytes:
    if page.state != "completed":
        failure = {"url": page.url, "error": page.error, "error_code": page.error_code}
        return _event("page.failed", failure, page.sequence)
    result = orjson.loads(page.result or b"{}")
    cost = to_dollars(page.charged_microcents)
    told = {"url": page.url, "metadata": result.get("metadata", {}), "cost": cost, "tier": page.tier}
    return _event("page.completed", told, page.sequence)


def _progress(crawl: CrawlRow) -> dict[str, Any]:
    return {
        "crawl_id": str(crawl.id),
        "status": crawl.told_status,
        "completed": crawl.completed,
        "failed": crawl.failed,
        "total": crawl.total,
        "total_discovered": crawl.discovered,
        "cost": to_dollars(crawl.used_microcents),
    }


def _event(name: str, data: dict[str, Any], sequence: int | None = None) -> bytes:
    identity = b"" if sequence is None else b"id: %d\n" % sequence
    return b"%sevent: %s\ndata: %s\n\n" % (identity, name.encode(), orjson.dumps(data))
