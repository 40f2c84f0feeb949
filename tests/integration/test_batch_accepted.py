"""What the items of a batch share: a template is read once, and all have the same day."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, event
from tests.integration.conftest import NOON
from tests.support.accounts import Account

from alterlab_server.accounts import service as accounts
from alterlab_server.app.reactions import Reactions
from alterlab_server.base.sealing import Sealer
from alterlab_server.batch import service
from alterlab_server.batch.schemas import BatchRequest
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Listener, raw
from alterlab_server.fetch.tier import TIERS
from alterlab_server.jobs.service import CHANNEL
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.templates import service as templates
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.webhooks.delivering import delivered


async def _submit(database: Database, account: Account, sealer: Sealer, **asked: object) -> service.Accepted:
    """A batch that is accepted at noon."""
    blobs, publish = BlobStore.open("memory:///", Path("unused")), Reactions(sealer, lambda: NOON).publish
    listener = Listener(database, CHANNEL)
    context = ApiContext(database, blobs, listener, sealer, lambda: NOON, publish, ReceiverPolicy(()), delivered)
    async with database.statement() as connection:
        (key,) = await accounts.list_keys(connection, account.id)
    caller = Principal(account.id, key.id, 0, 0, 0, 0, 0, 0, "free")
    options = ScrapeOptions(frozenset(row.name for row in TIERS))
    return await service.submit(context, options, caller, BatchRequest.model_validate(asked))


async def test_a_template_of_all_items_is_read_once(database: Database, account: Account, sealer: Sealer) -> None:
    async with database.transaction() as transaction:
        await templates.save(transaction, account.id, "mine", {"price": "number"})
    read = []

    def note(*arguments: object) -> None:
        if "templates" in str(arguments[2]):
            read.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        accepted = await _submit(database, account, sealer, urls=["http://a.test/"] * 20, template="mine")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert (len(accepted.job_ids), len(read)) == (20, 1)


async def test_all_items_have_a_day_whatever_their_timeout(
    database: Database, account: Account, sealer: Sealer
) -> None:
    items = [{"url": "http://a.test/"}, {"url": "http://b.test/", "timeout": 30}]
    await _submit(database, account, sealer, urls=items)
    async with database.statement() as connection:
        deadlines = await raw(connection).fetch("SELECT deadline_at FROM jobs")
    assert [row["deadline_at"] for row in deadlines] == [NOON + timedelta(hours=24)] * 2
