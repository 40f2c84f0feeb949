"""pgqueuer on the one store (docs/decisions/0002)."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.queries import Queries

# A payload in, nothing out. It returns when the work is done for good; when it raises, the work is tried again.
Handler = Callable[[bytes], Awaitable[None]]

HEARTBEAT_TIMEOUT = timedelta(seconds=10)
# A notification can be lost; then the entry waits so long. A worker that lost the store ends with its first query.
DEQUEUE_TIMEOUT = timedelta(seconds=1)
RETRY_DELAY = timedelta(seconds=1)
POOL_SIZE = 4
LOG_RETENTION = timedelta(days=1)


async def install(connection: asyncpg.Connection) -> None:
    """Create the queue's tables, or bring them up to date. The caller holds the migration lock."""
    queries = Queries(AsyncpgDriver(connection))
    if await queries.schema_is_installed():
        await queries.upgrade()
    else:
        await queries.install()


async def enqueue(connection: asyncpg.Connection, name: str, payload: bytes, *, delay: timedelta | None = None) -> None:
    """Queue work named `name` in the transaction of `connection`: it exists exactly when that commits."""
    await Queries(AsyncpgDriver(connection)).enqueue(name, payload, execute_after=delay)


async def enqueue_many(connection: asyncpg.Connection, name: str, payloads: Sequence[bytes], *, priority: int) -> None:
    """Queue much work named `name` in one statement; the highest priority is given out first, 0 being the usual one."""
    queries = Queries(AsyncpgDriver(connection))
    await queries.enqueue([name] * len(payloads), list(payloads), [priority] * len(payloads))


async def waiting(connection: asyncpg.Connection) -> Mapping[str, int]:
    """How many entries wait (`queued`) and are being worked on (`picked`)."""
    rows = await connection.fetch("SELECT status::text AS status, count(*) AS entries FROM pgqueuer GROUP BY status")
    return {row["status"]: row["entries"] for row in rows}


async def prune(connection: asyncpg.Connection) -> None:
    """Drop the queue's log of work that ended more than a day ago."""
    await connection.execute(
        "DELETE FROM pgqueuer_log WHERE aggregated AND created < now() - $1::interval", LOG_RETENTION
    )


class QueueWorker:
    """Runs the work of a set of named handlers until it is told to stop.

    At most `concurrency` entries run at a time in this process. While an entry runs its heartbeat is written;
    another worker takes it over 10 seconds after the last one.
    """

    def __init__(self, dsn: str, handlers: Mapping[str, Handler], *, concurrency: int) -> None:
        self._dsn = dsn
        self._handlers = handlers
        self._concurrency = concurrency
        self._manager: QueueManager | None = None

    async def run(self) -> None:
        """Work until `stop` is called; returns when the last running entry has ended."""
        async with asyncpg.create_pool(self._dsn, min_size=2, max_size=POOL_SIZE) as pool:
            manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
            for name, handler in self._handlers.items():
                manager.entrypoint(name, accepts_context=False)(_retrying(handler))
            self._manager = manager
            with contextlib.suppress(asyncio.CancelledError):
                await manager.run(
                    dequeue_timeout=DEQUEUE_TIMEOUT,
                    batch_size=max(1, min(10, self._concurrency // 2)),
                    max_concurrent_tasks=max(2, self._concurrency),
                    heartbeat_timeout=HEARTBEAT_TIMEOUT,
                )

    def stop(self) -> None:
        """Take no more work."""
        if self._manager is not None:
            self._manager.shutdown.set()


def _retrying(handler: Handler) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        try:
            await handler(job.payload or b"")
        except Exception as error:
            raise RetryRequested(delay=RETRY_DELAY, reason=repr(error)) from error

    return run
