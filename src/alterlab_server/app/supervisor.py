"""`alterlab serve`: the store, one API process and the workers, under one parent that starts anew what dies."""

import asyncio
import sys
from dataclasses import dataclass

import structlog

from alterlab_server.app.settings import Settings
from alterlab_server.app.worker import GRACE_SECONDS, stop_signal
from alterlab_server.base.processes import dying_with_parent
from alterlab_server.db.embedded import Store, StoreError
from alterlab_server.fetch.browser.folder import remove_abandoned

FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0
# A child that ran this long before it died was well; its next start is not delayed.
WELL_AFTER_SECONDS = 30.0
KILL_AFTER_SECONDS = GRACE_SECONDS + 5.0
STORE_CHECK_SECONDS = 1.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Child:
    """A child process: what it is called, and the arguments of `alterlab` that run it."""

    name: str
    arguments: tuple[str, ...]


def children(settings: Settings) -> list[Child]:
    """What `serve` runs."""
    workers = [Child(f"worker-{number}", ("worker",)) for number in range(1, settings.workers + 1)]
    return [Child("api", ("api",)), *workers]


async def supervise(settings: Settings, store: Store) -> None:
    """Run the children until SIGTERM or SIGINT, then end them, workers and API alike, and return."""
    stop = stop_signal()
    environment = settings.environment(database_url=store.dsn)
    async with asyncio.TaskGroup() as group:
        group.create_task(_keep_store(store, stop))
        for child in children(settings):
            group.create_task(_keep_running(child, environment, stop))
    remove_abandoned()  # of workers that could not wait for their browsers


async def _keep_running(child: Child, environment: dict[str, str], stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.create_task(stop.wait())
    delay = FIRST_DELAY
    while not stop.is_set():
        started = loop.time()
        process = await _spawn(child, environment)
        exited = asyncio.create_task(process.wait())
        await asyncio.wait({exited, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _end(process)
            return
        log.warning("child.died", child=child.name, code=process.returncode)
        delay = FIRST_DELAY if loop.time() - started > WELL_AFTER_SECONDS else min(2 * delay, LONGEST_DELAY)
        await asyncio.wait({stopping}, timeout=delay)


async def _keep_store(store: Store, stop: asyncio.Event) -> None:
    """Start the store anew when it has died, however often: with its disk full it begins once there is room again."""
    stopping = asyncio.create_task(stop.wait())
    pause = STORE_CHECK_SECONDS
    while not stop.is_set():
        await asyncio.wait({stopping}, timeout=pause)
        try:
            # In this thread: the kernel ends the store with the thread that started it, and this one stays.
            revived = store.revive()
        except (StoreError, OSError) as error:
            log.error("store.not_revived", error=str(error))  # noqa: TRY400  the message has all there is to know
            pause = min(2 * pause, LONGEST_DELAY)
            continue
        pause = STORE_CHECK_SECONDS
        if revived:
            log.warning("store.died")


async def _spawn(child: Child, environment: dict[str, str]) -> asyncio.subprocess.Process:
    command = [*dying_with_parent("TERM"), sys.executable, "-m", "alterlab_server.app.cli", *child.arguments]
    # In a session of its own: a Ctrl-C at the terminal is for the parent, which ends the children in order.
    return await asyncio.create_subprocess_exec(*command, env=environment, start_new_session=True)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(KILL_AFTER_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
