"""Bringing the schema up to date."""

from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from alterlab_server.db.database import Database


def migrations_folder() -> Path:
    """Where the migrations are: inside the installed package, or beside `src` in a checkout."""
    spec = find_spec("alterlab_server")
    if spec is None or spec.origin is None:
        raise RuntimeError("alterlab_server is not importable")
    package = Path(spec.origin).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent.parent / "migrations"


async def upgrade(database: Database) -> None:
    """Apply what is missing, in one transaction. The caller holds the migration lock."""
    async with database.transaction() as transaction:
        await transaction.run_sync(_upgrade)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, with the connection that its environment is to use."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")
