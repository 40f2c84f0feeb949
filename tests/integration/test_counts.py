"""How many an account may have of something, however many are made at once."""

import asyncio

from tests.support.accounts import Account

from alterlab_server.base.errors import Conflict
from alterlab_server.db import Database
from alterlab_server.templates import service as templates


async def test_no_more_templates_than_there_may_be(database: Database, account: Account) -> None:
    async def save(number: int) -> bool:
        try:
            async with database.transaction() as transaction:
                await templates.save(transaction, account.id, f"mine {number}", {"price": "number"})
        except Conflict:
            return False
        return True

    saved = await asyncio.gather(*map(save, range(templates.MAX_TEMPLATES + 20)))
    async with database.statement() as connection:
        listed = await templates.list_all(connection, account.id)
    assert sum(saved) == sum(not template.builtin for template in listed) == templates.MAX_TEMPLATES
