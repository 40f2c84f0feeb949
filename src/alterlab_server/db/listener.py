"""LISTEN: one connection that hears notifications and wakes whoever waits for them."""

import asyncio
import contextlib
from collections import defaultdict
from typing import Any

import asyncpg
import structlog

from alterlab_server.db.database import Database

RECONNECT_SECONDS = 1.0
log = structlog.get_logger()


class Listener:
    """Waits for notifications of one channel by their payload.

    A notification is a hint, not a fact: it may be lost while the connection is made anew, so whoever waits
    looks at the rows when the wait ends, whether it was woken or not.
    """

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def start(self) -> None:
        """Connect, and return once the channel is listened to."""
        self._task = asyncio.create_task(self._run(), name=f"listen:{self._channel}")
        await self._ready.wait()

    async def stop(self) -> None:
        """Close the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def expect(self, payload: str) -> Any:
        """Yield an event that is set when `payload` is notified. Enter before the work is queued."""
        woken = asyncio.Event()
        self._waiters[payload].add(woken)
        try:
            yield woken
        finally:
            self._waiters[payload].discard(woken)
            if not self._waiters[payload]:
                del self._waiters[payload]

    async def _run(self) -> None:
        while True:
            try:
                await self._listen_until_closed()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener.lost", channel=self._channel, error=repr(error))
            self._wake_all()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_until_closed(self) -> None:
        connection = await self._database.connect()
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _connection: closed.set())
        try:
            await connection.add_listener(self._channel, self._heard)
            self._ready.set()
            await closed.wait()
        finally:
            connection.terminate()

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for woken in self._waiters.get(str(payload), ()):
            woken.set()

    def _wake_all(self) -> None:
        for events in self._waiters.values():
            for woken in events:
                woken.set()
