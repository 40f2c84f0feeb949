"""`alterlab keys`: create, list and revoke API keys."""

from typing import Annotated
from uuid import UUID

import typer

from alterlab_server.accounts import service as accounts
from alterlab_server.app.cli.accounts import AccountFlag, account_id
from alterlab_server.app.cli.flags import DatabaseFlag, DataFlag
from alterlab_server.app.cli.with_database import in_transaction
from alterlab_server.base.clock import iso, utc_now
from alterlab_server.db import Transaction
from alterlab_server.jobs import service as jobs

app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Option("--name", help="What the key is for.")] = "cli",
    account: AccountFlag = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
) -> None:
    """Make a key and print it; it cannot be shown again."""

    async def work(transaction: Transaction) -> str:
        return await accounts.create_key(transaction, await account_id(transaction, account), name)

    print(in_transaction(work, data, database_url))


@app.command("list")
def list_keys(account: AccountFlag = None, data: DataFlag = None, database_url: DatabaseFlag = None) -> None:
    """List the keys of an account: id, beginning, name, use, state."""

    async def work(transaction: Transaction) -> None:
        organization_id = await account_id(transaction, account)
        uses = await jobs.uses_of_keys(transaction, organization_id)
        for key in await accounts.list_keys(transaction, organization_id):
            use = uses.get(key.id)
            used = f"{use.requests} jobs, the last {iso(use.last_at)}" if use else "no jobs"
            state = "revoked" if key.revoked_at else "active"
            print(f"{key.id}  {key.prefix}…  {key.name}  {used}  {state}")

    in_transaction(work, data, database_url)


@app.command()
def revoke(
    key_id: Annotated[UUID, typer.Argument(help="The key's id, as `keys list` shows it.")],
    account: AccountFlag = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
) -> None:
    """Revoke a key at once."""

    async def work(transaction: Transaction) -> None:
        await accounts.revoke_key(transaction, await account_id(transaction, account), key_id, utc_now())

    in_transaction(work, data, database_url)
