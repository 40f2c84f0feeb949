"""The embedded PostgreSQL: joined by a second process, whole after a kill, gone with its parent."""

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import psutil
import pytest
from tests.support.running import alive
from tests.support.waiting import eventually

from alterlab_server.db import embedded

# A process that starts the store, says so, and then waits for its end.
_OWNER = """
import sys
from pathlib import Path
from alterlab_server.db import embedded
store = embedded.start(Path(sys.argv[1]))
print(store.process.pid, flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def owner(data: Path) -> "Iterator[tuple[subprocess.Popen[str], psutil.Process]]":
    command = [sys.executable, "-c", _OWNER, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, psutil.Process(int(process.stdout.readline()))


async def write_and_read(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
    await connection.execute("INSERT INTO kept SELECT count(*) FROM kept")
    number: int = await connection.fetchval("SELECT max(number) FROM kept")
    await connection.close()
    return number


async def test_second_process_joins_and_does_not_end_it(tmp_path: Path) -> None:
    store = embedded.start(tmp_path)
    joined = embedded.start(tmp_path)
    assert joined.process is None
    assert joined.dsn == store.dsn
    assert await write_and_read(joined.dsn) == 0
    joined.stop()
    assert await write_and_read(store.dsn) == 1
    store.stop()
    with pytest.raises((ConnectionError, FileNotFoundError)):
        await asyncpg.connect(store.dsn)


async def test_what_was_committed_is_there_after_a_kill(tmp_path: Path) -> None:
    store = embedded.start(tmp_path)
    assert store.process is not None
    await write_and_read(store.dsn)
    under = psutil.Process(store.process.pid).children(recursive=True)
    store.process.kill()
    store.process.wait()
    again = embedded.start(tmp_path)
    assert await write_and_read(again.dsn) == 1
    again.stop()
    eventually(lambda: not any(alive(process) for process in under), what="the end of all its processes")


def test_helpers_that_a_kill_left_behind_are_waited_for(tmp_path: Path) -> None:
    store = embedded.start(tmp_path)
    assert store.process is not None
    helper = psutil.Process(store.process.pid).children()[0]
    helper.suspend()
    store.process.kill()
    store.process.wait()
    log, up = tmp_path / "postgres.log", threading.Event()

    def let_go() -> None:
        eventually(lambda: up.is_set() or "is still in use" in log.read_text(), what="the refusal")
        helper.resume()

    # The kernel ends the store with the thread that started it, so the other thing is done in another thread.
    with ThreadPoolExecutor() as threads:
        letting_go = threads.submit(let_go)
        again = embedded.start(tmp_path)
        up.set()
        letting_go.result()
    again.stop()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    with owner(tmp_path) as (process, postgres):
        process.send_signal(signal.SIGKILL)
        process.wait()
        eventually(lambda: not alive(postgres), what="the end of PostgreSQL")


def test_start_that_fails_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    embedded.start(tmp_path).stop()
    (folder / "PG_VERSION").write_text("9.1\n")
    with pytest.raises(embedded.StoreError, match=r"9\.1"):
        embedded.start(tmp_path)


def test_a_first_start_that_is_cut_off_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(command: list[str], **_options: object) -> None:
        (Path(command[command.index("-D") + 1]) / "PG_VERSION").write_text("18\n")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", cut_off)
        with pytest.raises(KeyboardInterrupt):
            embedded.start(tmp_path)
    store = embedded.start(tmp_path)
    store.stop()
    assert not (tmp_path / "postgres.new").exists()
