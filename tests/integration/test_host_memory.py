"""What is known of hosts, in the store."""

import asyncio

from alterlab_server.base.clock import utc_now
from alterlab_server.db import Database
from alterlab_server.fetch.outcome import Attempt, Judgement, Verdict
from alterlab_server.scrape import memory

GOOD = (Attempt("1", "success", Judgement(Verdict.GOOD)),)
BAD = (Attempt("1", "failed", Judgement(Verdict.BLOCKED)),)


async def test_each_climb_of_many_hosts_counts_once(database: Database) -> None:
    now = utc_now()
    async with database.transaction() as transaction:
        await memory.remember(transaction, "a.test", None, GOOD, now)
        known = await memory.remember_all(transaction, {"a.test": [GOOD, BAD], "b.test": [BAD]}, now)
    assert (known["a.test"].climbs.attempts, known["a.test"].climbs.successes) == (3, 2)
    async with database.statement() as connection:
        assert {host: await memory.recall(connection, host) for host in known} == known


async def test_many_may_remember_the_same_hosts_in_any_order(database: Database) -> None:
    hosts = [f"{name}.test" for name in "abcdefgh"]

    async def remember(turn: int) -> None:
        async with database.transaction() as transaction:
            order = hosts[turn:] + hosts[:turn]
            await memory.remember_all(transaction, {host: [GOOD] for host in order}, utc_now())

    await remember(0)
    await asyncio.gather(*(remember(turn) for turn in range(8)))
    async with database.statement() as connection:
        found = [await memory.recall(connection, host) for host in hosts]
    assert [round(host.climbs.attempts) for host in found if host] == [9] * 8
