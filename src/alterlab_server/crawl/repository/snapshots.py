"""Queries on the versions of pages that crawls have seen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text

from alterlab_server.crawl.models import crawl_snapshots
from alterlab_server.crawl.tracking.values import Snapshot
from alterlab_server.db import Transaction

_PUT = text(
    """
    INSERT INTO crawl_snapshots (organization_id, track, fingerprint, url, digest, content, crawl_id, seen_at)
    SELECT CAST(:organization_id AS uuid), CAST(:track AS text), fingerprint, url, digest, content,
        CAST(:crawl_id AS uuid), CAST(:now AS timestamptz)
    FROM unnest(
        CAST(:fingerprints AS bigint[]), CAST(:urls AS text[]), CAST(:digests AS bytea[]), CAST(:contents AS bytea[])
    ) AS seen (fingerprint, url, digest, content)
    ON CONFLICT (organization_id, track, fingerprint) DO UPDATE
    SET url = excluded.url, digest = excluded.digest, content = excluded.content, crawl_id = excluded.crawl_id,
        seen_at = excluded.seen_at
    """
)
# What an earlier crawl has seen and this one did not: the site says that it is gone, or nothing leads to it any more.
# That nobody knows when a page could not be had this time that an earlier crawl has followed.
_TAKE_REMOVED = text(
    """
    WITH missed AS (
        SELECT FROM crawl_pages AS page JOIN crawl_snapshots AS known USING (fingerprint)
        WHERE page.crawl_id = CAST(:crawl_id AS uuid) AND page.state = 'failed'
            AND COALESCE(page.status_code, 0) NOT IN (404, 410)
            AND known.organization_id = CAST(:organization_id AS uuid) AND known.track = CAST(:track AS text)
        LIMIT 1
    )
    DELETE FROM crawl_snapshots AS seen
    WHERE organization_id = CAST(:organization_id AS uuid) AND track = CAST(:track AS text)
        AND crawl_id <> CAST(:crawl_id AS uuid)
        AND CASE WHEN EXISTS (
            SELECT FROM crawl_pages AS page
            WHERE page.crawl_id = CAST(:crawl_id AS uuid) AND page.fingerprint = seen.fingerprint
        ) THEN EXISTS (
            SELECT FROM crawl_pages AS page
            WHERE page.crawl_id = CAST(:crawl_id AS uuid) AND page.fingerprint = seen.fingerprint
                AND page.state = 'failed' AND page.status_code IN (404, 410)
        ) ELSE CAST(:whole AS boolean) AND NOT EXISTS (SELECT FROM missed) END
    RETURNING url
    """
)


async def find(
    transaction: Transaction, organization_id: UUID, track: str, fingerprints: Sequence[int]
) -> dict[int, Snapshot]:
    """The versions of these pages that were seen last, by fingerprint."""
    columns = (crawl_snapshots.c[name] for name in Snapshot._fields)
    query = select(*columns).where(
        crawl_snapshots.c.organization_id == organization_id,
        crawl_snapshots.c.track == track,
        crawl_snapshots.c.fingerprint.in_(fingerprints),
    )
    return {row.fingerprint: Snapshot(*row) for row in await transaction.execute(query)}


async def put(
    transaction: Transaction, organization_id: UUID, track: str, crawl_id: UUID, seen: Sequence[Snapshot], now: datetime
) -> None:
    """Write the versions that a crawl has seen, over older ones."""
    if seen:
        columns = zip(*seen, strict=True)
        names = ("fingerprints", "urls", "digests", "contents")
        values = {name: list(column) for name, column in zip(names, columns, strict=True)}
        given = {"organization_id": organization_id, "track": track, "crawl_id": crawl_id, "now": now}
        await transaction.execute(_PUT, given | values)


async def take_removed(
    transaction: Transaction, organization_id: UUID, track: str, crawl_id: UUID, *, whole: bool
) -> list[str]:
    """Forget the pages that this crawl found to be gone; their URLs.

    A crawl that has not seen its `whole` site knows nothing of a page that it did not come to, nor does one that could
    not have a page which is known.
    """
    given = {"organization_id": organization_id, "track": track, "crawl_id": crawl_id, "whole": whole}
    return list(await transaction.scalars(_TAKE_REMOVED, given))


async def drop_unseen(transaction: Transaction, before: datetime) -> None:
    """Forget versions that were last seen before `before`."""
    await transaction.execute(delete(crawl_snapshots).where(crawl_snapshots.c.seen_at < before))
