"""Opening the store: the embedded PostgreSQL or the configured one, migrated, with a first account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import asyncpg

from alterlab_server.accounts import service as accounts
from alterlab_server.app.settings import Settings
from alterlab_server.base.clock import new_id
from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.billing import service as billing
from alterlab_server.db import STORE_ERRORS, Database, Transaction, embedded, is_away, locks, migrate, raw
from alterlab_server.db.embedded import Store, StoreError
from alterlab_server.queue import install

FIRST_ACCOUNT = "default"
_NOT_LET_IN = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """Yield a running PostgreSQL; one that this call started ends with the block."""
    if settings.database_url is not None:
        yield Store(settings.database_url)
        return
    store = embedded.start(settings.data)
    try:
        yield store
    finally:
        store.stop()


async def prepare(database: Database, settings: Settings) -> str | None:
    """Migrate under a lock and make the first account where there is none; its key, when it was made just now.

    Raises StoreError when the database cannot be reached or does not let us in.
    """
    try:
        async with locks.held(database, locks.MIGRATION_LOCK):
            await migrate.upgrade(database)
            async with database.transaction() as transaction:
                await install(raw(transaction))
                return await _first_account(transaction, settings)
    except STORE_ERRORS as error:
        if not isinstance(error, _NOT_LET_IN) and not is_away(error):
            raise
        raise StoreError(f"The database cannot be used: {error}") from error


async def prepare_and_tell(database: Database, settings: Settings, output: TextIO) -> None:
    """`prepare`, and show on `output` the key of a first account made just now, for nobody could learn it later."""
    key = await prepare(database, settings)
    if key is not None and settings.bootstrap_api_key is None:
        told = f"The first account was made. Its API key, shown only this once:\n\n  export KEY={key}\n"
        print(told, file=output, flush=True)


async def _first_account(transaction: Transaction, settings: Settings) -> str | None:
    """The operator's own account has no rate limit; the configured key is added to it when it is new: one that was
    revoked stays so."""
    secret = settings.bootstrap_api_key.get_secret_value() if settings.bootstrap_api_key else None
    existing = await accounts.list_organizations(transaction)
    if existing and (secret is None or await accounts.key_exists(transaction, secret)):
        return None
    if existing:
        return await accounts.create_key(transaction, existing[0].id, "bootstrap", secret=secret)
    organization = await accounts.create_organization(transaction, FIRST_ACCOUNT, rate_tier="unlimited")
    await billing.open_account(transaction, organization.id)
    if settings.bootstrap_balance:
        amount = settings.bootstrap_balance * MICROCENTS_PER_DOLLAR
        await billing.deposit(transaction, organization.id, amount, idempotency_key=str(new_id()), note="first account")
    return await accounts.create_key(transaction, organization.id, "bootstrap", secret=secret)
