"""`alterlab db`: the schema of the store."""

import typer

from alterlab_server.app.cli.flags import DatabaseFlag, DataFlag
from alterlab_server.app.cli.with_database import in_transaction
from alterlab_server.db import Transaction

app = typer.Typer(help="The schema of the store.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@app.command()
def upgrade(data: DataFlag = None, database_url: DatabaseFlag = None) -> None:
    """Bring the schema up to date; every process does that at its start, too."""

    async def work(_transaction: Transaction) -> None:
        print("The schema is up to date.")

    in_transaction(work, data, database_url)
