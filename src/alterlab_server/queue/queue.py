"""pgqueuer on the one store (docs/decisions/0002)."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import QueueEntrypoint
from pgqueuer.queries import Queries

log = structlog.get_logger()

# A payload in. It returns None when the work is done for good, or how long to put it off; when it raises, the work is
# tried again.
Handler = Callable[[bytes], Awaitable[timedelta | None]]

HEARTBEAT_TIMEOUT = timedelta(seconds=10)
# A notification can be lost; then the entry waits so long. A worker that lost the store ends with its first query.
DEQUEUE_TIMEOUT = timedelta(seconds=1)
RETRY_DELAY = timedelta(seconds=1)
LOG_RETENTION = timedelta(days=1)
# Its statements are few and always the same, and planning one costs more than running it. A claim that is lost with
# a crashed server is made again: only the caller's own transaction, which queues, has to reach the disk. A bitmap scan
# reads the index entries of work that is done until the next vacuum: thousands for each claim.
CONNECTION_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "synchronous_commit": "off",
    "enable_bitmapscan": "off",
}


class _Statements(Queries):
    """pgqueuer's statements without its probes for work that it may have missed, which would follow every notification.

    What a notification did not tell of, an entry that was put off or one whose notification was lost, is found within
    DEQUEUE_TIMEOUT.
    """

    # Whether the queue has changed since the last look, and whether that look found all that was due.
    _told, _drained = True, False

    def told(self, *_notification: object) -> None:
        """Note that the queue has changed."""
        self._told = True

    async def dequeue(self, batch_size: int, *args: Any, **limits: Any) -> list[Job]:
        """The next entries; none, without a look, right after one that found all that was due.

        What was given out last begins before the next look, with which it would share the processor.
        """
        await asyncio.sleep(0)
        if self._drained and not self._told:
            self._drained = False
            return []
        self._told = False
        found = await super().dequeue(batch_size, *args, **limits)
        self._drained = 0 < len(found) < batch_size
        return found

    async def eligible_queued_work(self, entrypoints: list[QueueEntrypoint]) -> int:  # noqa: ARG002  pgqueuer's port
        """None that is worth a look before the next one."""
        return 0

    async def next_deferred_eta(self, entrypoints: list[QueueEntrypoint]) -> timedelta:  # noqa: ARG002  pgqueuer's port
        """The time of the next look."""
        return DEQUEUE_TIMEOUT


class Lane:
    """A queue of its own: what is queued in one wakes nobody who works for another.

    `prefix` begins the names of its tables and of its channel, and is part of the stored schema.
    """

    def __init__(self, prefix: str) -> None:
        self.settings = DBSettings(prefix=prefix)
        self._environment = QueryBuilderEnvironment(self.settings)
        self._queue = QueryQueueBuilder(self.settings)
        self._scheduler = QuerySchedulerBuilder(self.settings)

    def queries(self, connection: asyncpg.Connection) -> _Statements:
        """This lane's statements, run on `connection`."""
        return _Statements(AsyncpgDriver(connection), self._environment, self._queue, self._scheduler)


JOBS, ITEMS, DELIVERIES = Lane(""), Lane("items_"), Lane("deliveries_")
LANES = (JOBS, ITEMS, DELIVERIES)
# Queues work that is due at once, for who does it in a statement of his own.
ENQUEUE = f"""
    INSERT INTO {JOBS.settings.queue_table} (entrypoint, payload, priority, status)
    SELECT CAST(:entrypoint AS text), CAST(:payload AS bytea), 0, 'queued'
"""


async def install(connection: asyncpg.Connection) -> None:
    """Create the lanes' tables, or bring them up to date. The caller holds the migration lock."""
    for lane in LANES:
        queries = lane.queries(connection)
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()


async def enqueue(
    connection: asyncpg.Connection,
    name: str,
    payload: bytes,
    *,
    lane: Lane = JOBS,
    delay: timedelta | None = None,
    priority: int = 0,
) -> None:
    """Queue work named `name` in the transaction of `connection`: it exists exactly when that commits."""
    await lane.queries(connection).enqueue(name, payload, priority, execute_after=delay)


async def enqueue_many(
    connection: asyncpg.Connection,
    name: str,
    payloads: Sequence[bytes],
    *,
    lane: Lane = JOBS,
    priorities: Sequence[int],
) -> None:
    """Queue much work named `name` in one statement; the highest priority is given out first, 0 being the usual one."""
    await lane.queries(connection).enqueue([name] * len(payloads), list(payloads), list(priorities))


async def waiting(connection: asyncpg.Connection) -> Mapping[str, int]:
    """How many entries of all lanes wait (`queued`) and are being worked on (`picked`)."""
    found: Counter[str] = Counter()
    for lane in LANES:
        for entries in await lane.queries(connection).queue_size():
            found[entries.status] += entries.count
    return found


async def prune(connection: asyncpg.Connection) -> None:
    """Drop the lanes' logs of work that ended more than a day ago."""
    for lane in LANES:
        old = "aggregated AND created < now() - $1::interval"
        await connection.execute(f"DELETE FROM {lane.settings.queue_table_log} WHERE {old}", LOG_RETENTION)  # noqa: S608  # names of our own


class QueueWorker:
    """Runs the work of a set of named handlers of one lane until it is told to stop.

    At most `concurrency` entries run at a time in this process. While an entry runs its heartbeat is written;
    another worker takes it over 10 seconds after the last one.
    """

    def __init__(self, dsn: str, handlers: Mapping[str, Handler], *, concurrency: int, lane: Lane = JOBS) -> None:
        self._dsn = dsn
        self._lane = lane
        self._handlers = handlers
        self._concurrency = concurrency
        self._manager: QueueManager | None = None
        self._stopping = False

    async def run(self) -> None:
        """Work until `stop` is called; returns when the last running entry has ended."""
        connection = await asyncpg.connect(self._dsn, server_settings=CONNECTION_SETTINGS)
        try:
            statements, channel = self._lane.queries(connection), self._lane.settings.channel
            await connection.add_listener(channel, statements.told)
            manager = QueueManager(statements, channel)
            for name, handler in self._handlers.items():
                manager.entrypoint(name, accepts_context=False)(_retrying(handler))
            self._manager = manager
            if self._stopping:
                return
            with contextlib.suppress(asyncio.CancelledError):
                await manager.run(
                    dequeue_timeout=DEQUEUE_TIMEOUT,
                    batch_size=max(1, min(10, self._concurrency // 2)),
                    max_concurrent_tasks=max(2, self._concurrency),
                    heartbeat_timeout=HEARTBEAT_TIMEOUT,
                )
        finally:
            connection.terminate()

    def stop(self) -> None:
        """Take no more work; also when it has not begun."""
        self._stopping = True
        if self._manager is not None:
            self._manager.shutdown.set()


def _retrying(handler: Handler) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        try:
            put_off = await handler(job.payload or b"")
        except Exception as error:
            log.exception("queue.fault", entry=job.entrypoint)
            raise RetryRequested(delay=RETRY_DELAY, reason=repr(error)) from error
        if put_off is not None:
            raise RetryRequested(delay=put_off, reason="put off")

    return run
