"""One started server a run, and a client with an account of its own for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import httpx2
import pytest
from tests.site import HostileSite
from tests.support.accounts import Account, new_account
from tests.support.running import Running, free_port, started
from tests.support.waiting import PATIENCE

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database

Client = httpx2.AsyncClient
CallAs = Callable[[Account], Awaitable[Client]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`alterlab serve` with its embedded store, healthy; at the end no process of it may be left."""
    hurried = {"ALTERLAB_WEBHOOK_RETRY_SECONDS": "1"}
    with started(["serve"], tmp_path_factory.mktemp("serve"), free_port(), **hurried) as running:
        running.wait_until_healthy()
        yield running


@pytest.fixture
async def server_database(server: Running) -> AsyncIterator[Database]:
    """The started server's own store."""
    database = Database(server.dsn, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def account(server_database: Database) -> Account:
    """An account with $10 and no practical rate limit."""
    return await new_account(server_database)


@pytest.fixture
async def call_as(server: Running) -> AsyncIterator[CallAs]:
    """Makes clients of the API that carry an account's key."""
    async with AsyncExitStack() as stack:

        async def make(account: Account) -> Client:
            return await stack.enter_async_context(
                Client(base_url=f"{server.url}/api/v1", headers={"X-API-Key": account.key}, timeout=PATIENCE)
            )

        yield make


@pytest.fixture
async def client(call_as: CallAs, account: Account) -> Client:
    """A client of `account`."""
    return await call_as(account)


@pytest.fixture
def target(site: HostileSite) -> Callable[[str], str]:
    """Addresses of the hostile site under a name that no test used before: nothing is known of its host yet."""
    name = f"{new_id().hex[:12]}.localhost"
    return lambda path: f"http://{name}:{site.port}{path}"


@pytest.fixture
def site_of(site: HostileSite) -> Callable[[str], Callable[[str], str]]:
    """Addresses on a host whose name begins with a word (see `tests.site.tree`) and that no test used before."""

    def make(word: str) -> Callable[[str], str]:
        name = f"{word}-{new_id().hex[:12]}.localhost"
        return lambda path: f"http://{name}:{site.port}{path}"

    return make
