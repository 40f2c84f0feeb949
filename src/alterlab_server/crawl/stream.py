"""Server-sent events of a crawl, from its rows; a notification says when to look."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any
from uuid import UUID

import orjson

from alterlab_server.accounts import service as accounts
from alterlab_server.base.errors import TooManyRequests, Unauthorized
from alterlab_server.base.money import to_dollars
from alterlab_server.crawl import service
from alterlab_server.crawl.export.downloads import Downloads
from alterlab_server.crawl.values import CrawlRow, PageRow
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext

# A comment at least so often keeps proxies from closing the stream; then the rows are looked at, too.
KEEPALIVE_SECONDS = 15.0
PAGES_A_LOOK = 20
# Of one account, open to this process: each looks at the store at each page that ends.
MAX_STREAMS = 100
_KEEPALIVE = b": keepalive\n\n"


class Streams:
    """Counts the streams that are open, by account."""

    def __init__(self, most: int = MAX_STREAMS) -> None:
        self._most = most
        self.open: Counter[UUID] = Counter()

    def require_room(self, organization_id: UUID) -> None:
        """Raise TooManyRequests when the account may open no more."""
        if self.open[organization_id] >= self._most:
            raise TooManyRequests(
                f"This account has {self._most} streams open, and no more may be at a time.",
                code="CONCURRENCY_LIMIT",
                retry_after=5,
            )

    async def counted(self, organization_id: UUID, told: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The same stream, counted from its first event to its end."""
        self.open[organization_id] += 1
        try:
            async for event in told:
                yield event
        finally:
            self.open[organization_id] -= 1
            self.open += Counter()  # forgets accounts that have none


async def events(
    context: ApiContext, downloads: Downloads, caller: Principal, crawl_id: str, last: int = 0
) -> AsyncGenerator[bytes, None]:
    """page.completed, page.failed and crawl.progress as they happen; the last is crawl.completed, however it ended.
    Nothing follows the revocation of the caller's key.

    The id of a page's event is its sequence; `last` is that of the last page that the client has been told of.
    """
    with context.finished_jobs.expect(crawl_id) as woken:
        while True:
            woken.clear()
            try:
                crawl, ended, last = await _look(context, caller, crawl_id, last)
            except Unauthorized:
                return  # a client that comes back is told why
            for event in ended:
                yield event
            if ended:
                yield _event("crawl.progress", _progress(crawl))
            if len(ended) == PAGES_A_LOOK:
                continue
            if crawl.finished_at is not None and not crawl.exporting:
                async with context.database.statement() as connection:
                    described = await service.describe(context, connection, crawl, downloads)
                yield _event("crawl.completed", described)  # a client that reads nothing holds no connection
                return
            if context.closing.is_set():
                return  # a client that comes back goes on where it was
            try:
                async with asyncio.timeout(KEEPALIVE_SECONDS):
                    await woken.wait()
            except TimeoutError:
                yield _KEEPALIVE


async def _look(context: ApiContext, caller: Principal, crawl_id: str, last: int) -> tuple[CrawlRow, list[bytes], int]:
    """How the crawl stands, the events of pages that ended after the one with sequence `last`, and the new `last`.

    The results of the pages, which may be large, are let go before anything is sent. Raises Unauthorized.
    """
    async with context.database.statement() as connection:
        await accounts.require_active(connection, caller.api_key_id)
        crawl = await service.get(connection, caller.organization_id, crawl_id, context.clock())
        found = await service.ended_pages(connection, crawl, last, PAGES_A_LOOK, with_results=True)
    return crawl, [_page_event(page) for page in found], found[-1].sequence if found else last


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
