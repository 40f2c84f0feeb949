"""What the items of a batch share is read once."""

from pathlib import Path

from sqlalchemy import Engine, event
from tests.support.accounts import Account

from alterlab_server.accounts import service as accounts
from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import utc_now
from alterlab_server.base.sealing import Sealer
from alterlab_server.batch import service
from alterlab_server.batch.schemas import BatchRequest
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Listener
from alterlab_server.fetch.tier import TIERS
from alterlab_server.jobs.service import CHANNEL
from alterlab_server.scrape.options import ScrapeOptions
from alterlab_server.templates import service as templates
from alterlab_server.web.auth import Principal
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.webhooks.delivering import delivered


async def test_a_template_of_all_items_is_read_once(database: Database, account: Account, sealer: Sealer) -> None:
    blobs, publish = BlobStore.open("memory:///", Path("unused")), Reactions(sealer, utc_now).publish
    listener = Listener(database, CHANNEL)
    context = ApiContext(database, blobs, listener, sealer, utc_now, publish, ReceiverPolicy(()), delivered)
    async with database.transaction() as transaction:
        await templates.save(transaction, account.id, "mine", {"price": "number"})
        (key,) = await accounts.list_keys(transaction, account.id)
    caller = Principal(account.id, key.id, 0, 0, 0, 0, 0, 0, "free")
    asked = BatchRequest.model_validate({"urls": ["http://a.test/"] * 20, "template": "mine"})
    read = []

    def note(*arguments: object) -> None:
        if "templates" in str(arguments[2]):
            read.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        accepted = await service.submit(context, ScrapeOptions(frozenset(row.name for row in TIERS)), caller, asked)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert (len(accepted.job_ids), len(read)) == (20, 1)
