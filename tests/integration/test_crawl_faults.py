"""Steps of a crawl that fail, whoever is at fault."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs
from tests.support.crawls import HELD, new_crawl

from alterlab_server.base.clock import utc_now
from alterlab_server.base.events import CrawlFinished, Event
from alterlab_server.base.sealing import Sealer
from alterlab_server.billing import service as billing
from alterlab_server.crawl.repository import crawls
from alterlab_server.crawl.service import REQUEST_PURPOSE, lane_entry
from alterlab_server.crawl.tasks import MAX_FAULTS, CrawlTask
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import STORE_ERRORS, Database, Transaction
from alterlab_server.queue.queue import JOBS


class Steps:
    """Runs steps of lanes, for which nothing but the store is needed until they fail."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self.told: list[Event] = []
        unused: Any = None
        self.run = CrawlTask(database, unused, sealer, unused, unused, unused, self._publish, utc_now, lambda: False)

    async def _publish(self, _transaction: Transaction, event: Event) -> None:
        self.told.append(event)


@pytest.fixture
async def crawl(database: Database, sealer: Sealer) -> CrawlRow:
    """A crawl that has scraped five pages, with a request that can no longer be read."""
    request = sealer.seal(b'{"address": "http://a.test/"}', REQUEST_PURPOSE)
    return await new_crawl(database, "http://a.test/", request=request, used_microcents=400, completed=2, discovered=9)


async def queued(dsn: str, crawl_id: UUID) -> list[tuple[bytes, int, float]]:
    """The entries of the queue for a crawl: payload, priority, and for how many seconds they are put off."""
    connection = await asyncpg.connect(dsn)
    try:
        query = (
            "SELECT payload, priority, round(extract(epoch FROM execute_after - created)) AS delay"
            f" FROM {JOBS.settings.queue_table} WHERE substring(payload FOR 16) = $1 ORDER BY id"
        )
        return [
            (row["payload"], row["priority"], float(row["delay"]))
            for row in await connection.fetch(query, crawl_id.bytes)
        ]
    finally:
        await connection.close()


async def test_a_step_that_fails_is_tried_again_more_and_more_slowly(
    database: Database, dsn: str, sealer: Sealer, crawl: CrawlRow
) -> None:
    steps = Steps(database, sealer)
    with capture_logs() as told:
        for faults in (0, 1, 7):
            await steps.run(lane_entry(crawl.id, 0, faults))
    assert [line["event"] for line in told] == ["crawl.fault"] * 3
    assert await queued(dsn, crawl.id) == [
        (lane_entry(crawl.id, 0, 1), -5, 1.0),
        (lane_entry(crawl.id, 0, 2), -5, 2.0),
        (lane_entry(crawl.id, 0, 8), -5, 60.0),
    ]
    assert not steps.told


async def test_a_crawl_whose_steps_go_on_failing_has_failed_and_gives_back_what_it_held(
    database: Database, dsn: str, sealer: Sealer, crawl: CrawlRow
) -> None:
    steps = Steps(database, sealer)
    async with database.statement() as connection:
        before = await billing.balance(connection, crawl.organization_id)
    await steps.run(lane_entry(crawl.id, 0, MAX_FAULTS - 1))
    async with database.statement() as connection:
        ended = await crawls.get(connection, crawl.organization_id, crawl.id, utc_now())
        after = await billing.balance(connection, crawl.organization_id)
    assert ended is not None
    assert (ended.status, ended.stopped_by, ended.completed) == ("failed", "fault", 2)
    assert ended.error is not None
    assert "on our side" in ended.error
    assert ended.request is None, "headers and cookies of the caller are forgotten"
    assert after - before == HELD - 400
    assert [type(event) for event in steps.told] == [CrawlFinished]
    assert await queued(dsn, crawl.id) == []


async def test_a_store_that_is_away_is_no_fault_of_the_crawl(sealer: Sealer, crawl: CrawlRow) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(STORE_ERRORS):
        await Steps(away, sealer).run(lane_entry(crawl.id, 0, MAX_FAULTS - 1))
