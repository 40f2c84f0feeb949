"""`alterlab serve`, `api` and `worker`: the processes of the service."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from alterlab_server.app import logs
from alterlab_server.app.cli.flags import DatabaseFlag, DataFlag, HostFlag, NetworksFlag, PortFlag, WorkersFlag
from alterlab_server.app.settings import Settings
from alterlab_server.app.store import opened_store, prepare
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
    with _ready_store(settings) as store:
        uvloop.run(supervise(settings, store))


def api(host: HostFlag = None, port: PortFlag = None, data: DataFlag = None, database_url: DatabaseFlag = None) -> None:
    """Run an API process alone; any number can share one PostgreSQL."""
    from alterlab_server.app.api import serve_api

    settings = Settings.with_flags(host=host, port=port, data=data, database_url=database_url)

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
        key = uvloop.run(_prepare(settings, store.dsn))
        if key is not None and settings.bootstrap_api_key is None:
            print(f"The first account was made. Its API key, shown only this once:\n\n  export KEY={key}\n", flush=True)
        yield store


async def _prepare(settings: Settings, dsn: str) -> str | None:
    database = Database(dsn, pool_size=2)
    try:
        return await prepare(database, settings)
    finally:
        await database.close()
