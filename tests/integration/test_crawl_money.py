"""What is held for a crawl bit by bit is settled as a whole."""

import pytest
from tests.support.crawls import HELD, new_crawl

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.billing import service as billing
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.money import hold_id
from alterlab_server.db import Database


@pytest.mark.parametrize(
    ("used", "charged"), [(0, [0, 0, 0]), (400, [400, 0, 0]), (1_200, [1_000, 200, 0]), (1_800, [1_000, 500, 300])]
)
async def test_what_was_used_is_charged_once_over_all_holds(
    database: Database, sealer: Sealer, used: int, charged: list[int]
) -> None:
    crawl = await new_crawl(database, "http://a.test/", holds=[HELD, 500, 300], used_microcents=used, completed=1)
    async with database.transaction() as transaction:
        for number, amount in ((1, 500), (2, 300)):
            await billing.hold(transaction, crawl.organization_id, amount, hold_id(crawl, number))
        held = await billing.balance(transaction, crawl.organization_id)
        await finish(transaction, crawl.id, utc_now(), Reactions(sealer, utc_now).publish, None)
    async with database.statement() as connection:
        entries = await billing.entries(connection, crawl.organization_id)
        left = await billing.balance(connection, crawl.organization_id)
    assert sorted(-entry.amount for entry in entries if entry.kind == "charge") == sorted(charged)
    assert left == held + sum(crawl.holds) - used
