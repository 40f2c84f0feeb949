"""`alterlab accounts`: create and list accounts, deposit, show balances."""

from typing import Annotated
from uuid import UUID

import typer

from alterlab_server.accounts import service as accounts
from alterlab_server.app.cli.flags import DatabaseFlag, DataFlag
from alterlab_server.app.cli.with_database import in_transaction
from alterlab_server.base.clock import new_id
from alterlab_server.base.errors import NotFound
from alterlab_server.base.money import MICROCENTS_PER_DOLLAR, display
from alterlab_server.billing import service as billing
from alterlab_server.billing.rate_tiers import RATE_TIERS
from alterlab_server.db import Transaction

# Far below what the ledger's integers hold.
MAX_DOLLARS = 1_000_000_000
app = typer.Typer(help="Create accounts, deposit, and show balances.", no_args_is_help=True)
AccountFlag = Annotated[UUID | None, typer.Option("--account", help="The account's id; by default the first one.")]


async def account_id(transaction: Transaction, given: UUID | None) -> UUID:
    """The account a command is about; raises NotFound."""
    if given is not None:
        return (await accounts.get_organization(transaction, given)).id
    first = next(iter(await accounts.list_organizations(transaction)), None)
    if first is None:
        raise NotFound("There is no account yet.")
    return first.id


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the account is called.")],
    rate_tier: Annotated[str | None, typer.Option(help=f"One of {', '.join(RATE_TIERS)}; else by balance.")] = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
) -> None:
    """Make an account with a balance of zero and print its id."""
    if rate_tier is not None and rate_tier not in RATE_TIERS:
        raise typer.BadParameter(f"must be one of {', '.join(RATE_TIERS)}", param_hint="--rate-tier")

    async def work(transaction: Transaction) -> UUID:
        organization = await accounts.create_organization(transaction, name, rate_tier=rate_tier)
        await billing.open_account(transaction, organization.id)
        return organization.id

    print(in_transaction(work, data, database_url))


@app.command("list")
def list_accounts(data: DataFlag = None, database_url: DatabaseFlag = None) -> None:
    """List all accounts: id, balance, name."""

    async def work(transaction: Transaction) -> None:
        for organization in await accounts.list_organizations(transaction):
            balance = display(await billing.balance(transaction, organization.id))
            print(f"{organization.id}  {balance}  {organization.name}")

    in_transaction(work, data, database_url)


@app.command()
def deposit(
    dollars: Annotated[float, typer.Argument(min=0.01, max=MAX_DOLLARS, help="How much.")],
    account: AccountFlag = None,
    note: Annotated[str | None, typer.Option(help="Kept with the entry.")] = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
) -> None:
    """Add to an account and print its new balance."""

    async def work(transaction: Transaction) -> int:
        organization_id = await account_id(transaction, account)
        amount = round(dollars * MICROCENTS_PER_DOLLAR)
        await billing.deposit(transaction, organization_id, amount, idempotency_key=str(new_id()), note=note)
        return await billing.balance(transaction, organization_id)

    print(display(in_transaction(work, data, database_url)))


@app.command("balance")
def show_balance(account: AccountFlag = None, data: DataFlag = None, database_url: DatabaseFlag = None) -> None:
    """Print the balance of an account."""

    async def work(transaction: Transaction) -> int:
        return await billing.balance(transaction, await account_id(transaction, account))

    print(display(in_transaction(work, data, database_url)))
