"""What the row of a crawl says of pages that are gone."""

from dataclasses import asdict

from tests.support.crawls import new_crawl

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.crawl.ending import MAX_REMOVED, finish
from alterlab_server.crawl.repository import snapshots
from alterlab_server.crawl.tracking.values import Snapshot, Track
from alterlab_server.db import Database


async def test_a_thousand_removed_pages_are_listed_and_all_are_counted(database: Database, sealer: Sealer) -> None:
    track = Track("a.test", "content", "text", with_diff=False)
    crawl = await new_crawl(database, "http://a.test/", track=asdict(track), completed=1)
    seen = [Snapshot(number, f"http://a.test/{number}", b"", None) for number in range(MAX_REMOVED + 1)]
    async with database.transaction() as transaction:
        await snapshots.put(transaction, crawl.organization_id, track.key, new_id(), seen, utc_now())
        done = await finish(transaction, crawl.id, utc_now(), Reactions(sealer, utc_now).publish, None)
    assert done is not None
    assert (done.compared["removed"], len(set(done.removed))) == (1_001, 1_000)
