"""How often an account may call: a sum per minute that concurrent requests cannot slip past."""

import asyncio
from datetime import timedelta

from tests.integration.conftest import NOON

from alterlab_server.accounts import service as accounts
from alterlab_server.accounts.service import RateState
from alterlab_server.db import Database


async def take(database: Database, tokens: int, after: timedelta = timedelta(), subject: str = "a") -> RateState:
    async with database.transaction() as transaction:
        return await accounts.take_tokens(transaction, subject, tokens, 30, NOON + after)


async def test_concurrent_requests_are_all_counted(database: Database) -> None:
    states = await asyncio.gather(*(take(database, 2) for _ in range(20)))
    assert sorted(state.used for state in states) == list(range(2, 41, 2))
    assert sum(state.exceeded for state in states) == 5


async def test_limit_itself_is_allowed(database: Database) -> None:
    assert not (await take(database, 30)).exceeded
    assert (await take(database, 1)).exceeded


async def test_next_minute_begins_anew(database: Database) -> None:
    full = await take(database, 30, timedelta(seconds=59))
    fresh = await take(database, 2, timedelta(seconds=60))
    assert fresh.used == 2
    assert full.resets_at == int((NOON + timedelta(seconds=60)).timestamp())


async def test_subjects_do_not_share_a_window(database: Database) -> None:
    await take(database, 30)
    assert (await take(database, 2, subject="b")).used == 2
