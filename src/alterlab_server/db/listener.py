"""LISTEN: one connection that hears notifications and wakes whoever waits for them."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator

import asyncpg
import structlog

from alterlab_server.db.database import Database

RECONNECT_SECONDS = 1.0
# By payload, what to call with it.
_Wakers = defaultdict[str, set[Callable[[str], None]]]
log = structlog.get_logger()


class Subscription:
    """Any number of payloads that one reader waits for. What was heard is a set: however slow the reader is, it holds
    no more than what was asked for."""

    def __init__(self, wakers: _Wakers) -> None:
        self._wakers = wakers
        self._payloads: set[str] = set()
        self._heard: set[str] = set()
        self._woken = asyncio.Event()

    def add(self, payload: str) -> None:
        """Hear of `payload` from now on."""
        self._payloads.add(payload)
        self._wakers[payload].add(self._hear)

    def remove(self, payload: str) -> None:
        """Hear of `payload` no more."""
        self._payloads.discard(payload)
        self._heard.discard(payload)
        _forget(self._wakers, payload, self._hear)

    def close(self) -> None:
        """Hear of nothing more."""
        for payload in tuple(self._payloads):
            self.remove(payload)

    async def heard(self) -> set[str]:
        """Wait for the next notifications: the payloads heard since the last call, at least one."""
        await self._woken.wait()
        return self.take()

    def take(self) -> set[str]:
        """The payloads heard since the last call, perhaps none."""
        self._woken.clear()
        heard, self._heard = self._heard, set()
        return heard

    def _hear(self, payload: str) -> None:
        self._heard.add(payload)
        self._woken.set()


class Listener:
    """Waits for notifications of one channel by their payload.

    A notification is a hint, not a fact: it may be lost while the connection is made anew, so whoever waits
    looks at the rows when the wait ends, whether it was woken or not.
    """

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._wakers: _Wakers = defaultdict(set)
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
    def expect(self, payload: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set when `payload` is notified. Enter before the work is queued."""
        woken = asyncio.Event()

        def wake(_payload: str) -> None:
            woken.set()

        self._wakers[payload].add(wake)
        try:
            yield woken
        finally:
            _forget(self._wakers, payload, wake)

    @contextlib.contextmanager
    def subscribed(self) -> Iterator[Subscription]:
        """Yield a subscription, empty as yet, that ends with the block."""
        subscription = Subscription(self._wakers)
        try:
            yield subscription
        finally:
            subscription.close()

    def wake_all(self) -> None:
        """Wake whoever waits, whatever for."""
        for payload, waking in self._wakers.items():
            for wake in waking:
                wake(payload)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen_until_closed()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener.lost", channel=self._channel, error=repr(error))
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_until_closed(self) -> None:
        connection = await self._database.connect()
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _connection: closed.set())
        try:
            await connection.add_listener(self._channel, self._heard)
            self._ready.set()
            self.wake_all()  # for what was notified while nobody listened
            await closed.wait()
        finally:
            connection.terminate()

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for wake in self._wakers.get(str(payload), ()):
            wake(str(payload))


def _forget(wakers: _Wakers, payload: str, wake: Callable[[str], None]) -> None:
    wakers[payload].discard(wake)
    if not wakers[payload]:
        del wakers[payload]
