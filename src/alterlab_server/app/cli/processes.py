"""`alterlab serve`, `api` and `worker`: the processes of the service."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from alterlab_server.app import logs
from alterlab_server.app.cli.flags import DatabaseFlag, DataFlag, HostFlag, NetworksFlag, PortFlag, WorkersFlag
from alterlab_server.app.settings import Settings
from alterlab_server.app.store import opened_store, prepare_and_tell
from alterlab_server.base.errors import Conflict
from alterlab_server.db import Database
from alterlab_server.db.embedded import Store


def serve(
    host: HostFlag = None,
    port: PortFlag = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
    workers: WorkersFlag = None,
    allow_networks: NetworksFlag = None,
) -> None:
    """Run everything: the store, the API and the workers. Ctrl-C ends all of it."""
    from alterlab_server.app.supervisor import supervise

    settings = Settings.with_flags(
        host=host, port=port, data=data, database_url=database_url, workers=workers, allow_networks=allow_networks
    )
    _check_address(settings)
    with _ready_store(settings) as store:
        uvloop.run(supervise(settings, store))


def api(
    host: HostFlag = None,
    port: PortFlag = None,
    data: DataFlag = None,
    database_url: DatabaseFlag = None,
    allow_networks: NetworksFlag = None,
) -> None:
    """Run an API process alone; any number can share one PostgreSQL."""
    from alterlab_server.app.api import serve_api

    settings = Settings.with_flags(
        host=host, port=port, data=data, database_url=database_url, allow_networks=allow_networks
    )
    _check_address(settings)

    def tell() -> None:
        print(f"AlterLab listens on http://{settings.host}:{settings.port}", flush=True)

    with _ready_store(settings) as store:
        uvloop.run(serve_api(settings, store.dsn, tell))


def worker(data: DataFlag = None, database_url: DatabaseFlag = None, allow_networks: NetworksFlag = None) -> None:
    """Run a worker process alone; any number can share one PostgreSQL."""
    from alterlab_server.app.worker import run_worker

    settings = Settings.with_flags(data=data, database_url=database_url, allow_networks=allow_networks)
    with _ready_store(settings) as store:
        uvloop.run(run_worker(settings, store.dsn))


@contextmanager
def _ready_store(settings: Settings) -> Iterator[Store]:
    """A running, migrated store; the key of a first account is printed when it was made just now."""
    logs.configure(settings)
    with opened_store(settings) as store:
        uvloop.run(_prepare(settings, store.dsn))
        yield store


async def _prepare(settings: Settings, dsn: str) -> None:
    database = Database(dsn, pool_size=2)
    try:
        await prepare_and_tell(database, settings, sys.stdout)
    finally:
        await database.close()


def _check_address(settings: Settings) -> None:
    """Raise Conflict when the API could not listen, before anything is started for it."""
    try:
        for family, _, _, _, address in socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM):
            socket.create_server(address[:2], family=family).close()
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        reason = str(error.strerror).partition(" (")[0]  # the rest repeats the address
        raise Conflict(f"It is not possible to listen on {where}: {reason}.") from error
