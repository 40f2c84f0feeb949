"""The real command `alterlab`, run as a process of its own."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil
from tests.support.waiting import PATIENCE, eventually

from alterlab_server.db import embedded

BOOTSTRAP_KEY = "sk_live_the_key_of_the_tests"


# Below those that systems give to outgoing connections, which would take a port before its server does.
_PORTS = range(10_240, 16_000)


def free_port() -> int:
    """A port of this machine that nothing listens on now, for a server that is about to start."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine that refuses every connection, and that nobody else gets during the block."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    """The environment of a started command: ours without any setting of AlterLab, and the given ones."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("ALTERLAB_") and name != "DATABASE_URL"
    }
    allowed = {"ALTERLAB_ALLOW_NETWORKS": "127.0.0.0/8", "ALTERLAB_BOOTSTRAP_API_KEY": BOOTSTRAP_KEY}
    return {**kept, **allowed, **changes}


def alive(process: psutil.Process) -> bool:
    """Whether it still does anything; a zombie that nobody has waited for does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def descendants() -> set[psutil.Process]:
    """All processes under this one, without the tests' store, whose helpers come and go."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            if process.name() != "postgres":
                found.add(process)
    return found


@dataclass
class Running:
    """A started `alterlab …`. `url` is where its API answers, when it has one."""

    process: "subprocess.Popen[bytes]"
    log: Path
    data: Path
    url: str = ""
    seen: set[psutil.Process] = field(default_factory=set)

    @property
    def dsn(self) -> str:
        """The address of the embedded store of its data folder, which must be running."""
        return embedded.start(self.data).dsn

    def printed(self) -> str:
        """All it printed so far."""
        return self.log.read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        """All processes under it that are alive now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.seen.update(psutil.Process(self.process.pid).children(recursive=True))
        return [process for process in self.seen if alive(process)]

    def children(self, command: str) -> list[psutil.Process]:
        """Its direct children that run `alterlab <command>`."""
        found = []
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
                if process.cmdline()[-1:] == [command]:
                    found.append(process)
        return found

    def health(self) -> str:
        """ok, degraded or down as the server says it; empty while nobody answers."""
        with contextlib.suppress(httpx2.TransportError):
            return str(httpx2.get(f"{self.url}/api/v1/health", timeout=PATIENCE).json()["status"])
        return ""

    def wait_until_healthy(self) -> None:
        """Wait until database, API and a worker are there."""

        def healthy() -> bool:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.printed()[-3000:]}"
            return self.health() == "ok"

        eventually(healthy, what=f"a healthy server on {self.url}")

    def stop(self) -> int:
        """End it as Ctrl-C does, and return its exit status; fails when a process is left behind."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it at once, as the kernel does when memory runs out; what it started must end by itself."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        self.family()
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        eventually(lambda: not self.family(), what=f"the end of {self.family()}")
        return status


@contextlib.contextmanager
def started(arguments: Sequence[str], data: Path, port: int | None = None, **settings: str) -> Iterator[Running]:
    """Run `alterlab` with these arguments during the block, and end it with all that it started."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / f"{arguments[0]}.log"
    command = [sys.executable, "-m", "alterlab_server.app.cli", *arguments, "--data", str(data)]
    if port is not None:
        command += ["--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment(**settings)
        )
    running = Running(process, log, data, f"http://127.0.0.1:{port}" if port is not None else "")
    try:
        yield running
    finally:
        running.stop()
