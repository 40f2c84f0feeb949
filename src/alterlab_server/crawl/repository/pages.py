"""Queries on the pages of crawls. All of them write and read many rows in one statement."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, case, exists, func, select, text, update

from alterlab_server.crawl.models import crawl_pages, crawl_results
from alterlab_server.crawl.values import Found, PageRow, Visit
from alterlab_server.db import Compiled, Transaction

_ADD = Compiled(
    text(
        """
        INSERT INTO crawl_pages (crawl_id, fingerprint, url, authority, depth, score, bucket, state)
        SELECT CAST(:crawl_id AS uuid), fingerprint, url, authority, depth, score, bucket, CAST(:state AS text)
        FROM unnest(
            CAST(:fingerprints AS bigint[]), CAST(:urls AS text[]), CAST(:authorities AS text[]),
            CAST(:depths AS smallint[]), CAST(:scores AS real[]), CAST(:buckets AS text[])
        ) WITH ORDINALITY AS found (fingerprint, url, authority, depth, score, bucket, place)
        ORDER BY place
        ON CONFLICT (crawl_id, fingerprint) DO NOTHING
        RETURNING fingerprint
        """
    )
)
# The best pages of hosts that are ready and of buckets that are not used up, the best first.
_LEASE = Compiled(
    text(
        """
        WITH best AS (
            SELECT fingerprint FROM crawl_pages
            WHERE crawl_id = CAST(:crawl_id AS uuid) AND state = 'pending'
                AND authority <> ALL (CAST(:busy AS text[]))
                AND (bucket IS NULL OR bucket <> ALL (CAST(:exhausted AS text[])))
            ORDER BY score DESC, depth, number
            LIMIT CAST(:limit AS integer)
            FOR UPDATE SKIP LOCKED
        ), leased AS (
            UPDATE crawl_pages AS page SET state = 'leased', lane = CAST(:lane AS smallint)
            FROM best WHERE page.crawl_id = CAST(:crawl_id AS uuid) AND page.fingerprint = best.fingerprint
            RETURNING page.*
        )
        SELECT url, fingerprint, authority, depth, attempts, bucket FROM leased ORDER BY score DESC, depth, number
        """
    )
)
_WRITE = Compiled(
    text(
        """
        UPDATE crawl_pages AS page
        SET state = ended.state, sequence = ended.sequence, tier = ended.tier, status_code = ended.status_code,
            title = ended.title, error_code = ended.error_code, error = ended.error,
            charged_microcents = ended.charged, lane = NULL, attempts = page.attempts + ended.attempt
        FROM unnest(
            CAST(:fingerprints AS bigint[]), CAST(:states AS text[]), CAST(:sequences AS integer[]),
            CAST(:tiers AS text[]), CAST(:status_codes AS integer[]), CAST(:titles AS text[]),
            CAST(:error_codes AS text[]), CAST(:errors AS text[]),
            CAST(:charged AS integer[]), CAST(:attempts AS smallint[])
        ) AS ended (fingerprint, state, sequence, tier, status_code, title, error_code, error, charged, attempt)
        WHERE page.crawl_id = CAST(:crawl_id AS uuid) AND page.fingerprint = ended.fingerprint
        """
    )
)
_ADD_RESULTS = Compiled(
    text(
        """
        INSERT INTO crawl_results (crawl_id, fingerprint, body)
        SELECT CAST(:crawl_id AS uuid), fingerprint, body
        FROM unnest(CAST(:fingerprints AS bigint[]), CAST(:bodies AS bytea[])) AS results (fingerprint, body)
        """
    )
)
# A page that was leased by so many workers that died is the reason why they died.
_RECLAIM = Compiled(
    text(
        """
        UPDATE crawl_pages
        SET lane = NULL, attempts = attempts + 1,
            state = CASE WHEN attempts + 1 < CAST(:most AS smallint) THEN 'pending' ELSE 'skipped' END
        WHERE crawl_id = CAST(:crawl_id AS uuid) AND lane = CAST(:lane AS smallint) AND state = 'leased'
        RETURNING state
        """
    )
)


async def add(transaction: Transaction, crawl_id: UUID, found: Sequence[Found], state: str = "pending") -> set[int]:
    """Insert the pages that the crawl does not know yet; returns their fingerprints."""
    if not found:
        return set()
    rows = await _ADD.rows(
        transaction,
        {
            "crawl_id": crawl_id,
            "state": state,
            "fingerprints": [page.fingerprint for page in found],
            "urls": [page.url for page in found],
            "authorities": [page.authority for page in found],
            "depths": [page.depth for page in found],
            "scores": [page.score for page in found],
            "buckets": [page.bucket for page in found],
        },
    )
    return {row[0] for row in rows}


async def lease(
    transaction: Transaction, crawl_id: UUID, lane: int, limit: int, busy: Collection[str], exhausted: Collection[str]
) -> list[tuple[Visit, str | None]]:
    """Give the best pending pages to a lane, each with its bucket; none of hosts that are busy."""
    values = {"crawl_id": crawl_id, "lane": lane, "limit": limit, "busy": list(busy), "exhausted": list(exhausted)}
    return [(Visit(*row[:5]), row[5]) for row in await _LEASE.rows(transaction, values)]


async def release(transaction: Transaction, crawl_id: UUID, fingerprints: Collection[int]) -> None:
    """Give leased pages back unvisited."""
    if fingerprints:
        mine = (crawl_pages.c.crawl_id == crawl_id, crawl_pages.c.fingerprint.in_(list(fingerprints)))
        await transaction.execute(update(crawl_pages).where(*mine).values(state="pending", lane=None))


async def write(transaction: Transaction, crawl_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Write what came of leased pages; a row is a dictionary of the columns in the statement, in the singular."""
    if rows:
        names = ("fingerprint", "state", "sequence", "tier", "status_code", "title", "error_code", "error")
        columns = {f"{name}s": [row[name] for row in rows] for name in names}
        columns |= {"charged": [row["charged"] for row in rows], "attempts": [row["attempt"] for row in rows]}
        await _WRITE.rows(transaction, {"crawl_id": crawl_id, **columns})


async def add_results(transaction: Transaction, crawl_id: UUID, bodies: Sequence[tuple[int, bytes]]) -> None:
    """Keep the compressed answers of pages, by their fingerprints."""
    if bodies:
        columns = {"fingerprints": [mark for mark, _ in bodies], "bodies": [body for _, body in bodies]}
        await _ADD_RESULTS.rows(transaction, {"crawl_id": crawl_id, **columns})


async def reclaim(transaction: Transaction, crawl_id: UUID, lane: int, most: int) -> list[str]:
    """Take back what an earlier run of the lane had leased; the new state of each page."""
    rows = await _RECLAIM.rows(transaction, {"crawl_id": crawl_id, "lane": lane, "most": most})
    return [row[0] for row in rows]


async def has_pending(transaction: Transaction, crawl_id: UUID, exhausted: Collection[str]) -> bool:
    """Whether a page waits in a bucket that is not used up."""
    usable = crawl_pages.c.bucket.is_(None) | crawl_pages.c.bucket.not_in(list(exhausted))
    pending = exists().where(crawl_pages.c.crawl_id == crawl_id, crawl_pages.c.state == "pending", usable)
    return bool(await transaction.scalar(select(pending)))


async def count_open(transaction: Transaction, crawl_id: UUID) -> int:
    """How many pages wait or are being scraped."""
    query = select(func.count()).where(
        crawl_pages.c.crawl_id == crawl_id, crawl_pages.c.state.in_(("pending", "leased"))
    )
    return int(await transaction.scalar(query) or 0)


async def sum_ended(transaction: Transaction, crawl_id: UUID) -> list[tuple[str, str | None, int, int]]:
    """Rows (state, tier, pages, microcents charged) of the pages that have ended; what has failed is of no tier."""
    tier = case((crawl_pages.c.state == "completed", crawl_pages.c.tier))
    query = (
        select(crawl_pages.c.state, tier, func.count(), func.sum(crawl_pages.c.charged_microcents))
        .where(crawl_pages.c.crawl_id == crawl_id, crawl_pages.c.sequence.is_not(None))
        .group_by(crawl_pages.c.state, tier)
    )
    return [tuple(row) for row in await transaction.execute(query)]


async def list_ended(
    transaction: Transaction, crawl_id: UUID, after: int, limit: int, *, with_results: bool
) -> list[PageRow]:
    """The pages that ended after the one with sequence `after`, in order; the results are still compressed."""
    names = PageRow.__dataclass_fields__.keys() - {"result"}
    columns: Iterable[Any] = (crawl_pages.c[name] for name in PageRow.__dataclass_fields__ if name in names)
    query = (
        select(*columns, *((crawl_results.c.body,) if with_results else ()))
        .where(crawl_pages.c.crawl_id == crawl_id, crawl_pages.c.sequence > after)
        .order_by(crawl_pages.c.sequence)
        .limit(limit)
    )
    if with_results:
        same = (crawl_results.c.crawl_id == crawl_pages.c.crawl_id) & (
            crawl_results.c.fingerprint == crawl_pages.c.fingerprint
        )
        query = query.join(crawl_results, same, isouter=True)
    rows: CursorResult[Any] = await transaction.execute(query)
    return [PageRow(*row, *(() if with_results else (None,))) for row in rows]
