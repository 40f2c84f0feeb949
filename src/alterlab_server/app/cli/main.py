"""The commands, put together."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from pydantic import ValidationError

from alterlab_server.app.cli import accounts, crawl, database, extract_command, keys, processes, scrape
from alterlab_server.base.errors import ServiceError
from alterlab_server.db.embedded import StoreError

app = typer.Typer(
    help="AlterLab: open, self-hosted web scraping.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(processes.serve)
app.command()(processes.api)
app.command()(processes.worker)
app.command()(scrape.scrape)
app.command()(extract_command.extract)
app.command()(crawl.crawl)
app.add_typer(keys.app, name="keys")
app.add_typer(accounts.app, name="accounts")
app.add_typer(database.app, name="db")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version("alterlab-server"))
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run a command; an error of the user's, or of the machine, ends with one sentence and status 1."""
    try:
        app()
    except ServiceError as error:
        sys.exit(f"alterlab: {error.message}")
    except (StoreError, OSError) as error:
        sys.exit(f"alterlab: {error}")
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors())
        sys.exit(f"alterlab: {problems}")
