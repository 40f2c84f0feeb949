"""What is held for a crawl bit by bit: how much at a time, and that it is settled as a whole."""

from uuid import uuid4

import pytest
from tests.support.crawls import HELD, new_crawl

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.billing import service as billing
from alterlab_server.crawl.ending import finish
from alterlab_server.crawl.money import Purse, hold_id
from alterlab_server.crawl.plan import PagePrice
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


@pytest.mark.parametrize(
    ("limit", "spare", "leasable", "holds"),
    [
        (None, 900_000, 1, [HELD, 100]),  # a tenth of what is held, so that there are few holds
        (None, 60, 1, [HELD, 10]),  # what the page needs, when the balance has no more
        (None, 9, 0, [HELD]),
        (HELD + 60, 900_000, 1, [HELD, 60]),
        (HELD, 900_000, 0, [HELD]),
    ],
)
async def test_a_further_hold_is_a_tenth_if_it_can_be(
    database: Database, limit: int | None, spare: int, leasable: int, holds: list[int]
) -> None:
    crawl = await new_crawl(database, "http://a.test/")
    purse = Purse(crawl, limit, PagePrice(expected=10, most=10))
    async with database.transaction() as transaction:
        left = await billing.balance(transaction, crawl.organization_id)
        await billing.hold(transaction, crawl.organization_id, left - spare, uuid4())
        assert await purse.cover(transaction, used=HELD, leased=0, want=1) == leasable
    assert purse.holds == holds
