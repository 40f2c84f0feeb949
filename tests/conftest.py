"""Fixtures of all tests: one embedded PostgreSQL a run (one for each process of pytest-xdist), a fresh database a
test, the hostile site."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from tests.site import HostileSite
from tests.support.receiver import Receiver

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database, embedded, migrate, raw
from alterlab_server.queue import install

TEMPLATE = "migrated"
# How long an example takes says how busy the machine is, and the same code is tried with the same examples everywhere.
settings.register_profile("any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Store]:
    """A running PostgreSQL with an empty, migrated database that tests copy."""
    running = embedded.start(tmp_path_factory.mktemp("store"))
    try:
        asyncio.run(_make_template(running.dsn))
        yield running
    finally:
        running.stop()


@pytest.fixture
async def dsn(store: embedded.Store) -> AsyncIterator[str]:
    """The address of a migrated database that this test alone has."""
    async for address in _temporary(store.dsn, f"TEMPLATE {TEMPLATE}"):
        yield address


@pytest.fixture
async def empty_dsn(store: embedded.Store) -> AsyncIterator[str]:
    """The address of a database without any table."""
    async for address in _temporary(store.dsn, ""):
        yield address


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A migrated database that this test alone has."""
    opened = Database(dsn)
    yield opened
    await opened.close()


@pytest.fixture
async def site() -> AsyncIterator[HostileSite]:
    """The hostile web server on a free port."""
    async with HostileSite() as running:
        yield running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver of webhooks on a free port."""
    async with Receiver() as running:
        yield running


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent


def _named(dsn: str, name: str) -> str:
    return dsn.replace("/postgres?", f"/{name}?")


async def _temporary(dsn: str, options: str) -> AsyncIterator[str]:
    name = f"test_{new_id().hex}"
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"CREATE DATABASE {name} {options}")
        yield _named(dsn, name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def _make_template(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    await connection.close()
    database = Database(_named(dsn, TEMPLATE))
    await migrate.upgrade(database)
    async with database.transaction() as transaction:
        await install(raw(transaction))
    await database.close()
