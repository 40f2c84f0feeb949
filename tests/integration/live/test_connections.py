"""Live connections to API processes that share a store."""

import asyncio
import base64
import contextlib
import json
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import orjson
import pytest
from fastapi import FastAPI
from tests.support.accounts import Account, new_account
from tests.support.jobs import new_job
from tests.support.serving import served
from tests.support.waiting import PATIENCE, eventually_async
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from alterlab_server.accounts import service as accounts
from alterlab_server.app.authenticator import Authenticator
from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.blobs import BlobStore
from alterlab_server.db import Database, Listener
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import ClaimedJob, Ending, JobError
from alterlab_server.live import connection, endpoints
from alterlab_server.live.options import LiveOptions
from alterlab_server.web.context import ApiContext
from alterlab_server.web.receivers import ReceiverPolicy
from alterlab_server.web.websocket_protocol import PatientWebSocketProtocol
from alterlab_server.webhooks import delivering

T = TypeVar("T")
SEALER = Sealer([bytes(KEY_BYTES)])
PUBLISH = Reactions(SEALER, utc_now).publish
DONE = Ending(charged_microcents=200, result=b'{"url":"https://example.com/","status_code":200}')
LOST = Ending(error=JobError(403, "BLOCKED_BY_ANTIBOT", "The page is blocked."))


@contextlib.asynccontextmanager
async def api(
    database: Database,
    options: LiveOptions | None = None,
    connections: Counter[UUID] | None = None,
    places: FairPlaces | None = None,
) -> AsyncIterator[str]:
    """The live endpoint as one API process has it, with a listener of its own; yields its address."""
    listener = Listener(database, jobs.CHANNEL)
    await listener.start()
    app = FastAPI()
    app.include_router(endpoints.router)
    app.state.context = ApiContext(
        delivered=delivering.delivered,
        database=database,
        blobs=BlobStore.open("memory:///", Path("unused")),
        finished_jobs=listener,
        sealer=SEALER,
        clock=utc_now,
        publish=PUBLISH,
        receivers=ReceiverPolicy([ip_network("127.0.0.0/8")]),
    )
    app.state.authenticate = Authenticator(database, utc_now, rate_limits=True)
    app.state.live_options = options or LiveOptions(heartbeat_seconds=3600)
    app.state.live_connections = Counter() if connections is None else connections
    app.state.live_places = places or FairPlaces(32, spare=8)
    try:
        async with served(app, ws=PatientWebSocketProtocol, ws_ping_interval=None) as address:
            yield f"ws://{address}/ws/jobs"
    finally:
        await listener.stop()


@contextlib.asynccontextmanager
async def connected(url: str, account: Account, **options: Any) -> AsyncIterator[ClientConnection]:
    async with connect(f"{url}?api_key={account.key}", ping_interval=None, **options) as socket:
        assert (await told(socket))["type"] == "connected"
        yield socket


async def told(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        message: dict[str, Any] = json.loads(await socket.recv())
    return message


async def say(socket: ClientConnection, action: str, job_id: UUID | None = None) -> None:
    await socket.send(json.dumps({"action": action} | ({"job_id": str(job_id)} if job_id else {})))


async def accept(database: Database, account: Account) -> UUID:
    new = new_job(account, utc_now())
    async with database.transaction() as transaction:
        await jobs.accept(transaction, new, "test.none", SEALER, 1000)
    return new.id


async def begin(database: Database, job_id: UUID) -> ClaimedJob:
    async with database.transaction() as transaction:
        claimed = await jobs.begin(transaction, job_id, utc_now())
        await jobs.announce_running(transaction, [job_id])
    assert claimed is not None
    return claimed


async def finish(database: Database, job_id: UUID, ending: Ending = DONE) -> None:
    claimed = await begin(database, job_id)
    async with database.transaction() as transaction:
        assert await jobs.finish(transaction, claimed, ending, utc_now(), PUBLISH)


@pytest.fixture
async def account(database: Database) -> Account:
    return await new_account(database)


async def test_a_job_is_followed_from_begin_to_end_on_every_api_process(database: Database, account: Account) -> None:
    job_id = await accept(database, account)
    async with (
        api(database) as first,
        api(database) as second,
        connected(first, account) as one,
        connected(second, account) as other,
    ):
        for socket in (one, other):
            await say(socket, "subscribe", job_id)
            assert await told(socket) == {"type": "subscribed", "job_id": str(job_id)}
        await begin(database, job_id)
        for socket in (one, other):
            update = await told(socket)
            assert (update["type"], update["status"], update["result"]) == ("job_update", "running", None)
        await finish(database, job_id)
        for socket in (one, other):
            update = await told(socket)
            assert update == {
                "type": "job_update",
                "job_id": str(job_id),
                "status": "completed",
                "result": {"url": "https://example.com/", "status_code": 200, "job_id": str(job_id)},
                "error": None,
                "ts": update["ts"],
            }


@pytest.mark.parametrize(
    ("ending", "status", "error"), [(DONE, "completed", None), (LOST, "failed", "The page is blocked.")]
)
async def test_a_job_that_has_ended_is_told_at_once(
    database: Database, account: Account, ending: Ending, status: str, error: str | None
) -> None:
    job_id = await accept(database, account)
    await finish(database, job_id, ending)
    async with api(database) as url, connected(url, account) as socket:
        await say(socket, "subscribe", job_id)
        assert (await told(socket))["type"] == "subscribed"
        update = await told(socket)
        assert (update["status"], update["error"]) == (status, error)


async def test_ping_and_what_cannot_be_understood(database: Database, account: Account) -> None:
    async with api(database) as url, connected(url, account) as socket:
        await say(socket, "ping")
        assert (await told(socket))["type"] == "pong"
        for nonsense in ("no json", b"\x00"):
            await socket.send(nonsense)
            assert (await told(socket))["type"] == "error"
        await say(socket, "subscribe", new_id())
        assert (await told(socket))["message"].startswith("There is no job")
        await say(socket, "ping")
        assert (await told(socket))["type"] == "pong"


async def test_another_accounts_job_does_not_exist(database: Database, account: Account) -> None:
    job_id = await accept(database, account)
    stranger = await new_account(database)
    async with api(database) as url, connected(url, stranger) as socket:
        await say(socket, "subscribe", job_id)
        assert (await told(socket))["type"] == "error"
        await finish(database, job_id)
        await say(socket, "ping")
        assert (await told(socket))["type"] == "pong"


async def test_who_has_unsubscribed_hears_no_more(database: Database, account: Account) -> None:
    left, kept = await accept(database, account), await accept(database, account)
    async with api(database) as url, connected(url, account) as socket:
        for job_id in (left, kept):
            await say(socket, "subscribe", job_id)
            await told(socket)
        await say(socket, "unsubscribe", left)
        assert await told(socket) == {"type": "unsubscribed", "job_id": str(left)}
        await finish(database, left)
        await finish(database, kept)
        while (update := await told(socket))["status"] != "completed":
            assert update["job_id"] == str(kept)
        assert update["job_id"] == str(kept)


async def test_a_thousand_subscriptions_on_one_connection(database: Database) -> None:
    account = await new_account(database)
    job_ids = await _in_turns(1000, lambda _: accept(database, account))
    async with api(database) as url, connected(url, account) as socket:
        for job_id in job_ids:
            await say(socket, "subscribe", job_id)
        assert {(await told(socket))["type"] for _ in job_ids} == {"subscribed"}
        finishing = asyncio.create_task(_in_turns(1000, lambda number: finish(database, job_ids[number])))
        ended = set()
        while len(ended) < len(job_ids):
            update = await told(socket)
            assert update["type"] == "job_update"
            if update["status"] == "completed":
                assert update["job_id"] not in ended, "each end is told once"
                ended.add(update["job_id"])
        await finishing
        assert ended == {str(job_id) for job_id in job_ids}


async def test_the_key_may_come_as_a_subprotocol(database: Database, account: Account) -> None:
    async with api(database) as url, connect(url, subprotocols=[Subprotocol(account.key)]) as socket:
        assert socket.subprotocol == account.key
        assert (await told(socket))["type"] == "connected"


@pytest.mark.parametrize("header", [("X-API-Key", ""), ("Authorization", "Bearer ")])
async def test_the_key_may_come_in_a_header(database: Database, account: Account, header: tuple[str, str]) -> None:
    name, before = header
    async with (
        api(database) as url,
        connect(url, additional_headers={name: f"{before}{account.key}"}) as socket,
    ):
        assert (await told(socket))["type"] == "connected"


@pytest.mark.parametrize("query", ["", "?api_key=sk_live_unknown"])
async def test_without_a_valid_key_it_is_closed_with_a_reason(database: Database, query: str) -> None:
    async with api(database) as url, connect(url + query) as socket:
        assert await end_of(socket) == (4001, socket.close_reason)
        assert "key" in (socket.close_reason or "")


async def test_a_revoked_key_ends_its_connection(database: Database, account: Account) -> None:
    options = LiveOptions(heartbeat_seconds=0.05)
    async with api(database, options) as url, connected(url, account) as socket:
        assert [(await told(socket))["type"] for _ in range(5)] == ["heartbeat"] * 5
        async with database.transaction() as transaction:
            now = utc_now().replace(second=0) - timedelta(minutes=1)
            used = [
                await accounts.take_tokens(transaction, str(account.id), 0, 9, now + timedelta(minutes=n))
                for n in (0, 1, 2)
            ]
        assert sum(state.used for state in used) == 1, "a sign of life takes no token"
        async with database.transaction() as transaction:
            (key,) = await accounts.list_keys(transaction, account.id)
            await accounts.revoke_key(transaction, account.id, key.id, utc_now())
        assert (await end_of(socket))[0] == 4001


@pytest.mark.parametrize(
    ("options", "code"), [(LiveOptions(messages_a_minute=3), 4029), (LiveOptions(subscriptions=0), None)]
)
async def test_a_client_has_its_bounds(
    database: Database, account: Account, options: LiveOptions, code: int | None
) -> None:
    job_id = await accept(database, account)
    async with api(database, options) as url, connected(url, account) as socket:
        for _ in range(4):
            await say(socket, "subscribe", job_id)
        if code is None:
            assert (await told(socket))["type"] == "error"
        else:
            assert (await end_of(socket))[0] == code


async def test_messages_are_counted_by_the_minute(
    database: Database, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_WINDOW_SECONDS", 0.0)
    async with api(database, LiveOptions(messages_a_minute=1)) as url, connected(url, account) as socket:
        for _ in range(4):
            await say(socket, "ping")
            assert (await told(socket))["type"] == "pong"


async def test_a_job_may_be_subscribed_to_again_where_there_is_room_for_no_other(
    database: Database, account: Account
) -> None:
    job_id, other = [await accept(database, account) for _ in range(2)]
    async with api(database, LiveOptions(subscriptions=1)) as url, connected(url, account) as socket:
        for named, answer in ((job_id, "subscribed"), (job_id, "subscribed"), (other, "error")):
            await say(socket, "subscribe", named)
            message = await told(socket)
            assert (message["type"], message["job_id"]) == (answer, str(named))


async def test_an_account_has_so_many_connections_and_no_more(database: Database, account: Account) -> None:
    stranger = await new_account(database)
    async with api(database, LiveOptions(connections=1)) as url:
        async with connected(url, account):
            async with connect(f"{url}?api_key={account.key}") as second:
                assert (await end_of(second))[0] == 4029
            async with connected(url, stranger):
                pass
        async with connected(url, account):
            pass


async def test_a_client_that_does_not_read_is_cut_off_with_a_reason(
    database: Database, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its updates, 40 MB that cannot be compressed, fit into no buffer between."""
    say_why = endpoints._close
    monkeypatch.setattr(endpoints, "_close", lambda socket, closed, _: say_why(socket, closed, PATIENCE))
    noise = base64.b64encode(os.urandom(1_500_000)).decode()
    ending = Ending(charged_microcents=200, result=orjson.dumps({"content": noise}))
    job_ids = [await accept(database, account) for _ in range(20)]
    for job_id in job_ids:
        await finish(database, job_id, ending)
    connections: Counter[UUID] = Counter()

    async def only_the_quick_one_is_left() -> bool:
        return connections[account.id] == 1

    async with (
        api(database, LiveOptions(send_seconds=3.0), connections) as impatient,
        api(database, LiveOptions(send_seconds=PATIENCE), connections) as patient,
        connected(impatient, account, max_queue=1, max_size=None) as slow,
        connected(patient, account, max_size=None) as quick,
    ):
        for job_id in job_ids:
            await say(slow, "subscribe", job_id)
        await say(quick, "subscribe", job_ids[0])
        assert (await told(quick))["type"] == "subscribed"
        assert (await told(quick))["result"]["content"] == noise
        await eventually_async(only_the_quick_one_is_left)
        code, reason = await end_of(slow)
        assert code == 4008
        assert reason


async def test_clients_that_do_not_read_hold_so_many_results_and_no_more(
    database: Database, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The update of the one that is stuck, 16 MB, fits into no buffer between."""
    say_why = endpoints._close
    monkeypatch.setattr(endpoints, "_close", lambda socket, closed, _: say_why(socket, closed, 0.0))
    noise = base64.b64encode(os.urandom(12_000_000)).decode()
    stranger = await new_account(database)
    large, small, other = [await accept(database, owner) for owner in (account, account, stranger)]
    await finish(database, large, Ending(charged_microcents=200, result=orjson.dumps({"content": noise})))
    for job_id in (small, other):
        await finish(database, job_id)
    async with (
        api(database, LiveOptions(send_seconds=3.0), places=FairPlaces(1, spare=1)) as url,
        connected(url, account) as waiting,
        connected(url, stranger) as passing,
        asyncio.timeout(PATIENCE),
    ):
        stuck, writer = await _subscribed_and_not_reading(url, account, large)
        await say(waiting, "subscribe", small)
        assert (await told(waiting))["type"] == "subscribed"
        update = asyncio.create_task(told(waiting))
        await say(passing, "subscribe", other)
        assert [(await told(passing))["type"] for _ in range(2)] == ["subscribed", "job_update"]
        assert not update.done()
        assert (await update)["type"] == "job_update"
        left = bytearray()
        with contextlib.suppress(ConnectionError):
            while piece := await stuck.read(65_536):
                left += piece
        assert len(left) < len(noise), "what was held for it is gone"
        writer.close()


async def _subscribed_and_not_reading(
    url: str, account: Account, job_id: UUID
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that has read the beginning of an update, and now reads what fits into a small buffer."""
    host, port = url.removeprefix("ws://").partition("/")[0].split(":")
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    own.connect((host, int(port)))
    reader, writer = await asyncio.open_connection(sock=own, limit=4096)
    head = f"GET /ws/jobs?api_key={account.key} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    head += f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b'"connected"')
    asked = json.dumps({"action": "subscribe", "job_id": str(job_id)}).encode()
    writer.write(bytes([0x81, 0x80 | len(asked)]) + bytes(4) + asked)  # one text frame, masked with zeros
    await reader.readuntil(b'"job_update"')
    return reader, writer


async def end_of(socket: ClientConnection) -> tuple[int | None, str | None]:
    """Read to the end; the code and reason with which the server closed."""
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code, socket.close_reason


async def _in_turns(number: int, work: Callable[[int], Awaitable[T]]) -> list[T]:
    """Do it `number` times, ten at a time, for the store has so many connections."""
    turns = asyncio.Semaphore(10)

    async def one(index: int) -> T:
        async with turns:
            return await work(index)

    return await asyncio.gather(*(one(index) for index in range(number)))


class WatchedPlaces(FairPlaces):
    """Knows how often a place was asked for."""

    asked = 0

    @contextlib.asynccontextmanager
    async def held(self, owner: str) -> AsyncIterator[None]:
        self.asked += 1
        async with super().held(owner):
            yield

    async def begin_and_end_wait(self) -> bool:
        return self.asked == 3


async def test_the_end_of_a_job_is_told_once_though_it_comes_while_its_begin_is_told(
    database: Database, account: Account
) -> None:
    places = WatchedPlaces(1, spare=0)
    job_id, other = await accept(database, account), await accept(database, account)
    await begin(database, job_id)
    async with api(database, places=places) as url, connected(url, account) as socket:
        async with places.held("somebody else"):
            await say(socket, "subscribe", job_id)
            assert (await told(socket))["type"] == "subscribed"
            await finish(database, job_id)
            await eventually_async(places.begin_and_end_wait)
        assert (await told(socket))["status"] == "completed"
        await say(socket, "subscribe", other)
        await finish(database, other)
        assert await told(socket) == {"type": "subscribed", "job_id": str(other)}
        assert (await told(socket))["job_id"] == str(other)
